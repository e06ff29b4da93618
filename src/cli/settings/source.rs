//! Where a value that nobody typed is from.
//! What it is worth is not decided here.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::flag::{self, Said};

/// Where a value is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A variable with this name.
    Variable(String),
    /// A file.
    File {
        /// The profile in it, unless it holds for all of them.
        profile: Option<String>,
        /// The verb whose table it stands in, unless it holds for all of them.
        verb: Option<String>,
        path: PathBuf,
        /// From 1.
        line: usize,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::File { profile: Some(profile), path, line, .. } => {
                write!(f, "profile `{profile}` in {}", at(path, *line))
            }
            Self::File { profile: None, path, line, .. } => f.write_str(&at(path, *line)),
        }
    }
}

impl Source {
    /// The same as part of a sentence.
    pub(crate) fn in_words(&self) -> String {
        match self {
            Self::Variable(_) | Self::File { profile: Some(_), .. } => format!("the {self}"),
            Self::File { profile: None, .. } => self.to_string(),
        }
    }
}

/// A line of a file, as an editor follows it.
pub(super) fn at(path: &Path, line: usize) -> String {
    format!("{}:{line}", path.display())
}

/// What is said of a flag, by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The name of the flag, without hyphens.
    pub(crate) long: String,
    pub(crate) short: Option<char>,
    pub(crate) said: Said,
    pub(crate) source: Source,
}

impl Setting {
    /// The words that are typed for it.
    pub(super) fn words(&self) -> Vec<std::ffi::OsString> {
        flag::words(&self.long, &self.said)
    }
}

/// Where the values of flags are from that nobody typed, and which profile is to be named to have them again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Origins {
    pub(super) sources: BTreeMap<String, Source>,
    pub(super) profile: Option<String>,
}

impl Origins {
    /// Who says this flag, in a few words.
    pub(crate) fn of(&self, long: &str) -> String {
        self.sources.get(long).map_or_else(|| format!("--{long}"), ToString::to_string)
    }

    /// The same of a flag with what is told of its value.
    pub(crate) fn with(&self, long: &str, value: &str) -> String {
        let flag = format!("--{long}{value}");
        self.sources.get(long).map_or_else(|| flag.clone(), |source| format!("{flag} of {source}"))
    }

    /// Whether a file says it, which says it again the next time.
    pub(crate) fn is_of_file(&self, long: &str) -> bool {
        matches!(self.sources.get(long), Some(Source::File { .. }))
    }

    /// The words that name the profile again.
    pub(crate) fn profile_again(&self) -> impl Iterator<Item = String> {
        self.profile.iter().flat_map(|name| ["--profile".to_owned(), name.clone()])
    }
}

/// A setting that does not count, and what it gives way to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Passed {
    pub(crate) setting: Setting,
    pub(crate) because: String,
}
