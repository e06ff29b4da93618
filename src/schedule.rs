//! When to ask next: how long the pause after an answer is.
//! Nothing here knows why it is asked, or what was answered; the machine decides what a pause is used for.

mod balanced;
mod density;
mod exponential;
mod fixed;
mod forecast;
#[cfg(feature = "backoff")]
mod foreign;

use std::time::Duration;

use crate::operation::Hints;

pub use balanced::{Balanced, Expected};
pub use exponential::Exponential;
pub use fixed::Fixed;
pub use forecast::Forecast;
#[cfg(feature = "backoff")]
pub use foreign::{FromBackoff, from_backoff};

/// A plan of pauses.
///
/// Any iterator of [`Duration`]s is one, so the policies of `backon` plug in as they are. When the iterator ends, the
/// last pause is kept: a schedule says how often to ask, never when to give up.
///
/// ```
/// use std::time::Duration;
///
/// # async fn example(operation: impl lro::Operation<Status = ()> + Send + 'static) {
/// let minutes = [1, 2, 5, 10].map(|minutes| Duration::from_secs(60 * minutes));
/// let done = lro::wait_for_completion(operation).schedule(minutes.into_iter()).await;
/// # }
/// ```
pub trait Schedule: Send {
    /// How long to pause now; `None` is as long as the last time.
    ///
    /// Whatever is said here, the wait pauses from 10 ms to 1 day, at least as long as a server's `Retry-After`, and
    /// not beyond its limit.
    fn next_pause(&mut self, now: &Moment) -> Option<Duration>;
}

/// What a schedule may go by.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Moment {
    /// The time since the wait began.
    pub elapsed: Duration,
    /// How many polls were sent.
    pub polls: u32,
    /// A fresh random number, from 0 to 1, for jitter.
    pub random: f64,
    /// What the last answer said of the time to come.
    pub hints: Hints,
}

impl Moment {
    /// The moment at which so much time has passed and so many polls were sent.
    #[must_use]
    pub fn new(elapsed: Duration, polls: u32, random: f64) -> Self {
        Self { elapsed, polls, random, hints: Hints::none() }
    }

    /// The same moment after an answer with these hints.
    #[must_use]
    pub fn hints(mut self, hints: Hints) -> Self {
        self.hints = hints;
        self
    }

    /// The random number; whoever drives a schedule by hand may hand in anything.
    fn random(&self) -> f64 {
        if self.random.is_nan() { 0.5 } else { self.random.clamp(0.0, 1.0) }
    }
}

impl<I: Iterator<Item = Duration> + Send> Schedule for I {
    fn next_pause(&mut self, _: &Moment) -> Option<Duration> {
        self.next()
    }
}

impl Schedule for Box<dyn Schedule> {
    fn next_pause(&mut self, now: &Moment) -> Option<Duration> {
        (**self).next_pause(now)
    }
}

/// How long to pause after a transient error, when so many pauses were made since the last useful answer: 1 s, ×2, at
/// most 30 s, and up to a tenth sooner, so that what an outage cost is not lost twice.
pub(crate) fn error_pause(pauses: u32, random: f64) -> Duration {
    let pause = Duration::from_secs(1 << pauses.min(5)).min(LONGEST_ERROR_PAUSE);
    pause.mul_f64(1.0 - 0.1 * random)
}

const LONGEST_ERROR_PAUSE: Duration = Duration::from_secs(30);

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
