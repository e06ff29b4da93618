//! Operations that follow a script, and what they tell of who was asked when.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{millis, secs};
use crate::operation::{Answer, Operation, PollError};

/// What all operations of a test write to: when each was asked, and how many polls were on their way at once.
#[derive(Clone)]
pub(super) struct Server {
    start: tokio::time::Instant,
    asked: Arc<Mutex<Vec<(Duration, &'static str)>>>,
    now: Arc<AtomicUsize>,
    pub(super) most: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn new() -> Self {
        let start = tokio::time::Instant::now();
        Self { start, asked: Arc::default(), now: Arc::default(), most: Arc::default() }
    }

    /// An operation that answers as scripted, each answer after 100 ms, and its last turn for ever.
    pub(super) fn operation(&self, name: &'static str, turns: &[Turn]) -> Scripted {
        let turns = turns.iter().copied().collect();
        Scripted { name, origin: "https://a", server: self.clone(), turns }
    }

    /// When the polls of this operation were sent, in milliseconds.
    pub(super) fn asked(&self, name: &str) -> Vec<u128> {
        let asked = self.asked.lock().unwrap();
        asked.iter().filter(|(_, asked)| *asked == name).map(|(time, _)| time.as_millis()).collect()
    }

    pub(super) fn polls(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

#[derive(Clone, Copy)]
pub(super) enum Turn {
    Pending,
    Hang,
    Busy(u64),
    Succeeded,
    Failed,
    Broken,
}

pub(super) struct Scripted {
    pub(super) name: &'static str,
    pub(super) origin: &'static str,
    pub(super) server: Server,
    pub(super) turns: VecDeque<Turn>,
}

/// Counts a poll for as long as it is on its way, also when it is dropped.
struct OnItsWay(Arc<AtomicUsize>);

impl Drop for OnItsWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Operation for Scripted {
    type Status = &'static str;

    #[expect(clippy::disallowed_methods, reason = "the latency of the scripted operation, on paused time")]
    async fn poll(&mut self) -> Result<Answer<&'static str>, PollError> {
        self.server
            .asked
            .lock()
            .expect("no test panics there")
            .push((self.server.start.elapsed(), self.name));
        let now = self.server.now.fetch_add(1, Ordering::Relaxed) + 1;
        let _counted = OnItsWay(Arc::clone(&self.server.now));
        self.server.most.fetch_max(now, Ordering::Relaxed);
        let turn = if self.turns.len() > 1 { self.turns.pop_front() } else { self.turns.front().copied() };
        tokio::time::sleep(millis(100)).await;
        match turn.expect("a script has turns") {
            Turn::Pending => Ok(Answer::pending(self.name)),
            Turn::Busy(pause) => {
                Err(PollError::transient("HTTP 429").with_retry_after(secs(pause)).of_whole_origin())
            }
            Turn::Succeeded => Ok(Answer::succeeded(self.name)),
            Turn::Failed => Ok(Answer::failed(self.name).reason("no free line")),
            Turn::Broken => Err(PollError::permanent("HTTP 400")),
            Turn::Hang => std::future::pending().await,
        }
    }

    fn id(&self) -> std::borrow::Cow<'_, str> {
        self.name.into()
    }

    fn origin(&self) -> Option<std::borrow::Cow<'_, str>> {
        Some(self.origin.into())
    }
}
