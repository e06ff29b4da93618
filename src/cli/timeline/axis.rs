//! Where a moment stands on the line of time, and which moments are named there.
//! What happened then is not known here.

use std::fmt;
use std::time::Duration;

use crate::cli::duration::human;

/// How far apart the moments with a name may be, in milliseconds.
const STEPS: [u64; 30] = [
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    15_000,
    30_000,
    60_000,
    120_000,
    300_000,
    600_000,
    900_000,
    1_800_000,
    3_600_000,
    7_200_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    172_800_000,
    432_000_000,
    864_000_000,
    1_728_000_000,
    4_320_000_000,
    8_640_000_000,
    17_280_000_000,
    43_200_000_000,
    86_400_000_000,
];

/// How many moments have a name at most.
const MOST_NAMED: u128 = 7;

/// The line of time of a run, from its beginning to the end of what ended last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis(Duration);

/// A place on the line, in percent of it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(super) struct Percent(pub(super) f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}%", self.0)
    }
}

impl Axis {
    pub(super) fn of(span: Duration) -> Self {
        Self(span.max(Duration::from_millis(1)))
    }

    /// Where this moment is.
    pub(super) fn at(self, moment: Duration) -> Percent {
        Percent((moment.as_secs_f64() / self.0.as_secs_f64() * 100.0).clamp(0.0, 100.0))
    }

    /// The same in parts of ten thousand, for what is drawn in one stroke.
    pub(super) fn parts(self, moment: Duration) -> u32 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 10000")]
        let parts = (self.at(moment).0 * 100.0).round() as u32;
        parts
    }

    pub(super) fn has(self, moment: Duration) -> bool {
        moment <= self.0
    }

    /// The moments that have a name, the beginning first.
    pub(super) fn named(self) -> Vec<(Duration, String)> {
        let span = self.0.as_millis();
        let step = STEPS.into_iter().find(|step| span / u128::from(*step) < MOST_NAMED);
        let step = Duration::from_millis(step.unwrap_or(u64::MAX));
        let moments =
            (0..u32::try_from(MOST_NAMED).unwrap_or(u32::MAX)).filter_map(|nth| step.checked_mul(nth));
        moments
            .filter(|moment| self.has(*moment))
            .map(|moment| {
                let name = if step < Duration::from_secs(1) && !moment.is_zero() {
                    format!("{:.1}s", moment.as_secs_f64())
                } else {
                    human(moment)
                };
                (moment, name)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_any_length_has_a_few_names() {
        for (milliseconds, expected) in [
            (0, "0s"),
            (450, "0s 0.1s 0.2s 0.3s 0.4s"),
            (2_000, "0s 0.5s 1.0s 1.5s 2.0s"),
            (7_000, "0s 2s 4s 6s"),
            (90_000, "0s 15s 30s 45s 1m 1m 15s 1m 30s"),
            (3 * 86_400_000, "0s 12h 1d 1d 12h 2d 2d 12h 3d"),
            (10 * 365 * 86_400_000, "0s 1000d 2000d 3000d"),
        ] {
            let names: Vec<_> = Axis::of(Duration::from_millis(milliseconds))
                .named()
                .into_iter()
                .map(|(_, name)| name)
                .collect();
            assert_eq!(names.join(" "), expected, "{milliseconds}");
        }
    }

    #[test]
    fn no_moment_is_beside_the_line() {
        let axis = Axis::of(Duration::from_secs(10));
        for (seconds, percent) in [(0, 0.0), (5, 50.0), (10, 100.0), (11, 100.0)] {
            assert_eq!(axis.at(Duration::from_secs(seconds)), Percent(percent));
        }
    }
}
