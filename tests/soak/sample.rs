//! Descriptors and memory of a process over time, and whether they are flat.
//! What the process does is not known here.

use std::fmt;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, interval_at};

const EVERY: Duration = Duration::from_millis(250);

/// The most of both. The memory is what is resident, in KiB.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Peak {
    descriptors: u64,
    kib: u64,
}

impl Peak {
    pub(crate) fn max(self, other: Self) -> Self {
        Self { descriptors: self.descriptors.max(other.descriptors), kib: self.kib.max(other.kib) }
    }
}

impl fmt::Display for Peak {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}.{}", self.descriptors, self.kib / 1024, self.kib % 1024 * 10 / 1024)
    }
}

/// Both at a time since the process started.
pub(crate) struct Sample {
    after: Duration,
    pub(crate) peak: Peak,
}

/// Looks at a process until that is gone.
pub(crate) struct Sampler {
    task: JoinHandle<Vec<Sample>>,
    stop: oneshot::Sender<()>,
}

impl Sampler {
    pub(crate) fn start(id: u32) -> Self {
        let start = Instant::now();
        let (stop, mut stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            // Not at once: a process begins as a copy of this one, with all that is open here.
            let mut ticks = interval_at(start + EVERY, EVERY);
            let mut samples = Vec::new();
            loop {
                tokio::select! {
                    _ = ticks.tick() => {}
                    _ = &mut stopped => return samples,
                }
                if let Some(peak) = look(id) {
                    samples.push(Sample { after: start.elapsed(), peak });
                }
            }
        });
        Self { task, stop }
    }

    /// What was seen, now that the process has ended.
    pub(crate) async fn samples(self) -> Vec<Sample> {
        // A task that is gone has told already.
        let _ = self.stop.send(());
        self.task.await.unwrap_or_default()
    }
}

/// None for a process that has ended, or is about to.
fn look(id: u32) -> Option<Peak> {
    let descriptors = std::fs::read_dir(format!("/proc/{id}/fd")).ok()?.count();
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib = line.trim().trim_end_matches(" kB").parse().ok()?;
    Some(Peak { descriptors: u64::try_from(descriptors).ok()?, kib })
}

/// What is said of one of both: that its most in the last third is no more than so much over its most in the third
/// before.
pub(crate) struct Flat {
    name: &'static str,
    before: u64,
    last: u64,
    allowed: u64,
    pub(crate) holds: bool,
}

impl fmt::Display for Flat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, before, last, allowed, holds } = self;
        let flat = if *holds { "flat" } else { "NOT flat" };
        write!(
            f,
            "{name}: {flat}: at most {before} in the second third, {last} in the last ({allowed} allowed)"
        )
    }
}

/// Looks at three thirds of the time during which operations began. In the first the process fills up to what it always
/// holds; then as many come as go. Allowed are 5 % more and what one burst of polls more may take: 8 descriptors, 512 KiB.
pub(crate) fn flat(samples: &[Sample], over: Duration) -> Vec<Flat> {
    let third = |number: u32| {
        let range = over / 3 * number..over / 3 * (number + 1);
        let samples = samples.iter().filter(|sample| range.contains(&sample.after));
        samples.map(|sample| sample.peak).fold(Peak::default(), Peak::max)
    };
    let (before, last) = (third(1), third(2));
    [("descriptors", before.descriptors, last.descriptors, 8), ("resident KiB", before.kib, last.kib, 512)]
        .map(|(name, before, last, more)| {
            let allowed = before + before / 20 + more;
            // Nothing seen is nothing proved.
            Flat { name, before, last, allowed, holds: before > 0 && last > 0 && last <= allowed }
        })
        .into()
}
