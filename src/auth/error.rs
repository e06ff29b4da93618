//! Why a request cannot be made an allowed one, and what that means for the wait.
//! What the wait then does is not known here.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Why a request cannot be made an allowed one.
///
/// Its text and its [`source`](Error::source) are those of the error that it is made of. Clones share that.
#[derive(Debug, Clone)]
pub struct AuthError {
    kind: AuthErrorKind,
    retry_after: Option<Duration>,
    error: Arc<dyn Error + Send + Sync>,
}

/// What an [`AuthError`] means. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuthErrorKind {
    /// What was given to ask with cannot be used, and nobody was asked.
    Unusable,
    /// Whoever decides said no. It is not asked again, because accounts and keys are locked after a few failures.
    Denied,
    /// May pass: asked again.
    Transient,
    /// Will not pass by asking again, for any other reason.
    Permanent,
}

impl AuthError {
    /// An error of this kind.
    pub fn new(kind: AuthErrorKind, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { kind, retry_after: None, error: Arc::from(error.into()) }
    }

    /// The same error with the wish not to be asked again before this time has passed.
    #[must_use]
    pub fn with_retry_after(mut self, pause: impl Into<Option<Duration>>) -> Self {
        self.retry_after = pause.into();
        self
    }

    /// What it means.
    #[must_use]
    pub fn kind(&self) -> AuthErrorKind {
        self.kind
    }

    /// How long whoever decides asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The error that it is made of.
    #[must_use]
    pub fn get_ref(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for AuthError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_like_the_one_it_is_made_of() {
        let error = AuthError::new(AuthErrorKind::Transient, "the identity service is tired");
        assert_eq!(error.to_string(), "the identity service is tired");
        assert!(error.source().is_none());
    }
}
