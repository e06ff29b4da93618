//! How a wait can end, well or badly, with the last answer kept in every case.
//! Nothing here decides anything, and no text repeats the text of its source.

use std::sync::Arc;
use std::time::Duration;

use crate::operation::{Answer, PollError, PollErrorKind};
use crate::policy::{PolicyError, Span};

/// How a wait ended.
pub type Outcome<S> = Result<Completed<S>, WaitError<S>>;

/// What every end of a wait tells.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<S> {
    /// Which operation was waited for, as [`Operation::id`](crate::Operation::id) says it.
    pub id: Arc<str>,
    /// The last answer that was understood, if there was one.
    pub answer: Option<Arc<Answer<S>>>,
    /// The last poll error, if there was one.
    pub last_error: Option<Arc<PollError>>,
    /// How many polls were sent.
    pub polls: u32,
    /// How many polls ended in a transient error.
    pub transient_errors: u32,
    /// How long the wait lasted.
    pub elapsed: Duration,
}

impl<S> Report<S> {
    /// What the API last said in words.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.answer.as_ref()?.reason.as_deref()
    }
}

/// The operation succeeded, on the server's word.
#[derive(Debug)]
#[non_exhaustive]
pub struct Completed<S> {
    /// The answer that said so.
    pub answer: Arc<Answer<S>>,
    /// What it took.
    pub report: Report<S>,
}

impl<S> Completed<S> {
    /// The status in the answer that said so.
    #[must_use]
    pub fn status(&self) -> &S {
        &self.answer.status
    }
}

/// The wait ended without success.
///
/// The list is closed: these are all the ways there are, and who matches on them has thought of each.
///
/// ```
/// use lro::WaitError;
/// use lro::operation::{self, Answer};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let export = operation::from_fn(|| async { Ok(Answer::failed("FAIL").reason("no quota")) });
/// match lro::wait_for_completion(export).await {
///     Ok(done) => println!("there after {} polls", done.report.polls),
///     Err(WaitError::Failed(report)) => assert_eq!(report.reason(), Some("no quota")),
///     Err(error) if error.is_timeout() => println!("it may still be running: {error}"),
///     Err(error) => println!("nobody knows: {error}"),
/// }
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
pub enum WaitError<S> {
    /// The operation failed, on the server's word.
    #[error("operation {} failed{}", .0.id, reason(.0))]
    Failed(Box<Report<S>>),

    /// The operation was cancelled, on the server's word.
    #[error("operation {} was cancelled{}", .0.id, reason(.0))]
    Cancelled(Box<Report<S>>),

    /// The operation waits for a person, on the server's word, and that was to
    /// [end the wait](crate::Policy::fail_on_blocked). It goes on once somebody has acted.
    #[error("operation {} waits for a person{}", .0.id, reason(.0))]
    Blocked(Box<Report<S>>),

    /// The limit of the wait passed first. The operation may still be running.
    #[error("gave up waiting for operation {}: {limit}", report.id)]
    TimedOut {
        /// Which limit it was.
        limit: Limit,
        /// What is known.
        report: Box<Report<S>>,
    },

    /// The state could not be learned. The operation may still be running.
    #[error("the state of operation {} could not be learned{}", report.id, in_a_row(*errors_in_a_row))]
    Poll {
        /// Why not.
        source: Arc<PollError>,
        /// How many polls in a row had brought no answer by then.
        errors_in_a_row: u32,
        /// What is known.
        report: Box<Report<S>>,
    },

    /// The caller ended the wait. The operation may still be running.
    #[error("the wait for operation {} was interrupted", .0.id)]
    Interrupted(Box<Report<S>>),

    /// A number of the wait is out of its bounds; nothing was asked.
    #[error("the wait cannot be started")]
    Policy(#[from] PolicyError),
}

/// Which limit ended a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Limit {
    /// The timeout of the wait passed.
    #[error("it was not done within {}", Span(*.0))]
    Timeout(Duration),
    /// The server asked to be left alone until after the timeout, so no answer could have come in time.
    #[error("the server asks for a pause of {}, which is past the timeout of {}", Span(*pause), Span(*timeout))]
    RetryAfter {
        /// The pause that the server asks for.
        pause: Duration,
        /// The timeout of the wait.
        timeout: Duration,
    },
}

impl<S> WaitError<S> {
    /// What is known of the operation; `None` only when the wait was never started.
    #[must_use]
    pub fn report(&self) -> Option<&Report<S>> {
        match self {
            Self::Failed(report)
            | Self::Cancelled(report)
            | Self::Blocked(report)
            | Self::Interrupted(report)
            | Self::TimedOut { report, .. }
            | Self::Poll { report, .. } => Some(report),
            Self::Policy(_) => None,
        }
    }

    /// How the wait ended, in the one word that spans and the command's documents have for it.
    ///
    /// It is `failed`, `cancelled`, `blocked`, `timed_out`, `interrupted` or `error`.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Failed(_) => "failed",
            Self::Cancelled(_) => "cancelled",
            Self::Blocked(_) => "blocked",
            Self::TimedOut { .. } => "timed_out",
            Self::Interrupted(_) => "interrupted",
            Self::Poll { .. } | Self::Policy(_) => "error",
        }
    }

    /// Whether the operation failed, on the server's word.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// Whether the operation was cancelled, on the server's word.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled(_))
    }

    /// Whether the operation waits for a person, and that ended the wait.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        matches!(self, Self::Blocked(_))
    }

    /// Whether the limit of the wait passed.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::TimedOut { .. })
    }

    /// Whether the caller ended the wait.
    #[must_use]
    pub fn is_interrupted(&self) -> bool {
        matches!(self, Self::Interrupted(_))
    }

    /// Whether the server did not allow to ask.
    #[must_use]
    pub fn is_denied(&self) -> bool {
        self.poll_error_kind() == Some(PollErrorKind::Denied)
    }

    /// Whether the server does not know the operation.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(self.poll_error_kind(), Some(PollErrorKind::NotFound | PollErrorKind::Gone))
    }

    fn poll_error_kind(&self) -> Option<PollErrorKind> {
        match self {
            Self::Poll { source, .. } => Some(source.kind()),
            _ => None,
        }
    }
}

fn reason<S>(report: &Report<S>) -> String {
    report.reason().map(|reason| format!(": {reason}")).unwrap_or_default()
}

fn in_a_row(errors: u32) -> String {
    if errors > 1 { format!(" ({errors} errors in a row)") } else { String::new() }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An error with all its causes, on one line.
    pub(crate) fn chain(error: &dyn std::error::Error) -> String {
        let causes = std::iter::successors(Some(error), |error| error.source());
        causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
    }

    #[test]
    fn a_limit_says_which_one_it_was() {
        let timeout = Duration::from_secs(60 * 60);
        assert_eq!(Limit::Timeout(timeout).to_string(), "it was not done within 1 h");
        let limit = Limit::RetryAfter { pause: Duration::from_secs(5400), timeout };
        assert_eq!(
            limit.to_string(),
            "the server asks for a pause of 90 min, which is past the timeout of 1 h"
        );
    }
}
