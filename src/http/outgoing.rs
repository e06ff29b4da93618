//! The headers of a request as they go out, and the secrets in them: made once, and used for as long as they are the same.
//! Who wants them sent is not known here, and nothing is sent.

use std::sync::{Arc, Mutex, PoisonError};

use reqwest::header::HeaderMap;
use secrecy::SecretString;

use super::error::HttpError;
use super::field::{HeaderError, fields};
use super::secrets::Secrets;
use crate::auth::{AuthError, AuthErrorKind, Headers};

/// What goes out with a request, beside its body.
pub(crate) struct Outgoing {
    pub(super) fields: HeaderMap,
    /// What must not come back.
    pub(super) secrets: Arc<Secrets>,
}

impl Outgoing {
    /// These headers; the secrets are those in the body.
    pub(crate) fn of(headers: &Headers, secrets: &[&SecretString]) -> Result<Self, HttpError> {
        let fields = fields(headers).map_err(unusable)?;
        Ok(Self { fields, secrets: Arc::new(Secrets::of(headers, secrets)) })
    }
}

/// What is said of headers that cannot be sent, when they are those of the credentials: all others are looked at before.
fn unusable(error: HeaderError) -> HttpError {
    HttpError::Credentials(AuthError::new(AuthErrorKind::Unusable, error))
}

/// What went out last. From one poll to the next it is nearly always the same, and to make it takes longer than to read
/// the answer.
#[derive(Default)]
pub(super) struct Last(Mutex<Option<(Headers, Arc<Outgoing>)>>);

impl Last {
    /// What goes out with all of these headers.
    pub(super) fn or_new(&self, headers: &[&Headers]) -> Result<Arc<Outgoing>, HttpError> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, outgoing)) = &*last
            && of.is_all_of(headers)
        {
            return Ok(Arc::clone(outgoing));
        }
        let of = headers.iter().fold(Headers::new(), |all, headers| all.and(headers));
        let outgoing = Arc::new(Outgoing::of(&of, &[])?);
        *last = Some((of, Arc::clone(&outgoing)));
        Ok(outgoing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_out_is_made_anew_when_any_header_is_another_one() {
        let last = Last::default();
        let token = |value: &str| Headers::new().secret("X-Auth-Token", value.to_owned());
        let first = last.or_new(&[&Headers::new().plain("Accept", "a"), &token("t0ken")]).unwrap();
        let again = last.or_new(&[&Headers::new().plain("Accept", "a"), &token("t0ken")]).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        for headers in [
            [Headers::new().plain("Accept", "a"), token("t1ken")],
            [Headers::new().plain("Accept", "b"), token("t1ken")],
            [Headers::new().plain("Other", "b"), token("t1ken")],
            [Headers::new().secret("Other", "b"), token("t1ken")],
            [Headers::new().secret("Other", "b"), token("t1ken").hide("k1")],
            [Headers::new(), token("t1ken").hide("k1")],
            [Headers::new(), token("t1ken").hide("k2")],
            [Headers::new(), Headers::new()],
        ] {
            let before = last.or_new(&[&Headers::new().plain("Accept", "a")]).unwrap();
            let now = last.or_new(&headers.each_ref()).unwrap();
            assert!(!Arc::ptr_eq(&before, &now));
            let [first, second] = &headers;
            assert_eq!(now.fields, fields(&first.clone().and(second)).unwrap());
        }
    }
}
