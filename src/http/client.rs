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
use super::endpoint::{Endpoint, shown};
use super::error::HttpError;
use super::fault::Fault;
use super::retry_after::retry_after;
use super::text::printable;
use super::transport::transport_error;
use crate::auth::Token;
use crate::operation::PollError;

/// How long a body may be unless told otherwise: 1 MiB.
pub const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;

/// How much of the body of an error is read: more helps nobody, and all of it is parsed.
const FAULT_LIMIT: usize = 16 * 1024;

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

    /// Gets a location at the endpoint: an absolute path, or a URL of the same origin.
    ///
    /// A token that the server refuses with 401 is renewed, if it can be, and the request is sent once more.
    ///
    /// # Errors
    ///
    /// Every status but 200 to 299, every fault on the way, and a body over the bound. The
    /// [source](std::error::Error::source) of the error is an [`HttpError`].
    pub async fn get(&self, location: &str) -> Result<Reply, PollError> {
        self.call(Method::GET, location, None).await
    }

    /// Posts JSON to a location at the endpoint, once: only a 401 is followed by a second try, because a request that
    /// was not allowed was not carried out.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get). After a transient error it is open whether the server has carried out the request.
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
        self.read(response, &url, token.as_deref()).await
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
        token: Option<&SecretString>,
    ) -> Result<Reply, PollError> {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        if status.is_success() {
            let body = body::whole(&mut response, self.body_limit, &self.endpoint).await?;
            return Ok(Reply { status: status.as_u16(), body, retry_after });
        }
        let status = status.as_u16();
        let error = if let Some(location) = redirect_target(&response, url) {
            HttpError::Redirect { status, location }
        } else {
            let mut body = body::beginning(&mut response, FAULT_LIMIT).await;
            if let Some(token) = token {
                // Some servers answer with what they were sent.
                body = String::from_utf8_lossy(&body).replace(token.expose_secret(), "…").into();
            }
            HttpError::Status { status, fault: Fault::of(response.headers(), &body) }
        };
        Err(error.with_retry_after(retry_after))
    }
}

fn redirect_target(response: &Response, url: &Url) -> Option<String> {
    let location = response.headers().get(LOCATION).filter(|_| response.status().is_redirection())?;
    let location = String::from_utf8_lossy(location.as_bytes());
    Some(url.join(&location).map_or_else(|_| printable(&location).into_owned(), |target| shown(&target)))
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &format_args!("{}", self.endpoint))
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}
