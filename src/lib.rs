//! Blocks until a long-running operation is done, and says how it ended.

mod error;
mod event;
pub mod machine;
pub mod operation;
pub mod policy;
pub mod schedule;
mod wait;

pub use error::{Completed, Limit, Outcome, Report, WaitError};
pub use event::{Event, EventKind};
pub use operation::{Answer, Operation, PollError, PollErrorKind, Verdict};
pub use policy::{Backoff, MaxErrors, Policy, PolicyError};
pub use wait::{Events, Wait, wait_for_completion};
