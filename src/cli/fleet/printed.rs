//! What is printed of a fleet on standard output, and when.
//! How it is printed is not known here.

use crate::cli::args::{OutputOfWait, WaitArgs};
use crate::cli::failure::Failure;

/// What is printed of a fleet on standard output, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Printed {
    /// A line for each, at the end.
    Text,
    /// The same, unless COMMAND runs then.
    TextUnlessCommand,
    /// One document at the end.
    Json,
    /// Each event when it happens.
    Jsonl,
    Nothing,
}

impl Printed {
    pub(super) fn of(args: &WaitArgs) -> Result<Self, Failure> {
        let wants_result = args.at.shape.result.is_some();
        match args.manner.told.output {
            Some(OutputOfWait::Result) => Err(Failure::usage("-o result is for one operation")
                .hint("give -o json or -o jsonl: they tell the result of each".to_owned())),
            Some(OutputOfWait::Json) => Ok(Self::Json),
            Some(OutputOfWait::Jsonl) => Ok(Self::Jsonl),
            Some(OutputOfWait::None) => Ok(Self::Nothing),
            None if !args.manner.command.is_empty() => Ok(Self::TextUnlessCommand),
            // Who says where the result is wants to see it.
            None if wants_result => Ok(Self::Json),
            Some(OutputOfWait::Text) | None => Ok(Self::Text),
        }
    }

    /// Whether the result of a success is to be fetched, where the arguments say where it is.
    pub(super) fn fetches_result(self, args: &WaitArgs) -> bool {
        args.at.shape.result.is_some() && matches!(self, Self::Json | Self::Jsonl)
    }
}
