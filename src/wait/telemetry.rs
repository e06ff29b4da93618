//! What a wait tells `tracing`: a span for it and one for each poll, and an event for whatever happens, under names that
//! stay. `docs/telemetry.md` has the table of all of them.
//! Who listens is not known here, and where nobody does nothing is made.

use std::error::Error;
use std::fmt::{self, Write};
use std::time::Duration;

use tracing::span::Id;
use tracing::{Level, Span, field};

use crate::error::{Outcome, WaitError};
use crate::operation::{Answer, PollError, PollErrorKind};

/// What all names belong to, whatever file they are in: the part of the source is nothing to count on.
const TARGET: &str = "lro";

/// How many characters of a name, and of the words of an error, are told.
const LONGEST_ID: usize = 200;
const LONGEST_ERROR: usize = 500;

/// The span of a wait.
pub(super) fn of_wait(id: &str) -> Span {
    tracing::info_span!(
        target: TARGET,
        "lro.wait",
        id = %Brief(&id, LONGEST_ID),
        outcome = field::Empty,
        polls = field::Empty,
        transient_errors = field::Empty,
        elapsed_ms = field::Empty,
        error = field::Empty,
        otel.status_code = field::Empty,
    )
}

/// The span of a poll.
pub(super) fn of_poll(wait: Option<Id>, poll: u32) -> Span {
    tracing::debug_span!(
        target: TARGET,
        parent: wait,
        "lro.poll",
        poll = i64::from(poll),
        verdict = field::Empty,
        error.type = field::Empty,
        error = field::Empty,
        otel.status_code = field::Empty,
    )
}

/// The wait begins.
pub(super) fn started(wait: Option<Id>, id: &str, timeout: Option<Duration>) {
    tracing::event!(
        name: "lro.wait.started", target: TARGET, parent: wait, Level::INFO,
        id = %Brief(&id, LONGEST_ID),
        timeout_ms = timeout.map(millis),
        "the wait begins"
    );
}

/// The wait sleeps.
pub(super) fn paused(wait: Option<Id>, id: &str, pause: Duration) {
    tracing::event!(
        name: "lro.wait.paused", target: TARGET, parent: wait, Level::TRACE,
        id = %Brief(&id, LONGEST_ID),
        pause_ms = millis(pause),
        "the wait pauses"
    );
}

/// A poll was answered.
pub(super) fn answered<S>(spans: Spans<'_>, id: &str, poll: u32, answer: &Answer<S>, latency: Duration) {
    spans.poll.record("verdict", answer.verdict.as_str());
    tracing::event!(
        name: "lro.poll.answered", target: TARGET, parent: spans.innermost(), Level::DEBUG,
        id = %Brief(&id, LONGEST_ID),
        poll = i64::from(poll),
        verdict = answer.verdict.as_str(),
        progress = answer.hints.progress,
        retry_after_ms = answer.hints.retry_after.map(millis),
        latency_ms = millis(latency),
        "a poll was answered"
    );
}

/// A poll brought no usable answer.
pub(super) fn erred(spans: Spans<'_>, id: &str, poll: u32, error: &PollError, latency: Duration) {
    let kind = kind(error.kind());
    if !spans.poll.is_disabled() {
        spans.poll.record("error.type", kind);
        spans.poll.record("error", field::display(Brief(&Chain(error), LONGEST_ERROR)));
        spans.poll.record("otel.status_code", "ERROR");
    }
    tracing::event!(
        name: "lro.poll.erred", target: TARGET, parent: spans.innermost(), Level::WARN,
        id = %Brief(&id, LONGEST_ID),
        poll = i64::from(poll),
        error.type = kind,
        error = %Brief(&Chain(error), LONGEST_ERROR),
        retry_after_ms = error.retry_after().map(millis),
        latency_ms = millis(latency),
        "a poll brought no usable answer"
    );
}

/// The wait is over.
pub(super) fn finished<S>(wait: Option<&Span>, outcome: &Outcome<S>) {
    let (word, error, report) = match outcome {
        Ok(completed) => ("succeeded", None, &completed.report),
        Err(error) => match (error.word(), error.report()) {
            (word, Some(report)) => (word, Some(error), report),
            (_, None) => return,
        },
    };
    let why = error.map(Why);
    let why = why.as_ref().map(|why| field::display(Brief(why, LONGEST_ERROR)));
    if let Some(span) = wait {
        span.record("outcome", word);
        span.record("polls", i64::from(report.polls));
        span.record("transient_errors", i64::from(report.transient_errors));
        span.record("elapsed_ms", millis(report.elapsed));
        if let Some(why) = &why {
            span.record("error", why);
            span.record("otel.status_code", "ERROR");
        }
    }
    tracing::event!(
        name: "lro.wait.finished", target: TARGET, parent: wait.and_then(Span::id), Level::INFO,
        id = %Brief(&report.id, LONGEST_ID),
        outcome = word,
        polls = i64::from(report.polls),
        transient_errors = i64::from(report.transient_errors),
        elapsed_ms = millis(report.elapsed),
        error = why,
        "the wait is over"
    );
}

/// What an event of a poll is in.
#[derive(Clone, Copy)]
pub(super) struct Spans<'a> {
    pub(super) wait: Option<&'a Span>,
    pub(super) poll: &'a Span,
}

impl Spans<'_> {
    /// That of the poll, or where only more important ones are listened to that of the wait.
    fn innermost(self) -> Option<Id> {
        self.poll.id().or_else(|| self.wait?.id())
    }
}

fn kind(kind: PollErrorKind) -> &'static str {
    match kind {
        PollErrorKind::Transient => "transient",
        PollErrorKind::NotFound => "not_found",
        PollErrorKind::Gone => "gone",
        PollErrorKind::Denied => "denied",
        PollErrorKind::NotUnderstood => "not_understood",
        PollErrorKind::Permanent => "permanent",
    }
}

/// Whole milliseconds. All numbers have a sign, because OpenTelemetry knows no others: it would be told a text.
fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// An error and its causes, on one line.
struct Chain<'a>(&'a (dyn Error + 'a));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

/// Why a wait ended without success, whatever its status is.
struct Why<'a, S>(&'a WaitError<S>);

impl<S> fmt::Display for Why<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            WaitError::Poll { source, .. } => write!(f, "{}: {}", self.0, Chain(&**source)),
            error => write!(f, "{error}"),
        }
    }
}

/// So many characters of a text at most, on one line: an operation and its errors may be anybody's.
struct Brief<'a, T: ?Sized>(&'a T, usize);

impl<T: fmt::Display + ?Sized> fmt::Display for Brief<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut brief = Cut { to: f, left: self.1, was_more: false };
        let written = write!(brief, "{}", self.0);
        if brief.was_more { f.write_char('…') } else { written }
    }
}

/// Passes so many characters on, and none that is more than text.
struct Cut<'a, 'b> {
    to: &'a mut fmt::Formatter<'b>,
    left: usize,
    was_more: bool,
}

impl Write for Cut<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            self.was_more = self.left == 0;
            self.left = self.left.checked_sub(1).ok_or(fmt::Error)?;
            self.to.write_char(if c.is_control() { ' ' } else { c })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
