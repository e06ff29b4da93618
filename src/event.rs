//! What a watcher is told while a wait goes on, with the time inside.
//! Nothing here is done: an event only says what was.

use std::sync::Arc;
use std::time::Duration;

use crate::error::{Outcome, Report};
use crate::operation::{Answer, PollError};

/// Something that happened in a wait.
#[derive(Debug)]
#[non_exhaustive]
pub struct Event<S> {
    /// Which operation it is about, as [`Operation::id`](crate::Operation::id) says it.
    pub id: Arc<str>,
    /// When it happened, counted from the start of the wait.
    pub elapsed: Duration,
    /// What happened.
    pub kind: EventKind<S>,
}

/// What happened in a wait.
#[derive(Debug)]
#[non_exhaustive]
pub enum EventKind<S> {
    /// The wait began.
    Started {
        /// How long it may last in all.
        timeout: Option<Duration>,
    },
    /// A poll is sent.
    Polling {
        /// Which one it is, from 1.
        poll: u32,
    },
    /// A poll was answered.
    Answered {
        /// Which one it was, from 1.
        poll: u32,
        /// How long the answer took.
        latency: Duration,
        /// The answer.
        answer: Arc<Answer<S>>,
    },
    /// A poll brought no usable answer.
    Erred {
        /// Which one it was, from 1.
        poll: u32,
        /// How long that took.
        latency: Duration,
        /// Why not.
        error: Arc<PollError>,
    },
    /// The wait sleeps.
    Sleeping {
        /// For how long.
        pause: Duration,
    },
    /// Nothing happened for the time of the heartbeat: the wait goes on.
    StillWaiting,
    /// The wait ended. Only a stream of events has this one, as its last; a wait that is awaited returns it.
    Finished(Outcome<S>),
}

impl<S> Event<S> {
    /// The report at the end of the wait, if this is its end.
    #[must_use]
    pub fn report(&self) -> Option<&Report<S>> {
        match &self.kind {
            EventKind::Finished(Ok(completed)) => Some(&completed.report),
            EventKind::Finished(Err(error)) => error.report(),
            _ => None,
        }
    }
}
