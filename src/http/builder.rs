//! A client in the making: whom it trusts, which way it goes, what it sends along.
//! Nothing is sent here.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{redirect, retry};
use secrecy::SecretString;
use tower::util::MapFutureLayer;

use super::client::{Client, DEFAULT_BODY_LIMIT, Parts};
use super::cookies::Cookies;
use super::elsewhere::{AllowedHost, Elsewhere};
use super::endpoint::Endpoint;
use super::field::{self, HeaderError};
use super::forerunner::{self, Forerunners};
use super::location::LocationError;
use super::outgoing::Last;
use super::place::{Place, Said, Site};
use super::proxy::ProxyChoice;
#[cfg(feature = "rustls")]
use super::tls;
use super::trace::{TraceContext, Tracing};
use super::transport::root_cause;
use super::wire::Wire;
use crate::auth::{Authorizer, Credentials, Headers, Keystone, Token};

const USER_AGENT: &str = concat!("lro/", env!("CARGO_PKG_VERSION"));

/// How long a connection of HTTP/2 that polls wait on may be silent before the server is asked for a sign of life, and how
/// long it may take for that. A connection without one is given up; polls that run out of time alone would leave it
/// where it is, and the next ones would be sent over it again.
const SIGN_OF_LIFE: Duration = Duration::from_secs(5);

/// A client that is not made yet; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    place: Place,
    credentials: Option<Credentials>,
    headers: Headers,
    allowed: Vec<String>,
    body_limit: usize,
    is_https_required: bool,
    proxy: ProxyChoice,
    tracing: Tracing,
    #[cfg(feature = "rustls")]
    tls: tls::Options,
}

impl ClientBuilder {
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            credentials: None,
            headers: Headers::new(),
            allowed: Vec::new(),
            body_limit: DEFAULT_BODY_LIMIT,
            is_https_required: false,
            proxy: ProxyChoice::Environment,
            tracing: Tracing::default(),
            #[cfg(feature = "rustls")]
            tls: tls::Options::default(),
        }
    }

    /// Asks with these credentials. Default none.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials = Some(credentials.into());
        self
    }

    /// Sends this token, as `X-Auth-Token` or [in another way](Token::bearer); short for
    /// [`credentials`](Self::credentials).
    pub fn token(self, token: Token) -> Self {
        self.credentials(token)
    }

    /// Reads bodies up to this many bytes. Default 1 MiB; a longer one is a transient error.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Sends nothing without encryption, but to `localhost` and addresses of loopback, so that it never leaves this
    /// machine: not to the endpoint, not to an identity service or to what its catalog names, not to a host that is
    /// [allowed](Self::allow_host), wherever a server may lead. No proxy is thought of: what is asked with `https` goes
    /// through one unread, and loopback is not asked through one unless it is configured so. Default not required.
    pub fn require_https(mut self, required: bool) -> Self {
        self.is_https_required = required;
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

    /// Sends this header with every request to the endpoint, and nowhere else: not to an identity service, not to a host
    /// that is [allowed](Self::allow_host). It wins over the defaults (`Accept` and `Content-Type` are
    /// `application/json`), over the headers of a [`Call`](super::Call) and over cookies; the credentials win over it. Of
    /// two with the same name the last one is sent.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers = self.headers.plain(name.into(), value);
        self
    }

    /// The same with a value that nobody must see. If the server says it back, it is blotted out.
    pub fn secret_header(mut self, name: impl Into<String>, value: impl Into<SecretString>) -> Self {
        self.headers = self.headers.secret(name.into(), value);
        self
    }

    /// Asks at locations on this host too: `host`, at the port of the scheme, or `host:port`. Nobody is known there:
    /// neither credentials nor a client certificate, [headers](Self::header) or cookies are sent, and of the headers of a
    /// [`Call`](super::Call) none that is a secret. What the endpoint is asked with encryption, such a host is not asked
    /// without. Default none.
    pub fn allow_host(mut self, host: impl Into<String>) -> Self {
        self.allowed.push(host.into());
        self
    }

    /// Says with each request to the endpoint which trace it is part of, in the headers `traceparent` and `tracestate`: it is
    /// looked up when the request is sent, within its span `lro.request`, and may be another one each time. No other
    /// origin is told, neither an identity service nor a host that is [allowed](Self::allow_host), and a header
    /// `traceparent` that is [set](Self::header) is left as it is. Default nothing.
    pub fn trace_context(
        mut self,
        source: impl Fn() -> Option<TraceContext> + Send + Sync + 'static,
    ) -> Self {
        self.tracing = Tracing::by(source);
        self
    }

    /// Makes the client. The certificates of the system are read only when the endpoint or a proxy needs them, or when
    /// other hosts are allowed.
    ///
    /// # Errors
    ///
    /// When a certificate, a key, the proxy, a header or an allowed host is unusable; and when the endpoint or the
    /// identity service would be asked without encryption although that is [required](Self::require_https).
    pub fn build(self) -> Result<Client, BuildError> {
        field::check(&self.headers)?;
        let hosts: Vec<_> =
            self.allowed.iter().map(|host| AllowedHost::parse(host)).collect::<Result<_, _>>()?;
        let wire = self.wire(true)?;
        let auth_url = self.credentials.as_ref().and_then(Credentials::auth_url);
        let identity_service = auth_url.and_then(|url| Endpoint::of(url).ok());
        for endpoint in identity_service.iter().chain(self.place.endpoint()) {
            wire.check(endpoint)?;
        }
        let elsewhere = match hosts[..] {
            [] => None,
            _ => Some(Elsewhere { hosts, wire: self.wire(false)? }),
        };
        let wants_catalog = matches!(self.place.0, Said::Service(_));
        let way = self.credentials.map(|credentials| Credentials::authorizer(credentials.0));
        let (authorizer, keystone) = match way {
            None => (None, None),
            Some(Ok(authorizer)) => (Some(authorizer), None),
            Some(Err(identity)) => {
                let keystone = Arc::new(Keystone::new(*identity, wire.clone(), wants_catalog));
                (Some(Arc::clone(&keystone) as Arc<dyn Authorizer>), Some(keystone))
            }
        };
        let site = match (self.place.0, keystone) {
            (Said::Endpoint(endpoint), _) => Site::at(endpoint),
            (Said::Service(service), Some(keystone)) => Site::in_catalog(keystone, service),
            (Said::Service(_), None) => return Err(BuildError::NoCatalog),
        };
        Ok(Client::from(Parts {
            wire: Wire { tracing: self.tracing, ..wire },
            elsewhere,
            site,
            authorizer,
            headers: self.headers,
            cookies: Cookies::default(),
            last: Last::default(),
        }))
    }

    /// What is asked over: where we are known, or where we are not.
    #[cfg_attr(
        not(feature = "rustls"),
        expect(unused_variables, reason = "only a certificate makes us known")
    )]
    fn wire(&self, is_known: bool) -> Result<Wire, BuildError> {
        let needs_tls = self.needs_tls();
        let json = HeaderValue::from_static("application/json");
        let http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            // The API's reference asks for a content type on every request, also where there is no content.
            .default_headers(HeaderMap::from_iter([(ACCEPT, json.clone()), (CONTENT_TYPE, json)]))
            .redirect(redirect::Policy::none())
            // A request that a server of HTTP/2 says it has refused would be sent again without a word, whatever its
            // method, after it was read or not. Whether anything is sent twice is for whoever asks to decide.
            .retry(retry::never())
            .http2_keep_alive_interval(SIGN_OF_LIFE)
            .http2_keep_alive_timeout(SIGN_OF_LIFE)
            .referer(false);
        // Each request takes a copy of what makes connections along, and one with a layer costs more. Without TLS nothing
        // is shared, and none is needed.
        let asks_over_tls = needs_tls || !self.allowed.is_empty();
        let http =
            if asks_over_tls { http.connector_layer(MapFutureLayer::new(forerunner::connect)) } else { http };
        let http = self.proxy.apply(http, self.servers().into_iter().flatten())?;
        #[cfg(feature = "rustls")]
        let http = self.tls.apply(http, asks_over_tls || self.proxy.is_https(), is_known)?;
        if needs_tls && !cfg!(feature = "rustls") {
            return Err(BuildError::NoTls);
        }
        let http = http.build().map_err(|error| {
            #[cfg(feature = "rustls")]
            if tls::is_foreign_key(&error) {
                return BuildError::ClientCertificate("the key is not the certificate's".to_owned());
            }
            BuildError::Client(root_cause(&error))
        })?;
        Ok(Wire {
            http,
            body_limit: self.body_limit,
            forerunners: Forerunners::default(),
            is_https_required: self.is_https_required,
            of_proxy: Arc::new(self.proxy.secrets()),
            tracing: Tracing::default(),
        })
    }

    /// Whether a server may be spoken to with TLS.
    fn needs_tls(&self) -> bool {
        self.servers().contains(&Some(true))
    }

    /// Of the API and of the identity service, if there is one: whether it is spoken to with TLS. What is only named
    /// in a catalog is taken to be.
    fn servers(&self) -> [Option<bool>; 2] {
        let auth_url = self.credentials.as_ref().and_then(Credentials::auth_url);
        let api = match &self.place.0 {
            Said::Endpoint(endpoint) => endpoint.is_https(),
            Said::Service(_) => cfg!(feature = "rustls"),
        };
        [Some(api), auth_url.map(|url| url.starts_with("https:"))]
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

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("place", &self.place).finish_non_exhaustive()
    }
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
    /// A header cannot be sent.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// What is to be allowed is no host.
    #[error("`{0}` is not a host that can be allowed, as `host` or `host:port`")]
    Host(String),
    /// What is to be asked must not be.
    #[error(transparent)]
    Location(#[from] LocationError),
    /// The endpoint needs TLS, and this build has none.
    #[error("this build of lro has no TLS (feature `rustls`), so https endpoints are out of reach")]
    NoTls,
    /// The endpoint is to be found in a catalog, and only a Keystone has one.
    #[error("the endpoint is to be found in a catalog, and these credentials are no identity that has one")]
    NoCatalog,
    /// The client could not be made for another reason, above all because the system has no certificates.
    #[error("the HTTP client could not be made: {0}")]
    Client(String),
}
