//! The status of an operation as a preset reads it: fit for a terminal, with the document that it was read from.
//! What it means for a wait is not known here.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::error::HttpError;
use super::reply::Reply;
use super::text::{printable, shortened};
use crate::operation::{Answer, Verdict};
use crate::preset::{Hint, Misfit, Preset, Ruling};

/// How many characters of a server's word for a state are told.
const LONGEST_WORD: usize = 100;

/// How many characters of a server's text are told.
const LONGEST_TEXT: usize = 500;

/// How many problems of one answer are told.
const MOST_PROBLEMS: usize = 5;

/// The status of an operation, as a preset reads it. Its texts are bounded and fit for a terminal.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// The API's own word for the state; of the answer to a starting call `accepted` or `done at once`.
    pub state: Option<Box<str>>,
    /// What the operation does.
    pub kind: Option<Box<str>>,
    /// Which preset says what it means: the one that is meant by the one that was given, if that leaves it to others.
    pub preset: Arc<str>,
    /// Which of its rules says so.
    pub rule: Arc<str>,
    /// What could not be evaluated, or is not there.
    pub problems: Box<[String]>,
    /// The status of HTTP.
    pub http: u16,
    /// Where the operation is asked for from now on, as a whole URL.
    pub url: Arc<str>,
    /// Where the result of a success is, if it is not in the answer.
    pub result_url: Option<Box<str>>,
    pub(super) raw: Box<str>,
    pub(super) result: Option<Box<Value>>,
}

impl Status {
    /// The body as the API sent it, with every field it has. Empty when there was none, or none that is text.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The body as a type of your own.
    ///
    /// # Errors
    ///
    /// When it is not JSON, or not of this type.
    pub fn parse<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(&self.raw)
    }

    /// The result of a success: what the preset names as the result, fetched if it is elsewhere and
    /// [wanted](super::Operation::fetch_result). A result that is not JSON is a string.
    #[must_use]
    pub fn result(&self) -> Option<&Value> {
        self.result.as_deref()
    }

    /// The [result](Self::result) as a type of your own; `null` when there is none.
    ///
    /// # Errors
    ///
    /// When it is not of this type.
    pub fn parse_result<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        T::deserialize(self.result().unwrap_or(&Value::Null))
    }

    /// A status of which only the answer is known, of an operation that is asked for there.
    pub(super) fn of(reply: &Reply, preset: &Preset, url: Arc<str>) -> Self {
        // What is told instead of a rule where none was asked.
        Self::by(format!("HTTP {}", reply.status).into(), reply, preset, url)
    }

    fn by(rule: Arc<str>, reply: &Reply, preset: &Preset, url: Arc<str>) -> Self {
        let text = std::str::from_utf8(&reply.body).unwrap_or_default();
        Self {
            state: None,
            kind: None,
            preset: preset.shared_name(),
            rule,
            problems: Box::default(),
            http: reply.status,
            url,
            result_url: None,
            // Some servers begin a document with a byte-order mark.
            raw: text.strip_prefix('\u{feff}').unwrap_or(text).into(),
            result: None,
        }
    }
}

/// A ruling as it is told: without what was sent in secret, bounded, and fit for a terminal.
pub(super) fn answer(ruling: Ruling, reply: &Reply, preset: &Preset, url: Arc<str>) -> Answer<Status> {
    let clean =
        |text: String, longest: usize| shortened(&printable(&reply.redacted(text)), longest).into_owned();
    let reason = ruling.message.or_else(|| {
        let is_fault = ruling.verdict == Verdict::Failed;
        reply.fault().filter(|_| is_fault).map(|fault| fault.to_string())
    });
    let from_now = |hint| match hint {
        Hint::Pause(pause) => pause,
        Hint::Until(then) => reply.until(then),
    };
    let (pause, remaining) = (ruling.hint.map(from_now), ruling.eta.map(from_now));
    // Nearly always the one that all who wait by this preset share.
    let rule = Some(clean(ruling.rule.to_string(), LONGEST_TEXT))
        .filter(|told| **told != *ruling.rule)
        .map_or(ruling.rule, Into::into);
    let status = Status {
        state: ruling.state.map(|state| clean(state, LONGEST_WORD).into()),
        kind: ruling.kind.map(|kind| clean(kind, LONGEST_WORD).into()),
        problems: ruling
            .problems
            .into_iter()
            .take(MOST_PROBLEMS)
            .map(|text| clean(text, LONGEST_TEXT))
            .collect(),
        ..Status::by(rule, reply, preset, url)
    };
    Answer::new(ruling.verdict, status)
        .reason(reason.map(|reason| clean(reason, LONGEST_TEXT)).unwrap_or_default())
        .retry_after(pause.or(reply.retry_after))
        .progress(ruling.progress)
        .remaining(remaining)
}

/// The error that an answer is that means nothing.
pub(super) fn misfitting(misfit: &Misfit, reply: &Reply) -> HttpError {
    let text = shortened(&reply.redacted(misfit.to_string()), LONGEST_TEXT).into_owned();
    match misfit {
        Misfit::Status(status) => {
            HttpError::Status { status: *status, fault: reply.fault().unwrap_or_default(), skew: None }
        }
        Misfit::NotUnderstood(_) => HttpError::NotUnderstood(printable(&text).into_owned()),
        _ => HttpError::undecodable("a status of an operation", &text, &reply.body),
    }
}
