//! How an answer is fetched over HTTP. This is the only folder that names reqwest.
//! What an answer means is not known here: that is for a preset or a typed API to say.

mod body;
mod builder;
mod client;
mod endpoint;
mod error;
mod fault;
mod retry_after;
mod text;
#[cfg(feature = "rustls")]
mod tls;
mod transport;

pub use builder::{BuildError, ClientBuilder};
pub use client::{Client, DEFAULT_BODY_LIMIT, Reply};
pub(crate) use endpoint::shown_text;
pub use endpoint::{Endpoint, LocationError};
pub use error::HttpError;
pub use fault::Fault;
pub use text::printable;
pub(crate) use text::shortened;
