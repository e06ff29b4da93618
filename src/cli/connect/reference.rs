//! Which operation is meant: what is typed, or what stands on standard input.
//! Where it is asked for is not decided here.

use std::io::Read;

use lro::http::LocationError;
use lro::plas::{Reference, ReferenceError};

use crate::cli::failure::Failure;

/// How much of standard input is read. A location has at most 255 characters.
const LONGEST_INPUT: u64 = 64 * 1024;

/// The reference, and whether it may be a server's word rather than the user's.
pub(super) fn reference(text: &str) -> Result<(Reference, bool), Failure> {
    if text != "-" {
        return text.parse().map(|reference| (reference, false)).map_err(|error| wrong_reference(&error));
    }
    let mut input = Vec::new();
    let cannot_read = |why: &dyn std::fmt::Display| {
        Failure::usage("the operation cannot be read from standard input").caused_by(why)
    };
    std::io::stdin()
        .lock()
        .take(LONGEST_INPUT + 1)
        .read_to_end(&mut input)
        .map_err(|error| cannot_read(&error))?;
    if input.len() as u64 > LONGEST_INPUT {
        return Err(cannot_read(&"it is longer than 64 KiB, which no answer with a location is"));
    }
    let input = String::from_utf8(input).map_err(|_| cannot_read(&"it is not text"))?;
    from_input(&input).map(|reference| (reference, true)).map_err(|failure| {
        failure.hint(
            "expected is {\"location\": \"…\"}, as the call that starts an operation answers".to_owned(),
        )
    })
}

fn from_input(input: &str) -> Result<Reference, Failure> {
    // Some programs begin a text with a byte-order mark.
    let input = input.strip_prefix('\u{feff}').unwrap_or(input).trim();
    if input.is_empty() {
        return Err(Failure::usage("there is no operation on standard input: it is empty"));
    }
    if input.starts_with(['{', '[', '<']) {
        return Reference::from_accepted(input)
            .map_err(|error| Failure::usage("there is no operation on standard input").caused_by(error));
    }
    let mut lines = input.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next()) {
        (Some(line), None) => line.parse().map_err(|error| wrong_reference(&error)),
        _ => Err(Failure::usage("there are several operations on standard input, and lro waits for one")),
    }
}

pub(super) fn wrong_reference(error: &ReferenceError) -> Failure {
    let hint = match error {
        ReferenceError::Location(LocationError::Elsewhere { .. }) => {
            Some("leave --endpoint out, or give the one that the operation is at".to_owned())
        }
        _ => None,
    };
    Failure::usage(error.to_string()).hint(hint)
}
