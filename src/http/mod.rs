//! How an answer is fetched over HTTP. This is the only folder that names reqwest.
//! What an answer means is not known here: that is for a preset or a typed API to say.

mod body;
mod client;
mod endpoint;
mod error;
mod fault;
mod retry_after;
mod text;
mod transport;

pub use client::{BuildError, Client, ClientBuilder, DEFAULT_BODY_LIMIT, Reply};
pub use endpoint::{Endpoint, LocationError};
pub use error::HttpError;
pub use fault::Fault;
pub use text::printable;
