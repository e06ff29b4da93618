//! The client: one endpoint, one pool of connections, one token, and the rules for sending and reading.
//! What an answer means for the operation is not known here.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::{Method, NoProxy, Proxy, Response, StatusCode, redirect};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::body;
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

const USER_AGENT: &str = concat!("lro/", env!("CARGO_PKG_VERSION"));

/// Asks one endpoint, over connections that are kept.
///
/// Clones share everything. Redirects are not followed, and nothing is ever sent to another origin than the endpoint.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    endpoint: Arc<Endpoint>,
    token: Option<Token>,
    body_limit: usize,
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
        ClientBuilder {
            endpoint,
            token: None,
            body_limit: DEFAULT_BODY_LIMIT,
            proxy: ProxyChoice::Environment,
            #[cfg(feature = "rustls")]
            tls: tls::Options::default(),
        }
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

/// A client that is not made yet; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    endpoint: Endpoint,
    token: Option<Token>,
    body_limit: usize,
    proxy: ProxyChoice,
    #[cfg(feature = "rustls")]
    tls: tls::Options,
}

enum ProxyChoice {
    Environment,
    Url(String),
    None,
}

impl ClientBuilder {
    /// Sends this token as `X-Auth-Token`. Default none.
    pub fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// Reads bodies up to this many bytes. Default 1 MiB; a longer one is a transient error.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Goes through this proxy: `http://`, `https://`, `socks5://` or `socks5h://`. Hosts in `NO_PROXY` are still
    /// asked directly. Default: what `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say, in capitals or not.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = ProxyChoice::Url(url.into());
        self
    }

    /// Goes through no proxy, whatever the environment says.
    pub fn without_proxy(mut self) -> Self {
        self.proxy = ProxyChoice::None;
        self
    }

    /// Makes the client. The certificates of the system are read only when the endpoint or a proxy needs them.
    ///
    /// # Errors
    ///
    /// When a certificate, a key or the proxy is unusable.
    pub fn build(self) -> Result<Client, BuildError> {
        let json = HeaderValue::from_static("application/json");
        let mut http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            // The API's reference asks for a content type on every request, also where there is no content.
            .default_headers(HeaderMap::from_iter([(ACCEPT, json.clone()), (CONTENT_TYPE, json)]))
            .redirect(redirect::Policy::none())
            .referer(false);
        match &self.proxy {
            ProxyChoice::Environment => {}
            ProxyChoice::Url(url) => {
                http = http.proxy(proxy(url)?.no_proxy(NoProxy::from_env()));
            }
            ProxyChoice::None => http = http.no_proxy(),
        }
        #[cfg(feature = "rustls")]
        {
            http = self.tls.apply(http, self.endpoint.is_https() || self.proxy.is_https())?;
        }
        if self.endpoint.is_https() && !cfg!(feature = "rustls") {
            return Err(BuildError::NoTls);
        }
        let http = http.build().map_err(|error| {
            #[cfg(feature = "rustls")]
            if tls::is_foreign_key(&error) {
                return BuildError::ClientCertificate("the key is not the certificate's".to_owned());
            }
            BuildError::Client(cause(&error))
        })?;
        let endpoint = Arc::new(self.endpoint);
        Ok(Client { http, endpoint, token: self.token, body_limit: self.body_limit })
    }
}

#[cfg(feature = "rustls")]
impl ClientBuilder {
    /// Trusts the certificates in this PEM bundle too, beside the system's.
    pub fn ca_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.tls.ca_certificates = Some(pem.into());
        self
    }

    /// Shows this certificate when the server asks for one; both in PEM.
    pub fn client_certificate(mut self, certificate: &[u8], key: &[u8]) -> Self {
        self.tls.identity = Some(SecretString::from(
            [String::from_utf8_lossy(certificate), String::from_utf8_lossy(key)].join("\n"),
        ));
        self
    }

    /// Accepts every certificate. Whoever is in between can read and change everything, the token included.
    pub fn insecure(mut self, insecure: bool) -> Self {
        self.tls.insecure = insecure;
        self
    }
}

#[cfg(feature = "rustls")]
impl ProxyChoice {
    /// Whether the proxy itself may be spoken to with TLS.
    fn is_https(&self) -> bool {
        let is_https = |url: &str| url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
        match self {
            Self::Url(url) => is_https(url),
            Self::None => false,
            Self::Environment => ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"]
                .iter()
                .any(|name| std::env::var(name).is_ok_and(|url| is_https(&url))),
        }
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// A proxy of a kind that is spoken here. reqwest takes any other URL too, and then asks directly without a word.
fn proxy(url: &str) -> Result<Proxy, BuildError> {
    const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];
    if let Some((scheme, _)) = url.split_once("://")
        && !SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
    {
        let reason = "its URL starts with none of http://, https://, socks5:// and socks5h://";
        return Err(BuildError::Proxy(reason.to_owned()));
    }
    Proxy::all(url).map_err(|error| BuildError::Proxy(cause(&error)))
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The PEM bundle holds no certificate, or a broken one.
    #[error("the CA bundle is not a list of certificates in PEM: {0}")]
    CaCertificates(String),
    /// The certificate or the key is unusable.
    #[error("the client certificate and its key are not usable PEM: {0}")]
    ClientCertificate(String),
    /// The proxy is unusable.
    #[error("the proxy is not usable: {0}")]
    Proxy(String),
    /// The endpoint needs TLS, and this build has none.
    #[error("this build of lro has no TLS (feature `rustls`), so https endpoints are out of reach")]
    NoTls,
    /// The client could not be made for another reason, above all because the system has no certificates.
    #[error("the HTTP client could not be made: {0}")]
    Client(String),
}

/// The innermost cause: everything above it only says that something below went wrong.
fn cause(error: &(dyn std::error::Error + 'static)) -> String {
    let last = std::iter::successors(Some(error), |error| error.source()).last();
    last.map(|cause| printable(&cause.to_string()).into_owned()).unwrap_or_default()
}

#[cfg(feature = "rustls")]
mod tls {
    use super::{BuildError, ExposeSecret, SecretString, cause};
    use reqwest::{Certificate, ClientBuilder, Identity};

    #[derive(Default)]
    pub(super) struct Options {
        pub(super) ca_certificates: Option<Vec<u8>>,
        pub(super) identity: Option<SecretString>,
        pub(super) insecure: bool,
    }

    impl Options {
        pub(super) fn apply(
            self,
            mut http: ClientBuilder,
            needed: bool,
        ) -> Result<ClientBuilder, BuildError> {
            use_ring();
            if let Some(pem) = self.ca_certificates {
                let certificates = Certificate::from_pem_bundle(&pem)
                    .map_err(|error| BuildError::CaCertificates(cause(&error)))?;
                if certificates.is_empty() {
                    return Err(BuildError::CaCertificates("there is none in it".to_owned()));
                }
                http = http.tls_certs_merge(certificates);
            }
            if let Some(pem) = self.identity {
                let identity = Identity::from_pem(pem.expose_secret().as_bytes())
                    .map_err(|error| BuildError::ClientCertificate(cause(&error)))?;
                http = http.identity(identity);
            }
            if !needed {
                // Reading the certificates of the system takes longer than asking over plain HTTP.
                http = http.tls_certs_only([]);
            }
            Ok(http.tls_danger_accept_invalid_certs(self.insecure))
        }
    }

    /// Whether a client cannot be made because certificate and key do not belong together.
    pub(super) fn is_foreign_key(error: &(dyn std::error::Error + 'static)) -> bool {
        std::iter::successors(Some(error), |error| error.source())
            .any(|cause| matches!(cause.downcast_ref(), Some(rustls::Error::InconsistentKeys(_))))
    }

    /// The cryptography of this process, unless its program has chosen one.
    fn use_ring() {
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            // It fails only when another thread was faster, and then there is one.
            let _ = rustls::crypto::ring::default_provider().install_default();
        }
    }
}
