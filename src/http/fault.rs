//! What the body of an error says: a code, a message and the id of the request, in all the shapes that clouds use.
//! What an error means is decided by its status, never here.

use std::fmt;

use reqwest::header::HeaderMap;
use serde_json::Value;

use super::text::{printable, shortened};

/// What the body of an error says, made fit for a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Fault {
    /// The code of the error, as `APIG.0308`.
    pub code: Option<String>,
    /// What happened, in words.
    pub message: Option<String>,
    /// The name under which the server remembers the request.
    pub request_id: Option<String>,
}

/// How many characters of a text that nobody shaped for us are told.
const LONGEST_TEXT: usize = 500;

/// How deep a fault may lie in an answer. Clouds need two.
const DEEPEST: usize = 4;

/// The pairs of names under which code and message stand, in the order in which they are tried. A name that is
/// missing leaves its half out.
const SHAPES: [(&str, &str); 6] = [
    ("error_code", "error_msg"),
    ("errorCode", "errorMsg"),
    ("errCode", "externalMessage"),
    ("code", "message"),
    ("code", "title"),
    ("faultcode", "faultstring"),
];

/// Some services put what only the caller's administrator should see into this field.
const CONFIDENTIAL: &str = "encoded_authorization_message";

impl Fault {
    pub(super) fn of(headers: &HeaderMap, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let parsed: Option<Value> = serde_json::from_str(&text).ok();
        let mut fault = match &parsed {
            Some(value) => Self::in_value(value, DEEPEST).unwrap_or_default(),
            None => Self::default(),
        };
        if !fault.has_words() && !text.contains(CONFIDENTIAL) {
            fault.message = plain(&text);
        }
        let named = ["x-request-id", "x-openstack-request-id", "x-compute-request-id"]
            .iter()
            .find_map(|name| headers.get(*name)?.to_str().ok().and_then(plain));
        let in_body = || parsed.as_ref().and_then(|value| text_of(value.get("request_id")));
        fault.request_id = named.or_else(in_body);
        fault
    }

    /// Whether it says more than an id.
    pub(super) fn has_words(&self) -> bool {
        self.code.is_some() || self.message.is_some()
    }

    /// The same with each text put through this.
    pub(super) fn map(self, change: impl Fn(String) -> String) -> Self {
        Self {
            code: self.code.map(&change),
            message: self.message.map(&change),
            request_id: self.request_id.map(&change),
        }
    }

    fn in_value(value: &Value, depth: usize) -> Option<Self> {
        let object = value.as_object()?;
        for (code, message) in SHAPES {
            // A code alone may be anything, so it takes a message to make a fault.
            if let Some(message) = text_of(object.get(message)) {
                return Some(Self {
                    code: text_of(object.get(code)),
                    message: Some(message),
                    request_id: None,
                });
            }
        }
        if depth == 0 {
            return None;
        }
        object.values().find_map(|inner| match inner {
            Value::Object(_) => Self::in_value(inner, depth - 1),
            Value::Array(list) => Self::in_value(list.first()?, depth - 1),
            // Ironic wraps its fault into a string of JSON.
            Value::String(text) if text.starts_with('{') => {
                Self::in_value(&serde_json::from_str(text).ok()?, depth - 1)
            }
            _ => None,
        })
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => write!(f, "{code}: {message}")?,
            (Some(text), None) | (None, Some(text)) => f.write_str(text)?,
            (None, None) => {}
        }
        match &self.request_id {
            Some(id) if self.has_words() => write!(f, " (request id {id})"),
            Some(id) => write!(f, "(request id {id})"),
            None => Ok(()),
        }
    }
}

fn text_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => plain(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A text without its markup, on one line and not too long; `None` when nothing is left.
fn plain(text: &str) -> Option<String> {
    let text = if text.trim_start().starts_with('<') { without_markup(text) } else { text.to_owned() };
    let words = printable(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    Some(shortened(&words, LONGEST_TEXT).into_owned()).filter(|text| !text.is_empty())
}

/// The title of a page of HTML, or all its text.
fn without_markup(page: &str) -> String {
    let lower = page.to_ascii_lowercase();
    let title = lower.find("<title>").and_then(|start| {
        let start = start + "<title>".len();
        Some(&page[start..start + lower[start..].find("</title>")?])
    });
    let mut text = String::new();
    let mut in_tag = false;
    for c in title.unwrap_or(page).chars() {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                text.push(' ');
            }
            c if !in_tag => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn told(body: &str) -> String {
        Fault::of(&HeaderMap::new(), body.as_bytes()).to_string()
    }

    #[test]
    fn every_shape_that_clouds_use_is_understood() {
        for (body, text) in [
            (
                r#"{"error_msg":"The token is missing.","error_code":"APIG.1000","request_id":"7f"}"#,
                "APIG.1000: The token is missing. (request id 7f)",
            ),
            (
                r#"{"error":{"message":"request body is illegal.","code":"Ecs.0005","details":[{"code":"x"}]}}"#,
                "Ecs.0005: request body is illegal.",
            ),
            (
                r#"{"error":{"message":"akSkNumExceed","code":400,"title":"Bad Request"}}"#,
                "400: akSkNumExceed",
            ),
            (
                r#"{"code":"VPC.0002","message":"Available zone Name is null."}"#,
                "VPC.0002: Available zone Name is null.",
            ),
            (r#"{"errCode":"RDS.1102","externalMessage":"no such instance"}"#, "RDS.1102: no such instance"),
            (r#"{"errorCode":"Common.1503","errorMsg":"flow control"}"#, "Common.1503: flow control"),
            (r#"{"itemNotFound":{"code":404,"message":"gone"}}"#, "404: gone"),
            (
                r#"{"error_message":"{\"faultstring\":\"no node\",\"faultcode\":\"Client\"}"}"#,
                "Client: no node",
            ),
            (r#"{"error_message":{"faultstring":"no node"}}"#, "no node"),
            (r#"{"errors":[{"code":"a","title":"Bad"}]}"#, "a: Bad"),
            ("upstream\r\n  timed out\n", "upstream timed out"),
            (
                "<html><head><title>503 Service\nUnavailable</title></head><body><h1>x</h1>",
                "503 Service Unavailable",
            ),
            ("<p>down <b>now</b></p>", "down now"),
            (r#"{"unknown":{"shape":1}}"#, r#"{"unknown":{"shape":1}}"#),
            (r#"{"encoded_authorization_message":"abc"}"#, ""),
            ("[]", "[]"),
            ("", ""),
            (" \n ", ""),
        ] {
            assert_eq!(told(body), text, "{body}");
        }
    }

    #[test]
    fn the_request_id_of_the_header_wins() {
        let mut headers = HeaderMap::new();
        headers.insert("X-Openstack-Request-Id", HeaderValue::from_static("req-1"));
        let fault = Fault::of(&headers, br#"{"code":"a","message":"b","request_id":"other"}"#);
        assert_eq!(fault.to_string(), "a: b (request id req-1)");
    }

    #[test]
    fn hostile_bodies_are_cut_and_cleaned() {
        assert_eq!(told("\u{1b}[31mred\u{7}"), "[31mred");
        assert_eq!(told(&"x".repeat(10_000)).chars().count(), LONGEST_TEXT + 1);
        let deep = format!("{}{{\"code\":1,\"message\":\"m\"}}{}", "{\"a\":".repeat(100), "}".repeat(100));
        assert!(told(&deep).starts_with("{\"a\":{\"a\":"));
        assert_eq!(told("<title>"), "");
        assert_eq!(Fault::of(&HeaderMap::new(), &[0xff, 0xfe, b'a']).to_string(), "\u{fffd}\u{fffd}a");
    }
}
