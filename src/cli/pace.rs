//! The schedule that the arguments ask for, and which of them have a meaning with it.
//! How long a pause is, is the library's to say.

use std::time::Duration;

use lro::policy::{
    DEFAULT_COST, DEFAULT_FACTOR, DEFAULT_JITTER, DEFAULT_MAX_BALANCED_INTERVAL, DEFAULT_MAX_INTERVAL,
};
use lro::schedule::{Balanced, Expected, Exponential, Fixed};
use lro::{Backoff, Cadence};

use super::args::{Pace, ScheduleName};
use super::duration::human;
use super::exit::Exit;
use super::failure::Failure;

/// The schedule of which each operation has one.
pub(super) enum Pauses {
    Exponential(Exponential),
    Balanced(Balanced),
    Expected(Expected),
    Fixed(Fixed),
}

impl Pauses {
    pub(super) fn of(pace: &Pace) -> Result<Self, Failure> {
        let name = name(pace);
        check(pace, name)?;
        let made = match (name, pace.expect) {
            (ScheduleName::Exponential, _) => Exponential::new(exponential(pace)).map(Self::Exponential),
            (ScheduleName::Expected, Some(expectation)) => {
                Expected::new(expectation.0, cadence(pace)).map(Self::Expected)
            }
            (ScheduleName::Balanced | ScheduleName::Expected, _) => {
                Balanced::new(cadence(pace)).map(Self::Balanced)
            }
            (ScheduleName::Fixed, _) => Fixed::new(pace.interval.0).map(Self::Fixed),
        };
        made.map_err(|error| Failure::of(Exit::Usage, &error))
    }
}

/// The warning for an operation that is expected to take longer than it is waited for.
pub(super) fn warning(pace: &Pace, timeout: Option<Duration>) -> Option<String> {
    let (expectation, timeout) = (pace.expect?.0, timeout?);
    (expectation >= timeout).then(|| {
        format!(
            "the operation is expected to take {}, but the wait ends after {}: --timeout says for how long",
            human(expectation),
            human(timeout)
        )
    })
}

fn name(pace: &Pace) -> ScheduleName {
    let unsaid = if pace.expect.is_some() { ScheduleName::Expected } else { ScheduleName::Exponential };
    pace.schedule.unwrap_or(unsaid)
}

/// Refuses what has no meaning with this schedule.
fn check(pace: &Pace, name: ScheduleName) -> Result<(), Failure> {
    use ScheduleName::{Balanced, Expected, Exponential, Fixed};
    if name == Expected && pace.expect.is_none() {
        let failure = Failure::usage("--schedule expected has nothing to expect");
        return Err(failure.hint("say how long the operation usually takes: --expect 20m".to_owned()));
    }
    let (word, meant) = match name {
        Exponential => ("exponential", "--interval, --max-interval, --backoff and --jitter"),
        Balanced => ("balanced", "--interval, --max-interval, --jitter and --cost"),
        Expected => ("expected", "--expect, --interval, --max-interval, --jitter and --cost"),
        Fixed => ("fixed", "only --interval"),
    };
    let strange = [
        ("--expect", pace.expect.is_some() && name != Expected),
        ("--max-interval", pace.max_interval.is_some() && name == Fixed),
        ("--backoff", pace.factor.is_some() && name != Exponential),
        ("--jitter", pace.jitter.is_some() && name == Fixed),
        ("--cost", pace.cost.is_some() && matches!(name, Exponential | Fixed)),
    ];
    match strange.into_iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) => Err(Failure::usage(format!("{flag} has no meaning with --schedule {word}"))
            .hint(format!("{word} knows {meant}; leave the other out"))),
        None => Ok(()),
    }
}

fn exponential(pace: &Pace) -> Backoff {
    Backoff {
        interval: pace.interval.0,
        max_interval: longest(pace, DEFAULT_MAX_INTERVAL),
        factor: pace.factor.unwrap_or(DEFAULT_FACTOR),
        jitter: pace.jitter.unwrap_or(DEFAULT_JITTER),
    }
}

fn cadence(pace: &Pace) -> Cadence {
    Cadence {
        cost: pace.cost.map_or(DEFAULT_COST, |cost| cost.0),
        interval: pace.interval.0,
        max_interval: longest(pace, DEFAULT_MAX_BALANCED_INTERVAL),
        jitter: pace.jitter.unwrap_or(DEFAULT_JITTER),
    }
}

/// A first pause over the default maximum is the maximum: who says 1 min means 1 min.
fn longest(pace: &Pace, default: Duration) -> Duration {
    pace.max_interval.map_or(default.max(pace.interval.0), |longest| longest.0)
}
