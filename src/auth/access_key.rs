//! Signing requests with an access key (AK/SK), as Open Telekom Cloud and Huawei Cloud define it.
//! Nothing is sent here.

mod signature;
mod signing;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use secrecy::{ExposeSecret, SecretString};

use super::authorizer::{Authorizer, Authorizing, Request, Standing};
use super::clock;
use super::error::{AuthError, AuthErrorKind};
use super::headers::Headers;
use signing::Signed;

pub use signature::{Signature, SignatureError};

/// An access key and its secret, which sign each request.
///
/// ```
/// use lro::auth::{AccessKey, Signature};
///
/// let key = AccessKey::new("QTWAOYTTINDUT2QVKYUC", "s3cret")?
///     .with_project_id("77b6a44cba5143ab91d13ab9a8ff44fd")
///     .with_signature(Signature::Access);
/// assert_eq!(key.id(), "QTWAOYTTINDUT2QVKYUC");
/// # Ok::<(), lro::auth::AccessKeyError>(())
/// ```
///
/// Each request is signed on its own, with the date at which it is sent; services allow 15 minutes between their clock
/// and that of this machine. `Host` and `X-Sdk-Date` are signed, and of what else is sent `X-Project-Id` and
/// `X-Security-Token`, because proxies change other headers on the way.
///
/// A request that is refused is not sent again, and nothing is signed with this key or a clone of it after that: [more
/// than five failures] in a row lock the key for five minutes. Make a new one to try again.
///
/// Sources: [Private Link Access Service API reference], [Huawei Cloud signing guide].
///
/// [more than five failures]: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-0001.html
/// [Private Link Access Service API reference]: https://docs.otc.t-systems.com/private-link-access-service/api-ref/
/// [Huawei Cloud signing guide]: https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-algorithm-002.html
#[derive(Clone)]
pub struct AccessKey {
    id: String,
    secret: SecretString,
    security_token: Option<SecretString>,
    project_id: Option<String>,
    signature: Signature,
    /// Whether a request was refused; for all clones.
    is_refused: Arc<AtomicBool>,
}

impl AccessKey {
    /// The access key with this id and secret, white space around them left out.
    ///
    /// # Errors
    ///
    /// When one of them is empty or holds a character that no key has.
    pub fn new(id: impl Into<String>, secret: impl Into<SecretString>) -> Result<Self, AccessKeyError> {
        let (id, secret) = (id.into(), secret.into());
        Ok(Self {
            id: checked(&id, "the access key")?.to_owned(),
            secret: checked(secret.expose_secret(), "the secret key")?.into(),
            security_token: None,
            project_id: None,
            signature: Signature::default(),
            is_refused: Arc::default(),
        })
    }

    /// The same key with the security token that belongs to a temporary one, white space around it left out. An empty
    /// one is none.
    ///
    /// Source: [Obtaining a Temporary AK/SK], Identity and Access Management API reference.
    ///
    /// [Obtaining a Temporary AK/SK]: https://docs.otc.t-systems.com/identity-access-management/api-ref/
    #[must_use]
    pub fn with_security_token(mut self, token: impl Into<SecretString>) -> Self {
        let token = token.into();
        let text = token.expose_secret().trim();
        self.security_token = (!text.is_empty()).then(|| SecretString::from(text));
        self
    }

    /// The same key, working in the project with this id, white space around it left out. An empty one is none. A
    /// project that is part of another one has to be named.
    #[must_use]
    pub fn with_project_id(mut self, id: impl Into<String>) -> Self {
        let id = id.into();
        self.project_id = Some(id.trim().to_owned()).filter(|id| !id.is_empty());
        self
    }

    /// The same key, signing in this form. Default [`Signature::Credential`] with neither region nor service.
    #[must_use]
    pub fn with_signature(mut self, signature: Signature) -> Self {
        self.signature = signature;
        self
    }

    /// The id of the key, which is no secret.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The form in which it signs.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The id of the project in which it works, if one was said.
    #[must_use]
    pub fn project_id(&self) -> Option<&str> {
        self.project_id.as_deref()
    }

    /// Whether it is a temporary one.
    #[must_use]
    pub fn has_security_token(&self) -> bool {
        self.security_token.is_some()
    }

    /// All that this request is sent with on this date.
    fn signed(&self, request: &Request<'_>, date: &str) -> Headers {
        let token = self.security_token.as_ref();
        let mut signed = Signed::from([("host", signing::host(request.url)), ("x-sdk-date", date)]);
        signed.extend(self.project_id().map(|id| ("x-project-id", id)));
        signed.extend(token.map(|token| ("x-security-token", token.expose_secret())));
        let key = (&*self.id, self.secret.expose_secret());
        let authorization = signing::authorization(request, &signed, &self.signature, key, date);
        let mut headers = Headers::new().secret("Authorization", authorization).plain("X-Sdk-Date", date);
        if let Some(id) = self.project_id() {
            headers = headers.plain("X-Project-Id", id);
        }
        if let Some(token) = token {
            headers = headers.secret("X-Security-Token", token.clone());
        }
        headers
    }
}

impl Authorizer for AccessKey {
    fn authorize<'a>(&'a self, request: &'a Request<'a>) -> Authorizing<'a, Headers> {
        Box::pin(async {
            if self.is_refused.load(Ordering::Relaxed) {
                let id = self.id.clone();
                return Err(AuthError::new(AuthErrorKind::Denied, AccessKeyError::Refused { id }));
            }
            Ok(self.signed(request, &clock::compact(clock::wall())))
        })
    }

    fn refused<'a>(&'a self, _: &'a Headers) -> Authorizing<'a, bool> {
        self.is_refused.store(true, Ordering::Relaxed);
        Box::pin(async { Ok(false) })
    }

    fn standing(&self) -> Standing {
        // A temporary key ends, and nobody says when.
        Standing::new(None, None, self.security_token.is_none())
    }
}

/// This key without the white space around it, if it is one.
fn checked<'a>(key: &'a str, name: &'static str) -> Result<&'a str, AccessKeyError> {
    let key = key.trim();
    let problem = if key.is_empty() {
        "is empty"
    } else if !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds a space, a line break or another character that no key has"
    } else {
        return Ok(key);
    };
    Err(AccessKeyError::Unusable { name, problem })
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey")
            .field("id", &self.id)
            .field("project_id", &self.project_id)
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

/// Why there is no access key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessKeyError {
    /// What is there is no key.
    #[error("{name} {problem}")]
    Unusable {
        /// The key or its secret.
        name: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A request with this key was refused before.
    #[error("the access key `{id}` was refused before, and keys are locked after a few failures")]
    Refused {
        /// The id of the key.
        id: String,
    },
}

#[cfg(test)]
mod tests;
