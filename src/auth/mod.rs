//! How a request is allowed: where a token comes from, and how a fresh one is had.
//! Nothing here speaks HTTP, and nothing here ever tells a secret.

mod token;

pub use token::{Token, TokenError};
