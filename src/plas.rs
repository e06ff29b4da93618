//! The PLAS API of Open Telekom Cloud: its operations, asked for over HTTP and read as typed documents.
//! How long to wait and when to ask is not known here.
//!
//! ```no_run
//! use std::time::Duration;
//! use lro::auth::Token;
//! use lro::plas;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = plas::Client::builder("https://plas.eu-de.otc.t-systems.com")?
//!     .token(Token::command("vault read -field=token otc/plas"))
//!     .build()?;
//! let operation = client.operation("e7b778a7-5d94-4263-813f-4aec18473a5a", "95a44e38-5d61-44ca-a5c4-f241812fbd51")?;
//! let done = lro::wait_for_completion(operation).timeout(Duration::from_secs(20 * 60)).await?;
//! println!("finished at {:?}", done.status().finished_at);
//! # Ok(())
//! # }
//! ```
//!
//! Source: [Querying Asynchronous Operation Results], Private Link Access Service API reference.
//!
//! [Querying Asynchronous Operation Results]: https://docs.otc.t-systems.com/private-link-access-service/api-ref/

mod client;
mod document;
#[cfg(all(any(fuzzing, test), feature = "clouds"))]
pub(crate) mod fuzzing;
mod operation;
mod reference;

use crate::auth::Service;

pub use client::{Builder, Client};
pub use document::{OperationType, Status};
pub use operation::Operation;
pub use reference::{Reference, ReferenceError};

/// The type of the PLAS API in the catalog of a Keystone.
pub const SERVICE: &str = "plas";

/// The PLAS API as it stands in the catalog of a Keystone.
#[must_use]
pub fn service() -> Service {
    Service::new(SERVICE)
}
