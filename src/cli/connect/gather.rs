//! References become operations: each once, and each asked by whom it may know.
//! Where references come from is not known here.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use lro::http::{self, Client, Endpoint, LocationError};
use percent_encoding::percent_decode_str;

use super::reference::{Reference, shown};
use super::{network, unusable_client};
use crate::cli::args::Network;
use crate::cli::failure::Failure;

/// Makes operations of references.
#[derive(Debug)]
pub(super) struct Gatherer {
    /// For whoever has the credentials.
    client: Client,
    network: Network,
    /// For nobody, at each other origin.
    strangers: HashMap<String, Client>,
    seen: HashSet<u64>,
    hasher: RandomState,
    /// Whether one was at the endpoint.
    pub(super) is_home: bool,
}

/// What became of a reference.
pub(super) enum Gathered {
    /// It is asked by whoever has the credentials.
    Here(http::Operation),
    /// It is asked by nobody, because it is elsewhere.
    Elsewhere(http::Operation, Elsewhere),
    /// There was one for the same operation.
    Duplicate,
}

/// Why an operation is not asked with credentials.
pub(super) struct Elsewhere {
    pub(super) why: LocationError,
    /// The other origin, unless it was there before.
    pub(super) origin: Option<String>,
}

/// Why a reference becomes no operation.
pub(super) enum Refused {
    Location(LocationError),
    Client(Failure),
}

impl Gatherer {
    pub(super) fn new(client: Client, network: &Network) -> Self {
        // Whoever shows a certificate is no stranger.
        let network = Network { cert: None, key: None, ..network.clone() };
        Self {
            client,
            network,
            strangers: HashMap::new(),
            seen: HashSet::new(),
            hasher: RandomState::new(),
            is_home: false,
        }
    }

    /// The operation of this reference.
    pub(super) fn gather(&mut self, reference: Reference) -> Result<Gathered, Refused> {
        let Reference { id, location, preset, is_of_server } = reference;
        let endpoint = self.client.endpoint();
        let is_home = endpoint.is_none_or(|endpoint| endpoint.resolve(&location).is_ok());
        let key = self.key(&location, &preset).map_err(Refused::Location)?;
        // What a person says is to be asked; where a server leads, it is not asked for being led there.
        let may_leave = location.contains("://") && !location.starts_with('/') && !is_of_server;
        let gathered = match http::Operation::new(self.client.clone(), &location, preset.clone()) {
            Ok(operation) => Gathered::Here(operation.named(id)),
            Err(why @ LocationError::Elsewhere { .. }) if may_leave => {
                let (client, origin) = self.stranger(&location)?;
                let operation = http::Operation::new(client, &location, preset).map_err(Refused::Location)?;
                Gathered::Elsewhere(operation.named(shown(&location)), Elsewhere { why, origin })
            }
            Err(error) => return Err(Refused::Location(error)),
        };
        if !self.seen.insert(key) {
            return Ok(Gathered::Duplicate);
        }
        self.is_home |= is_home;
        Ok(gathered)
    }

    /// A client whom nobody knows at the origin of this URL, and the origin if that is a new one.
    fn stranger(&mut self, url: &str) -> Result<(Client, Option<String>), Refused> {
        let endpoint = Endpoint::of(url).map_err(Refused::Location)?;
        let origin = endpoint.to_string();
        if let Some(client) = self.strangers.get(&origin) {
            return Ok((client.clone(), None));
        }
        // What a cloud says of certificates is said of that cloud.
        let http = network::configured(Client::builder(endpoint), &self.network, None);
        let client = http.and_then(|http| http.build().map_err(|error| unusable_client(&error)));
        let client = client.map_err(Refused::Client)?;
        self.strangers.insert(origin.clone(), client.clone());
        Ok((client, Some(origin)))
    }

    /// The same number for every spelling of the same place.
    fn key(&self, location: &str, preset: &lro::preset::Preset) -> Result<u64, LocationError> {
        let own = if location.contains("://") { Some(Endpoint::of(location)?) } else { None };
        // What is in a catalog is at one place, wherever that is.
        let unknown = || Endpoint::parse("http://endpoint.invalid");
        let url = match (own, self.client.endpoint()) {
            (Some(own), _) => own.resolve(location)?,
            (None, Some(endpoint)) => endpoint.resolve(location)?,
            (None, None) => unknown()?.resolve(location)?,
        };
        let path = url.path();
        let path =
            preset.other_spelling(path).filter(|other| **other < *path).unwrap_or_else(|| path.to_owned());
        // By segments, because a slash in an id is none of the path.
        let segments: Vec<Vec<u8>> =
            path.split('/').map(|segment| percent_decode_str(segment).collect()).collect();
        Ok(self.hasher.hash_one((url.origin().ascii_serialization(), segments, url.query())))
    }
}
