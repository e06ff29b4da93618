//! Blocks until a long-running operation is done, and says how it ended.
//!
//! A cloud that has something to do for minutes or days answers "accepted" and hands out an operation, whose state is
//! then asked for. [`wait_for_completion`] asks until the operation is done or a limit passes, and keeps *failed*,
//! *out of time* and *could not be learned* apart, whatever the network and the server do meanwhile.
//!
//! ```
//! use std::time::Duration;
//! use lro::operation::{self, Answer};
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> Result<(), lro::WaitError<u32>> {
//! let mut percent = 0;
//! let export = operation::from_fn(move || {
//!     percent += 40;
//!     async move { Ok(if percent < 100 { Answer::pending(percent) } else { Answer::succeeded(percent) }) }
//! });
//! let done = lro::wait_for_completion(export).timeout(Duration::from_secs(600)).await?;
//! assert_eq!(done.report.polls, 3);
//! # Ok(())
//! # }
//! ```
//!
//! # In scope
//!
//! * Waiting for many at once ([`wait_for_all`], [`wait_for_any`], [`Fleet`]), without stampeding a server.
//! * Deciding when to ask, what an answer or a fault means for the wait, and when it is over: [`machine`], a pure
//!   function of what happened and when.
//! * Any operation that can be asked: a type of your own ([`Operation`]) or a closure ([`operation::from_fn`]).
//! * Operations of the PLAS API of Open Telekom Cloud over HTTP: `plas`, with the feature `http`.
//! * Operations of any other HTTP API that reports in a status document, by a preset that is data: `preset` and
//!   `http::Operation`, the call that starts one included.
//! * The PLAS API in memory, to rehearse against: `simulator`, with the feature of that name.
//!
//! # Out of scope
//!
//! * Cancelling an operation. Dropping a wait ends only the wait.
//! * Runtimes other than tokio for [`wait_for_completion`]; a [`machine::Machine`] can be driven by hand on any.
//!
//! # Where to look
//!
//! | module | what for |
//! |---|---|
//! | [`operation`] | the seam: what an operation is, what an answer and an error mean |
//! | [`policy`] | the limits of a wait and their defaults |
//! | [`fleet`] | many operations as one wait |
//! | [`schedule`] | how long the pauses between polls are |
//! | [`machine`] | the decisions, without I/O or a clock |
//! | `http` | fetching an answer from one origin, safely; starting an operation, and asking for it by a preset |
//! | `preset` | how each API says how an operation stands: one data file each |
//! | `auth` | where a token comes from, and how it is renewed |
//! | `auth::cloud` | credentials and places from `clouds.yaml` and the variables of `OpenStack` |
//! | `plas` | the operations of the PLAS API |
//! | `simulator` | the PLAS API in memory |
//!
//! # Telemetry
//!
//! What happens is told to `tracing`, with the target `lro`, under names that stay: spans and events for whoever sets up a
//! subscriber, as `lro=debug`. Where nobody listens nothing is put into words.
//!
//! | span | level | fields |
//! |---|---|---|
//! | `lro.wait` | info | `id`, `outcome`, `polls`, `transient_errors`, `elapsed_ms`, `error` |
//! | `lro.poll`, in its wait | debug | `poll`, `verdict`, `error.type`, `error` |
//! | `lro.request`, in its poll | debug | those of `OpenTelemetry` for clients of HTTP |
//!
//! | events | level |
//! |---|---|
//! | `lro.poll.erred`, `lro.token.failed` | warn |
//! | `lro.wait.started`, `lro.wait.finished` | info |
//! | `lro.poll.answered`, `lro.answer.understood`, `lro.token.issued`, `lro.token.refused` | debug |
//! | `lro.wait.paused` | trace |
//!
//! `docs/telemetry.md` has the fields of the events too. No field holds a secret that was sent, and what a server says in one
//! is bounded and on one line. `http::ClientBuilder::trace_context` tells an API which trace its requests are part of.
//!
//! # Features
//!
//! Default: `cli` (the command `lro`), `simulator`, `rustls` (TLS for the HTTP client). Without default features the
//! crate is the bare engine; `http` adds the client and the PLAS API, and `clouds` finds on the machine what to ask
//! with (`cli` has it). `otel` has the command send its spans to a collector of `OpenTelemetry`. The first client with TLS makes *ring* the cryptography of the process, unless the program has
//! installed another provider of rustls before.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(doctest, doc = include_str!("../README.md"))]
#![cfg_attr(all(doctest, feature = "http", feature = "simulator"), doc = include_str!("../docs/library.md"))]

#[cfg(feature = "http")]
pub mod auth;
mod error;
mod event;
pub mod fleet;
#[cfg(all(any(fuzzing, test), feature = "clouds"))]
#[doc(hidden)]
pub mod fuzzing;
#[cfg(feature = "http")]
pub mod http;
pub mod machine;
pub mod operation;
#[cfg(feature = "http")]
pub mod plas;
pub mod policy;
#[cfg(feature = "http")]
pub mod preset;
pub mod schedule;
#[cfg(feature = "simulator")]
pub mod simulator;
mod wait;

pub use error::{Completed, Limit, Outcome, Report, WaitError};
pub use event::{Event, EventKind};
pub use fleet::{Fleet, FleetEvent, Outcomes, Until, wait_for_all, wait_for_any};
pub use operation::{Answer, Hints, Operation, PollError, PollErrorKind, Verdict};
pub use policy::{Backoff, Cadence, MaxErrors, Policy, PolicyError};
pub use wait::{Events, Wait, wait_for_completion};
