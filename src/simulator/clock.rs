//! What time it is for the simulator: a wall clock read once, and moved on by tokio's.
//! No waiting and no decision here; the rest of the simulator is handed a moment.

use std::time::{Duration, SystemTime};

use tokio::time::Instant;

/// Tells the time since the UNIX epoch.
///
/// Time passes as in `tokio::time`, so that it stands still under a paused clock and jumps with
/// `tokio::time::advance`; and a correction of the machine's clock never ends an operation early.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    epoch: Duration,
    start: Instant,
}

impl Clock {
    #[expect(
        clippy::disallowed_methods,
        reason = "operateAt, finishedAt and createTime tell a date; this is the one place that asks for it"
    )]
    pub(super) fn start() -> Self {
        // A machine set to a date before 1970 gets dates from 1970 on.
        let epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { epoch, start: Instant::now() }
    }

    pub(super) fn now(&self) -> Duration {
        self.epoch + self.start.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_passes_as_in_tokio_and_starts_at_the_date() {
        let clock = Clock::start();
        let before = clock.now();
        assert!(before > Duration::from_secs(1_700_000_000), "{before:?} is a date of today");
        tokio::time::advance(Duration::from_millis(20_001)).await;
        assert_eq!(clock.now(), before + Duration::from_millis(20_001));
    }
}
