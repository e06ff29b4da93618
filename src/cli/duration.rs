//! How a person writes a duration, and how one is told to a person.
//! What a duration is good for is not known here.

use std::fmt;
use std::time::Duration;

/// Reads `90`, `90s`, `20m`, `1h 30m`; a bare number is in seconds.
fn parse_any(text: &str) -> Result<Duration, String> {
    let seconds = text.trim();
    if !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit()) {
        return seconds.parse().map(Duration::from_secs).map_err(|_| format!("{text} seconds is too long"));
    }
    humantime::parse_duration(text).map_err(|error| format!("{error}; write it as 90s, 20m or 1h30m"))
}

/// A duration that may be zero.
pub(crate) fn parse(text: &str) -> Result<Time, String> {
    parse_any(text).map(Time)
}

/// A duration that may not be zero.
pub(crate) fn parse_positive(text: &str) -> Result<Time, String> {
    match parse_any(text)? {
        Duration::ZERO => Err("it must be longer than 0; write it as 90s, 20m or 1h30m".to_owned()),
        duration => Ok(Time(duration)),
    }
}

/// A duration as it stands in the help, so that what is told there and what is meant are one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Time(pub(crate) Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&human(self.0))
    }
}

/// How long something may last: a duration, or no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit(pub(crate) Option<Duration>);

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(limit) => f.write_str(&human(limit)),
            None => f.write_str("none"),
        }
    }
}

/// A duration that may not be zero, or `none`.
pub(crate) fn parse_limit(text: &str) -> Result<Limit, String> {
    if text == "none" {
        return Ok(Limit(None));
    }
    match parse_any(text)? {
        Duration::ZERO => Err("0 is no time at all; write `none` for no limit".to_owned()),
        limit => Ok(Limit(Some(limit))),
    }
}

/// How long something still takes, as exactly as an estimate can be: `about 20s left`, `about 4m left`.
pub(crate) fn about(rest: Duration) -> String {
    let unit = match rest.as_secs() {
        0..60 => 10,
        60..3_600 => 60,
        _ => 300,
    };
    let seconds = rest.as_secs().div_ceil(unit).max(1).saturating_mul(unit);
    format!("about {} left", human(Duration::from_secs(seconds)))
}

/// A duration for a person, in the one or two units that matter: `0.3s`, `12s`, `1m 3s`, `2h 5m`, `3d 4h`.
pub(crate) fn human(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let two = |large: u64, unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{large}{unit}"),
        small => format!("{large}{unit} {small}{small_unit}"),
    };
    match seconds {
        0 if duration.as_millis() >= 100 => format!("{:.1}s", duration.as_secs_f64()),
        0..60 => format!("{seconds}s"),
        60..3_600 => two(seconds / 60, "m", seconds % 60, "s"),
        3_600..86_400 => two(seconds / 3_600, "h", seconds % 3_600 / 60, "m"),
        _ => two(seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in
            [("90", 90), ("90s", 90), ("20m", 1200), ("1h 30m", 5400), ("1h30m", 5400), ("0", 0)]
        {
            assert_eq!(parse(text), Ok(Time(Duration::from_secs(seconds))), "{text}");
        }
        assert_eq!(parse("250ms"), Ok(Time(Duration::from_millis(250))));
        for text in ["", "-5", "5x", "1.5", "soon", "99999999999999999999999", "none", "5 5"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse_positive("0s").is_err() && parse_positive("0").is_err());
        assert_eq!(parse_limit("none"), Ok(Limit(None)));
        assert_eq!(parse_limit("5m"), Ok(Limit(Some(Duration::from_secs(300)))));
        assert!(parse_limit("0").unwrap_err().contains("`none`"));
    }

    #[test]
    fn durations_are_told_in_the_units_that_matter() {
        for (milliseconds, text) in [
            (0, "0s"),
            (99, "0s"),
            (300, "0.3s"),
            (12_900, "12s"),
            (60_000, "1m"),
            (63_000, "1m 3s"),
            (7_500_000, "2h 5m"),
            (3_600_000, "1h"),
            (273_600_000, "3d 4h"),
        ] {
            assert_eq!(human(Duration::from_millis(milliseconds)), text);
        }
    }
}
