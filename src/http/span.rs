//! The span of a request, with the names that OpenTelemetry has for what a client of HTTP tells:
//! <https://opentelemetry.io/docs/specs/semconv/http/http-spans/>.
//! Who listens is not known here, and where nobody does nothing is made.

use tracing::{Level, Span, field};

use super::error::HttpError;
use super::location::shown;
use super::secrets::Secrets;
use super::status::Status;
use super::text::{printable, shortened};
use crate::auth::Request;
use crate::operation::Answer;

/// How many characters of a URL are told.
const LONGEST_URL: usize = 500;

/// How many characters of what a server says of its operation are told.
const LONGEST_WORDS: usize = 500;

/// The methods that those who count requests by them know. Of all others there is no end.
const KNOWN: [&str; 10] =
    ["CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE"];

/// The span of a request that is to be sent. A location may be a server's word, which may repeat what it was sent.
pub(super) fn of_request(asked: &Request<'_>, secrets: &Secrets) -> Span {
    let is_known = KNOWN.contains(&asked.method);
    tracing::debug_span!(
        target: "lro",
        "lro.request",
        http.request.method = if is_known { asked.method } else { "_OTHER" },
        http.request.method_original = (!is_known).then_some(asked.method),
        server.address = asked.url.host_str(),
        server.port = asked.url.port_or_known_default().map(i64::from),
        url.full = &*shortened(&printable(&secrets.redacted(shown(asked.url))), LONGEST_URL),
        http.response.status_code = field::Empty,
        error.type = field::Empty,
        otel.name = if is_known { asked.method } else { "HTTP" },
        otel.kind = "client",
        otel.status_code = field::Empty,
    )
}

/// What an answer was understood to say.
pub(super) fn understood(answer: &Answer<Status>) {
    let brief = |text: &str| shortened(&printable(text), LONGEST_WORDS).into_owned();
    tracing::event!(
        name: "lro.answer.understood", target: "lro", Level::DEBUG,
        verdict = answer.verdict.as_str(),
        state = answer.status.state.as_deref().map(brief),
        reason = answer.reason.as_deref().map(brief),
        "the answer was understood"
    );
}

/// What came back: a status, or what went wrong.
pub(super) fn answered(span: &Span, came: Result<u16, &HttpError>) {
    if span.is_disabled() {
        return;
    }
    let status = came.map_or_else(HttpError::status, Some);
    if let Some(status) = status {
        span.record("http.response.status_code", i64::from(status));
    }
    let wrong = match (came, status) {
        (_, Some(status @ 400..)) => Some(status.to_string()),
        (Err(error), _) => Some(kind(error).to_owned()),
        (Ok(_), _) => None,
    };
    if let Some(wrong) = wrong {
        span.record("error.type", &*wrong);
        span.record("otel.status_code", "ERROR");
    }
}

/// What went wrong, in one word of which there are few.
fn kind(error: &HttpError) -> &'static str {
    match error {
        HttpError::Transport { .. } => "transport",
        HttpError::Certificate { .. } => "certificate",
        HttpError::Proxy { .. } => "proxy",
        HttpError::Redirect { .. } => "redirect",
        HttpError::TooLong { .. } => "too_long",
        HttpError::Location(_) => "location",
        _ => "_OTHER",
    }
}
