//! The numbers of a wait, their defaults and their bounds: checked once, then trusted.
//! No rule of the wait stands here, only what the rules count with.

mod bounds;

use std::time::Duration;

pub use bounds::PolicyError;
pub(crate) use bounds::{Span, check_duration, check_number};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const INSTANT: Duration = Duration::from_millis(10);

/// How long a wait lasts unless told otherwise: 30 minutes.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30 * 60);
/// How long one poll may take unless told otherwise: 30 seconds.
pub const DEFAULT_POLL_TIMEOUT: Duration = Duration::from_secs(30);
/// How long "no such operation" is tolerated unless told otherwise: 30 seconds from the start.
pub const DEFAULT_NOT_FOUND_GRACE: Duration = Duration::from_secs(30);
/// How many transient errors in a row end a wait that has had no useful answer yet, unless told otherwise: 7, which
/// at the pace of errors is about a minute.
pub const DEFAULT_MAX_ERRORS: u32 = 7;
/// The first pause of exponential backoff unless told otherwise: 1 second.
pub const DEFAULT_INTERVAL: Duration = Duration::from_secs(1);
/// The longest pause of exponential backoff unless told otherwise: 15 seconds.
pub const DEFAULT_MAX_INTERVAL: Duration = Duration::from_secs(15);
/// By how much each pause is longer than the one before unless told otherwise: 1.5.
pub const DEFAULT_FACTOR: f64 = 1.5;
/// The share by which a pause varies unless told otherwise: 0.1, that is ±10 %.
pub const DEFAULT_JITTER: f64 = 0.1;
/// How much waiting one poll is worth to a schedule that weighs both, unless told otherwise: a quarter of a second.
pub const DEFAULT_COST: Duration = Duration::from_millis(250);
/// The longest pause of such a schedule unless told otherwise: 2 minutes.
pub const DEFAULT_MAX_BALANCED_INTERVAL: Duration = Duration::from_secs(120);

/// The shortest pause there is, whatever a schedule says: 10 milliseconds.
pub const SHORTEST_PAUSE: Duration = INSTANT;
/// The longest pause there is, whatever a schedule says: a day. Only a server can ask for a longer one.
pub const LONGEST_PAUSE: Duration = DAY;
/// The longest timeout there is, and the longest pause that a server can ask for: 366 days.
pub const LONGEST_TIMEOUT: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// When a wait stops.
///
/// Plain data: fill it in any order; it is checked when the wait starts.
///
/// # Default
///
/// A timeout of 30 minutes, 30 seconds a poll, no initial delay, seven transient errors in a row before the first
/// useful answer, 30 seconds in which "no such operation" is tolerated; an operation that waits for a person is
/// waited for.
///
/// ```
/// use std::time::Duration;
/// use lro::{MaxErrors, Policy};
///
/// let patient = Policy {
///     timeout: Some(Duration::from_secs(24 * 60 * 60)),
///     max_errors: MaxErrors::Unlimited,
///     ..Policy::default()
/// };
/// patient.check()?;
/// # Ok::<(), lro::PolicyError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// How long the wait may last in all; `None` is without a limit. 10 ms to 366 days.
    pub timeout: Option<Duration>,
    /// How long one poll may take. 10 ms to 1 hour.
    pub poll_timeout: Duration,
    /// How long to wait before the first poll. 0 to 1 day, and shorter than the timeout.
    pub initial_delay: Duration,
    /// How many transient errors in a row end the wait.
    pub max_errors: MaxErrors,
    /// How long "no such operation" is tolerated: after the start, and after the first useful answer, which may be that to
    /// the call that started the operation. 0 to 1 day.
    pub not_found_grace: Duration,
    /// Whether an operation that waits for a person ends the wait.
    pub fail_on_blocked: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            timeout: Some(DEFAULT_TIMEOUT),
            poll_timeout: DEFAULT_POLL_TIMEOUT,
            initial_delay: Duration::ZERO,
            max_errors: MaxErrors::UntilFirstAnswer(DEFAULT_MAX_ERRORS),
            not_found_grace: DEFAULT_NOT_FOUND_GRACE,
            fail_on_blocked: false,
        }
    }
}

impl Policy {
    /// Checks every number.
    ///
    /// # Errors
    ///
    /// The first number that is out of its bounds, by name.
    pub fn check(&self) -> Result<(), PolicyError> {
        if let Some(timeout) = self.timeout {
            check_duration("the timeout", timeout, INSTANT..=LONGEST_TIMEOUT)?;
            if self.initial_delay >= timeout {
                return Err(PolicyError::new(
                    "the initial delay",
                    Span(self.initial_delay),
                    format_args!("shorter than the timeout, {}", Span(timeout)),
                ));
            }
        }
        check_duration("the poll timeout", self.poll_timeout, INSTANT..=HOUR)?;
        check_duration("the initial delay", self.initial_delay, Duration::ZERO..=DAY)?;
        check_duration("the not-found grace", self.not_found_grace, Duration::ZERO..=DAY)?;
        match self.max_errors {
            MaxErrors::UntilFirstAnswer(0) | MaxErrors::Always(0) => {
                Err(PolicyError::new("the number of errors that end a wait", 0, "at least 1"))
            }
            MaxErrors::UntilFirstAnswer(_) | MaxErrors::Always(_) | MaxErrors::Unlimited => Ok(()),
        }
    }
}

/// How many transient errors in a row end a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaxErrors {
    /// So many before the first useful answer; after it, faults are outwaited until the timeout.
    UntilFirstAnswer(u32),
    /// So many at any time.
    Always(u32),
    /// None ever does: only the timeout ends a wait that has no answer.
    Unlimited,
}

impl From<u32> for MaxErrors {
    /// So many at any time.
    fn from(most: u32) -> Self {
        Self::Always(most)
    }
}

impl MaxErrors {
    /// Whether so many errors in a row are the end.
    #[must_use]
    pub(crate) fn is_reached(self, in_a_row: u32, answered: bool) -> bool {
        match self {
            Self::UntilFirstAnswer(most) => !answered && in_a_row >= most,
            Self::Always(most) => in_a_row >= most,
            Self::Unlimited => false,
        }
    }
}

/// The numbers of exponential backoff: the first pause, its growth and where that stops.
///
/// # Default
///
/// 1 second, ×1.5, at most 15 seconds, ±10 %.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Backoff {
    /// The first pause. 10 ms to 1 day.
    pub interval: Duration,
    /// The longest pause, jitter included. From the first pause to 1 day.
    pub max_interval: Duration,
    /// By how much each pause is longer than the one before. 1 to 10.
    pub factor: f64,
    /// The share by which each pause varies. 0 to 0.5.
    pub jitter: f64,
}

impl Default for Backoff {
    fn default() -> Self {
        Self {
            interval: DEFAULT_INTERVAL,
            max_interval: DEFAULT_MAX_INTERVAL,
            factor: DEFAULT_FACTOR,
            jitter: DEFAULT_JITTER,
        }
    }
}

impl Backoff {
    /// Checks every number.
    ///
    /// # Errors
    ///
    /// The first number that is out of its bounds, by name.
    pub fn check(&self) -> Result<(), PolicyError> {
        check_intervals(self.interval, self.max_interval)?;
        check_number("the backoff factor", self.factor, 1.0..=10.0)?;
        check_number("the jitter", self.jitter, 0.0..=0.5)
    }
}

/// The numbers of a schedule that weighs waiting against asking.
///
/// # Default
///
/// A quarter of a second a poll, pauses from 1 second to 2 minutes, up to 10 % shorter.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cadence {
    /// How much waiting one poll is worth: at a quarter of a second, pauses are about as long as the square root of the
    /// seconds passed. 1 ms to 1 hour.
    pub cost: Duration,
    /// The shortest pause. 10 ms to 1 day.
    pub interval: Duration,
    /// The longest pause. From the shortest to 1 day.
    pub max_interval: Duration,
    /// The share by which a pause may be shorter. 0 to 0.5.
    pub jitter: f64,
}

impl Default for Cadence {
    fn default() -> Self {
        Self {
            cost: DEFAULT_COST,
            interval: DEFAULT_INTERVAL,
            max_interval: DEFAULT_MAX_BALANCED_INTERVAL,
            jitter: DEFAULT_JITTER,
        }
    }
}

impl Cadence {
    /// Checks every number.
    ///
    /// # Errors
    ///
    /// The first number that is out of its bounds, by name.
    pub fn check(&self) -> Result<(), PolicyError> {
        check_duration("the cost of a poll", self.cost, Duration::from_millis(1)..=HOUR)?;
        check_intervals(self.interval, self.max_interval)?;
        check_number("the jitter", self.jitter, 0.0..=0.5)
    }
}

fn check_intervals(interval: Duration, longest: Duration) -> Result<(), PolicyError> {
    check_duration("the interval", interval, SHORTEST_PAUSE..=LONGEST_PAUSE)?;
    if longest < interval {
        return Err(PolicyError::new(
            "the longest interval",
            Span(longest),
            format_args!("at least the first one, {}", Span(interval)),
        ));
    }
    check_duration("the longest interval", longest, interval..=LONGEST_PAUSE)
}

#[cfg(test)]
mod tests;
