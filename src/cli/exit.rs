//! How an end becomes an exit code. This is the only place that knows the codes.
//! The same table stands in `--help` and in docs/output.md, and tests hold them together.

use std::process::ExitCode;

use lro::auth::AuthErrorKind;
use lro::http::HttpError;
use lro::http::Status;
use lro::{Outcome, PollError, PollErrorKind, Verdict, WaitError};

/// What the command's exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Succeeded,
    Failed,
    Usage,
    NoAnswer,
    Denied,
    NotFound,
    Pending,
    TimedOut,
    CannotRun,
    CommandNotFound,
    Interrupted,
    Terminated,
    /// The code of COMMAND.
    #[cfg(not(unix))]
    Command(u8),
}

/// Every code and what it means, in the words of the help.
pub(crate) const TABLE: [(&str, &str); 10] = [
    ("0", "succeeded (with -- COMMAND: the command's own code)"),
    (
        "1",
        "the operation failed or was cancelled (or waits for a person: --fail-on-blocked); the reason is printed",
    ),
    ("2", "usage or configuration; nothing was sent (or with --follow: a line named no operation)"),
    ("3", "no usable answer: unreachable, an unexpected status, not understood, a call left open"),
    ("4", "not allowed (401, 403 after a fresh token)"),
    ("5", "no such operation (404 after the grace, 410)"),
    ("75", "status only: still pending"),
    ("124", "out of time, as timeout(1); the operation may still be running"),
    ("126, 127", "COMMAND could not be run, was not found"),
    ("130, 143", "SIGINT, SIGTERM (twice: at once)"),
];

impl Exit {
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Succeeded => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NoAnswer => 3,
            Self::Denied => 4,
            Self::NotFound => 5,
            Self::Pending => 75,
            Self::TimedOut => 124,
            Self::CannotRun => 126,
            Self::CommandNotFound => 127,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            #[cfg(not(unix))]
            Self::Command(code) => code,
        }
    }

    /// How much it weighs where one code stands for several operations: the heaviest is told.
    pub(crate) fn gravity(self) -> usize {
        const ORDER: [Exit; 8] = [
            Exit::Succeeded,
            Exit::Pending,
            Exit::Usage,
            Exit::TimedOut,
            Exit::NoAnswer,
            Exit::NotFound,
            Exit::Denied,
            Exit::Failed,
        ];
        // A signal, and what became of COMMAND, is about all of them.
        ORDER.iter().position(|known| *known == self).unwrap_or(ORDER.len())
    }

    /// The code for the end of a wait; `interrupted` is the code for the signal, if one ended it.
    pub(crate) fn of_outcome(outcome: &Outcome<Status>, interrupted: Self) -> Self {
        match outcome {
            Ok(_) => Self::Succeeded,
            Err(WaitError::Failed(_) | WaitError::Cancelled(_) | WaitError::Blocked(_)) => Self::Failed,
            Err(WaitError::TimedOut { .. }) => Self::TimedOut,
            Err(WaitError::Poll { source, .. }) => Self::of_poll_error(source),
            Err(WaitError::Interrupted(_)) => interrupted,
            Err(WaitError::Policy(_)) => Self::Usage,
        }
    }

    /// The code for an answer to a question that is asked once.
    pub(crate) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pending | Verdict::Blocked => Self::Pending,
            Verdict::Succeeded => Self::Succeeded,
            Verdict::Failed | Verdict::Cancelled => Self::Failed,
        }
    }

    pub(crate) fn of_poll_error(error: &PollError) -> Self {
        // Nothing was sent: what was told to us is at fault.
        match http_error(error) {
            Some(HttpError::Location(_)) => return Self::Usage,
            Some(HttpError::Credentials(error)) if error.kind() == AuthErrorKind::Unusable => {
                return Self::Usage;
            }
            _ => {}
        }
        match error.kind() {
            PollErrorKind::Denied => Self::Denied,
            PollErrorKind::NotFound | PollErrorKind::Gone => Self::NotFound,
            PollErrorKind::Transient | PollErrorKind::NotUnderstood | PollErrorKind::Permanent => {
                Self::NoAnswer
            }
        }
    }
}

/// What went wrong over HTTP, if it was over HTTP.
pub(crate) fn http_error(error: &PollError) -> Option<&HttpError> {
    std::error::Error::source(error)?.downcast_ref()
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit::{
        CannotRun, CommandNotFound, Denied, Failed, Interrupted, NoAnswer, NotFound, Pending, Succeeded,
        Terminated, TimedOut, Usage,
    };
    use super::*;

    #[test]
    fn every_code_stands_in_the_table() {
        let codes: Vec<u8> =
            TABLE.iter().flat_map(|(codes, _)| codes.split(", ")).map(|code| code.parse().unwrap()).collect();
        let named = [
            Succeeded,
            Failed,
            Usage,
            NoAnswer,
            Denied,
            NotFound,
            Pending,
            TimedOut,
            CannotRun,
            CommandNotFound,
            Interrupted,
            Terminated,
        ];
        assert_eq!(codes, named.map(Exit::code));
    }

    #[test]
    fn the_page_has_the_same_table() {
        let page = include_str!("../../docs/output.md");
        for (codes, meaning) in TABLE {
            let row = format!("| {codes} | {} |", meaning.replace("-- COMMAND", "`-- COMMAND`"));
            assert!(page.contains(&row), "docs/output.md lacks the row\n{row}");
        }
    }

    #[test]
    fn each_poll_error_has_its_code() {
        for (kind, exit) in [
            (PollErrorKind::Transient, Exit::NoAnswer),
            (PollErrorKind::Permanent, Exit::NoAnswer),
            (PollErrorKind::NotUnderstood, Exit::NoAnswer),
            (PollErrorKind::Denied, Exit::Denied),
            (PollErrorKind::NotFound, Exit::NotFound),
            (PollErrorKind::Gone, Exit::NotFound),
        ] {
            assert_eq!(Exit::of_poll_error(&PollError::new(kind, "x")), exit);
        }
    }
}
