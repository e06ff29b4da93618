//! A wait played through: the machine of lro decides, time is added up, and the operation ends when it ends.
//! What a schedule does is not known here, nor what is made of the figures.

use std::time::Duration;

use lro::machine::{Happened, Machine, Step};
use lro::schedule::Schedule;
use lro::{Hints, Policy, Verdict};

use crate::durations::Durations;

/// How long each answer takes; the server looks halfway.
pub(crate) const LATENCY: Duration = Duration::from_millis(100);

/// Somebody who waits for an operation.
pub(crate) struct Waiter {
    pub(crate) name: &'static str,
    pub(crate) is_ours: bool,
    /// How long after the start of the operation the first poll is sent.
    pub(crate) first: Duration,
    /// The schedule, for operations that usually take so long, with a seed for its own randomness.
    pub(crate) schedule: fn(usually: Duration, seed: u64) -> Box<dyn Schedule>,
    /// What the server says of the progress, in percent, when this share of the operation is done.
    pub(crate) progress: Option<fn(f64) -> f64>,
    /// How often it looks at what its own polls have brought; none is at once.
    pub(crate) looks_each: Option<Duration>,
    /// Where it gives up unless told otherwise.
    pub(crate) limit: Limit,
}

impl Waiter {
    /// One that polls at once, without an end, and is told no progress.
    pub(crate) fn new(name: &'static str, schedule: fn(Duration, u64) -> Box<dyn Schedule>) -> Self {
        let first = Duration::ZERO;
        Self { name, is_ours: false, first, schedule, progress: None, looks_each: None, limit: Limit::None }
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Limit {
    None,
    /// After so many polls.
    Polls(u32),
    /// So long after its start no poll is sent any more.
    Time(Duration),
}

/// What a waiter does on average.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Average {
    /// The polls that it sends, the one that sees the end included.
    pub(crate) polls: f64,
    /// From the end of the operation to the answer that shows it, in seconds.
    pub(crate) lag: f64,
    /// The share of operations on which it gives up unless its limit is lifted. The other figures are with it lifted.
    pub(crate) given_up: f64,
}

/// What each of these waiters does.
pub(crate) fn all(waiters: &[Waiter], durations: &Durations) -> Vec<Average> {
    waiters.iter().map(|waiter| average(waiter, durations)).collect()
}

pub(crate) fn average(waiter: &Waiter, durations: &Durations) -> Average {
    let usually = Duration::from_secs_f64(durations.median);
    let (mut polls, mut lag, mut given_up, mut count) = (0.0, 0.0, 0.0, 0.0);
    for (seed, takes) in (1..).zip(&durations.each) {
        let run = play(waiter, usually, Duration::from_secs_f64(*takes), seed);
        polls += f64::from(run.polls);
        lag += run.lag.as_secs_f64();
        given_up += f64::from(u8::from(run.is_given_up));
        count += 1.0;
    }
    Average { polls: polls / count, lag: lag / count, given_up: given_up / count }
}

struct Run {
    polls: u32,
    lag: Duration,
    is_given_up: bool,
}

fn play(waiter: &Waiter, usually: Duration, takes: Duration, seed: u64) -> Run {
    let policy = Policy { timeout: None, initial_delay: waiter.first, ..Policy::default() };
    let machine = Machine::new(policy, (waiter.schedule)(usually, seed), seed);
    let mut machine = machine.expect("the policy is in bounds");
    let (mut now, mut happened) = (Duration::ZERO, Happened::Started);
    loop {
        match machine.on(happened, now) {
            Step::Sleep(pause) => {
                now += pause;
                happened = Happened::Woke;
            }
            Step::Poll { .. } => {
                let (asked, looked) = (now, now + LATENCY / 2);
                now += LATENCY;
                if takes <= looked {
                    let known =
                        waiter.looks_each.map_or(now, |each| each.mul_f64(now.div_duration_f64(each).ceil()));
                    let polls = machine.polls();
                    let is_given_up = match waiter.limit {
                        Limit::None => false,
                        Limit::Polls(most) => polls > most,
                        Limit::Time(most) => asked > most,
                    };
                    return Run { polls, lag: known.saturating_sub(takes), is_given_up };
                }
                let progress = waiter.progress.map(|progress| progress(looked.div_duration_f64(takes)));
                happened =
                    Happened::Answered { verdict: Verdict::Pending, hints: Hints::none().progress(progress) };
            }
            Step::Finish(end) => unreachable!("nothing ends this wait, but {end:?} did"),
        }
    }
}
