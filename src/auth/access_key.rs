//! Signing requests with an access key (AK/SK), as Open Telekom Cloud and Huawei Cloud define it.
//! Nothing is sent here.

use std::fmt;

use secrecy::SecretString;

use super::authorizer::{Authorizer, Authorizing, Headers, Request};

/// An access key and its secret, which sign each request.
#[derive(Clone)]
pub struct AccessKey {
    id: String,
    #[expect(dead_code, reason = "signatures come next")]
    secret: SecretString,
    security_token: Option<SecretString>,
    project_id: Option<String>,
    signature: Signature,
}

/// The form of a signature on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// `Credential=KEY/DATE/REGION/SERVICE/sdk_request`. Region and service may be empty.
    Credential {
        /// The region that is signed.
        region: String,
        /// The service that is signed.
        service: String,
    },
    /// `Access=KEY`.
    Access,
}

impl Default for Signature {
    fn default() -> Self {
        Self::Credential { region: String::new(), service: String::new() }
    }
}

impl AccessKey {
    /// This access key with its secret.
    pub fn new(id: impl Into<String>, secret: impl Into<SecretString>) -> Self {
        Self {
            id: id.into(),
            secret: secret.into(),
            security_token: None,
            project_id: None,
            signature: Signature::default(),
        }
    }

    /// The same key with the security token that belongs to a temporary one.
    #[must_use]
    pub fn security_token(mut self, token: impl Into<SecretString>) -> Self {
        self.security_token = Some(token.into());
        self
    }

    /// The same key, working in the project with this id.
    #[must_use]
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }

    /// The same key, signing in this form. Default [`Signature::Credential`] with neither region nor service.
    #[must_use]
    pub fn signature(mut self, signature: Signature) -> Self {
        self.signature = signature;
        self
    }
}

impl Authorizer for AccessKey {
    fn authorize<'a>(&'a self, _request: &'a Request<'a>) -> Authorizing<'a, Headers> {
        Box::pin(async { Ok(Headers::new()) })
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessKey").field("id", &self.id).finish_non_exhaustive()
    }
}
