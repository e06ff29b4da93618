//! Which value that nobody typed is at fault when something is refused, and how that is told: by the variable or the
//! line of a file. Why it is refused is told elsewhere.

use clap::Command;
use clap::error::{ContextKind, ErrorKind};

use super::resolve::Unusable;
use super::source::{Setting, Source};
use super::{Said, Settings};
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
    /// The settings without any one of which clap would not complain so, each as it is told.
    pub(crate) fn at_fault(&self, command: &Command, error: &clap::Error) -> Vec<String> {
        let is_value = matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation);
        let said = |setting: &Setting| {
            let what = if is_value { "the value".to_owned() } else { format!("--{}", setting.long) };
            format!("{what} is that of {}", setting.source.in_words())
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

/// What clap says, without how it would be typed.
fn complaint(error: &clap::Error) -> (ErrorKind, Vec<String>) {
    let about = [ContextKind::InvalidArg, ContextKind::PriorArg, ContextKind::InvalidValue];
    let about = error.context().filter(|(kind, _)| about.contains(kind));
    (error.kind(), about.map(|(kind, value)| format!("{kind:?} {value:?}")).collect())
}
