//! What is worth a line: each change, each fault, and each poll for who asks for it.
//! How a line reaches a person is not known here.

use std::sync::Arc;
use std::time::Duration;

use lro::http::printable;
use lro::plas::Status;
use lro::{Answer, Event, EventKind, PollError, Verdict};

use crate::cli::duration::human;
use crate::cli::failure::causes;

/// Picks what is worth telling and puts it into words.
#[derive(Debug)]
pub(super) struct Narrator {
    what: String,
    verbose: bool,
    last: Option<Arc<Answer<Status>>>,
    faults: u32,
    fault: Option<String>,
    polls: u32,
}

/// A line for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) elapsed: Duration,
    pub(super) tone: Tone,
    pub(super) text: String,
}

/// What a line is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Something changed.
    Plain,
    /// Something went wrong and will be tried again.
    Fault,
    /// Nothing changed.
    Dim,
}

impl Narrator {
    pub(super) fn new(what: &str, verbose: bool) -> Self {
        Self { what: what.to_owned(), verbose, last: None, faults: 0, fault: None, polls: 0 }
    }

    /// What the operation was last known to be: the verdict, and the server's word beside it.
    pub(super) fn state(&self) -> String {
        self.last.as_deref().map_or_else(|| "no answer yet".to_owned(), state)
    }

    /// How many polls in a row brought no usable answer.
    pub(super) fn faults(&self) -> u32 {
        self.faults
    }

    pub(super) fn polls(&self) -> u32 {
        self.polls
    }

    /// The line for this event, if it is worth one.
    pub(super) fn line(&mut self, event: &Event<Status>) -> Option<Line> {
        let (tone, text) = self.told(&event.kind)?;
        Some(Line { elapsed: event.elapsed, tone, text: printable(&text).into_owned() })
    }

    fn told(&mut self, kind: &EventKind<Status>) -> Option<(Tone, String)> {
        match kind {
            EventKind::Started { timeout } => {
                let limit = timeout
                    .map_or_else(|| "as long as it takes".to_owned(), |t| format!("at most {}", human(t)));
                Some((Tone::Plain, format!("waiting for {}, {limit}", self.what)))
            }
            EventKind::Polling { poll } => {
                self.polls = *poll;
                None
            }
            EventKind::Answered { poll, latency, answer } => self.answered(*poll, *latency, answer),
            EventKind::Erred { error, .. } => {
                self.faults += 1;
                self.fault = Some(chain(error));
                None
            }
            EventKind::Sleeping { pause } => match self.fault.take() {
                // A fault is told with what is done about it, and again only when it is another one.
                Some(fault) => Some((Tone::Fault, format!("{fault}; asking again in {}", human(*pause)))),
                None if self.verbose => Some((Tone::Dim, format!("asking again in {}", human(*pause)))),
                None => None,
            },
            EventKind::StillWaiting => Some((Tone::Dim, self.heartbeat())),
            _ => None,
        }
    }

    fn answered(
        &mut self,
        poll: u32,
        latency: Duration,
        answer: &Arc<Answer<Status>>,
    ) -> Option<(Tone, String)> {
        let before = self.last.replace(Arc::clone(answer));
        let faults = std::mem::take(&mut self.faults);
        self.fault = None;
        let now = state(answer);
        if self.verbose {
            return Some((Tone::Dim, format!("{now} (poll {poll}, answered in {} ms)", latency.as_millis())));
        }
        // Ends are told by what ends the wait.
        if answer.verdict.is_terminal() {
            return None;
        }
        match before {
            Some(before) if state(&before) == now && faults == 0 => None,
            Some(_) if faults > 0 => Some((Tone::Plain, format!("{now}, after {}", errors(faults)))),
            _ => Some((Tone::Plain, now)),
        }
    }

    fn heartbeat(&self) -> String {
        let polls = self.polls;
        let faults = if self.faults > 0 {
            format!(", the last {} without an answer", self.faults)
        } else {
            String::new()
        };
        match &self.last {
            Some(answer) => format!("still {} after {}{faults}", state(answer), polls_told(polls)),
            None => format!("no answer yet after {}", polls_told(polls)),
        }
    }
}

/// The verdict and what the operation does, with the server's words beside it.
fn state(answer: &Answer<Status>) -> String {
    let kind =
        answer.status.operation_type.as_ref().map(|kind| format!(" ({})", kind.as_str())).unwrap_or_default();
    let reason = answer.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    match answer.verdict {
        Verdict::Blocked => format!("blocked{kind}, waits for a person{reason}"),
        verdict => format!("{verdict}{kind}{reason}"),
    }
}

/// `1 poll`, `5 polls`.
pub(super) fn polls_told(polls: u32) -> String {
    if polls == 1 { "1 poll".to_owned() } else { format!("{polls} polls") }
}

/// `1 error`, `5 errors`.
pub(super) fn errors(errors: u32) -> String {
    if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") }
}

/// An error with its causes, on one line.
pub(super) fn chain(error: &PollError) -> String {
    causes(error).collect::<Vec<_>>().join(": ")
}
