//! How an answer is fetched over HTTP. This is the only folder that names reqwest.
//! What an answer means is not known here: that is for a preset or a typed API to say.

mod body;
mod builder;
mod call;
mod client;
mod clock_skew;
mod cookies;
mod distrust;
mod elsewhere;
mod endpoint;
mod error;
mod fault;
mod fetch;
mod field;
mod file;
mod forerunner;
#[cfg(all(any(fuzzing, test), feature = "clouds"))]
pub(crate) mod fuzzing;
mod location;
mod meaning;
mod operation;
mod outgoing;
mod place;
mod proxy;
mod reply;
mod retry_after;
mod secrets;
mod span;
mod spelling;
mod start;
mod status;
mod submit;
mod text;
#[cfg(feature = "rustls")]
mod tls;
mod trace;
mod transport;
mod whereabouts;
mod wire;

pub use builder::{BuildError, ClientBuilder};
pub use call::{Call, MethodError};
pub use client::{Client, DEFAULT_BODY_LIMIT};
pub use clock_skew::ClockSkew;
pub use distrust::{Distrust, Obstacle};
pub use endpoint::Endpoint;
pub use error::HttpError;
pub use fault::Fault;
pub use field::HeaderError;
pub use file::read_file;
pub use location::LocationError;
pub(crate) use location::{parse_http, shown_text};
pub use operation::Operation;
pub(crate) use outgoing::Outgoing;
pub use place::Place;
pub use proxy::environment_names_http_proxy;
pub(crate) use reply::Refusal;
pub use reply::Reply;
pub use start::Start;
pub use status::Status;
pub use text::printable;
pub(crate) use text::{is_invisible, shortened};
#[cfg(feature = "rustls")]
pub use tls::LONGEST_PEM;
pub use trace::{TraceContext, TraceContextError};
pub(crate) use wire::Wire;
