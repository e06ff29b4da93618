//! The decision: what to do next, given what happened and when. Every rule of a wait stands here.
//! Nothing here does anything: no I/O, no clock, no sleep. Time comes in as a parameter.

mod time;

use std::sync::Arc;
use std::time::Duration;

use crate::error::Limit;
use crate::operation::{Hints, PollErrorKind, Verdict};
use crate::policy::{LONGEST_PAUSE, LONGEST_TIMEOUT, Policy, PolicyError, SHORTEST_PAUSE};
use crate::schedule::{Moment, Schedule, error_pause};
use time::Time;

/// The least time that is kept for the answer to the final poll, where the limit has room for it.
const LEAST_RESERVE: Duration = Duration::from_millis(500);

/// A pause is not shortened below this to fit a final poll in: an answer that fresh *is* the final one.
const SHORTEST_FINAL_PAUSE: Duration = Duration::from_secs(1);

/// One wait, as a machine: tell it what happened and when, do what it says, and tell it what came of that.
///
/// [`wait_for_completion`](crate::wait_for_completion) drives one with tokio; drive it by hand to wait on another
/// runtime, or on none.
///
/// ```
/// use std::time::Duration;
/// use lro::machine::{Happened, Machine, Step};
/// use lro::{Hints, Policy, Verdict, schedule::Fixed};
///
/// let at = Duration::from_secs;
/// let mut wait = Machine::new(Policy::default(), Box::new(Fixed::new(at(5))?), 0)?;
/// assert_eq!(wait.on(Happened::Started, at(0)), Step::Poll { at_most: at(30) });
/// let pending = Happened::Answered { verdict: Verdict::Pending, hints: Hints::none() };
/// assert_eq!(wait.on(pending, at(1)), Step::Sleep(at(5)));
/// # Ok::<(), lro::PolicyError>(())
/// ```
pub struct Machine {
    policy: Arc<Policy>,
    schedule: Box<dyn Schedule>,
    random: fastrand::Rng,
    last_pause: Time,
    /// When the wait for this operation began; others may have begun before, on the same clock.
    begun_at: Option<Time>,
    /// When the first useful answer was there.
    answered_at: Option<Time>,
    errors_in_a_row: u32,
    pauses_since_answer: u32,
    asked_at: Time,
    slowest: Time,
    polls: u32,
    transient_errors: u32,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Happened {
    /// The wait begins. Always the first.
    Started,
    /// A [`Step::Sleep`] is over.
    Woke,
    /// A [`Step::Sleep`] is over, or the wait begins; but the server has asked meanwhile, over another operation, to be
    /// left alone.
    HeldBack {
        /// For how long from now.
        pause: Duration,
        /// Over how much time after that the polls are spread that were held back together.
        spread: Duration,
    },
    /// The poll was answered.
    Answered {
        /// What the answer means.
        verdict: Verdict,
        /// What it says of the time to come.
        hints: Hints,
    },
    /// The poll brought no usable answer, or none in the time it had.
    Erred {
        /// What the error means.
        kind: PollErrorKind,
        /// How long the server asks to be left alone.
        retry_after: Option<Duration>,
    },
}

/// What to do now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ask, and give up the question after this time.
    Poll {
        /// How long the poll may take.
        at_most: Duration,
    },
    /// Do nothing for this time.
    Sleep(Duration),
    /// The wait is over; nothing is asked any more.
    Finish(End),
}

/// How a wait is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The last answer was an end: succeeded, failed or cancelled; or blocked, where that ends the wait.
    Done(Verdict),
    /// The last error ends the wait: it is permanent, or there were too many in a row.
    Lost {
        /// How many polls in a row had brought no usable answer.
        errors_in_a_row: u32,
    },
    /// A limit passed.
    OutOfTime(Limit),
}

impl Machine {
    /// A machine at the start of a wait. The same seed gives the same jitter. Many machines can share one policy.
    ///
    /// # Errors
    ///
    /// A number of the policy that is out of its bounds.
    pub fn new(
        policy: impl Into<Arc<Policy>>,
        schedule: Box<dyn Schedule>,
        seed: u64,
    ) -> Result<Self, PolicyError> {
        let policy = policy.into();
        policy.check()?;
        Ok(Self {
            policy,
            schedule,
            random: fastrand::Rng::with_seed(seed),
            last_pause: Time::from(crate::policy::DEFAULT_INTERVAL),
            begun_at: None,
            answered_at: None,
            errors_in_a_row: 0,
            pauses_since_answer: 0,
            asked_at: Time::from(Duration::ZERO),
            slowest: Time::from(Duration::ZERO),
            polls: 0,
            transient_errors: 0,
        })
    }

    /// Decides: this happened, so much time after the clock began; what now?
    ///
    /// The limit is one of the clock. Of a wait that begins later, only the rest of it is left.
    ///
    /// An end in an answer counts whenever it comes, also at the limit. Everything else that happens at the limit or
    /// after it is the end of the wait. After [`Step::Finish`] there is nothing to tell any more.
    pub fn on(&mut self, happened: Happened, elapsed: Duration) -> Step {
        let begins = self.begun_at.is_none();
        self.begun_at.get_or_insert(elapsed.into());
        match happened {
            Happened::Started if !self.policy.initial_delay.is_zero() => {
                Step::Sleep(self.policy.initial_delay.min(self.left(elapsed)))
            }
            Happened::Started | Happened::Woke => self.poll(elapsed),
            Happened::HeldBack { pause, spread } => {
                let planned = pause.saturating_add(spread.mul_f64(self.random.f64()));
                let delay = if begins { self.policy.initial_delay } else { Duration::ZERO };
                self.pause(planned.max(delay), Some(pause), elapsed)
            }
            Happened::Answered { verdict, hints } => self.answered(verdict, hints, elapsed),
            Happened::Erred { kind, retry_after } => self.erred(kind, retry_after, elapsed),
        }
    }

    /// Whether anything has happened yet.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun_at.is_some()
    }

    /// How long the wait may last in all.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.policy.timeout
    }

    /// How long the wait for this operation has lasted by then.
    #[must_use]
    pub fn age(&self, elapsed: Duration) -> Duration {
        elapsed.saturating_sub(self.begun_at.map_or(elapsed, Duration::from))
    }

    /// How many polls were sent.
    #[must_use]
    pub fn polls(&self) -> u32 {
        self.polls
    }

    /// How many polls ended in a transient error.
    #[must_use]
    pub fn transient_errors(&self) -> u32 {
        self.transient_errors
    }

    fn poll(&mut self, elapsed: Duration) -> Step {
        let left = self.left(elapsed);
        if left.is_zero() {
            return self.out_of_time();
        }
        self.polls = self.polls.saturating_add(1);
        self.asked_at = elapsed.into();
        Step::Poll { at_most: self.policy.poll_timeout.min(left) }
    }

    fn answered(&mut self, verdict: Verdict, hints: Hints, elapsed: Duration) -> Step {
        if verdict.is_terminal() || verdict == Verdict::Blocked && self.policy.fail_on_blocked {
            return Step::Finish(End::Done(verdict));
        }
        self.answered_at.get_or_insert(elapsed.into());
        self.errors_in_a_row = 0;
        self.pauses_since_answer = 0;
        let latency = elapsed.saturating_sub(self.asked_at.into());
        self.slowest = self.slowest.max(latency.into());
        let now = Moment::new(self.age(elapsed), self.polls, self.random.f64()).hints(hints);
        let planned = self.schedule.next_pause(&now).unwrap_or(self.last_pause.into());
        self.last_pause = planned.into();
        self.pause(planned, hints.retry_after, elapsed)
    }

    fn erred(&mut self, kind: PollErrorKind, retry_after: Option<Duration>, elapsed: Duration) -> Step {
        // An operation that is not known everywhere yet is no fault, so it costs no budget.
        // The first answer may be that to the call that started it, however long that took.
        let age = self.answered_at.map_or(self.age(elapsed), |then| elapsed.saturating_sub(then.into()));
        let is_young = kind == PollErrorKind::NotFound && age < self.policy.not_found_grace;
        self.errors_in_a_row = self.errors_in_a_row.saturating_add(u32::from(!is_young));
        match kind {
            PollErrorKind::Transient => {}
            PollErrorKind::NotFound if is_young => {}
            PollErrorKind::NotFound
            | PollErrorKind::Gone
            | PollErrorKind::Denied
            | PollErrorKind::NotUnderstood
            | PollErrorKind::Permanent => return self.lost(),
        }
        self.transient_errors = self.transient_errors.saturating_add(1);
        if self.left(elapsed).is_zero() {
            return self.out_of_time();
        }
        if !is_young && self.policy.max_errors.is_reached(self.errors_in_a_row, self.answered_at.is_some()) {
            return self.lost();
        }
        let planned = error_pause(self.pauses_since_answer, self.random.f64());
        self.pauses_since_answer = self.pauses_since_answer.saturating_add(1);
        self.pause(planned, retry_after, elapsed)
    }

    /// Sleeps as planned, but at least as long as the server asks, and so that a final poll can be sent and answered
    /// before the limit.
    fn pause(&mut self, planned: Duration, retry_after: Option<Duration>, elapsed: Duration) -> Step {
        let asked = retry_after.unwrap_or_default();
        let floor = asked.min(LONGEST_TIMEOUT);
        let planned = planned.clamp(SHORTEST_PAUSE, LONGEST_PAUSE).max(floor);
        let Some(timeout) = self.policy.timeout else {
            return Step::Sleep(planned);
        };
        let left = self.left(elapsed);
        if left.is_zero() {
            return self.out_of_time();
        }
        if asked >= left {
            return Step::Finish(End::OutOfTime(Limit::RetryAfter { pause: asked, timeout }));
        }
        let until_final_poll = left.saturating_sub(self.reserve(timeout)).max(floor);
        if planned <= until_final_poll {
            Step::Sleep(planned)
        } else if until_final_poll >= planned.min(SHORTEST_FINAL_PAUSE) {
            Step::Sleep(until_final_poll)
        } else {
            // This answer was the final one; the limit is kept to the moment.
            Step::Sleep(left)
        }
    }

    /// How long before the limit the final poll is sent: twice what the slowest answer took.
    fn reserve(&self, timeout: Duration) -> Duration {
        Duration::from(self.slowest)
            .saturating_mul(2)
            .max(LEAST_RESERVE)
            .min(self.policy.poll_timeout)
            .min(timeout / 4)
    }

    fn left(&self, elapsed: Duration) -> Duration {
        self.policy.timeout.map_or(Duration::MAX, |timeout| timeout.saturating_sub(elapsed))
    }

    fn out_of_time(&self) -> Step {
        let timeout = self.policy.timeout.unwrap_or(Duration::MAX);
        Step::Finish(End::OutOfTime(Limit::Timeout(timeout)))
    }

    fn lost(&self) -> Step {
        Step::Finish(End::Lost { errors_in_a_row: self.errors_in_a_row })
    }
}

impl std::fmt::Debug for Machine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Machine")
            .field("policy", &self.policy)
            .field("polls", &self.polls)
            .field("errors_in_a_row", &self.errors_in_a_row)
            .finish_non_exhaustive()
    }
}

#[cfg(all(any(fuzzing, test), feature = "clouds"))]
pub(crate) mod fuzzing;
#[cfg(test)]
mod hinted;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod scenarios;
#[cfg(test)]
mod told;
