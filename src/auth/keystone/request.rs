//! What a Keystone v3 is asked, as the JSON of its Identity API.
//! It is not sent here.
//!
//! Source: [Identity API v3, authentication and token management].
//!
//! [Identity API v3, authentication and token management]: https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management

use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::identity::{ApplicationCredential, Domain, Identity, Project, Proof, Scope, User};

/// The body that asks for a token. It holds the secret.
pub(super) fn body(identity: &Identity) -> SecretString {
    let body = Body { auth: Auth { identity: proof(&identity.proof), scope: scope(identity) } };
    let text = serde_json::to_string(&body).unwrap_or_else(|_| unreachable!("names and texts are JSON"));
    SecretString::from(text)
}

/// What must never come back.
pub(super) fn secrets(identity: &Identity) -> Vec<&SecretString> {
    match &identity.proof {
        Proof::Password { password, passcode, .. } => [password, passcode].into_iter().flatten().collect(),
        Proof::ApplicationCredential { secret, .. } | Proof::Token(secret) => vec![secret],
    }
}

#[derive(Serialize)]
struct Body<'a> {
    auth: Auth<'a>,
}

#[derive(Serialize)]
struct Auth<'a> {
    identity: ProofJson<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<ScopeJson<'a>>,
}

#[derive(Serialize, Default)]
struct ProofJson<'a> {
    methods: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<OfUser<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    totp: Option<OfUser<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application_credential: Option<CredentialJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<ById<'a>>,
}

#[derive(Serialize)]
struct OfUser<'a> {
    user: UserJson<'a>,
}

/// By id, or by name and domain; with what proves it.
#[derive(Serialize, Default)]
struct UserJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    domain: Option<DomainJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passcode: Option<&'a str>,
}

#[derive(Serialize)]
struct CredentialJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserJson<'a>>,
    secret: &'a str,
}

#[derive(Serialize)]
struct ById<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum DomainJson<'a> {
    Id(&'a str),
    Name(&'a str),
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum ScopeJson<'a> {
    Project(ProjectJson<'a>),
    Domain(DomainJson<'a>),
}

#[derive(Serialize)]
#[serde(untagged)]
enum ProjectJson<'a> {
    Id {
        id: &'a str,
    },
    Name {
        name: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        domain: Option<DomainJson<'a>>,
    },
}

fn proof(proof: &Proof) -> ProofJson<'_> {
    match proof {
        Proof::Password { user, password, passcode } => {
            let password = password.as_ref().map(|password| OfUser {
                user: UserJson { password: Some(password.expose_secret()), ..user_json(user) },
            });
            let totp = passcode.as_ref().map(|passcode| OfUser {
                user: UserJson { passcode: Some(passcode.expose_secret()), ..user_json(user) },
            });
            let named = [("password", password.is_some()), ("totp", totp.is_some())];
            let methods = named.into_iter().filter(|(_, used)| *used).map(|(name, _)| name).collect();
            ProofJson { methods, password, totp, ..ProofJson::default() }
        }
        Proof::ApplicationCredential { credential, secret } => {
            let secret = secret.expose_secret();
            let credential = match credential {
                ApplicationCredential::Id(id) => {
                    CredentialJson { id: Some(id), name: None, user: None, secret }
                }
                ApplicationCredential::Name { name, user } => {
                    CredentialJson { id: None, name: Some(name), user: Some(user_json(user)), secret }
                }
            };
            ProofJson {
                methods: vec!["application_credential"],
                application_credential: Some(credential),
                ..ProofJson::default()
            }
        }
        Proof::Token(token) => ProofJson {
            methods: vec!["token"],
            token: Some(ById { id: token.expose_secret() }),
            ..ProofJson::default()
        },
    }
}

fn user_json(user: &User) -> UserJson<'_> {
    match user {
        User::Id(id) => UserJson { id: Some(id), ..UserJson::default() },
        User::Name { name, domain } => {
            UserJson { name: Some(name), domain: Some(domain_json(domain)), ..UserJson::default() }
        }
    }
}

fn domain_json(domain: &Domain) -> DomainJson<'_> {
    match domain {
        Domain::Id(id) => DomainJson::Id(id),
        Domain::Name(name) => DomainJson::Name(name),
    }
}

fn scope(identity: &Identity) -> Option<ScopeJson<'_>> {
    match (&identity.scope, &identity.proof) {
        // An application credential has a scope of its own, and a request that names one is refused.
        (Scope::Unsaid, _) | (_, Proof::ApplicationCredential { .. }) => None,
        (Scope::Project(Project::Id(id)), _) => Some(ScopeJson::Project(ProjectJson::Id { id })),
        (Scope::Project(Project::Name { name, domain }), proof) => {
            let domain = domain.as_ref().or_else(|| domain_of(proof)).map(domain_json);
            Some(ScopeJson::Project(ProjectJson::Name { name, domain }))
        }
        (Scope::Domain(domain), _) => Some(ScopeJson::Domain(domain_json(domain))),
    }
}

/// Where the user is known.
fn domain_of(proof: &Proof) -> Option<&Domain> {
    match proof {
        Proof::Password { user: User::Name { domain, .. }, .. } => Some(domain),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const URL: &str = "https://iam.example/v3";

    fn alice() -> User {
        User::Name { name: "alice".to_owned(), domain: Domain::Name("D".to_owned()) }
    }

    fn asked(identity: &Identity) -> Value {
        serde_json::from_str(body(identity).expose_secret()).unwrap()
    }

    #[test]
    fn a_password_is_asked_with_by_names_and_by_ids() {
        let by_names = Identity::password(URL, alice(), "P").unwrap();
        let user = json!({"name": "alice", "domain": {"name": "D"}, "password": "P"});
        let identity = json!({"methods": ["password"], "password": {"user": user}});
        assert_eq!(asked(&by_names), json!({"auth": {"identity": identity}}));

        let project = Project::Name { name: "eu-de".to_owned(), domain: None };
        let scope = json!({"project": {"name": "eu-de", "domain": {"name": "D"}}});
        assert_eq!(asked(&by_names.clone().project(project))["auth"]["scope"], scope);
        let elsewhere = Some(Domain::Id("other".to_owned()));
        let project = Project::Name { name: "eu-de".to_owned(), domain: elsewhere };
        let scope = json!({"project": {"name": "eu-de", "domain": {"id": "other"}}});
        assert_eq!(asked(&by_names.clone().project(project))["auth"]["scope"], scope);
        let scope = json!({"domain": {"id": "d1"}});
        assert_eq!(asked(&by_names.domain(Domain::Id("d1".to_owned())))["auth"]["scope"], scope);

        let by_ids = Identity::password(URL, User::Id("u1".to_owned()), "P").unwrap();
        let identity = json!({"methods": ["password"], "password": {"user": {"id": "u1", "password": "P"}}});
        let scope = json!({"project": {"id": "p1"}});
        assert_eq!(
            asked(&by_ids.clone().project(Project::Id("p1".to_owned()))),
            json!({"auth": {"identity": identity, "scope": scope}})
        );
        let project = Project::Name { name: "eu-de".to_owned(), domain: None };
        assert_eq!(asked(&by_ids.project(project))["auth"]["scope"], json!({"project": {"name": "eu-de"}}));
    }

    #[test]
    fn a_passcode_stands_beside_a_password_or_alone() {
        let both = Identity::password(URL, User::Id("u1".to_owned()), "P").unwrap().with_passcode("123456");
        let identity = json!({"methods": ["password", "totp"],
            "password": {"user": {"id": "u1", "password": "P"}}, "totp": {"user": {"id": "u1", "passcode": "123456"}}});
        assert_eq!(asked(&both)["auth"]["identity"], identity);
        let alone = Identity::passcode(URL, User::Id("u1".to_owned()), "123456").unwrap();
        let identity = json!({"methods": ["totp"], "totp": {"user": {"id": "u1", "passcode": "123456"}}});
        assert_eq!(asked(&alone)["auth"]["identity"], identity);
    }

    #[test]
    fn an_application_credential_never_names_a_scope() {
        let id = ApplicationCredential::Id("c1".to_owned());
        let by_id =
            Identity::application_credential(URL, id, "S").unwrap().project(Project::Id("p".to_owned()));
        let identity = json!({"methods": ["application_credential"],
            "application_credential": {"id": "c1", "secret": "S"}});
        assert_eq!(asked(&by_id), json!({"auth": {"identity": identity}}));

        let named = ApplicationCredential::Name { name: "waiter".to_owned(), user: alice() };
        let by_name = Identity::application_credential(URL, named, "S").unwrap();
        let user = json!({"name": "alice", "domain": {"name": "D"}});
        let credential = json!({"name": "waiter", "user": user, "secret": "S"});
        assert_eq!(asked(&by_name)["auth"]["identity"]["application_credential"], credential);
    }

    #[test]
    fn a_token_asks_for_another_scope() {
        let token = Identity::token(URL, "T").unwrap().project(Project::Id("p1".to_owned()));
        let identity = json!({"methods": ["token"], "token": {"id": "T"}});
        let scope = json!({"project": {"id": "p1"}});
        assert_eq!(asked(&token), json!({"auth": {"identity": identity, "scope": scope}}));
    }
}
