//! What only shows when the crate is seen from outside: real sockets, real certificates, and the shape of the source.
//! What a weaker tool can prove is proved beside the code itself.

#[cfg(feature = "http")]
mod auth;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod buildbot;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod cli;
#[cfg(all(target_os = "linux", feature = "cli", feature = "simulator"))]
mod clock;
#[cfg(all(target_os = "linux", feature = "cli", feature = "simulator", feature = "rustls"))]
mod faults;
#[cfg(feature = "http")]
mod http;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod keystone;
mod layers;
#[cfg(all(unix, feature = "cli", feature = "simulator", feature = "rustls"))]
mod net;
#[cfg(feature = "http")]
mod preset;
#[cfg(feature = "http")]
mod secrets;
#[cfg(feature = "http")]
mod support;
#[cfg(feature = "http")]
mod telemetry;
#[cfg(feature = "rustls")]
mod tls;
