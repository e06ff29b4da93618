//! The driver: does what the machine says, tells what happened, and lets time pass.
//! No rule stands here.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::{Instrument, Span};

use super::{Cancel, Wait, Watcher};
use crate::error::{Completed, Outcome, Report, WaitError};
use crate::event::{Event, EventKind};
use crate::machine::{End, Happened, Machine, Step};
use crate::operation::{Answer, Operation, PollError, Verdict};
use crate::policy;
use crate::schedule::Exponential;

/// The whole run of a wait, as one future: nothing happens before it is polled.
pub(super) fn run<O, F>(wait: Wait<O>, tell: F) -> impl Future<Output = Outcome<O::Status>> + Send
where
    O: Operation + Send,
    O::Status: Send + Sync,
    F: FnMut(Event<O::Status>) + Send,
{
    // Made before the future and only borrowed in it, because what a future moves it keeps twice.
    let mut run = Run::new(wait, tell);
    async move {
        match &mut run {
            Ok(run) => run.drive().await,
            Err(error) => Err(WaitError::Policy(error.clone())),
        }
    }
}

struct Run<O: Operation, F> {
    operation: O,
    machine: Machine,
    watch: Watch<O::Status, F>,
    span: Span,
    answer: Option<Arc<Answer<O::Status>>>,
    error: Option<Arc<PollError>>,
}

impl<O, F> Run<O, F>
where
    O: Operation + Send,
    O::Status: Send + Sync,
    F: FnMut(Event<O::Status>) + Send,
{
    fn new(wait: Wait<O>, tell: F) -> Result<Self, policy::PolicyError> {
        let id: Arc<str> = Arc::from(&*wait.operation.id());
        let schedule = wait.schedule.unwrap_or_else(|| Box::new(Exponential::default()));
        Ok(Self {
            machine: Machine::new(wait.policy, schedule, fastrand::u64(..))?,
            span: tracing::info_span!("lro.wait", id = &*id),
            watch: Watch {
                id,
                start: Instant::now(),
                heartbeat: wait.heartbeat,
                next_heartbeat: None,
                on_event: wait.on_event,
                cancel: wait.cancel,
                tell,
            },
            operation: wait.operation,
            answer: None,
            error: None,
        })
    }

    /// Does what the machine says until it says that the wait is over.
    async fn drive(&mut self) -> Outcome<O::Status> {
        self.watch.begin();
        self.watch.tell(EventKind::Started { timeout: self.machine.timeout() });
        let mut happened = Happened::Started;
        let end = loop {
            let next = match self.machine.on(happened, self.watch.elapsed()) {
                Step::Poll { at_most } => self.poll(at_most).await,
                Step::Sleep(pause) => self.sleep(pause).await,
                Step::Finish(end) => break Some(end),
            };
            match next {
                Some(next) => happened = next,
                None => break None,
            }
        };
        let report = self.report();
        tracing::debug!(parent: &self.span, ?end, polls = report.polls, "the wait is over");
        outcome(end, report)
    }

    /// Asks once; `None` when the caller ended the wait meanwhile.
    async fn poll(&mut self, at_most: Duration) -> Option<Happened> {
        let poll = self.machine.polls();
        self.watch.tell(EventKind::Polling { poll });
        let asked = self.watch.elapsed();
        let span = tracing::debug_span!(parent: &self.span, "lro.poll", poll);
        let mut asking = pin!(self.operation.poll().instrument(span));
        let answer = match self.watch.alongside(asking.as_mut(), at_most).await {
            Meanwhile::Done(answer) => answer,
            Meanwhile::TimeUp => Err(PollError::transient(NoAnswerWithin(at_most))),
            Meanwhile::Interrupted => return None,
        };
        let latency = self.watch.elapsed().saturating_sub(asked);
        Some(match answer {
            Ok(answer) => {
                let answer = Arc::new(answer);
                self.answer = Some(Arc::clone(&answer));
                let (verdict, retry_after) = (answer.verdict, answer.retry_after);
                self.watch.tell(EventKind::Answered { poll, latency, answer });
                Happened::Answered { verdict, retry_after }
            }
            Err(error) => {
                let error = Arc::new(error);
                self.error = Some(Arc::clone(&error));
                let (kind, retry_after) = (error.kind(), error.retry_after());
                self.watch.tell(EventKind::Erred { poll, latency, error });
                Happened::Erred { kind, retry_after }
            }
        })
    }

    /// Lets this time pass; `None` when the caller ended the wait meanwhile.
    async fn sleep(&mut self, pause: Duration) -> Option<Happened> {
        self.watch.tell(EventKind::Sleeping { pause });
        let mut nothing = pin!(std::future::pending::<()>());
        match self.watch.alongside(nothing.as_mut(), pause).await {
            Meanwhile::Interrupted => None,
            Meanwhile::Done(()) | Meanwhile::TimeUp => Some(Happened::Woke),
        }
    }

    fn report(&mut self) -> Report<O::Status> {
        Report {
            id: Arc::clone(&self.watch.id),
            answer: self.answer.take(),
            last_error: self.error.take(),
            polls: self.machine.polls(),
            transient_errors: self.machine.transient_errors(),
            elapsed: self.watch.elapsed(),
        }
    }
}

fn outcome<S>(end: Option<End>, report: Report<S>) -> Outcome<S> {
    let report = Box::new(report);
    match (end, &report.answer, &report.last_error) {
        (Some(End::Done(Verdict::Succeeded)), Some(answer), _) => {
            Ok(Completed { answer: Arc::clone(answer), report: *report })
        }
        (Some(End::Done(Verdict::Cancelled)), ..) => Err(WaitError::Cancelled(report)),
        (Some(End::Done(Verdict::Blocked)), ..) => Err(WaitError::Blocked(report)),
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
    heartbeat: Option<Duration>,
    next_heartbeat: Option<Instant>,
    on_event: Option<Watcher<S>>,
    cancel: Option<Cancel>,
    tell: F,
}

/// What came first.
enum Meanwhile<T> {
    Done(T),
    TimeUp,
    Interrupted,
}

impl<S, F: FnMut(Event<S>)> Watch<S, F> {
    fn begin(&mut self) {
        self.start = Instant::now();
        self.next_heartbeat = self.heartbeat.and_then(|every| self.start.checked_add(every));
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

    /// Does this work for so long at most, with heartbeats beside it.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time passes")]
    async fn alongside<T>(
        &mut self,
        mut work: Pin<&mut impl Future<Output = T>>,
        at_most: Duration,
    ) -> Meanwhile<T> {
        let time_up = Instant::now() + at_most;
        loop {
            let wake = self.next_heartbeat.map_or(time_up, |heartbeat| heartbeat.min(time_up));
            // Biased, because an answer that is there counts even when the caller has had enough.
            tokio::select! {
                biased;
                done = work.as_mut() => return Meanwhile::Done(done),
                () = or_never(self.cancel.as_mut()) => return Meanwhile::Interrupted,
                () = tokio::time::sleep_until(wake) => {}
            }
            if wake == time_up {
                return Meanwhile::TimeUp;
            }
            self.tell(EventKind::StillWaiting);
            // From now, not from when it was due: after a suspended hour one heartbeat is told, not sixty.
            self.next_heartbeat = self.heartbeat.and_then(|every| Instant::now().checked_add(every));
        }
    }
}

async fn or_never(future: Option<impl Future<Output = ()>>) {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}

/// The poll timeout passed.
#[derive(Debug, thiserror::Error)]
#[error("no answer within {}", policy::Span(Duration::from_millis(u64::try_from(.0.as_millis()).unwrap_or(u64::MAX))))]
struct NoAnswerWithin(Duration);
