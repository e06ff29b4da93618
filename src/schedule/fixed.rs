//! The same pause each time.
//! Nothing here knows what was answered.

use std::time::Duration;

use super::{Moment, Schedule};
use crate::policy::{LONGEST_PAUSE, PolicyError, SHORTEST_PAUSE, check_duration};

/// The same pause each time, for operations whose scale is known.
///
/// ```
/// use std::time::Duration;
/// use lro::schedule::Fixed;
///
/// let each_ten_seconds = Fixed::new(Duration::from_secs(10))?;
/// assert!(Fixed::new(Duration::ZERO).is_err());
/// # let _ = each_ten_seconds;
/// # Ok::<(), lro::PolicyError>(())
/// ```
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
