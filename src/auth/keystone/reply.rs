//! What a Keystone says of a token: until when it is good, for which project, and the catalog beside it.
//! What follows from it is decided elsewhere.

use std::time::{Duration, SystemTime};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::catalog::Entry;
use super::identity::{Domain, Project, Scope};
use crate::auth::clock;

/// The document of a token. Whatever is missing or strange in it is not known, and no reason to refuse the token.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Document {
    token: TokenJson,
}

#[derive(Debug, Default, Deserialize)]
struct TokenJson {
    #[serde(default, deserialize_with = "lenient")]
    expires_at: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    project: Option<Owned>,
    #[serde(default, deserialize_with = "lenient")]
    domain: Option<Named>,
    #[serde(default, deserialize_with = "lenient")]
    user: Option<Owned>,
    #[serde(default, deserialize_with = "lenient_list")]
    catalog: Vec<Entry>,
}

#[derive(Debug, Default, Deserialize)]
struct Named {
    #[serde(default, deserialize_with = "lenient")]
    id: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    name: Option<String>,
}

/// A project or a user, with the domain where it is known.
#[derive(Debug, Default, Deserialize)]
struct Owned {
    #[serde(flatten)]
    named: Named,
    #[serde(default, deserialize_with = "lenient")]
    domain: Named,
}

/// What stands there, or nothing when it is something else.
pub(super) fn lenient<'de, T, D>(json: D) -> Result<T, D::Error>
where
    T: DeserializeOwned + Default,
    D: Deserializer<'de>,
{
    Ok(serde_json::from_value(Value::deserialize(json)?).unwrap_or_default())
}

/// Those things in a list that are what they should be.
pub(super) fn lenient_list<'de, T, D>(json: D) -> Result<Vec<T>, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    let things: Vec<Value> = lenient(json)?;
    Ok(things.into_iter().filter_map(|thing| serde_json::from_value(thing).ok()).collect())
}

impl Document {
    /// What is wrong with it is told without a word of it: there may be a token in it.
    pub(super) fn parse(body: &[u8]) -> Result<Self, String> {
        serde_json::from_slice(body).map_err(|error| {
            if error.is_data() {
                "it is JSON of another kind".to_owned()
            } else {
                format!("it is no JSON (line {}, column {})", error.line(), error.column())
            }
        })
    }

    /// How long the token is still good. `date` is what the server's clock says now, if it told.
    pub(super) fn lifetime(&self, date: Option<SystemTime>) -> Option<Duration> {
        let until = clock::parse(self.token.expires_at.as_deref()?)?;
        // One that was over before it was given: somebody's clock is wrong, and the server will say when it is over.
        Some(clock::between(date.unwrap_or_else(clock::wall), until)).filter(|left| !left.is_zero())
    }

    /// Whether the token is for this already.
    pub(super) fn is_for(&self, scope: &Scope) -> bool {
        let is = |known: &Option<String>, wanted: &str| known.as_deref() == Some(wanted);
        let is_domain = |known: &Named, wanted: &Domain| match wanted {
            Domain::Id(id) => is(&known.id, id),
            Domain::Name(name) => is(&known.name, name),
        };
        match (scope, &self.token.project, &self.token.domain) {
            (Scope::Unsaid, ..) => true,
            (Scope::Project(Project::Id(id)), Some(project), _) => is(&project.named.id, id),
            (Scope::Project(Project::Name { name, domain }), Some(project), _) => {
                let is_there = domain.as_ref().is_none_or(|domain| is_domain(&project.domain, domain));
                is(&project.named.name, name) && is_there
            }
            (Scope::Domain(domain), _, Some(known)) => is_domain(known, domain),
            _ => false,
        }
    }

    /// Whose it is and what for, in words.
    pub(super) fn holder(&self) -> Option<String> {
        let name = |named: &Named| named.name.clone().or_else(|| named.id.clone());
        let user = self.token.user.as_ref()?;
        let domain = name(&user.domain).map(|domain| format!(" of domain `{domain}`")).unwrap_or_default();
        let project = self.token.project.as_ref().and_then(|project| name(&project.named));
        let project = project.map(|project| format!(", project `{project}`")).unwrap_or_default();
        Some(format!("user `{}`{domain}{project}", name(&user.named)?))
    }

    pub(super) fn into_catalog(self) -> Vec<Entry> {
        self.token.catalog
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"token": {"methods": ["password"], "expires_at": "2015-11-09T01:42:57.000000Z",
        "issued_at": "2015-11-08T01:42:57.000000Z",
        "user": {"id": "u1", "name": "alice", "domain": {"id": "d1", "name": "D"}, "password_expires_at": null},
        "project": {"id": "p1", "name": "eu-de", "domain": {"id": "d1", "name": "D"}}, "is_domain": false,
        "catalog": []}}"#;

    fn document() -> Document {
        Document::parse(DOCUMENT.as_bytes()).unwrap()
    }

    #[test]
    fn a_token_lasts_by_the_clock_of_the_server() {
        let date = clock::parse("2015-11-09T01:00:57Z");
        assert_eq!(document().lifetime(date), Some(Duration::from_secs(42 * 60)));
        // By this machine's clock it ended long ago.
        assert_eq!(document().lifetime(None), None);
        let strange = Document::parse(br#"{"token": {"expires_at": "soon"}}"#).unwrap();
        assert_eq!(strange.lifetime(date), None);
    }

    #[test]
    fn what_is_strange_beside_a_token_is_no_reason_to_refuse_it() {
        for strange in
            ["null", "1", "\"x\"", "[null, 1]", "{\"endpoints\": null}", "{\"domain\": null, \"id\": 7}"]
        {
            for field in ["expires_at", "user", "project", "domain", "catalog"] {
                let body = format!(r#"{{"token": {{"{field}": {strange}}}}}"#);
                let document = Document::parse(body.as_bytes()).unwrap();
                assert_eq!(document.lifetime(Some(SystemTime::UNIX_EPOCH)), None, "{body}");
                assert_eq!(document.holder(), None, "{body}");
            }
        }
        let user =
            br#"{"token": {"user": {"name": "alice", "domain": null}, "catalog": [null, {"type": "plas"}]}}"#;
        let document = Document::parse(user).unwrap();
        assert_eq!(document.holder().unwrap(), "user `alice`");
        assert_eq!(document.into_catalog().len(), 1);
        assert!(Document::parse(b"{}").is_err() && Document::parse(br#"{"token": 1}"#).is_err());
    }

    #[test]
    fn a_token_is_known_to_be_for_a_project_or_not() {
        let named = |name: &str, domain| Scope::Project(Project::Name { name: name.to_owned(), domain });
        let is_for = |scope| document().is_for(&scope);
        assert!(is_for(Scope::Unsaid));
        assert!(is_for(Scope::Project(Project::Id("p1".to_owned()))));
        assert!(!is_for(Scope::Project(Project::Id("p2".to_owned()))));
        assert!(is_for(named("eu-de", None)));
        assert!(is_for(named("eu-de", Some(Domain::Id("d1".to_owned())))));
        assert!(!is_for(named("eu-de", Some(Domain::Name("other".to_owned())))));
        assert!(!is_for(named("eu-nl", None)));
        assert!(!is_for(Scope::Domain(Domain::Id("d1".to_owned()))));
        assert_eq!(document().holder().unwrap(), "user `alice` of domain `D`, project `eu-de`");
    }
}
