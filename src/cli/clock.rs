//! The time of day as it is told, and how long something took.
//! Nothing is decided by it.

use std::time::{Duration, Instant, SystemTime};

/// Now, to the millisecond: `2026-11-23T22:28:12.345Z`.
pub(crate) fn now() -> String {
    told(wall())
}

/// A moment of the day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day(SystemTime);

impl Day {
    pub(crate) fn now() -> Self {
        Self(wall())
    }

    /// The moment so long after this one, or the last that can be written: `2026-11-23T22:28:12.345Z`.
    pub(crate) fn after(self, duration: Duration) -> String {
        let last = SystemTime::UNIX_EPOCH + END;
        told(self.0.checked_add(duration).unwrap_or(last))
    }

    /// The moment so long after the beginning of 1970.
    #[cfg(test)]
    pub(crate) fn of_epoch(since: Duration) -> Self {
        Self(SystemTime::UNIX_EPOCH + since)
    }
}

/// This time, or the nearest one that can be written.
fn told(time: SystemTime) -> String {
    let last = SystemTime::UNIX_EPOCH + END - Duration::from_millis(1);
    humantime::format_rfc3339_millis(time.clamp(SystemTime::UNIX_EPOCH, last)).to_string()
}

/// The time after so long, to the second; none when no calendar has it.
pub(crate) fn after(duration: Duration) -> Option<String> {
    let time = wall().checked_add(duration)?;
    let is_told = time.duration_since(SystemTime::UNIX_EPOCH).is_ok_and(|since| since < END);
    is_told.then(|| humantime::format_rfc3339_seconds(time).to_string())
}

/// How long something takes that has no clock of its own.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "a person is told how long it took")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// The year 10000 cannot be written.
const END: Duration = Duration::from_secs(253_402_300_800);

#[expect(clippy::disallowed_methods, reason = "a person is told the time of day")]
fn wall() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_out_of_all_bounds_shows_the_nearest_time() {
        let epoch = SystemTime::UNIX_EPOCH;
        assert_eq!(told(epoch + Duration::from_millis(1_573_789_015_999)), "2019-11-15T03:36:55.999Z");
        assert_eq!(told(epoch - Duration::from_secs(1)), "1970-01-01T00:00:00.000Z");
        assert_eq!(told(epoch + END), "9999-12-31T23:59:59.999Z");
    }

    #[test]
    fn a_time_that_no_calendar_has_is_not_told() {
        assert_eq!(after(END), None);
        assert_eq!(after(Duration::MAX), None);
        assert_eq!(after(Duration::from_secs(60)).map(|time| time.len()), Some("2026-11-23T22:28:12Z".len()));
    }
}
