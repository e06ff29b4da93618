//! Exponential backoff: the default. The only file that names backon.
//! Nothing here knows what was answered.

use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use super::{Moment, Schedule};
use crate::policy::{Backoff, PolicyError};

/// Exponential backoff: each pause longer than the one before, up to a longest one. Clones share its
/// numbers.
///
/// ```
/// use std::time::Duration;
/// use lro::Backoff;
/// use lro::schedule::Exponential;
///
/// let gentle = Exponential::new(Backoff {
///     interval: Duration::from_secs(5),
///     max_interval: Duration::from_secs(120),
///     ..Backoff::default()
/// })?;
/// # let _ = gentle;
/// # Ok::<(), lro::PolicyError>(())
/// ```
#[derive(Debug, Clone, Default)]
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

impl Schedule for Exponential {
    fn next_pause(&mut self, now: &Moment) -> Option<Duration> {
        let pause = match self.last {
            None => pauses(&self.numbers, self.numbers.interval).next()?,
            Some(last) => pauses(&self.numbers, last).nth(1)?,
        };
        self.last = Some(pause);
        let share = 1.0 + self.numbers.jitter * (2.0 * now.random() - 1.0);
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
