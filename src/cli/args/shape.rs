//! Arguments that say which API it is: a preset by its name or its file, and flags that describe an API or change a
//! preset. Nothing is done here.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help, and a terminal shows backticks as they are"
)]

use std::path::PathBuf;

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

/// What the two flags of a preset stand under in the help.
const API: &str = "Which API";

/// A preset by its name or its file.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct Named {
    /// The preset that knows the API; lro presets lists them [env: LRO_PRESET] [otherwise otc-plas, if no flag describes an API]
    #[arg(long, value_name = "NAME", help_heading = API, conflicts_with = "preset_file",
        value_parser = NonEmptyStringValueParser::new())]
    pub(crate) preset: Option<String>,

    /// The same from a file: lro presets NAME prints one to begin with
    #[arg(long, value_name = "FILE", help_heading = API)]
    pub(crate) preset_file: Option<PathBuf>,
}

/// A preset, and what is to be changed of it; or all that there is to know of an API.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Instead of a preset, or beside it")]
pub(crate) struct Shape {
    #[command(flatten)]
    pub(crate) named: Named,

    /// Where in its answers the API says the state: a JMESPath expression, as all that are called EXPR
    ///
    /// With a preset it replaces the preset's own, and the preset's states are dropped, which belong to that one.
    ///
    /// In a shell, put single quotes around an expression. In it, a literal stands between backticks: `5`, `true`,
    /// `"DONE"`. A bare "DONE" is no text but the field of that name, and between double quotes a shell would take
    /// backticks for a command of its own.
    #[arg(long, value_name = "EXPR")]
    pub(crate) state: Option<String>,

    /// The states of success, compared without case; * and ? stand for anything
    ///
    /// Of several flags in this group that could decide, failure comes before cancelled, success and blocked. What none
    /// of them covers is still going on. A state that is given here has no other meaning of a preset's any more; ''
    /// stands for no state at all.
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        allow_negative_numbers = true,
        conflicts_with = "success_when"
    )]
    pub(crate) success: Vec<String>,

    /// The states of failure
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        allow_negative_numbers = true,
        conflicts_with = "failure_when"
    )]
    pub(crate) failure: Vec<String>,

    /// The states of an operation that somebody ended
    #[arg(long, value_name = "A,B", value_delimiter = ',', allow_negative_numbers = true)]
    pub(crate) cancelled: Vec<String>,

    /// The states in which a person has to act
    #[arg(long, value_name = "A,B", value_delimiter = ',', allow_negative_numbers = true)]
    pub(crate) blocked: Vec<String>,

    /// What is true of a success, instead of a state: 'done && !error'
    #[arg(long, value_name = "EXPR")]
    pub(crate) success_when: Option<String>,

    /// What is true of a failure, instead of a state
    #[arg(long, value_name = "EXPR")]
    pub(crate) failure_when: Option<String>,

    /// Succeed when there is no such operation or resource any more (404, 410)
    ///
    /// Of a preset, failure counts as ever, and nothing else ends the wait: what is to be deleted may look well until
    /// then. With --success or --success-when, both count.
    #[arg(long)]
    pub(crate) until_gone: bool,

    /// Where the API says in words what happens; of several, the first that is there
    #[arg(long, value_name = "EXPR")]
    pub(crate) message: Vec<String>,

    /// Where it says how far it is, in percent
    #[arg(long, value_name = "EXPR")]
    pub(crate) progress_from: Option<String>,

    /// Where the result of a success is: an expression, or header:NAME. A URL or a path is fetched
    #[arg(long, value_name = "EXPR")]
    pub(crate) result: Option<String>,

    /// The method of a poll [default: GET]
    #[arg(long, value_name = "METHOD")]
    pub(crate) method: Option<String>,

    /// The body of a poll, or @FILE
    #[arg(long, value_name = "BODY")]
    pub(crate) data: Option<String>,
}

impl Shape {
    /// The flags that describe an API, and what was given with them. Without any, a preset is taken as it is.
    pub(crate) fn described(&self) -> Vec<(&'static str, Option<String>)> {
        let set = |values: &Vec<String>| (!values.is_empty()).then(|| values.join(","));
        let once = [
            ("--state", self.state.clone()),
            ("--success", set(&self.success)),
            ("--failure", set(&self.failure)),
            ("--cancelled", set(&self.cancelled)),
            ("--blocked", set(&self.blocked)),
            ("--success-when", self.success_when.clone()),
            ("--failure-when", self.failure_when.clone()),
            ("--progress-from", self.progress_from.clone()),
            ("--result", self.result.clone()),
            ("--method", self.method.clone()),
            ("--data", self.data.clone()),
        ];
        let once = once.into_iter().filter(|(_, value)| value.is_some());
        let messages = self.message.iter().map(|message| ("--message", Some(message.clone())));
        once.chain(messages).chain(self.until_gone.then_some(("--until-gone", None))).collect()
    }
}
