//! The client: one endpoint, one pool of connections, one token, and the rules for sending and reading.
//! What an answer means for the operation is not known here.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderValue, LOCATION};
use reqwest::{Method, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::body;
use super::builder::ClientBuilder;
use super::endpoint::{Endpoint, shown, shown_text};
use super::error::HttpError;
use super::fault::Fault;
use super::retry_after::retry_after;
use super::text::shortened;
use super::transport::transport_error;
use crate::auth::Token;
use crate::operation::PollError;

/// How long a body may be unless told otherwise: 1 MiB.
pub const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;

/// How much of the body of an error is read: more helps nobody, and all of it is parsed.
const FAULT_LIMIT: usize = 16 * 1024;

/// How many characters of a redirect's target are told.
const LONGEST_LOCATION: usize = 500;

/// Asks one endpoint, over connections that are kept.
///
/// Clones share everything. Redirects are not followed, and nothing is ever sent to another origin than the endpoint.
#[derive(Clone)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) token: Option<Token>,
    pub(super) body_limit: usize,
}

/// What came back: a status of success, and the body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Reply {
    /// The status, 200 to 299.
    pub status: u16,
    /// The whole body, decompressed.
    pub body: Vec<u8>,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    token: Option<Arc<SecretString>>,
}

impl Reply {
    /// This text of the server, which may repeat what it was sent, without the token.
    pub(crate) fn redacted(&self, text: String) -> String {
        redacted(text, self.token.as_deref())
    }
}

impl Client {
    /// A client for this endpoint, to be configured.
    pub fn builder(endpoint: Endpoint) -> ClientBuilder {
        ClientBuilder::new(endpoint)
    }

    /// Where requests go.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Whether requests carry a token.
    #[must_use]
    pub fn has_token(&self) -> bool {
        self.token.is_some()
    }

    /// Gets a location at the endpoint: an absolute path, or a URL of the same origin. It takes as long as the server
    /// takes; the limits of time are those of the wait, and whoever asks without one sets their own.
    ///
    /// A token that the server refuses with 401 is renewed, if it can be, and the request is sent once more.
    ///
    /// # Errors
    ///
    /// Every status but 200 to 299, every fault on the way, and a body over the bound. The
    /// [source](std::error::Error::source) of the error is an [`HttpError`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future breaks the request off. Asking again is safe.
    pub async fn get(&self, location: &str) -> Result<Reply, PollError> {
        self.call(Method::GET, location, None).await
    }

    /// Posts JSON to a location at the endpoint, once: only a 401 is followed by a second try, because a request that
    /// was not allowed was not carried out.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get). After a transient error it is open whether the server has carried out the request.
    ///
    /// # Cancellation
    ///
    /// Dropping the future breaks the request off; then, too, it is open whether the server has carried it out.
    pub async fn post(&self, location: &str, json: impl Into<Vec<u8>>) -> Result<Reply, PollError> {
        self.call(Method::POST, location, Some(json.into())).await
    }

    async fn call(&self, method: Method, location: &str, body: Option<Vec<u8>>) -> Result<Reply, PollError> {
        let url = self.endpoint.resolve(location).map_err(HttpError::from)?;
        let mut token = match &self.token {
            Some(token) => Some(token.current().await.map_err(HttpError::NoToken)?),
            None => None,
        };
        let mut response = self.send(&method, &url, body.as_deref(), token.as_deref()).await?;
        if let (StatusCode::UNAUTHORIZED, Some(source), Some(refused)) =
            (response.status(), &self.token, &token)
            && let Some(fresh) = source.renewed(refused).await.map_err(HttpError::Renewal)?
        {
            response = self.send(&method, &url, body.as_deref(), Some(&fresh)).await?;
            token = Some(fresh);
        }
        self.read(response, &url, token).await
    }

    async fn send(
        &self,
        method: &Method,
        url: &Url,
        body: Option<&[u8]>,
        token: Option<&SecretString>,
    ) -> Result<Response, HttpError> {
        let mut request = self.http.request(method.clone(), url.clone());
        if let Some(body) = body {
            request = request.body(body.to_vec());
        }
        if let Some(token) = token {
            let mut value = HeaderValue::from_str(token.expose_secret())
                .unwrap_or_else(|_| unreachable!("a token is checked where it is read"));
            value.set_sensitive(true);
            request = request.header("X-Auth-Token", value);
        }
        request.send().await.map_err(|error| transport_error(&error, &self.endpoint))
    }

    async fn read(
        &self,
        mut response: Response,
        url: &Url,
        token: Option<Arc<SecretString>>,
    ) -> Result<Reply, PollError> {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        if status.is_success() {
            let body = body::whole(&mut response, self.body_limit, &self.endpoint).await?;
            let body = redacted_bytes(body, token.as_deref());
            return Ok(Reply { status: status.as_u16(), body, retry_after, token });
        }
        let status = status.as_u16();
        let error = if let Some(location) = redirect_target(&response, url) {
            HttpError::Redirect { status, location: redacted(location, token.as_deref()) }
        } else {
            let body = body::beginning(&mut response, FAULT_LIMIT).await;
            let body = redacted_bytes(body, token.as_deref());
            let fault = Fault::of(response.headers(), &body).map(|text| redacted(text, token.as_deref()));
            HttpError::Status { status, fault }
        };
        Err(error.with_retry_after(retry_after))
    }
}

/// The same text without the token: some servers answer with what they were sent.
fn redacted(text: String, token: Option<&SecretString>) -> String {
    match token.map(ExposeSecret::expose_secret).filter(|token| text.contains(*token)) {
        Some(token) => text.replace(token, "…"),
        None => text,
    }
}

/// The same for a body as it came, before any part of it is cut out. What is escaped in it is found later, in the text.
fn redacted_bytes(body: Vec<u8>, token: Option<&SecretString>) -> Vec<u8> {
    let Some(token) = token.map(|token| token.expose_secret().as_bytes()) else { return body };
    if !body.windows(token.len()).any(|window| window == token) {
        return body;
    }
    let mut clean = Vec::with_capacity(body.len());
    let mut rest = &body[..];
    while let Some((first, others)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(token) {
            clean.extend_from_slice("…".as_bytes());
            rest = after;
        } else {
            clean.push(*first);
            rest = others;
        }
    }
    clean
}

fn redirect_target(response: &Response, url: &Url) -> Option<String> {
    let location = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    let location = String::from_utf8_lossy(location.as_bytes());
    let target = url.join(&location).map_or_else(|_| shown_text(&location), |target| shown(&target));
    Some(shortened(&target, LONGEST_LOCATION).into_owned())
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &format_args!("{}", self.endpoint))
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}
