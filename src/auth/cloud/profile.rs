//! What is known of a vendor: from a `clouds-public.yaml`, or built in.
//! Which vendor a cloud is of is not known here.

use std::path::Path;

use secrecy::ExposeSecret;

use super::document::{self, Document, Section};
use super::error::CloudError;
use super::key::Key;
use super::origin::{Origin, Said};
use super::problem;
use super::search::{self, Kind, Looked, PUBLIC};
use super::surroundings::Surroundings;

/// The vendors that are built in.
const VENDORS: [(&str, &str); 2] =
    [("otc", include_str!("vendors/otc.yaml")), ("otc-swiss", include_str!("vendors/otc-swiss.yaml"))];

/// The vendor whose API this is.
pub(super) const OTC: &str = "otc";

/// What is known of a vendor.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    /// Who describes it.
    pub(super) origin: Origin,
    pub(super) section: Section,
}

/// The vendor with this name that is built in.
pub(super) fn built_in(name: &str) -> Option<Profile> {
    let (name, text) = VENDORS.iter().find(|(known, _)| *known == name)?;
    let origin = Origin::Profile { name: (*name).to_owned(), path: None };
    let section = document::read(text, PUBLIC.top, Some(name), &origin).ok()??.section?;
    Some(Profile { origin, section })
}

/// The vendor that a cloud is said to be of. What lies in the current directory may have come with somebody's sources:
/// it describes a vendor only to a cloud that lies there too.
pub(super) fn find(
    named: &Said<&str>,
    around: &Surroundings,
    looked: &mut Looked,
    notes: &mut Vec<String>,
) -> Result<Profile, CloudError> {
    let name = named.value;
    if name.contains("://") {
        return Err(CloudError::Unusable {
            what: Key::Profile.name().to_owned(),
            origin: named.origin.clone(),
            reason: "it is a URL, and profiles are not fetched; write what it says into the cloud".to_owned(),
        });
    }
    let is_here = match &named.origin {
        Origin::File { path, .. } => path.parent() == around.directory.as_deref(),
        _ => false,
    };
    let mut around = around.clone();
    around.directory.take_if(|_| !is_here);
    let mut known = Vec::new();
    if let Some(found) = search::find(&around, &PUBLIC, looked, notes)? {
        let origin = Origin::Profile { name: name.to_owned(), path: Some(found.path.clone()) };
        let document = read(&found.path, found.text.expose_secret(), &PUBLIC, Some(name), &origin)?;
        if let Some(section) = document.section {
            return Ok(Profile { origin, section });
        }
        known = document.names;
    }
    built_in(name).ok_or_else(|| {
        known.extend(VENDORS.iter().map(|(name, _)| (*name).to_owned()));
        CloudError::UnknownProfile { name: name.to_owned(), origin: named.origin.clone(), known }
    })
}

/// Reads a file of this kind, and says what is wrong with it without a word of what is in it.
pub(super) fn read(
    path: &Path,
    text: &str,
    kind: &Kind,
    wanted: Option<&str>,
    origin: &Origin,
) -> Result<Document, CloudError> {
    let malformed =
        |line, column, problem| CloudError::Malformed { path: path.to_owned(), line, column, problem };
    let document = document::read(text, kind.top, wanted, origin).map_err(|error| {
        let (line, column) = error.location().map_or((0, 0), |place| (place.line(), place.column()));
        malformed(line, column, problem::told(&error))
    })?;
    document.ok_or_else(|| malformed(0, 0, format!("expected is a mapping with the key `{}`", kind.top)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_that_are_built_in_can_be_read() {
        for (name, _) in VENDORS {
            let section = built_in(name).unwrap().section;
            assert!(section.settings.has(Key::AuthUrl), "{name}");
            assert!(section.regions.is_some_and(|regions| !regions.is_empty()), "{name}");
        }
        assert!(built_in("devstack").is_none());
    }
}
