//! How the figures are summed up and printed.
//! The minimum says what the work takes, the median what a person sees, and the best round what both took while the
//! machine had little else to do.

use std::time::Duration;

use super::Taken;

/// One round: both commands, in turns.
#[derive(Debug, Default)]
pub(crate) struct Pairs {
    pub(crate) lro: Vec<Taken>,
    pub(crate) curl: Vec<Taken>,
}

/// What the rounds of one scene say.
pub(crate) struct Row<'a> {
    pub(crate) name: &'a str,
    pub(crate) bound: f64,
    pub(crate) rounds: &'a [Pairs],
}

pub(crate) fn head() {
    println!("{:<35}{:>6}{:>16}{:>16}{:>25}", "", "", "lro, ms", "curl, ms", "lro / curl");
    println!(
        "{:<35}{:>6}{:>8}{:>8}{:>8}{:>8}{:>7}{:>8}{:>10}{:>8}",
        "", "", "min", "median", "min", "median", "min", "median", "best", "bound"
    );
}

impl Row<'_> {
    pub(crate) fn print(&self) {
        self.line(self.name, "wall", &format!("{:.2}", self.bound), |taken| taken.wall);
        self.line("", "cpu", "", |taken| taken.cpu);
    }

    fn line(&self, name: &str, what: &str, bound: &str, of: fn(&Taken) -> Duration) {
        let lro = Summary::of(self.rounds.iter().flat_map(|pairs| &pairs.lro).map(of));
        print!("{name:<35}{what:>6}{:>8.2}{:>8.2}", lro.min, lro.median);
        let curl = Summary::of(self.rounds.iter().flat_map(|pairs| &pairs.curl).map(of));
        let best = self
            .rounds
            .iter()
            .map(|pairs| {
                Summary::of(pairs.lro.iter().map(of)).median / Summary::of(pairs.curl.iter().map(of)).median
            })
            .fold(f64::INFINITY, f64::min);
        if self.rounds.iter().all(|pairs| pairs.curl.is_empty()) {
            println!();
            return;
        }
        println!(
            "{:>8.2}{:>8.2}{:>7.2}{:>8.2}{best:>10.2}{bound:>8}",
            curl.min,
            curl.median,
            lro.min / curl.min,
            lro.median / curl.median,
        );
    }
}

/// The least and the middle of some times, in milliseconds.
struct Summary {
    min: f64,
    median: f64,
}

impl Summary {
    fn of(times: impl Iterator<Item = Duration>) -> Self {
        let mut times: Vec<_> = times.map(|time| time.as_secs_f64() * 1000.0).collect();
        times.sort_by(f64::total_cmp);
        let at = |index: usize| times.get(index).copied().unwrap_or(f64::NAN);
        Self { min: at(0), median: at(times.len() / 2) }
    }
}

pub(crate) fn size(what: &str, bytes: u64, bound: u32) {
    println!("{what:<48}{:>7.1} MiB, bound {bound:>2} MiB", mebibytes(bytes));
}

#[expect(clippy::cast_precision_loss, reason = "a size is shown with one digit after the point")]
pub(crate) fn mebibytes(bytes: u64) -> f64 {
    bytes as f64 / 1_048_576.0
}
