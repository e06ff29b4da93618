//! From arguments to an operation that can be asked.
//! Nothing is sent here.

mod access;
mod again;
mod network;
mod reference;

use lro::http::{self, BuildError};
use lro::plas;

use super::args;
use super::failure::Failure;
use super::preset;

pub(crate) use access::{Access, Who, origin, unencrypted};

/// The operation that the arguments speak of, ready to be asked, and who asks.
pub(crate) fn operation(at: &args::At) -> Result<(plas::Operation, Access), Failure> {
    preset::find(&at.shape)?;
    let (reference, from_server) = reference::reference(&at.operation)?;
    // Where credentials go is for the user to say, never for a server.
    let url = (reference.is_url() && !from_server).then_some(&reference);
    let access = Access::find(&at.access, url)?;
    let client = client(&access, &at.access.network)?;
    let operation = client.operation_of(reference).map_err(|error| reference::wrong_reference(&error))?;
    Ok((operation, access))
}

/// A client for whoever asks.
pub(crate) fn client(access: &Access, network: &args::Network) -> Result<plas::Client, Failure> {
    let mut http = http::Client::builder(access.placed()?);
    http = match &access.who {
        Who::Nobody => http,
        Who::Token(token, _) => http.token(token.clone()),
        Who::Cloud(credentials) => http.credentials(credentials.clone()),
    };
    let http = network::configured(http, network, access.cloud.as_ref())?.build().map_err(|error| {
        let hint = matches!(error, BuildError::Client(_))
            .then(|| "install the system's CA certificates (package ca-certificates)".to_owned());
        Failure::usage(error.to_string()).hint(hint)
    })?;
    Ok(plas::Client::new(http))
}
