//! Who asks, where, and how that was found, as a table for a person or a document for a script. Never a secret.
//! Nothing is found here.

use std::fmt::Write;
use std::time::Duration;

use lro::http::{Client, printable};
use serde::Serialize;

use crate::cli::clock;
use crate::cli::connect::{Access, Who, origin};
use crate::cli::duration::human;

/// How wide the names of a table are.
const NAMES: usize = 10;

/// Who asks, and all that may be told of it.
#[derive(Serialize)]
pub(crate) struct Asker {
    schema: u32,
    method: Option<&'static str>,
    identity: Option<String>,
    /// Who named it: a flag, a variable, a cloud in a file.
    from: Option<String>,
    auth_url: Option<String>,
    endpoint: Option<String>,
    endpoint_from: Option<String>,
    region: Option<String>,
    /// Whether the cloud was asked and said yes; null when it was not asked.
    allowed: Option<bool>,
    expires_at: Option<String>,
    /// Whether a fresh one comes after it; null when the cloud did not say yes.
    renews: Option<bool>,
    found: Vec<Found>,
    notes: Vec<String>,
    #[serde(skip)]
    lasts: Option<Duration>,
    #[serde(skip)]
    is_temporary_key: Option<bool>,
}

/// One thing that is used.
#[derive(Serialize)]
struct Found {
    what: String,
    /// Null for a secret.
    value: Option<String>,
    from: String,
}

impl Asker {
    /// What is known before anything is asked.
    pub(crate) fn of(access: &Access) -> Self {
        let cloud = access.cloud.as_ref();
        let (method, identity, from, auth_url) = match &access.who {
            Who::Nobody | Who::Stranger => (None, None, None, None),
            Who::Header(name) => (Some("header"), None, Some(format!("the header {name}")), None),
            Who::Token(_, from) => (Some("token"), None, Some(from.clone()), None),
            Who::Cloud(credentials) => (
                Some(credentials.method()),
                Some(credentials.to_string()),
                cloud.map(origin),
                credentials.auth_url().map(str::to_owned),
            ),
        };
        let place = access.place.as_ref();
        Self {
            schema: 1,
            method,
            identity,
            from,
            auth_url,
            endpoint: place.and_then(|(place, _)| place.endpoint()).map(ToString::to_string),
            endpoint_from: place.map(|(place, from)| from.clone().unwrap_or_else(|| place.to_string())),
            region: cloud.and_then(|cloud| cloud.region()).map(|said| said.value.clone()),
            allowed: None,
            expires_at: None,
            renews: None,
            found: access
                .facts()
                .into_iter()
                .map(|fact| Found { what: fact.what, value: fact.value, from: fact.origin.to_string() })
                .collect(),
            notes: cloud.map(|cloud| cloud.notes().to_vec()).unwrap_or_default(),
            lasts: None,
            is_temporary_key: access.is_temporary_key(),
        }
    }

    /// Adds what was learned by asking.
    pub(crate) fn learn(&mut self, client: &Client, access: &Access, allowed: bool) {
        let standing = client.standing();
        self.allowed = Some(allowed);
        self.identity = standing.holder.or(self.identity.take());
        if let Some(endpoint) = client.endpoint().map(ToString::to_string)
            && self.endpoint.as_ref() != Some(&endpoint)
        {
            let is_listed = client.is_endpoint_from_catalog();
            self.endpoint_from =
                if is_listed { Some("the catalog".to_owned()) } else { access.vendors_origin() };
            self.endpoint = Some(endpoint);
        }
        self.lasts = standing.lasts;
        self.expires_at = standing.lasts.and_then(clock::after);
        self.renews = allowed.then_some(standing.renews);
    }

    /// As a table.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let mut row = |name: &str, value: &str| {
            let _ = writeln!(text, "{name:NAMES$} {}", printable(value));
        };
        let with = |value: &Option<String>, from: &Option<String>| match (value, from) {
            (Some(value), Some(from)) => Some(format!("{value} ({from})")),
            _ => value.clone(),
        };
        row("method", &with(&self.method.map(str::to_owned), &self.from).unwrap_or("none".to_owned()));
        let identity = self.identity.as_deref().unwrap_or("whoever the token is for");
        if self.method.is_some() {
            row("identity", identity);
        }
        self.auth_url.iter().for_each(|url| row("asks at", url));
        let endpoint = with(&self.endpoint, &self.endpoint_from).or_else(|| self.endpoint_from.clone());
        row("endpoint", &endpoint.unwrap_or("not known".to_owned()));
        if self.method.is_some() {
            row("until", &self.until());
        }
        for (index, found) in self.found.iter().enumerate() {
            let value = found.value.as_ref().map(|value| format!(" `{value}`")).unwrap_or_default();
            row(if index == 0 { "found" } else { "" }, &format!("{}{value} ({})", found.what, found.from));
        }
        self.notes.iter().for_each(|note| row("note", note));
        if let Some(allowed) = self.allowed {
            row("checked", if allowed { "the API may be asked" } else { "no: see the error" });
        }
        text
    }

    fn until(&self) -> String {
        let after = match (self.allowed, self.is_temporary_key, self.renews) {
            (None | Some(true), Some(false), _) => return "it does not end".to_owned(),
            (_, Some(true), _) | (_, None, Some(false)) => "; it cannot be renewed",
            (None, None, _) => "; --check asks the cloud",
            (_, None, Some(true)) => "; then a fresh one is had",
            // What was refused may have ended, and a login that failed leads to nothing fresh.
            (Some(false), ..) | (_, None, None) => "",
        };
        match (&self.expires_at, self.lasts) {
            (Some(time), Some(lasts)) => format!("{time}, in {}{after}", human(lasts)),
            _ => format!("not known{after}"),
        }
    }

    /// As a document on one line.
    pub(crate) fn json(&self) -> String {
        super::json::line(self)
    }
}
