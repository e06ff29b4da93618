//! One cloud of the files: what `clouds.yaml` and `secure.yaml` say about it, and its vendor.
//! Variables, and what the words mean, are not known here.

use secrecy::ExposeSecret;

use super::document::{Region, Section};
use super::error::CloudError;
use super::key::{Key, OVERRIDING};
use super::origin::Origin;
use super::profile::{self, Profile};
use super::search::{self, CLOUDS, Kind, Looked, SECURE};
use super::settings::{Settings, Word, quoted};
use super::surroundings::Surroundings;
use crate::http::printable;

/// One cloud, as the files have it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: String,
    section: Section,
    pub(super) profile: Option<Profile>,
}

/// The cloud with this name; or without a name the only one that there is, if there is only one.
pub(super) fn find(
    wanted: Option<&str>,
    around: &Surroundings,
    looked: &mut Looked,
    notes: &mut Vec<String>,
) -> Result<Option<Entry>, CloudError> {
    let mut file = |kind: &Kind| search::find(around, kind, looked, notes);
    let clouds = file(&CLOUDS)?;
    let read = |kind: &Kind, file: &search::Found, name: Option<&str>| {
        let origin = Origin::File { path: file.path.clone(), cloud: name.unwrap_or_default().to_owned() };
        profile::read(&file.path, file.text.expose_secret(), kind, name, &origin)
    };
    let name = match (wanted, &clouds) {
        (Some(name), _) => name.to_owned(),
        (None, None) => return Ok(None),
        (None, Some(found)) => match read(&CLOUDS, found, None)?.names.as_slice() {
            [only] => only.clone(),
            [] => return Ok(None),
            several => {
                let path = found.path.to_string_lossy();
                notes.push(format!(
                    "{} has the clouds {}: OS_CLOUD names the one to use",
                    printable(&path),
                    quoted(several)
                ));
                return Ok(None);
            }
        },
    };
    let mut known = Vec::new();
    let mut section: Option<Section> = None;
    for (kind, found) in [(&SECURE, file(&SECURE)?), (&CLOUDS, clouds)] {
        let Some(found) = found else { continue };
        let document = read(kind, &found, Some(&name))?;
        known.extend(document.names);
        section = match (section, document.section) {
            (Some(upper), Some(lower)) => Some(upper.over(lower)),
            (upper, lower) => upper.or(lower),
        };
    }
    let Some(section) = section else {
        known.sort_unstable();
        known.dedup();
        return Err(CloudError::UnknownCloud { name, known, looked: Box::new(looked.clone()) });
    };
    let profile = match section.settings.text(Key::Profile)? {
        Some(named) => Some(profile::find(&named, around, looked, notes)?),
        None => None,
    };
    Ok(Some(Entry { name, section, profile }))
}

impl Section {
    fn over(self, below: Self) -> Self {
        Self { settings: self.settings.over(below.settings), regions: self.regions.or(below.regions) }
    }
}

impl Entry {
    /// All that is said about it in its region: the variables that count for more than a file, what is different in
    /// the region, the files, the vendor.
    pub(super) fn settled(
        &self,
        variables: &Settings,
        notes: &mut Vec<String>,
    ) -> Result<Settings, CloudError> {
        let said = &self.section.settings;
        let vendor = self.profile.as_ref().map(|profile| profile.section.clone()).unwrap_or_default();
        let variables = variables.clone().overrides_and(&OVERRIDING);
        let all = variables.clone().over(said.clone()).over(vendor.settings.clone());
        let (regions, are_own) = match &self.section.regions {
            Some(regions) => (regions.as_slice(), true),
            None => (vendor.regions.as_deref().unwrap_or_default(), false),
        };
        let Some((name, word)) = region(&all, regions)? else { return Ok(all) };
        let listed = regions.iter().find(|region| region.name == name);
        if listed.is_none() && !regions.is_empty() {
            let names: Vec<String> = regions.iter().map(|region| region.name.clone()).collect();
            let list = quoted(&names);
            notes.push(format!("the region `{}` is not one of {list}", printable(&name)));
        }
        let values = listed.map(|region| region.values.clone()).unwrap_or_default();
        let below = if are_own {
            values.over(said.clone()).over(vendor.settings)
        } else {
            said.clone().over(values).over(vendor.settings)
        };
        let mut settled = variables.over(below);
        settled.insert(Key::Region, word);
        Ok(settled)
    }
}

/// The region: the one that is said; or the one that the name of the project begins with; or the first of all.
fn region(all: &Settings, regions: &[Region]) -> Result<Option<(String, Word)>, CloudError> {
    if let (Some(said), Some(word)) = (all.text(Key::Region)?, all.get(Key::Region)) {
        return Ok(Some((said.value.to_owned(), word.clone())));
    }
    let mut chosen = regions.first().map(|region| (&region.name, region.origin.clone()));
    if let Some(project) = all.text(Key::ProjectName)? {
        let prefix = project.value.split('_').next().unwrap_or_default();
        if let Some(region) = regions.iter().find(|region| region.name == prefix) {
            chosen = Some((&region.name, project.origin));
        }
    }
    Ok(chosen.map(|(name, origin)| (name.clone(), Word { text: Some(name.clone().into()), origin })))
}
