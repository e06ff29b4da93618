//! A time that a server speaks of, as an API writes it into a header of its own or into its document: how long it wants to
//! be left alone, or when an operation is to end.
//! What the clock says now is not known here.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use super::definition::Unit;

/// A time that a server speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// For this long.
    Pause(Duration),
    /// Until then.
    Until(SystemTime),
}

impl Hint {
    /// What this value says; nonsense is no wish.
    pub(super) fn read(value: &Value, unit: Unit) -> Option<Self> {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let duration = |number: f64| Duration::try_from_secs_f64(number).ok();
        match (unit, number, value) {
            (Unit::Seconds, Some(number), _) => duration(number).map(Self::Pause),
            (Unit::Milliseconds, Some(number), _) => duration(number / 1000.0).map(Self::Pause),
            (Unit::Time, Some(number), _) => {
                SystemTime::UNIX_EPOCH.checked_add(duration(number)?).map(Self::Until)
            }
            (Unit::Time, None, Value::String(text)) => {
                humantime::parse_rfc3339_weak(text.trim()).ok().map(Self::Until)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_unit_is_read_from_numbers_and_from_text() {
        let pause = |ms| Some(Hint::Pause(Duration::from_millis(ms)));
        let until = |secs| Some(Hint::Until(SystemTime::UNIX_EPOCH + Duration::from_secs(secs)));
        for (value, unit, hint) in [
            (json!(5), Unit::Seconds, pause(5000)),
            (json!("0.5"), Unit::Seconds, pause(500)),
            (json!(" 250 "), Unit::Milliseconds, pause(250)),
            (json!(1_517_274_000), Unit::Time, until(1_517_274_000)),
            (json!("2018-01-30T01:00:00Z"), Unit::Time, until(1_517_274_000)),
            (json!(-1), Unit::Seconds, None),
            (json!("soon"), Unit::Seconds, None),
            (json!("2018-01-30T01:00:00Z"), Unit::Seconds, None),
            (json!(1e300), Unit::Time, None),
            (json!("NaN"), Unit::Milliseconds, None),
            (json!(null), Unit::Seconds, None),
            (json!(true), Unit::Time, None),
        ] {
            assert_eq!(Hint::read(&value, unit), hint, "{value} {unit:?}");
        }
    }
}
