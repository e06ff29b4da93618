//! Which way requests go: through a proxy that is given, through those of the environment, or through none.
//! Where they go is not known here.

use percent_encoding::percent_decode_str;
use reqwest::{ClientBuilder, NoProxy, Proxy};
use secrecy::SecretString;
use url::Url;

use super::builder::BuildError;
use super::secrets::Secrets;
use super::transport::root_cause;
use crate::auth::{Headers, basic};

/// The variables that name a proxy for what is asked with TLS.
const FOR_HTTPS: [&str; 2] = ["HTTPS_PROXY", "https_proxy"];

/// The variables that name one for what is asked without.
const FOR_HTTP: [&str; 2] = ["HTTP_PROXY", "http_proxy"];

/// The variables that name one for either.
const FOR_ALL: [&str; 2] = ["ALL_PROXY", "all_proxy"];

pub(super) enum ProxyChoice {
    Environment,
    Url(String),
    None,
}

impl ProxyChoice {
    /// The same client with this choice. The servers are what is to be asked: of each, whether with TLS.
    pub(super) fn apply(
        &self,
        http: ClientBuilder,
        servers: impl Iterator<Item = bool>,
    ) -> Result<ClientBuilder, BuildError> {
        let http = match self {
            Self::None => http.no_proxy(),
            Self::Url(url) => http.proxy(proxy(url)?.no_proxy(NoProxy::from_env())),
            Self::Environment => {
                check_environment(servers)?;
                http
            }
        };
        Ok(if is_proxy_for_nobody() { http.no_proxy() } else { http })
    }

    /// What is sent to a proxy alone. It may say it back, as may a server that it leads to.
    pub(super) fn secrets(&self) -> Secrets {
        let urls = match self {
            Self::None => Vec::new(),
            Self::Url(url) => vec![url.clone()],
            Self::Environment => {
                let names = [FOR_HTTPS, FOR_HTTP, FOR_ALL];
                names.as_flattened().iter().filter_map(|name| std::env::var(name).ok()).collect()
            }
        };
        let credentials = urls.iter().filter_map(|url| credentials(url));
        Secrets::of(&credentials.fold(Headers::new(), |all, pair| all.and(&basic(&pair))), &[])
    }
}

/// The user and the password in the URL of a proxy, as they are sent.
fn credentials(url: &str) -> Option<SecretString> {
    let url =
        if url.contains("://") { Url::parse(url) } else { Url::parse(&format!("http://{url}")) }.ok()?;
    let decoded = |text| percent_decode_str(text).decode_utf8_lossy();
    Some(SecretString::from(format!("{}:{}", decoded(url.username()), decoded(url.password()?))))
}

#[cfg(feature = "rustls")]
impl ProxyChoice {
    /// Whether the proxy itself may be spoken to with TLS.
    pub(super) fn is_https(&self) -> bool {
        let is_https = |url: &str| url.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
        match self {
            Self::Url(url) => is_https(url),
            Self::None => false,
            Self::Environment => {
                let is_named = |name| std::env::var(name).is_ok_and(|url| is_https(&url));
                [FOR_HTTP, FOR_ALL].as_flattened().iter().any(is_named)
            }
        }
    }
}

/// Whether a variable of the environment names a proxy for what is asked without TLS, so that an answer may be the proxy's
/// own. Which hosts `NO_PROXY` excepts is not looked at.
#[must_use]
pub fn environment_names_http_proxy() -> bool {
    let is_named = |name| std::env::var_os(name).is_some_and(|url| !url.is_empty());
    [FOR_HTTP, FOR_ALL].as_flattened().iter().any(is_named)
}

/// Refuses a broken proxy in the variables that apply to any of the servers.
fn check_environment(servers: impl Iterator<Item = bool>) -> Result<(), BuildError> {
    for is_https in servers {
        check_variables(if is_https { FOR_HTTPS } else { FOR_HTTP })?;
    }
    check_variables(FOR_ALL)
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
