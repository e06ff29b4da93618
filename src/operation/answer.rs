//! What comes back from one poll: what it means, what it says of the time to come, and the status as the API tells it.
//! When to ask again is not known here.

use std::fmt;
use std::time::Duration;

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
