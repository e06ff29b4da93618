//! How the figures are summed up and printed: each beside that of the loop, and beside its bound.
//! The minimum of the rounds says what the work takes, since other work on the machine only ever adds to it.

use std::time::Duration;

use super::child::{Contestant, Held, Taken};
use super::{cpu_per_poll, memory_per_wait};

/// All that was seen of one contestant.
pub(crate) struct Row {
    pub(crate) contestant: Contestant,
    /// Nearly nothing to do.
    pub(crate) idle: Vec<Taken>,
    pub(crate) taken: Vec<Taken>,
    pub(crate) few: Vec<Held>,
    pub(crate) many: Vec<Held>,
}

impl Row {
    pub(crate) fn of(contestant: Contestant) -> Self {
        Self { contestant, idle: Vec::new(), taken: Vec::new(), few: Vec::new(), many: Vec::new() }
    }

    fn is_loop(&self) -> bool {
        self.contestant == Contestant::Loop
    }

    fn idle(&self) -> Duration {
        self.idle.iter().map(|taken| taken.cpu).min().unwrap_or_default()
    }

    fn cpu(&self) -> Summary {
        Summary::of(self.taken.iter().map(|taken| cpu_per_poll(taken, self.idle())))
    }

    fn lag(&self, which: usize) -> Option<f64> {
        let lags = self.taken.iter().filter_map(|taken| Some(millis(taken.lags?[which])));
        lags.min_by(f64::total_cmp)
    }
}

/// What was seen with another number of operations.
pub(crate) struct Growth {
    count: u32,
    pub(crate) by_hand: Vec<Taken>,
    pub(crate) fleet: Vec<Taken>,
}

impl Growth {
    pub(crate) fn of(count: u32) -> Self {
        Self { count, by_hand: Vec::new(), fleet: Vec::new() }
    }
}

pub(crate) fn polls(rows: &[Row]) {
    println!(
        "{:<10}{:>16}{:>22}{:>15}{:>10}{:>22}",
        "", "CPU a poll, µs", "/ loop", "not as", "after", "lag, ms"
    );
    println!(
        "{:<10}{:>8}{:>8}{:>7}{:>8}{:>7}{:>15}{:>10}{:>8}{:>8}{:>6}",
        "", "min", "median", "min", "median", "bound", "planned", "the end", "median", "p99", "more"
    );
    let by_hand = rows.iter().find(|row| row.is_loop());
    let (cpu_of_loop, lag_of_loop) = (by_hand.map(Row::cpu), by_hand.and_then(|row| row.lag(1)));
    for row in rows {
        let cpu = row.cpu();
        print!("{:<10}{:>8.2}{:>8.2}", row.contestant.name(), cpu.min, cpu.median);
        match cpu_of_loop.as_ref().filter(|_| !row.is_loop()) {
            Some(other) => {
                let bound = if row.contestant == Contestant::Library { "1.05" } else { "" };
                print!("{:>7.3}{:>8.3}{bound:>7}", cpu.min / other.min, cpu.median / other.median);
            }
            None => print!("{:>22}", ""),
        }
        let unplanned = row.taken.iter().map(|taken| taken.seen.unplanned).min().unwrap_or_default();
        let after: u32 = row.taken.iter().map(|taken| taken.seen.after_the_end).sum();
        print!("{unplanned:>15}{after:>10}");
        if let (Some(median), Some(high), Some(other)) = (row.lag(0), row.lag(1), lag_of_loop) {
            print!("{median:>8.1}{high:>8.1}{:>6.1}", high - other);
        }
        println!();
    }
    println!(
        "Bounds: nobody asked otherwise than planned or after the end, and a lag of 10 ms more in the 99th percentile.\n"
    );
}

pub(crate) fn memory(rows: &[Row]) {
    println!(
        "{:<10}{:>16}{:>8}{:>7}{:>26}{:>10}",
        "", "bytes a wait", "/ loop", "bound", "to the first poll, ms", "to all"
    );
    let by_hand = rows.iter().find(|row| row.is_loop()).map(|row| memory_per_wait(&row.few, &row.many));
    for row in rows {
        let bytes = memory_per_wait(&row.few, &row.many);
        print!("{:<10}{bytes:>16.0}", row.contestant.name());
        let bound = match row.contestant {
            Contestant::Loop => "",
            Contestant::Library | Contestant::Presets => "0.55",
            Contestant::Command => "0.80",
        };
        match by_hand.filter(|_| !row.is_loop()) {
            Some(other) => print!("{:>8.2}{bound:>7}", bytes / other),
            None => print!("{:>15}", ""),
        }
        let least = |of: fn(&Held) -> Duration| row.many.iter().map(of).min().map(millis).unwrap_or_default();
        println!("{:>26.0}{:>10.0}", least(|held| held.first), least(|held| held.last));
    }
    println!("Bound: 1000 ms to all; the polls themselves are in it, and what the command spreads.\n");
}

pub(crate) fn growth(rows: &[Row], sizes: &[Growth]) {
    let idle = |contestant: Contestant| {
        rows.iter().find(|row| row.contestant == contestant).map(Row::idle).unwrap_or_default()
    };
    println!("{:<10}{:>16}{:>16}{:>8}", "operations", "loop, µs a poll", "library", "/ loop");
    for size in sizes {
        let least = |taken: &[Taken], contestant: Contestant| {
            Summary::of(taken.iter().map(|taken| cpu_per_poll(taken, idle(contestant)))).min
        };
        let (by_hand, fleet) =
            (least(&size.by_hand, Contestant::Loop), least(&size.fleet, Contestant::Library));
        println!("{:<10}{by_hand:>16.2}{fleet:>16.2}{:>8.3}", size.count, fleet / by_hand);
    }
}

/// The least and the middle of some numbers.
struct Summary {
    min: f64,
    median: f64,
}

impl Summary {
    fn of(numbers: impl Iterator<Item = f64>) -> Self {
        let mut numbers: Vec<_> = numbers.collect();
        numbers.sort_by(f64::total_cmp);
        let at = |index: usize| numbers.get(index).copied().unwrap_or(f64::NAN);
        Self { min: at(0), median: at(numbers.len() / 2) }
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
