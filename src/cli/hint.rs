//! What to try after an end that is not a success, and what is known all the same.
//! Which exit code an end has is not known here.

use lro::http::HttpError;
use lro::plas::Status;
use lro::{PollError, PollErrorKind, WaitError};

use super::exit::{Exit, http_error};
use super::failure::Failure;
use super::report::Ended;

/// What is told of a wait that ended without success.
pub(crate) fn of_wait(error: &WaitError<Status>, ended: &Ended, exit: Exit, has_token: bool) -> Failure {
    let failure = Failure::of(exit, error);
    let again = || {
        format!(
            "the operation may still be running; to wait for it again: lro wait {}",
            quoted(ended.url.as_deref().unwrap_or(&ended.id))
        )
    };
    match error {
        WaitError::Failed(_) | WaitError::Cancelled(_) => failure.note(ended.effort()),
        WaitError::TimedOut { .. } | WaitError::Interrupted(_) => {
            failure.note(ended.last_known()).note(ended.last_error()).hint(again())
        }
        WaitError::Poll { source, .. } => {
            failure.note(ended.last_known()).hint(of_poll_error(source, has_token))
        }
        WaitError::Policy(_) => failure,
    }
}

/// What to try after a poll that brought no usable answer.
pub(crate) fn of_poll_error(error: &PollError, has_token: bool) -> Option<String> {
    let hint = match (http_error(error), error.kind()) {
        (Some(HttpError::Credentials(_) | HttpError::Renewal(_)), _) => return None,
        (_, PollErrorKind::Denied) if !has_token => {
            "no token was sent: set LRO_TOKEN, or give --token-file FILE or --token-command COMMAND"
        }
        (_, PollErrorKind::Denied) => {
            "the token may be wrong, expired, or for another project; --token-command gets a fresh one by itself"
        }
        (_, PollErrorKind::NotFound | PollErrorKind::Gone) => {
            "check both ids and the endpoint; an operation that was just started may not be known everywhere yet"
        }
        (Some(HttpError::Certificate { .. }), _) => {
            "--cacert FILE trusts the certificates of a private authority too"
        }
        (Some(HttpError::Redirect { .. }), _) => {
            "if that is the right place, ask there: give its URL as OPERATION, or its origin as --endpoint"
        }
        (Some(HttpError::Transport { .. }), _) => {
            "check the endpoint and the way there: network, proxy, firewall"
        }
        (Some(HttpError::Undecodable { .. } | HttpError::TooLong { .. }), _) => {
            "something else than the API may answer there: check the endpoint"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// A word as a POSIX shell takes it for one.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/:%+,=@".contains(c);
    if word.chars().all(is_plain) { word.to_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_to_type_is_safe_to_paste() {
        assert_eq!(quoted("http://[::1]:80/a"), "'http://[::1]:80/a'");
        assert_eq!(quoted("https://plas.example/v1.0/a%20b"), "https://plas.example/v1.0/a%20b");
        assert_eq!(quoted("a'; rm -rf /"), r"'a'\''; rm -rf /'");
    }
}
