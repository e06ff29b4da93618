//! One lap: a simulator with its faults, waits for operations of it, and what is to be said of them.
//! How an end is judged is not known here.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::fleet::Fleet;
use super::judge::{self, Figures};
use super::sample::{self, Peak};
use super::simulated::{Planned, Simulated};
use super::told::Told;
use super::{Failure, alone};

/// Every so manieth operation is awaited by a process of its own, all others by one process together.
const ALONE: usize = 5;

/// One operation in so many fails.
const FAILING: usize = 3;

#[derive(Clone, Copy)]
pub(crate) struct Lap {
    pub(crate) name: &'static str,
    /// As `lro simulate --fault` takes them.
    pub(crate) faults: &'static str,
    pub(crate) rate: f64,
    pub(crate) waits: usize,
    /// How long an operation takes, give or take nine tenths of it.
    pub(crate) takes: &'static str,
    /// The operations begin over this time: at once, and all are awaited by a list; or one after the other, and the
    /// list is followed.
    pub(crate) over: Duration,
}

/// A lap that is over.
pub(crate) struct Ran {
    pub(crate) lap: Lap,
    pub(crate) wrong: Vec<String>,
    /// What is said of descriptors and memory, where there was time to see it.
    pub(crate) flat: Vec<String>,
    figures: Figures,
    fleet: Peak,
    alone: Peak,
    took: Duration,
}

/// Runs a lap to its end.
pub(crate) async fn run(lap: Lap, seed: u64) -> Result<Ran, Failure> {
    let simulated = Arc::new(Simulated::start(&lap, seed).await?);
    let start = Instant::now();
    let (feed, locations) = mpsc::unbounded_channel();
    let fleet = Fleet::start(simulated.url(), !lap.over.is_zero(), locations)?;
    let mut beginning = JoinSet::new();
    let mut random = fastrand::Rng::with_seed(seed);
    for number in 0..lap.waits {
        let fails = random.usize(..FAILING) == 0;
        let at = start + lap.over.mul_f64(count(number) / count(lap.waits));
        beginning.spawn(one(Arc::clone(&simulated), number, fails, at, feed.clone()));
    }
    drop(feed);
    let (mut planned, mut told, mut wrong, mut peak) = (Vec::new(), Vec::new(), Vec::new(), Peak::default());
    while let Some(one) = beginning.join_next().await {
        let (operation, ended) = one??;
        planned.push(operation);
        if let Some(ended) = ended {
            told.extend(ended.told);
            wrong.extend(ended.wrong);
            peak = peak.max(ended.peak);
        }
    }
    let ended = fleet.end().await?;
    let took = start.elapsed();
    told.extend(ended.told);
    wrong.extend(ended.wrong);
    let truths = simulated.truths(&planned).await?;
    let (figures, lies) = judge::judge(&planned, &truths, &told);
    wrong.extend(lies);
    let flat = if lap.over.is_zero() { Vec::new() } else { sample::flat(&ended.samples, lap.over) };
    wrong.extend(flat.iter().filter(|told| !told.holds).map(ToString::to_string));
    let flat = flat.iter().map(ToString::to_string).collect();
    let fleet = ended.samples.iter().map(|sample| sample.peak).fold(Peak::default(), Peak::max);
    Ok(Ran { lap, wrong, flat, figures, fleet, alone: peak, took })
}

/// Starts an operation at its time, and waits for it by itself or has it awaited.
async fn one(
    simulated: Arc<Simulated>,
    number: usize,
    fails: bool,
    at: Instant,
    feed: mpsc::UnboundedSender<String>,
) -> Result<(Planned, Option<alone::Ended>), Failure> {
    sleep_until(at).await;
    let planned = simulated.begin(number, fails).await?;
    if number.is_multiple_of(ALONE) {
        // The list is complete without this one.
        drop(feed);
        let ended = alone::wait(simulated.url(), &planned.location).await?;
        return Ok((planned, Some(ended)));
    }
    // Where the process is gone, its end says why.
    let _ = feed.send(planned.location.clone());
    Ok((planned, None))
}

/// A number of things, to calculate with.
pub(crate) fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

impl Ran {
    pub(crate) fn head() -> &'static str {
        "| faults | share | waits | failed | polls | spoilt | late p50 / p99 / most | descriptors, MiB: fleet · alone | took |\n\
         |---|---|---|---|---|---|---|---|---|"
    }

    pub(crate) fn row(&self) -> String {
        let Self { lap, figures, fleet, alone, took, .. } = self;
        let [middle, most_of_them, most] = figures.late.map(|late| late.as_secs());
        format!(
            "| {} | {} % | {} | {} | {} | {} % | {middle} / {most_of_them} / {most} s | {fleet} · {alone} | {} s |",
            lap.name,
            100.0 * lap.rate,
            lap.waits,
            figures.failed,
            figures.polls,
            figures.errors * 100 / figures.polls.max(1),
            took.as_secs()
        )
    }
}

impl Told {
    /// Whether this end is one of an operation, and not one of the wait alone.
    pub(crate) fn is_of_operation(&self) -> bool {
        matches!(&*self.outcome, "succeeded" | "failed")
    }
}
