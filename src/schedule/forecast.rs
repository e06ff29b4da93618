//! When an operation may be done, by what its server says of how far it is; and how much that is worth by now.
//! How often to ask is not decided here.

use std::time::Duration;

use super::Moment;

/// How much a fresh hint weighs against what was known before.
const WEIGHT: f64 = 0.7;

/// From how much of the work on a share says how long the rest takes.
const LEAST_SHARE: f64 = 0.05;

/// What the hints of a server say of the end of its operation.
///
/// A share of the work that is done says how long the rest takes, if it goes on at that pace; a server that says itself how
/// long it takes is believed before that. What a server says is taken for a guess: it is worth less the longer it stands
/// still, half each time that as much time has passed as was left when it was said. Nonsense (a share that is no number from
/// 0 to 100, an end that has passed) is passed over; a share that falls back, or is all of the work while it goes on, takes
/// back what was said before.
///
/// ```
/// use std::time::Duration;
/// use lro::operation::Hints;
/// use lro::schedule::{Forecast, Moment};
///
/// let mut forecast = Forecast::default();
/// let minute = Duration::from_secs(60);
/// forecast.note(&Moment::new(2 * minute, 9, 0.5).hints(Hints::default().progress(25.0)));
/// assert_eq!(forecast.remaining(2 * minute), Some(6 * minute));
/// assert_eq!(forecast.remaining(3 * minute), Some(5 * minute));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Forecast {
    /// The share of the work that was said to be done last.
    share: f64,
    hint: Option<Hint>,
}

/// What a server has said: at this time, that the rest takes so long. In seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hint {
    pub(super) since: f64,
    pub(super) rest: f64,
}

impl Forecast {
    /// Takes note of the hints that came with an answer.
    pub fn note(&mut self, now: &Moment) {
        let at = now.elapsed.as_secs_f64();
        let share = now
            .hints
            .progress
            .filter(|percent| (0.0..=100.0).contains(percent))
            .map(|percent| percent / 100.0);
        let before = share.map(|share| std::mem::replace(&mut self.share, share));
        if let Some(rest) = now.hints.remaining {
            if !rest.is_zero() {
                self.hint = Some(Hint { since: at, rest: rest.as_secs_f64() });
            }
            return;
        }
        match (share, before) {
            (Some(share), Some(before)) if share < before => self.hint = None,
            (Some(share), Some(before)) if share > before => {
                let rest = at * (1.0 - share) / share;
                self.hint = (rest > 0.0).then_some(Hint { since: at, rest });
            }
            _ => {}
        }
    }

    /// How long the operation still takes, as far as that can be said honestly.
    #[must_use]
    pub fn remaining(&self, elapsed: Duration) -> Option<Duration> {
        let hint = self.hint.filter(|_| self.share == 0.0 || self.share >= LEAST_SHARE)?;
        let rest = hint.since + hint.rest - elapsed.as_secs_f64();
        if rest > 0.0 { Duration::try_from_secs_f64(rest).ok() } else { None }
    }

    /// The hint, and what it weighs at this time, from 0 to 1.
    pub(super) fn hint(&self, now: f64) -> Option<(Hint, f64)> {
        let hint = self.hint?;
        let still = (now - hint.since).max(0.0);
        Some((hint, WEIGHT * (-still / hint.rest).exp2()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Hints;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// What is forecast after these shares, each said at its time.
    fn after(said: &[(u64, f64)]) -> Forecast {
        let mut forecast = Forecast::default();
        for (at, percent) in said {
            forecast.note(&Moment::new(secs(*at), 1, 0.5).hints(Hints::default().progress(*percent)));
        }
        forecast
    }

    #[test]
    fn a_share_that_grows_says_how_long_the_rest_takes() {
        assert_eq!(after(&[(60, 50.0)]).remaining(secs(60)), Some(secs(60)));
        assert_eq!(after(&[(60, 50.0), (120, 80.0)]).remaining(secs(120)), Some(secs(30)));
        assert_eq!(after(&[(60, 50.0), (120, 50.0)]).remaining(secs(119)), Some(secs(1)));
        assert_eq!(after(&[(60, 50.0), (120, 50.0)]).remaining(secs(120)), None);
    }

    #[test]
    fn what_says_nothing_of_the_end_is_no_forecast() {
        for said in [
            &[(60, 0.0)][..],
            &[(60, 2.0)],
            &[(60, 100.0)],
            &[(60, 1e300)],
            &[(60, -4.0)],
            &[(60, f64::NAN)],
            &[(60, f64::INFINITY)],
            &[(0, 50.0)],
            &[(60, 50.0), (70, 40.0)],
            &[(50, 50.0), (60, 100.0)],
        ] {
            assert_eq!(after(said).remaining(secs(60)), None, "{said:?}");
        }
    }

    #[test]
    fn nonsense_takes_nothing_back_that_was_said_before() {
        for nonsense in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, -1.0, 100.1] {
            let forecast = after(&[(60, 50.0), (70, nonsense)]);
            assert_eq!(forecast, after(&[(60, 50.0)]), "{nonsense}");
        }
    }

    #[test]
    fn progress_that_fell_back_counts_again_when_it_grows() {
        assert_eq!(after(&[(60, 50.0), (70, 40.0), (80, 50.0)]).remaining(secs(80)), Some(secs(80)));
        assert_eq!(
            after(&[(60, 50.0), (70, 100.0), (80, 80.0), (90, 90.0)]).remaining(secs(90)),
            Some(secs(10))
        );
    }

    #[test]
    fn what_the_server_says_of_the_end_counts_before_its_progress() {
        let mut forecast = after(&[(60, 50.0)]);
        let hints = Hints::default().progress(60.0).remaining(secs(300));
        forecast.note(&Moment::new(secs(70), 2, 0.5).hints(hints));
        assert_eq!(forecast.remaining(secs(70)), Some(secs(300)));
        // An end that has passed says nothing new.
        let hints = Hints::default().progress(60.0).remaining(Duration::ZERO);
        forecast.note(&Moment::new(secs(80), 3, 0.5).hints(hints));
        assert_eq!(forecast.remaining(secs(80)), Some(secs(290)));
    }

    #[test]
    fn a_hint_weighs_less_the_longer_it_stands_still() {
        let forecast = after(&[(60, 50.0), (90, 50.0)]);
        let weight = |now| forecast.hint(now).unwrap().1;
        assert!((weight(60.0) - 0.7).abs() < 1e-9);
        assert!((weight(120.0) - 0.35).abs() < 1e-9);
        assert!(weight(600.0) < 0.002);
    }
}
