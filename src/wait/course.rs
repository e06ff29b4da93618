//! The course of one wait: its machine, what was heard last, and how that is told.
//! Nobody is asked here and no time passes: that is for whoever drives one wait, or many.

use std::sync::Arc;
use std::time::Duration;

use tracing::Span;
use tracing::span::Id;

use crate::error::{Completed, Outcome, Report, WaitError};
use crate::event::EventKind;
use crate::machine::{End, Happened, Machine, Step};
use crate::operation::{Answer, PollError, Verdict};
use crate::policy;

use super::telemetry::{self, Spans};

pub(crate) struct Course<S> {
    machine: Machine,
    /// None where nobody listens, because each of many operations keeps one.
    span: Option<Box<Span>>,
    answer: Option<Arc<Answer<S>>>,
    error: Option<Arc<PollError>>,
}

impl<S> Course<S> {
    /// The course of a wait for the operation of this name.
    pub(crate) fn new(id: &str, machine: Machine) -> Self {
        let span = telemetry::of_wait(id);
        let span = (!span.is_disabled()).then(|| Box::new(span));
        Self { machine, span, answer: None, error: None }
    }

    /// Whether it was asked before what to do.
    pub(crate) fn has_begun(&self) -> bool {
        self.machine.has_begun()
    }

    /// What to do now.
    pub(crate) fn on(&mut self, happened: Happened, elapsed: Duration) -> Step {
        self.machine.on(happened, elapsed)
    }

    /// How long the wait may last in all.
    pub(crate) fn timeout(&self) -> Option<Duration> {
        self.machine.timeout()
    }

    /// The wait for the operation of this name begins.
    pub(crate) fn begin(&self, id: &str) {
        telemetry::started(self.span_id(), id, self.timeout());
    }

    /// What is told when the wait begins.
    pub(crate) fn started(&self) -> EventKind<S> {
        EventKind::Started { timeout: self.timeout() }
    }

    /// The wait for the operation of this name lets this time pass.
    pub(crate) fn pause(&self, id: &str, pause: Duration) {
        telemetry::paused(self.span_id(), id, pause);
    }

    /// What is told when a poll is sent.
    pub(crate) fn polling(&self) -> EventKind<S> {
        EventKind::Polling { poll: self.machine.polls() }
    }

    fn span_id(&self) -> Option<Id> {
        self.span.as_deref()?.id()
    }

    /// The span of a poll.
    pub(crate) fn poll_span(&self) -> Span {
        telemetry::of_poll(self.span_id(), self.machine.polls())
    }

    /// What a poll for the operation of this name brought, in the time it took: for the machine, and as it is told.
    pub(crate) fn heard(
        &mut self,
        id: &str,
        span: &Span,
        answer: Result<Answer<S>, PollError>,
        latency: Duration,
    ) -> (Happened, EventKind<S>) {
        let poll = self.machine.polls();
        let spans = Spans { wait: self.span.as_deref(), poll: span };
        match answer {
            Ok(answer) => {
                telemetry::answered(spans, id, poll, &answer, latency);
                let answer = Arc::new(answer);
                self.answer = Some(Arc::clone(&answer));
                let (verdict, hints) = (answer.verdict, answer.hints);
                let told = EventKind::Answered { poll, latency, answer };
                (Happened::Answered { verdict, hints }, told)
            }
            Err(error) => {
                telemetry::erred(spans, id, poll, &error, latency);
                let error = Arc::new(error);
                self.error = Some(Arc::clone(&error));
                let (kind, retry_after) = (error.kind(), error.retry_after());
                (Happened::Erred { kind, retry_after }, EventKind::Erred { poll, latency, error })
            }
        }
    }

    /// How the wait for the operation of this name ended; without an end of its own, by the caller's will.
    pub(crate) fn outcome(&mut self, id: Arc<str>, end: Option<End>, elapsed: Duration) -> Outcome<S> {
        let report = Report {
            id,
            answer: self.answer.take(),
            last_error: self.error.take(),
            polls: self.machine.polls(),
            transient_errors: self.machine.transient_errors(),
            elapsed: self.machine.age(elapsed),
        };
        let outcome = outcome(end, report);
        telemetry::finished(self.span.as_deref(), &outcome);
        outcome
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

/// The poll timeout passed.
#[derive(Debug, thiserror::Error)]
#[error("no answer within {}", policy::Span(Duration::from_millis(u64::try_from(.0.as_millis()).unwrap_or(u64::MAX))))]
pub(crate) struct NoAnswerWithin(pub(crate) Duration);
