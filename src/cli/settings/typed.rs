//! What is typed: which verb, where it stands among the words, and which of its flags are given.
//! What is wrong with it is told later, by whoever reads the words as a whole.

use std::ffi::OsString;

use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

use super::flag::{self, Said};
use super::resolve::Typed;

/// What is known of words that may be wrong.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) verb: Command,
    /// Where words for the verb may be put in.
    pub(super) after: usize,
    pub(super) typed: Typed,
    /// The profile that is named.
    pub(super) profile: Option<String>,
}

impl Line {
    /// What these words of a command line are, as far as they can be understood. None when they are for no verb, or want
    /// help.
    pub(super) fn of(command: &Command, words: &[OsString]) -> Option<Self> {
        let mut command = command.clone().ignore_errors(true);
        let matches = command.try_get_matches_from_mut(words).ok()?;
        let (verb, below) = matches.subcommand()?;
        // The name of a verb may stand among the words before it as the value of a flag.
        let mut is_verb = |end: usize| {
            words[end - 1] == *verb
                && command
                    .try_get_matches_from_mut(&words[..end])
                    .is_ok_and(|matches| matches.subcommand_name() == Some(verb))
        };
        let after = (2..=words.len()).find(|end| is_verb(*end))?;
        let (typed, profile) = (typed(below), profile(below));
        Some(Self { verb: command.find_subcommand(verb)?.clone(), after, typed, profile })
    }
}

/// The arguments that are given, by their ids.
pub(crate) fn typed(matches: &ArgMatches) -> Typed {
    let ids = matches.ids().map(clap::Id::as_str);
    let is_typed = |id: &&str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let values = |id: &str| matches.try_get_raw(id).ok().flatten().into_iter().flatten();
    ids.filter(is_typed).map(|id| (id.to_owned(), values(id).map(OsString::from).collect())).collect()
}

/// The profile that is named there.
pub(crate) fn profile(matches: &ArgMatches) -> Option<String> {
    matches.try_get_one::<String>("profile").ok()?.cloned()
}

/// The words for the flags that are typed, each in full.
pub(crate) fn again(verb: &Command, given: &Typed) -> Vec<OsString> {
    let words = flag::of_verb(verb).filter_map(|arg| {
        let values = given.get(arg.get_id().as_str())?;
        let takes_one = arg.get_action().takes_values() && !values.is_empty();
        let said = if takes_one { Said::Values(values.clone()) } else { Said::Alone(1) };
        Some(flag::words(flag::long(arg), &said))
    });
    words.flatten().collect()
}
