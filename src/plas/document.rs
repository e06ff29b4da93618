//! The document that the PLAS API answers with, and what it means.
//! Nothing is asked here.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::http::{HttpError, printable, shortened};
use crate::operation::Verdict;

/// From here on a time is in milliseconds: as seconds this would be the year 5138.
const LEAST_MILLISECONDS: u64 = 100_000_000_000;

/// How many characters of a text are told. By the API's reference a reason has up to 255.
const LONGEST_TEXT: usize = 500;

/// How much of a body is quoted to say what came instead of a document.
const QUOTED: usize = 80;

/// The status of an operation, as the API tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// What the operation does to its connector.
    pub operation_type: Option<OperationType>,
    /// Whether it is done. The only field that decides.
    pub finished: Option<bool>,
    /// When it was started, where the API says so in a form that is known.
    pub operate_at: Option<SystemTime>,
    /// When it was done, where the API says so in a form that is known. It decides nothing.
    pub finished_at: Option<SystemTime>,
    /// The word for the result: `success`, `failed`, or what the API says instead.
    pub result: Option<Box<str>>,
    /// What the API says about the result, fit for a terminal.
    pub reason: Option<Box<str>>,
    raw: Box<str>,
}

/// What an operation does to its connector.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum OperationType {
    /// It is made.
    Create,
    /// It is removed.
    Delete,
    /// It is changed.
    Update,
    /// Something that the API's reference does not name.
    Other(Box<str>),
}

impl OperationType {
    /// The word for it, in lower case where it is a known one.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Create => "create",
            Self::Delete => "delete",
            Self::Update => "update",
            Self::Other(word) => word,
        }
    }

    fn from_word(word: &str) -> Self {
        let known = [Self::Create, Self::Delete, Self::Update];
        let known = known.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(word));
        known.unwrap_or_else(|| Self::Other(printable(word).into()))
    }
}

/// The document field by field, each as it stands there: what a field decides is looked at, the rest may be anything.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    operation_type: Option<&'a RawValue>,
    finished: Option<bool>,
    #[serde(borrow)]
    operate_at: Option<&'a RawValue>,
    #[serde(borrow)]
    finished_at: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct ResultDocument<'a> {
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    #[serde(borrow)]
    reason: Option<&'a RawValue>,
}

/// A body that is no document of the API.
#[derive(Debug)]
pub(super) struct Undecodable {
    cause: String,
    begin: String,
}

impl Undecodable {
    /// Puts both texts through this.
    pub(super) fn redact(&mut self, redact: impl Fn(String) -> String) {
        self.cause = redact(std::mem::take(&mut self.cause));
        self.begin = redact(std::mem::take(&mut self.begin));
    }
}

impl From<Undecodable> for HttpError {
    fn from(Undecodable { cause, begin }: Undecodable) -> Self {
        Self::Undecodable { expected: "a PLAS operation", cause, begin }
    }
}

impl Status {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// When it is no JSON object, when `finished` is no boolean, and when it says neither `finished` nor that it
    /// failed: whatever that is, it is not about an operation.
    pub(super) fn from_json(body: &[u8]) -> Result<Self, Undecodable> {
        // The parser quotes what it did not expect, however long that is.
        let undecodable = |cause: String| Undecodable {
            cause: shortened(&cause, LONGEST_TEXT).into(),
            begin: beginning(body),
        };
        let text = std::str::from_utf8(body).map_err(|error| undecodable(error.to_string()))?;
        // Some servers begin a document with a byte-order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim_start().is_empty() {
            return Err(undecodable("it is empty".to_owned()));
        }
        // The parser takes a list for an object whose fields have lost their names. That would be a guess.
        if !is_object(text) {
            return Err(undecodable("it is no JSON object".to_owned()));
        }
        let document: Document<'_> =
            serde_json::from_str(text).map_err(|error| undecodable(error.to_string()))?;
        let result: Option<ResultDocument<'_>> = document
            .result
            .filter(|result| is_object(result.get()))
            .and_then(|result| serde_json::from_str(result.get()).ok());
        let (result, reason) = match (result, document.result) {
            (Some(result), _) => (
                result.result.map(word),
                result.reason.map(word).map(|reason| printable(&reason).into_owned()),
            ),
            // A result that is no object is kept as it stands, to be quoted.
            (None, Some(result)) => (Some(Cow::Borrowed(result.get())), None),
            (None, None) => (None, None),
        };
        let status = Self {
            operation_type: document.operation_type.map(|kind| OperationType::from_word(&word(kind))),
            finished: document.finished,
            operate_at: document.operate_at.and_then(time),
            finished_at: document.finished_at.and_then(time),
            result: result.filter(|word| !word.is_empty()).map(Into::into),
            reason: reason
                .filter(|reason| !reason.is_empty())
                .map(|reason| shortened(&reason, LONGEST_TEXT).into()),
            raw: text.into(),
        };
        if status.finished.is_none() && !status.is_result("failed") {
            return Err(undecodable("it has no `finished`".to_owned()));
        }
        Ok(status)
    }

    /// What it means.
    ///
    /// `failed` is a failure, also before `finished`: the API's reference defines `finished` in two ways, once as "is
    /// done" and once as "is successful". For the same reason an operation that is finished without a result has
    /// succeeded, unless a result is required.
    ///
    /// # Errors
    ///
    /// When it is finished and the result is no known word: the words, to be told.
    pub(super) fn verdict(&self, require_result: bool) -> Result<Verdict, String> {
        if self.is_result("failed") {
            return Ok(Verdict::Failed);
        }
        match (&self.result, self.finished) {
            (_, None | Some(false)) => Ok(Verdict::Pending),
            (Some(_), Some(true)) if self.is_result("success") => Ok(Verdict::Succeeded),
            (None, Some(true)) if !require_result => Ok(Verdict::Succeeded),
            (None, Some(true)) => Err("the operation is finished, but has no result".to_owned()),
            (Some(result), Some(true)) => Err(format!(
                "the operation is finished, and its result is `{}`: neither success nor failed",
                printable(&result.chars().take(QUOTED).collect::<String>())
            )),
        }
    }

    /// The document as the API sent it, with every field it has.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// The id of the operation. It is looked up in the document each time: whoever waits for many operations keeps a
    /// status of each, and knows which one it is.
    #[must_use]
    pub fn operation_id(&self) -> Option<String> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Named<'a> {
            #[serde(borrow)]
            operation_id: Option<&'a RawValue>,
        }
        let named: Named<'_> = serde_json::from_str(&self.raw).ok()?;
        named.operation_id.map(|id| word(id).into_owned())
    }

    /// The same without what the API says in words of its own.
    pub(super) fn without_texts(&self) -> Self {
        let Self { finished, operate_at, finished_at, .. } = *self;
        let known = self.operation_type.clone().filter(|kind| !matches!(kind, OperationType::Other(_)));
        Self {
            operation_type: known,
            finished,
            operate_at,
            finished_at,
            result: None,
            reason: None,
            raw: "".into(),
        }
    }

    fn is_result(&self, word: &str) -> bool {
        self.result.as_ref().is_some_and(|result| result.eq_ignore_ascii_case(word))
    }
}

fn is_object(json: &str) -> bool {
    json.trim_start().starts_with('{')
}

/// A string as its text, and anything else as it stands there.
fn word(value: &RawValue) -> Cow<'_, str> {
    let json = value.get();
    match json.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        // What holds no escape stands there as it is meant.
        Some(text) if !text.contains('\\') => Cow::Borrowed(text),
        _ => serde_json::from_str(json).map_or(Cow::Borrowed(json), Cow::Owned),
    }
}

/// UNIX time in seconds or milliseconds, as a string or a number. Anything else is no time.
fn time(value: &RawValue) -> Option<SystemTime> {
    let number: u64 = word(value).trim().parse().ok()?;
    let since =
        if number < LEAST_MILLISECONDS { Duration::from_secs(number) } else { Duration::from_millis(number) };
    SystemTime::UNIX_EPOCH.checked_add(since)
}

fn beginning(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(&body[..body.len().min(QUOTED * 4)]);
    printable(&text).chars().take(QUOTED).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests;
