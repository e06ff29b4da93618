//! A Keystone v3 as what allows requests: it gives a token for an identity, and knows where the services are.
//! What is asked with the token is not known here.

mod catalog;
mod error;
mod identity;
mod reply;
mod request;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::authorizer::{Authorizer, Authorizing, Request, Standing};
use super::carrier::Carrier;
use super::error::{AuthError, AuthErrorKind};
use super::headers::Headers;
use super::renewal::{Issued, Renewing, Source};
use super::token::{carried, replaced};
use crate::http::{Endpoint, HttpError, Outgoing, Refusal, Reply, Wire, printable};
use catalog::Entry;
use identity::{Proof, Scope};
use reply::Document;

pub(crate) use catalog::Located;
pub use catalog::Service;
pub use error::KeystoneError;
pub use identity::{ApplicationCredential, Domain, Identity, Project, User};

/// Somebody at a Keystone. Its token is shared by all who ask with it.
pub(crate) struct Keystone(Renewing<Door>);

/// Where the tokens are given out.
struct Door {
    identity: Identity,
    wire: Wire,
    endpoint: Endpoint,
    /// Where tokens are asked for.
    tokens: Url,
    learned: Mutex<Learned>,
}

/// What was told beside the last token.
#[derive(Default)]
struct Learned {
    catalog: Vec<Entry>,
    holder: Option<String>,
}

impl Keystone {
    /// This identity, asked for over this wire; with the catalog if it is wanted.
    pub(crate) fn new(identity: Identity, wire: Wire, wants_catalog: bool) -> Self {
        let endpoint = Endpoint::of_url(&identity.url);
        let mut tokens = identity.url.clone();
        tokens.set_path(&format!("{}/auth/tokens", api_path(identity.url.path())));
        tokens.set_query((!wants_catalog).then_some("nocatalog"));
        Self(Renewing::new(Door { identity, wire, endpoint, tokens, learned: Mutex::default() }))
    }

    /// Where it is.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.0.source.endpoint
    }

    /// Has a token, and with it the catalog.
    pub(crate) async fn log_in(&self) -> Result<(), AuthError> {
        self.0.current().await.map(drop)
    }

    /// Where this service is, by the catalog that came with the last token, or else by what is said for that case.
    pub(crate) fn locate(&self, service: &Service) -> Result<Located, AuthError> {
        let door = &self.0.source;
        let located = catalog::endpoint(door.identity.auth_url(), &door.learned().catalog, service)
            .map_err(|error| AuthError::new(AuthErrorKind::Permanent, *error))?;
        let checked = door.wire.check(&located.endpoint);
        checked.map(|()| located).map_err(|error| AuthError::new(AuthErrorKind::Permanent, error))
    }
}

impl Authorizer for Keystone {
    fn authorize<'a>(&'a self, _: &'a Request<'a>) -> Authorizing<'a, Headers> {
        Box::pin(carried(&self.0, Carrier::AuthToken))
    }

    fn refused<'a>(&'a self, headers: &'a Headers) -> Authorizing<'a, bool> {
        Box::pin(replaced(&self.0, Carrier::AuthToken, headers))
    }

    fn standing(&self) -> Standing {
        let door = &self.0.source;
        let standing = Standing::new(door.learned().holder.clone(), self.0.remaining(), door.is_renewable());
        Standing { is_asking: self.0.is_asking(), ..standing }
    }
}

impl Source for Door {
    async fn issue(&self, _again: bool) -> Result<Issued, AuthError> {
        if let Proof::Token(token) = &self.identity.proof
            && let Some(issued) = self.adopt(token).await?
        {
            return Ok(issued);
        }
        let body = request::body(&self.identity);
        let reply = self.ask("POST", Headers::new(), body.expose_secret()).await;
        let reply = reply.map_err(|refusal| self.refused(refusal))?;
        let token = reply.secret_header("x-subject-token").unwrap_or_default();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(self.not_understood(&"there is no token in it (no header X-Subject-Token)"));
        }
        let token = SecretString::from(token);
        let document = self.document(&reply)?;
        Ok(self.learn(token, document, &reply))
    }

    fn is_renewable(&self) -> bool {
        self.identity.is_renewable()
    }
}

impl Door {
    /// The token that was given to begin with, if it is for the wanted project already; otherwise none.
    async fn adopt(&self, token: &SecretString) -> Result<Option<Issued>, AuthError> {
        let named = |name| Carrier::AuthToken.headers(token).secret(name, token.clone());
        let reply = match self.ask("GET", named("X-Subject-Token"), "").await {
            Ok(reply) => reply,
            // Whoever holds it may not be allowed to ask about it. Then it may do, if nothing else is wanted of it.
            Err(Refusal { error: HttpError::Status { status: 403, .. }, .. }) => {
                let may_do = matches!(self.identity.scope, Scope::Unsaid) && !self.wants_catalog();
                return Ok(may_do.then(|| Issued::now(token.clone(), None)));
            }
            Err(refusal) => return Err(self.refused(refusal)),
        };
        let document = self.document(&reply)?;
        let is_fit = document.is_for(&self.identity.scope);
        Ok(is_fit.then(|| self.learn(token.clone(), document, &reply)))
    }

    async fn ask(&self, method: &str, headers: Headers, body: &str) -> Result<Reply, Refusal> {
        let request = Request::new(method, &self.tokens, body.as_bytes());
        let outgoing = Outgoing::of(&headers, &request::secrets(&self.identity))?;
        self.wire.exchange(&self.endpoint, &request, &outgoing, &[]).await
    }

    fn wants_catalog(&self) -> bool {
        self.tokens.query().is_none()
    }

    fn document(&self, reply: &Reply) -> Result<Document, AuthError> {
        Document::parse(&reply.body).map_err(|error| self.not_understood(&error))
    }

    /// Keeps what was told beside this token.
    fn learn(&self, token: SecretString, document: Document, reply: &Reply) -> Issued {
        let issued = Issued::now(token, document.lifetime(reply.date()));
        let holder = document.holder().map(|holder| reply.redacted(printable(&holder).into_owned()));
        *self.learned() = Learned { holder, catalog: document.into_catalog() };
        issued
    }

    fn refused(&self, refusal: Refusal) -> AuthError {
        KeystoneError::refused(self.identity.auth_url(), self.identity.method(), refusal)
    }

    fn not_understood(&self, cause: &dyn fmt::Display) -> AuthError {
        // How it begins is not told: whatever gives tokens may give one there.
        let error = HttpError::undecodable("the token of a Keystone v3", cause, &[]);
        self.refused(Refusal::from(error))
    }

    fn learned(&self) -> MutexGuard<'_, Learned> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path of the API: people give it with and without `/v3`, with and without a slash, and sometimes the whole
/// location of the tokens.
fn api_path(given: &str) -> String {
    let path = given.trim_end_matches('/');
    let path = path.strip_suffix("/auth/tokens").unwrap_or(path);
    let path = path.strip_suffix("/v3").unwrap_or(path);
    format!("{path}/v3")
}

impl fmt::Debug for Keystone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.source.identity.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_the_api_is_found_however_it_is_given() {
        for given in ["", "/", "/v3", "/v3/", "/v3//", "/v3/auth/tokens"] {
            assert_eq!(api_path(given), "/v3", "{given}");
        }
        assert_eq!(api_path("/identity"), "/identity/v3");
        assert_eq!(api_path("/identity/v3/"), "/identity/v3");
    }
}
