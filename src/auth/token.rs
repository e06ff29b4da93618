//! A token that is given, read from a file, or printed by a command.
//! When a fresh one is asked for is not decided here.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use tokio::io::AsyncReadExt;

use super::authorizer::{AuthError, AuthErrorKind, Authorizer, Authorizing, Headers, Request, Standing};
use super::renewal::{Issued, Renewing, Source};

/// The header that carries a token of `OpenStack` and of all that is made like it.
pub(super) const TOKEN_HEADER: &str = "X-Auth-Token";

/// A file or a command that gives more than this gives no token: 64 KiB. Keystone's longest are a tenth of it.
const LONGEST: u64 = 64 * 1024;

/// Where the token comes from that is sent as `X-Auth-Token`.
///
/// Clones share the token: a fresh one is had once for all of them.
#[derive(Clone)]
pub struct Token(Arc<Renewing<Origin>>);

enum Origin {
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
        Ok(Self::of(Origin::Given(checked(token.into(), "the token")?)))
    }

    /// The content of a file, white space around it left out. It is read when the first request is sent, and again
    /// when the server refuses the token.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self::of(Origin::File(path.into()))
    }

    /// What a command prints, white space around it left out. The command is run by the shell when the first request
    /// is sent, and again when the server refuses the token; what it says on standard error goes where ours goes.
    pub fn command(command: impl Into<String>) -> Self {
        Self::of(Origin::Command(command.into()))
    }

    fn of(origin: Origin) -> Self {
        Self(Arc::new(Renewing::new(origin)))
    }
}

impl Authorizer for Token {
    fn authorize<'a>(&'a self, _: &'a Request<'a>) -> Authorizing<'a, Headers> {
        Box::pin(carried(&self.0))
    }

    fn refused<'a>(&'a self, headers: &'a Headers) -> Authorizing<'a, bool> {
        Box::pin(replaced(&self.0, headers))
    }

    fn standing(&self) -> Standing {
        let standing = Standing::new(None, None, self.0.source.is_renewable());
        Standing { is_asking: self.0.is_asking(), ..standing }
    }
}

/// What carries the token of a source.
pub(super) async fn carried<S: Source>(token: &Renewing<S>) -> Result<Headers, AuthError> {
    let issued = token.current().await?;
    Ok(Headers::new().secret(TOKEN_HEADER, issued.token.clone()))
}

/// Whether there is another token than the one in these headers, which was refused.
pub(super) async fn replaced<S: Source>(token: &Renewing<S>, headers: &Headers) -> Result<bool, AuthError> {
    match headers.get(TOKEN_HEADER) {
        Some(refused) => token.renewed(refused).await,
        None => Ok(false),
    }
}

impl Source for Origin {
    async fn issue(&self, again: bool) -> Result<Issued, AuthError> {
        let kind = match self {
            // Whoever renews a file may be at it just now. To read it again does no harm, but a command may log in.
            Self::File(_) if again => AuthErrorKind::Transient,
            _ => AuthErrorKind::Unusable,
        };
        let token = self.read().await.map_err(|error| AuthError::new(kind, error))?;
        Ok(Issued::now(token, None))
    }

    fn is_renewable(&self) -> bool {
        !matches!(self, Self::Given(_))
    }
}

impl Origin {
    async fn read(&self) -> Result<SecretString, TokenError> {
        let (name, bytes) = match self {
            Self::Given(token) => return Ok(token.clone()),
            Self::File(path) => {
                let name = format!("the token file `{}`", path.display());
                let read = async { bounded(tokio::fs::File::open(path).await?).await }.await;
                let bytes = read.map_err(|source| TokenError::Unreadable { name: name.clone(), source })?;
                (name, bytes)
            }
            Self::Command(command) => ("the token command".to_owned(), run(command).await?),
        };
        let too_long = bytes.len() as u64 > LONGEST;
        match String::from_utf8(bytes) {
            Ok(text) if !too_long => checked(SecretString::from(text.trim()), &name),
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

fn checked(token: SecretString, name: &str) -> Result<SecretString, TokenError> {
    let text = token.expose_secret();
    let problem = if text.is_empty() {
        "is empty"
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        "holds a space, a line break or another character that no token has"
    } else {
        return Ok(token);
    };
    Err(TokenError::Unusable { name: name.to_owned(), problem })
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source: &dyn fmt::Debug = match &*self.0.source {
            Origin::Given(_) => &"given",
            Origin::File(path) => path,
            // A command may hold a secret of its own.
            Origin::Command(_) => &"command",
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
mod tests {
    use super::*;

    async fn told(token: Token) -> Result<String, String> {
        let issued = token.0.current().await.map_err(|error| error.to_string())?;
        Ok(issued.token.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn a_token_is_given_read_or_printed() {
        let file = std::env::temp_dir().join(format!("lro-token-{}", std::process::id()));
        std::fs::write(&file, " from-file\n").unwrap();
        assert_eq!(told(Token::given("given").unwrap()).await.unwrap(), "given");
        assert_eq!(told(Token::file(&file)).await.unwrap(), "from-file");
        assert_eq!(told(Token::command("echo from-command")).await.unwrap(), "from-command");
        std::fs::remove_file(&file).unwrap();
    }

    #[tokio::test]
    async fn what_is_no_token_is_refused_without_being_told() {
        let given = |token: &str| Token::given(token).unwrap_err().to_string();
        assert_eq!(given(""), "the token is empty");
        let unfit = "the token holds a space, a line break or another character that no token has";
        assert_eq!(given("se cret"), unfit);
        assert_eq!(given("secret\r\nX-Evil: 1"), unfit);
        assert_eq!(told(Token::command("printf ''")).await.unwrap_err(), "the token command is empty");
        assert_eq!(
            told(Token::command("exit 3")).await.unwrap_err(),
            "the token command ended with exit status: 3"
        );
        assert_eq!(
            told(Token::command("head -c 70000 /dev/zero | tr '\\0' x")).await.unwrap_err(),
            "the token command is longer than 64 KiB"
        );
        let missing = told(Token::file("/nowhere/token")).await.unwrap_err();
        assert_eq!(missing, "the token file `/nowhere/token` cannot be read");
    }

    #[tokio::test]
    async fn a_refused_token_is_followed_by_another_one_or_by_none() {
        let count = std::env::temp_dir().join(format!("lro-renewals-{}", std::process::id()));
        let token = Token::command(format!("echo x >> {0}; wc -l < {0}", count.display()));
        assert_eq!(told(token.clone()).await.unwrap(), "1");
        assert!(token.0.renewed(&SecretString::from("1")).await.unwrap());
        assert_eq!(told(token).await.unwrap(), "2");
        std::fs::remove_file(&count).unwrap();

        let same = Token::command("echo same");
        assert!(!same.0.renewed(&SecretString::from("same")).await.unwrap());
        let given = Token::given("given").unwrap();
        assert!(!given.0.renewed(&SecretString::from("given")).await.unwrap());
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?} {:?}", Token::given("s3cret").unwrap(), Token::command("echo s3cret"));
        assert_eq!(shown, r#"Token("given") Token("command")"#);
    }
}
