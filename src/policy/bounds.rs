//! Whether a number is in its bounds, and how it is told when it is not.
//! Which bounds there are is not known here.

use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::{DAY, HOUR, MINUTE};

/// A number of a policy that is out of its bounds.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {value}, but must be {bounds}")]
pub struct PolicyError {
    name: &'static str,
    value: String,
    bounds: String,
}

impl PolicyError {
    pub(crate) fn new(name: &'static str, value: impl fmt::Display, bounds: impl fmt::Display) -> Self {
        Self { name, value: value.to_string(), bounds: bounds.to_string() }
    }

    /// Which number it is, in words.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name
    }
}

/// A duration in the largest unit in which it is whole: "366 d", "1 h"; "31622400s" helps nobody.
pub(crate) struct Span(pub(crate) Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(span) = *self;
        let units = [(DAY, "d"), (HOUR, "h"), (MINUTE, "min")];
        let is_whole = |unit: Duration| span >= unit && span.as_nanos().is_multiple_of(unit.as_nanos());
        match units.into_iter().find(|(unit, _)| is_whole(*unit)) {
            Some((unit, name)) => write!(f, "{} {name}", span.as_nanos() / unit.as_nanos()),
            None if span.is_zero() => f.write_str("0"),
            None => write!(f, "{span:?}"),
        }
    }
}

pub(crate) fn check_duration(
    name: &'static str,
    value: Duration,
    bounds: RangeInclusive<Duration>,
) -> Result<(), PolicyError> {
    if bounds.contains(&value) {
        return Ok(());
    }
    let (least, most) = bounds.into_inner();
    Err(PolicyError::new(name, Span(value), format_args!("from {} to {}", Span(least), Span(most))))
}

pub(crate) fn check_number(
    name: &'static str,
    value: f64,
    bounds: RangeInclusive<f64>,
) -> Result<(), PolicyError> {
    // A NaN is in no range, so it is refused too.
    if bounds.contains(&value) {
        return Ok(());
    }
    Err(PolicyError::new(name, value, format_args!("from {} to {}", bounds.start(), bounds.end())))
}
