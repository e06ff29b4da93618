//! What time it is: for how long a token lasts, and when a request was signed.
//! What follows from it is decided elsewhere, by functions that are given the time.

use std::time::{Duration, SystemTime};

pub(super) use tokio::time::Instant;

/// A moment to count from. It stands still while the machine sleeps, and no one can set it.
pub(super) fn now() -> Instant {
    Instant::now()
}

/// What comes of this, if it comes within so long.
pub(super) async fn within<T>(patience: Duration, work: impl Future<Output = T>) -> Option<T> {
    tokio::time::timeout(patience, work).await.ok()
}

/// What the clock of this machine says, right or wrong.
#[expect(clippy::disallowed_methods, reason = "a signature carries the date")]
pub(super) fn wall() -> SystemTime {
    SystemTime::now()
}

/// A time as services write it: `2015-11-09T01:42:57.527363Z`, with or without the zone, which is UTC.
pub(super) fn parse(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let text = text.strip_suffix("+00:00").unwrap_or(text);
    // An offset behind a fraction would be read as a part of it.
    if text.get(10..).is_some_and(|time| time.contains(['+', '-'])) {
        return None;
    }
    humantime::parse_rfc3339_weak(text).ok()
}

/// The last second that is written with four digits of a year.
const LAST: Duration = Duration::from_secs(253_402_300_799);

/// A time as signatures write it: `20151109T014257Z`. A clock that is out of all bounds shows the nearest one.
pub(super) fn compact(time: SystemTime) -> String {
    let time = time.clamp(SystemTime::UNIX_EPOCH, SystemTime::UNIX_EPOCH + LAST);
    let mut text = humantime::format_rfc3339_seconds(time).to_string();
    text.retain(|character| !matches!(character, '-' | ':'));
    text
}

/// How long it is from one time to a later one; nothing when it is not later.
pub(super) fn between(earlier: SystemTime, later: SystemTime) -> Duration {
    later.duration_since(earlier).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_services_write_it() {
        let expected = SystemTime::UNIX_EPOCH + Duration::from_secs(1_447_033_377);
        for text in [
            "2015-11-09T01:42:57Z",
            "2015-11-09T01:42:57",
            " 2015-11-09T01:42:57+00:00 ",
            "2015-11-09 01:42:57",
        ] {
            assert_eq!(parse(text), Some(expected), "{text}");
        }
        assert_eq!(parse("2015-11-09T01:42:57.527363Z"), Some(expected + Duration::from_micros(527_363)));
        for nonsense in [
            "",
            "soon",
            "1447033377",
            "2015-11-09T01:42:57+02:00",
            "2015-11-09T01:42:57.5+02:00",
            "2015-11-09T01:42:57.5-02:00",
            "9999999-01-01T00:00:00Z",
        ] {
            assert_eq!(parse(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn a_time_is_written_as_signatures_write_it() {
        assert_eq!(
            compact(SystemTime::UNIX_EPOCH + Duration::from_millis(1_573_789_015_999)),
            "20191115T033655Z"
        );
        assert_eq!(compact(SystemTime::UNIX_EPOCH + Duration::from_secs(1)), "19700101T000001Z");
        assert_eq!(compact(SystemTime::UNIX_EPOCH - Duration::from_secs(1)), "19700101T000000Z");
        assert_eq!(compact(SystemTime::UNIX_EPOCH + 2 * LAST), "99991231T235959Z");
    }
}
