//! The PLAS API in memory: for demos, for tests, and for rehearsing a whole deployment script.
//! Nothing of the wait belongs here, and the wait knows nothing of this: the two meet over HTTP alone.
//!
//! A [`Simulator`] serves all six calls of the Private Link Access Service on a socket, by default on a free
//! port of the loopback. Connectors and operations live in memory and end with it.
//!
//! ```
//! use std::time::Duration;
//! use lro::simulator::{Outcome, Simulator};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), lro::simulator::StartError> {
//! let simulator = Simulator::builder()
//!     .duration(Duration::from_secs(2))
//!     .outcome(Outcome::Failed)
//!     .start()
//!     .await?;
//! assert!(simulator.url().starts_with("http://127.0.0.1:"));
//! # Ok(())
//! # }
//! ```
//!
//! With the address in `$url`, a script creates a connector and waits for it as it would with the cloud:
//!
//! ```sh
//! curl -sS "$url/v1.0/plasconnector/connectors" -H 'Content-Type: application/json' -d '{
//!   "connector": {
//!     "name": "demo", "bandwidth": 50,
//!     "cloudInfo": {
//!       "provider": "OTC",
//!       "masterLocation": "Biere", "masterDirectConnectId": "dc-1",
//!       "slaveLocation": "Magdeburg", "slaveDirectConnectId": "dc-2"
//!     },
//!     "networkInfo": {
//!       "provider": "Telekom", "networkDomain": "IPLS",
//!       "masterLocation": "Biere", "slaveLocation": "Magdeburg", "popLocation": "Berlin"
//!     }
//!   }
//! }' | lro wait --endpoint "$url" -
//! ```
//!
//! # The calls
//!
//! | call | answer |
//! |---|---|
//! | `POST /v1.0/plasconnector/connectors` | 202 and a location |
//! | `GET /v1.0/plasconnector/connectors?name=&pageSize=&pageNum=` | 200: `totalNum`, `pageSize`, `currentPage`, `data` |
//! | `GET …/connectors/{id}` | 200: `connector` |
//! | `PUT …/connectors/{id}` | 202; 200 when only the description changes |
//! | `DELETE …/connectors/{id}` | 202; 200 when the connector is `Failed` |
//! | `GET …/connectors/{id}/operations/{operation}` | 200: the operation |
//!
//! As in the samples of the reference, the location is spelt `/connector/` (singular) by POST and PUT and
//! `/connectors/` by DELETE. Both spellings of an operation's path are served. An answer 200 carries a location
//! too: that of an operation which is finished already.
//!
//! # What becomes of an operation
//!
//! Every operation takes [`duration`](Builder::duration) and ends as [`outcome`](Builder::outcome) says. One
//! operation can be chosen from outside: **the create operation of a connector whose name starts with `fail-`
//! fails, whatever the options say.** Operations answered by 200 always succeed.
//!
//! | operation | while it runs | on success | on failure |
//! |---|---|---|---|
//! | create | `Pending` | `Available` | `Failed` |
//! | update | `Available`, old values | `Available`, new values | `Available`, old values |
//! | delete | `Deleting` | gone: 404 | `Failed`, and can be deleted at once |
//!
//! A connector has one operation at a time: another call to change it is refused with 409 until then. An operation
//! can be asked for after its connector is gone.
//!
//! # Where the reference is silent
//!
//! The reference says nothing about the bodies of errors, unknown ids, conflicts and unknown fields. The simulator:
//!
//! * answers every error with `{"error_code": …, "error_msg": …}`, as the cloud's API gateway does. The codes
//!   `APIG.…` are the gateway's own, the codes `PLAS.…` are made up from the HTTP status;
//! * refuses a field it does not know, since a typing error in an optional field would otherwise pass unseen;
//! * checks lengths and characters of texts, but not that a location or a provider exists;
//! * takes `lineId` of a PUT at the top, as in the reference's table, and within `networkInfo`, as in its sample;
//! * takes `pageSize` (10 to 100) as 10 and `pageNum` as 1 when they are not given.
//!
//! # Bounds
//!
//! A body of a request is at most 64 KiB (413). At most 10,000 connectors and, over the whole life of the simulator,
//! 100,000 operations are kept (429 beyond). It speaks plain HTTP/1.1 and is no server for an open network.

mod answer;
mod builder;
mod clock;
mod document;
mod fault;
mod gate;
mod line;
mod model;
mod routes;
mod server;
mod state;
#[cfg(test)]
mod tests;
mod validate;

pub use builder::{Builder, StartError};
pub use fault::Fault;
pub use server::Simulator;
pub use state::Outcome;
