//! The seam between the HTTP client and every way of being allowed: what a request is given so that it is allowed,
//! and what is done when it was refused all the same.
//! Which ways there are is not known here.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::http::shown_text;

/// What an [`Authorizer`] works on.
pub type Authorizing<'a, T> = Pin<Box<dyn Future<Output = Result<T, AuthError>> + Send + 'a>>;

/// A way of being allowed to ask.
///
/// [`Token`](super::Token), [`Identity`](super::Identity) and [`AccessKey`](super::AccessKey) are the ways that are
/// built in. A way of your own goes into [`Credentials`](super::Credentials) as well:
///
/// ```
/// use lro::auth::{Authorizer, Authorizing, Credentials, Headers, Request};
/// use secrecy::SecretString;
///
/// /// A key that never changes, in a header of its own.
/// #[derive(Debug)]
/// struct Key(SecretString);
///
/// impl Authorizer for Key {
///     fn authorize<'a>(&'a self, _: &'a Request<'a>) -> Authorizing<'a, Headers> {
///         Box::pin(async { Ok(Headers::new().secret("X-Api-Key", self.0.clone())) })
///     }
/// }
///
/// let client = lro::plas::Client::builder("http://127.0.0.1:8080")?
///     .credentials(Credentials::custom(Key(SecretString::from("k3y"))))
///     .build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Authorizer: fmt::Debug + Send + Sync {
    /// What to add to this request so that it is allowed. It is asked for each time that something is sent.
    ///
    /// # Cancellation
    ///
    /// The future is dropped when the poll is. It must be safe to ask again after that.
    fn authorize<'a>(&'a self, request: &'a Request<'a>) -> Authorizing<'a, Headers>;

    /// A request with these headers was answered with 401. Whether it is worth sending once more, with what
    /// [`authorize`](Self::authorize) gives then. A second 401 is final. Default no.
    ///
    /// Many requests may be refused at the same time. Whoever renews something here does it once for all of them.
    fn refused<'a>(&'a self, headers: &'a Headers) -> Authorizing<'a, bool> {
        let _ = headers;
        Box::pin(async { Ok(false) })
    }

    /// What is known by now of whoever asks. It may become known only with the first request. Default nothing.
    fn standing(&self) -> Standing {
        Standing::default()
    }
}

/// What is known of whoever asks, and of how long they may.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standing {
    /// Who it is, in the words of whoever allows it, fit for a terminal.
    pub holder: Option<String>,
    /// How long what is sent now is still good.
    pub lasts: Option<Duration>,
    /// Whether something fresh comes after it.
    pub renews: bool,
    /// Whether whoever allows it was asked and has not answered yet.
    pub is_asking: bool,
}

impl Standing {
    /// This one, for this long, with something fresh after it or not.
    #[must_use]
    pub fn new(holder: Option<String>, lasts: Option<Duration>, renews: bool) -> Self {
        Self { holder, lasts, renews, is_asking: false }
    }
}

/// What is about to be sent.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Request<'a> {
    /// The method in capitals, as `GET`.
    pub method: &'a str,
    /// The whole URL.
    pub url: &'a Url,
    /// The body; empty when there is none.
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    /// A request with this method, URL and body.
    #[must_use]
    pub fn new(method: &'a str, url: &'a Url, body: &'a [u8]) -> Self {
        Self { method, url, body }
    }
}

impl fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A query and a body may hold a secret.
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("url", &shown_text(self.url.as_str()))
            .finish_non_exhaustive()
    }
}

/// Headers that make a request an allowed one.
#[derive(Clone, Default)]
pub struct Headers {
    sent: Vec<Header>,
    hidden: Vec<SecretString>,
}

#[derive(Clone)]
struct Header {
    name: Cow<'static, str>,
    value: SecretString,
    is_secret: bool,
}

impl Header {
    fn parts(&self) -> (&str, &str, bool) {
        (&self.name, self.value.expose_secret(), self.is_secret)
    }
}

impl Headers {
    /// None.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// These and one more that nobody must see. If the server says its value back, it is blotted out.
    #[must_use]
    pub fn secret(self, name: impl Into<Cow<'static, str>>, value: impl Into<SecretString>) -> Self {
        self.with(name.into(), value.into(), true)
    }

    /// These and one more that everyone may see.
    #[must_use]
    pub fn plain(self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        self.with(name.into(), SecretString::from(value.into()), false)
    }

    /// These, which say this secret in another form, as `Basic` does with a password. If the server says it back, it is
    /// blotted out like them, unless it has less than 8 characters: then it may stand anywhere by chance.
    #[must_use]
    pub fn hide(mut self, secret: impl Into<SecretString>) -> Self {
        self.hidden.push(secret.into());
        self
    }

    fn with(mut self, name: Cow<'static, str>, value: SecretString, is_secret: bool) -> Self {
        self.sent.push(Header { name, value, is_secret });
        self
    }

    /// These and those. Where a name is in both, what is sent is the value of those.
    #[must_use]
    pub(crate) fn and(mut self, others: &Self) -> Self {
        self.sent.extend_from_slice(&others.sent);
        self.hidden.extend_from_slice(&others.hidden);
        self
    }

    /// Whether these are all of those, one after the other.
    pub(crate) fn is_all_of(&self, others: &[&Self]) -> bool {
        let sent = others.iter().flat_map(|headers| &headers.sent);
        let hidden = others.iter().flat_map(|headers| &headers.hidden).map(SecretString::expose_secret);
        self.sent.iter().map(Header::parts).eq(sent.map(Header::parts))
            && self.hidden.iter().map(SecretString::expose_secret).eq(hidden)
    }

    /// Those of them that everyone may see.
    pub(crate) fn without_secrets(&self) -> Self {
        let sent = self.sent.iter().filter(|header| !header.is_secret).cloned().collect();
        Self { sent, hidden: Vec::new() }
    }

    /// The value of the header with this name, in capitals or not.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&SecretString> {
        self.sent.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| &header.value)
    }

    /// The secrets that they say in another form.
    pub(crate) fn hidden(&self) -> impl Iterator<Item = &SecretString> {
        self.hidden.iter()
    }

    /// Each name with its value, and whether that is secret.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &SecretString, bool)> {
        self.sent.iter().map(|header| (&*header.name, &header.value, header.is_secret))
    }
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |header: &Header| {
            if header.is_secret { "…".to_owned() } else { header.value.expose_secret().to_owned() }
        };
        f.debug_map().entries(self.sent.iter().map(|header| (&header.name, shown(header)))).finish()
    }
}

/// Why a request cannot be made an allowed one.
///
/// Its text and its [`source`](Error::source) are those of the error that it is made of. Clones share that.
#[derive(Debug, Clone)]
pub struct AuthError {
    kind: AuthErrorKind,
    retry_after: Option<Duration>,
    error: Arc<dyn Error + Send + Sync>,
}

/// What an [`AuthError`] means. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthErrorKind {
    /// What was given to ask with cannot be used, and nobody was asked.
    Unusable,
    /// Whoever decides said no. It is not asked again, because accounts and keys are locked after a few failures.
    Denied,
    /// May pass: asked again.
    Transient,
    /// Will not pass by asking again, for any other reason.
    Permanent,
}

impl AuthError {
    /// An error of this kind.
    pub fn new(kind: AuthErrorKind, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, retry_after: None, error: Arc::from(error.into()) }
    }

    /// The same error with the wish not to be asked again before this time has passed.
    #[must_use]
    pub fn with_retry_after(mut self, pause: impl Into<Option<Duration>>) -> Self {
        self.retry_after = pause.into();
        self
    }

    /// What it means.
    #[must_use]
    pub fn kind(&self) -> AuthErrorKind {
        self.kind
    }

    /// How long whoever decides asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The error that it is made of.
    #[must_use]
    pub fn get_ref(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for AuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_secret_header() {
        let headers = Headers::new().secret("X-Auth-Token", "s3cret").plain("X-Sdk-Date", "20191115T033655Z");
        assert_eq!(format!("{headers:?}"), r#"{"X-Auth-Token": "…", "X-Sdk-Date": "20191115T033655Z"}"#);
        assert_eq!(headers.get("x-auth-token").unwrap().expose_secret(), "s3cret");
    }

    #[test]
    fn an_error_reads_like_the_one_it_is_made_of() {
        let error = AuthError::new(AuthErrorKind::Transient, "the identity service is tired");
        assert_eq!(error.to_string(), "the identity service is tired");
        assert!(error.source().is_none());
    }
}
