//! What a server says of its progress, told to a whole machine: it moves the polls, and nothing else.
//! How it is weighed is the schedule's own; only pauses and ends are looked at here.

use super::*;
use crate::policy::Cadence;
use crate::schedule::{Balanced, Expected, Exponential};

const LATENCY: Duration = Duration::from_millis(100);

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn balanced() -> Box<dyn Schedule> {
    Box::new(Balanced::default())
}

fn expected() -> Box<dyn Schedule> {
    Box::new(Expected::new(secs(600), Cadence::default()).unwrap())
}

/// The times of the first polls of an operation that never ends, whose server says this in its answers, by their number.
fn polls(
    schedule: Box<dyn Schedule>,
    count: usize,
    says: impl Fn(usize, Duration) -> Hints,
) -> Vec<Duration> {
    let policy = Policy { timeout: None, ..Policy::default() };
    let mut wait = Machine::new(policy, schedule, 7).unwrap();
    let (mut now, mut happened, mut polls) = (Duration::ZERO, Happened::Started, Vec::new());
    while polls.len() < count {
        match wait.on(happened, now) {
            Step::Poll { .. } => {
                polls.push(now);
                now += LATENCY;
                let hints = says(polls.len(), now);
                happened = Happened::Answered { verdict: Verdict::Pending, hints };
            }
            Step::Sleep(pause) => {
                now += pause;
                happened = Happened::Woke;
            }
            Step::Finish(end) => panic!("what a server says of its progress ended a wait: {end:?}"),
        }
    }
    polls
}

fn percent(percent: f64) -> Hints {
    Hints::none().progress(percent)
}

#[test]
fn what_is_no_progress_is_as_good_as_silence() {
    for schedule in [balanced, expected] {
        let silence = polls(schedule(), 60, |_, _| Hints::none());
        for nonsense in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, -1.0, 100.5, 0.0, -0.0] {
            assert_eq!(polls(schedule(), 60, |_, _| percent(nonsense)), silence, "{nonsense}");
        }
        // All of it done, and still pending: that says nothing of the end either, at once and after an hour.
        assert_eq!(polls(schedule(), 60, |_, _| percent(100.0)), silence);
        assert_eq!(polls(schedule(), 60, |_, _| Hints::none().remaining(Duration::ZERO)), silence);
    }
}

#[test]
fn no_progress_whatever_ends_a_wait_or_makes_it_hammer_or_sleep_too_long() {
    type Says = fn(usize) -> f64;
    let servers: [(&str, Says); 7] = [
        ("backwards", |poll| 99.0 - f64::from(u32::try_from(poll).unwrap() % 100)),
        ("up and down", |poll| if poll % 2 == 0 { 90.0 } else { 10.0 }),
        ("stuck at 99", |_| 99.0),
        ("done at the second poll", |poll| if poll < 2 { 50.0 } else { 100.0 }),
        ("a hair further each time", |poll| 99.0 + f64::from(u32::try_from(poll).unwrap()) * 1e-9),
        ("a hair at all", |poll| f64::MIN_POSITIVE * f64::from(u32::try_from(poll).unwrap())),
        ("now and then no number", |poll| if poll % 3 == 0 { f64::NAN } else { 80.0 }),
    ];
    for schedule in [balanced, expected] {
        for (name, says) in servers {
            let polls = polls(schedule(), 200, |poll, _| percent(says(poll)));
            for (number, pair) in (1..).zip(polls.windows(2)) {
                let pause = pair[1].saturating_sub(pair[0] + LATENCY);
                assert!(pause >= secs(1) && pause <= secs(120), "{name}: {pause:?} after poll {number}");
            }
            // No hint is worth more than three polls over the plan that knows nothing, of which there are 2√t - 1.
            for (number, at) in (1..).zip(&polls) {
                let seconds = at.as_secs_f64();
                let plan = if seconds < 1.0 { seconds } else { 2.0 * seconds.sqrt() - 1.0 };
                assert!(f64::from(number) <= plan + 3.001, "{name}: {number} by {at:?}");
            }
        }
    }
}

#[test]
fn progress_that_is_told_truly_has_the_end_asked_for_sooner() {
    let takes = secs(600);
    let seen = |told: bool| {
        let schedule = Balanced::new(Cadence { jitter: 0.0, ..Cadence::default() }).unwrap();
        let share = |now: Duration| (100.0 * now.div_duration_f64(takes)).min(99.9);
        let says = |_, now| if told { percent(share(now)) } else { Hints::none() };
        let polls = polls(Box::new(schedule), 60, says);
        let index = polls.iter().position(|at| *at >= takes).unwrap();
        let after = |time: Duration| polls[index].saturating_sub(time).as_millis();
        (index + 1, after(takes), after(polls[index - 1]))
    };
    // How many polls, how late, and how long after the poll before, in milliseconds: for an end in ten minutes.
    assert_eq!(seen(false), (49, 18_958, 24_728));
    assert_eq!(seen(true), (30, 557, 1100));
}

#[test]
fn polls_after_faults_do_not_make_a_plan_sleep_beyond_its_longest_interval() {
    let minute = secs(60);
    let numbers = Cadence { cost: minute, interval: minute, max_interval: 2 * minute, jitter: 0.0 };
    let schedule = Box::new(Balanced::new(numbers).unwrap());
    let policy =
        Policy { timeout: None, max_errors: crate::policy::MaxErrors::Unlimited, ..Policy::default() };
    let mut wait = Machine::new(policy, schedule, 7).unwrap();
    let mut now = Duration::ZERO;
    let mut step = wait.on(Happened::Started, now);
    while wait.polls() < 12 {
        step = match step {
            Step::Poll { .. } => {
                wait.on(Happened::Erred { kind: PollErrorKind::Transient, retry_after: None }, now)
            }
            Step::Sleep(pause) => {
                now += pause;
                wait.on(Happened::Woke, now)
            }
            Step::Finish(end) => panic!("{end:?}"),
        };
    }
    let pending = Happened::Answered { verdict: Verdict::Pending, hints: Hints::none() };
    let Step::Sleep(pause) = wait.on(pending, now) else { panic!("a pause") };
    assert!(pause <= 2 * minute, "{pause:?}");
}

#[test]
fn a_backoff_does_not_hear_of_progress() {
    let backoff = || Box::new(Exponential::default());
    assert_eq!(polls(backoff(), 20, |_, _| percent(99.0)), polls(backoff(), 20, |_, _| Hints::none()));
}
