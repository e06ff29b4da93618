//! What is worth a line: each change, each fault, and each poll for who asks for it.
//! How a line reaches a person is not known here.

use std::collections::HashSet;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use lro::http::Status;
use lro::http::{HttpError, printable};
use lro::{Answer, Event, EventKind, PollError, PollErrorKind, Verdict};

use crate::cli::duration::human;
use crate::cli::exit::http_error;
use crate::cli::failure::causes;

/// How many different states are told.
const MOST_TOLD: usize = 1000;

/// Picks what is worth telling and puts it into words.
#[derive(Debug)]
pub(super) struct Narrator {
    id: String,
    endpoint: String,
    verbose: bool,
    /// Whether the call that starts the operation is yet to be sent.
    is_start: bool,
    last: Option<Arc<Answer<Status>>>,
    /// What was told of states, and of what is odd about answers: each once.
    told: HashSet<String>,
    faults: u32,
    /// The fault that was told last, until there is an answer.
    fault: String,
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
    /// Something that a person may have to act on.
    Warning,
    /// Something went wrong and will be tried again.
    Fault,
    /// Nothing changed.
    Dim,
}

impl Narrator {
    /// Tells of the operation with this id at that endpoint.
    pub(super) fn new(id: &str, endpoint: &str, verbose: bool, is_start: bool) -> Self {
        Self {
            is_start,
            id: id.to_owned(),
            endpoint: endpoint.to_owned(),
            verbose,
            last: None,
            told: HashSet::new(),
            faults: 0,
            fault: String::new(),
            polls: 0,
        }
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

    /// The lines for this event, if it is worth any.
    pub(super) fn lines(&mut self, event: &Event<Status>) -> Vec<Line> {
        let told = self.told(&event.kind).into_iter().chain(self.oddities(&event.kind));
        told.map(|(tone, text)| Line { elapsed: event.elapsed, tone, text: printable(&text).into_owned() })
            .collect()
    }

    /// What is odd about an answer and was not told before.
    fn oddities(&mut self, kind: &EventKind<Status>) -> Vec<(Tone, String)> {
        let EventKind::Answered { answer, .. } = kind else { return Vec::new() };
        let problems = answer.status.problems.iter();
        problems
            .filter(|&problem| self.is_new(problem))
            .map(|problem| (Tone::Fault, problem.clone()))
            .collect()
    }

    /// Whether this was not told before. A server that always says something else is heard for so long.
    fn is_new(&mut self, text: &str) -> bool {
        self.told.len() < MOST_TOLD && self.told.insert(text.to_owned())
    }

    fn told(&mut self, kind: &EventKind<Status>) -> Option<(Tone, String)> {
        match kind {
            EventKind::Started { timeout } => {
                let limit = timeout
                    .map_or_else(|| "as long as it takes".to_owned(), |t| format!("at most {}", human(t)));
                let what = if self.is_start { "starting" } else { "waiting for" };
                // A URL says that itself.
                let at = Some(&self.endpoint).filter(|_| !self.id.contains("://"));
                let at = at.map(|endpoint| format!(" at {endpoint}")).unwrap_or_default();
                Some((Tone::Plain, format!("{what} {}{at}, {limit}", self.id)))
            }
            EventKind::Polling { poll } => {
                self.polls = *poll;
                None
            }
            EventKind::Answered { poll, latency, answer } => self.answered(*poll, *latency, answer),
            EventKind::Erred { poll, latency, error } => {
                self.faults += 1;
                let fault = fault(error);
                let is_new = fault != self.fault;
                self.fault.clone_from(&fault);
                if self.verbose {
                    let told = format!("{} (poll {poll}, after {} ms)", chain(error), latency.as_millis());
                    return Some((Tone::Fault, told));
                }
                // An error that ends the wait is told by what ends it, and a fault that goes on by the heartbeat.
                let goes_on = matches!(error.kind(), PollErrorKind::Transient | PollErrorKind::NotFound);
                (goes_on && is_new).then_some((Tone::Fault, fault))
            }
            EventKind::Sleeping { pause } if self.verbose => {
                Some((Tone::Dim, format!("asking again in {}", human(*pause))))
            }
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
        self.fault.clear();
        let mut now = state(answer);
        if std::mem::take(&mut self.is_start) && !answer.verdict.is_terminal() {
            // So that whoever ends the wait can go on with it. A query may hold a secret.
            let url =
                answer.status.url.split_once('?').map_or((&*answer.status.url, ""), |(url, _)| (url, "?…"));
            now = format!("accepted: the operation is {}{}", url.0, url.1);
        }
        if self.verbose {
            return Some((Tone::Dim, format!("{now} (poll {poll}, answered in {} ms)", latency.as_millis())));
        }
        // Ends are told by what ends the wait.
        if answer.verdict.is_terminal() {
            return None;
        }
        let tone = if answer.verdict == Verdict::Blocked { Tone::Warning } else { Tone::Plain };
        match (before, self.is_new(&lasting(answer))) {
            (Some(_), _) if faults > 0 => Some((tone, format!("{now}, after {}", errors(faults)))),
            (_, true) => Some((tone, now)),
            (_, false) => None,
        }
    }

    fn heartbeat(&self) -> String {
        let polls = polls_told(self.polls);
        let faults = if self.faults > 0 {
            format!(", the last {} without an answer: {}", self.faults, self.fault)
        } else {
            String::new()
        };
        match &self.last {
            Some(answer) => format!("still {} after {}{faults}", state(answer), polls),
            None => format!("no answer yet after {polls}{faults}"),
        }
    }
}

/// The verdict, what the operation does, its state and how far it is, with the server's words beside it.
pub(super) fn state(answer: &Answer<Status>) -> String {
    let progress = answer.hints.progress.map(|percent| format!("{percent:.0} %"));
    told(answer, progress)
}

/// The same, without what changes with every answer.
pub(crate) fn lasting(answer: &Answer<Status>) -> String {
    told(answer, None)
}

fn told(answer: &Answer<Status>, progress: Option<String>) -> String {
    let status = &answer.status;
    let words = [&status.kind, &status.state].into_iter().flatten().map(ToString::to_string);
    let details: Vec<_> = words.chain(progress).collect();
    let details = if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) };
    let reason = answer.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    match answer.verdict {
        Verdict::Blocked => format!("blocked{details}, waits for a person{reason}"),
        verdict => format!("{verdict}{details}{reason}"),
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

/// What went wrong with a poll, on one line. That there was no usable answer is clear from where it is told, and the
/// id of a request is of use only for the last one, where the end of the wait tells it.
pub(crate) fn fault(error: &PollError) -> String {
    if let Some(HttpError::Status { status, fault, skew }) = http_error(error) {
        let mut fault = fault.clone();
        fault.request_id = None;
        return HttpError::Status { status: *status, fault, skew: *skew }.to_string();
    }
    match (http_error(error), error.source()) {
        // What is missing is clear; why it is missing stands below it.
        (Some(HttpError::Credentials(cause) | HttpError::Nowhere(cause)), _) => {
            causes(cause).collect::<Vec<_>>().join(": ")
        }
        (_, Some(source)) => source.to_string(),
        (_, None) => error.to_string(),
    }
}

/// An error with its causes, on one line.
pub(crate) fn chain(error: &PollError) -> String {
    causes(error).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use lro::http::Fault;

    fn poll_error(status: u16, request_id: &str) -> PollError {
        let mut fault = Fault::default();
        fault.message = Some("down".to_owned());
        fault.request_id = Some(request_id.to_owned());
        HttpError::Status { status, fault, skew: None }.into()
    }

    fn erred(status: u16, request_id: &str) -> EventKind<Status> {
        let error = Arc::new(poll_error(status, request_id));
        EventKind::Erred { poll: 1, latency: Duration::from_millis(5), error }
    }

    #[test]
    fn a_fault_that_goes_on_is_told_once_and_then_by_the_heartbeat() {
        let mut narrator = Narrator::new("c/o", "http://127.0.0.1", false, false);
        let down = |status| Some((Tone::Fault, status));
        assert_eq!(narrator.told(&erred(503, "a")), down("HTTP 503 Service Unavailable: down".to_owned()));
        assert_eq!(narrator.told(&erred(503, "b")), None);
        assert_eq!(narrator.told(&erred(500, "c")), down("HTTP 500 Internal Server Error: down".to_owned()));
        let beat =
            "no answer yet after 0 polls, the last 3 without an answer: HTTP 500 Internal Server Error: down";
        assert_eq!(narrator.told(&EventKind::StillWaiting), Some((Tone::Dim, beat.to_owned())));
    }

    #[test]
    fn where_the_operation_is_is_told_once() {
        for (id, is_start, expected) in [
            ("c/o", false, "waiting for c/o at http://a.example, at most 30m"),
            ("http://a.example/o", false, "waiting for http://a.example/o, at most 30m"),
            ("POST /o", true, "starting POST /o at http://a.example, at most 30m"),
            ("POST http://a.example/o", true, "starting POST http://a.example/o, at most 30m"),
        ] {
            let mut narrator = Narrator::new(id, "http://a.example", false, is_start);
            let started = EventKind::Started { timeout: Some(Duration::from_secs(1800)) };
            assert_eq!(narrator.told(&started), Some((Tone::Plain, expected.to_owned())));
        }
    }

    #[test]
    fn an_error_that_ends_the_wait_is_left_to_its_end() {
        let mut narrator = Narrator::new("c/o", "http://127.0.0.1", false, false);
        assert_eq!(narrator.told(&erred(401, "a")), None);
    }

    #[test]
    fn who_asks_for_it_is_told_every_poll() {
        let mut narrator = Narrator::new("c/o", "http://127.0.0.1", true, false);
        for id in ["a", "b"] {
            let text = format!(
                "no usable answer: HTTP 503 Service Unavailable: down (request id {id}) (poll 1, after 5 ms)"
            );
            assert_eq!(narrator.told(&erred(503, id)), Some((Tone::Fault, text)));
        }
        let pause = EventKind::Sleeping { pause: Duration::from_secs(2) };
        assert_eq!(narrator.told(&pause), Some((Tone::Dim, "asking again in 2s".to_owned())));
    }
}
