//! When to ask next: how long the pause after an answer is.
//! Nothing here knows why it is asked, or what was answered; the machine decides what a pause is used for.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::policy::{Backoff, LONGEST_PAUSE, PolicyError, SHORTEST_PAUSE, check_duration};

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
}

impl Moment {
    /// The moment at which so much time has passed and so many polls were sent.
    #[must_use]
    pub fn new(elapsed: Duration, polls: u32, random: f64) -> Self {
        Self { elapsed, polls, random }
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

/// Exponential backoff: each pause longer than the one before, up to a longest one. Clones share its
/// numbers.
#[derive(Debug, Clone)]
pub struct Exponential {
    numbers: Arc<Backoff>,
    /// The last pause, before its jitter.
    last: Option<Duration>,
}

impl Exponential {
    /// A schedule with these numbers.
    ///
    /// # Errors
    ///
    /// A number that is out of its bounds.
    pub fn new(numbers: Backoff) -> Result<Self, PolicyError> {
        numbers.check()?;
        Ok(Self { numbers: Arc::new(numbers), last: None })
    }
}

impl Default for Exponential {
    fn default() -> Self {
        Self { numbers: Arc::default(), last: None }
    }
}

impl Schedule for Exponential {
    fn next_pause(&mut self, now: &Moment) -> Option<Duration> {
        let pause = match self.last {
            None => pauses(&self.numbers, self.numbers.interval).next()?,
            Some(last) => pauses(&self.numbers, last).nth(1)?,
        };
        self.last = Some(pause);
        // Whoever drives a schedule by hand may hand in anything.
        let random = if now.random.is_nan() { 0.5 } else { now.random.clamp(0.0, 1.0) };
        let share = 1.0 + self.numbers.jitter * (2.0 * random - 1.0);
        Some(pause.mul_f64(share).min(self.numbers.max_interval))
    }
}

/// The pauses of `backon` from this one on, without its jitter: that would be added after the cap, and the cap is a
/// promise. They are made anew for each pause, because whoever waits for ten thousand operations keeps one for each.
fn pauses(numbers: &Backoff, first: Duration) -> ExponentialBackoff {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a factor from 1 to 10 loses nothing that a pause would show"
    )]
    let factor = numbers.factor as f32;
    ExponentialBuilder::new()
        .with_min_delay(first)
        .with_max_delay(numbers.max_interval)
        .with_factor(factor)
        .without_max_times()
        .build()
}

/// The same pause each time, for operations whose scale is known.
#[derive(Debug, Clone, Copy)]
pub struct Fixed(Duration);

impl Fixed {
    /// A schedule that always pauses this long. 10 ms to 1 day.
    ///
    /// # Errors
    ///
    /// An interval that is out of these bounds.
    pub fn new(interval: Duration) -> Result<Self, PolicyError> {
        check_duration("the interval", interval, SHORTEST_PAUSE..=LONGEST_PAUSE)?;
        Ok(Self(interval))
    }
}

impl Schedule for Fixed {
    fn next_pause(&mut self, _: &Moment) -> Option<Duration> {
        Some(self.0)
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
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NO_JITTER: f64 = 0.5;

    fn first_pauses(schedule: &mut impl Schedule, random: f64) -> Vec<u128> {
        let now = Moment::new(Duration::ZERO, 1, random);
        std::iter::from_fn(|| schedule.next_pause(&now)).take(9).map(|pause| pause.as_millis()).collect()
    }

    #[test]
    fn backoff_grows_to_its_longest_interval_and_stays_there() {
        let pauses = first_pauses(&mut Exponential::default(), NO_JITTER);
        assert_eq!(pauses, [1000, 1500, 2250, 3375, 5062, 7593, 11390, 15000, 15000]);
    }

    #[test]
    fn jitter_varies_a_pause_both_ways_but_never_over_the_longest() {
        let shortest = first_pauses(&mut Exponential::default(), 0.0);
        assert_eq!(shortest, [900, 1350, 2025, 3037, 4556, 6834, 10251, 13500, 13500]);
        let longest = first_pauses(&mut Exponential::default(), 1.0);
        assert_eq!(longest, [1100, 1650, 2475, 3712, 5568, 8353, 12529, 15000, 15000]);
    }

    #[test]
    fn errors_have_a_pace_of_their_own_that_only_shortens() {
        let pauses = |random| [0, 1, 2, 3, 4, 5, 1000].map(|pauses| error_pause(pauses, random).as_millis());
        assert_eq!(pauses(0.0), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
        assert_eq!(pauses(1.0), [900, 1800, 3600, 7200, 14400, 27000, 27000]);
    }

    #[test]
    fn a_fixed_interval_is_always_the_same_and_checked() {
        let mut fixed = Fixed::new(Duration::from_millis(250)).unwrap();
        assert_eq!(first_pauses(&mut fixed, 0.9), [250; 9]);
        assert!(Fixed::new(Duration::ZERO).is_err());
    }

    #[test]
    fn policies_of_backon_and_plain_lists_are_schedules() {
        let mut constant =
            backon::ConstantBuilder::new().with_delay(Duration::from_secs(3)).with_max_times(2).build();
        assert_eq!(first_pauses(&mut constant, NO_JITTER), [3000, 3000]);
        let mut list = vec![Duration::from_secs(1), Duration::from_secs(7)].into_iter();
        assert_eq!(first_pauses(&mut list, NO_JITTER), [1000, 7000]);
    }

    proptest! {
        #[test]
        fn no_backoff_ever_leaves_its_bounds(
            interval in 10_u64..100_000,
            over in 0_u64..1_000_000,
            factor in 1.0_f64..10.0,
            jitter in 0.0_f64..0.5,
            randoms in proptest::collection::vec(0.0_f64..=1.0, 1..200),
        ) {
            let numbers = Backoff {
                interval: Duration::from_millis(interval),
                max_interval: Duration::from_millis(interval + over),
                factor,
                jitter,
            };
            let mut schedule = Exponential::new(numbers).unwrap();
            for random in randoms {
                let pause = schedule.next_pause(&Moment::new(Duration::ZERO, 1, random)).unwrap();
                prop_assert!(pause <= numbers.max_interval);
                prop_assert!(pause.as_secs_f64() >= numbers.interval.as_secs_f64() * (1.0 - jitter) - 1e-6);
            }
        }
    }
}
