//! The arguments of `lro presets`: what to do with which preset.
//! Nothing is done here.

use clap::Args;

use super::{Output, Shape};

#[derive(Debug, Args)]
pub(crate) struct PresetsArgs {
    /// Print this one, comments included, so that it can be copied and changed [otherwise list them all]
    #[arg(value_name = "NAME", conflicts_with_all = ["preset", "preset_file"])]
    pub(crate) name: Option<String>,

    /// Say whether this file can be used as a preset; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["name", "explain"])]
    pub(crate) check: Option<std::path::PathBuf>,

    /// Say what the answer on standard input means, and by which rule
    ///
    /// By the preset NAME, by --preset-file FILE, by the flags that describe an API, or by one of those with flags that
    /// change it. The answer is JSON, or what curl -i prints. Nothing is sent. The exit code is 0 whatever the answer
    /// means, and 3 when it means nothing.
    #[arg(long)]
    pub(crate) explain: bool,

    /// The status of an answer that does not say it itself [default: 200]
    #[arg(long, value_name = "CODE", requires = "explain", value_parser = clap::value_parser!(u16).range(200..=599))]
    pub(crate) status: Option<u16>,

    /// What to print on standard output
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub(crate) output: Output,

    #[command(flatten)]
    pub(crate) shape: Shape,
}
