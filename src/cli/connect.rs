//! From arguments to an operation that can be asked.
//! Nothing is sent here.

mod access;
mod again;
mod follow;
mod gather;
mod header;
mod input;
mod invalid;
mod list;
mod network;
mod reference;
mod search;

use lro::http::{self, BuildError, ClientBuilder, LocationError, Start};

use super::args;
use super::failure::Failure;
use super::preset;
use super::telemetry;

pub(crate) use access::{Access, Who, origin, unencrypted};
pub(crate) use follow::{Follow, Followed};
pub(crate) use invalid::InvalidLine;
pub(crate) use list::{Operations, told_duplicates, told_elsewhere};
pub(crate) use reference::Reference;
pub(crate) use search::Search;

/// What to try when something would be asked without encryption.
const UNENCRYPTED: &str = "write https:// there, if it is spoken; without --require-https (LRO_REQUIRE_HTTPS) it is asked \
                           all the same, with a warning";

/// The operations that the arguments speak of, ready to be asked, and who asks. With `follow`, those on standard input are
/// left there, to be [followed](Follow::read).
pub(crate) fn operations(
    at: &args::At,
    skip_invalid: bool,
    follow: bool,
) -> Result<(Operations, Access), Failure> {
    let api = preset::find(&at.shape)?;
    let said = list::Said::read(&at.operations, &api, skip_invalid, follow)?;
    // Where credentials go is for the user to say, never for a server.
    let access = Access::find(&at.access, &api, said.url.as_ref())?;
    let client = client(&access, &at.access.network)?;
    let operations = said.gathered(client, api.preset, &at.access.network)?;
    Ok((operations, access))
}

/// The operation that this call is to start, and who starts it.
pub(crate) fn start(
    start: Start,
    location: &str,
    shape: &args::Shape,
    args: &args::Access,
) -> Result<(http::Operation, Access), Failure> {
    let api = preset::find(shape)?;
    let target = Reference::of_call(location, &api.preset)?;
    let access = Access::find(args, &api, target.is_url().then_some(&target))?;
    let client = client(&access, &args.network)?;
    let operation = http::Operation::submit(client, start, api.preset).map_err(|error| elsewhere(&error))?;
    Ok((operation, access))
}

/// A client for whoever asks.
pub(crate) fn client(access: &Access, network: &args::Network) -> Result<http::Client, Failure> {
    let mut http = http::Client::builder(access.placed()?);
    http = match &access.who {
        Who::Nobody | Who::Stranger | Who::Header(_) => http,
        Who::Token(token, _) => http.token(token.clone()),
        Who::Cloud(credentials) => http.credentials(credentials.clone()),
    };
    http = access.headers.iter().fold(http, |http, header| header.added(http));
    http = telemetry::traced(http);
    http = network.allow_host.iter().fold(http, ClientBuilder::allow_host);
    network::configured(http, network, access.cloud.as_ref())?
        .build()
        .map_err(|error| unusable_client(&error))
}

fn unusable_client(error: &BuildError) -> Failure {
    let hint = match error {
        BuildError::Client(_) => Some("install the system's CA certificates (package ca-certificates)"),
        BuildError::Location(LocationError::Unencrypted { .. }) => Some(UNENCRYPTED),
        _ => None,
    };
    Failure::usage(error.to_string()).hint(hint.map(str::to_owned))
}

fn elsewhere(error: &LocationError) -> Failure {
    let hint = matches!(error, LocationError::Elsewhere { .. })
        .then(|| "leave --endpoint or LRO_ENDPOINT out, or give the one that the operation is at".to_owned());
    Failure::usage(error.to_string()).hint(hint)
}
