//! One of the ways of being allowed, as it is handed to a client.
//! How each of them works is its own to know.

use std::fmt;
use std::sync::Arc;

use super::{AccessKey, Authorizer, Identity, Signature, Token};

/// What a client is to ask with: a [`Token`], an [`Identity`] at a Keystone, an [`AccessKey`], or an [`Authorizer`] of
/// your own.
///
/// Its text says who asks, and no secret:
///
/// ```
/// use lro::auth::{AccessKey, Credentials};
///
/// let key = Credentials::from(AccessKey::new("QTWAOYTTINDUT2QVKYUC", "s3cret")?.with_project_id("p1"));
/// assert_eq!(key.method(), "access key");
/// assert_eq!(key.to_string(), "access key `QTWAOYTTINDUT2QVKYUC`, project with id `p1`");
/// # Ok::<(), lro::auth::AccessKeyError>(())
/// ```
#[derive(Clone)]
pub struct Credentials(pub(crate) Way);

#[derive(Clone)]
pub(crate) enum Way {
    Token(Token),
    Keystone(Box<Identity>),
    AccessKey(Box<AccessKey>),
    Custom(Arc<dyn Authorizer>),
}

impl Credentials {
    /// A way of your own.
    pub fn custom(authorizer: impl Authorizer + 'static) -> Self {
        Self(Way::Custom(Arc::new(authorizer)))
    }

    /// The same credentials; an access key signs in this form.
    #[must_use]
    pub fn with_signature(self, signature: Signature) -> Self {
        match self.0 {
            Way::AccessKey(key) => key.with_signature(signature).into(),
            other => Self(other),
        }
    }

    /// Which way it is, in words: `token`, `bearer token`, `user and password`, `access key`, `custom`, or the [method](Identity::method) of an identity.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match &self.0 {
            Way::Token(token) => token.method(),
            Way::Keystone(identity) => identity.method(),
            Way::AccessKey(_) => "access key",
            Way::Custom(_) => "custom",
        }
    }

    /// Where the identity service is, if there is one to ask for a token.
    #[must_use]
    pub fn auth_url(&self) -> Option<&str> {
        match &self.0 {
            Way::Keystone(identity) => Some(identity.auth_url()),
            Way::Token(_) | Way::AccessKey(_) | Way::Custom(_) => None,
        }
    }

    /// What does the work, for a way that needs no other server.
    pub(crate) fn authorizer(way: Way) -> Result<Arc<dyn Authorizer>, Box<Identity>> {
        match way {
            Way::Token(token) => Ok(Arc::new(token)),
            Way::AccessKey(key) => Ok(Arc::new(*key)),
            Way::Custom(authorizer) => Ok(authorizer),
            Way::Keystone(identity) => Err(identity),
        }
    }
}

impl From<Token> for Credentials {
    fn from(token: Token) -> Self {
        Self(Way::Token(token))
    }
}

impl From<AccessKey> for Credentials {
    fn from(key: AccessKey) -> Self {
        Self(Way::AccessKey(Box::new(key)))
    }
}

impl From<Identity> for Credentials {
    fn from(identity: Identity) -> Self {
        Self(Way::Keystone(Box::new(identity)))
    }
}

impl From<Arc<dyn Authorizer>> for Credentials {
    fn from(authorizer: Arc<dyn Authorizer>) -> Self {
        Self(Way::Custom(authorizer))
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Way::Token(_) => f.write_str("whoever the token is for"),
            Way::Keystone(identity) => identity.fmt(f),
            Way::AccessKey(key) => {
                write!(f, "access key `{}`", key.id())?;
                key.project_id().map_or(Ok(()), |id| write!(f, ", project with id `{id}`"))
            }
            Way::Custom(_) => f.write_str("whoever is asked for by this program's own way"),
        }
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Way::Token(token) => token.fmt(f),
            Way::Keystone(identity) => identity.fmt(f),
            Way::AccessKey(key) => key.fmt(f),
            Way::Custom(authorizer) => authorizer.fmt(f),
        }
    }
}
