//! Who said something: a variable, a file, a profile; and how that is told.
//! What was said is not known here.

use std::fmt;
use std::path::PathBuf;

use crate::http::printable;

/// Where something that is used was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// In the environment.
    Variable(String),
    /// In a file, in the part of one cloud.
    File {
        /// The file.
        path: PathBuf,
        /// The cloud in it.
        cloud: String,
    },
    /// In what is known of a vendor.
    Profile {
        /// The vendor.
        name: String,
        /// The file that describes it. None when it is built in.
        path: Option<PathBuf>,
    },
}

/// `variable OS_PASSWORD`, ``cloud `otc` in /etc/openstack/clouds.yaml``, ``profile `otc` ``, or
/// ``profile `otc` in /etc/openstack/clouds-public.yaml``.
impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => write!(f, "variable {name}"),
            Self::File { path, cloud } => {
                write!(f, "cloud `{}` in {}", printable(cloud), printable(&path.to_string_lossy()))
            }
            Self::Profile { name, path: None } => write!(f, "profile `{}`", printable(name)),
            Self::Profile { name, path: Some(path) } => {
                write!(f, "profile `{}` in {}", printable(name), printable(&path.to_string_lossy()))
            }
        }
    }
}

/// Something that was said, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<T> {
    /// What was said.
    pub value: T,
    /// By whom.
    pub origin: Origin,
}

/// One thing that is used, fit for a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fact {
    /// What it is, by its name in a file, as `user_domain_name`.
    pub what: String,
    /// Its value; none for a secret.
    pub value: Option<String>,
    /// Who said it.
    pub origin: Origin,
}

/// ``username `alice` (variable OS_USERNAME)``, or `password (variable OS_PASSWORD)`.
impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        if let Some(value) = &self.value {
            write!(f, " `{value}`")?;
        }
        write!(f, " ({})", self.origin)
    }
}
