//! What went wrong with one request, in words.
//! What that means for a wait is not known here.

use std::fmt;

use reqwest::StatusCode;

use super::clock_skew::ClockSkew;
use super::distrust::{Distrust, Obstacle};
use super::fault::Fault;
use super::field::HeaderError;
use super::location::LocationError;
use super::text::{printable, shortened};
use crate::auth::AuthError;

/// What went wrong with one request.
///
/// It is the [`source`](std::error::Error::source) of the [`PollError`](crate::PollError) that a
/// wait tells.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// No connection, or one that broke before an answer was there.
    #[error("{what}: {cause}")]
    #[non_exhaustive]
    Transport {
        /// What could not be done.
        what: String,
        /// What the system says to that.
        cause: String,
        /// Whether there was a connection, so that the request may have gone out.
        may_have_arrived: bool,
        /// What stands in the way, where that can be told.
        obstacle: Option<Obstacle>,
    },
    /// The server's certificate, or ours, was not accepted.
    #[error("no trusted connection to {origin}: {cause}")]
    #[non_exhaustive]
    Certificate {
        /// Where to.
        origin: String,
        /// What is wrong.
        cause: String,
        /// Whether the server told so only after the request may have gone out, as it does in TLS 1.3.
        may_have_arrived: bool,
        /// Whose certificate it is about, and what about it.
        distrust: Distrust,
    },
    /// A proxy that does not let us through before it knows who asks, as SOCKS says it. (An HTTP proxy answers 407.)
    #[error("the proxy does not let us through to {origin}: {cause}")]
    #[non_exhaustive]
    Proxy {
        /// Where to.
        origin: String,
        /// What it does not accept.
        cause: String,
    },
    /// A status that is no answer.
    #[error("HTTP {}{}{}", status_name(*status), of_fault(.fault), of_skew(*.skew))]
    Status {
        /// The status code.
        status: u16,
        /// What the body said.
        fault: Fault,
        /// How wrong the clock of this machine is, when that may be why a signature was refused.
        skew: Option<ClockSkew>,
    },
    /// A redirect, which is never followed.
    #[error("HTTP {}: the server redirects to {location}, and redirects are not followed", status_name(*status))]
    Redirect {
        /// The status code.
        status: u16,
        /// Where to, without its query.
        location: String,
    },
    /// A body over the bound.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The bound.
        limit: usize,
    },
    /// A body that is not what the API answers.
    #[error("the answer is not {expected}: {cause}{}", of_beginning(.begin))]
    Undecodable {
        /// What an answer should be.
        expected: &'static str,
        /// What is wrong with it.
        cause: String,
        /// How the body begins.
        begin: String,
    },
    /// A document that was read and says nothing that is known.
    #[error("{0}")]
    NotUnderstood(String),
    /// There is nothing to ask with, so nothing was asked.
    #[error("there are no credentials to ask with")]
    Credentials(#[source] AuthError),
    /// A catalog says nothing usable of where to ask.
    #[error("it could not be learned where to ask")]
    Nowhere(#[source] AuthError),
    /// What was asked with was refused, and nothing fresh could be had.
    #[error("the credentials were refused, and fresh ones could not be had")]
    Renewal(#[source] AuthError),
    /// A header that cannot be sent, so nothing was.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The server refused the call that was to start an operation, so nothing was started.
    #[error("the server refused the call, so nothing was started")]
    Refused(#[source] Box<HttpError>),
    /// It is open whether the server got the call that starts an operation. It is not sent again.
    #[error("it is open whether the server carried out the call, so it is not sent again")]
    Open(#[source] Box<HttpError>),
    /// The server accepted a call, and says nowhere which operation that is.
    #[error("the server accepted the call, but its answer does not say where the operation is{}", of_answer(.location, .begin))]
    NoHandle {
        /// What its header Location says, without the query: not what the preset goes by.
        location: String,
        /// How the body begins.
        begin: String,
    },
    /// The operation succeeded, and its result could not be had.
    #[error("the operation succeeded, but its result could not be fetched")]
    NoResult(#[source] Box<HttpError>),
    /// The server names a location that is not asked.
    #[error("the server says to go on elsewhere")]
    Misled(#[source] LocationError),
    /// A location that is not at the endpoint, so nothing was sent.
    #[error(transparent)]
    Location(#[from] LocationError),
}

/// How many characters of a body that is not understood are told.
const LONGEST_BEGINNING: usize = 120;

/// How many characters are told of an answer in which a person is to find an operation, and of what is wrong with one.
const LONGEST_ANSWER: usize = 500;

impl HttpError {
    /// A body that is not what was expected, with how it begins.
    pub(crate) fn undecodable(expected: &'static str, cause: &dyn fmt::Display, body: &[u8]) -> Self {
        Self::Undecodable {
            expected,
            cause: shortened(&printable(&cause.to_string()), LONGEST_ANSWER).into_owned(),
            begin: beginning(body, LONGEST_BEGINNING),
        }
    }

    /// An answer that accepts a call and names no operation, with what may help a person to find it.
    pub(super) fn no_handle(location: Option<&str>, body: &[u8]) -> Self {
        let location = shortened(&printable(location.unwrap_or_default()), LONGEST_ANSWER).into_owned();
        Self::NoHandle { location, begin: beginning(body, LONGEST_ANSWER) }
    }

    /// The HTTP status, when there was one.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status { status, .. } | Self::Redirect { status, .. } => Some(*status),
            _ => None,
        }
    }

    /// Whether the server may have got the request and carried it out. It is false only when that is certain: when
    /// nothing was sent, for want of a connection, of credentials or of a place to send it to; and when what was sent
    /// was refused for its credentials, by the server (401) or by the proxy before it (407, or what SOCKS has for it).
    ///
    /// Only after `false` is it safe to repeat a request that is not idempotent.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        match self {
            Self::Transport { may_have_arrived, .. } | Self::Certificate { may_have_arrived, .. } => {
                *may_have_arrived
            }
            Self::Status { status, .. } => !matches!(status, 401 | 407),
            Self::Redirect { .. }
            | Self::TooLong { .. }
            | Self::Undecodable { .. }
            | Self::NotUnderstood(_)
            | Self::Refused(_)
            | Self::Open(_)
            | Self::NoHandle { .. }
            | Self::NoResult(_)
            | Self::Misled(_) => true,
            // What is renewed was refused.
            Self::Renewal(_)
            | Self::Credentials(_)
            | Self::Nowhere(_)
            | Self::Proxy { .. }
            | Self::Header(_)
            | Self::Location(_) => false,
        }
    }
}

fn beginning(body: &[u8], longest: usize) -> String {
    let begin = String::from_utf8_lossy(&body[..body.len().min(4 * longest)]);
    shortened(printable(begin.trim()).trim(), longest).into_owned()
}

fn of_answer(location: &str, begin: &str) -> String {
    let location =
        Some(location).filter(|text| !text.is_empty()).map(|text| format!("; its Location is {text}"));
    location.unwrap_or_default() + &of_beginning(begin)
}

fn of_beginning(begin: &str) -> String {
    if begin.is_empty() { String::new() } else { format!("; it begins with `{begin}`") }
}

fn of_skew(skew: Option<ClockSkew>) -> String {
    skew.map_or_else(String::new, |skew| format!("; {skew}"))
}

fn of_fault(fault: &Fault) -> String {
    if fault.has_words() {
        format!(": {fault}")
    } else if fault.request_id.is_some() {
        format!(" {fault}")
    } else {
        String::new()
    }
}

/// The name of a status beside its number, where it has one: `503 Service Unavailable`.
pub(super) fn status_name(status: u16) -> String {
    let name = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
    name.map_or_else(|| status.to_string(), |name| format!("{status} {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_body_that_is_not_understood_only_so_much_is_told() {
        // The parser quotes what it did not expect, however long that is.
        let body = format!("\"{}\"", "x".repeat(1_000_000));
        let cause = serde_json::from_str::<serde_json::Map<_, _>>(&body).unwrap_err();
        let told = HttpError::undecodable("an object", &cause, body.as_bytes()).to_string();
        assert!(told.starts_with("the answer is not an object: invalid type: string \"xxx"), "{told}");
        assert!(told.chars().count() < 700, "{told}");
    }
}
