//! Which value that nobody typed is at fault when something is refused, and how that is told: by the variable or the
//! line of a file. Why it is refused is told elsewhere.

use std::ffi::OsString;

use clap::Command;
use clap::error::{ContextKind, ErrorKind};

use super::resolve::Unusable;
use super::source::{Setting, Source};
use super::{Said, Settings, flag};
use crate::cli::failure::Failure;

impl Unusable {
    /// What is told of it.
    pub(crate) fn failure(&self) -> Failure {
        let (long, why) = (&self.long, &self.why);
        match &self.source {
            Source::Variable(name) => Failure::usage(format!("the variable {name} cannot be used: {why}")),
            source @ Source::File { .. } => {
                Failure::usage(format!("what the configuration says of --{long} cannot be used"))
                    .caused_by(format!("{}: {why}", source.in_words()))
            }
        }
    }
}

impl Settings {
    /// What clap says, as it says it of the typed words alone if these are what it is about: the usage that it tells is
    /// then without flags that nobody typed.
    pub(crate) fn as_typed(&self, command: &Command, error: clap::Error) -> clap::Error {
        match command.clone().try_get_matches_from(&self.typed) {
            Err(own) if complaint(&own) == complaint(&error) => own,
            _ => error,
        }
    }

    /// The settings without any one of which clap would not complain so, each as it is told. `command` is what it
    /// complains of, and `whole` has all verbs.
    pub(crate) fn at_fault(&self, command: &Command, whole: &Command, error: &clap::Error) -> Vec<String> {
        let is_value = matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation);
        let said = |setting: &Setting| {
            let what = if is_value { "the value".to_owned() } else { format!("--{}", setting.long) };
            let elsewhere = Some(setting).filter(|_| is_value).and_then(|setting| elsewhere(whole, setting));
            format!("{what} is that of {}{}", setting.source.in_words(), elsewhere.unwrap_or_default())
        };
        let is_at_fault = |setting: &&Setting| match command
            .clone()
            .try_get_matches_from(self.spoken(|other| other != *setting))
        {
            Ok(_) => true,
            Err(other) => complaint(&other) != complaint(error),
        };
        let given = self.resolved.settings.iter().filter(|setting| setting.said != Said::Nothing);
        given.filter(is_at_fault).map(said).collect()
    }

    /// A failure with a note for each setting that it seems to be about: by its flag, its value, or its name.
    pub(crate) fn told(&self, failure: Failure) -> Failure {
        let is_about = |setting: &&Setting| {
            let values = match &setting.said {
                Said::Values(values) => &values[..],
                Said::Nothing => return false,
                Said::Alone(_) => &[],
            };
            values.iter().any(|value| failure.mentions(&format!("`{}`", value.to_string_lossy())))
                || failure.names(&format!("--{}", setting.long))
                || setting.short.is_some_and(|short| failure.names(&format!("-{short}")))
                || failure.mentions(&format!("the {} ", setting.long.replace('-', " ")))
        };
        let said = |setting: &Setting| {
            format!("the value of --{} is that of {}", setting.long, setting.source.in_words())
        };
        let notes: Vec<_> = self.resolved.settings.iter().filter(is_about).map(said).collect();
        notes.into_iter().fold(failure, Failure::note)
    }
}

/// Where in the file a value belongs that stands there for all verbs, if only others take it.
fn elsewhere(whole: &Command, setting: &Setting) -> Option<String> {
    let (Source::File { profile, verb: None, .. }, Said::Values(values)) = (&setting.source, &setting.said)
    else {
        return None;
    };
    let takes = |verb: &&Command| {
        flag::of_verb(verb).filter(|arg| flag::long(arg) == setting.long).any(|arg| {
            let possible = arg.get_possible_values();
            let is_one = |value: &OsString| {
                value.to_str().is_some_and(|value| possible.iter().any(|one| one.matches(value, false)))
            };
            values.iter().all(is_one)
        })
    };
    let table = |verb: &Command| match profile {
        Some(profile) => format!("[profile.{profile}.{}]", verb.get_name()),
        None => format!("[{}]", verb.get_name()),
    };
    let tables: Vec<_> = whole.get_subcommands().filter(takes).map(table).collect();
    (!tables.is_empty()).then(|| format!("; not every verb takes it: write it under {}", tables.join(" or ")))
}

/// What clap says, without how it would be typed.
fn complaint(error: &clap::Error) -> (ErrorKind, Vec<String>) {
    let about = [ContextKind::InvalidArg, ContextKind::PriorArg, ContextKind::InvalidValue];
    let about = error.context().filter(|(kind, _)| about.contains(kind));
    (error.kind(), about.map(|(kind, value)| format!("{kind:?} {value:?}")).collect())
}
