//! Who asks, and where: what is said by flags and variables of our own, and for the rest what is on the machine.
//! What OPERATION is, and which way requests go, is not known here.

use lro::auth::cloud::{Cloud, CloudError, Fact, Surroundings};
use lro::auth::{Credentials, Token};
use lro::http::{Endpoint, LocationError, Place, printable};
use lro::preset::{Definition, Scheme};

use super::header::{self, Header};
use super::{Reference, again};
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::preset::Found;
use crate::cli::report::Ended;

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
        Some(super::unusable_client(&LocationError::Unencrypted { url: endpoint.to_string() }.into()))
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

    /// Who says where the API is when a catalog does not name it.
    pub(crate) fn vendors_origin(&self) -> Option<String> {
        Some(self.cloud.as_ref()?.endpoint(&self.service)?.origin.to_string())
    }

    /// All that is used of what was found on the machine.
    pub(crate) fn facts(&self) -> Vec<Fact> {
        self.cloud.as_ref().map(|cloud| cloud.facts(&self.service)).unwrap_or_default()
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

/// The token of our own flags and variables, carried as the API takes it. A cloud that is named by a flag comes before a
/// variable.
fn token(args: &args::Access, auth: Scheme) -> Result<Option<(Token, String)>, Failure> {
    let scheme = match (args.bearer, args.basic, &args.os_cloud) {
        (true, ..) => Scheme::Bearer,
        (_, true, _) => Scheme::Basic,
        // Whoever names a cloud speaks of OpenStack.
        (.., Some(_)) => Scheme::Openstack,
        _ => auth,
    };
    let given = match (&args.token_file, &args.token_command) {
        (Some(file), _) => {
            Some((Token::file(file), args.origins.with("token-file", &format!(" {}", file.display()))))
        }
        (None, Some(command)) => Some((Token::command(command), args.origins.with("token-command", ""))),
        (None, None) => None,
    };
    let said = |(token, from): (Token, String)| match scheme {
        Scheme::Bearer => Ok(Some((token.bearer(), from))),
        Scheme::Basic => Ok(Some((token.basic(), from))),
        Scheme::None => Err(Failure::usage("this API takes no token, by its preset")
            .hint("say how to send it all the same: --bearer or --basic".to_owned())),
        _ => Ok(Some((token, from))),
    };
    if let Some(given) = given {
        return said(given);
    }
    // A token that lies around is for those who take one.
    let is_wanted = args.os_cloud.is_none() && scheme != Scheme::None;
    let Some(token) = std::env::var_os("LRO_TOKEN").filter(|_| is_wanted) else {
        return if args.bearer || args.basic { Err(no_token(args)) } else { Ok(None) };
    };
    let wrong = || Failure::usage("the variable LRO_TOKEN cannot be used");
    let token = token.into_string().map_err(|_| wrong().caused_by("the token is not text"))?;
    let token = token.trim();
    let made = if scheme == Scheme::Basic { Token::user_and_password(token) } else { Token::given(token) };
    said((made.map_err(|error| wrong().caused_by(error))?, "variable LRO_TOKEN".to_owned()))
}

fn no_token(args: &args::Access) -> Failure {
    let (flag, what) = if args.basic { ("--basic", "user:password") } else { ("--bearer", "a token") };
    let hint =
        format!("give {what} in the variable LRO_TOKEN, with --token-file FILE or --token-command COMMAND");
    Failure::usage(format!("{flag} has nothing to send")).hint(hint)
}

fn endpoint(args: &args::Access, at: Option<&Reference>) -> Result<Option<(Place, Option<String>)>, Failure> {
    let given = args.endpoint.as_deref();
    let wrong = |error: &LocationError| Failure::usage(format!("the endpoint cannot be used: {error}"));
    match (given.filter(|endpoint| !endpoint.is_empty()), at) {
        (Some(given), _) => {
            let endpoint =
                Endpoint::parse(given).map_err(|error| wrong(&error).hint(endpoint_hint(&error)))?;
            Ok(Some((endpoint.into(), Some(args.origins.of("endpoint")))))
        }
        (None, Some(reference)) => {
            let endpoint = Endpoint::of(&reference.location).map_err(|error| wrong(&error))?;
            Ok(Some((endpoint.into(), Some("the URL of the operation".to_owned()))))
        }
        (None, None) => Ok(None),
    }
}

fn endpoint_hint(error: &LocationError) -> Option<String> {
    match error {
        // A host, perhaps with a port, but nothing that says what to speak with it.
        LocationError::NotHttp { url }
            if url.split_once(':').is_none_or(|(_, port)| port.parse::<u16>().is_ok()) =>
        {
            Some(format!("perhaps https://{url}"))
        }
        LocationError::MoreThanOrigin { origin, .. } => Some(format!("write {origin}")),
        LocationError::Credentials => {
            Some("the token is given with LRO_TOKEN, --token-file or --token-command".to_owned())
        }
        _ => None,
    }
}

fn unusable(error: &CloudError) -> Failure {
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
