//! Where the API turns out to be, once a catalog was asked for it; told once.
//! Nothing is asked here.

use lro::http::Client;

use super::unencrypted;
use crate::cli::report;

/// The search of a client for its endpoint.
#[derive(Debug)]
pub(crate) struct Search {
    client: Client,
    is_over: bool,
}

/// A text about a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Text {
    Plain(String),
    Warning(String),
}

impl Text {
    /// As it is said.
    pub(crate) fn dressed(&self, color: bool) -> String {
        match self {
            Self::Plain(text) => text.clone(),
            Self::Warning(text) => report::warning(text, color),
        }
    }
}

impl Search {
    pub(crate) fn of(client: Client) -> Self {
        let is_over = client.endpoint().is_some();
        Self { client, is_over }
    }

    /// What a person should know of the place, as soon as it is known.
    pub(crate) fn told(&mut self) -> Vec<Text> {
        let Some(endpoint) = self.client.endpoint().filter(|_| !self.is_over) else { return Vec::new() };
        self.is_over = true;
        let found = if self.client.is_endpoint_from_catalog() {
            "the catalog has it at"
        } else {
            "the catalog does not name it; asking at"
        };
        let warning = unencrypted(endpoint, true).map(Text::Warning);
        [Text::Plain(format!("{found} {endpoint}"))].into_iter().chain(warning).collect()
    }
}
