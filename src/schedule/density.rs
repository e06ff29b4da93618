//! The density of polls that fits what is known of when an operation ends, and the pauses it makes.
//! Where that knowledge is from is not known here. Everything is in seconds.

use super::forecast::Hint;

/// The spread of an expectation, as the scale of the logistic distribution of its logarithm: a coefficient of variation of
/// about 0.3.
const SPREAD: f64 = 0.175_322_588_744_129_87;

/// The weight of "it may take any time" beside an expectation.
const DOUBT: f64 = 1.0 / 3.0;

/// How many polls a plan may be ahead of the balanced one.
const AHEAD: f64 = 3.0;

/// How many steps an integral is made of.
const STEPS: u32 = 256;

/// The numbers that a density is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Density {
    /// How many seconds of waiting one poll is worth.
    pub(super) cost: f64,
    /// The shortest pause.
    pub(super) floor: f64,
    /// The longest pause.
    pub(super) cap: f64,
    /// How long the operation is expected to take.
    pub(super) expectation: Option<f64>,
}

impl Density {
    /// The pause of a plan that knows nothing: so that the polls for an operation that takes `t` are never much worse than
    /// the best fixed interval for that `t`.
    pub(super) fn balanced(&self, now: f64) -> f64 {
        (2.0 * (self.cost * now).sqrt() + self.cost).clamp(self.floor, self.cap)
    }

    /// The pause after an answer at this time, when so many polls were sent: where the density adds up to one poll, or the
    /// balanced one if nothing is known. It is shortened by this share; but it is never below the floor, and never ahead
    /// of the budget. Polls that the plan did not ask for, as those after faults, are not made up for beyond the guard.
    pub(super) fn pause(&self, now: f64, polls: u32, hint: Option<(Hint, f64)>, shortened: f64) -> f64 {
        let planned = match (self.expectation, hint) {
            (None, None) => self.balanced(now),
            _ => self.one_poll(now, self.longest(now), hint),
        };
        let budget = self.balanced_time(f64::from(polls) + 1.0 - AHEAD) - now;
        let guard = self.longest(now).max(self.balanced(now));
        (planned * (1.0 - shortened)).max(budget.min(guard)).max(self.floor)
    }

    /// The longest pause allowed at this time: the guard of the lag, whatever is expected.
    pub(super) fn longest(&self, now: f64) -> f64 {
        let expected = 0.02 * self.expectation.unwrap_or(0.0);
        let unplanned = 3.0 * (2.0 * (self.cost * now).sqrt() + self.cost);
        expected.max(now / 2.0).max(unplanned).min(self.cap).max(self.floor)
    }

    /// How long it takes from now until the density adds up to one, if that is sooner than this.
    fn one_poll(&self, now: f64, most: f64, hint: Option<(Hint, f64)>) -> f64 {
        let step = most / f64::from(STEPS);
        let (mut sum, mut before) = (0.0, self.at(now, hint));
        for number in 0..STEPS {
            let after = self.at(now + f64::from(number + 1) * step, hint);
            let part = 0.5 * (before + after) * step;
            if sum + part >= 1.0 {
                return (f64::from(number) + (1.0 - sum) / part) * step;
            }
            sum += part;
            before = after;
        }
        most
    }

    /// Polls a second at this time: `√(hazard / 2c)`, the best there are for a known distribution of ends (J. B. Keller,
    /// "Optimum checking schedules for systems subject to random failure", Management Science 21, 1974).
    fn at(&self, time: f64, hint: Option<(Hint, f64)>) -> f64 {
        let time = time.max(1e-3);
        let (survival, ends) = match hint {
            None => self.known(time),
            Some((hint, weight)) => {
                // Both as they were when the hint came: that the operation had not ended by then is known.
                let (survival, ends) = self.known(time);
                let (by_then, _) = self.known(hint.since.max(1e-3));
                let (hinted, ends_hinted) = log_logistic((time - hint.since).max(1e-3), hint.rest);
                let rest = 1.0 - weight;
                (rest * survival / by_then + weight * hinted, rest * ends / by_then + weight * ends_hinted)
            }
        };
        (ends / survival / (2.0 * self.cost)).sqrt()
    }

    /// The share of operations that go on beyond this time, and how many end at it, by what is known beforehand.
    fn known(&self, time: f64) -> (f64, f64) {
        // No scale is likelier than another.
        let (any, ends_any) = ((1.0 + time).powf(-0.5), 0.5 * (1.0 + time).powf(-1.5));
        let Some(expectation) = self.expectation else { return (any, ends_any) };
        let (expected, ends_expected) = log_logistic(time, expectation);
        ((1.0 - DOUBT) * expected + DOUBT * any, (1.0 - DOUBT) * ends_expected + DOUBT * ends_any)
    }

    /// The time at which the balanced plan has sent so many polls, in the limit of many.
    fn balanced_time(&self, polls: f64) -> f64 {
        let Self { cost, floor, cap, .. } = *self;
        let Bends { floored, capped, polls_floored, polls_capped } = self.bends();
        if polls <= 0.0 {
            0.0
        } else if polls <= polls_floored {
            polls * floor
        } else if polls <= polls_capped {
            ((polls - polls_floored) * cost.sqrt() + floored.sqrt()).powi(2)
        } else {
            capped + (polls - polls_capped) * cap
        }
    }

    /// How many polls the balanced plan has sent by then, in the limit of many.
    #[cfg(test)]
    pub(super) fn balanced_polls(&self, time: f64) -> f64 {
        let Self { cost, floor, cap, .. } = *self;
        let Bends { floored, capped, polls_floored, polls_capped } = self.bends();
        if time <= floored {
            time / floor
        } else if time <= capped {
            polls_floored + (time.sqrt() - floored.sqrt()) / cost.sqrt()
        } else {
            polls_capped + (time - capped) / cap
        }
    }

    fn bends(&self) -> Bends {
        let Self { cost, floor, cap, .. } = *self;
        let floored = floor * floor / (4.0 * cost);
        let capped = floored.max(cap * cap / (4.0 * cost));
        let polls_floored = floored / floor;
        let polls_capped = polls_floored + (capped.sqrt() - floored.sqrt()) / cost.sqrt();
        Bends { floored, capped, polls_floored, polls_capped }
    }
}

/// Where the balanced plan leaves the floor and where it reaches the cap: the times, and the polls by then.
struct Bends {
    floored: f64,
    capped: f64,
    polls_floored: f64,
    polls_capped: f64,
}

/// Survival and density of the log-logistic distribution with this median.
fn log_logistic(time: f64, median: f64) -> (f64, f64) {
    let z = ((time / median).ln() / SPREAD).clamp(-60.0, 60.0);
    let survival = 1.0 / (1.0 + z.exp());
    (survival, survival * (1.0 - survival) / (SPREAD * time))
}

#[cfg(test)]
mod tests;
