//! What the answers of an API mean, as data.
//! How an answer is had is not known here.

pub mod expression;
mod traps;
