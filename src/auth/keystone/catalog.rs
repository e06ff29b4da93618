//! The catalog of a Keystone, and the endpoint of one service in it.
//! How the catalog was had is not known here.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use super::error::KeystoneError;
use super::reply::{lenient, lenient_list};
use crate::http::{Endpoint, printable, shortened};

/// A service whose endpoint is to be found in the catalog of an [`Identity`](super::Identity).
///
/// Of the endpoints with the wanted interface (default `public`) the first in the wanted region is taken; then one in
/// the region `*` or in none, which is everywhere. Without a wanted region it is the first of all. Only the origin of
/// its URL is used: what is asked is told with its whole path, as `/compute/v2.1/servers/…` where the catalog has
/// `https://cloud.example/compute/v2.1`.
#[derive(Debug, Clone)]
pub struct Service {
    pub(super) kind: String,
    pub(super) region: Option<String>,
    pub(super) interface: String,
    pub(super) otherwise: Option<Endpoint>,
}

impl Service {
    /// The service of this type, such as `plas`.
    pub fn new(kind: impl Into<String>) -> Self {
        Self { kind: kind.into(), region: None, interface: "public".to_owned(), otherwise: None }
    }

    /// The same service in this region. Default any.
    #[must_use]
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// The same service through this interface: `public`, `internal` or `admin`, with or without `URL` behind it.
    /// Default `public`.
    #[must_use]
    pub fn interface(mut self, interface: impl Into<String>) -> Self {
        self.interface = interface.into();
        self
    }

    /// The same service, asked here when the catalog does not have it. Default nowhere.
    #[must_use]
    pub fn otherwise(mut self, endpoint: Endpoint) -> Self {
        self.otherwise = Some(endpoint);
        self
    }
}

impl Service {
    /// Where it is asked when the catalog does not have it.
    pub(crate) fn elsewhere(&self) -> Option<&Endpoint> {
        self.otherwise.as_ref()
    }
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} endpoint of type `{}`", self.interface, self.kind)?;
        self.region.as_ref().map_or(Ok(()), |region| write!(f, " in region `{region}`"))
    }
}

/// How many characters of a name in a catalog are told.
const LONGEST_NAME: usize = 60;

/// Where a service is to be asked, and who says so.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) endpoint: Endpoint,
    /// Whether the catalog has it. Otherwise it is where it was said to be for that case.
    pub(crate) is_listed: bool,
}

/// What a catalog tells of one service.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Entry {
    #[serde(rename = "type", default, deserialize_with = "lenient")]
    kind: String,
    #[serde(default, deserialize_with = "lenient_list")]
    endpoints: Vec<Place>,
}

#[derive(Debug, Clone, Deserialize)]
struct Place {
    #[serde(default, deserialize_with = "lenient")]
    interface: String,
    #[serde(default, deserialize_with = "lenient")]
    region_id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    region: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    url: String,
}

impl Place {
    fn region(&self) -> Option<&str> {
        let region = self.region_id.as_deref().filter(|region| !region.is_empty());
        region.or(self.region.as_deref()).filter(|region| !region.is_empty() && *region != "*")
    }
}

/// Where the service is by the catalog of the identity service with this URL, or else where it is said to be.
pub(super) fn endpoint(
    auth_url: &str,
    catalog: &[Entry],
    service: &Service,
) -> Result<Located, Box<KeystoneError>> {
    let url = auth_url.to_owned();
    Err(Box::new(match (self::url(catalog, service).map(Endpoint::of), &service.otherwise) {
        // Whoever asks for a token over TLS does not want it to go on without.
        (Some(Ok(endpoint)), _) if auth_url.starts_with("https:") && !endpoint.is_private() => {
            KeystoneError::Unencrypted { url, endpoint: endpoint.to_string() }
        }
        (Some(Ok(endpoint)), _) => return Ok(Located { endpoint, is_listed: true }),
        (Some(Err(source)), _) => KeystoneError::Place { url, source },
        (None, Some(otherwise)) => return Ok(Located { endpoint: otherwise.clone(), is_listed: false }),
        (None, None) => {
            let others = printable(&others(catalog, service)).into_owned();
            KeystoneError::NoService { url, service: service.to_string(), others }
        }
    }))
}

/// The URL of the service in this catalog.
fn url<'a>(catalog: &'a [Entry], service: &Service) -> Option<&'a str> {
    let interface = |name: &str| name.to_ascii_lowercase().trim_end_matches("url").to_owned();
    let wanted = interface(&service.interface);
    let places = || {
        let of_kind = catalog.iter().filter(|entry| entry.kind == service.kind);
        of_kind.flat_map(|entry| &entry.endpoints).filter(|place| interface(&place.interface) == wanted)
    };
    let first = match &service.region {
        Some(region) => places()
            .find(|place| place.region() == Some(region))
            .or_else(|| places().find(|place| place.region().is_none())),
        None => places().next(),
    };
    first.map(|place| place.url.as_str())
}

/// What there is instead: the regions of the service, or else the types of all services.
fn others(catalog: &[Entry], service: &Service) -> String {
    let of_kind = catalog.iter().filter(|entry| entry.kind == service.kind);
    let regions: BTreeSet<_> = of_kind
        .flat_map(|entry| &entry.endpoints)
        .map(|place| format!("{} of {}", place.interface, place.region().unwrap_or("every region")))
        .collect();
    let list = |names: BTreeSet<String>| {
        let names = names.iter().take(20).map(|name| shortened(name, LONGEST_NAME));
        names.collect::<Vec<_>>().join(", ")
    };
    if !regions.is_empty() {
        return format!("of that type it has {}", list(regions));
    }
    let kinds: BTreeSet<_> = catalog.iter().map(|entry| entry.kind.clone()).collect();
    if kinds.is_empty() { "it is empty".to_owned() } else { format!("it has {}", list(kinds)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = r#"[
        {"type": "identity", "name": "keystone", "id": "1", "endpoints": [
            {"id": "2", "interface": "public", "region_id": "eu-de", "region": "eu-de", "url": "https://iam.example/v3"}]},
        {"type": "plas", "endpoints": [
            {"interface": "internal", "region": "eu-de", "region_id": null, "url": "https://internal"},
            {"interface": "public", "region": "*", "url": "https://everywhere"},
            {"interface": "public", "region_id": "eu-de", "region": "x", "url": "https://eu-de/v1.0/p1"},
            {"interface": "publicURL", "region": "eu-nl", "url": "https://eu-nl"}]},
        {"type": "rms", "endpoints": [{"interface": "public", "region": null, "url": "https://rms"}]}]"#;

    fn found(service: &Service) -> Option<String> {
        let catalog: Vec<Entry> = serde_json::from_str(CATALOG).unwrap();
        url(&catalog, service).map(str::to_owned)
    }

    #[test]
    fn an_endpoint_is_picked_by_type_interface_and_region() {
        let plas = || Service::new("plas");
        for (service, expected) in [
            (plas().region("eu-de"), Some("https://eu-de/v1.0/p1")),
            (plas().region("eu-nl"), Some("https://eu-nl")),
            (plas().region("eu-ch2"), Some("https://everywhere")),
            (plas(), Some("https://everywhere")),
            (plas().interface("internalURL").region("eu-de"), Some("https://internal")),
            (plas().interface("internal").region("eu-nl"), None),
            (plas().interface("admin"), None),
            (Service::new("rms").region("eu-de"), Some("https://rms")),
            (Service::new("compute"), None),
        ] {
            assert_eq!(found(&service).as_deref(), expected, "{service:?}");
        }
    }

    #[test]
    fn a_token_that_was_had_over_tls_is_never_sent_without_it() {
        let at = |auth_url: &str, url: &str| {
            let catalog = CATALOG.replace("https://everywhere", url);
            let catalog: Vec<Entry> = serde_json::from_str(&catalog).unwrap();
            endpoint(auth_url, &catalog, &Service::new("plas")).map(|located| located.endpoint.to_string())
        };
        let refused = at("https://iam.example/v3", "http://plas.example").unwrap_err();
        let text = "the catalog of https://iam.example/v3 names http://plas.example, where the token would not be encrypted";
        assert_eq!(refused.to_string(), text);
        for (auth_url, url) in [
            ("https://iam.example", "https://plas.example"),
            ("https://iam.example", "http://127.0.0.1:8080"),
            ("https://iam.example", "http://localhost"),
            ("https://iam.example", "http://[::1]:80"),
            // Nothing is lost that was not lost before.
            ("http://iam.example", "http://plas.example"),
        ] {
            assert!(at(auth_url, url).is_ok(), "{auth_url} {url}");
        }
    }

    #[test]
    fn what_there_is_instead_is_told() {
        let catalog: Vec<Entry> = serde_json::from_str(CATALOG).unwrap();
        let told = |kind: &str| others(&catalog, &Service::new(kind));
        assert_eq!(told("compute"), "it has identity, plas, rms");
        let plas = "of that type it has internal of eu-de, public of eu-de, public of every region, publicURL of eu-nl";
        assert_eq!(told("plas"), plas);
        assert_eq!(others(&[], &Service::new("plas")), "it is empty");
        let long = CATALOG.replace("rms", &"r".repeat(20_000));
        let catalog: Vec<Entry> = serde_json::from_str(&long).unwrap();
        assert!(others(&catalog, &Service::new("compute")).len() < 200);
    }
}
