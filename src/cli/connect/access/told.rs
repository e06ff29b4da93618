//! What a person is told of who asks, and where: before anything is asked, and when nothing can be.
//! Who that is, is not decided here.

use lro::auth::cloud::{Cloud, CloudError};
use lro::http::{Endpoint, LocationError, Place, printable};

use super::{Access, Who};
use crate::cli::args;
use crate::cli::connect::unusable_client;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

impl Access {
    /// Who asks, and where that was found; or where it was looked for somebody.
    pub(crate) fn asked_as(&self) -> Option<String> {
        match (&self.who, &self.cloud) {
            (Who::Header(name), _) => Some(format!("asked with the header {name}")),
            (Who::Token(_, from), _) => Some(format!("asked with the token of {from}")),
            (Who::Cloud(credentials), Some(cloud)) => {
                Some(format!("asked as {credentials} ({}), by {}", credentials.method(), origin(cloud)))
            }
            _ => self.looked(),
        }
    }

    /// Who asks, where a person did not say it and may be surprised.
    pub(crate) fn introduction(&self) -> Option<String> {
        let cloud = self.cloud.as_ref().filter(|cloud| cloud.is_implied())?;
        match &self.who {
            Who::Cloud(credentials) => {
                let text = format!("asking as {credentials}, by {}", origin(cloud));
                Some(printable(&text).into_owned())
            }
            Who::Token(..) | Who::Header(_) | Who::Nobody | Who::Stranger => None,
        }
    }

    /// What a person should know before anything is asked.
    pub(crate) fn warnings(&self, network: &args::Network) -> impl Iterator<Item = String> {
        let by_flag = network.insecure.then(|| "--insecure".to_owned());
        let by_cloud = || {
            let verify = self.cloud.as_ref()?.tls().verify.as_ref()?;
            (!verify.value).then(|| verify.origin.to_string())
        };
        let by_whom = by_flag.or_else(by_cloud);
        let certificates = by_whom.into_iter().map(|by_whom| {
            format!(
                "{by_whom} accepts every certificate: whoever is in between can read and change everything"
            )
        });
        let known = self.known().into_iter().filter(|_| !network.require_https);
        certificates.chain(known.filter_map(|endpoint| unencrypted(&endpoint, self.sends_credentials())))
    }

    /// Why nothing will be asked, if that is known and only encryption is wanting.
    pub(crate) fn refused(&self, network: &args::Network) -> Option<Failure> {
        let endpoint = self.known().into_iter().find(|known| network.require_https && !known.is_private())?;
        Some(unusable_client(&LocationError::Unencrypted { url: endpoint.to_string() }.into()))
    }

    /// What is known to be asked before anything is: each origin once.
    fn known(&self) -> Vec<Endpoint> {
        let auth_url = match &self.who {
            Who::Cloud(credentials) => credentials.auth_url(),
            _ => None,
        };
        let identity_service = auth_url.and_then(|url| Endpoint::of(url).ok());
        let is_new = |endpoint: &&Endpoint| Some(*endpoint) != identity_service.as_ref();
        let api = self.endpoint().filter(is_new).cloned();
        identity_service.into_iter().chain(api).collect()
    }

    fn sends_credentials(&self) -> bool {
        !matches!(self.who, Who::Nobody | Who::Stranger)
    }

    /// Where it was looked for a cloud, and what was there.
    fn looked(&self) -> Option<String> {
        self.cloud.as_ref().map(|cloud| cloud.looked().to_string())
    }

    /// The place, or all that is known of why there is none.
    pub(crate) fn placed(&self) -> Result<Place, Failure> {
        if let Some((place, _)) = &self.place {
            return Ok(place.clone());
        }
        let failure = Failure::usage("it is not said where the API is");
        let failure = failure.note(self.looked());
        let notes = self.cloud.iter().flat_map(Cloud::notes);
        let failure = notes.fold(failure, |failure, note| failure.note(note.clone()));
        Err(failure.hint(
            "give --endpoint URL or set LRO_ENDPOINT, as in https://plas.eu-de.otc.t-systems.com; \
             or name a cloud of clouds.yaml with --os-cloud NAME"
                .to_owned(),
        ))
    }
}

/// What a person should know of an endpoint if everyone on the way can read what is said there, and say it in its name.
pub(crate) fn unencrypted(endpoint: &Endpoint, with_credentials: bool) -> Option<String> {
    let what = if with_credentials { "credentials included" } else { "the outcome included" };
    (!endpoint.is_private()).then(|| {
        format!(
            "{endpoint} is asked without encryption: whoever is in between can read and change everything, {what}; ask \
             it with https://, and let --require-https refuse anything else"
        )
    })
}

/// Who says who asks, in a few words; each part with its own origin is among the facts.
pub(crate) fn origin(cloud: &Cloud) -> String {
    match cloud.name() {
        Some(name) if cloud.is_implied() => {
            let files = cloud.looked().files().iter().filter(|(_, is_there)| *is_there);
            let file = files.map(|(path, _)| path.display().to_string()).next().unwrap_or_default();
            format!("`{name}`, the only cloud in {file}")
        }
        Some(name) => format!("cloud `{name}`"),
        None => "the variables OS_*".to_owned(),
    }
}

/// Why what is on the machine is of no use.
pub(super) fn unusable(error: &CloudError) -> Failure {
    let CloudError::Incomplete(incomplete) = error else {
        return Failure::of(Exit::Usage, error).hint(error.hint());
    };
    let missing: Vec<_> = incomplete.missing.iter().map(|missing| missing.what).collect();
    let failure = Failure::usage("the credentials are not complete").caused_by(format!(
        "missing for the method `{}`: {}",
        incomplete.method,
        missing.join(", ")
    ));
    let found = incomplete.found.iter().map(|fact| format!("found: {fact}"));
    let all = found.chain([incomplete.looked.to_string()]).chain(incomplete.notes.iter().cloned());
    all.fold(failure, Failure::note).hint(error.hint())
}
