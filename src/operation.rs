//! The seam between the engine and an operation: how it is asked, what comes back, and what that means.
//! Nothing here knows HTTP, a clock or a terminal.

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::time::Duration;

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

/// What came back from one poll: the status, and what it means.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Answer<S> {
    /// What the answer means.
    pub verdict: Verdict,
    /// The status as the API tells it.
    pub status: S,
    /// What the API says in words, above all why an operation failed.
    pub reason: Option<Box<str>>,
    /// What the answer says of the time to come, counted from this answer.
    pub hints: Hints,
}

/// What an answer says of the time to come. Nothing of it ends a wait, and only `retry_after` is a promise.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Hints {
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    /// How much of the work is done, in percent. What is no number from 0 to 100 is none.
    pub progress: Option<f64>,
    /// How long the operation is still expected to take.
    pub remaining: Option<Duration>,
}

impl Hints {
    /// Nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self { retry_after: None, progress: None, remaining: None }
    }

    /// The same with the server's wish not to be asked again before this time has passed.
    #[must_use]
    pub fn retry_after(mut self, pause: impl Into<Option<Duration>>) -> Self {
        self.retry_after = pause.into();
        self
    }

    /// The same with how much of the work is done, in percent.
    #[must_use]
    pub fn progress(mut self, percent: impl Into<Option<f64>>) -> Self {
        self.progress = percent.into();
        self
    }

    /// The same with how long the operation is still expected to take.
    #[must_use]
    pub fn remaining(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.remaining = time.into();
        self
    }
}

impl<S> Answer<S> {
    /// An answer with this verdict.
    pub fn new(verdict: Verdict, status: S) -> Self {
        Self { verdict, status, reason: None, hints: Hints::none() }
    }

    /// The operation goes on.
    pub fn pending(status: S) -> Self {
        Self::new(Verdict::Pending, status)
    }

    /// The operation ended well.
    pub fn succeeded(status: S) -> Self {
        Self::new(Verdict::Succeeded, status)
    }

    /// The operation ended badly; say why with [`reason`](Self::reason).
    pub fn failed(status: S) -> Self {
        Self::new(Verdict::Failed, status)
    }

    /// The operation was cancelled by somebody.
    pub fn cancelled(status: S) -> Self {
        Self::new(Verdict::Cancelled, status)
    }

    /// The same answer with what the API says in words. An empty text is none.
    #[must_use]
    pub fn reason(mut self, reason: impl Into<Box<str>>) -> Self {
        self.reason = Some(reason.into()).filter(|reason| !reason.is_empty());
        self
    }

    /// The same answer with the server's wish not to be asked again before this time has passed.
    #[must_use]
    pub fn retry_after(mut self, pause: impl Into<Option<Duration>>) -> Self {
        self.hints.retry_after = pause.into();
        self
    }

    /// The same answer with how much of the work is done, in percent.
    #[must_use]
    pub fn progress(mut self, percent: impl Into<Option<f64>>) -> Self {
        self.hints.progress = percent.into();
        self
    }

    /// The same answer with how long the operation is still expected to take, as the server says it.
    #[must_use]
    pub fn remaining(mut self, time: impl Into<Option<Duration>>) -> Self {
        self.hints.remaining = time.into();
        self
    }
}

/// What an answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// The operation goes on.
    Pending,
    /// The operation goes on once a person has acted.
    Blocked,
    /// The operation ended well.
    Succeeded,
    /// The operation ended badly.
    Failed,
    /// The operation was ended by somebody.
    Cancelled,
}

impl Verdict {
    /// Whether this is an end: nothing is asked after it.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        match self {
            Self::Pending | Self::Blocked => false,
            Self::Succeeded | Self::Failed | Self::Cancelled => true,
        }
    }

    /// The word for it, the same in text, JSON and docs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Blocked => "blocked",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a poll brought no usable answer.
///
/// Its text says what that means for the wait; what exactly happened is its [`source`](Error::source).
#[derive(Debug)]
pub struct PollError {
    kind: PollErrorKind,
    retry_after: Option<Duration>,
    is_of_whole_origin: bool,
    source: Box<dyn Error + Send + Sync>,
}

/// What a [`PollError`] means for the wait. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PollErrorKind {
    /// May pass: asked again.
    Transient,
    /// No such operation. Just after its start an operation may not be known everywhere yet, so this is
    /// tolerated for a grace.
    NotFound,
    /// There was such an operation, and the server knows no more of it.
    Gone,
    /// Not allowed to ask.
    Denied,
    /// The answer was read, but says neither that the operation goes on nor how it ended.
    NotUnderstood,
    /// Will not pass by asking again, for any other reason.
    Permanent,
}

impl PollError {
    /// An error of this kind.
    pub fn new(kind: PollErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, retry_after: None, is_of_whole_origin: false, source: source.into() }
    }

    /// An error that may pass: the wait asks again.
    pub fn transient(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(PollErrorKind::Transient, source)
    }

    /// An error that asking again will not mend: the wait ends.
    pub fn permanent(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(PollErrorKind::Permanent, source)
    }

    /// The same error with the server's wish not to be asked again before this time has passed.
    #[must_use]
    pub fn with_retry_after(mut self, pause: impl Into<Option<Duration>>) -> Self {
        self.retry_after = pause.into();
        self
    }

    /// The same error, whose wish to be left alone is meant for everything of the operation's
    /// [origin](Operation::origin), as that of a 429 or a 503 is. A [`Fleet`](crate::Fleet) then asks for nothing there
    /// before that time has passed; a wish without this is kept for the operation alone.
    #[must_use]
    pub fn of_whole_origin(mut self) -> Self {
        self.is_of_whole_origin = true;
        self
    }

    /// What it means for the wait.
    #[must_use]
    pub fn kind(&self) -> PollErrorKind {
        self.kind
    }

    /// How long the server asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether that is [meant for everything of the origin](Self::of_whole_origin).
    #[must_use]
    pub fn is_of_whole_origin(&self) -> bool {
        self.is_of_whole_origin
    }
}

impl fmt::Display for PollError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            PollErrorKind::Transient => "no usable answer",
            PollErrorKind::NotFound => "no such operation",
            PollErrorKind::Gone => "the operation is gone",
            PollErrorKind::Denied => "not allowed to ask",
            PollErrorKind::NotUnderstood => "the answer was not understood",
            PollErrorKind::Permanent => "the request cannot succeed",
        })
    }
}

impl Error for PollError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

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
