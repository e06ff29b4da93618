//! The client: one place to ask at, one pool of connections, one way of being allowed.
//! What an answer means for the operation is not known here.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use reqwest::{Method, StatusCode};
use url::Url;

use super::builder::ClientBuilder;
use super::call::Call;
use super::cookies::Cookies;
use super::elsewhere::Elsewhere;
use super::endpoint::Endpoint;
use super::error::HttpError;
use super::field;
use super::location::LocationError;
use super::outgoing::Last;
use super::place::{Place, Site};
use super::reply::{Refusal, Reply};
use super::wire::Wire;
use crate::auth::{Authorizer, Headers, Request, Standing};
use crate::operation::PollError;

/// How long a body may be unless told otherwise: 1 MiB.
pub const DEFAULT_BODY_LIMIT: usize = 1024 * 1024;

/// Asks one endpoint, over connections that are kept.
///
/// Clones share everything. Cookies that the endpoint sets are kept in memory, 50 of them and 64 KiB at most, and sent back
/// to it. Redirects are not followed, and nothing is ever sent to another origin than the endpoint,
/// but for hosts that are [allowed](ClientBuilder::allow_host).
///
/// # Connections
///
/// Over TLS, HTTP/2 is spoken with a server that can, and then all requests go over one connection. While there is none,
/// at first and whenever one has ended, one request alone makes the next; the others wait until it is answered, or for
/// 1 second where there is a connection by then. Where none is after 5 seconds, one more request makes one. A connection
/// that polls wait on and that gives no sign of life for 10 seconds is given up, and what was on its way over it has
/// failed for a passing reason.
///
/// When a server ends a connection in good order, what it has taken up is answered. What it has not is sent once more
/// over the next one, if its method is idempotent.
///
/// A server of HTTP/1.1 is asked over as many connections as there are requests on their way at once. They are kept for
/// 90 seconds after their last use.
///
/// ```
/// use lro::auth::Token;
/// use lro::http::{Client, Endpoint};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::builder(Endpoint::parse("https://api.example")?)
///     .token(Token::command("vault read -field=token api").bearer())
///     .require_https(true)
///     .build()?;
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(pub(super) Arc<Parts>);

/// What a client is made of. It is in one piece, because each operation that is waited for has a clone.
pub(super) struct Parts {
    pub(super) wire: Wire,
    pub(super) elsewhere: Option<Elsewhere>,
    pub(super) site: Site,
    pub(super) authorizer: Option<Arc<dyn Authorizer>>,
    /// What is sent with every request to the endpoint.
    pub(super) headers: Headers,
    /// What the endpoint wants to have back.
    pub(super) cookies: Cookies,
    pub(super) last: Last,
}

impl From<Parts> for Client {
    fn from(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }
}

impl Client {
    /// A client for this endpoint, or for a [`Service`](crate::auth::Service) whose endpoint is in a catalog, to be
    /// configured.
    pub fn builder(place: impl Into<Place>) -> ClientBuilder {
        ClientBuilder::new(place.into())
    }

    /// Where requests go. One that is in a catalog is known after the first request.
    #[must_use]
    pub fn endpoint(&self) -> Option<&Endpoint> {
        self.0.site.known()
    }

    /// What is known by now of whoever asks: nothing before the first request, or without credentials.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.0.authorizer.as_ref().map(|authorizer| authorizer.standing()).unwrap_or_default()
    }

    /// Gets a location at the endpoint: an absolute path, or a URL of the same origin. It takes as long as the server
    /// takes; the limits of time are those of the wait, and whoever asks without one sets their own.
    ///
    /// A request that the server refuses with 401 is sent once more if the credentials can be
    /// [renewed](Authorizer::refused).
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
        self.send(&Call::new(location)).await
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
        self.send(&Call { method: Method::POST, ..Call::new(location) }.body(json)).await
    }

    /// Sends a request to a location at the endpoint: an absolute path, or a URL of the same origin or of a host that is
    /// [allowed](ClientBuilder::allow_host). It is sent once, and after a 401 once more if the credentials can be
    /// [renewed](Authorizer::refused). Whatever else goes wrong, nothing is sent twice, except what is idempotent and was
    /// not taken up before a [connection](Self#connections) ended.
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), but for the statuses that the [call takes for answers](Call::answers). Whether the server
    /// may have got the request is told by [`HttpError::may_have_arrived`].
    ///
    /// # Cancellation
    ///
    /// Dropping the future breaks the request off. It is open then whether the server has carried it out.
    pub async fn send(&self, call: &Call) -> Result<Reply, PollError> {
        Ok(self.exchange(call).await?)
    }

    /// The whole URL of a location, if it may be asked; none while the endpoint is not known.
    pub(super) fn locate(&self, location: &str) -> Result<Option<Url>, LocationError> {
        let Some(endpoint) = self.endpoint() else { return Ok(None) };
        let url = endpoint.join(location)?;
        match &self.0.elsewhere {
            _ if endpoint.holds(&url) => {}
            Some(elsewhere) => elsewhere.check(&url, endpoint)?,
            None => return Err(endpoint.elsewhere(&url)),
        }
        Ok(Some(url))
    }

    /// The origin that is asked for a location. While the endpoint is not known that is the identity service, which is
    /// asked for it first.
    pub(crate) fn origin_of(&self, location: &str) -> Option<Cow<'_, str>> {
        match self.endpoint() {
            Some(endpoint) => endpoint.origin_of(location),
            None => Some(Cow::Borrowed(self.0.site.identity_service()?.origin())),
        }
    }

    /// Gets what it takes to send this call: where the endpoint is, and what to ask with. The call is not sent.
    pub(super) async fn prepare(&self, call: &Call) -> Result<(), HttpError> {
        let endpoint = self.0.site.endpoint().await?;
        let url = endpoint.join(&call.location)?;
        if let Some(authorizer) = self.0.authorizer.as_ref().filter(|_| endpoint.holds(&url)) {
            let request = Request::new(call.method.as_str(), &url, &call.body);
            authorizer.authorize(&request).await.map_err(HttpError::Credentials)?;
        }
        Ok(())
    }

    /// The same, with all that an answer holds which is no answer.
    pub(crate) async fn exchange(&self, call: &Call) -> Result<Reply, Refusal> {
        field::check(&call.headers)?;
        let endpoint = self.0.site.endpoint().await?;
        let url = endpoint.join(&call.location)?;
        if !endpoint.holds(&url) {
            return match &self.0.elsewhere {
                Some(elsewhere) => elsewhere.exchange(call, &url, endpoint).await,
                None => Err(endpoint.elsewhere(&url).into()),
            };
        }
        let request = Request::new(call.method.as_str(), &url, &call.body);
        let send = async |allowed: &Headers| {
            let headers = [&self.0.cookies.headers(&url), &call.headers, &self.0.headers, allowed];
            let outgoing = self.0.last.or_new(&headers)?;
            let reply = self.0.wire.exchange(endpoint, &request, &outgoing, &call.answers).await;
            self.0.cookies.keep(&url, reply.as_ref().map_or_else(Refusal::fields, Reply::fields));
            reply.map(Reply::without_secrets)
        };
        let Some(authorizer) = &self.0.authorizer else { return send(&Headers::new()).await };
        let allowed = authorizer.authorize(&request).await.map_err(HttpError::Credentials)?;
        let reply = send(&allowed).await;
        let status = match &reply {
            Ok(reply) => Some(reply.status),
            Err(refusal) => refusal.error.status(),
        };
        if status != Some(StatusCode::UNAUTHORIZED.as_u16())
            || !authorizer.refused(&allowed).await.map_err(HttpError::Renewal)?
        {
            return reply;
        }
        send(&authorizer.authorize(&request).await.map_err(HttpError::Renewal)?).await
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &self.endpoint())
            .field("authorizer", &self.0.authorizer)
            .finish_non_exhaustive()
    }
}
