//! The call that starts an operation.
//! What its answer says is not known here.

use std::fmt;

use super::call::{Call, MethodError};
use crate::auth::Headers;

/// A call that starts an operation, to be [submitted](super::Operation::submit).
///
/// It is sent once, unless sending it again does no harm: when nothing has left this machine, when the method is
/// idempotent by [RFC 9110, 9.2.2] (GET, HEAD, OPTIONS, PUT, DELETE), or when the API
/// [tolerates it](Self::retry). After an error that leaves it open whether the server got it, any other call is over,
/// and the error says so.
///
/// [RFC 9110, 9.2.2]: https://www.rfc-editor.org/rfc/rfc9110#section-9.2.2
///
/// ```
/// use lro::auth::Headers;
/// use lro::http::Start;
///
/// let start = Start::new("POST", "/v2/exports")?
///     .body(r#"{"of": "all"}"#)
///     // The API remembers the key, and does nothing twice.
///     .with_headers(Headers::new().plain("Idempotency-Key", "5f0c"))
///     .retry(true);
/// # let _ = start;
/// # Ok::<(), lro::http::MethodError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Start {
    call: Call,
    headers: Headers,
    retry: bool,
}

impl Start {
    /// A call with this method to this location: an absolute path, or a URL.
    ///
    /// # Errors
    ///
    /// When it is no method.
    pub fn new(method: &str, location: impl Into<String>) -> Result<Self, MethodError> {
        Ok(Self { call: Call::new(location).method(method)?, headers: Headers::new(), retry: false })
    }

    /// With this body, which is sent as it is.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.call = self.call.body(body);
        self
    }

    /// With these headers, for this call alone.
    #[must_use]
    pub fn with_headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// Whether the API tolerates the call twice, whatever its method, as with a request id that it remembers.
    #[must_use]
    pub fn retry(mut self, tolerated: bool) -> Self {
        self.retry = tolerated;
        self
    }

    /// Whether the server may get the call twice.
    #[must_use]
    pub fn may_be_sent_again(&self) -> bool {
        self.retry || matches!(self.method(), "GET" | "HEAD" | "OPTIONS" | "PUT" | "DELETE")
    }

    pub(super) fn method(&self) -> &str {
        self.call.method.as_str()
    }

    pub(super) fn location(&self) -> &str {
        &self.call.location
    }

    pub(super) fn headers(&self) -> &Headers {
        &self.headers
    }

    pub(super) fn call(&self) -> Call {
        self.call.clone()
    }
}

/// Method and location, without the query.
impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.call.fmt(f)
    }
}
