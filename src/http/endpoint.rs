//! Where requests and their credentials go: one origin, and locations on it.
//! No request is made here.

use std::borrow::Cow;
use std::fmt;

use url::Url;

use super::location::{LocationError, parse_http, shown, shown_text};

/// The one origin that requests and credentials are sent to: scheme, host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Endpoint {
    /// Reads an endpoint such as `https://plas.eu-de.otc.t-systems.com`.
    ///
    /// # Errors
    ///
    /// When it is no `http` or `https` URL, or says more than an origin: a path, a query, a fragment, or credentials.
    pub fn parse(text: &str) -> Result<Self, LocationError> {
        let url = parse_http(text)?;
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
            let origin = url.origin().ascii_serialization();
            return Err(LocationError::MoreThanOrigin { url: shown(&url), origin });
        }
        Ok(Self(url))
    }

    /// The endpoint of a URL, without its path.
    ///
    /// # Errors
    ///
    /// When it is no `http` or `https` URL, or holds credentials.
    pub fn of(text: &str) -> Result<Self, LocationError> {
        parse_http(text).map(|url| Self::of_url(&url))
    }

    /// The endpoint of a URL that was read before.
    pub(crate) fn of_url(url: &Url) -> Self {
        let mut url = url.clone();
        url.set_path("/");
        url.set_query(None);
        url.set_fragment(None);
        Self(url)
    }

    /// The whole URL of a location: an absolute path, or a URL on this origin.
    ///
    /// # Errors
    ///
    /// When it is on another origin, so that credentials never go there.
    ///
    /// ```
    /// use lro::http::Endpoint;
    ///
    /// let endpoint = Endpoint::parse("https://api.example")?;
    /// assert_eq!(endpoint.resolve("/jobs/1")?.as_str(), "https://api.example/jobs/1");
    /// assert!(endpoint.resolve("https://elsewhere.example/jobs/1").is_err());
    /// assert!(endpoint.resolve("http://api.example/jobs/1").is_err());
    /// # Ok::<(), lro::http::LocationError>(())
    /// ```
    pub fn resolve(&self, location: &str) -> Result<Url, LocationError> {
        let url = self.join(location)?;
        if self.holds(&url) { Ok(url) } else { Err(self.elsewhere(&url)) }
    }

    /// The whole URL of a location, wherever it is.
    pub(super) fn join(&self, location: &str) -> Result<Url, LocationError> {
        let invalid = |reason: url::ParseError| LocationError::Invalid {
            url: shown_text(location),
            reason: reason.to_string(),
        };
        // Of what is plainly here only the path is parsed: hardly anything of a poll takes longer.
        let mut url = self.0.join(self.path_of(location).unwrap_or(location)).map_err(invalid)?;
        // It is never sent, and may hold what is a command in a log (`##`).
        url.set_fragment(None);
        if !url.username().is_empty() || url.password().is_some() {
            return Err(LocationError::Credentials);
        }
        Ok(url)
    }

    /// This origin, as it is told.
    pub(super) fn origin(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }

    /// What of a location stands after this origin, where it can be seen at a glance that it is one of this origin.
    fn path_of<'a>(&self, location: &'a str) -> Option<&'a str> {
        let path = location.strip_prefix(self.origin()).unwrap_or(location);
        // A path that begins otherwise, as with two slashes, may lead elsewhere.
        matches!(path.as_bytes(), [b'/', first, ..] if first.is_ascii_alphanumeric()).then_some(path)
    }

    /// The origin of a location, wherever that is; none if it is no location. Where that can be seen at a glance, nothing
    /// is parsed.
    pub(super) fn origin_of(&self, location: &str) -> Option<Cow<'_, str>> {
        let origin = self.origin();
        if self.path_of(location).is_some() {
            return Some(Cow::Borrowed(origin));
        }
        let url = self.join(location).ok()?;
        Some(if self.holds(&url) { origin.into() } else { url.origin().ascii_serialization().into() })
    }

    /// Whether a URL is on this origin.
    pub(super) fn holds(&self, url: &Url) -> bool {
        // The origin that the URL tells is made anew each time.
        url.scheme() == self.0.scheme()
            && url.port_or_known_default() == self.0.port_or_known_default()
            && url.host() == self.0.host()
    }

    pub(super) fn elsewhere(&self, url: &Url) -> LocationError {
        LocationError::Elsewhere { url: shown(url), endpoint: self.to_string() }
    }

    /// Whether requests to it are encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether what is sent there cannot be read on the way: it is encrypted, or goes to `localhost` or an address of
    /// loopback, so that it never leaves this machine. No name is looked up, and no proxy is thought of.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.is_https()
            || match self.0.host() {
                Some(url::Host::Ipv4(address)) => address.is_loopback(),
                Some(url::Host::Ipv6(address)) => address.is_loopback(),
                Some(url::Host::Domain(name)) => name == "localhost",
                None => false,
            }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_an_origin() {
        for (text, endpoint) in [
            ("https://plas.eu-de.otc.t-systems.com", "https://plas.eu-de.otc.t-systems.com"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("HTTPS://Example.COM:443", "https://example.com"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(Endpoint::parse(text).unwrap().to_string(), endpoint);
        }
    }

    #[test]
    fn what_is_no_endpoint_is_refused_with_the_reason() {
        for (text, reason) in [
            ("plas.example", "`plas.example` is not a URL that starts with http:// or https://"),
            ("localhost:8080", "`localhost:8080` is not a URL that starts with http:// or https://"),
            ("ftp://plas.example", "`ftp://plas.example` is not a URL that starts with http:// or https://"),
            ("", "`` is not a URL that starts with http:// or https://"),
            ("https://", "`https://` is not a URL: empty host"),
            ("https://a:99999", "`https://a:99999` is not a URL: invalid port number"),
            (
                "https://plas.example/v1.0?x=secret",
                "the endpoint `https://plas.example/v1.0` must be only scheme, host and port: https://plas.example",
            ),
            ("https://me:secret@plas.example", "the URL holds a user name or a password"),
            ("https://me:secret@plas.example:x", "`…@plas.example:x` is not a URL: invalid port number"),
        ] {
            assert_eq!(Endpoint::parse(text).unwrap_err().to_string(), reason);
        }
    }

    #[test]
    fn of_a_long_url_only_the_beginning_is_told() {
        let endpoint = Endpoint::parse("https://plas.example").unwrap();
        let long = "x".repeat(5000);
        for location in [format!("https://evil.example/{long}"), format!("https://evil.example:x{long}/")] {
            let told = endpoint.resolve(&location).unwrap_err().to_string();
            assert!(told.len() < 1200 && told.contains('…'), "{told}");
        }
    }

    #[test]
    fn the_origin_of_a_location_is_where_it_leads() {
        let endpoint = Endpoint::parse("https://plas.example").unwrap();
        for (location, origin) in [
            ("/v1.0/x", "https://plas.example"),
            ("/", "https://plas.example"),
            ("//plas.example/x", "https://plas.example"),
            ("https://plas.example/v1.0/x", "https://plas.example"),
            ("HTTPS://PLAS.example:443/x", "https://plas.example"),
            ("https://plas.example:444/x", "https://plas.example:444"),
            ("https://plas.example.other.example/x", "https://plas.example.other.example"),
            ("http://plas.example/x", "http://plas.example"),
            ("//other.example/x", "https://other.example"),
            ("/\\other.example/x", "https://other.example"),
            ("/\t/other.example/x", "https://other.example"),
        ] {
            assert_eq!(endpoint.origin_of(location).unwrap(), origin, "{location}");
        }
        assert_eq!(endpoint.origin_of("https://me:secret@plas.example/x"), None);
    }

    #[test]
    fn a_location_is_read_as_a_whole_url_is_also_where_only_its_path_is_looked_at() {
        for origin in ["https://plas.example", "http://127.0.0.1:8080", "https://plas.example.other"] {
            let endpoint = Endpoint::parse(origin).unwrap();
            for rest in [
                "/a/../b/./c?d=/../e#f",
                "/a b/%zz/ö?ö|'",
                "/a\\b\t/c",
                "/a:b@c",
                "/1//2/",
                ":8080/x",
                "@x/y",
                ".other/x",
            ] {
                let absolute = format!("{origin}{rest}");
                let mut whole = Url::parse(&absolute).ok().filter(|url| url.username().is_empty());
                if let Some(url) = &mut whole {
                    url.set_fragment(None);
                }
                assert_eq!(endpoint.join(&absolute).ok(), whole, "{absolute}");
            }
        }
    }

    #[test]
    fn a_location_is_on_the_endpoint_or_refused() {
        let endpoint = Endpoint::parse("https://plas.example").unwrap();
        let resolve = |location: &str| endpoint.resolve(location).map(String::from);
        assert_eq!(resolve("/v1.0/x").unwrap(), "https://plas.example/v1.0/x");
        assert_eq!(resolve("https://plas.example:443/x").unwrap(), "https://plas.example/x");
        for elsewhere in [
            "http://plas.example/x",
            "https://plas.example:444/x",
            "https://evil.example/x",
            "//evil.example/x",
            "/\\evil.example/x",
            "\\\\evil.example/x",
            "https://plas.example@evil.example/x",
            "https://me:secret@plas.example/x",
            "https:evil.example",
            "file:///etc/passwd",
            "data:text/plain,x",
        ] {
            match resolve(elsewhere) {
                Err(LocationError::Elsewhere { .. } | LocationError::Credentials) => {}
                Ok(url) => assert!(url.starts_with("https://plas.example/"), "{elsewhere} went to {url}"),
                Err(other) => panic!("{elsewhere}: {other}"),
            }
        }
    }
}
