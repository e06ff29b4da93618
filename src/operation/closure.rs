//! Closures as operations, for an API that is worth no type of its own.
//! What they ask, and what comes of it, is not known here.

use std::borrow::Cow;
use std::fmt;

use super::{Answer, Operation, PollError};

/// Makes an operation of a closure that asks once.
///
/// ```
/// use lro::operation::{self, Answer};
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut left = 3;
/// let done = lro::wait_for_completion(operation::from_fn(move || {
///     left -= 1;
///     async move { Ok(if left > 0 { Answer::pending(left) } else { Answer::succeeded(left) }) }
/// }))
/// .await?;
/// assert_eq!(*done.status(), 0);
/// assert_eq!(done.report.polls, 3);
/// # Ok(())
/// # }
/// ```
pub fn from_fn<S, F, Fut>(poll: F) -> FromFn<F>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Answer<S>, PollError>> + Send,
{
    FromFn { id: Cow::Borrowed("operation"), poll }
}

/// An operation made of a closure; see [`from_fn`].
#[derive(Clone)]
pub struct FromFn<F> {
    id: Cow<'static, str>,
    poll: F,
}

impl<F> FromFn<F> {
    /// The same operation under a name of its own, for reports and events.
    #[must_use]
    pub fn named(mut self, id: impl Into<Cow<'static, str>>) -> Self {
        self.id = id.into();
        self
    }
}

impl<F> fmt::Debug for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FromFn").field("id", &self.id).finish_non_exhaustive()
    }
}

impl<S, F, Fut> Operation for FromFn<F>
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Result<Answer<S>, PollError>> + Send,
{
    type Status = S;

    fn poll(&mut self) -> impl Future<Output = Result<Answer<S>, PollError>> + Send {
        (self.poll)()
    }

    fn id(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.id)
    }
}
