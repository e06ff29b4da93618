//! What went wrong with one request as a wait takes it: passing or lasting, and whether a whole origin is meant.
//! How it is told stands elsewhere.

use std::time::Duration;

use super::error::HttpError;
use crate::auth::AuthErrorKind;
use crate::operation::{PollError, PollErrorKind};

impl HttpError {
    /// What it means for a wait.
    #[must_use]
    pub fn kind(&self) -> PollErrorKind {
        match self {
            Self::Transport { .. } | Self::TooLong { .. } | Self::Undecodable { .. } => {
                PollErrorKind::Transient
            }
            Self::Certificate { .. }
            | Self::Proxy { .. }
            | Self::Redirect { .. }
            | Self::Header(_)
            | Self::Location(_)
            | Self::Open(_)
            | Self::Misled(_) => PollErrorKind::Permanent,
            Self::NotUnderstood(_) | Self::NoHandle { .. } => PollErrorKind::NotUnderstood,
            // That there is no such thing to start, or to fetch, says nothing about an operation.
            Self::Refused(error) => match error.kind() {
                PollErrorKind::Denied => PollErrorKind::Denied,
                _ => PollErrorKind::Permanent,
            },
            Self::NoResult(error) => match error.kind() {
                kind @ (PollErrorKind::Denied | PollErrorKind::Transient) => kind,
                _ => PollErrorKind::Permanent,
            },
            Self::Credentials(error) | Self::Nowhere(error) | Self::Renewal(error) => match error.kind() {
                AuthErrorKind::Transient => PollErrorKind::Transient,
                AuthErrorKind::Denied => PollErrorKind::Denied,
                // What was good enough to ask with was refused: that nothing better can be had makes it final.
                AuthErrorKind::Unusable if matches!(self, Self::Renewal(_)) => PollErrorKind::Denied,
                AuthErrorKind::Unusable | AuthErrorKind::Permanent => PollErrorKind::Permanent,
            },
            Self::Status { status, .. } => match status {
                401 | 403 => PollErrorKind::Denied,
                404 => PollErrorKind::NotFound,
                410 => PollErrorKind::Gone,
                408 | 425 | 429 | 500..=599 => PollErrorKind::Transient,
                _ => PollErrorKind::Permanent,
            },
        }
    }

    /// The poll error that a wait is told, with the server's wish to be left alone. That of a 429 or a 503 is
    /// [meant for the whole origin](PollError::of_whole_origin). So is that of an identity service: nothing can be asked
    /// there without a token. What comes with any other status, or with a body that is not understood, is a word on this
    /// one request.
    #[must_use]
    pub fn with_retry_after(self, pause: Option<Duration>) -> PollError {
        let pause = pause.or(self.of_identity_service());
        let is_of_whole_origin = self.is_of_whole_origin();
        let error = PollError::new(self.kind(), self).with_retry_after(pause);
        if is_of_whole_origin { error.of_whole_origin() } else { error }
    }

    fn of_identity_service(&self) -> Option<Duration> {
        match self {
            Self::Credentials(error) | Self::Renewal(error) => error.retry_after(),
            Self::NoResult(error) => error.of_identity_service(),
            _ => None,
        }
    }

    fn is_of_whole_origin(&self) -> bool {
        match self {
            Self::Status { status, .. } => matches!(status, 429 | 503),
            Self::Credentials(_) | Self::Renewal(_) => true,
            Self::NoResult(error) => error.is_of_whole_origin(),
            _ => false,
        }
    }
}

impl From<HttpError> for PollError {
    fn from(error: HttpError) -> Self {
        error.with_retry_after(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::AuthError;
    use crate::http::Fault;
    use PollErrorKind::{Denied, Gone, NotFound, Permanent, Transient};

    #[test]
    fn every_status_has_its_meaning() {
        let kind = |status| HttpError::Status { status, fault: Fault::default(), skew: None }.kind();
        for (statuses, expected) in [
            (&[408, 425, 429, 500, 501, 502, 503, 504, 507, 520, 599][..], Transient),
            (&[401, 403], Denied),
            (&[404], NotFound),
            (&[410], Gone),
            (
                &[300, 304, 400, 402, 405, 406, 407, 409, 412, 418, 422, 426, 431, 451, 494, 499, 600, 999],
                Permanent,
            ),
        ] {
            for &status in statuses {
                assert_eq!(kind(status), expected, "{status}");
            }
        }
    }

    #[test]
    fn only_a_429_a_503_and_the_identity_service_speak_for_a_whole_origin() {
        let status = |status| HttpError::Status { status, fault: Fault::default(), skew: None };
        let pause = Some(Duration::from_secs(7));
        for status in [429, 503].map(status) {
            let error = HttpError::NoResult(Box::new(status)).with_retry_after(pause);
            assert!(error.is_of_whole_origin() && error.retry_after() == pause, "{error:?}");
        }
        for error in [408, 425, 500, 502, 504].map(status) {
            let error = error.with_retry_after(pause);
            assert!(!error.is_of_whole_origin() && error.retry_after() == pause, "{error:?}");
        }
        let error = HttpError::undecodable("JSON", &"it is none", b"").with_retry_after(pause);
        assert!(!error.is_of_whole_origin(), "{error:?}");
        let tired = AuthError::new(AuthErrorKind::Transient, "tired").with_retry_after(pause);
        let error = HttpError::NoResult(Box::new(HttpError::Credentials(tired))).with_retry_after(None);
        assert!(error.is_of_whole_origin() && error.retry_after() == pause, "{error:?}");
    }
}
