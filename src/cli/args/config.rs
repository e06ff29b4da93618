//! The arguments of `lro config`: of which verb the settings are to be told.
//! Nothing is done here.

use std::ffi::OsString;

use clap::{Arg, Args, Subcommand};

use super::Output;
use crate::cli::help;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Tell each flag of a verb with its value, and where that is from: a flag, a variable, a profile, or the default
    #[command(after_help = help::examples(help::CONFIG), override_usage = "lro config show [OPTIONS] [VERB] [FLAGS]...")]
    Show(ShowArgs),
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// What to print on standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) output: Output,

    /// The verb, and flags of it as they would be typed [default: wait]
    #[arg(value_name = "VERB", trailing_var_arg = true, allow_hyphen_values = true)]
    pub(crate) words: Vec<OsString>,
}

/// The flag that says what to print, which may stand among those of the verb.
pub(crate) fn own_output() -> Arg {
    ShowArgs::augment_args(clap::Command::new("show"))
        .get_arguments()
        .find(|arg| arg.get_id() == "output")
        .cloned()
        .unwrap_or_else(|| unreachable!("it is defined above"))
}
