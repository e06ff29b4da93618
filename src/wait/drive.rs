//! The driver: does what the machine says, tells what happened, and lets time pass.
//! No rule stands here.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, timeout};
use tracing::Instrument;

use super::{Cancel, Wait, Watcher};
use crate::error::{Completed, Outcome, Report, WaitError};
use crate::event::{Event, EventKind};
use crate::machine::{End, Happened, Machine, Step};
use crate::operation::{Answer, Operation, PollError, Verdict};
use crate::policy::Span;
use crate::schedule::Exponential;

/// Does what the machine says until it says that the wait is over.
pub(super) async fn run<O>(wait: Wait<O>, tell: impl FnMut(Event<O::Status>) + Send) -> Outcome<O::Status>
where
    O: Operation + Send,
    O::Status: Send + Sync,
{
    let Wait { mut operation, policy, schedule, heartbeat, on_event, cancel } = wait;
    let id: Arc<str> = Arc::from(&*operation.id());
    let span = tracing::info_span!("lro.wait", id = &*id);
    let schedule = schedule.unwrap_or_else(|| Box::new(Exponential::default()));
    let timeout_of_wait = policy.timeout;
    let mut machine = Machine::new(policy, schedule, fastrand::u64(..))?;
    let mut watch = Watch::new(Arc::clone(&id), heartbeat, on_event, cancel, tell);
    let mut known = Known { answer: None, error: None };

    watch.tell(EventKind::Started { timeout: timeout_of_wait });
    let mut happened = Happened::Started;
    let end = loop {
        match machine.on(happened, watch.elapsed()) {
            Step::Poll { at_most } => {
                let poll = machine.polls();
                watch.tell(EventKind::Polling { poll });
                let asked = watch.elapsed();
                let answer = timeout(at_most, operation.poll())
                    .instrument(tracing::debug_span!(parent: &span, "lro.poll", poll));
                let Some(answer) = watch.alongside(answer).await else { break None };
                let latency = watch.elapsed().saturating_sub(asked);
                match answer.unwrap_or_else(|_| Err(PollError::transient(NoAnswerWithin(at_most)))) {
                    Ok(answer) => {
                        let answer = Arc::new(answer);
                        happened =
                            Happened::Answered { verdict: answer.verdict, retry_after: answer.retry_after };
                        known.answer = Some(Arc::clone(&answer));
                        watch.tell(EventKind::Answered { poll, latency, answer });
                    }
                    Err(error) => {
                        let error = Arc::new(error);
                        happened = Happened::Erred { kind: error.kind(), retry_after: error.retry_after() };
                        known.error = Some(Arc::clone(&error));
                        watch.tell(EventKind::Erred { poll, latency, error });
                    }
                }
            }
            Step::Sleep(pause) => {
                watch.tell(EventKind::Sleeping { pause });
                let wake = watch.start + watch.elapsed() + pause;
                if watch.alongside(sleep_until(wake)).await.is_none() {
                    break None;
                }
                happened = Happened::Woke;
            }
            Step::Finish(end) => break Some(end),
        }
    };
    let report = Report {
        id,
        answer: known.answer,
        last_error: known.error,
        polls: machine.polls(),
        transient_errors: machine.transient_errors(),
        elapsed: watch.elapsed(),
    };
    tracing::debug!(parent: &span, ?end, polls = report.polls, "the wait is over");
    outcome(end, report)
}

/// The last that was heard of the operation.
struct Known<S> {
    answer: Option<Arc<Answer<S>>>,
    error: Option<Arc<PollError>>,
}

fn outcome<S>(end: Option<End>, report: Report<S>) -> Outcome<S> {
    let report = Box::new(report);
    match (end, &report.answer, &report.last_error) {
        (Some(End::Done(Verdict::Succeeded)), Some(answer), _) => {
            Ok(Completed { answer: Arc::clone(answer), report: *report })
        }
        (Some(End::Done(Verdict::Cancelled)), ..) => Err(WaitError::Cancelled(report)),
        (Some(End::Done(_)), ..) => Err(WaitError::Failed(report)),
        (Some(End::OutOfTime(limit)), ..) => Err(WaitError::TimedOut { limit, report }),
        (Some(End::Lost { errors_in_a_row }), _, Some(error)) => {
            Err(WaitError::Poll { source: Arc::clone(error), errors_in_a_row, report })
        }
        // A wait is lost only by an error, so that what is left is the caller's own end.
        (Some(End::Lost { .. }) | None, ..) => Err(WaitError::Interrupted(report)),
    }
}

/// Who is told, what may interrupt, and the clock of one wait.
struct Watch<S, F> {
    id: Arc<str>,
    start: Instant,
    heartbeat: Option<(Duration, Instant)>,
    on_event: Option<Watcher<S>>,
    cancel: Option<Cancel>,
    tell: F,
}

impl<S, F: FnMut(Event<S>)> Watch<S, F> {
    fn new(
        id: Arc<str>,
        heartbeat: Option<Duration>,
        on_event: Option<Watcher<S>>,
        cancel: Option<Cancel>,
        tell: F,
    ) -> Self {
        let start = Instant::now();
        Self { id, start, heartbeat: heartbeat.map(|every| (every, start + every)), on_event, cancel, tell }
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn tell(&mut self, kind: EventKind<S>) {
        let event = Event { id: Arc::clone(&self.id), elapsed: self.elapsed(), kind };
        if let Some(watcher) = &mut self.on_event {
            watcher(&event);
        }
        (self.tell)(event);
    }

    /// Does this work, with heartbeats beside it; `None` when the caller ended the wait meanwhile.
    async fn alongside<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let mut work = pin!(work);
        loop {
            // Biased, because an answer that is there counts even when the caller has had enough.
            tokio::select! {
                biased;
                done = &mut work => return Some(done),
                () = or_never(self.cancel.as_mut()) => return None,
                () = or_never(self.heartbeat.map(|(_, next)| sleep_until(next))) => self.beat(),
            }
        }
    }

    fn beat(&mut self) {
        self.tell(EventKind::StillWaiting);
        // From now, not from when it was due: after a suspended hour one heartbeat is told, not sixty.
        self.heartbeat = self.heartbeat.map(|(every, _)| (every, Instant::now() + every));
    }
}

async fn or_never(future: Option<impl Future<Output = ()>>) {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place where time passes")]
async fn sleep_until(wake: Instant) {
    tokio::time::sleep_until(wake).await;
}

/// The poll timeout passed.
#[derive(Debug, thiserror::Error)]
#[error("no answer within {}", Span(*.0))]
struct NoAnswerWithin(Duration);
