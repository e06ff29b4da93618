//! A fleet before it runs: what it has to wait for, and how.
//! What the numbers do, and whether they are in their bounds, is not known here.

use std::fmt;
use std::future::IntoFuture;
use std::pin::Pin;
use std::time::Duration;

use super::joining::{Adder, Joining};
use super::{Completions, DEFAULT_CONCURRENCY, FleetEvents, Outcomes, Until};
use crate::operation::Operation;
use crate::policy::{DEFAULT_INTERVAL, LONGEST_TIMEOUT, MaxErrors, Policy, PolicyError, SHORTEST_PAUSE};
use crate::schedule::{Exponential, Schedule};

/// A wait for many operations, to be configured and awaited; see [`wait_for_all`](super::wait_for_all).
///
/// What is set of limits and faults holds for each operation as it does for a [`Wait`](crate::Wait); but the timeout is
/// one for all, and counts from the start of the fleet.
///
/// # Who is asked when
///
/// Each operation is asked at the pace of a schedule of its own, and among those that are due, whoever has been due
/// for longest comes first. Of operations that come together, the first polls are [spread](Self::spread). When a server
/// answers 429 or 503 with `Retry-After`, or the identity service does without which it cannot be asked, nothing of its
/// [origin](Operation::origin) is asked before that time has passed, and what it held back is then spread again. With any
/// other answer a `Retry-After` is the pace of that one operation.
///
/// An operation that waits for its turn may lose its final poll to that. It never outlasts the timeout.
#[must_use = "a fleet does nothing unless it is awaited or its events are read"]
pub struct Fleet<O: Operation> {
    pub(super) joining: Joining<O>,
    pub(super) until: Until,
    pub(super) policy: Policy,
    pub(super) schedule: Box<dyn Fn() -> Box<dyn Schedule> + Send>,
    pub(super) concurrency: usize,
    pub(super) rate: Option<f64>,
    pub(super) spread: Duration,
    pub(super) heartbeat: Option<Duration>,
    pub(super) cancel: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl<O: Operation> Fleet<O> {
    /// A fleet without operations, which is over at once unless some are [added](Self::add).
    pub fn new() -> Self {
        let exponential = Exponential::default();
        Self {
            joining: Joining::default(),
            until: Until::All,
            policy: Policy::default(),
            schedule: Box::new(move || Box::new(exponential.clone())),
            concurrency: DEFAULT_CONCURRENCY,
            rate: None,
            spread: DEFAULT_INTERVAL,
            heartbeat: None,
            cancel: None,
        }
    }

    /// With this operation too.
    #[expect(clippy::should_implement_trait, reason = "nobody adds a fleet and an operation with a plus")]
    pub fn add(mut self, operation: O) -> Self {
        self.joining.push(operation);
        self
    }

    /// What adds operations while the fleet runs. The fleet is not over before every adder is dropped, but for its timeout
    /// and for what it is waited [until](Self::until).
    ///
    /// ```
    /// use lro::Fleet;
    /// use lro::operation::{self, Answer};
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), lro::PolicyError> {
    /// let export = |name| operation::from_fn(move || async move { Ok(Answer::succeeded(name)) });
    /// let mut fleet = Fleet::new();
    /// let adder = fleet.adder();
    /// tokio::spawn(async move {
    ///     for name in ["a", "b"] {
    ///         // What the fleet no longer takes comes back.
    ///         if adder.add(export(name)).is_err() {
    ///             break;
    ///         }
    ///     }
    /// });
    /// let mut ends = fleet.completions()?;
    /// let mut known = Vec::new();
    /// while let Some((_, outcome)) = ends.next().await {
    ///     known.push(*outcome.unwrap().status());
    /// }
    /// assert_eq!(known, ["a", "b"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn adder(&mut self) -> Adder<O> {
        self.joining.adder()
    }

    /// When it is over. Default when each operation has ended.
    pub fn until(mut self, until: Until) -> Self {
        self.until = until;
        self
    }

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

    /// Waits this long before the first poll of each operation. Default none; up to 1 day, and shorter than the timeout.
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.policy.initial_delay = delay;
        self
    }

    /// Ends the wait for an operation after so many transient errors in a row; see
    /// [`Wait::max_errors`](crate::Wait::max_errors).
    pub fn max_errors(mut self, most: impl Into<MaxErrors>) -> Self {
        self.policy.max_errors = most.into();
        self
    }

    /// Tolerates "no such operation" for this long after an operation is first asked for. Default 30 seconds; 0 to 1
    /// day.
    pub fn not_found_grace(mut self, grace: Duration) -> Self {
        self.policy.not_found_grace = grace;
        self
    }

    /// Ends the wait for an operation that waits for a person. Default: the wait goes on.
    pub fn fail_on_blocked(mut self, fails: bool) -> Self {
        self.policy.fail_on_blocked = fails;
        self
    }

    /// All of these numbers at once.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Makes the schedule of each operation. Default [`Exponential`].
    pub fn schedule<S: Schedule + 'static>(mut self, each: impl Fn() -> S + Send + 'static) -> Self {
        self.schedule = Box::new(move || Box::new(each()));
        self
    }

    /// Has so many polls on their way at once, at most. Default 64; at least 1.
    pub fn concurrency(mut self, polls: usize) -> Self {
        self.concurrency = polls;
        self
    }

    /// Sends so many polls a second, all together, at most: in no second more than that. Default as many as there are;
    /// 0.001 to 1,000,000.
    pub fn rate(mut self, polls_a_second: f64) -> Self {
        self.rate = Some(polls_a_second);
        self
    }

    /// Spreads the first polls of operations that come together evenly over this time, or over a quarter of the timeout if
    /// that is shorter. Default 1 second, the first pause of the default schedule; zero is none, and it is at most 1 day.
    pub fn spread(mut self, spread: Duration) -> Self {
        self.spread = spread;
        self
    }

    /// Tells [`FleetEvent::StillWaiting`](super::FleetEvent::StillWaiting) each time this long passed, once for all. Default none; zero is none too, and
    /// anything shorter than 10 ms is 10 ms, anything longer than 366 days is 366 days.
    pub fn heartbeat(mut self, every: Duration) -> Self {
        self.heartbeat = Some(every.clamp(SHORTEST_PAUSE, LONGEST_TIMEOUT)).filter(|_| !every.is_zero());
        self
    }

    /// Ends the wait when this future completes: for each operation that has not ended by then with
    /// [`WaitError::Interrupted`](crate::WaitError::Interrupted).
    pub fn cancel_on(mut self, cancel: impl Future<Output = ()> + Send + 'static) -> Self {
        self.cancel = Some(Box::pin(cancel));
        self
    }
}

impl<O> Fleet<O>
where
    O: Operation + Send + 'static,
    O::Status: Send + Sync + 'static,
{
    /// The wait as a stream: each event of each operation when it happens, last of an operation its outcome.
    ///
    /// The stream paces itself: it goes on with the wait only when it is read, and nothing that was told is kept.
    ///
    /// # Errors
    ///
    /// A number that is out of its bounds.
    pub fn events(self) -> Result<FleetEvents<O::Status>, PolicyError> {
        FleetEvents::of(self, true)
    }

    /// The outcomes as a stream, in the order in which the operations end; each with its place in the order in which
    /// they joined, from 0.
    ///
    /// # Errors
    ///
    /// A number that is out of its bounds.
    pub fn completions(self) -> Result<Completions<O::Status>, PolicyError> {
        FleetEvents::of(self, false).map(Completions)
    }
}

impl<O> IntoFuture for Fleet<O>
where
    O: Operation + Send + 'static,
    O::Status: Send + Sync + 'static,
{
    type Output = Result<Outcomes<O::Status>, PolicyError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let until = self.until;
            let mut completions = self.completions()?;
            let mut outcomes = Vec::new();
            while let Some(ended) = completions.next().await {
                outcomes.push(ended);
            }
            outcomes.sort_unstable_by_key(|(index, _)| *index);
            let outcomes = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
            Ok(Outcomes { outcomes, until })
        })
    }
}

impl<O: Operation> Default for Fleet<O> {
    fn default() -> Self {
        Self::new()
    }
}

impl<O: Operation> Extend<O> for Fleet<O> {
    fn extend<T: IntoIterator<Item = O>>(&mut self, operations: T) {
        operations.into_iter().for_each(|operation| self.joining.push(operation));
    }
}

impl<O: Operation> fmt::Debug for Fleet<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("until", &self.until)
            .field("policy", &self.policy)
            .field("concurrency", &self.concurrency)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}
