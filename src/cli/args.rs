//! The arguments: what a person may say, and how the help tells it.
//! Nothing is done here, and no default has a number of its own.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help, and a terminal shows backticks as they are"
)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::Styles, builder::styling::AnsiColor};
use lro::policy::{
    DEFAULT_FACTOR, DEFAULT_INTERVAL, DEFAULT_JITTER, DEFAULT_MAX_INTERVAL, DEFAULT_NOT_FOUND_GRACE,
    DEFAULT_POLL_TIMEOUT, DEFAULT_TIMEOUT,
};

use super::duration::{Limit, Time, parse, parse_limit, parse_positive};
use super::help;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Green.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// How often heartbeats are told unless told otherwise.
const DEFAULT_HEARTBEAT: Limit = Limit(Some(std::time::Duration::from_secs(60)));

/// Blocks until a long-running operation in a cloud is done, and says how it ended.
#[derive(Debug, Parser)]
#[command(version, styles = STYLES, after_help = help::after(help::EXAMPLES), max_term_width = 100,
    subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,

    /// Whether to use colors
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub(crate) color: Color,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Block until an operation is done
    #[command(after_help = help::after(help::WAIT))]
    Wait(WaitArgs),

    /// Ask once how an operation stands
    #[command(after_help = help::after(help::STATUS))]
    Status(StatusArgs),

    /// Serve the PLAS API on loopback, to rehearse a script
    #[cfg(feature = "simulator")]
    #[command(after_help = help::examples(help::SIMULATE))]
    Simulate(super::simulate::SimulateArgs),

    /// Show what a wait looks like, against a simulated API
    #[cfg(feature = "simulator")]
    Demo,

    /// Print the completions for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },

    /// Print the manual page
    Man {
        /// Of this verb instead of the whole command
        verb: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct WaitArgs {
    #[command(flatten)]
    pub(crate) at: At,
    #[command(flatten)]
    pub(crate) limits: Limits,
    #[command(flatten)]
    pub(crate) pace: Pace,
    #[command(flatten)]
    pub(crate) faults: Faults,
    #[command(flatten)]
    pub(crate) told: Told,

    /// Runs after success, in place of lro; its exit code is the exit code
    ///
    /// Standard output then belongs to COMMAND: the result is not printed there unless --output asks for it.
    #[arg(last = true, value_name = "COMMAND", help_heading = None::<&'static str>)]
    pub(crate) command: Vec<std::ffi::OsString>,
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) at: At,

    /// How long the answer may take
    #[arg(long, value_name = "DURATION", default_value_t = Time(DEFAULT_POLL_TIMEOUT), value_parser = parse_positive,
        help_heading = "How long")]
    pub(crate) poll_timeout: Time,

    /// Take a finished operation without a result for not understood, not for a success
    #[arg(long, help_heading = "Faults")]
    pub(crate) require_result: bool,

    /// What to print on standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) output: Output,

    /// Tell nothing but errors
    #[arg(short, long, help_heading = "Output")]
    pub(crate) quiet: bool,
}

/// Which operation, where it is asked for, and who asks.
#[derive(Debug, Args)]
pub(crate) struct At {
    /// CONNECTOR_ID/OPERATION_ID, a path as the API returns it, a URL, or - for standard input
    ///
    /// On standard input stands the JSON answer of the call that started the operation, {"location": "…"}, or the
    /// operation on a line of its own.
    #[arg(value_name = "OPERATION")]
    pub(crate) operation: String,

    /// Where the API is: scheme, host and port [not needed when OPERATION is a URL]
    #[arg(long, value_name = "URL", env = "LRO_ENDPOINT", hide_env_values = true, help_heading = "Where")]
    pub(crate) endpoint: Option<String>,

    /// Which API it is
    #[arg(long, value_name = "NAME", env = "LRO_PRESET", hide_env_values = true, default_value = "otc-plas", value_parser = ["otc-plas"],
        help_heading = "Where")]
    pub(crate) preset: String,

    /// Read the token from this file, again when it is refused [otherwise from LRO_TOKEN or OS_TOKEN]
    #[arg(long, value_name = "FILE", help_heading = "Who", conflicts_with = "token_command")]
    pub(crate) token_file: Option<PathBuf>,

    /// Take the token that this command prints, again when it is refused
    #[arg(long, value_name = "COMMAND", help_heading = "Who")]
    pub(crate) token_command: Option<String>,

    #[command(flatten)]
    pub(crate) network: Network,
}

#[derive(Debug, Args)]
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

    /// Accept every certificate: whoever is in between can read the token
    #[arg(long)]
    pub(crate) insecure: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How long")]
pub(crate) struct Limits {
    /// How long to wait in all, or none; a bare number is in seconds
    #[arg(short, long, value_name = "DURATION", env = "LRO_TIMEOUT", hide_env_values = true, default_value_t = Limit(Some(DEFAULT_TIMEOUT)),
        value_parser = parse_limit)]
    pub(crate) timeout: Limit,

    /// How long one poll may take
    #[arg(long, value_name = "DURATION", default_value_t = Time(DEFAULT_POLL_TIMEOUT), value_parser = parse_positive)]
    pub(crate) poll_timeout: Time,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How often")]
pub(crate) struct Pace {
    /// How the pauses between polls grow
    #[arg(long, value_name = "NAME", default_value = "exponential")]
    pub(crate) schedule: ScheduleName,

    /// The first pause; with --schedule fixed, every pause
    #[arg(long, value_name = "DURATION", default_value_t = Time(DEFAULT_INTERVAL), value_parser = parse_positive)]
    pub(crate) interval: Time,

    /// The longest pause [default: 15s]
    #[arg(long, value_name = "DURATION", value_parser = parse_positive)]
    pub(crate) max_interval: Option<Time>,

    /// By how much each pause is longer than the one before [default: 1.5]
    #[arg(long, value_name = "FACTOR", allow_negative_numbers = true)]
    pub(crate) backoff: Option<f64>,

    /// The share by which a pause varies [default: 0.1]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(crate) jitter: Option<f64>,

    /// How long to wait before the first poll
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = parse)]
    pub(crate) initial_delay: Time,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Faults")]
pub(crate) struct Faults {
    /// End after this many polls in a row without a usable answer, or none
    ///
    /// By default 7 before the first useful answer, so that a wrong address is noticed in about a minute, and none
    /// after it, so that an outage is outwaited.
    #[arg(long, value_name = "N", value_parser = parse_max_errors)]
    pub(crate) max_errors: Option<lro::MaxErrors>,

    /// How long after the start "no such operation" is tolerated
    #[arg(long, value_name = "DURATION", default_value_t = Time(DEFAULT_NOT_FOUND_GRACE), value_parser = parse)]
    pub(crate) not_found_grace: Time,

    /// Take a finished operation without a result for not understood, not for a success
    #[arg(long)]
    pub(crate) require_result: bool,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Told {
    /// What to print on standard output [default: text; none before a COMMAND that runs]
    ///
    /// text: a line with id, state, seconds and reason, separated by tabs. json: one document at the end. jsonl: each
    /// event as it happens, last the document.
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) output: Option<OutputOfWait>,

    /// How to tell what happens, on standard error
    ///
    /// auto: a spinner on a terminal, lines elsewhere and where CI is set.
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub(crate) progress: Progress,

    /// In lines, tell at least this often that the wait goes on, or none
    #[arg(long, value_name = "DURATION", default_value_t = DEFAULT_HEARTBEAT, value_parser = parse_limit)]
    pub(crate) heartbeat: Limit,

    /// Tell nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Tell every poll
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScheduleName {
    Exponential,
    Fixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    Text,
    Json,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputOfWait {
    Text,
    Json,
    Jsonl,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Progress {
    Auto,
    Spinner,
    Lines,
    None,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

fn parse_max_errors(text: &str) -> Result<lro::MaxErrors, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1, or `none`".to_owned()),
        Ok(most) => Ok(lro::MaxErrors::Always(most)),
        Err(_) if text == "none" => Ok(lro::MaxErrors::Unlimited),
        Err(_) => Err("it must be a number from 1, or `none`".to_owned()),
    }
}

/// The defaults of the numbers that only exponential backoff has.
impl Pace {
    pub(crate) fn max_interval(&self) -> std::time::Duration {
        // A first pause over the default maximum is the maximum: who says 1 min means 1 min.
        self.max_interval.map_or(DEFAULT_MAX_INTERVAL.max(self.interval.0), |longest| longest.0)
    }

    pub(crate) fn factor(&self) -> f64 {
        self.backoff.unwrap_or(DEFAULT_FACTOR)
    }

    pub(crate) fn jitter(&self) -> f64 {
        self.jitter.unwrap_or(DEFAULT_JITTER)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_tells_the_defaults_that_hold() {
        let help = Cli::command().find_subcommand_mut("wait").unwrap().render_help().to_string();
        // Lines are broken anywhere.
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for default in [
            DEFAULT_MAX_INTERVAL.as_secs().to_string() + "s",
            DEFAULT_FACTOR.to_string(),
            DEFAULT_JITTER.to_string(),
        ] {
            assert!(help.contains(&format!("[default: {default}]")), "{default}");
        }
    }
}
