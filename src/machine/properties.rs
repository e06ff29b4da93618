//! The promises of a wait, over arbitrary policies and arbitrary servers.

use proptest::prelude::*;

use super::*;
use crate::policy::{Backoff, MaxErrors};
use crate::schedule::Exponential;

const PENDING: Happened = Happened::Answered { verdict: Verdict::Pending, hints: Hints::none() };
const FAULT: Happened = Happened::Erred { kind: PollErrorKind::Transient, retry_after: None };

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// One thing a server does to one poll: what it answers, and after how long; a `hang` is cut off by the poll timeout.
#[derive(Debug, Clone)]
struct Turn {
    happened: Happened,
    latency: Duration,
    hang: bool,
    /// Before it, another operation's answer holds it back: for so long, and so much later at most.
    held: Option<(Duration, Duration)>,
}

fn turn() -> impl Strategy<Value = Turn> {
    use PollErrorKind as Kind;
    let retry_after = || {
        prop_oneof![3 => Just(None), 1 => (0..200_000_u64).prop_map(|ms| Some(millis(ms))),
        1 => (0..60 * 24 * 60 * 60_u64).prop_map(|seconds| Some(secs(seconds)))]
    };
    // Nonsense too: nothing that a server says of its progress can end a wait.
    let progress = || prop_oneof![3 => Just(None), 2 => (-10.0..110.0_f64).prop_map(Some), 1 => any::<f64>().prop_map(Some)];
    let remaining = || prop_oneof![3 => Just(None), 1 => any::<u32>().prop_map(|s| Some(secs(u64::from(s))))];
    let hints = || {
        (retry_after(), progress(), remaining()).prop_map(|(pause, percent, time)| {
            Hints::none().retry_after(pause).progress(percent).remaining(time)
        })
    };
    let answer = |verdict| hints().prop_map(move |hints| Happened::Answered { verdict, hints });
    let fault = |kind| retry_after().prop_map(move |retry_after| Happened::Erred { kind, retry_after });
    let happened = prop_oneof![
        30 => answer(Verdict::Pending),
        3 => answer(Verdict::Blocked),
        1 => answer(Verdict::Succeeded),
        1 => answer(Verdict::Failed),
        1 => answer(Verdict::Cancelled),
        20 => fault(Kind::Transient),
        3 => fault(Kind::NotFound),
        1 => fault(Kind::Gone),
        1 => fault(Kind::Denied),
        1 => fault(Kind::NotUnderstood),
        1 => fault(Kind::Permanent),
    ];
    let held = prop_oneof![
        5 => Just(None),
        1 => (0..100_000_u64, 0..3000_u64).prop_map(|(pause, spread)| Some((millis(pause), millis(spread))))
    ];
    (happened, 0..20_000_u64, prop::bool::weighted(0.1), held)
        .prop_map(|(happened, latency, hang, held)| Turn { happened, latency: millis(latency), hang, held })
}

fn any_policy() -> impl Strategy<Value = Policy> {
    let max_errors = prop_oneof![
        (1..10_u32).prop_map(MaxErrors::UntilFirstAnswer),
        (1..10_u32).prop_map(MaxErrors::Always),
        Just(MaxErrors::Unlimited),
    ];
    let timeout = prop_oneof![
        4 => (10..400_000_u64).prop_map(Some),
        1 => (10..30 * 24 * 60 * 60 * 1000_u64).prop_map(Some),
        1 => Just(None),
    ];
    (timeout, 10..60_000_u64, 0.0..0.9_f64, max_errors, 0..60_000_u64, any::<bool>()).prop_map(
        |(timeout, poll_timeout, delay, max_errors, grace, fail_on_blocked)| Policy {
            timeout: timeout.map(millis),
            poll_timeout: millis(poll_timeout),
            initial_delay: timeout
                .map_or(Duration::ZERO, |timeout| millis(timeout).mul_f64(delay).min(LONGEST_PAUSE)),
            max_errors,
            not_found_grace: millis(grace),
            fail_on_blocked,
        },
    )
}

/// One step of a run: when it was decided, on what, and what was decided.
struct Entry {
    elapsed: Duration,
    happened: Happened,
    step: Step,
}

/// Plays turns against a machine as the driver would, until the end or until the turns run out.
fn play(policy: &Policy, numbers: Backoff, turns: &[Turn], seed: u64) -> Vec<Entry> {
    let schedule = Box::new(Exponential::new(numbers).unwrap());
    let mut wait = Machine::new(policy.clone(), schedule, seed).unwrap();
    let (mut elapsed, mut happened, mut turns) = (Duration::ZERO, Happened::Started, turns.iter());
    let mut log = Vec::new();
    let mut held = turns.as_slice().first().and_then(|turn| turn.held);
    loop {
        let step = wait.on(happened, elapsed);
        log.push(Entry { elapsed, happened, step });
        match step {
            Step::Finish(_) => return log,
            Step::Sleep(pause) => {
                elapsed += pause;
                let held = held.take();
                happened =
                    held.map_or(Happened::Woke, |(pause, spread)| Happened::HeldBack { pause, spread });
            }
            Step::Poll { at_most } => {
                let Some(turn) = turns.next() else { return log };
                held = turns.as_slice().first().and_then(|turn| turn.held);
                let cut = turn.hang || turn.latency >= at_most;
                elapsed += if cut { at_most } else { turn.latency };
                happened = if cut { FAULT } else { turn.happened };
            }
        }
    }
}

fn is_terminal(happened: Happened) -> bool {
    matches!(happened, Happened::Answered { verdict, .. } if verdict.is_terminal())
}

proptest! {
    // A failure becomes a scenario, not a file of numbers.
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_promises_hold_whatever_a_server_does(
        policy in any_policy(),
        turns in prop::collection::vec(turn(), 0..80),
        seed in any::<u64>(),
    ) {
        let numbers = Backoff::default();
        let log = play(&policy, numbers, &turns, seed);
        let mut answered_at = None;
        let mut faults_in_a_row = 0;
        for (index, entry) in log.iter().enumerate() {
            let Entry { elapsed, happened, step } = entry;
            let retry_after = match happened {
                Happened::Answered { hints, .. } => hints.retry_after,
                Happened::Erred { retry_after, .. } => *retry_after,
                Happened::HeldBack { pause, .. } => Some(*pause),
                Happened::Started | Happened::Woke => None,
            };

            // A limited wait ends at or before its limit.
            if let Some(timeout) = policy.timeout {
                prop_assert!(*elapsed <= timeout);
                match step {
                    Step::Poll { at_most } => prop_assert!(*elapsed + *at_most <= timeout && !at_most.is_zero()),
                    Step::Sleep(pause) => prop_assert!(*elapsed + *pause <= timeout),
                    Step::Finish(_) => {}
                }
            }
            // A poll never lasts longer than it may.
            if let Step::Poll { at_most } = step {
                prop_assert!(*at_most <= policy.poll_timeout);
            }
            // No pause is shorter than the server asks, or longer than its cap.
            if let Step::Sleep(pause) = step {
                let cap = match happened {
                    Happened::Started => policy.initial_delay,
                    Happened::Answered { .. } => numbers.max_interval,
                    Happened::HeldBack { pause, spread } => (*pause + *spread).max(SHORTEST_PAUSE),
                    _ => secs(30),
                };
                prop_assert!(*pause >= retry_after.unwrap_or_default());
                // To the limit itself the wait may sleep past its pace: then nothing is asked any more.
                let to_limit = policy.timeout.is_some_and(|timeout| *elapsed + *pause == timeout);
                prop_assert!(to_limit || *pause <= cap.max(retry_after.unwrap_or_default()));
                prop_assert!(*pause > Duration::ZERO);
            }
            // Success is only ever reported for an answer that said so, and so is every other end.
            if let Step::Finish(End::Done(verdict)) = step {
                let said = matches!(happened, Happened::Answered { verdict: said, .. } if said == verdict);
                let ends_it = *verdict == Verdict::Blocked && policy.fail_on_blocked;
                prop_assert!(said && (verdict.is_terminal() || ends_it));
            }
            // After a terminal answer, and after a permanent error, nothing is asked.
            let permanent = matches!(happened, Happened::Erred { kind, .. }
                if !matches!(kind, PollErrorKind::Transient | PollErrorKind::NotFound));
            if is_terminal(*happened) || permanent {
                prop_assert!(matches!(step, Step::Finish(_)));
                prop_assert_eq!(index + 1, log.len());
            }
            // The budget before the first useful answer holds, and none is used up too soon.
            match happened {
                Happened::Answered { .. } => {
                    answered_at.get_or_insert(*elapsed);
                    faults_in_a_row = 0;
                }
                Happened::Erred { kind: PollErrorKind::NotFound, .. }
                    if *elapsed < answered_at.unwrap_or_default() + policy.not_found_grace => {}
                Happened::Erred { .. } => faults_in_a_row += 1,
                Happened::Started | Happened::Woke | Happened::HeldBack { .. } => {}
            }
            let budget = match policy.max_errors {
                MaxErrors::UntilFirstAnswer(most) if answered_at.is_none() => most,
                MaxErrors::Always(most) => most,
                _ => u32::MAX,
            };
            let fault = matches!(happened, Happened::Erred { kind: PollErrorKind::Transient, .. });
            match step {
                Step::Finish(End::Lost { errors_in_a_row }) => {
                    prop_assert_eq!(*errors_in_a_row, faults_in_a_row);
                    prop_assert!(!fault || faults_in_a_row >= budget);
                }
                Step::Sleep(_) if fault => prop_assert!(faults_in_a_row < budget),
                _ => {}
            }
        }
    }

    #[test]
    fn a_wait_that_runs_out_has_asked_in_time_for_an_answer(
        policy in any_policy(),
        latency in 0..3_000_u64,
        seed in any::<u64>(),
    ) {
        // An answer every few seconds fills days with more polls than a test has time for.
        let timeout = policy.timeout.unwrap_or(secs(300)).min(secs(400));
        let initial_delay = policy.initial_delay.min(timeout / 2);
        let policy = Policy { timeout: Some(timeout), initial_delay, ..policy };
        let latency = millis(latency).min(policy.poll_timeout / 2).min(timeout.saturating_sub(policy.initial_delay) / 8);
        let turns = vec![Turn { happened: PENDING, latency, hang: false, held: None }; 60_000];
        let log = play(&policy, Backoff::default(), &turns, seed);
        let end = log.last().map(|entry| (entry.step, entry.elapsed));
        prop_assert_eq!(end, Some((Step::Finish(End::OutOfTime(Limit::Timeout(timeout))), timeout)));
        let polled = log.iter().rev().find(|entry| matches!(entry.step, Step::Poll { .. })).unwrap();
        let answered = polled.elapsed + latency;
        prop_assert!(answered < timeout);
        // The last answer is no staler at the end than the time kept for it and one pause that is not worth a poll.
        let reserve = (latency * 2).max(LEAST_RESERVE);
        let staleness = timeout.saturating_sub(answered);
        prop_assert!(staleness <= reserve + SHORTEST_FINAL_PAUSE, "{staleness:?}");
    }
}
