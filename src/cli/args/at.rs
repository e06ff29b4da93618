//! Arguments that say which operation is meant, where it is asked for, and who asks.
//! Nothing is done here.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help, and a terminal shows backticks as they are"
)]

use std::path::PathBuf;

use clap::Args;
use lro::auth::Signature;

use super::Shape;
use crate::cli::settings::Origins;

/// Which operations, where they are asked for, and who asks.
#[derive(Debug, Args)]
pub(crate) struct At {
    /// CONNECTOR_ID/OPERATION_ID, a path as the API returns it, a URL, or - for standard input
    ///
    /// On standard input stands the JSON answer of the call that started the operation, {"location": "…"}, or the
    /// operation on a line of its own; or many of them, a line each or as a JSON list. An operation that is there twice,
    /// in whatever spelling, is asked once. One at another origin than the endpoint is asked without credentials.
    #[arg(value_name = "OPERATION", required = true)]
    pub(crate) operations: Vec<String>,

    #[command(flatten)]
    pub(crate) shape: Shape,

    #[command(flatten)]
    pub(crate) access: Access,
}

/// Where the API is, who asks, and which way requests go.
#[derive(Debug, Args)]
pub(crate) struct Access {
    /// Where the API is: scheme, host and port [env: LRO_ENDPOINT] [otherwise the URL that OPERATION is, or what the cloud says]
    #[arg(long, value_name = "URL", help_heading = "Where")]
    pub(crate) endpoint: Option<String>,

    /// Ask as this cloud in clouds.yaml says [otherwise LRO_TOKEN, OS_CLOUD, the other OS_* variables, the only cloud]
    #[arg(long, value_name = "NAME", help_heading = "Who",
        value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) os_cloud: Option<String>,

    /// Read the token from this file, again when it is refused
    #[arg(long, value_name = "FILE", help_heading = "Who", conflicts_with = "token_command")]
    pub(crate) token_file: Option<PathBuf>,

    /// Take the token that this command prints, again when it is refused
    #[arg(long, value_name = "COMMAND", help_heading = "Who",
        value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) token_command: Option<String>,

    /// Send the token as Authorization: Bearer [otherwise as the preset says]
    #[arg(long, help_heading = "Who", conflicts_with = "os_cloud")]
    pub(crate) bearer: bool,

    /// Send the token, which is user:password, as Authorization: Basic
    #[arg(long, help_heading = "Who", conflicts_with_all = ["os_cloud", "bearer"])]
    pub(crate) basic: bool,

    /// Send this header too, 'Name: value', or those in a file, one a line, with @FILE; a secret belongs into a file
    #[arg(short = 'H', long = "header", value_name = "HEADER", help_heading = "Who")]
    pub(crate) headers: Vec<String>,

    /// How an access key signs: credential, credential/REGION/SERVICE, or access [env: LRO_SIGNATURE]
    #[arg(long, value_name = "FORM", default_value_t = Signature::default(), help_heading = "Who")]
    pub(crate) signature: Signature,

    #[command(flatten)]
    pub(crate) network: Network,

    /// Who says what of this is not typed.
    #[arg(skip)]
    pub(crate) origins: Origins,
}

#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Network")]
pub(crate) struct Network {
    /// Trust the certificates in this PEM file too, beside the system's
    #[arg(long, value_name = "FILE")]
    pub(crate) cacert: Option<PathBuf>,

    /// Show this certificate (PEM) when the server asks for one
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) cert: Option<PathBuf>,

    /// The key of --cert (PEM)
    #[arg(long, value_name = "FILE", requires = "cert")]
    pub(crate) key: Option<PathBuf>,

    /// Go through this proxy: http://, https://, socks5:// or socks5h:// [otherwise the *_PROXY variables]
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,

    /// Ask this host too where the API leads there, HOST or HOST:PORT; nothing that is secret is sent there
    #[arg(long, value_name = "HOST")]
    pub(crate) allow_host: Vec<String>,

    /// Send nothing without encryption, but on loopback: refuse http:// wherever it comes from, instead of a warning [env: LRO_REQUIRE_HTTPS]
    #[arg(long)]
    pub(crate) require_https: bool,

    /// Accept every certificate: whoever is in between can read the token
    #[arg(long)]
    pub(crate) insecure: bool,
}
