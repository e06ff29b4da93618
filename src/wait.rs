//! The front door: wait for one operation. Here and in the folder beside it is the one place where time passes.
//! No rule stands here: what to do next is the machine's to say.

pub(crate) mod course;
pub(crate) mod drive;
mod events;
pub(crate) mod late;
mod telemetry;

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use crate::error::Outcome;
use crate::event::Event;
use crate::operation::Operation;
use crate::policy::{MaxErrors, Policy, SHORTEST_PAUSE};
use crate::schedule::Schedule;

pub use events::Events;

/// Waits until an operation is done.
///
/// Await what it returns, or read its [`events`](Wait::events). Nothing happens before that, and the first poll is
/// sent at once then.
///
/// ```
/// use std::time::Duration;
/// use lro::operation::{self, Answer};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let stuck = operation::from_fn(|| async { Ok(Answer::pending("still at it")) });
/// let error = lro::wait_for_completion(stuck).timeout(Duration::from_secs(60)).await.unwrap_err();
/// assert!(error.is_timeout());
/// assert_eq!(error.report().unwrap().answer.as_ref().unwrap().status, "still at it");
/// # }
/// ```
///
/// # Time
///
/// Every time is measured by a clock that nobody can set, so that a step of the time of day changes nothing. While the
/// process is stopped or its runtime is starved, time goes on: then what is due is done at once and once, an answer that
/// came meanwhile counts even when the limit has passed, and without one the wait ends out of time without another poll.
/// While the machine itself sleeps, that clock stands still on Linux and macOS, and the limit is later by as much.
///
/// # Errors
///
/// [`WaitError`](crate::WaitError) says how the wait ended without success: the operation failed or was cancelled, the limit passed,
/// the state could not be learned, or the caller ended the wait. A passing fault is no error: it is outwaited.
///
/// # Cancellation
///
/// Dropping the future or the stream stops the wait, never the operation. Waiting for the same operation again later
/// is always safe.
///
/// # Panics
///
/// When awaited outside a tokio runtime whose time is enabled.
pub fn wait_for_completion<O: Operation>(operation: O) -> Wait<O> {
    Wait {
        operation,
        policy: Policy::default(),
        schedule: None,
        heartbeat: None,
        on_event: None,
        cancel: None,
    }
}

/// A wait for one operation, to be configured and awaited; see [`wait_for_completion`].
///
/// ```
/// use std::time::Duration;
/// use lro::MaxErrors;
/// use lro::operation::{self, Answer};
/// use lro::schedule::Fixed;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut left = 3;
/// let restore = operation::from_fn(move || {
///     left -= 1;
///     async move { Ok(if left > 0 { Answer::pending(left) } else { Answer::succeeded(left) }) }
/// });
/// let done = lro::wait_for_completion(restore)
///     .timeout(Duration::from_secs(2 * 60 * 60))
///     .poll_timeout(Duration::from_secs(10))
///     .schedule(Fixed::new(Duration::from_secs(20))?)
///     .max_errors(MaxErrors::Always(20))
///     .on_event(|event| println!("{:?} after {:?}", event.kind, event.elapsed))
///     .await?;
/// assert_eq!(done.report.elapsed, Duration::from_secs(40));
/// # Ok(())
/// # }
/// ```
#[must_use = "a wait does nothing unless it is awaited or its events are read"]
pub struct Wait<O: Operation> {
    operation: O,
    policy: Policy,
    schedule: Option<Box<dyn Schedule>>,
    heartbeat: Option<Duration>,
    on_event: Option<Watcher<O::Status>>,
    cancel: Option<Cancel>,
}

type Watcher<S> = Box<dyn FnMut(&Event<S>) + Send>;
type Cancel = Pin<Box<dyn Future<Output = ()> + Send>>;

impl<O: Operation> Wait<O> {
    /// Ends the wait after this time, whatever a server does. Default 30 minutes; 10 ms to 366 days.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.policy.timeout = Some(timeout);
        self
    }

    /// Waits for as long as it takes.
    pub fn without_timeout(mut self) -> Self {
        self.policy.timeout = None;
        self
    }

    /// Gives up a single poll after this time; that is a transient error. Default 30 seconds; 10 ms to 1 hour.
    pub fn poll_timeout(mut self, timeout: Duration) -> Self {
        self.policy.poll_timeout = timeout;
        self
    }

    /// Waits this long before the first poll. Default none; up to 1 day, and shorter than the timeout.
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.policy.initial_delay = delay;
        self
    }

    /// How long the pauses between polls are. Default [`Exponential`](crate::schedule::Exponential).
    pub fn schedule(mut self, schedule: impl Schedule + 'static) -> Self {
        self.schedule = Some(Box::new(schedule));
        self
    }

    /// Ends the wait after so many transient errors in a row: at any time when it is a number, at least 1.
    ///
    /// Default: 7 before the first useful answer, and none after it, so that a wrong address is noticed in about a
    /// minute and an outage in the middle is outwaited.
    pub fn max_errors(mut self, most: impl Into<MaxErrors>) -> Self {
        self.policy.max_errors = most.into();
        self
    }

    /// Tolerates "no such operation" for this long after the start. Default 30 seconds; 0 to 1 day.
    pub fn not_found_grace(mut self, grace: Duration) -> Self {
        self.policy.not_found_grace = grace;
        self
    }

    /// Ends the wait with [`WaitError::Blocked`](crate::WaitError::Blocked) when the operation waits for a person.
    /// Default: the wait goes on, because a person may act.
    pub fn fail_on_blocked(mut self, fails: bool) -> Self {
        self.policy.fail_on_blocked = fails;
        self
    }

    /// All of these numbers at once.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Tells [`EventKind::StillWaiting`](crate::EventKind::StillWaiting) each time this long passed, so that a watcher who prints is never silent for
    /// longer. Default none; zero is none too, and anything shorter than 10 ms is 10 ms.
    pub fn heartbeat(mut self, every: Duration) -> Self {
        self.heartbeat = Some(every.max(SHORTEST_PAUSE)).filter(|_| !every.is_zero());
        self
    }

    /// Tells this watcher of everything that happens, except the end, which is what awaiting returns.
    ///
    /// The wait stands still while the watcher works, so it should be quick.
    pub fn on_event(mut self, watcher: impl FnMut(&Event<O::Status>) + Send + 'static) -> Self {
        self.on_event = Some(Box::new(watcher));
        self
    }

    /// Ends the wait with [`WaitError::Interrupted`](crate::WaitError::Interrupted) when this future completes.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use lro::operation::{self, Answer};
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let stuck = operation::from_fn(|| async { Ok(Answer::pending("still at it")) });
    /// let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    /// tokio::spawn(async move {
    ///     tokio::time::sleep(Duration::from_secs(60)).await;
    ///     stop.send(())
    /// });
    /// let ended = lro::wait_for_completion(stuck).cancel_on(async { drop(stopped.await) }).await;
    /// assert!(ended.unwrap_err().is_interrupted());
    /// # }
    /// ```
    pub fn cancel_on(mut self, cancel: impl Future<Output = ()> + Send + 'static) -> Self {
        self.cancel = Some(Box::pin(cancel));
        self
    }
}

impl<O> Wait<O>
where
    O: Operation + Send + 'static,
    O::Status: Send + Sync + 'static,
{
    /// The wait as a stream: each event when it happens, last the outcome.
    ///
    /// The stream paces itself: it goes on with the wait only when it is read, and tells each answer before it
    /// sleeps.
    ///
    /// ```
    /// use lro::EventKind;
    /// use lro::operation::{self, Answer};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let export = operation::from_fn(|| async { Ok(Answer::succeeded("there")) });
    /// let mut events = lro::wait_for_completion(export).events();
    /// while let Some(event) = events.next().await {
    ///     match event.kind {
    ///         EventKind::Answered { answer, .. } => println!("{}", answer.verdict),
    ///         EventKind::Finished(outcome) => assert_eq!(*outcome.unwrap().status(), "there"),
    ///         _ => {}
    ///     }
    /// }
    /// # }
    /// ```
    pub fn events(self) -> Events<O::Status> {
        Events::of(self)
    }
}

impl<O> IntoFuture for Wait<O>
where
    O: Operation + Send + 'static,
    O::Status: Send + Sync + 'static,
{
    type Output = Outcome<O::Status>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(drive::run(self, drop))
    }
}

impl<O: Operation> fmt::Debug for Wait<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("operation", &self.operation.id())
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
