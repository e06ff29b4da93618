//! Why what is on the machine makes no credentials, told without a secret, and what to try.
//! What is told to whom is not known here.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::key::override_key;
use super::origin::{Fact, Origin};
use super::search::Looked;
use super::settings::{all_of, any_of, quoted};
use crate::http::{BuildError, printable};

/// Why there is no [`Cloud`](super::Cloud), or no client for one. Nothing in it is secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CloudError {
    /// A file that is to be used cannot be read.
    #[error("{} cannot be read", shown(.path))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A file is not what it should be.
    #[error("{} cannot be used: {}{problem}", shown(.path), position(*.line, *.column))]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1; 0 when it is the file as a whole.
        line: u64,
        /// The column in it, from 1.
        column: u64,
        /// What is wrong, or what was expected.
        problem: String,
    },
    /// No file has this cloud.
    #[error("there is no cloud `{}`: {looked}", printable(.name))]
    UnknownCloud {
        /// The cloud.
        name: String,
        /// Those that there are.
        known: Vec<String>,
        /// Where it was looked.
        looked: Box<Looked>,
    },
    /// A cloud is said to be of a vendor that is not known.
    #[error("there is no profile `{}`, as {origin} has it", printable(.name))]
    UnknownProfile {
        /// The profile.
        name: String,
        /// Who names it.
        origin: Origin,
        /// Those that there are.
        known: Vec<String>,
    },
    /// A variable is not text.
    #[error("the {origin} cannot be used: it is not UTF-8 text")]
    NotText {
        /// The variable.
        origin: Origin,
    },
    /// Something that was said cannot be used.
    #[error("the {what} cannot be used ({origin}): {reason}")]
    Unusable {
        /// What it is, by its name in a file.
        what: String,
        /// Who said it.
        origin: Origin,
        /// Why not.
        reason: String,
    },
    /// There is not enough to ask with.
    #[error("{0}")]
    Incomplete(Box<Incomplete>),
    /// It is not known where the API is.
    #[error("it is not known where the API is: {looked}")]
    NoPlace {
        /// Its type in a catalog.
        service: String,
        /// Where it was looked.
        looked: Box<Looked>,
    },
    /// The client could not be made.
    #[error(transparent)]
    Client(#[from] BuildError),
}

/// A way to ask that was begun and cannot be gone to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Incomplete {
    /// The way, as `password` or `access key`.
    pub method: &'static str,
    /// What of it was found.
    pub found: Vec<Fact>,
    /// What is missing.
    pub missing: Vec<Missing>,
    /// Where it was looked.
    pub looked: Looked,
    /// What was passed over, and why.
    pub notes: Vec<String>,
    /// The cloud in the files, when nobody named it: then no variable fills what it lacks.
    pub implied: Option<String>,
}

/// Something that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Missing {
    /// What it is, as `a password`.
    pub what: &'static str,
    /// The keys of a file that would give it. None when no file is used.
    pub keys: Vec<String>,
    /// The variables that would give it.
    pub variables: Vec<String>,
}

/// ``the credentials are not complete (password): missing: a password; found: username (variable OS_USERNAME)``.
impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let missing: Vec<String> = self.missing.iter().map(|missing| missing.what.to_owned()).collect();
        write!(f, "the credentials are not complete ({}); missing: {}", self.method, all_of(&missing))?;
        for (index, facts) in self.found.chunk_by(|one, next| one.origin == next.origin).enumerate() {
            let names: Vec<String> = facts.iter().map(|fact| fact.what.clone()).collect();
            let word = if index == 0 { "; found:" } else { "," };
            write!(f, "{word} {} ({})", all_of(&names), facts[0].origin)?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "; {note}"))
    }
}

/// ``a password: `password` or OS_PASSWORD``.
impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.keys.iter().map(|key| format!("`{key}`"));
        let ways: Vec<String> = keys.chain(self.variables.iter().cloned()).collect();
        write!(f, "{}: {}", self.what, any_of(&ways))
    }
}

impl CloudError {
    /// What to try.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::UnknownCloud { known, .. } if known.is_empty() => {
                "clouds are described in a file clouds.yaml; OS_CLIENT_CONFIG_FILE names one".to_owned()
            }
            Self::UnknownCloud { known, .. } => format!("there are {}", quoted(known)),
            Self::UnknownProfile { known, .. } => {
                format!("there are {}; others are described in a file clouds-public.yaml", quoted(known))
            }
            Self::Incomplete(incomplete) => {
                let missing: Vec<String> = incomplete.missing.iter().map(ToString::to_string).collect();
                let hint = format!("give {}", missing.join("; "));
                match &incomplete.implied {
                    Some(name) if incomplete.missing.iter().any(|missing| !missing.variables.is_empty()) => {
                        let name = printable(name);
                        format!(
                            "{hint}; variables fill it when cloud `{name}` is named, by OS_CLOUD or --os-cloud"
                        )
                    }
                    _ => hint,
                }
            }
            Self::NoPlace { service, .. } => {
                let key = override_key(service);
                let variable = key.to_ascii_uppercase();
                format!(
                    "give the URL as `{key}` of the cloud or as OS_{variable}, or the region as OS_REGION_NAME"
                )
            }
            Self::Unreadable { .. }
            | Self::Malformed { .. }
            | Self::NotText { .. }
            | Self::Unusable { .. }
            | Self::Client(_) => return None,
        };
        Some(hint)
    }
}

fn shown(path: &std::path::Path) -> String {
    printable(&path.to_string_lossy()).into_owned()
}

fn position(line: u64, column: u64) -> String {
    if line == 0 { String::new() } else { format!("line {line}, column {column}: ") }
}
