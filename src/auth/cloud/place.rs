//! Where it is asked: the identity service, and the API, by what is said and by what is known of vendors.
//! Who asks is not known here.

use url::Url;

use super::error::CloudError;
use super::key::Key;
use super::origin::{Origin, Said};
use super::profile::{self, OTC, Profile};
use super::settings::{Reader, Settings, Word};
use crate::auth::Service;
use crate::http::{Endpoint, LocationError, parse_http};

/// The type of the API in a catalog.
const SERVICE: &str = "plas";

/// The part of a URL that stands for the region.
const REGION: &str = "{region_name}";

/// What is known of where the API is.
#[derive(Debug, Clone, Default)]
pub(super) struct Where {
    /// It is there, whatever else is said.
    pub(super) given: Option<Said<Endpoint>>,
    /// It is there by what is known of the vendor, if a catalog does not know better.
    pub(super) constant: Option<Said<Endpoint>>,
    pub(super) region: Option<Said<String>>,
    pub(super) interface: Option<Said<String>>,
}

impl Where {
    /// The place that a catalog is asked for.
    pub(super) fn service(&self) -> Service {
        let mut service = Service::new(SERVICE);
        if let Some(region) = &self.region {
            service = service.region(&region.value);
        }
        if let Some(interface) = &self.interface {
            service = service.interface(&interface.value);
        }
        if let Some(constant) = &self.constant {
            service = service.otherwise(constant.value.clone());
        }
        service
    }
}

/// Reads where the API is. An interface is of use only in a catalog.
pub(super) fn find(
    reader: &mut Reader<'_>,
    profile: Option<&Profile>,
    has_catalog: bool,
) -> Result<Where, CloudError> {
    let owned = |said: Said<&str>| Said { value: said.value.to_owned(), origin: said.origin };
    let given = match reader.take(Key::PlasOverride)? {
        Some(said) => Some(endpoint(Key::PlasOverride, &owned(said))?),
        None => None,
    };
    let interface = if has_catalog && given.is_none() { reader.take(Key::Interface)? } else { None };
    Ok(Where {
        given,
        constant: constant(reader.settings, profile)?,
        region: reader.take(Key::Region)?.map(owned),
        interface: interface.map(owned),
    })
}

/// The URL of the identity service.
pub(super) fn auth_url(reader: &mut Reader<'_>) -> Result<Said<String>, CloudError> {
    let refused = |what: Key, origin: &Origin| CloudError::Unusable {
        what: what.name(),
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

/// A URL with the region in it, and a scheme before it: vendors leave it out.
fn expanded(settings: &Settings, key: Key) -> Result<Option<Said<String>>, CloudError> {
    let Some(said) = settings.text(key)? else { return Ok(None) };
    let mut url = said.value.trim().to_owned();
    if url.contains(REGION) {
        let Some(region) = settings.text(Key::Region)? else {
            return Err(CloudError::Unusable {
                what: key.name(),
                origin: said.origin,
                reason: "it needs a region: give `region_name` or OS_REGION_NAME".to_owned(),
            });
        };
        // A region may be somebody else's word than the URL: it shall not make another host of it.
        if !region.value.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) {
            return Err(CloudError::Unusable {
                what: Key::Region.name(),
                origin: region.origin,
                reason: "it has a character that no region has".to_owned(),
            });
        }
        url = url.replace(REGION, region.value);
    }
    if !url.contains("://") {
        url.insert_str(0, "https://");
    }
    Ok(Some(Said { value: url, origin: said.origin }))
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
            return url.map(|url| endpoint(Key::PlasEndpoint, &url)).transpose();
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
            return url.map(|url| endpoint(Key::PlasEndpoint, &url)).transpose();
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
fn endpoint(key: Key, said: &Said<String>) -> Result<Said<Endpoint>, CloudError> {
    let wrong = |error: LocationError| CloudError::Unusable {
        what: key.name(),
        origin: said.origin.clone(),
        reason: error.to_string(),
    };
    let endpoint = Endpoint::of(said.value.trim()).map_err(wrong)?;
    Ok(Said { value: endpoint, origin: said.origin.clone() })
}
