//! The arguments that say what is told of a wait: to a person, and to a program.
//! Nothing is done here.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::{OutputOfWait, Progress};
use crate::cli::duration::{Limit, parse_limit};

/// How often heartbeats are told unless told otherwise.
const DEFAULT_HEARTBEAT: Limit = Limit(Some(Duration::from_secs(60)));

#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Told {
    /// What to print on standard output [default: text; with --result and for submit result; none before a COMMAND that runs]
    ///
    /// text: a line with id, state, seconds and reason, separated by tabs. result: the result of a success, fetched where
    /// the API says that it is, or else the last answer. json: one document at the end. jsonl: each event as it happens,
    /// last the document, or for several operations how many ended how.
    #[arg(short, long, value_name = "FORMAT")]
    pub(crate) output: Option<OutputOfWait>,

    /// Tell nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Tell every poll
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// How to tell what happens, on standard error
    ///
    /// auto: a spinner on a terminal, lines elsewhere and where CI is set.
    #[arg(long, value_name = "HOW", default_value = "auto")]
    pub(crate) progress: Progress,

    /// In lines, tell at least this often that the wait goes on, or none
    #[arg(long, value_name = "DURATION", default_value_t = DEFAULT_HEARTBEAT, value_parser = parse_limit, allow_negative_numbers = true)]
    pub(crate) heartbeat: Limit,

    /// How to call somebody to the terminal when the wait has ended, however it ended
    ///
    /// desktop: a notification that the terminal shows, or the bell where it is not known to show any. Without a terminal
    /// on standard error nobody is called.
    #[arg(long, value_name = "HOW", default_value = "none")]
    pub(crate) notify: Notify,

    /// Whether the terminal itself shows the progress, on its tab or in the task bar
    ///
    /// auto: where the spinner is, if the terminal is known to understand it (OSC 9;4).
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) terminal_progress: When,

    /// At the end, write a timeline of the run into FILE: a page (.html), a picture (.svg), or Markdown (.md)
    ///
    /// May be given more than once. It is written however the run ends, before COMMAND runs, and never by halves. A file
    /// that could not be written is told before anything is sent.
    #[arg(long = "report", value_name = "FILE")]
    pub(crate) reports: Vec<PathBuf>,

    /// What to tell GitHub Actions at the end, in a step of it
    ///
    /// auto: the outputs outcome, reason, elapsed and location, and a summary of the step. annotations: these, and an
    /// annotation for each operation that did not succeed. Elsewhere this does nothing.
    #[arg(long, value_name = "WHAT", default_value = "off")]
    pub(crate) github: GitHub,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Notify {
    None,
    Bell,
    Desktop,
}

/// What GitHub Actions is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "lower")]
pub(crate) enum GitHub {
    Off,
    Auto,
    Annotations,
}
