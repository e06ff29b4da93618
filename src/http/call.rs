//! One request in the making: what is asked, where, and which answers are expected.
//! Who asks, and over which connection, is not known here.

use std::fmt;

use reqwest::Method;

use super::location::shown_text;
use super::text::printable;
use crate::auth::Headers;

/// One request that a [`Client`](super::Client) is to send. Default a `GET` without a body.
///
/// ```
/// use lro::auth::Headers;
/// use lro::http::Call;
///
/// let call = Call::new("/jobs/1")
///     .method("delete")?
///     .headers(Headers::new().plain("Accept", "text/plain"))
///     .answers([303, 404]);
/// assert_eq!(call.to_string(), "DELETE /jobs/1");
/// # Ok::<(), lro::http::MethodError>(())
/// ```
#[derive(Clone)]
pub struct Call {
    pub(super) method: Method,
    pub(super) location: String,
    pub(super) headers: Headers,
    pub(super) body: Vec<u8>,
    pub(super) answers: Vec<u16>,
}

impl Call {
    /// A `GET` of this location: an absolute path, or a whole URL.
    #[must_use]
    pub fn new(location: impl Into<String>) -> Self {
        Self {
            method: Method::GET,
            location: location.into(),
            headers: Headers::new(),
            body: Vec::new(),
            answers: Vec::new(),
        }
    }

    /// With this method, in capitals or not: any that HTTP can carry ([RFC 9110, 9.1]), but `CONNECT`, which makes a
    /// tunnel and asks nothing.
    ///
    /// # Errors
    ///
    /// When it is no method.
    ///
    /// [RFC 9110, 9.1]: https://www.rfc-editor.org/rfc/rfc9110#section-9.1
    pub fn method(mut self, method: &str) -> Result<Self, MethodError> {
        let unusable = || MethodError { method: printable(method).into_owned() };
        let known = Method::from_bytes(method.to_ascii_uppercase().as_bytes()).map_err(|_| unusable())?;
        if known == Method::CONNECT {
            return Err(unusable());
        }
        self.method = known;
        Ok(self)
    }

    /// With these headers instead of those set here before. They win over the client's defaults; the
    /// [headers of the client](super::ClientBuilder::header) and of its credentials win over them. Of two with the
    /// same name the last one is sent.
    #[must_use]
    pub fn headers(mut self, headers: Headers) -> Self {
        self.headers = headers;
        self
    }

    /// With this body. Its type is `application/json` unless a header says another one.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Takes these statuses for answers too, beside 200 to 299.
    #[must_use]
    pub fn answers(mut self, statuses: impl IntoIterator<Item = u16>) -> Self {
        self.answers = statuses.into_iter().collect();
        self
    }
}

/// Method and location, whose query is left out because it may hold a secret.
impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, shown_text(&self.location))
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A body may hold a password.
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("location", &shown_text(&self.location))
            .field("headers", &self.headers)
            .field("answers", &self.answers)
            .finish_non_exhaustive()
    }
}

/// What was given is no method of HTTP that asks something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{method}` is not a method that a request can have")]
#[non_exhaustive]
pub struct MethodError {
    /// What was given.
    pub method: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_is_any_token_in_capitals() {
        let method = |text: &str| Call::new("/").method(text).map(|call| call.method.to_string());
        assert_eq!(method("patch").unwrap(), "PATCH");
        assert_eq!(method("x-Purge!").unwrap(), "X-PURGE!");
        for wrong in ["", "GET ", "GE T", "GET\r\nX: 1", "G\u{c4}T", "G/T", "Connect"] {
            assert!(method(wrong).is_err(), "{wrong}");
        }
        let told = method("a\u{1b}b").unwrap_err().to_string();
        assert_eq!(told, "`a b` is not a method that a request can have");
    }

    #[test]
    fn no_secret_of_a_call_is_told() {
        let headers = Headers::new().secret("Authorization", "s3cret").plain("Accept", "text/plain");
        let call = Call::new("https://x.example/a?token=s3cret").headers(headers).body("s3cret");
        let told = format!("{call} {call:?}");
        assert!(!told.contains("s3cret"), "{told}");
        assert!(told.contains("text/plain") && told.contains("GET https://x.example/a?…"), "{told}");
    }
}
