//! Why a Keystone gave no token, or no endpoint, and what that means for whoever asks.
//! Whether it is asked again is decided elsewhere.

use crate::auth::{AuthError, AuthErrorKind};
use crate::http::{HttpError, LocationError, Refusal};

/// Why a Keystone gave no token, or no endpoint.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeystoneError {
    /// It said no, or nothing that is understood, or could not be reached.
    #[error("{url} gave no token")]
    NoToken {
        /// Where the identity service is.
        url: String,
        /// What came instead.
        #[source]
        source: HttpError,
    },
    /// It wants more than was given.
    #[error("{url} wants another factor beside the {given}")]
    SecondFactor {
        /// Where the identity service is.
        url: String,
        /// What was given.
        given: &'static str,
    },
    /// Its catalog does not have the service.
    #[error("the catalog of {url} has no {service}: {others}")]
    NoService {
        /// Where the identity service is.
        url: String,
        /// What was looked for.
        service: String,
        /// What there is instead.
        others: String,
    },
    /// Its catalog has the service at a place where nothing is asked.
    #[error("the catalog of {url} names a place that cannot be used")]
    Place {
        /// Where the identity service is.
        url: String,
        /// What is wrong with it.
        #[source]
        source: LocationError,
    },
    /// The identity service is asked over TLS, and its catalog would have the token sent without it.
    #[error("the catalog of {url} names {endpoint}, where the token would not be encrypted")]
    Unencrypted {
        /// Where the identity service is.
        url: String,
        /// The endpoint in its catalog.
        endpoint: String,
    },
}

impl KeystoneError {
    /// What came instead of a token.
    pub(super) fn refused(url: &str, given: &'static str, refusal: Refusal) -> AuthError {
        let wants_more = refusal.header("openstack-auth-receipt").is_some();
        let Refusal { error, retry_after, .. } = refusal;
        let kind = match &error {
            HttpError::Status { status: 401 | 403, .. } => AuthErrorKind::Denied,
            error => match error.kind() {
                crate::PollErrorKind::Transient => AuthErrorKind::Transient,
                _ => AuthErrorKind::Permanent,
            },
        };
        let url = url.to_owned();
        let error =
            if wants_more { Self::SecondFactor { url, given } } else { Self::NoToken { url, source: error } };
        AuthError::new(kind, error).with_retry_after(retry_after)
    }
}
