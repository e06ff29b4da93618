//! Which way of asking is meant, and whether there is all that it needs. What each way needs is a table.
//! How credentials are made of it is not known here.

use super::error::{CloudError, Incomplete, Missing};
use super::key::{Key, is_partner};
use super::origin::Origin;
use super::search::Looked;
use super::settings::{Settings, all_of, any_of};
use crate::http::{printable, shortened};

/// A way of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Token,
    ApplicationCredential,
    AccessKey,
    Password,
    Passcode,
    TwoFactors,
}

/// What a way of asking needs, and how it is noticed.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) method: Method,
    pub(super) name: &'static str,
    /// One of these says that this way is meant.
    begun_by: &'static [Key],
    needs: &'static [Need],
    /// What a variable may add to a file.
    pub(super) secrets: &'static [Key],
    /// Who asks. A variable that says this otherwise than the file, or where the file is silent, is about somebody
    /// else.
    pub(super) who: &'static [Key],
}

/// One of some keys, unless there is one of others.
#[derive(Debug)]
struct Need {
    what: &'static str,
    any_of: &'static [Key],
    unless: &'static [Key],
}

const AUTH_URL: Need = Need { what: "the URL of the identity service", any_of: &[Key::AuthUrl], unless: &[] };
const USER: Need = Need { what: "a user", any_of: &[Key::Username, Key::UserId], unless: &[] };
const DOMAINS: &[Key] =
    &[Key::UserDomainName, Key::UserDomainId, Key::DomainName, Key::DomainId, Key::DefaultDomain];
const DOMAIN: Need = Need { what: "the domain of the user", any_of: DOMAINS, unless: &[Key::UserId] };
const USERS: &[Key] = &[Key::Username, Key::UserId];
const CREDENTIALS: &[Key] = &[Key::ApplicationCredentialId, Key::ApplicationCredentialName];

const fn need(what: &'static str, any_of: &'static [Key]) -> Need {
    Need { what, any_of, unless: &[] }
}

/// The first four may be meant by what is there, in this order; the others have to be named.
static PLANS: [Plan; 6] = [
    Plan {
        method: Method::Token,
        name: "token",
        begun_by: &[Key::Token],
        needs: &[need("a token", &[Key::Token])],
        secrets: &[Key::Token],
        who: &[],
    },
    Plan {
        method: Method::ApplicationCredential,
        name: "application credential",
        begun_by: CREDENTIALS,
        needs: &[
            AUTH_URL,
            need("an application credential", CREDENTIALS),
            need("its secret", &[Key::ApplicationCredentialSecret]),
            Need { what: "its user", any_of: USERS, unless: &[Key::ApplicationCredentialId] },
            Need {
                what: "the domain of the user",
                any_of: DOMAINS,
                unless: &[Key::UserId, Key::ApplicationCredentialId],
            },
        ],
        secrets: &[Key::ApplicationCredentialSecret],
        who: CREDENTIALS,
    },
    Plan {
        method: Method::AccessKey,
        name: "access key",
        begun_by: &[Key::AccessKeyId],
        needs: &[need("an access key", &[Key::AccessKeyId]), need("its secret key", &[Key::AccessKeySecret])],
        secrets: &[Key::AccessKeySecret, Key::SecurityToken],
        // Each secret has the variable of its own key beside it.
        who: &[],
    },
    Plan {
        method: Method::Password,
        name: "password",
        begun_by: USERS,
        needs: &[AUTH_URL, USER, DOMAIN, need("a password", &[Key::Password, Key::Passcode])],
        secrets: &[Key::Password, Key::Passcode],
        who: USERS,
    },
    Plan {
        method: Method::Passcode,
        name: "passcode",
        begun_by: &[],
        needs: &[AUTH_URL, USER, DOMAIN, need("a passcode", &[Key::Passcode])],
        secrets: &[Key::Passcode],
        who: USERS,
    },
    Plan {
        method: Method::TwoFactors,
        name: "password and passcode",
        begun_by: &[],
        needs: &[
            AUTH_URL,
            USER,
            DOMAIN,
            need("a password", &[Key::Password]),
            need("a passcode", &[Key::Passcode]),
        ],
        secrets: &[Key::Password, Key::Passcode],
        who: USERS,
    },
];

/// What `auth_type` may say. The names are those of keystoneauth; `aksk` is that of gophertelekomcloud.
const TYPES: [(&str, Option<Method>); 11] = [
    ("password", Some(Method::Password)),
    ("v3password", Some(Method::Password)),
    ("token", Some(Method::Token)),
    ("v3token", Some(Method::Token)),
    ("v3applicationcredential", Some(Method::ApplicationCredential)),
    ("v3application_credential", Some(Method::ApplicationCredential)),
    ("application_credential", Some(Method::ApplicationCredential)),
    ("v3totp", Some(Method::Passcode)),
    ("v3multifactor", Some(Method::TwoFactors)),
    ("aksk", Some(Method::AccessKey)),
    ("none", None),
];

/// What would have lro ask as somebody else if it were passed over.
const REFUSED: [(Key, &str); 5] = [
    (Key::TrustId, "lro does not ask through a trust"),
    (Key::SystemScope, "lro does not ask for the whole system"),
    (Key::AgencyName, "lro does not ask through an agency"),
    (Key::AgencyDomain, "lro does not ask through an agency"),
    (Key::AgencyProject, "lro does not ask through an agency"),
];

/// The way that is meant, if one is, and the settings with all that it needs. `fill` adds to the settings of a file
/// what else there is for this way.
pub(super) fn choose(
    settings: Settings,
    fill: &dyn Fn(&Settings, &Plan, &mut Vec<String>) -> Settings,
    is_file: bool,
    looked: &Looked,
    notes: &mut Vec<String>,
) -> Result<(Option<Method>, Settings), CloudError> {
    let candidates = meant(&settings)?;
    let Some(first) = candidates.first() else { return Ok((None, settings)) };
    let filled = |plan: &Plan| fill(&settings, plan, &mut Vec::new());
    let plan = candidates
        .iter()
        .find(|plan| plan.missing(&settings).next().is_none())
        .or_else(|| candidates.iter().find(|plan| plan.missing(&filled(plan)).next().is_none()))
        .unwrap_or(first);
    let filled = fill(&settings, plan, notes);
    for (key, reason) in REFUSED {
        if let Some(word) = settings.get(key) {
            let reason = format!("{reason}, and without that it would ask as somebody else");
            return Err(CloudError::Unusable {
                what: key.name().to_owned(),
                origin: word.origin.clone(),
                reason,
            });
        }
    }
    if plan.missing(&filled).next().is_some() {
        let incomplete = plan.incomplete(&filled, is_file, looked.clone(), notes.clone());
        return Err(CloudError::Incomplete(Box::new(incomplete)));
    }
    let said_by = settings.get(Key::AuthType).map(|word| &word.origin);
    notes.extend(PLANS.iter().filter_map(|other| other.passed_over(plan, said_by, &settings)));
    Ok((Some(plan.method), filled))
}

/// The ways that may be meant: the one that `auth_type` names, or all that are begun.
fn meant(settings: &Settings) -> Result<Vec<&'static Plan>, CloudError> {
    let Some(said) = settings.text(Key::AuthType)? else {
        return Ok(PLANS.iter().filter(|plan| settings.has_any(plan.begun_by)).collect());
    };
    let name = said.value.to_ascii_lowercase();
    if let Some((_, method)) = TYPES.iter().find(|(known, _)| *known == name) {
        return Ok(PLANS.iter().filter(|plan| Some(plan.method) == *method).collect());
    }
    let known: Vec<String> = TYPES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let reason = if name.starts_with("v2") {
        "version 2 of the identity service is not spoken".to_owned()
    } else {
        format!("`{}` is none of {}", shortened(&printable(said.value), 60), any_of(&known))
    };
    Err(CloudError::Unusable { what: Key::AuthType.name().to_owned(), origin: said.origin, reason })
}

impl Need {
    fn is_met(&self, settings: &Settings) -> bool {
        settings.has_any(self.any_of) || settings.has_any(self.unless)
    }
}

impl Plan {
    fn missing<'a>(&'a self, settings: &'a Settings) -> impl Iterator<Item = &'a Need> {
        self.needs.iter().filter(|need| !need.is_met(settings))
    }

    fn keys(&self) -> impl Iterator<Item = Key> {
        self.needs.iter().flat_map(|need| need.any_of).copied()
    }

    fn incomplete(
        &self,
        settings: &Settings,
        is_file: bool,
        looked: Looked,
        notes: Vec<String>,
    ) -> Incomplete {
        let missing = self.missing(settings).map(|need| {
            let key_name = |key: &Key| key.name().to_owned();
            let may_fill = |key: &&Key| !is_file || self.secrets.contains(key);
            let is_of_pair = |name: &&&str| match settings.get(Key::AccessKeyId).map(|word| &word.origin) {
                Some(Origin::Variable(id)) => is_partner(id, name),
                _ => true,
            };
            Missing {
                what: need.what,
                keys: if is_file { need.any_of.iter().map(key_name).collect() } else { Vec::new() },
                variables: need
                    .any_of
                    .iter()
                    .filter(may_fill)
                    .flat_map(|key| key.row().variables)
                    .filter(is_of_pair)
                    .map(ToString::to_string)
                    .collect(),
            }
        });
        let mut keys: Vec<Key> = self.keys().collect();
        keys.sort_unstable();
        keys.dedup();
        Incomplete {
            method: self.name,
            found: keys.into_iter().filter_map(|key| settings.fact(key)).collect(),
            missing: missing.collect(),
            looked,
            notes,
            implied: None,
        }
    }

    /// What is said of this way when it was begun too and another one is gone.
    fn passed_over(&self, chosen: &Plan, said_by: Option<&Origin>, settings: &Settings) -> Option<String> {
        let begun: Vec<Key> = self.begun_by.iter().copied().filter(|key| settings.has(*key)).collect();
        if begun.is_empty() || begun.iter().any(|key| chosen.keys().any(|used| used == *key)) {
            return None;
        }
        let missing: Vec<String> = self.missing(settings).map(|need| need.what.to_owned()).collect();
        let origin = &settings.get(begun[0])?.origin;
        let reason = match said_by {
            Some(said_by) => format!("`auth_type` says {} ({said_by})", chosen.name),
            None if missing.is_empty() => format!("the {} comes first", chosen.name),
            None => format!("missing: {}", all_of(&missing)),
        };
        Some(format!("the {} ({origin}) is not used: {reason}", self.name))
    }
}
