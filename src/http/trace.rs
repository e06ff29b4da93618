//! The trace that requests are part of, as W3C Trace Context writes it: read, and written into a request.
//! Where it comes from, and who records what, is not known here.

use std::sync::Arc;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");

/// How long a `traceparent` of version 00 is.
const LENGTH: usize = 55;

/// What is known of the flags: that the trace is recorded, and that its id was drawn at random.
const KNOWN_FLAGS: u8 = 0b11;

/// How many entries a `tracestate` may have, and how many of its characters are passed on at least. Entries that are longer
/// than this are left out first where it is too long.
const MOST_ENTRIES: usize = 32;
const LONGEST_STATE: usize = 512;
const LONG_ENTRY: usize = 128;

/// Where a request belongs in a distributed trace, by [W3C Trace Context]: the trace, the span that it is part of, and
/// what the systems on the way noted.
///
/// ```
/// use lro::http::TraceContext;
///
/// let context = TraceContext::parse("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")?;
/// let context = context.with_state("vendor=abc")?;
/// assert_eq!(context.traceparent(), "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
/// assert_eq!(context.tracestate(), Some("vendor=abc"));
/// # Ok::<(), lro::http::TraceContextError>(())
/// ```
///
/// [W3C Trace Context]: https://www.w3.org/TR/trace-context/
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceContext {
    traceparent: String,
    tracestate: Option<String>,
}

/// What is no trace context.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TraceContextError {
    /// The `traceparent` is none.
    #[error("it is no traceparent, as in 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    Parent,
    /// The `tracestate` is none.
    #[error("it is no tracestate, as in vendor=value,other=value")]
    State,
}

impl TraceContext {
    /// Reads a `traceparent`. One of a later version is taken for one of version 00, as the standard asks for, and of the
    /// flags those are kept that are known.
    ///
    /// # Errors
    ///
    /// When it is none, or has an id that is all zero.
    pub fn parse(traceparent: &str) -> Result<Self, TraceContextError> {
        let error = TraceContextError::Parent;
        let (known, rest) = traceparent.split_at_checked(LENGTH).ok_or(error)?;
        let parts: Vec<&str> = known.split('-').collect();
        let [version, trace, span, flags] = parts[..] else { return Err(error) };
        let is_well = is_hex(version, 2) && is_id(trace, 32) && is_id(span, 16) && is_hex(flags, 2);
        let ends_well = rest.is_empty() || version != "00" && rest.starts_with('-');
        if !is_well || version == "ff" || !ends_well {
            return Err(error);
        }
        let flags = u8::from_str_radix(flags, 16).map_err(|_| error)? & KNOWN_FLAGS;
        Ok(Self { traceparent: format!("00-{trace}-{span}-{flags:02x}"), tracestate: None })
    }

    /// The same with this `tracestate`. Of one that is longer than 512 characters entries are left out: those of more than
    /// 128 first, then the last ones.
    ///
    /// # Errors
    ///
    /// When it is none. The trace goes on without it then.
    pub fn with_state(mut self, tracestate: &str) -> Result<Self, TraceContextError> {
        let entries: Vec<&str> = tracestate.split(',').map(|entry| entry.trim_matches([' ', '\t'])).collect();
        let mut entries: Vec<&str> = entries.into_iter().filter(|entry| !entry.is_empty()).collect();
        if entries.len() > MOST_ENTRIES || !entries.iter().all(|entry| is_entry(entry)) {
            return Err(TraceContextError::State);
        }
        let length = |entries: &[&str]| entries.iter().map(|entry| entry.len() + 1).sum::<usize>();
        while length(&entries) > LONGEST_STATE + 1 {
            let long = entries.iter().rposition(|entry| entry.len() > LONG_ENTRY);
            entries.remove(long.unwrap_or(entries.len() - 1));
        }
        self.tracestate = Some(entries.join(",")).filter(|state| !state.is_empty());
        Ok(self)
    }

    /// The trace and the span, as they are sent.
    #[must_use]
    pub fn traceparent(&self) -> &str {
        &self.traceparent
    }

    /// What the systems on the way noted, as it is sent.
    #[must_use]
    pub fn tracestate(&self) -> Option<&str> {
        self.tracestate.as_deref()
    }

    /// Writes it into these headers, unless somebody has said there what the request is part of.
    fn write(&self, headers: &mut HeaderMap) {
        if headers.contains_key(&TRACEPARENT) {
            return;
        }
        for (name, text) in [(TRACEPARENT, Some(&self.traceparent)), (TRACESTATE, self.tracestate.as_ref())] {
            if let Some(value) = text.and_then(|text| HeaderValue::from_str(text).ok()) {
                headers.insert(name, value);
            }
        }
    }
}

/// An entry of a `tracestate`: `key=value`, or `tenant@system=value`.
fn is_entry(entry: &str) -> bool {
    let Some((key, value)) = entry.split_once('=') else { return false };
    let is_first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_more = |c: char| is_first(c) || "_-*/@".contains(c);
    let is_value = |c: char| matches!(c, ' '..='~') && c != ',' && c != '=';
    key.starts_with(is_first)
        && key.len() <= 256
        && key.chars().all(is_more)
        && key.matches('@').count() <= 1
        && !key.ends_with('@')
        && !value.is_empty()
        && value.len() <= 256
        && value.chars().all(is_value)
}

fn is_hex(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

fn is_id(text: &str, length: usize) -> bool {
    is_hex(text, length) && text.bytes().any(|byte| byte != b'0')
}

/// Who says for each request which trace it is part of.
type Source = Arc<dyn Fn() -> Option<TraceContext> + Send + Sync>;

/// What is said of the trace to whoever is asked: nothing, unless somebody says it.
#[derive(Clone, Default)]
pub(super) struct Tracing(Option<Source>);

impl Tracing {
    pub(super) fn by(source: impl Fn() -> Option<TraceContext> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(source)))
    }

    /// Writes into the headers of a request what it is part of.
    pub(super) fn write(&self, headers: &mut HeaderMap) {
        if let Some(context) = self.0.as_ref().and_then(|source| source()) {
            context.write(headers);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";

    fn parsed(text: &str) -> Option<String> {
        TraceContext::parse(text).ok().map(|context| context.traceparent)
    }

    #[test]
    fn a_traceparent_is_read_as_the_standard_writes_it() {
        for (text, expected) in [
            (format!("00-{TRACE}-{SPAN}-01"), "01"),
            (format!("00-{TRACE}-{SPAN}-00"), "00"),
            (format!("00-{TRACE}-{SPAN}-03"), "03"),
            // Of what the flags may come to mean nothing is claimed.
            (format!("00-{TRACE}-{SPAN}-ff"), "03"),
            // A later version is read as far as it is known.
            (format!("01-{TRACE}-{SPAN}-01"), "01"),
            (format!("cc-{TRACE}-{SPAN}-09-more-of-it"), "01"),
        ] {
            assert_eq!(parsed(&text), Some(format!("00-{TRACE}-{SPAN}-{expected}")), "{text}");
        }
    }

    #[test]
    fn what_is_no_traceparent_is_refused() {
        let zeros = "0".repeat(32);
        for text in [
            String::new(),
            "00".to_owned(),
            "-".repeat(LENGTH),
            "\u{e9}".repeat(LENGTH),
            // The character is cut where a traceparent would end.
            format!("00-{TRACE}-{SPAN}-0\u{e9}"),
            format!("00-{TRACE}-{SPAN}-0"),
            format!("00-{TRACE}-{SPAN}-01 "),
            format!(" 00-{TRACE}-{SPAN}-01"),
            format!("00-{TRACE}-{SPAN}-01-more"),
            format!("00-{TRACE}-{SPAN}-01\r\nX-Evil: 1"),
            format!("01-{TRACE}-{SPAN}-01.more"),
            format!("ff-{TRACE}-{SPAN}-01"),
            format!("0x-{TRACE}-{SPAN}-01"),
            format!("00-{zeros}-{SPAN}-01"),
            format!("00-{TRACE}-{}-01", &zeros[..16]),
            format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
            format!("00-{TRACE}-{SPAN}-0G"),
            format!("00-{TRACE}-{SPAN}-+1"),
            format!("00_{TRACE}_{SPAN}_01"),
            format!("00-{SPAN}-{TRACE}-01"),
            "0".repeat(1_000_000),
        ] {
            assert_eq!(parsed(&text), None, "{:?}", text.get(..80));
        }
    }

    #[test]
    fn a_tracestate_is_kept_as_far_as_it_may_go() {
        let context = || TraceContext::parse(&format!("00-{TRACE}-{SPAN}-01")).unwrap();
        let kept = |text: &str| context().with_state(text).map(|context| context.tracestate);
        let long =
            |count: usize| (0..count).map(|n| format!("k{n:02}={}", "v".repeat(60))).collect::<Vec<_>>();
        for (text, expected) in [
            (String::new(), None),
            (" , ,".to_owned(), None),
            ("a=1".to_owned(), Some("a=1".to_owned())),
            (" a=1\t,, b@c= x y ".to_owned(), Some("a=1,b@c= x y".to_owned())),
            ("0/*_-=!~".to_owned(), Some("0/*_-=!~".to_owned())),
            (long(20).join(","), Some(long(7).join(","))),
            // One that is long goes before those that came after it.
            (format!("a={0},b={0},c=1", "v".repeat(255)), Some(format!("a={},c=1", "v".repeat(255)))),
        ] {
            assert_eq!(kept(&text), Ok(expected), "{text}");
        }
        let many = ["a=1"; MOST_ENTRIES + 1].join(",");
        let (key, value) = ("k".repeat(257), "v".repeat(257));
        for text in [
            "a",
            "=1",
            "a=",
            "A=1",
            "-a=1",
            "a b=1",
            "a=b=c",
            "@a=1",
            "a@=1",
            "a@b@c=1",
            "a=\u{e9}",
            "a=\r\nX: 1",
        ]
        .map(str::to_owned)
        .into_iter()
        .chain([many, format!("{key}=1"), format!("a={value}")])
        {
            assert_eq!(kept(&text), Err(TraceContextError::State), "{text:?}");
        }
    }

    #[test]
    fn what_somebody_says_of_a_request_is_left_as_it_is() {
        let context = TraceContext::parse(&format!("00-{TRACE}-{SPAN}-01")).unwrap();
        let tracing = Tracing::by(move || context.clone().with_state("a=1").ok());
        let mut headers = HeaderMap::new();
        tracing.write(&mut headers);
        assert_eq!(headers[TRACEPARENT], format!("00-{TRACE}-{SPAN}-01"));
        assert_eq!(headers[TRACESTATE], "a=1");
        let mut headers = HeaderMap::from_iter([(TRACEPARENT, HeaderValue::from_static("mine"))]);
        tracing.write(&mut headers);
        assert_eq!(headers[TRACEPARENT], "mine");
        assert_eq!(headers.len(), 1);
    }
}
