//! What is known at the end: as a line for scripts, and in words for a person.
//! Which exit code it has is not known here.

use std::sync::Arc;
use std::time::Duration;

use lro::http::{Endpoint, HttpError, Operation, Status, printable};
use lro::{Answer, Outcome, PollError, Report, Verdict};
use serde_json::Value;

use super::json;
use super::narrator::{chain, errors, polls_told, state};
use crate::cli::duration::human;
use crate::cli::exit::http_error;
use crate::cli::paint::paint;

/// What is known of an operation at the end.
#[derive(Debug, Clone)]
pub(crate) struct Ended {
    /// How it ended, in the word for JSON.
    pub(crate) outcome: &'static str,
    pub(crate) id: String,
    pub(crate) url: Option<String>,
    pub(crate) answer: Option<Arc<Answer<Status>>>,
    pub(crate) last_error: Option<Arc<PollError>>,
    pub(crate) polls: u32,
    pub(crate) transient_errors: u32,
    pub(crate) elapsed: Duration,
    /// Whether the identity service was asked and has not answered.
    pub(crate) is_asking: bool,
    /// Whether the call that was to start the operation was sent, and is not known to have been answered.
    pub(crate) is_open: bool,
    /// Whether it was for us to start the operation.
    pub(crate) is_submitted: bool,
    /// The endpoint, if it is known by now.
    pub(crate) endpoint: Option<Endpoint>,
}

impl Ended {
    /// What is known at the end of a wait; `None` when it was never started.
    pub(crate) fn of(outcome: &Outcome<Status>, asked: &Operation) -> Option<Self> {
        let (word, report): (_, &Report<Status>) = match outcome {
            Ok(completed) => ("succeeded", &completed.report),
            Err(error) => (error.word(), error.report()?),
        };
        Some(Self {
            outcome: word,
            id: report.id.to_string(),
            url: report.answer.as_ref().map(|answer| answer.status.url.to_string()).or_else(|| asked.url()),
            answer: report.answer.clone(),
            last_error: report.last_error.clone(),
            polls: report.polls,
            transient_errors: report.transient_errors,
            elapsed: report.elapsed,
            is_asking: asked.http().standing().is_asking,
            is_open: asked.is_open() && report.answer.is_none(),
            is_submitted: asked.is_start(),
            endpoint: asked.http().endpoint().cloned(),
        })
    }

    pub(crate) fn status(&self) -> Option<&Status> {
        self.answer.as_ref().map(|answer| &answer.status)
    }

    /// The last error and its cause, if the operation succeeded and only its result could not be had. Then the last
    /// answer is of before.
    pub(crate) fn no_result(&self) -> Option<(&PollError, &HttpError)> {
        let error = self.last_error.as_deref().filter(|_| self.outcome != "succeeded")?;
        match http_error(error)? {
            HttpError::NoResult(inner) => Some((error, inner)),
            _ => None,
        }
    }

    /// The last that is known of its state, unless that is out of date.
    pub(crate) fn verdict(&self) -> Option<Verdict> {
        let answer = self.answer.as_ref().filter(|_| self.no_result().is_none());
        answer.map(|answer| answer.verdict)
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        self.answer.as_ref()?.reason.as_deref()
    }

    /// Id, state, seconds and reason, separated by tabs. The state is `unknown` when there was no answer.
    pub(crate) fn line(&self) -> String {
        let state = self.verdict().map_or("unknown", Verdict::as_str);
        let reason = self.reason().unwrap_or_default();
        let (id, reason) = (printable(&self.id), printable(reason));
        format!("{id}\t{state}\t{:.1}\t{reason}\n", self.elapsed.as_secs_f64())
    }

    /// The result of a success as text, or else the last answer, on lines of its own. Nothing where there is neither.
    pub(super) fn result(&self) -> String {
        let Some(status) = self.status() else { return String::new() };
        let text = match status.result() {
            // What a server gave as text is text; it may reach a terminal or a log, which is not to be seen from here.
            Some(Value::String(text)) => text.lines().map(harmless).collect::<Vec<_>>().join("\n"),
            Some(value) => json::on_one_line(&value.to_string()),
            None => json::on_one_line(status.raw()),
        };
        if text.is_empty() || text.ends_with('\n') { text } else { text + "\n" }
    }

    /// `after 1m 3s and 12 polls (2 errors on the way)`.
    pub(crate) fn effort(&self) -> String {
        let errors = match self.transient_errors {
            0 => String::new(),
            count => format!(" ({} on the way)", errors(count)),
        };
        format!("after {} and {}{errors}", human(self.elapsed), polls_told(self.polls))
    }

    /// What was last known, for whoever reads of an end that is not the operation's own.
    pub(crate) fn last_known(&self) -> String {
        format!("last known state: {}", self.known())
    }

    /// The same, without saying what it is.
    pub(crate) fn known(&self) -> String {
        let state = self.answer.as_deref().map(state);
        let state = state.unwrap_or_else(|| "unknown, there was no usable answer".to_owned());
        format!("{state}, {}", self.effort())
    }

    /// What went wrong last, for whoever was not told of it on the way.
    pub(crate) fn last_error(&self) -> Option<String> {
        self.last_error.as_ref().map(|error| format!("last error: {}", chain(error)))
    }
}

/// A line of a text without what is not seen and steers whoever shows it. Tabs are left in it.
fn harmless(line: &str) -> String {
    line.split('\t').map(printable).collect::<Vec<_>>().join("\t")
}

/// Tells a person on standard error that as many operations succeeded as had to, and how many are left to themselves.
pub(crate) fn tell_all_succeeded(count: usize, left: Option<String>, elapsed: Duration, color: bool) {
    let word = paint("1;32", "succeeded:", color);
    let what = if count == 1 { "1 operation".to_owned() } else { format!("{count} operations") };
    let left = left.map(|left| format!("; {left}")).unwrap_or_default();
    super::say(&format!("{word} {what} after {}{left}", human(elapsed)));
}

/// Tells a person on standard error that the operation succeeded.
pub(crate) fn tell_success(ended: &Ended, color: bool) {
    let word = paint("1;32", "succeeded:", color);
    super::say(&format!("{word} {} {}", ended.id, ended.effort()));
}
