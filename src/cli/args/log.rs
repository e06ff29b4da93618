//! The arguments that say whether a log is written, and what stands in it.
//! Nothing is done here.

use clap::{Args, ValueEnum};

use super::LAST;

/// A log instead of what is told to a person. It is on when either of these is given.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct Log {
    /// Write a log on standard error, instead of telling a person what happens [default: text with --log-level]
    ///
    /// text: a line for each event, with its time, level, name, what it says, and key=value. json: each as a JSON object on
    /// a line. There is no spinner then, and what is told otherwise, as warnings and errors, stands in the log.
    #[arg(long, global = true, value_name = "FORMAT", display_order = LAST)]
    pub(crate) log_format: Option<Form>,

    /// Which events are written [default: info with --log-format]
    ///
    /// info: beginnings, changes and ends. debug: each poll and each token too. trace: each pause too.
    #[arg(long, global = true, value_name = "LEVEL", display_order = LAST)]
    pub(crate) log_level: Option<Level>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}
