//! The seam between the HTTP client and every way of being allowed: what a request is given so that it is allowed,
//! and what is done when it was refused all the same.
//! Which ways there are is not known here.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use url::Url;

use super::{AuthError, Headers};
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
