//! Who asks, and where: what is said by flags and variables of our own, and for the rest what is on the machine.
//! What OPERATION is, and which way requests go, is not known here.

mod given;
mod told;

use lro::auth::cloud::{Cloud, Fact, Surroundings};
use lro::auth::{Credentials, Token};
use lro::http::{Endpoint, Place};
use lro::preset::{Definition, Scheme};

use super::header::{self, Header};
use super::{Reference, again};
use crate::cli::args;
use crate::cli::failure::Failure;
use crate::cli::preset::Found;
use crate::cli::report::Ended;
use given::{endpoint, token};
use told::unusable;

pub(crate) use told::{origin, unencrypted};

/// Who asks, and where.
#[derive(Debug)]
pub(crate) struct Access {
    pub(crate) who: Who,
    /// The type of the API in a catalog.
    pub(crate) service: String,
    /// Where the API is, and who says so.
    pub(crate) place: Option<(Place, Option<String>)>,
    /// What was found on the machine, if it was looked for.
    pub(crate) cloud: Option<Cloud>,
    /// What is sent along, because a person says so.
    pub(super) headers: Vec<Header>,
    /// The name of the preset, and the flags that say it again, if they can be said.
    preset: (String, Option<Vec<String>>),
    /// The other flags that say the same again, if they can be said.
    flags: Option<Vec<String>>,
}

/// Who asks.
#[derive(Debug)]
pub(crate) enum Who {
    Nobody,
    /// Whoever this token is for, and where it is from.
    Token(Token, String),
    /// Whoever a header of the person's own names.
    Header(String),
    /// Whom the cloud names.
    Cloud(Credentials),
    /// Nobody, whoever asks at the endpoint: the operation is elsewhere.
    Stranger,
}

impl Access {
    /// What the arguments say, and for the rest the machine, to ask this API. `at` is the operation, if it is a URL
    /// that a person gave.
    pub(crate) fn find(args: &args::Access, api: &Found, at: Option<&Reference>) -> Result<Self, Failure> {
        let Definition { auth, service, .. } = api.preset.definition();
        let headers = header::read(&args.headers)?;
        let header = headers.iter().find(|header| header.is_credential()).map(Header::name);
        let token = token(args, *auth)?;
        if let (Some(header), Some((_, from))) = (header, &token) {
            return Err(Failure::usage(format!(
                "there are two ways to say who asks: the header {header} and {from}"
            ))
            .hint("leave one of them out".to_owned()));
        }
        let endpoint = endpoint(args, at)?;
        let name = args.os_cloud.as_deref();
        // A cloud that nobody named has no business at an endpoint that somebody did, nor with somebody's token.
        let named = || Surroundings::here().without_implied_cloud();
        // Nor has any cloud at an API that is none of OpenStack's, unless somebody says so.
        let is_openstack = *auth == Scheme::Openstack || name.is_some();
        let cloud = match (token.as_ref().map(|_| ()).or(header.map(|_| ())), &endpoint) {
            _ if !is_openstack => None,
            // What is said in full leaves nothing to look for.
            (Some(()), Some(_)) if name.is_none() => None,
            (Some(()), _) => Some(Cloud::without_credentials(name, &named())),
            (None, None) => Some(Cloud::find(name, &Surroundings::here())),
            (None, Some(_)) => Some(Cloud::find(name, &named())),
        };
        let cloud = cloud.transpose().map_err(|error| unusable(&error))?;
        let who = match (token, cloud.as_ref().and_then(Cloud::credentials)) {
            _ if header.is_some() => Who::Header(header.unwrap_or_default().to_owned()),
            (Some((token, from)), _) => Who::Token(token, from),
            (None, Some(credentials)) => Who::Cloud(credentials.with_signature(args.signature.clone())),
            (None, None) => Who::Nobody,
        };
        let place = endpoint.or_else(|| {
            let cloud = cloud.as_ref()?;
            let service = service.as_deref()?;
            let place = cloud.place(service)?;
            // A catalog says that itself.
            let origin = place.endpoint().and_then(|_| cloud.endpoint(service));
            Some((place, origin.map(|said| said.origin.to_string())))
        });
        Ok(Self {
            who,
            service: service.clone().unwrap_or_default(),
            place,
            cloud,
            headers,
            preset: (api.preset.name().to_owned(), api.again.clone()),
            flags: again::flags(args),
        })
    }

    /// The same, to be waited for in this manner, and for these if there may be several.
    pub(crate) fn waiting(mut self, manner: &args::Manner, which: Option<&args::Which>) -> Self {
        let which = which.map(again::which).unwrap_or_default();
        self.flags = self.flags.map(|flags| [flags, again::manner(manner), which].concat());
        self
    }

    /// Whoever asks at another origin than the endpoint.
    pub(crate) fn stranger(&self) -> Self {
        Self {
            who: Who::Stranger,
            service: self.service.clone(),
            place: self.place.clone(),
            cloud: None,
            headers: Vec::new(),
            preset: self.preset.clone(),
            flags: self.flags.clone(),
        }
    }

    /// Whether an operation with this endpoint is asked by a [stranger](Self::stranger).
    pub(crate) fn is_elsewhere(&self, endpoint: Option<&Endpoint>) -> bool {
        self.endpoint().zip(endpoint).is_some_and(|(here, there)| here != there)
    }

    /// The endpoint, if it is known without a catalog.
    fn endpoint(&self) -> Option<&Endpoint> {
        self.place.as_ref().and_then(|(place, _)| place.endpoint())
    }

    /// Where the API is, as a person is told before anything is asked.
    pub(crate) fn place(&self) -> String {
        self.place.as_ref().map_or_else(String::new, |(place, _)| place.to_string())
    }

    /// Whether the access key that asks is a temporary one. None when it is no access key that asks.
    pub(crate) fn is_temporary_key(&self) -> Option<bool> {
        let Who::Cloud(credentials) = &self.who else { return None };
        let mut facts = self.facts().into_iter();
        (credentials.method() == "access key").then(|| facts.any(|fact| fact.what == "security_token"))
    }

    /// The command that waits for the same operations again, if it can be told: with their URLs, unless whoever asks was
    /// found only because no endpoint was given.
    pub(crate) fn again(&self, ended: &[Ended]) -> Option<String> {
        let mut words: Option<Vec<String>> = None;
        let mut operations = Vec::new();
        for ended in ended {
            let (flags, operation) = self.flags_again(ended)?;
            operations.push(operation);
            if words.get_or_insert_with(|| flags.clone()) != &flags {
                return None;
            }
        }
        again::wait(&[words?, operations].concat())
    }

    /// The flags that wait for the same operation again, and how it is named then.
    fn flags_again(&self, ended: &Ended) -> Option<(Vec<String>, String)> {
        let is_implied = self.cloud.as_ref().is_some_and(Cloud::is_implied);
        let is_elsewhere = self.is_elsewhere(ended.endpoint.as_ref());
        let operation =
            ended.url.clone().filter(|_| !is_implied || is_elsewhere).unwrap_or_else(|| ended.id.clone());
        let (given, said) = &self.preset;
        // The one that was given may judge the first answer otherwise once it is a later one.
        let preset = match ended.status() {
            Some(status) if *status.preset != **given => {
                vec!["--preset".to_owned(), status.preset.to_string()]
            }
            _ => said.clone()?,
        };
        let flags = [preset, self.flags.clone()?].concat();
        // Where credentials go is what the arguments say, whoever was asked.
        let endpoint = self.endpoint().or(ended.endpoint.as_ref());
        let elsewhere = again::elsewhere(endpoint, &operation, &flags);
        Some(([flags, elsewhere].concat(), operation))
    }

    /// Who says where the API is when a catalog does not name it.
    pub(crate) fn vendors_origin(&self) -> Option<String> {
        Some(self.cloud.as_ref()?.endpoint(&self.service)?.origin.to_string())
    }

    /// All that is used of what was found on the machine.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        self.cloud.as_ref().map(|cloud| cloud.facts(&self.service)).unwrap_or_default()
    }
}
