//! One row of the matrix as data: a fault, how the server plays it, and the end that is documented for it.
//! Nothing is played or checked here.

use std::time::Duration;

use crate::support::PENDING;
use crate::support::http2::Turn;
use crate::support::server::{Reply, Then};

/// A fault.
#[derive(Clone)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) way: Way,
    pub(super) end: End,
}

/// How the server plays it. A poll without a fault has a connection of its own, unless it says otherwise here.
#[derive(Clone)]
pub(super) enum Way {
    /// Nobody listens.
    Refused,
    /// This is said on the connection before anything is read.
    Connection(Reply),
    /// The request is answered with this.
    Answer(Reply),
    /// The same on a connection that is kept from poll to poll.
    Kept(Reply),
    /// This is said to the greeting of a client that wants TLS.
    Handshake(Reply),
    /// The server shows a certificate of an authority that nobody knows.
    Stranger,
    /// Behind TLS the request is answered with this.
    Secret(Reply),
    /// The request comes over HTTP/2, and this becomes of it.
    Stream(Turn),
    /// The same, and it is answered with these frames.
    Frames(Reply),
}

/// How a wait ends that meets the fault.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// It is asked again. Once: success, with one error on the way. For ever: out of time, and the last error says this.
    Passing(&'static str),
    /// The same, but what is wrong goes on for a while, so that it may cost more than one poll.
    Lasting(&'static str),
    /// The answer counts, here "pending". Once: success, without an error. For ever: out of time, without an error.
    Harmless,
    /// The wait ends at once with this exit code, and the last error says this.
    Final(i32, &'static str),
}

impl Row {
    pub(super) fn new(name: impl Into<String>, way: Way, end: End) -> Self {
        Self { name: name.into(), way, end }
    }

    /// Whether a poll that meets it goes on until its own time is up.
    pub(super) fn takes_time(&self) -> bool {
        matches!(self.end, End::Lasting(_) | End::Passing("no answer" | "no answer within"))
    }
}

/// An answer that is fit to be believed, to be spoilt.
pub(super) fn answer() -> Reply {
    Reply::json(200, PENDING)
}

/// Its bytes, with this field before its length.
pub(super) fn bytes(field: &str, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\n{field}Content-Length: {}\r\n\r\n{body}", body.len())
}

/// So slow that no poll lives to see the end.
pub(super) const DRIP: Then = Then::Drip(Duration::from_millis(40));

/// The ways in which a server falls silent: in words, what it does, and what is told when there was no whole head, and
/// when there was one.
pub(super) const SILENCES: [(&str, Then, &str, &str); 3] = [
    ("reset", Then::Reset, "no answer from", "broke off"),
    ("closed", Then::Close, "no answer from", "broke off"),
    ("stalled", Then::Hang, "no answer within", "no answer within"),
];
