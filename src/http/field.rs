//! Headers as they go out, and which ones cannot.
//! Who wants them sent is not known here.

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;

use super::text::printable;
use crate::auth::Headers;

/// What says how a request is framed and where it goes. That is the connection's to say: a second word on it could make
/// two requests of one.
const RESERVED: [&str; 9] = [
    "connection",
    "content-length",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// A header that cannot be sent. Its value is not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the header `{name}` cannot be sent: {problem}")]
#[non_exhaustive]
pub struct HeaderError {
    /// Its name.
    pub name: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// The headers as they are sent: of two with the same name the last one. What makes no header never leaves this machine.
pub(super) fn fields(headers: &Headers) -> Result<HeaderMap, HeaderError> {
    let mut fields = HeaderMap::new();
    for (name, value, is_secret) in headers.iter() {
        let unusable = || HeaderError { name: printable(name).into_owned(), problem: "it is not one" };
        let mut value = HeaderValue::from_str(value.expose_secret()).map_err(|_| unusable())?;
        value.set_sensitive(is_secret);
        fields.insert(HeaderName::try_from(name).map_err(|_| unusable())?, value);
    }
    Ok(fields)
}

/// Whether these headers can be sent, and are for whoever asks to set.
pub(super) fn check(headers: &Headers) -> Result<(), HeaderError> {
    if headers.iter().next().is_none() {
        return Ok(());
    }
    let fields = fields(headers)?;
    match RESERVED.iter().find(|name| fields.contains_key(**name)) {
        Some(name) => {
            let problem = "it belongs to the connection";
            Err(HeaderError { name: (*name).to_owned(), problem })
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &'static str, value: &str) -> String {
        check(&Headers::new().secret(name, value)).unwrap_err().to_string()
    }

    #[test]
    fn what_is_no_header_is_refused_without_its_value() {
        for (name, value) in
            [("", "s3cret"), ("a b", "s3cret"), ("a", "s3cret\r\nb: c"), ("a\u{e4}", "s3cret")]
        {
            assert_eq!(told(name, value), format!("the header `{name}` cannot be sent: it is not one"));
        }
        assert_eq!(told("a\nb", ""), "the header `a b` cannot be sent: it is not one");
    }

    #[test]
    fn what_frames_a_request_is_not_for_a_caller_to_say() {
        for name in RESERVED {
            let problem = "it belongs to the connection";
            assert_eq!(told(name, "1"), format!("the header `{name}` cannot be sent: {problem}"));
        }
        assert!(told("Content-LENGTH", "1").starts_with("the header `content-length` cannot be sent"));
    }

    #[test]
    fn of_two_headers_with_one_name_the_last_one_is_sent() {
        let headers = Headers::new().plain("Accept", "a").secret("X-Token", "t").plain("accept", "b");
        let fields = fields(&headers).unwrap();
        assert_eq!(fields.len(), 2);
        assert_eq!(fields["accept"], "b");
        assert!(fields["x-token"].is_sensitive() && !fields["accept"].is_sensitive());
    }
}
