//! From arguments to an operation that can be asked.
//! Nothing is sent here.

mod access;
mod again;
mod header;
mod network;
mod reference;

use lro::http::{self, BuildError, ClientBuilder, LocationError, Start};

use super::args;
use super::failure::Failure;
use super::preset;

pub(crate) use access::{Access, Who, origin, unencrypted};
pub(crate) use reference::Reference;

/// What to try when the operation is none of the API that is asked unless told otherwise.
const OTHER_API: &str = "that is how otc-plas has it, the preset that counts when none is given; for another API give \
                         --preset NAME (lro presets lists them), or flags that describe it";

/// The operation that the arguments speak of, ready to be asked, and who asks.
pub(crate) fn operation(at: &args::At) -> Result<(http::Operation, Access), Failure> {
    let api = preset::find(&at.shape)?;
    let (reference, from_server) = reference::reference(&at.operation, &api.preset)
        .map_err(|failure| failure.or_hint(api.is_default.then_some(OTHER_API)))?;
    // Where credentials go is for the user to say, never for a server.
    let url = (reference.is_url() && !from_server).then_some(&reference);
    let access = Access::find(&at.access, &api, url)?;
    let client = client(&access, &at.access.network)?;
    let operation = http::Operation::new(client, &reference.location, reference.preset)
        .map_err(|error| elsewhere(&error))?;
    Ok((operation.named(reference.id), access))
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
        Who::Nobody | Who::Header(_) => http,
        Who::Token(token, _) => http.token(token.clone()),
        Who::Cloud(credentials) => http.credentials(credentials.clone()),
    };
    http = access.headers.iter().fold(http, |http, header| header.added(http));
    http = network.allow_host.iter().fold(http, ClientBuilder::allow_host);
    network::configured(http, network, access.cloud.as_ref())?.build().map_err(|error| {
        let hint = matches!(error, BuildError::Client(_))
            .then(|| "install the system's CA certificates (package ca-certificates)".to_owned());
        Failure::usage(error.to_string()).hint(hint)
    })
}

fn elsewhere(error: &LocationError) -> Failure {
    let hint = matches!(error, LocationError::Elsewhere { .. })
        .then(|| "leave --endpoint out, or give the one that the operation is at".to_owned());
    Failure::usage(error.to_string()).hint(hint)
}
