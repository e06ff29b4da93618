//! A client in the making: whom it trusts, which way it goes, what it sends along.
//! Nothing is sent here.

use std::fmt;
use std::sync::Arc;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{NoProxy, Proxy, redirect, retry};
#[cfg(feature = "rustls")]
use secrecy::SecretString;

use super::client::{Client, DEFAULT_BODY_LIMIT};
use super::place::{Place, Said, Site};
#[cfg(feature = "rustls")]
use super::tls;
use super::transport::root_cause;
use super::wire::Wire;
use crate::auth::{Authorizer, Credentials, Keystone, Token};

const USER_AGENT: &str = concat!("lro/", env!("CARGO_PKG_VERSION"));

/// A client that is not made yet; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    place: Place,
    credentials: Option<Credentials>,
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
    pub(super) fn new(place: Place) -> Self {
        Self {
            place,
            credentials: None,
            body_limit: DEFAULT_BODY_LIMIT,
            proxy: ProxyChoice::Environment,
            #[cfg(feature = "rustls")]
            tls: tls::Options::default(),
        }
    }

    /// Asks with these credentials. Default none.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.credentials = Some(credentials.into());
        self
    }

    /// Sends this token as `X-Auth-Token`; short for [`credentials`](Self::credentials).
    pub fn token(self, token: Token) -> Self {
        self.credentials(token)
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
        let needs_tls = self.needs_tls();
        let json = HeaderValue::from_static("application/json");
        let mut http = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            // The API's reference asks for a content type on every request, also where there is no content.
            .default_headers(HeaderMap::from_iter([(ACCEPT, json.clone()), (CONTENT_TYPE, json)]))
            .redirect(redirect::Policy::none())
            // A request that a server of HTTP/2 says it has refused would be sent again without a word, after it was
            // read or not. Whether anything is sent twice is for whoever asks to decide.
            .retry(retry::never())
            .referer(false);
        match &self.proxy {
            ProxyChoice::None => http = http.no_proxy(),
            ProxyChoice::Url(url) => http = http.proxy(proxy(url)?.no_proxy(NoProxy::from_env())),
            ProxyChoice::Environment => self.check_variables()?,
        }
        if is_proxy_for_nobody() {
            http = http.no_proxy();
        }
        #[cfg(feature = "rustls")]
        {
            http = self.tls.apply(http, needs_tls || self.proxy.is_https())?;
        }
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
        let wire = Wire { http, body_limit: self.body_limit };
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
        Ok(Client { wire, site: Arc::new(site), authorizer })
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

    /// Refuses a broken proxy in the variables that apply to any of the servers.
    fn check_variables(&self) -> Result<(), BuildError> {
        for is_https in self.servers().into_iter().flatten() {
            check_variables(if is_https {
                ["HTTPS_PROXY", "https_proxy"]
            } else {
                ["HTTP_PROXY", "http_proxy"]
            })?;
        }
        check_variables(["ALL_PROXY", "all_proxy"])
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
        f.debug_struct("ClientBuilder").field("place", &self.place).finish_non_exhaustive()
    }
}

/// Refuses a broken proxy in these variables. reqwest would go directly without a word.
fn check_variables(names: [&str; 2]) -> Result<(), BuildError> {
    for name in names {
        let Ok(url) = std::env::var(name) else { continue };
        if let (false, Err(BuildError::Proxy(reason))) = (url.is_empty(), proxy(&url)) {
            return Err(BuildError::Proxy(format!("the one in the variable {name}: {reason}")));
        }
    }
    Ok(())
}

/// Whether `NO_PROXY` is `*`, which is every host. reqwest takes it for every name, but for no address.
fn is_proxy_for_nobody() -> bool {
    let variable = std::env::var("NO_PROXY").or_else(|_| std::env::var("no_proxy"));
    variable.is_ok_and(|hosts| hosts.trim() == "*")
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
    Proxy::all(url).map_err(|error| BuildError::Proxy(root_cause(&error)))
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
    /// The endpoint is to be found in a catalog, and only a Keystone has one.
    #[error("the endpoint is to be found in a catalog, and these credentials are no identity that has one")]
    NoCatalog,
    /// The client could not be made for another reason, above all because the system has no certificates.
    #[error("the HTTP client could not be made: {0}")]
    Client(String),
}
