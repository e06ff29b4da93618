//! What the tests over sockets share: a scripted server, and the operation that asks it.
//! Nothing here asserts anything.

#[cfg(all(unix, feature = "cli", feature = "simulator"))]
pub(crate) mod account;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
pub(crate) mod buildbot;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
pub(crate) mod command;
#[cfg(feature = "clouds")]
pub(crate) mod file;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
pub(crate) mod guard;
#[cfg(feature = "rustls")]
pub(crate) mod http2;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
pub(crate) mod keystone;
#[cfg(all(unix, feature = "cli", feature = "simulator", feature = "rustls"))]
pub(crate) mod nginx;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
pub(crate) mod real;
pub(crate) mod server;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
pub(crate) mod terminal;
#[cfg(feature = "rustls")]
pub(crate) mod tls;

use std::error::Error;
use std::time::Duration;

use lro::http::{ClientBuilder, HttpError};
use lro::plas::{Client, Operation};
use lro::schedule::Fixed;
use lro::{PollError, PollErrorKind};

use server::Server;

/// Where the operation of these tests is asked for.
pub(crate) const PATH: &str = "/v1.0/plasconnector/connectors/c1/operations/o1";

pub(crate) const PENDING: &str = r#"{"operationId":"o1","operationType":"create","finished":false}"#;
pub(crate) const SUCCESS: &str = r#"{"operationId":"o1","finished":true,"result":{"result":"success"}}"#;

/// A client of this endpoint, configured like this. The environment of whoever runs the tests names no proxy for it.
pub(crate) fn client(endpoint: &str, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let builder = Client::builder(endpoint).expect("an endpoint");
    builder.http(|http| configure(http.without_proxy())).build().expect("a client")
}

/// A client of any API at this server, configured like this.
pub(crate) fn asking(
    server: &Server,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> lro::http::Client {
    client(&server.url(), configure).http().clone()
}

/// The operation `c1/o1` of this server.
pub(crate) fn operation(server: &Server) -> Operation {
    operation_with(server, |http| http)
}

/// The operation `c1/o1` of this server, asked for by a client that is configured like this.
pub(crate) fn operation_with(
    server: &Server,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Operation {
    client(&server.url(), configure).operation("c1", "o1").expect("an operation")
}

/// A schedule that asks again after so many milliseconds.
pub(crate) fn every(milliseconds: u64) -> Fixed {
    Fixed::new(Duration::from_millis(milliseconds)).expect("an interval")
}

/// Asks once, for an error: its kind, and the text of what happened.
pub(crate) async fn poll_error(operation: &mut Operation) -> (PollErrorKind, String) {
    // So that a guard that is gone is a failure, and no test that hangs.
    let poll = tokio::time::timeout(Duration::from_secs(10), lro::Operation::poll(operation)).await;
    let error = poll.expect("no hang").expect_err("an error");
    (error.kind(), http_error(&error).to_string())
}

/// What happened, as a caller gets at it.
pub(crate) fn http_error(error: &PollError) -> &HttpError {
    error.source().and_then(|source| source.downcast_ref()).expect("an HttpError")
}

/// An error with all its causes, on one line.
pub(crate) fn chain(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
