//! The asynchronous operations of Azure as conversations: what is asked, what is answered, and what a strict client says
//! in the end. The rules are those of the resource provider contract of ARM (v1.0, asynchronous API reference) and of the
//! REST API guidelines of Azure; many odd cases are those that the SDKs of Azure are tested with.
//! How a preset comes to its verdict is not known here.

mod location;
mod resource;
mod status;
mod wrong;

use super::conversation::{Case, hold};

/// A resource in this state of its making.
macro_rules! widget {
    ($state:literal) => {
        concat!(r#"{"id":"/w","name":"w","properties":{"provisioningState":""#, $state, r#""},"type":"T/w"}"#)
    };
}
use widget;

/// The end of a widget that was made.
const MADE: &str = concat!("succeeded: ", widget!("Succeeded"));
