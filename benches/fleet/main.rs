//! What many operations cost: fleets of `lro` beside a loop that is written by hand, with the same schedule in one run.
//! Figures are printed next to their bounds and never judged: whoever runs this knows what else the machine does.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it saw")]

mod child;
mod contestant;
mod handwritten;
mod plan;
mod server;
mod table;

use std::error::Error;
use std::time::Duration;

use child::{Contestant, Held, Server, Taken};
use plan::Plan;
use table::{Growth, Row};

/// How many rounds there are unless told otherwise: the noise of other work comes and goes, so that one is quiet.
const ROUNDS: usize = 5;

/// How many operations are waited for.
const MANY: u32 = 10_000;

/// How many are waited for to learn what a process has in memory beside them: enough that each connection has been used
/// as often as it takes to have all of its buffers.
const FEW: u32 = 2000;

const ALL: [Contestant; 4] =
    [Contestant::Loop, Contestant::Library, Contestant::Presets, Contestant::Command];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    match arguments.next().as_deref() {
        Some("serve") => server::serve(),
        Some("contest") => contestant::run(arguments),
        Some(rounds) => measure(rounds.parse()?),
        None => measure(ROUNDS),
    }
}

/// One operation that is done when it is first asked for: what a process takes beside the polls.
fn nearly_nothing() -> Plan {
    Plan { polls: Some((1, 1)), ..plan(1, Duration::from_secs(1)) }
}

/// So many operations that take two to four polls each.
fn plan(count: u32, interval: Duration) -> Plan {
    Plan { count, interval, growth: 150, spread: interval, polls: Some((2, 4)) }
}

/// So many operations that never end, all of them asked at once. After the second poll of each there is time to look.
fn endless(count: u32) -> Plan {
    Plan { spread: Duration::ZERO, polls: None, growth: 400, ..plan(count, Duration::from_secs(1)) }
}

/// How the cost of a poll is looked at with fewer and with more operations: at most 10,000 polls a second.
fn growth() -> [Plan; 4] {
    let plan = |count, interval, polls| {
        let interval = Duration::from_millis(interval);
        Plan { count, interval, growth: 100, spread: interval, polls: Some((polls, polls)) }
    };
    [plan(10, 10, 400), plan(1000, 100, 20), plan(10_000, 1000, 3), plan(100_000, 10_000, 2)]
}

fn measure(rounds: usize) -> Result<(), Box<dyn Error>> {
    let mut server = Server::start()?;
    let mut rows = Vec::new();
    for contestant in ALL {
        match child::run(&mut server, contestant, &plan(2, Duration::from_millis(100))) {
            Ok(_) => rows.push(Row::of(contestant)),
            Err(error) => println!("{} is left out: {error}\n", contestant.name()),
        }
    }

    println!(
        "{MANY} operations, {} requests in flight, one core; {rounds} rounds in turns\n",
        plan::CONCURRENCY
    );
    for _ in 0..rounds {
        for row in &mut rows {
            row.idle.push(child::run(&mut server, row.contestant, &nearly_nothing())?);
            row.taken.push(child::run(&mut server, row.contestant, &plan(MANY, Duration::from_secs(1)))?);
        }
    }
    table::polls(&rows);

    for _ in 0..rounds.div_ceil(2) {
        for row in &mut rows {
            row.few.push(child::hold(&mut server, row.contestant, &endless(FEW))?);
            row.many.push(child::hold(&mut server, row.contestant, &endless(MANY))?);
        }
    }
    table::memory(&rows);

    let mut sizes = Vec::new();
    for plan in growth() {
        let mut size = Growth::of(plan.count);
        for _ in 0..rounds.div_ceil(2) {
            for (contestant, taken) in
                [(Contestant::Loop, &mut size.by_hand), (Contestant::Library, &mut size.fleet)]
            {
                taken.push(child::run(&mut server, contestant, &plan)?);
            }
        }
        sizes.push(size);
    }
    table::growth(&rows, &sizes);
    Ok(())
}

/// The time of the processor for each poll, beside what the process takes without any.
fn cpu_per_poll(taken: &Taken, idle: Duration) -> f64 {
    taken.cpu.saturating_sub(idle).as_secs_f64() * 1e6 / f64::from(taken.seen.polls.saturating_sub(1).max(1))
}

/// The least memory that each of the waits has: what many have more than few.
fn memory_per_wait(few: &[Held], many: &[Held]) -> f64 {
    let least = |held: &[Held]| held.iter().map(|held| held.memory).min().unwrap_or_default();
    let more = least(many).saturating_sub(least(few));
    f64::from(u32::try_from(more).unwrap_or(u32::MAX)) / f64::from(MANY - FEW)
}
