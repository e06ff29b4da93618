//! A token that is given, read from a file, or printed by a command.
//! When a fresh one is asked for is not decided here.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use secrecy::SecretString;
use tokio::io::AsyncReadExt;

use super::authorizer::{Authorizer, Authorizing, Request, Standing};
use super::carrier::Carrier;
use super::error::{AuthError, AuthErrorKind};
use super::headers::Headers;
use super::renewal::{Issued, Renewing, Source};

/// A file or a command that gives more than this gives no token: 64 KiB. Keystone's longest are a tenth of it.
const LONGEST: u64 = 64 * 1024;

/// Where the token comes from that is sent as `X-Auth-Token`, or [in another way](Self::bearer).
///
/// Clones share the token: a fresh one is had once for all of them.
///
/// ```
/// use lro::auth::Token;
///
/// let given = Token::given("0123456789".to_owned())?;
/// let renewed_by_somebody = Token::file("/run/secrets/token").bearer();
/// let printed = Token::command("gcloud auth print-access-token").bearer();
/// assert!(!format!("{given:?}").contains("0123456789"));
/// # let _ = (renewed_by_somebody, printed);
/// # Ok::<(), lro::auth::TokenError>(())
/// ```
#[derive(Clone)]
pub struct Token(Arc<Renewing<Origin>>);

#[derive(Clone)]
struct Origin {
    place: Place,
    carrier: Carrier,
}

#[derive(Clone)]
enum Place {
    Given(SecretString),
    File(PathBuf),
    Command(String),
}

impl Token {
    /// This token, which cannot be renewed.
    ///
    /// # Errors
    ///
    /// When it is empty or holds a character that no header can carry.
    pub fn given(token: impl Into<SecretString>) -> Result<Self, TokenError> {
        let token = checked(token.into(), "the token", Carrier::AuthToken)?;
        Ok(Self::of(Place::Given(token), Carrier::AuthToken))
    }

    /// This `user:password`, sent as [`basic`](Self::basic) sends it, which cannot be renewed. It may hold what no other
    /// token may: spaces, and any character of UTF-8.
    ///
    /// # Errors
    ///
    /// When there is no colon in it, or a control character.
    pub fn user_and_password(text: impl Into<SecretString>) -> Result<Self, TokenError> {
        let text = checked(text.into(), "the user with the password", Carrier::Basic)?;
        Ok(Self::of(Place::Given(text), Carrier::Basic))
    }

    /// The content of a file, white space around it left out. It is read when the first request is sent, and again
    /// when the server refuses the token.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Place::File(path.into()), Carrier::AuthToken)
    }

    /// What a command prints, white space around it left out. The command is run by the shell when the first request
    /// is sent, and again when the server refuses the token; what it says on standard error goes where ours goes.
    pub fn command(command: impl Into<String>) -> Self {
        Self::of(Place::Command(command.into()), Carrier::AuthToken)
    }

    /// Sends it as `Authorization: Bearer TOKEN` instead. Clones that were made before send it as they did, and share
    /// nothing with this one.
    #[must_use]
    pub fn bearer(self) -> Self {
        Self::of(self.0.source.place.clone(), Carrier::Bearer)
    }

    /// Sends it as `Authorization: Basic …` instead: the token is `user:password`, which may hold spaces and any
    /// character of UTF-8. Without a colon it is refused when the first request is to be sent. Clones that were made
    /// before send it as they did, and share nothing with this one.
    #[must_use]
    pub fn basic(self) -> Self {
        Self::of(self.0.source.place.clone(), Carrier::Basic)
    }

    fn of(place: Place, carrier: Carrier) -> Self {
        Self(Arc::new(Renewing::new(Origin { place, carrier })))
    }

    /// How it is called.
    pub(super) fn method(&self) -> &'static str {
        match self.0.source.carrier {
            Carrier::AuthToken => "token",
            Carrier::Bearer => "bearer token",
            Carrier::Basic => "user and password",
        }
    }
}

impl Authorizer for Token {
    fn authorize<'a>(&'a self, _: &'a Request<'a>) -> Authorizing<'a, Headers> {
        Box::pin(carried(&self.0, self.0.source.carrier))
    }

    fn refused<'a>(&'a self, headers: &'a Headers) -> Authorizing<'a, bool> {
        Box::pin(replaced(&self.0, self.0.source.carrier, headers))
    }

    fn standing(&self) -> Standing {
        let standing = Standing::new(None, None, self.0.source.is_renewable());
        Standing { is_asking: self.0.is_asking(), ..standing }
    }
}

/// What carries the token of a source.
pub(super) async fn carried<S: Source>(token: &Renewing<S>, carrier: Carrier) -> Result<Headers, AuthError> {
    Ok(carrier.headers(&token.current().await?.token))
}

/// Whether there is another token than the one in these headers, which was refused.
pub(super) async fn replaced<S: Source>(
    token: &Renewing<S>,
    carrier: Carrier,
    headers: &Headers,
) -> Result<bool, AuthError> {
    match carrier.token(headers) {
        Some(refused) => token.renewed(&refused).await,
        None => Ok(false),
    }
}

impl Source for Origin {
    async fn issue(&self, again: bool) -> Result<Issued, AuthError> {
        let kind = match self.place {
            // Whoever renews a file may be at it just now. To read it again does no harm, but a command may log in.
            Place::File(_) if again => AuthErrorKind::Transient,
            _ => AuthErrorKind::Unusable,
        };
        let token = self.read().await.map_err(|error| AuthError::new(kind, error))?;
        Ok(Issued::now(token, None))
    }

    fn is_renewable(&self) -> bool {
        !matches!(self.place, Place::Given(_))
    }
}

impl Origin {
    async fn read(&self) -> Result<SecretString, TokenError> {
        let (name, bytes) = match &self.place {
            Place::Given(token) => return checked(token.clone(), "the token", self.carrier),
            Place::File(path) => {
                let name = format!("the token file `{}`", path.display());
                let read = async { bounded(tokio::fs::File::open(path).await?).await }.await;
                let bytes = read.map_err(|source| TokenError::Unreadable { name: name.clone(), source })?;
                (name, bytes)
            }
            Place::Command(command) => ("the token command".to_owned(), run(command).await?),
        };
        let too_long = bytes.len() as u64 > LONGEST;
        match String::from_utf8(bytes) {
            Ok(text) if !too_long => checked(SecretString::from(text.trim()), &name, self.carrier),
            Ok(_) => Err(TokenError::Unusable { name, problem: "is longer than 64 KiB" }),
            Err(_) => Err(TokenError::Unusable { name, problem: "is not text" }),
        }
    }
}

async fn run(command: &str) -> Result<Vec<u8>, TokenError> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let unreadable = |source| TokenError::Unreadable { name: "the token command".to_owned(), source };
    let mut child = tokio::process::Command::new(shell)
        .args([flag, command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(unreadable)?;
    let stdout = child.stdout.take();
    let bytes = match stdout {
        Some(stdout) => bounded(stdout).await.map_err(unreadable)?,
        None => Vec::new(),
    };
    if bytes.len() as u64 > LONGEST {
        // However it ends now that nobody reads it: too much is told as too much.
        return Ok(bytes);
    }
    let status = child.wait().await.map_err(unreadable)?;
    if status.success() { Ok(bytes) } else { Err(TokenError::CommandFailed { status }) }
}

/// One byte more than a token may have, so that one that is too long is noticed.
async fn bounded(source: impl tokio::io::AsyncRead + Unpin) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    source.take(LONGEST + 1).read_to_end(&mut bytes).await?;
    Ok(bytes)
}

fn checked(token: SecretString, name: &str, carrier: Carrier) -> Result<SecretString, TokenError> {
    match carrier.problem(&token) {
        Some(problem) => Err(TokenError::Unusable { name: name.to_owned(), problem }),
        None => Ok(token),
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source: &dyn fmt::Debug = match &self.0.source.place {
            Place::Given(_) => &"given",
            Place::File(path) => path,
            // A command may hold a secret of its own.
            Place::Command(_) => &"command",
        };
        f.debug_tuple("Token").field(source).finish()
    }
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The file could not be read, or the command could not be run.
    #[error("{name} cannot be read")]
    Unreadable {
        /// Which file, or that it is the command.
        name: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The command ended badly.
    #[error("the token command ended with {status}")]
    CommandFailed {
        /// How it ended.
        status: ExitStatus,
    },
    /// What is there is no token.
    #[error("{name} {problem}")]
    Unusable {
        /// Where it is from.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

#[cfg(test)]
mod tests;
