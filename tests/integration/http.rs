//! The PLAS API over real sockets: what is sent, and what each thing that can come back means.
//! How long a wait waits is proved beside the machine; here a pause is only read off.

mod access_key;
mod arrival;
mod astray;
mod azure;
mod body;
mod call;
mod carrier;
mod conversation;
mod cookies;
mod elsewhere;
mod encrypted;
mod fault;
mod fleet;
mod header;
#[cfg(feature = "rustls")]
mod http2;
mod location;
mod operation;
mod proxy;
mod request;
mod retry_after;
mod shape;
mod starved;
mod status;
mod token;
mod transport;
mod wary;
