//! The arguments of `lro submit`: the call that starts an operation, and the wait that follows it.
//! Nothing is done here.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::{Access, Manner, Shape};

#[derive(Debug, Args)]
pub(crate) struct SubmitArgs {
    /// The method of the call
    #[arg(id = "METHOD", value_name = "METHOD", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) method: String,

    /// Where the call goes: a path, or a URL
    #[arg(value_name = "PATH|URL", value_parser = NonEmptyStringValueParser::new())]
    pub(crate) location: String,

    #[command(flatten)]
    pub(crate) call: Call,
    #[command(flatten)]
    pub(crate) shape: Shape,
    #[command(flatten)]
    pub(crate) access: Access,
    #[command(flatten)]
    pub(crate) manner: Manner,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "What is sent")]
pub(crate) struct Call {
    /// The body of the call: JSON as it is, or @FILE, or - for standard input
    #[arg(long, value_name = "BODY")]
    pub(crate) json: Option<String>,

    /// Send the call again after an error, whatever its method: the API tolerates it
    ///
    /// GET, PUT and DELETE are sent again anyway. Any other call is sent once: after an error that leaves it open
    /// whether the server carried it out, the command ends with exit code 3 and says so.
    #[arg(long)]
    pub(crate) retry_submit: bool,

    /// Print where the operation is, and do not wait for it
    ///
    /// Nothing is printed when the call was done at once.
    #[arg(long, conflicts_with_all = ["output", "command", "reports"])]
    pub(crate) print_location: bool,
}
