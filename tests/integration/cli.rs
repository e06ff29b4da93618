//! The command as a script and a person meet it: what it prints, what it tells, and how it ends.
//! What the wait itself promises is proved closer to it.

mod auth;
mod config;
mod engines;
mod exit;
mod fleet;
mod github;
#[cfg(target_os = "linux")]
mod hostile;
mod killed;
mod log;
mod network;
mod output;
mod presets;
mod report;
mod shape;
mod showcase;
mod signal;
mod submit;
mod terminal;
mod then;
mod time;
mod usage;

pub(crate) use auth::Machine;
