//! What is on the machine, made to credentials and a place: `clouds.yaml`, `secure.yaml`, `clouds-public.yaml`, and
//! the variables that begin with `OS_`. What is done with them is not known here.
//!
//! # Which cloud
//!
//! The first of these: the name that is given; the one in `OS_CLOUD`; the variables by themselves, when they say who
//! asks; the only cloud in `clouds.yaml`; none.
//!
//! # Which files
//!
//! Those of openstacksdk: the file in `OS_CLIENT_CONFIG_FILE`, if it is there; then `clouds.yaml`, `.yml` or `.json`
//! in the current directory, in `openstack` in `$XDG_CONFIG_HOME`, in `~/.config/openstack`, in `openstack` in the
//! directories of `$XDG_CONFIG_DIRS` (default `/etc/xdg`), in `/etc/openstack`. `secure.yaml` is looked for in the same
//! way (`OS_CLIENT_SECURE_FILE`) and counts for more; `clouds-public.yaml` as well, for the profiles that a cloud may
//! name, but in the current directory only for a cloud from there; `otc` and `otc-swiss` are built in. Unlike with
//! openstacksdk, a file that is broken or may not be read is an error and is not passed over: what comes after it would
//! ask as somebody else.
//!
//! # Which word counts
//!
//! A cloud of a file is taken as the file has it. `OS_REGION_NAME`, `OS_INTERFACE`, `OS_CACERT`, `OS_CERT`, `OS_KEY`,
//! `OS_INSECURE` and `OS_{SERVICE}_ENDPOINT_OVERRIDE` count for more than it; secrets (`OS_PASSWORD`, `OS_PASSCODE`,
//! `OS_TOKEN`, `OS_SECRET_KEY`, `OS_APPLICATION_CREDENTIAL_SECRET`) fill a blank of the way that the file says, if the
//! cloud is named and no other variable is about another user or another identity service (`OS_AUTH_URL`); nothing else
//! does. The only cloud in `clouds.yaml`, when nobody names it, gets no secret from variables.
//!
//! # Which way
//!
//! The one in `auth_type`; or else the first of these that there is all of: a token, an application credential, an
//! access key, a password. What is begun and not complete is an [`Incomplete`]; what is not begun is nothing.

mod document;
mod entry;
mod environment;
mod error;
#[cfg(any(fuzzing, test))]
pub(crate) mod fuzzing;
mod identity;
mod key;
mod method;
mod origin;
mod place;
mod problem;
mod profile;
mod search;
mod settings;
mod surroundings;
#[cfg(test)]
mod tests;
mod tls;

pub use error::{CloudError, Incomplete, Missing};
pub use key::override_key;
pub use origin::{Fact, Origin, Said};
pub use search::Looked;
pub use surroundings::Surroundings;
pub use tls::Tls;

use super::Credentials;
use crate::http::{Endpoint, Place, printable};
use entry::Entry;
use key::{IDENTITIES, Key};
use method::Plan;
use place::Where;
use settings::{Reader, Settings, all_of};

/// Who asks, and where: what is on the machine, settled. Nothing that it tells is secret.
#[derive(Debug, Clone)]
pub struct Cloud {
    name: Option<String>,
    is_implied: bool,
    credentials: Option<Credentials>,
    place: Where,
    tls: Tls,
    /// But for those of [`Where::facts`].
    facts: Vec<Fact>,
    notes: Vec<String>,
    looked: Looked,
}

impl Cloud {
    /// The cloud of this process: the one in `OS_CLOUD`, the variables, or the only one that there is.
    ///
    /// # Errors
    ///
    /// When a file or a word that is to be used cannot be, or the endpoint that is given for any service, or when
    /// credentials are begun and not complete. That there is nothing at all is no error.
    pub fn from_env() -> Result<Self, CloudError> {
        Self::find(None, &Surroundings::here())
    }

    /// The cloud with this name in the files of this machine.
    ///
    /// # Errors
    ///
    /// As [`from_env`](Self::from_env); and when there is no such cloud.
    pub fn named(name: &str) -> Result<Self, CloudError> {
        Self::find(Some(name), &Surroundings::here())
    }

    /// The cloud with this name, or without one what [`from_env`](Self::from_env) finds, in these surroundings. Files
    /// are read here, blockingly: a few small ones.
    ///
    /// # Errors
    ///
    /// As [`named`](Self::named).
    ///
    /// ```
    /// use lro::auth::cloud::{Cloud, Surroundings};
    ///
    /// let around = Surroundings::default()
    ///     .directory("/srv/app")
    ///     .file("/srv/app/clouds.yaml", "clouds: {dev: {auth: {auth_url: 'https://iam.example/v3', token: t0ken}}}".to_owned());
    /// let cloud = Cloud::find(Some("dev"), &around)?;
    /// assert!(cloud.credentials().is_some());
    /// assert!(Cloud::find(Some("prod"), &around).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn find(name: Option<&str>, around: &Surroundings) -> Result<Self, CloudError> {
        Self::settle(name, around, true)
    }

    /// The same for somebody who has credentials of another kind: only where to ask is read, not who asks, so nothing
    /// can be missing there. It has no [`credentials`](Self::credentials).
    ///
    /// # Errors
    ///
    /// As [`find`](Self::find), but for what is about credentials.
    pub fn without_credentials(name: Option<&str>, around: &Surroundings) -> Result<Self, CloudError> {
        Self::settle(name, around, false)
    }

    fn settle(name: Option<&str>, around: &Surroundings, asks: bool) -> Result<Self, CloudError> {
        let mut looked = Looked::new(around);
        let mut notes = Vec::new();
        let variables = environment::read(around);
        let named = match name {
            Some(name) if !name.is_empty() => Some(name),
            _ => around.text("OS_CLOUD")?,
        };
        let is_nobody = variables.text(Key::AuthType).ok().flatten().is_some_and(|said| said.value == "none");
        let is_somebody = is_nobody || variables.has_any(&IDENTITIES);
        let entry = if named.is_none() && (around.is_explicit || is_somebody) {
            None
        } else {
            entry::find(named, around, &mut looked, &mut notes)?
        };
        let settings = match &entry {
            Some(entry) => entry.settled(&variables, &mut notes)?,
            None => variables.clone(),
        };
        let implied = entry.as_ref().filter(|_| named.is_none()).map(|entry| entry.name.as_str());
        let fill = |settings: &Settings, plan: &Plan, notes: &mut Vec<String>| match &entry {
            Some(_) => environment::fill(settings, plan, around, &variables, implied, notes),
            None => settings.clone(),
        };
        // Whoever is not there at all lacks nothing, whatever the variables say about the way of asking.
        let (method, settings) = if asks && (entry.is_some() || is_somebody) {
            let chosen = method::choose(settings, &fill, entry.is_some(), &looked, &mut notes);
            chosen.map_err(|error| error.about(entry.as_ref(), implied, around))?
        } else {
            (None, settings)
        };
        let profile = entry.as_ref().and_then(|entry| entry.profile.as_ref());
        let mut reader = Reader::new(&settings);
        if entry.is_some() {
            reader.take(Key::Profile)?;
        }
        let credentials = method.map(|method| identity::make(method, &mut reader)).transpose()?;
        let has_catalog = has_catalog(credentials.as_ref());
        let place = place::find(&mut reader, profile, has_catalog)?;
        let tls = Tls::read(&mut reader, around.home.as_deref())?;
        let facts = reader.facts();
        if let (Some(entry), true) = (&entry, asks) {
            if method.is_none() && !settings.has(Key::AuthType) {
                let keys = IDENTITIES.map(|key| format!("`{}`", key.name()));
                let name = printable(&entry.name);
                notes.push(format!("cloud `{name}` does not say who asks: it has none of {}", all_of(&keys)));
            }
            let interface = place.interface.iter().map(|said| said.origin.clone());
            notes.extend(passed_over(entry, around, origins(&facts).chain(interface)));
        }
        Ok(Self {
            is_implied: entry.is_some() && named.is_none(),
            name: entry.map(|entry| entry.name),
            credentials,
            place,
            tls,
            facts,
            notes,
            looked,
        })
    }

    /// The cloud in the files, if one is used.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Whether nobody named it: it is the only one that there is.
    #[must_use]
    pub fn is_implied(&self) -> bool {
        self.is_implied
    }

    /// What to ask with. None when nothing says who asks.
    #[must_use]
    pub fn credentials(&self) -> Option<Credentials> {
        self.credentials.clone()
    }

    /// Where to ask the service of this type, such as `plas` or `compute`, with these
    /// [`credentials`](Self::credentials): at the endpoint that is [given](override_key) for it; or at the one in the
    /// catalog of the identity service, if there is one; or, `plas` alone, where the vendor is known to have it. None
    /// when nothing says where that is.
    ///
    /// The type is taken as the catalog has it: an alias of it, as `volumev3` for `block-storage`, is another type. Of a
    /// URL in a catalog or an override only the origin is used: where that is `https://cloud.example/compute/v2.1`, the
    /// location of what is asked has to begin with `/compute/v2.1` itself.
    #[must_use]
    pub fn place(&self, service: &str) -> Option<Place> {
        if has_catalog(self.credentials.as_ref()) && self.place.given(service).is_none() {
            return Some(self.place.service(service).into());
        }
        self.endpoint(service).map(|said| said.value.clone().into())
    }

    /// Where to ask this service with credentials of another kind: as [`place`](Self::place), without a catalog; and
    /// who says so.
    #[must_use]
    pub fn endpoint(&self, service: &str) -> Option<&Said<Endpoint>> {
        self.place.given(service).or_else(|| self.place.constant(service))
    }

    /// The region. None when nothing says it: then any is taken.
    #[must_use]
    pub fn region(&self) -> Option<&Said<String>> {
        self.place.region.as_ref()
    }

    /// The interface that is looked for in a catalog. None when there is no catalog, or when nothing says it: then it
    /// is `public`.
    #[must_use]
    pub fn interface(&self) -> Option<&Said<String>> {
        self.place.interface.as_ref()
    }

    /// Which certificates are trusted and shown.
    #[must_use]
    pub fn tls(&self) -> &Tls {
        &self.tls
    }

    /// All that is used to ask this service, and who said it. A secret is only said to be there.
    #[must_use]
    pub fn facts(&self, service: &str) -> Vec<Fact> {
        [self.facts.clone(), self.place.facts(service)].concat()
    }

    /// What was passed over, and why.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Where it was looked.
    #[must_use]
    pub fn looked(&self) -> &Looked {
        &self.looked
    }
}

/// Whether there is an identity service, which has a catalog.
fn has_catalog(credentials: Option<&Credentials>) -> bool {
    credentials.is_some_and(|credentials| credentials.auth_url().is_some())
}

fn origins(facts: &[Fact]) -> impl Iterator<Item = Origin> {
    facts.iter().map(|fact| fact.origin.clone())
}

/// What is passed over because a cloud of a file is used.
fn passed_over(entry: &Entry, around: &Surroundings, used: impl Iterator<Item = Origin>) -> Option<String> {
    let unused = environment::unused(around, &used.collect::<Vec<_>>());
    let told = || format!("not used, since cloud `{}` is: {}", printable(&entry.name), all_of(&unused));
    (!unused.is_empty()).then(told)
}

impl CloudError {
    /// The same error, with what was passed over for a cloud of a file.
    fn about(mut self, entry: Option<&Entry>, implied: Option<&str>, around: &Surroundings) -> Self {
        if let (Self::Incomplete(incomplete), Some(entry)) = (&mut self, entry) {
            incomplete.implied = implied.map(str::to_owned);
            let note = passed_over(entry, around, origins(&incomplete.found));
            incomplete.notes.extend(note);
        }
        self
    }
}
