//! What a person has said once, so as not to type it: variables and profiles of the configuration file. Each value is
//! put among the words of the command line as if it were typed there, so that all rules of the flags hold for it.
//! What a flag means is not known here, nor which flags there are.

mod fault;
mod file;
mod flag;
mod known;
mod place;
mod profile;
mod resolve;
mod source;
#[cfg(test)]
mod tests;
mod typed;
mod yields;

use std::ffi::OsString;

use clap::Command;

use super::failure::Failure;

pub(crate) use file::File;
pub(crate) use flag::{Said, of_verb, variable};
pub(crate) use known::Known;
pub(crate) use place::Place;
pub(crate) use profile::{By, Chosen};
pub(crate) use resolve::{Resolved, Typed, Unusable};
pub(crate) use source::{Origins, Passed, Setting, Source};
pub(crate) use typed::{again, profile as typed_profile, typed};

use typed::Line;

/// What the names of our own variables begin with.
pub(crate) const PREFIX: &str = "LRO_";

/// What is typed, and what is said beside it.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    typed: Vec<OsString>,
    /// Behind how many of the words the others belong.
    after: usize,
    resolved: Resolved,
    /// The profile, if somebody names it.
    profile: Option<String>,
}

/// What there is to find settings in.
pub(crate) struct Surroundings<'a> {
    pub(crate) variable: &'a dyn Fn(&str) -> Option<OsString>,
    pub(crate) place: Place,
}

impl Surroundings<'_> {
    /// Those of whoever runs the command.
    pub(crate) fn here() -> Self {
        Self { variable: &|name| std::env::var_os(name), place: Place::of(std::env::var_os(place::VARIABLE)) }
    }

    /// What stands in the file, if there is one.
    pub(crate) fn file(&self, command: &Command) -> Result<Option<File>, Failure> {
        let (Some(text), Some(path)) = (self.place.read()?, self.place.path()) else { return Ok(None) };
        let file = File::parse(path, &text, &Known::of(command)).map_err(|wrong| {
            Failure::usage("the configuration file cannot be used").caused_by(wrong.what).hint(wrong.hint)
        })?;
        Ok(Some(file))
    }

    /// The profile that counts, whether it stands in the file or not.
    pub(crate) fn profile(&self, typed: Option<String>, file: Option<&File>) -> Result<Chosen, Failure> {
        Chosen::of(typed, (self.variable)(&variable("profile")), file)
    }

    /// What counts for a verb beside what is typed.
    pub(crate) fn resolve(
        &self,
        verb: &Command,
        typed: &Typed,
        profile: &Chosen,
        file: Option<&File>,
    ) -> Resolved {
        let layers = file.map(|file| file.layers(verb.get_name(), profile.name.as_deref()));
        resolve::resolve(verb, typed, self.variable, &layers.unwrap_or_default())
    }
}

impl Settings {
    /// These words as they are typed.
    pub(crate) fn none(typed: Vec<OsString>) -> Self {
        Self { typed, ..Self::default() }
    }

    /// These words, and what is said beside them, which belongs behind so many of them.
    pub(crate) fn with(typed: Vec<OsString>, after: usize, resolved: Resolved) -> Self {
        Self { typed, after, resolved, profile: None }
    }

    /// These words, and what is said of the verb that they name.
    pub(crate) fn of(
        command: &Command,
        typed: Vec<OsString>,
        around: &Surroundings<'_>,
    ) -> Result<Self, Failure> {
        let Some(line) = Line::of(command, &typed) else { return Ok(Self::none(typed)) };
        if known::ONLY_TYPED.contains(&line.verb.get_name()) {
            return Ok(Self::none(typed));
        }
        let has_own = !of_verb(&line.verb).all(clap::Arg::is_global_set);
        let found = Self::of_line(command, typed.clone(), line, around);
        let is_usable = |settings: &Self| command.clone().try_get_matches_from(settings.words()).is_ok();
        match found {
            found if has_own => found,
            // What has no flags of its own, as the completions that a shell loads when it starts, has no use of a file.
            found => Ok(found.ok().filter(is_usable).unwrap_or_else(|| Self::none(typed))),
        }
    }

    /// These words, and what is said of this verb that they name.
    fn of_line(
        command: &Command,
        typed: Vec<OsString>,
        line: Line,
        around: &Surroundings<'_>,
    ) -> Result<Self, Failure> {
        let file = around.file(command)?;
        let profile = around.profile(line.profile, file.as_ref())?;
        profile.check(&around.place, file.as_ref())?;
        let resolved = around.resolve(&line.verb, &line.typed, &profile, file.as_ref());
        if let Some(unusable) = resolved.unusable.first() {
            return Err(unusable.failure());
        }
        let profile = profile.name.filter(|_| profile.by != By::Nobody);
        Ok(Self { typed, after: line.after, resolved, profile })
    }

    /// The words as they count, with what nobody typed among them.
    pub(crate) fn words(&self) -> Vec<OsString> {
        self.spoken(|_| true)
    }

    /// Where the values are from that nobody typed.
    pub(crate) fn origins(&self) -> Origins {
        let said = self.resolved.settings.iter().filter(|setting| setting.said != Said::Nothing);
        let sources = said.map(|setting| (setting.long.clone(), setting.source.clone())).collect();
        Origins { sources, profile: self.profile.clone() }
    }

    /// What is typed, with the words of these settings.
    fn spoken(&self, is_meant: impl Fn(&Setting) -> bool) -> Vec<OsString> {
        let (before, behind) = self.typed.split_at(self.after);
        let meant = self.resolved.settings.iter().filter(|setting| is_meant(setting));
        before.iter().cloned().chain(meant.flat_map(Setting::words)).chain(behind.iter().cloned()).collect()
    }
}

/// Whether anything but the command line may say something: else there is nothing to be found.
pub(crate) fn may_be_said(words: &[OsString], place: &Place) -> bool {
    let is_ours = |name: &OsString| {
        // Windows finds a variable by its name in any case.
        let name = name.to_string_lossy().to_ascii_uppercase();
        name.starts_with(PREFIX) && !["LRO_TOKEN", place::VARIABLE].contains(&&*name)
    };
    // One that somebody names and that is not there is an error.
    let is_there = || matches!(place, Place::Given(_)) || place.is_there();
    let is_profile = |word: &OsString| word.to_string_lossy().starts_with("--profile");
    words.iter().any(is_profile) || std::env::vars_os().any(|(name, _)| is_ours(&name)) || is_there()
}
