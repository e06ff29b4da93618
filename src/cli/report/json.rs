//! Results and events as JSON, for scripts. The shapes are a promise: `schema` counts up when one changes.
//! Nothing is decided here.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use lro::http::Status;
use lro::http::printable;
use lro::{Event, EventKind};
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::narrator::chain;
use super::result::Ended;
use crate::cli::clock::now;
use crate::cli::paint::is_seen;
use crate::cli::tally::Tally;

const SCHEMA: u32 = 1;

/// The document at the end.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    outcome: &'static str,
    elapsed_ms: u64,
    operations: Vec<OperationDocument<'a>>,
}

#[derive(Serialize)]
struct OperationDocument<'a> {
    id: &'a str,
    url: Option<&'a str>,
    /// How it ended; beside that of all.
    outcome: &'static str,
    state: Option<&'static str>,
    /// The API's own word for the state.
    status: Option<&'a str>,
    progress: Option<f64>,
    reason: Option<&'a str>,
    polls: u32,
    transient_errors: u32,
    elapsed_ms: u64,
    last_error: Option<String>,
    answer: Option<Box<RawValue>>,
    result: Option<&'a Value>,
}

#[derive(Serialize)]
struct FinishedEvent<'a> {
    time: String,
    event: &'static str,
    id: &'a str,
    #[serde(flatten)]
    document: Document<'a>,
}

/// The end of one of several operations, as an event: its part of the document.
#[derive(Serialize)]
struct EndedEvent<'a> {
    schema: u32,
    time: String,
    event: &'static str,
    elapsed_ms: u64,
    id: &'a str,
    operation: OperationDocument<'a>,
}

/// The last line of the events of several operations: the document, but of the operations only how many ended how,
/// because each has been told, and nothing is kept.
#[derive(Serialize)]
struct FinishedFleetEvent {
    schema: u32,
    time: String,
    event: &'static str,
    id: Option<&'static str>,
    outcome: &'static str,
    elapsed_ms: u64,
    counts: BTreeMap<&'static str, usize>,
}

/// The document for an end, on one line.
pub(crate) fn document(ended: &Ended) -> String {
    documents(std::slice::from_ref(ended), ended.outcome, ended.elapsed)
}

/// The document for the ends of several operations, on one line.
pub(crate) fn documents(ends: &[Ended], outcome: &'static str, elapsed: Duration) -> String {
    line(&document_of(ends, outcome, elapsed))
}

/// The last line of the events: the document, as an event.
pub(crate) fn finished(ended: &Ended) -> String {
    line(&FinishedEvent {
        time: now(),
        event: "finished",
        id: &ended.id,
        document: document_of(std::slice::from_ref(ended), ended.outcome, ended.elapsed),
    })
}

/// The end of one of several operations, as a line among the events.
pub(crate) fn ended(ended: &Ended, elapsed: Duration) -> String {
    line(&EndedEvent {
        schema: SCHEMA,
        time: now(),
        event: "ended",
        elapsed_ms: milliseconds(elapsed),
        id: &ended.id,
        operation: operation_of(ended),
    })
}

/// That the wait for several operations goes on, as a line among the events.
pub(crate) fn still_waiting(elapsed: Duration) -> String {
    line(&json!({
        "schema": SCHEMA,
        "time": now(),
        "event": "still_waiting",
        "id": null,
        "elapsed_ms": milliseconds(elapsed),
    }))
}

/// The last line of the events of several operations.
pub(crate) fn finished_fleet(outcome: &'static str, elapsed: Duration, tally: &Tally) -> String {
    line(&FinishedFleetEvent {
        schema: SCHEMA,
        time: now(),
        event: "finished",
        id: None,
        outcome,
        elapsed_ms: milliseconds(elapsed),
        counts: tally.counts().filter(|(_, count)| *count > 0).collect(),
    })
}

/// An event on one line; `None` for the end, which is told by [`finished`].
pub(crate) fn event(event: &Event<Status>) -> Option<String> {
    let (name, more) = match &event.kind {
        EventKind::Started { timeout } => ("started", json!({ "timeout_ms": timeout.map(milliseconds) })),
        EventKind::Polling { poll } => ("polling", json!({ "poll": poll })),
        EventKind::Answered { poll, latency, answer } => (
            "answered",
            json!({
                "poll": poll,
                "latency_ms": milliseconds(*latency),
                "state": answer.verdict.as_str(),
                "status": answer.status.state,
                "progress": answer.hints.progress,
                "remaining_ms": answer.hints.remaining.map(milliseconds),
                "reason": answer.reason,
                "retry_after_ms": answer.hints.retry_after.map(milliseconds),
            }),
        ),
        EventKind::Erred { poll, latency, error } => (
            "erred",
            json!({
                "poll": poll,
                "latency_ms": milliseconds(*latency),
                "error": printable(&chain(error)),
                "retry_after_ms": error.retry_after().map(milliseconds),
            }),
        ),
        EventKind::Sleeping { pause } => ("sleeping", json!({ "pause_ms": milliseconds(*pause) })),
        EventKind::StillWaiting => ("still_waiting", json!({})),
        _ => return None,
    };
    let mut told = json!({
        "schema": SCHEMA,
        "time": now(),
        "event": name,
        "id": &*event.id,
        "elapsed_ms": milliseconds(event.elapsed),
    });
    if let (Value::Object(told), Value::Object(more)) = (&mut told, more) {
        told.extend(more);
    }
    Some(line(&told))
}

fn document_of<'a>(ends: &'a [Ended], outcome: &'static str, elapsed: Duration) -> Document<'a> {
    Document {
        schema: SCHEMA,
        outcome,
        elapsed_ms: milliseconds(elapsed),
        operations: ends.iter().map(operation_of).collect(),
    }
}

fn operation_of(ended: &Ended) -> OperationDocument<'_> {
    OperationDocument {
        id: &ended.id,
        url: ended.url.as_deref(),
        outcome: ended.outcome,
        state: ended.verdict().map(lro::Verdict::as_str),
        status: ended.status().and_then(|status| status.state.as_deref()),
        progress: ended.answer.as_ref().and_then(|answer| answer.hints.progress),
        reason: ended.reason(),
        polls: ended.polls,
        transient_errors: ended.transient_errors,
        elapsed_ms: milliseconds(ended.elapsed),
        last_error: ended.last_error.as_ref().map(|error| printable(&chain(error)).into_owned()),
        answer: ended
            .answer
            .as_ref()
            .and_then(|answer| RawValue::from_string(on_one_line(answer.status.raw())).ok()),
        result: ended.status().and_then(Status::result),
    }
}

/// The same document, without what would break a line, steer a terminal or be a command in the log of a build: white
/// space between the tokens is left out, and within strings everything that is not seen, and `##`, is escaped.
pub(super) fn on_one_line(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    let mut chars = json.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if !escaped => in_string = !in_string,
            ' ' | '\t' | '\r' | '\n' if !in_string => continue,
            _ => {}
        }
        escaped = in_string && c == '\\' && !escaped;
        let is_command = in_string && c == '#' && chars.peek() == Some(&'#');
        let is_seen = matches!(c, ' '..='~') || is_seen(c);
        if is_seen && !is_command {
            text.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
    text
}

/// This as a document on one line.
pub(crate) fn line(value: &impl Serialize) -> String {
    let json = serde_json::to_string(value).unwrap_or_else(|_| unreachable!("its keys are strings"));
    let mut line = on_one_line(&json);
    line.push('\n');
    line
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_of_the_server_stays_the_same_value_on_one_line() {
        let sent = "{ \"a\" : \"x \\\" y\",\r\n\t\"b\":[1, 2],\"c\":\"\\\\\", \"d\":\"\u{202e}\u{9b}ä😀\u{e0041}\u{7f}##[\" }";
        let told = on_one_line(sent);
        assert_eq!(
            told,
            r#"{"a":"x \" y","b":[1,2],"c":"\\","d":"\u202e\u009bä😀\udb40\udc41\u007f\u0023#["}"#
        );
        let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
        assert_eq!(value(&told), value(sent));
    }
}
