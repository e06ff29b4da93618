//! The arguments: what a person may say, and how the help tells it.
//! Nothing is done here, and no default has a number of its own.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help, and a terminal shows backticks as they are"
)]

mod at;
mod config;
mod grouped;
mod log;
mod presets;
mod shape;
#[cfg(feature = "simulator")]
mod simulate;
mod submit;
mod told;
mod wait;
mod which;

use clap::{Args, Parser, Subcommand, ValueEnum, builder::Styles, builder::styling::AnsiColor};
use lro::policy::DEFAULT_POLL_TIMEOUT;

use super::duration::{Time, parse_positive};
use super::help;

pub(crate) use at::{Access, At, Network};
pub(crate) use config::{ConfigVerb, ShowArgs, own_output};
pub(crate) use grouped::Grouped;
pub(crate) use log::{Form, Level, Log};
pub(crate) use presets::PresetsArgs;
pub(crate) use shape::{Named, Shape};
#[cfg(feature = "simulator")]
pub(crate) use simulate::{HowItEnds, SimulateArgs};
pub(crate) use submit::SubmitArgs;
pub(crate) use told::{GitHub, Notify, Told, When};
pub(crate) use wait::{Manner, Pace, ScheduleName, WaitArgs};
pub(crate) use which::{Many, Which};

/// Where the flags of all verbs stand in the help: below those of the verb.
const LAST: usize = 100;

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Yellow.on_default().bold())
    .usage(AnsiColor::Yellow.on_default().bold())
    .literal(AnsiColor::Green.on_default())
    .placeholder(AnsiColor::Cyan.on_default());

/// Blocks until a long-running operation in a cloud is done, and says how it ended.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, styles = STYLES, after_help = help::after(help::EXAMPLES), max_term_width = 100,
    subcommand_value_name = "VERB", subcommand_help_heading = "Verbs")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) verb: Verb,

    /// Whether to use colors
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = "Output", display_order = LAST)]
    pub(crate) color: Color,

    /// The profile of the configuration file that counts, or '' for none [env: LRO_PROFILE] [otherwise default, if there is one]
    #[arg(long, global = true, value_name = "NAME", help_heading = "Configuration")]
    pub(crate) profile: Option<String>,

    #[command(flatten)]
    pub(crate) log: Log,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Block until operations are done
    #[command(after_help = help::after(help::WAIT))]
    Wait(Grouped<WaitArgs>),

    /// Ask once how operations stand
    #[command(after_help = help::after(help::STATUS))]
    Status(Grouped<StatusArgs>),

    /// Start an operation, then block until it is done
    #[command(after_help = help::after(help::SUBMIT))]
    Submit(Grouped<SubmitArgs>),

    /// Say who would ask, where, and how that was found
    #[command(after_help = help::examples(help::AUTH))]
    Auth(Grouped<AuthArgs>),

    /// List the presets, print one, check a file, or say what an answer means
    #[command(after_help = help::examples(help::PRESETS))]
    Presets(Grouped<PresetsArgs>),

    /// Tell what holds without being typed, and where it is from
    #[command(subcommand)]
    Config(ConfigVerb),

    /// Serve the PLAS API on loopback, to rehearse a script
    #[cfg(feature = "simulator")]
    #[command(after_help = help::examples(help::SIMULATE))]
    Simulate(SimulateArgs),

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

impl Verb {
    /// Who asks where, if anything is asked.
    pub(crate) fn access(&mut self) -> Option<&mut Access> {
        match self {
            Self::Wait(Grouped(args)) => Some(&mut args.at.access),
            Self::Status(Grouped(args)) => Some(&mut args.at.access),
            Self::Submit(Grouped(args)) => Some(&mut args.access),
            Self::Auth(Grouped(args)) => Some(&mut args.access),
            Self::Presets(_) | Self::Config(_) | Self::Completions { .. } | Self::Man { .. } => None,
            #[cfg(feature = "simulator")]
            Self::Simulate(_) | Self::Demo => None,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    pub(crate) at: At,

    #[command(flatten)]
    pub(crate) many: Many,

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

#[derive(Debug, Args)]
pub(crate) struct AuthArgs {
    #[command(flatten)]
    pub(crate) named: Named,

    #[command(flatten)]
    pub(crate) access: Access,

    /// Ask the cloud whether it is so
    #[arg(long)]
    pub(crate) check: bool,

    /// How long the cloud may take to answer
    #[arg(long, value_name = "DURATION", default_value_t = Time(DEFAULT_POLL_TIMEOUT), value_parser = parse_positive,
        help_heading = "How long")]
    pub(crate) poll_timeout: Time,

    /// What to print on standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) output: Output,
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
    Result,
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

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use lro::policy::{
        DEFAULT_COST, DEFAULT_FACTOR, DEFAULT_JITTER, DEFAULT_MAX_BALANCED_INTERVAL, DEFAULT_MAX_INTERVAL,
    };

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_help_tells_the_defaults_that_hold() {
        let help = Cli::command().find_subcommand_mut("wait").unwrap().render_help().to_string();
        // Lines are broken anywhere.
        let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
        let minutes = DEFAULT_MAX_BALANCED_INTERVAL.as_secs() / 60;
        for default in [
            format!("{}s; with balanced and expected {minutes}m", DEFAULT_MAX_INTERVAL.as_secs()),
            DEFAULT_FACTOR.to_string(),
            DEFAULT_JITTER.to_string(),
            format!("{}ms", DEFAULT_COST.as_millis()),
        ] {
            assert!(help.contains(&format!("[default: {default}]")), "{default}");
        }
    }
}
