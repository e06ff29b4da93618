//! Where it is asked: the identity service, and any other, by what is said and by what is known of vendors.
//! Who asks, and which service, is not known here.

use std::collections::BTreeMap;

use url::Url;

use super::error::CloudError;
use super::key::{Key, Shown, override_key};
use super::origin::{Fact, Origin, Said};
use super::profile::{self, OTC, Profile};
use super::settings::{Reader, Settings, Word, told};
use crate::auth::Service;
use crate::http::{Endpoint, LocationError, parse_http};

/// The type of the one service whose endpoints are known by vendor: [`Key::PlasEndpoint`].
const PLAS: &str = "plas";

/// The part of a URL that stands for the region.
const REGION: &str = "{region_name}";

/// What is known of where services are.
#[derive(Debug, Clone, Default)]
pub(super) struct Where {
    /// The endpoints that are given, by the names of their keys.
    given: BTreeMap<String, Given>,
    /// Where [`PLAS`] is by what is known of the vendor.
    constant: Option<Said<Endpoint>>,
    pub(super) region: Option<Said<String>>,
    /// None also when there is no catalog to look for it in.
    pub(super) interface: Option<Said<String>>,
}

/// An endpoint that is given.
#[derive(Debug, Clone)]
struct Given {
    said: Said<Endpoint>,
    /// The whole URL, as it may be told.
    told: Option<String>,
}

impl Where {
    /// The service is there, whatever else is said.
    pub(super) fn given(&self, service: &str) -> Option<&Said<Endpoint>> {
        self.given.get(&override_key(service)).map(|given| &given.said)
    }

    /// The service is there by what is known of the vendor, if a catalog does not know better.
    pub(super) fn constant(&self, service: &str) -> Option<&Said<Endpoint>> {
        self.constant.as_ref().filter(|_| service == PLAS)
    }

    /// The place that a catalog is asked for.
    pub(super) fn service(&self, kind: &str) -> Service {
        let mut service = Service::new(kind);
        if let Some(region) = &self.region {
            service = service.region(&region.value);
        }
        if let Some(interface) = &self.interface {
            service = service.interface(&interface.value);
        }
        if let Some(constant) = self.constant(kind) {
            service = service.otherwise(constant.value.clone());
        }
        service
    }

    /// What of it is used for this service, but for the region, which is of use for more.
    pub(super) fn facts(&self, service: &str) -> Vec<Fact> {
        let key = override_key(service);
        if let Some(Given { said, told }) = self.given.get(&key) {
            return vec![Fact { what: key, value: told.clone(), origin: said.origin.clone() }];
        }
        let fact = |key: Key, value: String, origin: &Origin| Fact {
            what: key.name().to_owned(),
            value: told(key.row().shown, &value),
            origin: origin.clone(),
        };
        let interface =
            self.interface.iter().map(|said| fact(Key::Interface, said.value.clone(), &said.origin));
        let constant = self.constant(service).into_iter();
        interface
            .chain(constant.map(|said| fact(Key::PlasEndpoint, said.value.to_string(), &said.origin)))
            .collect()
    }
}

/// Reads where services are. An interface is of use only in a catalog.
pub(super) fn find(
    reader: &mut Reader<'_>,
    profile: Option<&Profile>,
    has_catalog: bool,
) -> Result<Where, CloudError> {
    let owned = |said: Said<&str>| Said { value: said.value.to_owned(), origin: said.origin };
    let settings = reader.settings;
    let given = settings.overrides().map(|(key, word)| {
        let text = word.text()?;
        let told = told(Shown::Url, text.value);
        let said = endpoint(key, &filled(settings, key, &text)?)?;
        Ok((key.to_owned(), Given { said, told }))
    });
    let interface = if has_catalog { settings.text(Key::Interface)? } else { None };
    Ok(Where {
        given: given.collect::<Result<_, CloudError>>()?,
        constant: constant(settings, profile)?,
        region: reader.take(Key::Region)?.map(owned),
        interface: interface.map(owned),
    })
}

/// The URL of the identity service.
pub(super) fn auth_url(reader: &mut Reader<'_>) -> Result<Said<String>, CloudError> {
    let refused = |what: Key, origin: &Origin| CloudError::Unusable {
        what: what.name().to_owned(),
        origin: origin.clone(),
        reason: "version 2 of the identity service is not spoken, only version 3".to_owned(),
    };
    if let Some(version) = reader.settings.text(Key::IdentityApiVersion)?
        && version.value.starts_with('2')
    {
        return Err(refused(Key::IdentityApiVersion, &version.origin));
    }
    reader.take(Key::Region)?;
    reader.take(Key::AuthUrl)?;
    let url = expanded(reader.settings, Key::AuthUrl)?
        .unwrap_or_else(|| unreachable!("a way is gone only when nothing is missing"));
    if url.value.trim_end_matches('/').ends_with("/v2.0") {
        return Err(refused(Key::AuthUrl, &url.origin));
    }
    reader.tell(Key::AuthUrl, &url.value);
    Ok(url)
}

/// The origin of the identity service, if one is said that can be asked.
pub(super) fn identity_service(settings: &Settings) -> Option<Endpoint> {
    Endpoint::of(&expanded(settings, Key::AuthUrl).ok()??.value).ok()
}

/// The URL that is said, if one is, [filled](filled).
fn expanded(settings: &Settings, key: Key) -> Result<Option<Said<String>>, CloudError> {
    settings.text(key)?.map(|said| filled(settings, key.name(), &said)).transpose()
}

/// A URL with the region in it, and a scheme before it: vendors leave it out. `what` is its name in a file.
fn filled(settings: &Settings, what: &str, said: &Said<&str>) -> Result<Said<String>, CloudError> {
    let mut url = said.value.trim().to_owned();
    if url.contains(REGION) {
        let Some(region) = settings.text(Key::Region)? else {
            return Err(CloudError::Unusable {
                what: what.to_owned(),
                origin: said.origin.clone(),
                reason: "it needs a region: give `region_name` or OS_REGION_NAME".to_owned(),
            });
        };
        // A region may be somebody else's word than the URL: it shall not make another host of it.
        if !region.value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return Err(CloudError::Unusable {
                what: Key::Region.name().to_owned(),
                origin: region.origin,
                reason: "it has a character that no region has".to_owned(),
            });
        }
        url = url.replace(REGION, region.value);
    }
    if !url.contains("://") {
        url.insert_str(0, "https://");
    }
    Ok(Said { value: url, origin: said.origin.clone() })
}

/// Where the API is by what is known of the vendor.
///
/// That of a profile counts for the identity service of the profile only. Where no profile is said, it is that of
/// Open Telekom Cloud if the identity service is its own, or if none is said and the region is one of its regions.
fn constant(settings: &Settings, profile: Option<&Profile>) -> Result<Option<Said<Endpoint>>, CloudError> {
    // An identity service that cannot be found is nobody's; it is told when it is asked.
    let auth_url = expanded(settings, Key::AuthUrl).ok().flatten();
    let host = auth_url.as_ref().and_then(|url| host(&url.value));
    if let Some(word) = settings.get(Key::PlasEndpoint) {
        let is_vouched = match (&word.origin, &auth_url, profile) {
            (Origin::Profile { .. }, Some(url), Some(profile)) => {
                url.origin == word.origin || host.is_some() && host == own_host(profile, settings)
            }
            _ => true,
        };
        let is_whole = settings.has(Key::Region)
            || settings.text(Key::PlasEndpoint)?.is_some_and(|said| !said.value.contains(REGION));
        if is_vouched && is_whole {
            let url = expanded(settings, Key::PlasEndpoint)?;
            return url.map(|url| endpoint(Key::PlasEndpoint.name(), &url)).transpose();
        }
    }
    let Some(otc) = profile::built_in(OTC) else { return Ok(None) };
    let said = settings.text(Key::Region)?.map(|region| region.value);
    for region in otc.section.regions.iter().flatten() {
        let there = of_region(&otc, &region.name);
        let is_there = match &auth_url {
            Some(_) => host.is_some() && host == own_host(&otc, &there),
            None => profile.is_none() && said.is_some(),
        };
        if is_there && said.is_none_or(|said| said == region.name) {
            let url = expanded(&there, Key::PlasEndpoint)?;
            return url.map(|url| endpoint(Key::PlasEndpoint.name(), &url)).transpose();
        }
    }
    Ok(None)
}

/// What a vendor says in this region.
fn of_region(profile: &Profile, region: &str) -> Settings {
    let mut settings = profile.section.settings.clone();
    let word = Word { text: Some(region.into()), origin: profile.origin.clone() };
    settings.insert(Key::Region, word);
    settings
}

/// The host of the identity service of a vendor, in the region that these settings say.
fn own_host(profile: &Profile, settings: &Settings) -> Option<String> {
    let region = settings.text(Key::Region).ok()??;
    host(&expanded(&of_region(profile, region.value), Key::AuthUrl).ok()??.value)
}

fn host(url: &str) -> Option<String> {
    parse_http(url).ok().as_ref().and_then(Url::host_str).map(str::to_owned)
}

/// The origin of a URL. What else it says is for the API to say.
fn endpoint(what: &str, said: &Said<String>) -> Result<Said<Endpoint>, CloudError> {
    let wrong = |error: LocationError| CloudError::Unusable {
        what: what.to_owned(),
        origin: said.origin.clone(),
        reason: error.to_string(),
    };
    let endpoint = Endpoint::of(said.value.trim()).map_err(wrong)?;
    Ok(Said { value: endpoint, origin: said.origin.clone() })
}
