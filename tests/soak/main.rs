//! A soak: thousands of waits of the command for operations behind a simulator that spoils every fifth answer.
//! What a wait has to do with a fault is proved elsewhere; here it is looked at what came of it.

#![expect(clippy::print_stdout, reason = "it prints what it saw")]
#![expect(clippy::disallowed_methods, reason = "it takes its time, and reads the clock")]

mod alone;
mod fleet;
mod judge;
mod lap;
mod sample;
mod simulated;
mod told;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use lap::{Lap, Ran};

/// Whatever stops the soak itself; what is wrong with the waits is no error here, but a line.
type Failure = Box<dyn std::error::Error + Send + Sync>;

const LRO: &str = env!("CARGO_BIN_EXE_lro");

/// All kinds of faults together, the usual reading of "every fault at 20 %", for a thousand waits that begin one after
/// the other: what is held of those that have ended would show.
const MIXED: Lap = Lap {
    name: "all kinds together",
    faults: "reset,500,503,truncated,slow,stalled,429,502,504,garbled",
    rate: 0.2,
    waits: 1000,
    takes: "6s",
    over: Duration::from_secs(150),
};

/// Each kind by itself at 20 %, which is the harder reading; and a storm, where two of five answers are spoilt.
const OTHERS: [Lap; 11] = [
    alone_at_a_fifth("reset"),
    alone_at_a_fifth("500"),
    alone_at_a_fifth("503"),
    alone_at_a_fifth("truncated"),
    alone_at_a_fifth("slow"),
    alone_at_a_fifth("stalled"),
    alone_at_a_fifth("429"),
    alone_at_a_fifth("502"),
    alone_at_a_fifth("504"),
    alone_at_a_fifth("garbled"),
    Lap { name: "a storm of all kinds", rate: 0.4, waits: 100, takes: "15s", over: Duration::ZERO, ..MIXED },
];

const fn alone_at_a_fifth(kind: &'static str) -> Lap {
    Lap { name: kind, faults: kind, rate: 0.2, waits: 100, takes: "15s", over: Duration::ZERO }
}

#[tokio::main]
async fn main() -> Result<ExitCode, Failure> {
    let mut arguments = std::env::args().skip(1);
    let (seed, rest) = match arguments.next().as_deref() {
        None => (1, None),
        Some("--seed") => (arguments.next().ok_or("no seed")?.parse()?, arguments.next()),
        Some(other) => return Err(format!("{other}: the only option is --seed NUMBER").into()),
    };
    if let Some(rest) = rest {
        return Err(format!("{rest}: one argument too many").into());
    }
    println!("seed {seed}");
    let start = Instant::now();
    let mut ran = vec![lap::run(MIXED, seed).await?];
    // These are small, and mostly wait.
    let mut running = tokio::task::JoinSet::new();
    for (number, lap) in (1..).zip(OTHERS) {
        running.spawn(lap::run(lap, seed + number));
    }
    while let Some(lap) = running.join_next().await {
        ran.push(lap??);
    }
    Ok(report(&mut ran, start.elapsed()))
}

/// Prints the table, and all that is wrong.
fn report(ran: &mut [Ran], took: Duration) -> ExitCode {
    ran[1..].sort_by_key(|ran| OTHERS.iter().position(|lap| lap.name == ran.lap.name));
    println!("{}", Ran::head());
    for ran in &*ran {
        println!("{}", ran.row());
    }
    let waits: usize = ran.iter().map(|ran| ran.lap.waits).sum();
    println!("\n{waits} waits in {} s", took.as_secs());
    for told in ran.iter().flat_map(|ran| &ran.flat) {
        println!("{told}");
    }
    let wrong: Vec<String> = ran
        .iter()
        .flat_map(|ran| ran.wrong.iter().map(move |wrong| format!("WRONG: {}: {wrong}", ran.lap.name)))
        .collect();
    for line in &wrong {
        println!("{line}");
    }
    println!("{}", if wrong.is_empty() { "nothing is wrong" } else { "the soak has failed" });
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
