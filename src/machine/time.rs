//! A time in half of the room that a duration takes, because each of many operations keeps five.
//! No rule of a wait stands here.

use std::num::NonZeroU64;
use std::time::Duration;

/// A duration. What is longer than 584 years is 584 years.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time(NonZeroU64);

impl From<Duration> for Time {
    fn from(time: Duration) -> Self {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        // None is zero, so that one that is not known takes no more room.
        Self(NonZeroU64::MIN.saturating_add(nanos))
    }
}

impl From<Time> for Duration {
    fn from(Time(nanos): Time) -> Self {
        Self::from_nanos(nanos.get() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_the_duration_that_it_was_made_of() {
        assert_eq!(size_of::<Option<Time>>() * 2, size_of::<Option<Duration>>());
        for time in [Duration::ZERO, Duration::from_nanos(1), Duration::from_secs(366 * 24 * 60 * 60)] {
            assert_eq!(Duration::from(Time::from(time)), time);
        }
        let longest = Duration::from_nanos(u64::MAX - 1);
        assert_eq!(Duration::from(Time::from(Duration::MAX)), longest);
        assert!(Time::from(Duration::ZERO) < Time::from(Duration::from_nanos(1)));
    }
}
