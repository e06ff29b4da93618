//! What one step of the machine costs: every figure that criterion prints is the time of a single `Machine::on`.

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use lro::machine::{Happened, Machine, Step};
use lro::schedule::Exponential;
use lro::{Hints, Policy, PollErrorKind, Verdict};

const PENDING: Happened = Happened::Answered { verdict: Verdict::Pending, hints: Hints::none() };
const SUCCEEDED: Happened = Happened::Answered { verdict: Verdict::Succeeded, hints: Hints::none() };
const TRANSIENT: Happened = Happened::Erred { kind: PollErrorKind::Transient, retry_after: None };

/// A wait as the command starts it, which has had its first answer: from there on it can take any step any number of
/// times, because the time it is told stands still.
fn machine() -> Machine {
    let schedule = Box::new(Exponential::default());
    let mut machine = Machine::new(Policy::default(), schedule, 0).expect("the defaults are in bounds");
    machine.on(Happened::Started, Duration::ZERO);
    machine.on(PENDING, Duration::from_millis(20));
    machine
}

/// Whether this is the step that was to be measured.
type Expected = fn(&Step) -> bool;

fn steps(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("step");
    let elapsed = Duration::from_secs(60);
    let asked_to_pause = Happened::Answered {
        verdict: Verdict::Pending,
        hints: Hints::none().retry_after(Duration::from_secs(7)),
    };
    let is_poll: Expected = |step| matches!(step, Step::Poll { .. });
    let is_sleep: Expected = |step| matches!(step, Step::Sleep(_));
    let is_finish: Expected = |step| matches!(step, Step::Finish(_));
    for (name, happened, expected) in [
        ("pending, sleep", PENDING, is_sleep),
        ("Retry-After, sleep", asked_to_pause, is_sleep),
        ("awake, poll", Happened::Woke, is_poll),
        ("error, sleep", TRANSIENT, is_sleep),
        ("end, finish", SUCCEEDED, is_finish),
    ] {
        let mut machine = machine();
        group.bench_function(name, |bencher| {
            bencher.iter(|| machine.on(black_box(happened), black_box(elapsed)));
        });
        let step = machine.on(happened, elapsed);
        assert!(expected(&step), "{name}: it was another step that was measured, {step:?}");
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2));
    targets = steps
}
criterion_main!(benches);
