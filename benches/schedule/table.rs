//! The figures as tables, for people and for benches/README.md.
//! Nothing is judged here.

use std::time::Duration;

use crate::durations::{Durations, SCALES, SPREADS};
use crate::play::{self, Average, Waiter};
use crate::{ours, peers};

pub(crate) fn print() {
    println!(
        "Polls, detection lag in seconds, and in how many of 100 waits it gives up unless its limit is lifted"
    );
    println!("(the first two are with it lifted). 1000 operations each, 100 ms an answer.");
    let waiters: Vec<_> = ours::all().into_iter().chain(peers::all()).collect();
    for scale in SCALES {
        let columns = SPREADS.map(|spread| Durations::lognormal(scale, spread));
        print_table(&format!("Lognormal, median {}", human(scale)), &waiters, &columns);
    }
    print_table("Other shapes", &waiters, &[Durations::bimodal(), Durations::heavy_tailed()]);
    wrong();
}

/// What a wrong expectation costs (P6 of the description of these schedules).
fn wrong() {
    let tens = Durations::lognormal(600.0, 0.1);
    let twenties = Durations::lognormal(20.0, 0.1);
    println!("\nAn expectation of another scale, coefficient of variation 0.1");
    println!("{:<40}{:>9}{:>8}", "", "polls", "lag");
    let row = |name: &str, waiter: &Waiter, durations: &Durations| {
        let Average { polls, lag, .. } = play::average(waiter, durations);
        println!("{name:<40}{polls:>9.1}{lag:>8.1}");
    };
    let balanced = ours::balanced("");
    let short = ours::ours("", |_, _| ours::expecting(Duration::from_secs(20)));
    let long = ours::ours("", |_, _| ours::expecting(Duration::from_secs(600)));
    row("10 min, balanced", &balanced, &tens);
    row("10 min, expected to take 10 min", &long, &tens);
    row("10 min, expected to take 20 s", &short, &tens);
    row("20 s, balanced", &balanced, &twenties);
    row("20 s, expected to take 20 s", &short, &twenties);
    row("20 s, expected to take 10 min", &long, &twenties);
}

fn print_table(title: &str, waiters: &[Waiter], columns: &[Durations]) {
    println!("\n{title}");
    print!("{:<31}", "");
    for durations in columns {
        print!("{:>28}", durations.name);
    }
    println!();
    print!("{:<31}", "");
    let columns: Vec<_> = columns.iter().map(|durations| play::all(waiters, durations)).collect();
    for _ in &columns {
        print!("{:>10}{:>8}{:>10}", "polls", "lag", "given up");
    }
    println!();
    for (index, waiter) in waiters.iter().enumerate() {
        print!("{:<31}", waiter.name);
        for averages in &columns {
            let Average { polls, lag, given_up } = averages[index];
            let given_up = match 100.0 * given_up {
                0.0 => "-".to_owned(),
                share if share < 0.5 => "< 1 %".to_owned(),
                share => format!("{share:.0} %"),
            };
            print!("{polls:>10.1}{lag:>8.1}{given_up:>10}");
        }
        println!();
    }
}

pub(crate) fn human(seconds: f64) -> String {
    if seconds < 60.0 { format!("{seconds} s") } else { format!("{} min", seconds / 60.0) }
}
