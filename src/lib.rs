//! Blocks until a long-running operation is done, and says how it ended.

#[cfg(feature = "http")]
pub mod auth;
mod error;
mod event;
#[cfg(feature = "http")]
pub mod http;
pub mod machine;
pub mod operation;
#[cfg(feature = "http")]
pub mod plas;
pub mod policy;
pub mod schedule;
#[cfg(feature = "simulator")]
pub mod simulator;
mod wait;

pub use error::{Completed, Limit, Outcome, Report, WaitError};
pub use event::{Event, EventKind};
pub use operation::{Answer, Operation, PollError, PollErrorKind, Verdict};
pub use policy::{Backoff, MaxErrors, Policy, PolicyError};
pub use wait::{Events, Wait, wait_for_completion};
