//! Many operations as one wait: all of them, the first success, or until one ends badly.
//! Each has a machine of its own, as if it were waited for alone; who may be asked when is decided beside it.

mod builder;
mod drive;
mod events;
mod gate;
mod idle;
mod joining;
mod outcomes;
mod run;

use crate::operation::Operation;

pub use builder::Fleet;
pub use events::{Completions, FleetEvent, FleetEvents};
pub use joining::{Adder, Closed};
pub use outcomes::Outcomes;

/// How many polls are on their way at once unless told otherwise: 64.
pub const DEFAULT_CONCURRENCY: usize = 64;

/// Waits until each of these operations is done.
///
/// Await what it returns, or read its [`events`](Fleet::events) or [`completions`](Fleet::completions). Nothing happens
/// before that. Of many operations that is best done in a task (`tokio::spawn`): each wake of the future that a runtime
/// blocks on is a call to the system.
///
/// ```
/// use std::time::Duration;
/// use lro::operation::{self, Answer};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), lro::PolicyError> {
/// let exports = (1..=50).map(|number| {
///     let mut left = number;
///     operation::from_fn(move || {
///         left -= 1;
///         async move { Ok(if left > 0 { Answer::pending(number) } else { Answer::succeeded(number) }) }
///     })
/// });
/// let ended = lro::wait_for_all(exports).timeout(Duration::from_secs(3600)).await?;
/// assert!(ended.is_success());
/// assert_eq!(ended.outcomes.len(), 50);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// Only when a number is out of its bounds; then nothing was asked. How each operation ended stands in the
/// [`Outcomes`].
///
/// # Cancellation
///
/// Dropping the future or the stream stops the wait, never an operation.
///
/// # Panics
///
/// When awaited outside a tokio runtime whose time is enabled.
pub fn wait_for_all<O: Operation>(operations: impl IntoIterator<Item = O>) -> Fleet<O> {
    operations.into_iter().fold(Fleet::new(), Fleet::add)
}

/// Waits until one of these operations has succeeded, or all have ended otherwise. The others are left to themselves.
///
/// As [`wait_for_all`] in everything else. Which one it was is told by [`Outcomes::first_success`].
///
/// ```
/// use lro::operation::{self, Answer};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), lro::PolicyError> {
/// let zones = ["a", "b", "c"].map(|zone| {
///     operation::from_fn(move || async move {
///         Ok(if zone == "b" { Answer::succeeded(zone) } else { Answer::pending(zone) })
///     })
/// });
/// let ended = lro::wait_for_any(zones).await?;
/// assert_eq!(*ended.first_success().unwrap().status(), "b");
/// # Ok(())
/// # }
/// ```
pub fn wait_for_any<O: Operation>(operations: impl IntoIterator<Item = O>) -> Fleet<O> {
    wait_for_all(operations).until(Until::Any)
}

/// When a wait for many operations is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Until {
    /// When each operation has ended, well or badly.
    #[default]
    All,
    /// With the first success, or when each has ended otherwise.
    Any,
    /// With the first end that is no success, or when each has succeeded.
    Failure,
}

#[cfg(test)]
mod tests;
