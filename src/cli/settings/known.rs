//! All the verbs and their flags, by name: what may stand in a configuration file.
//! What a flag means is not known here.

use std::collections::{BTreeMap, BTreeSet};

use clap::Command;

use super::flag;

/// The verbs that take nothing but what is typed: the one that tells of settings, and the one that is clap's.
pub(super) const ONLY_TYPED: [&str; 2] = ["config", "help"];

/// The flags of each verb.
#[derive(Debug)]
pub(crate) struct Known(BTreeMap<String, BTreeSet<String>>);

impl Known {
    /// Those of this command: each verb has its own, and those of the whole.
    pub(crate) fn of(command: &Command) -> Self {
        let verbs = command.get_subcommands().filter(|verb| !ONLY_TYPED.contains(&verb.get_name()));
        let flags = |verb: &Command| {
            let args = flag::of_verb(verb).chain(flag::of_verb(command));
            args.map(|arg| flag::long(arg).to_owned()).collect()
        };
        Self(verbs.map(|verb| (verb.get_name().to_owned(), flags(verb))).collect())
    }

    pub(crate) fn verbs(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn of_verb(&self, verb: &str) -> Option<&BTreeSet<String>> {
        self.0.get(verb)
    }

    /// Each flag once.
    pub(crate) fn flags(&self) -> impl Iterator<Item = &str> {
        self.0.values().flatten().map(String::as_str).collect::<BTreeSet<_>>().into_iter()
    }

    /// Whether some verb has this flag.
    pub(crate) fn has(&self, long: &str) -> bool {
        self.0.values().any(|flags| flags.contains(long))
    }
}
