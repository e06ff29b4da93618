//! Blocks until a long-running operation is done, and says how it ended.

#[cfg(feature = "simulator")]
pub mod simulator;
