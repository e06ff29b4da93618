//! An answer over HTTP as a preset gets it, and the call that started an operation.
//! What an answer means is not known here.

use std::borrow::Cow;

use serde_json::Value;

use super::judge::Misfit;

/// How many objects and lists a document may have.
const MOST_CONTAINERS: u32 = 10_000;

/// How many values a document may have.
const MOST_VALUES: u32 = 100_000;

/// An answer over HTTP.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answered<'a> {
    /// The status.
    pub status: u16,
    /// The headers, with their values as text.
    pub headers: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// The whole body.
    pub body: Cow<'a, [u8]>,
}

impl Answered<'static> {
    /// An answer with this status and this body.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self { status, headers: Vec::new(), body: Cow::Owned(body.into()) }
    }
}

impl<'a> Answered<'a> {
    /// The same without a copy of the body.
    #[must_use]
    pub fn borrowed(status: u16, body: &'a [u8]) -> Self {
        Self { status, headers: Vec::new(), body: Cow::Borrowed(body) }
    }

    /// The same answer with this header too.
    #[must_use]
    pub fn header(mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The value of the first header with this name, whatever its case.
    pub(super) fn named(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(other, _)| other.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The body as JSON; null when there is none.
    pub(super) fn document(&self) -> Result<Value, Misfit> {
        let text = std::str::from_utf8(&self.body).map_err(|error| Misfit::NotJson(error.to_string()))?;
        // Some servers begin a document with a byte-order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
        if text.is_empty() {
            return Ok(Value::Null);
        }
        if let Some(many) = too_many(text) {
            return Err(Misfit::TooLarge(many));
        }
        serde_json::from_str(text).map_err(|error| Misfit::NotJson(error.to_string()))
    }
}

/// The call that started an operation, for those rules that go by it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Started {
    /// Its method.
    pub method: String,
    /// The URL that it was sent to.
    pub url: String,
    /// What was answered.
    pub answered: Answered<'static>,
}

impl Started {
    /// A call with this method to this URL, and its answer.
    pub fn new(method: impl Into<String>, url: impl Into<String>, answered: Answered<'static>) -> Self {
        Self { method: method.into(), url: url.into(), answered }
    }
}

/// What a text in JSON has too many of. In memory each of them takes a hundred times what it takes in the text.
fn too_many(json: &str) -> Option<&'static str> {
    if json.len() <= MOST_CONTAINERS as usize {
        return None;
    }
    let (mut containers, mut values, mut in_string, mut escaped) = (0_u32, 0_u32, false, false);
    for byte in json.bytes() {
        match byte {
            b'"' if !escaped => in_string = !in_string,
            b'{' | b'[' if !in_string => containers += 1,
            b',' if !in_string => values += 1,
            _ => {}
        }
        escaped = in_string && byte == b'\\' && !escaped;
    }
    if containers > MOST_CONTAINERS {
        Some("10000 objects and lists")
    } else {
        (values > MOST_VALUES).then_some("100000 values")
    }
}
