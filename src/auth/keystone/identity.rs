//! Who asks a Keystone for a token, how that is proved, and for which project.
//! Nothing is asked here.

use std::fmt;

use secrecy::SecretString;
use url::Url;

use crate::http::{LocationError, parse_http};

/// Somebody whom a Keystone v3 knows: of `OpenStack`, or the IAM of Open Telekom Cloud.
///
/// ```
/// use lro::auth::{Domain, Identity, Project, User};
///
/// let domain = Domain::Name("OTC00000000001000000xxx".to_owned());
/// let alice = User::Name { name: "alice".to_owned(), domain };
/// let identity = Identity::password("https://iam.eu-de.otc.t-systems.com/v3", alice, "s3cret")?
///     .project(Project::Name { name: "eu-de".to_owned(), domain: None });
/// assert_eq!(identity.to_string(), "user `alice` of domain `OTC00000000001000000xxx`, project `eu-de`");
/// # Ok::<(), lro::http::LocationError>(())
/// ```
///
/// Its token is renewed when less than 120 s of it remain (or half of its life, where tokens never last that long), and
/// once when it is refused. With a one-time passcode or a token to begin with it cannot be renewed.
///
/// When the identity service says no (401, 403), it is not asked again for as long as the client and its clones live,
/// because accounts are locked after a few failures: every request after that is denied. Make a new client to try again.
#[derive(Clone)]
pub struct Identity {
    pub(super) url: Url,
    pub(super) proof: Proof,
    pub(super) scope: Scope,
}

/// How somebody proves who they are.
#[derive(Clone)]
pub(super) enum Proof {
    /// With a password, a one-time passcode, or both.
    Password {
        user: User,
        password: Option<SecretString>,
        passcode: Option<SecretString>,
    },
    ApplicationCredential {
        credential: ApplicationCredential,
        secret: SecretString,
    },
    Token(SecretString),
}

/// What the token is for.
#[derive(Clone)]
pub(super) enum Scope {
    /// What the service gives by itself: the default project, or nothing.
    Unsaid,
    Project(Project),
    Domain(Domain),
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum User {
    /// By id, which is known everywhere.
    Id(String),
    /// By name, which is known in a domain.
    Name {
        /// The name.
        name: String,
        /// Where it is known.
        domain: Domain,
    },
}

/// A domain, by id or by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Domain {
    /// By id.
    Id(String),
    /// By name.
    Name(String),
}

/// A project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Project {
    /// By id, which is known everywhere.
    Id(String),
    /// By name, which is known in a domain.
    Name {
        /// The name.
        name: String,
        /// Where it is known. Default the domain of the user.
        domain: Option<Domain>,
    },
}

/// An application credential: it is made for one project, and needs none to be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApplicationCredential {
    /// By id.
    Id(String),
    /// By the name that its user gave it.
    Name {
        /// The name.
        name: String,
        /// Whose it is.
        user: User,
    },
}

impl Identity {
    /// A user with a password, at the identity service with this URL. The URL may end with `/v3`, with a slash, or
    /// with neither.
    ///
    /// # Errors
    ///
    /// When the URL is no `http` or `https` URL, or holds credentials.
    pub fn password(
        auth_url: &str,
        user: User,
        password: impl Into<SecretString>,
    ) -> Result<Self, LocationError> {
        let proof = Proof::Password { user, password: Some(password.into()), passcode: None };
        Self::new(auth_url, proof)
    }

    /// A user with nothing but a one-time passcode (TOTP). Such an identity asks once: its token cannot be renewed.
    ///
    /// # Errors
    ///
    /// As [`password`](Self::password).
    pub fn passcode(
        auth_url: &str,
        user: User,
        passcode: impl Into<SecretString>,
    ) -> Result<Self, LocationError> {
        Self::new(auth_url, Proof::Password { user, password: None, passcode: Some(passcode.into()) })
    }

    /// An application credential with its secret.
    ///
    /// # Errors
    ///
    /// As [`password`](Self::password).
    pub fn application_credential(
        auth_url: &str,
        credential: ApplicationCredential,
        secret: impl Into<SecretString>,
    ) -> Result<Self, LocationError> {
        Self::new(auth_url, Proof::ApplicationCredential { credential, secret: secret.into() })
    }

    /// Whoever this token was given to. It is sent as it is when it is for the wanted project already; otherwise
    /// another one is asked for with it, which ends when this one does.
    ///
    /// # Errors
    ///
    /// As [`password`](Self::password).
    pub fn token(auth_url: &str, token: impl Into<SecretString>) -> Result<Self, LocationError> {
        Self::new(auth_url, Proof::Token(token.into()))
    }

    fn new(auth_url: &str, proof: Proof) -> Result<Self, LocationError> {
        let mut url = parse_http(auth_url)?;
        url.set_query(None);
        url.set_fragment(None);
        Ok(Self { url, proof, scope: Scope::Unsaid })
    }

    /// The same identity with a second factor beside its password. It has no meaning for any other proof.
    #[must_use]
    pub fn with_passcode(mut self, second: impl Into<SecretString>) -> Self {
        if let Proof::Password { passcode, .. } = &mut self.proof {
            *passcode = Some(second.into());
        }
        self
    }

    /// The same identity, working in this project. An application credential has its own.
    #[must_use]
    pub fn project(mut self, project: Project) -> Self {
        self.scope = Scope::Project(project);
        self
    }

    /// The same identity, working in a whole domain.
    #[must_use]
    pub fn domain(mut self, domain: Domain) -> Self {
        self.scope = Scope::Domain(domain);
        self
    }

    /// Where the identity service is, as it was given, without a query and without a slash at the end.
    #[must_use]
    pub fn auth_url(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// How it is proved: `password`, `password and passcode`, `passcode`, `application credential` or `token`.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match &self.proof {
            Proof::Password { passcode: None, .. } => "password",
            Proof::Password { password: Some(_), passcode: Some(_), .. } => "password and passcode",
            Proof::Password { .. } => "passcode",
            Proof::ApplicationCredential { .. } => "application credential",
            Proof::Token(_) => "token",
        }
    }

    /// Whether it can be proved again, so that a token can be renewed.
    pub(super) fn is_renewable(&self) -> bool {
        match &self.proof {
            Proof::Password { passcode, .. } => passcode.is_none(),
            Proof::ApplicationCredential { .. } => true,
            Proof::Token(_) => false,
        }
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.proof {
            Proof::Password { user, .. } => user.fmt(f)?,
            Proof::ApplicationCredential { credential, .. } => credential.fmt(f)?,
            Proof::Token(_) => f.write_str("whoever the token is for")?,
        }
        match &self.scope {
            Scope::Unsaid => Ok(()),
            Scope::Project(Project::Id(id)) => write!(f, ", project with id `{id}`"),
            Scope::Project(Project::Name { name, domain: None }) => write!(f, ", project `{name}`"),
            Scope::Project(Project::Name { name, domain: Some(domain) }) => {
                write!(f, ", project `{name}` of {domain}")
            }
            Scope::Domain(domain) => write!(f, ", the whole {domain}"),
        }
    }
}

impl fmt::Display for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "user with id `{id}`"),
            Self::Name { name, domain } => write!(f, "user `{name}` of {domain}"),
        }
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "domain with id `{id}`"),
            Self::Name(name) => write!(f, "domain `{name}`"),
        }
    }
}

impl fmt::Display for ApplicationCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(f, "application credential with id `{id}`"),
            Self::Name { name, user } => write!(f, "application credential `{name}` of {user}"),
        }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity")
            .field("auth_url", &self.auth_url())
            .field("method", &self.method())
            .field("who", &format_args!("{self}"))
            .finish()
    }
}
