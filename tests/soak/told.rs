//! What the command told of the end of one operation, in the part of its document that is about that.
//! Whether it is true is not known here.

use std::time::SystemTime;

use serde_json::Value;

use super::Failure;

/// The end of one operation, as it was told.
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) outcome: String,
    pub(crate) reason: Option<String>,
    pub(crate) polls: u64,
    pub(crate) errors: u64,
    pub(crate) at: SystemTime,
    pub(crate) last_error: Option<String>,
}

impl Told {
    pub(crate) fn of(operation: &Value, at: SystemTime) -> Result<Self, Failure> {
        let text = |name: &str| operation[name].as_str().map(str::to_owned);
        let number = |name: &str| operation[name].as_u64();
        let is_missing = || format!("the document lacks something: {operation}");
        Ok(Self {
            id: text("id").ok_or_else(is_missing)?,
            outcome: text("outcome").ok_or_else(is_missing)?,
            reason: text("reason"),
            polls: number("polls").ok_or_else(is_missing)?,
            errors: number("transient_errors").ok_or_else(is_missing)?,
            at,
            last_error: text("last_error"),
        })
    }
}
