//! Arguments that say which of several operations count, and how many are asked at a time.
//! Nothing is done here.

use clap::Args;
use clap::builder::RangedU64ValueParser;
use lro::fleet::DEFAULT_CONCURRENCY;

/// Which of several operations are waited for.
#[derive(Debug, Args)]
#[command(next_help_heading = "Several operations")]
#[expect(clippy::struct_excessive_bools, reason = "flags are what they are")]
pub(crate) struct Which {
    /// Wait until each of several operations has ended; that is the default
    #[arg(long, conflicts_with_all = ["any", "fail_fast"])]
    pub(crate) all: bool,

    /// End with the first that succeeds; the others go on without lro
    #[arg(long, conflicts_with = "fail_fast")]
    pub(crate) any: bool,

    /// End with the first that does not succeed; the others go on without lro
    #[arg(long)]
    pub(crate) fail_fast: bool,

    #[command(flatten)]
    pub(crate) many: Many,

    /// Take the lines of standard input as they come, and end when nobody writes there any more and all has ended
    ///
    /// A line that names no operation is told and passed over, and the exit code is not 0. What is printed of all is kept
    /// until the end, except by -o jsonl.
    #[arg(long)]
    pub(crate) follow: bool,
}

/// How several operations are asked.
#[derive(Debug, Args)]
#[command(next_help_heading = "Several operations")]
pub(crate) struct Many {
    /// How many polls may be under way at a time
    #[arg(long, value_name = "N", default_value_t = DEFAULT_CONCURRENCY,
        value_parser = RangedU64ValueParser::<usize>::new().range(1..=10_000), allow_negative_numbers = true)]
    pub(crate) concurrency: usize,

    /// How many polls may be sent in a second, all together [default: as many as there are]
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    pub(crate) rate: Option<f64>,

    /// Pass over what names no operation on standard input, with a warning, instead of asking nothing at all
    #[arg(long)]
    pub(crate) skip_invalid: bool,
}
