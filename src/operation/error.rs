//! Why a poll brought no usable answer, and what that means for the wait.
//! What the wait then does is not known here.

use std::error::Error;
use std::fmt;
use std::time::Duration;

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
    /// [origin](crate::Operation::origin), as that of a 429 or a 503 is. A [`Fleet`](crate::Fleet) then asks for nothing there
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
