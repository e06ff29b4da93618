//! The seam between the engine and an operation: how it is asked, what comes back, and what that means.
//! Nothing here knows HTTP, a clock or a terminal.

mod answer;
mod closure;
mod error;

use std::borrow::Cow;

pub use answer::{Answer, Hints, Verdict};
pub use closure::{FromFn, from_fn};
pub use error::{PollError, PollErrorKind};

/// Remote work whose state can be asked for.
///
/// This is all that [`wait_for_completion`](crate::wait_for_completion) needs. Implement it to wait for an API of
/// your own; for a quick one, [`from_fn`] makes an operation of a closure.
///
/// ```
/// use lro::operation::{Answer, Operation, PollError};
///
/// /// Done when its file is there.
/// struct Export(std::path::PathBuf);
///
/// impl Operation for Export {
///     type Status = u64;
///
///     async fn poll(&mut self) -> Result<Answer<u64>, PollError> {
///         match std::fs::metadata(&self.0) {
///             Ok(file) => Ok(Answer::succeeded(file.len())),
///             Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Answer::pending(0)),
///             Err(error) => Err(PollError::permanent(error)),
///         }
///     }
/// }
/// ```
pub trait Operation {
    /// What an answer holds beside its verdict: a typed document, a number, `()`.
    type Status;

    /// Asks once for the state.
    ///
    /// # Cancellation
    ///
    /// The future is dropped when the poll timeout or the limit of the wait passes, and when the wait itself is
    /// dropped. It must be safe to ask again after that.
    ///
    /// # Errors
    ///
    /// Only when no usable answer was had. An answer that says "failed" is an answer, not an error.
    fn poll(&mut self) -> impl Future<Output = Result<Answer<Self::Status>, PollError>> + Send;

    /// The name under which reports and events speak of this operation.
    fn id(&self) -> Cow<'_, str> {
        Cow::Borrowed("operation")
    }

    /// Whom the next poll asks, as far as that is known: operations of one origin are held back together when it asks to
    /// be left alone ([`Fleet`](crate::Fleet)). It is looked up often, so it is to be cheap. Default none.
    fn origin(&self) -> Option<Cow<'_, str>> {
        None
    }
}
