//! The schedules of lro, as whoever uses them gets them; and what servers say to them.
//! Nothing here is a copy: each is made by the library.

use std::time::Duration;

use lro::Cadence;
use lro::schedule::{Balanced, Expected, Exponential, Fixed, Schedule};

use crate::play::Waiter;

pub(crate) fn all() -> Vec<Waiter> {
    vec![
        exponential("exponential, the default"),
        ours("fixed, 10 s", |_, _| Box::new(fixed())),
        balanced("balanced"),
        Waiter { progress: Some(honest), ..balanced("balanced, progress") },
        Waiter { progress: Some(stuck), ..balanced("balanced, progress stuck at 99") },
        expected("expected"),
        Waiter { progress: Some(honest), ..expected("expected, progress") },
        Waiter { progress: Some(stuck), ..expected("expected, progress stuck at 99") },
        ours("expected 3 times too long", |usually, _| expecting(usually * 3)),
        ours("expected 3 times too short", |usually, _| expecting(usually / 3)),
    ]
}

/// Those of the picture, by shorter names.
pub(crate) fn drawn() -> Vec<Waiter> {
    vec![
        exponential("exponential"),
        balanced("balanced"),
        Waiter { progress: Some(honest), ..balanced("balanced, progress") },
        expected("expected"),
    ]
}

pub(crate) fn balanced(name: &'static str) -> Waiter {
    ours(name, |_, _| Box::new(Balanced::default()))
}

pub(crate) fn ours(name: &'static str, schedule: fn(Duration, u64) -> Box<dyn Schedule>) -> Waiter {
    Waiter { is_ours: true, ..Waiter::new(name, schedule) }
}

pub(crate) fn expecting(expectation: Duration) -> Box<dyn Schedule> {
    Box::new(Expected::new(expectation, Cadence::default()).expect("the expectation is in bounds"))
}

fn exponential(name: &'static str) -> Waiter {
    ours(name, |_, _| Box::new(Exponential::default()))
}

fn expected(name: &'static str) -> Waiter {
    ours(name, |usually, _| expecting(usually))
}

fn fixed() -> Fixed {
    Fixed::new(Duration::from_secs(10)).expect("the interval is in bounds")
}

/// Progress as APIs tell it: in whole percent, as much as is done.
fn honest(done: f64) -> f64 {
    (100.0 * done).floor()
}

/// Progress that runs twice as fast as the work, until it stands at 99.
fn stuck(done: f64) -> f64 {
    (200.0 * done).floor().min(99.0)
}
