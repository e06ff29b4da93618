//! One of the ways of being allowed, as it is handed to a client.
//! How each of them works is its own to know.

use std::fmt;
use std::sync::Arc;

use super::{AccessKey, Authorizer, Identity, Token};

/// What a client is to ask with: a [`Token`], an [`Identity`] at a Keystone, an [`AccessKey`], or an [`Authorizer`] of
/// your own.
#[derive(Clone)]
pub struct Credentials(pub(crate) Way);

#[derive(Clone)]
pub(crate) enum Way {
    Authorizer(Arc<dyn Authorizer>),
    Keystone(Box<Identity>),
}

impl Credentials {
    /// A way of your own.
    pub fn custom(authorizer: impl Authorizer + 'static) -> Self {
        Self(Way::Authorizer(Arc::new(authorizer)))
    }
}

impl From<Token> for Credentials {
    fn from(token: Token) -> Self {
        Self::custom(token)
    }
}

impl From<AccessKey> for Credentials {
    fn from(key: AccessKey) -> Self {
        Self::custom(key)
    }
}

impl From<Identity> for Credentials {
    fn from(identity: Identity) -> Self {
        Self(Way::Keystone(Box::new(identity)))
    }
}

impl From<Arc<dyn Authorizer>> for Credentials {
    fn from(authorizer: Arc<dyn Authorizer>) -> Self {
        Self(Way::Authorizer(authorizer))
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Way::Authorizer(authorizer) => authorizer.fmt(f),
            Way::Keystone(identity) => identity.fmt(f),
        }
    }
}
