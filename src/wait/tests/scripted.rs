//! An operation that follows a script.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use super::{millis, secs};
use crate::operation::{Answer, Operation, PollError, PollErrorKind};

/// What the operation does to one poll.
#[derive(Clone, Copy)]
pub(super) enum Turn {
    Pending,
    Fault,
    NotFound,
    Hang,
    Busy(u64),
    Succeeded,
    Failed,
    Cancelled,
    Blocked,
}

/// An operation that answers as scripted, each answer after 100 ms, and its last turn for ever.
pub(super) struct Scripted {
    turns: VecDeque<Turn>,
    pub(super) polls: Arc<AtomicU32>,
}

pub(super) fn scripted(turns: &[Turn]) -> Scripted {
    Scripted { turns: turns.iter().copied().collect(), polls: Arc::default() }
}

#[expect(clippy::disallowed_methods, reason = "the latency of the scripted operation, on paused time")]
async fn latency() {
    tokio::time::sleep(millis(100)).await;
}

impl Operation for Scripted {
    type Status = u32;

    async fn poll(&mut self) -> Result<Answer<u32>, PollError> {
        let poll = self.polls.fetch_add(1, Ordering::Relaxed) + 1;
        let turn = if self.turns.len() > 1 { self.turns.pop_front() } else { self.turns.front().copied() };
        latency().await;
        match turn.expect("a script has turns") {
            Turn::Pending => Ok(Answer::pending(poll)),
            Turn::Busy(pause) => Ok(Answer::pending(poll).retry_after(secs(pause))),
            Turn::Succeeded => Ok(Answer::succeeded(poll)),
            Turn::Failed => Ok(Answer::failed(poll).reason("no free line")),
            Turn::Cancelled => Ok(Answer::cancelled(poll)),
            Turn::Blocked => Ok(Answer::new(crate::Verdict::Blocked, poll).reason("manual approval")),
            Turn::Fault => Err(PollError::transient("connection refused")),
            Turn::NotFound => Err(PollError::new(PollErrorKind::NotFound, "404")),
            Turn::Hang => std::future::pending().await,
        }
    }

    fn id(&self) -> std::borrow::Cow<'_, str> {
        "scripted".into()
    }
}
