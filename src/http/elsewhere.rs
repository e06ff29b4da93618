//! The hosts beside the endpoint that may be asked too, by whoever nobody knows there: without credentials, without the
//! caller's own headers and without cookies.
//! Why a location leads there is not known here.

use url::{Host, Url};

use super::builder::BuildError;
use super::call::Call;
use super::endpoint::Endpoint;
use super::location::{LocationError, shown, shown_text};
use super::outgoing::Outgoing;
use super::reply::{Refusal, Reply};
use super::wire::Wire;
use crate::auth::Request;

/// Other hosts, and what they are asked over: connections that no certificate of ours is shown on.
pub(super) struct Elsewhere {
    pub(super) hosts: Vec<AllowedHost>,
    pub(super) wire: Wire,
}

/// A host, at this port or else at the one of the scheme.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct AllowedHost {
    host: Host,
    port: Option<u16>,
}

impl AllowedHost {
    /// Reads `host` or `host:port`.
    pub(super) fn parse(text: &str) -> Result<Self, BuildError> {
        let unusable = || BuildError::Host(shown_text(text));
        // Each scheme hides its own port.
        let [http, https] = ["http", "https"].map(|scheme| Url::parse(&format!("{scheme}://{text}/")));
        let (http, https) = (http.map_err(|_| unusable())?, https.map_err(|_| unusable())?);
        let host = http.host().ok_or_else(unusable)?.to_owned();
        let is_more = text.contains(|c: char| c.is_control() || "/\\?#@*".contains(c)) || text.ends_with(':');
        if is_more { Err(unusable()) } else { Ok(Self { host, port: http.port().or(https.port()) }) }
    }

    fn holds(&self, url: &Url) -> bool {
        let default = if url.scheme() == "https" { 443 } else { 80 };
        url.host().is_some_and(|host| host.to_owned() == self.host)
            && url.port().unwrap_or(default) == self.port.unwrap_or(default)
    }
}

impl Elsewhere {
    /// Whether this URL may be asked.
    pub(super) fn check(&self, url: &Url, endpoint: &Endpoint) -> Result<(), LocationError> {
        if !matches!(url.scheme(), "http" | "https") || !self.hosts.iter().any(|host| host.holds(url)) {
            return Err(endpoint.elsewhere(url));
        }
        if endpoint.is_https() && url.scheme() != "https" {
            return Err(LocationError::Unprotected { url: shown(url), endpoint: endpoint.to_string() });
        }
        self.wire.check(&Endpoint::of_url(url))
    }

    /// Asks there what may be asked by anybody: of the headers of the call those that are no secret.
    pub(super) async fn exchange(
        &self,
        call: &Call,
        url: &Url,
        endpoint: &Endpoint,
    ) -> Result<Reply, Refusal> {
        self.check(url, endpoint)?;
        let request = Request::new(call.method.as_str(), url, &call.body);
        let outgoing = Outgoing::of(&call.headers.without_secrets(), &[])?;
        self.wire.exchange(&Endpoint::of_url(url), &request, &outgoing, &call.answers).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_allowed_at_its_port_or_at_the_one_of_the_scheme() {
        let holds =
            |host: &str, url: &str| AllowedHost::parse(host).unwrap().holds(&Url::parse(url).unwrap());
        for (host, url) in [
            ("a.example", "https://a.example/x"),
            ("a.example", "http://a.example:80/x"),
            ("A.Example", "https://a.example:443/x"),
            ("a.example:80", "http://a.example/x"),
            ("a.example:443", "https://a.example/x"),
            ("a.example:8443", "https://a.example:8443/x"),
            ("127.0.0.1:80", "http://127.0.0.1/x"),
            ("[::1]:8080", "http://[::1]:8080/x"),
            ("b\u{fc}cher.example", "https://xn--bcher-kva.example/"),
        ] {
            assert!(holds(host, url), "{host} {url}");
        }
        for (host, url) in [
            ("a.example", "https://b.example/"),
            ("a.example", "https://x.a.example/"),
            ("a.example", "https://a.example.evil.example/"),
            ("a.example", "https://a.example:8443/"),
            ("a.example", "http://a.example:443/"),
            ("a.example:443", "http://a.example/"),
            ("a.example:8443", "https://a.example/"),
        ] {
            assert!(!holds(host, url), "{host} {url}");
        }
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            ":80",
            "a b",
            "a/",
            "a/b",
            "https://a",
            "me@a",
            "a?b",
            "a#b",
            "a:",
            "a:x",
            "a:99999",
            "a\\b",
            "*",
        ] {
            let told = AllowedHost::parse(text).map_err(|error| error.to_string());
            let begin = "`";
            assert!(told.as_ref().is_err_and(|told| told.starts_with(begin)), "{text}: {told:?}");
        }
    }
}
