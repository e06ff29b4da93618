//! What a transport error of reqwest means: a passing fault, or a certificate that no retry mends.
//! Nothing here sends anything.

use std::error::Error;

use super::distrust::{Obstacle, Trouble};
use super::endpoint::Endpoint;
use super::error::HttpError;
use super::fault::Fault;
use super::text::printable;

/// What went wrong on the way, in the words of whoever noticed it first.
pub(super) fn transport_error(error: &reqwest::Error, endpoint: &Endpoint) -> HttpError {
    let (trouble, cause) = of_tls(error).unwrap_or_else(|| told(root_cause(error)));
    // A name that is unknown, a port that is closed and TLS that fails are all told as a failure to connect.
    let may_have_arrived = !error.is_connect() && !error.is_builder();
    let obstacle = match trouble {
        Trouble::Distrust(distrust) => {
            return HttpError::Certificate {
                origin: endpoint.to_string(),
                cause,
                may_have_arrived,
                distrust,
            };
        }
        Trouble::Obstacle(obstacle) => Some(obstacle),
        Trouble::Other => None,
    };
    match of_proxy(error) {
        Some(ProxyRefusal::Tunnel) => {
            return HttpError::Status { status: 407, fault: Fault::default(), skew: None };
        }
        Some(ProxyRefusal::Socks(cause)) => {
            return HttpError::Proxy { origin: endpoint.to_string(), cause: cause.to_owned() };
        }
        None => {}
    }
    let what = if error.is_connect() {
        format!("could not connect to {endpoint}")
    } else if error.is_body() || error.is_decode() {
        format!("the answer of {endpoint} broke off")
    } else {
        format!("no answer from {endpoint}")
    };
    HttpError::Transport { what, cause, may_have_arrived, obstacle }
}

/// The last cause in the chain: everything above it only says that something below went wrong.
pub(super) fn root_cause(error: &(dyn Error + 'static)) -> String {
    causes(error).last().map(|cause| printable(&cause.to_string()).into_owned()).unwrap_or_default()
}

/// The error and its causes, also those that an `io::Error` wraps and does not name as its source.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error: &&'a (dyn Error + 'static)| {
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

/// What a proxy says that does not let us through before it knows who asks.
enum ProxyRefusal {
    /// It wants credentials before it opens a tunnel.
    Tunnel,
    /// What SOCKS has for it.
    Socks(&'static str),
}

/// The errors of proxies have no types that could be named, only texts.
const PROXY_REFUSALS: [(&str, ProxyRefusal); 3] = [
    ("tunnel error: proxy authorization required", ProxyRefusal::Tunnel),
    (
        "SOCKS error: credentials not accepted",
        ProxyRefusal::Socks("it does not accept the user name and the password"),
    ),
    // It is told so, too, when no password was offered.
    (
        "SOCKS error: server does not support user/pass authentication",
        ProxyRefusal::Socks("it does not accept the way to log in, with or without a password"),
    ),
];

fn of_proxy(error: &(dyn Error + 'static)) -> Option<ProxyRefusal> {
    causes(error).find_map(|cause| {
        let cause = cause.to_string();
        PROXY_REFUSALS.into_iter().find(|(text, _)| *text == cause).map(|(_, refusal)| refusal)
    })
}

/// How it is said that a connection of HTTP/2 ended before it took up a request, and how we say it.
const NOT_TAKEN_UP: [(&str, &str); 2] = [
    // The server has said how far it went, and that it ends for no bad reason.
    (
        "connection error received: not a result of an error",
        "the server ended the connection before it answered",
    ),
    // As many were on their way as the server takes at a time, and this one was next.
    ("runtime dropped the dispatch task", "the connection ended before it was this request's turn"),
];

/// Whether a connection of HTTP/2 ended before it took up this request.
pub(super) fn is_not_taken_up(error: &reqwest::Error) -> bool {
    let cause = root_cause(error);
    NOT_TAKEN_UP.iter().any(|(said, _)| *said == cause)
}

/// The same, with the proxy named where only a tunnel is, and the end of a connection as what it is.
fn told(cause: String) -> (Trouble, String) {
    if let Some(rest) = cause.strip_prefix("tunnel error: ") {
        return (Trouble::Obstacle(Obstacle::NoTunnel), format!("the proxy opens no tunnel: {rest}"));
    }
    let told = NOT_TAKEN_UP.into_iter().find(|(said, _)| *said == cause);
    (Trouble::Other, told.map_or(cause, |(_, told)| told.to_owned()))
}

/// What TLS says, if it is TLS that failed.
#[cfg(feature = "rustls")]
fn of_tls(error: &(dyn Error + 'static)) -> Option<(Trouble, String)> {
    let (trouble, words) = causes(error).find_map(|cause| cause.downcast_ref()).map(super::distrust::told)?;
    Some((trouble, printable(&words).into_owned()))
}

#[cfg(not(feature = "rustls"))]
fn of_tls(_: &(dyn Error + 'static)) -> Option<(Trouble, String)> {
    None
}
