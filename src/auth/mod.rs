//! How a request is allowed: a token, a Keystone that gives one, or a signature, and one seam for all of them.
//! What is asked, and what an answer means, is not known here; and nothing here ever tells a secret.

mod access_key;
mod authorizer;
mod carrier;
mod clock;
#[cfg(feature = "clouds")]
pub mod cloud;
mod credentials;
mod error;
mod headers;
mod keystone;
mod renewal;
mod token;

pub use access_key::{AccessKey, AccessKeyError, Signature, SignatureError};
pub use authorizer::{Authorizer, Authorizing, Request, Standing};
pub(crate) use carrier::basic;
pub use credentials::Credentials;
pub use error::{AuthError, AuthErrorKind};
pub use headers::Headers;
pub use keystone::{ApplicationCredential, Domain, Identity, KeystoneError, Project, Service, User};
pub(crate) use keystone::{Keystone, Located};
pub use token::{Token, TokenError};
