//! What the schedules promise, over arbitrary numbers, servers and hints. A wait is played by itself here: the floor of
//! `Retry-After` is the machine's, and is taken from there by its rule.

use proptest::prelude::*;

use super::density::Density;
use super::*;
use crate::policy::Cadence;

/// By how much a number that was rounded to nanoseconds on its way may be off, in seconds.
const ROUNDING: f64 = 1e-6;

fn secs(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn density(numbers: &Cadence, expectation: Option<f64>) -> Density {
    Density {
        cost: numbers.cost.as_secs_f64(),
        floor: numbers.interval.as_secs_f64(),
        cap: numbers.max_interval.as_secs_f64(),
        expectation,
    }
}

fn any_numbers() -> impl Strategy<Value = Cadence> {
    (-2.0..1.0_f64, 0.01..10.0_f64, 0.0..300.0_f64, 0.0..0.5_f64).prop_map(|(cost, floor, over, jitter)| {
        Cadence {
            cost: secs(10_f64.powf(cost)),
            interval: secs(floor),
            max_interval: secs(floor + over),
            jitter,
        }
    })
}

/// What a server says with one answer.
fn any_hints() -> impl Strategy<Value = Hints> {
    let pause = prop_oneof![4 => Just(None), 1 => (0.0..60.0_f64).prop_map(|pause| Some(secs(pause)))];
    let progress = prop_oneof![
        2 => Just(None),
        6 => (0.0..100.0_f64).prop_map(Some),
        1 => prop_oneof![Just(99.0), Just(100.0), Just(1e300), Just(-5.0), Just(f64::NAN)].prop_map(Some),
        1 => any::<f64>().prop_map(Some),
    ];
    let remaining = prop_oneof![
        4 => Just(None),
        1 => (0.0..4000.0_f64).prop_map(|time| Some(secs(time))),
        1 => prop_oneof![Just(Duration::ZERO), Just(Duration::MAX)].prop_map(Some),
    ];
    (pause, progress, remaining).prop_map(|(pause, progress, remaining)| {
        Hints::none().retry_after(pause).progress(progress).remaining(remaining)
    })
}

/// A server that tells how far its operation is: truly, stuck from some share on, or whatever comes.
#[derive(Debug, Clone)]
enum Server {
    Silent,
    True,
    StuckFrom(f64),
    Any(Vec<Hints>),
}

fn any_server() -> impl Strategy<Value = Server> {
    prop_oneof![
        2 => Just(Server::Silent),
        2 => Just(Server::True),
        2 => (0.0..100.0_f64).prop_map(Server::StuckFrom),
        4 => prop::collection::vec(any_hints(), 1..30).prop_map(Server::Any),
    ]
}

impl Server {
    fn hints(&self, share: f64, poll: usize) -> Hints {
        let percent = 100.0 * share;
        match self {
            Self::Silent => Hints::none(),
            Self::True => Hints::none().progress(percent),
            Self::StuckFrom(from) => Hints::none().progress(percent.min(*from)),
            Self::Any(hints) => hints[poll % hints.len()],
        }
    }
}

/// One pause of a wait: when it began, after how many polls, for how long, and what the server had asked for.
struct Pause {
    at: f64,
    polls: u32,
    length: f64,
    asked: f64,
}

/// The pauses of a wait for an operation that takes so long, and when its end was known. Every answer takes `latency`.
fn play(
    schedule: &mut dyn Schedule,
    takes: f64,
    latency: f64,
    server: &Server,
    randoms: &[f64],
) -> (Vec<Pause>, f64) {
    let (mut now, mut pauses) = (latency, Vec::new());
    for polls in 1..3000_u32 {
        let index = usize::try_from(polls).unwrap();
        if takes <= now - latency / 2.0 {
            return (pauses, now);
        }
        let hints = server.hints(now / takes, index);
        let moment = Moment::new(secs(now), polls, randoms[index % randoms.len()]).hints(hints);
        let asked = hints.retry_after.unwrap_or_default().as_secs_f64();
        let length = schedule.next_pause(&moment).unwrap().as_secs_f64().max(asked);
        pauses.push(Pause { at: now, polls, length, asked });
        now += length + latency;
    }
    (pauses, f64::NAN)
}

proptest! {
    // A failure becomes a test, not a file of numbers.
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_plan_keeps_its_floor_its_guard_and_its_budget_whatever_a_server_says(
        numbers in any_numbers(),
        expectation in prop_oneof![Just(None), (-2.0..7.4_f64).prop_map(|power| Some(10_f64.powf(power)))],
        takes in -1.0..4.0_f64,
        latency in 0.0..0.5_f64,
        server in any_server(),
        randoms in prop::collection::vec(0.0..=1.0_f64, 1..20),
    ) {
        let density = density(&numbers, expectation);
        let mut schedule: Box<dyn Schedule> = match expectation {
            Some(expectation) => Box::new(Expected::new(secs(expectation), numbers).unwrap()),
            None => Box::new(Balanced::new(numbers).unwrap()),
        };
        let takes = 10_f64.powf(takes);
        let (pauses, known) = play(&mut *schedule, takes, latency, &server, &randoms);
        let mut guard = 0.0_f64;
        for pause in &pauses {
            let Pause { at, polls, length, asked } = *pause;
            prop_assert!(length.is_finite() && length > 0.0);
            // P1: never closer than the floor. P2: never before Retry-After.
            prop_assert!(length >= density.floor - ROUNDING, "{length} after {at}");
            prop_assert!(length >= asked - ROUNDING);
            // P3: never longer than the guard, the balanced pause, or what the server asks for.
            guard = density.longest(at).max(density.balanced(at)).max(asked);
            prop_assert!(length <= guard + ROUNDING, "{length} after {at}, guard {guard}");
            // P4: never more than three polls over the balanced plan, at any time.
            let next = f64::from(polls + 1);
            let budget = density.balanced_polls(at + length) + 3.0;
            prop_assert!(next <= budget + ROUNDING, "{next} polls by {}, {budget} allowed", at + length);
        }
        // P5: the end is known no later than the guard of the last pause allows.
        if !pauses.is_empty() && known.is_finite() {
            prop_assert!(known - takes <= guard + 1.5 * latency + ROUNDING, "{} late", known - takes);
        }
    }

    #[test]
    fn exponential_pauses_never_leave_their_bounds_whatever_a_server_says(
        hints in prop::collection::vec(any_hints(), 1..40),
        random in 0.0..=1.0_f64,
    ) {
        let mut schedule = Exponential::default();
        for (polls, hints) in (1..).zip(hints) {
            let pause = schedule.next_pause(&Moment::new(secs(f64::from(polls)), polls, random).hints(hints)).unwrap();
            prop_assert!(pause >= secs(0.9) && pause <= secs(15.0));
        }
    }

    #[test]
    fn nothing_that_can_be_handed_in_makes_a_pause_negative_zero_or_endless(
        elapsed in prop_oneof![any::<u64>(), 0..100_000_000_u64],
        polls in prop_oneof![any::<u32>(), 0..1000_u32],
        random in any::<f64>(),
        hints in any_hints(),
        expectation in prop_oneof![Just(0.01), Just(365.0 * 86400.0), 0.01..1e7_f64],
    ) {
        let now = Moment::new(Duration::from_millis(elapsed), polls, random).hints(hints);
        let numbers = Cadence::default();
        let schedules: [Box<dyn Schedule>; 2] =
            [Box::new(Balanced::default()), Box::new(Expected::new(secs(expectation), numbers).unwrap())];
        for mut schedule in schedules {
            // Twice, because what was said before counts.
            for _ in 0..2 {
                let pause = schedule.next_pause(&now).unwrap();
                prop_assert!(pause >= numbers.interval && pause <= numbers.max_interval, "{pause:?}");
            }
        }
    }
}

/// How many polls, and how late, on average over uniformly placed starts of the operation's clock.
fn polls_and_lag(expectation: f64, takes: f64) -> (f64, f64) {
    let runs = 200;
    let (mut polls, mut lag) = (0.0, 0.0);
    for run in 0..runs {
        let random = f64::from(run) / f64::from(runs);
        let takes = takes * (0.97 + 0.06 * random);
        let mut schedule = Expected::new(secs(expectation), Cadence::default()).unwrap();
        let (pauses, known) = play(&mut schedule, takes, 0.1, &Server::Silent, &[random, 0.5, 1.0 - random]);
        polls += f64::from(u32::try_from(pauses.len()).unwrap() + 1);
        lag += known - takes;
    }
    (polls / f64::from(runs), lag / f64::from(runs))
}

#[test]
fn a_wrong_expectation_costs_little() {
    // P6: the figures of the plan's description, for a wait whose first poll goes out at once.
    let (polls, lag) = polls_and_lag(20.0, 600.0);
    assert!((45.0..=55.0).contains(&polls) && lag < 16.0, "{polls} polls, {lag} s late");
    let (polls, lag) = polls_and_lag(600.0, 20.0);
    assert!((2.0..=6.0).contains(&polls) && lag < 9.0, "{polls} polls, {lag} s late");
}

#[test]
fn the_figures_of_a_second_implementation_come_out() {
    let table = include_str!("expected.tsv");
    let mut count = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let row: Vec<f64> = line.split('\t').map(|number| number.parse().unwrap()).collect();
        let [cost, floor, cap, expectation, elapsed, polls, random, expected] = row[..] else {
            panic!("{line}")
        };
        let density = Density { cost, floor, cap, expectation: Some(expectation) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is a whole number")]
        let pause = density.pause(elapsed, polls as u32, None, 0.1 * random);
        assert!((pause - expected).abs() <= 1e-9 * expected.max(1.0), "{line}: {pause}");
        count += 1;
    }
    assert_eq!(count, 200);
}
