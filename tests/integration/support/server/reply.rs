//! One answer of a scripted server: its bytes, and what the server does then.
//! Who is answered with it is not known here.

use std::time::Duration;

/// One answer of a script.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Status line and fields; empty when only `body` is sent.
    head: String,
    body: Vec<u8>,
    pub(super) then: Then,
}

/// What the server does once an answer is out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Then {
    /// Waits for the next request.
    Keep,
    /// Ends the connection.
    Close,
    /// Breaks the connection off.
    Reset,
    /// Keeps the connection, and says nothing any more.
    Hang,
    /// Not once it is out: sends the answer byte by byte, with this pause before each.
    Drip(Duration),
    /// Sends this for as long as somebody reads it.
    Endless(&'static str),
}

impl Reply {
    /// An answer with this status, type and body.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let head = format!("HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\n");
        Self { head, body: body.into(), then: Then::Keep }
    }

    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json", body)
    }

    /// These bytes instead of an answer, and the end of the connection.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { head: String::new(), body: bytes.into(), then: Then::Close }
    }

    /// No answer at all.
    pub(crate) fn nothing(then: Then) -> Self {
        Self::raw("").then(then)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head = format!("{}{name}: {value}\r\n", self.head);
        self
    }

    pub(crate) fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    /// A length is said unless the script says one, or says that there is none.
    pub(super) fn bytes(&self) -> Vec<u8> {
        if self.head.is_empty() {
            return self.body.clone();
        }
        let framed = ["\r\nContent-Length:", "\r\nTransfer-Encoding:", "\r\nConnection: close"];
        let length = if framed.iter().any(|field| self.head.contains(field)) {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", self.body.len())
        };
        [self.head.as_bytes(), length.as_bytes(), b"\r\n", &self.body].concat()
    }
}
