//! What came back for one request: an answer that may be told without what is secret, or a refusal.
//! What it means for an operation is not known here, nor how it was fetched.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, SET_COOKIE};
use serde_json::Value;
use url::Url;

use super::error::HttpError;
use super::fault::Fault;
use super::location::{LocationError, shown, shown_text};
use super::retry_after::until;
use super::secrets::Secrets;
use crate::operation::PollError;

/// How many bytes of a location are followed. A server takes no longer line of a request.
const LOCATION_LIMIT: usize = 8 * 1024;

/// What came back: a status that is an answer, and the body.
#[non_exhaustive]
pub struct Reply {
    /// The status: 200 to 299, or another one that the [`Call`](super::Call) takes for an answer.
    pub status: u16,
    /// The whole body, decompressed, without the secrets that were sent.
    pub body: Vec<u8>,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    /// The body as it came, where that is another one.
    pub(super) secret_body: Option<Vec<u8>>,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) secrets: Arc<Secrets>,
}

impl Reply {
    /// The whole URL that was asked.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// The whole URL of a location in this answer, which may be relative to the URL that was asked.
    ///
    /// # Errors
    ///
    /// When it is no URL, is longer than 8 KiB, or holds a user name or a password. Where it leads is looked at when it
    /// is asked.
    pub fn join(&self, location: &str) -> Result<String, LocationError> {
        if location.len() > LOCATION_LIMIT {
            return Err(LocationError::TooLong { limit: LOCATION_LIMIT });
        }
        let invalid = |reason: url::ParseError| LocationError::Invalid {
            url: shown_text(location),
            reason: reason.to_string(),
        };
        let mut url = self.url.join(location).map_err(invalid)?;
        url.set_fragment(None);
        if url.username().is_empty() && url.password().is_none() {
            Ok(url.into())
        } else {
            Err(LocationError::Credentials)
        }
    }

    /// The header with this name, in capitals or not, if it is text; the first one of several. The secrets that were
    /// sent are blotted out.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<String> {
        self.headers().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    /// Each header that is text: its name in lower case, and its value without the secrets that were sent. Cookies are
    /// not among them.
    pub fn headers(&self) -> impl Iterator<Item = (&str, String)> {
        self.secret_headers().map(|(name, value)| (name, self.redacted(value.to_owned())))
    }

    /// The same headers as they came, to go by: what they say is not to be told.
    pub(super) fn secret_headers(&self) -> impl Iterator<Item = (&str, &str)> {
        let headers = self.headers.iter().filter(|(name, _)| *name != SET_COOKIE);
        headers.filter_map(|(name, value)| Some((name.as_str(), str::from_utf8(value.as_bytes()).ok()?)))
    }

    /// What the body says went wrong. `None` after a status of success, and when it says nothing.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        let is_success = (200..300).contains(&self.status);
        let fault = (!is_success).then(|| Fault::of(&self.headers, &self.body))?;
        fault.has_words().then(|| fault.map(|text| self.redacted(text)))
    }

    /// This text of the server, which may repeat what it was sent, without the secrets that were sent.
    pub(crate) fn redacted(&self, text: String) -> String {
        self.secrets.redacted(text)
    }

    /// This value of the server in the same way, in all its texts.
    pub(super) fn redacted_value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.redacted(text)),
            Value::Array(values) => values.into_iter().map(|value| self.redacted_value(value)).collect(),
            Value::Object(fields) => {
                let told = |(name, value)| (self.redacted(name), self.redacted_value(value));
                fields.into_iter().map(told).collect()
            }
            Value::Number(number) => {
                let text = number.to_string();
                let told = self.redacted(text.clone());
                if told == text { Value::Number(number) } else { Value::String(told) }
            }
            Value::Null | Value::Bool(_) => value,
        }
    }

    /// A location of this answer without the secrets that were sent; cookies are left in it.
    pub(super) fn redacted_location(&self, location: &str) -> String {
        self.secrets.redacted_location(location)
    }

    /// The body as it came, to be judged: what is blotted out would mean something else. It is not to be told.
    pub(crate) fn secret_body(&self) -> &[u8] {
        self.secret_body.as_deref().unwrap_or(&self.body)
    }

    /// Whether the body is told as it came: no secret that was sent stands in it.
    pub(crate) fn is_as_it_came(&self) -> bool {
        self.secret_body.is_none()
    }

    /// The body without the secrets that were sent, cookies excepted.
    pub(super) fn body_with_cookies(&self) -> Vec<u8> {
        let body = self.secret_body();
        self.secrets.redacted_bytes_but_cookies(body).unwrap_or_else(|| body.to_vec())
    }

    /// How long it is until then, by the server's own clock where it told.
    pub(super) fn until(&self, then: SystemTime) -> Duration {
        until(then, self.date())
    }

    /// What the server's clock says, if it told.
    pub(crate) fn date(&self) -> Option<SystemTime> {
        httpdate::parse_http_date(self.secret_header(DATE.as_str())?).ok()
    }

    /// The header with this name as it came, if it is text.
    pub(crate) fn secret_header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// All headers as they came.
    pub(super) fn fields(&self) -> &HeaderMap {
        &self.headers
    }

    /// The same with the secrets that were sent blotted out of the body.
    pub(super) fn without_secrets(self) -> Self {
        match self.secrets.redacted_bytes(&self.body) {
            Some(body) => Self { body, secret_body: Some(self.body), ..self },
            None => self,
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A header may be a secret of the server, as a fresh token is.
        f.debug_struct("Reply")
            .field("url", &shown(&self.url))
            .field("status", &self.status)
            .field("body", &String::from_utf8_lossy(&self.body))
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

/// No usable answer, and the server's wish to be left alone.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) error: HttpError,
    pub(crate) retry_after: Option<Duration>,
    pub(super) headers: Box<HeaderMap>,
}

impl Refusal {
    /// All headers as they came; none without an answer.
    pub(super) fn fields(&self) -> &HeaderMap {
        &self.headers
    }

    /// The header with this name, if there was an answer and it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The same with this wish of the server, instead of one that was told with it.
    pub(super) fn after(self, retry_after: Option<Duration>) -> Self {
        Self { retry_after, ..self }
    }
}

impl<E: Into<HttpError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        Self { error: error.into(), retry_after: None, headers: Box::default() }
    }
}

impl From<Refusal> for PollError {
    fn from(refusal: Refusal) -> Self {
        refusal.error.with_retry_after(refusal.retry_after)
    }
}
