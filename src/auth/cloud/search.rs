//! Which files are looked for, where, and which of them is the one.
//! What is in them is not known here.

use std::fmt;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::error::CloudError;
use super::settings::all_of;
use super::surroundings::{Presence, Surroundings};
use crate::http::printable;

/// What the files are called behind their stem.
const SUFFIXES: [&str; 3] = ["yaml", "yml", "json"];

/// A kind of file.
pub(super) struct Kind {
    pub(super) stem: &'static str,
    /// The variable that names one, which is looked at before all others.
    variable: Option<&'static str>,
    /// What it holds.
    pub(super) top: &'static str,
}

pub(super) const CLOUDS: Kind =
    Kind { stem: "clouds", variable: Some("OS_CLIENT_CONFIG_FILE"), top: "clouds" };
pub(super) const SECURE: Kind =
    Kind { stem: "secure", variable: Some("OS_CLIENT_SECURE_FILE"), top: "clouds" };
pub(super) const PUBLIC: Kind = Kind { stem: "clouds-public", variable: None, top: "public-clouds" };

/// Where it was looked, so that it can be said why nothing was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looked {
    files: Vec<(PathBuf, bool)>,
    variables: Vec<String>,
}

impl Looked {
    pub(super) fn new(around: &Surroundings) -> Self {
        Self {
            files: Vec::new(),
            variables: around.names().map(|name| printable(name).into_owned()).collect(),
        }
    }

    /// Each file that was looked for, in this order, and whether it was there. None when the variables were enough.
    #[must_use]
    pub fn files(&self) -> &[(PathBuf, bool)] {
        &self.files
    }

    /// The names of the variables that begin with `OS_` and are set.
    #[must_use]
    pub fn variables(&self) -> &[String] {
        &self.variables
    }
}

/// On one line: the files that were there; or else the directories without one; and the variables that are set.
impl fmt::Display for Looked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |path: &Path| printable(&path.to_string_lossy()).into_owned();
        let found: Vec<String> = self.files.iter().filter(|file| file.1).map(|file| shown(&file.0)).collect();
        let mut directories = Vec::new();
        for directory in self.files.iter().filter_map(|file| file.0.parent()).map(shown) {
            if !directories.contains(&directory) {
                directories.push(directory);
            }
        }
        match (found.as_slice(), directories.as_slice()) {
            ([], []) => f.write_str("no file was looked for")?,
            ([], _) => write!(f, "there is no clouds.yaml in {}", all_of(&directories))?,
            _ => write!(f, "found was {}", all_of(&found))?,
        }
        if self.variables.is_empty() {
            f.write_str("; no variable OS_* is set")
        } else {
            write!(f, "; set are {}", all_of(&self.variables))
        }
    }
}

/// A file, and what is in it.
pub(super) struct Found {
    pub(super) path: PathBuf,
    pub(super) text: SecretString,
}

/// The one file of a kind, with its text. Where it was looked and what was passed over is written down.
pub(super) fn find(
    around: &Surroundings,
    kind: &Kind,
    looked: &mut Looked,
    notes: &mut Vec<String>,
) -> Result<Option<Found>, CloudError> {
    if let Some(variable) = kind.variable
        && let Some(path) = around.text(variable)?
    {
        let base = around.directory.clone().unwrap_or_default();
        if let Some(found) = look(around, base.join(path), looked, notes)? {
            return Ok(Some(found));
        }
        let name = printable(path);
        notes
            .push(format!("there is no file `{name}`, as variable {variable} has it; others are looked for"));
    }
    for directory in directories(around)? {
        for suffix in SUFFIXES {
            if let Some(found) =
                look(around, directory.join(format!("{}.{suffix}", kind.stem)), looked, notes)?
            {
                return Ok(Some(found));
            }
        }
    }
    Ok(None)
}

/// The file with this path, if it is there.
fn look(
    around: &Surroundings,
    path: PathBuf,
    looked: &mut Looked,
    notes: &mut Vec<String>,
) -> Result<Option<Found>, CloudError> {
    let presence = around.read(&path)?;
    looked.files.push((path.clone(), matches!(presence, Presence::There(_))));
    match presence {
        Presence::There(text) => return Ok(Some(Found { path, text })),
        Presence::Absent => {}
        Presence::Hidden => {
            let directory = path.parent().unwrap_or(&path).to_string_lossy();
            let note = format!("{} is not looked into: it is closed to this user", printable(&directory));
            if !notes.contains(&note) {
                notes.push(note);
            }
        }
    }
    Ok(None)
}

/// The directories of openstacksdk, in its order.
fn directories(around: &Surroundings) -> Result<Vec<PathBuf>, CloudError> {
    // A path that is not absolute is to be ignored, says the specification of these variables.
    let absolute = |path: &str| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    let mut directories = Vec::from_iter(around.directory.clone());
    directories.extend(around.text("XDG_CONFIG_HOME")?.and_then(absolute).map(|path| path.join("openstack")));
    if let Some(home) = &around.home {
        if cfg!(target_os = "macos") {
            directories.push(home.join("Library/Application Support/openstack"));
        }
        directories.push(home.join(".config/openstack"));
    }
    let shared = around.text("XDG_CONFIG_DIRS")?.unwrap_or("/etc/xdg");
    directories.extend(shared.split(':').filter_map(absolute).map(|path| path.join("openstack")));
    directories.push(PathBuf::from("/etc/openstack"));
    let mut seen = Vec::new();
    for directory in directories {
        if !seen.contains(&directory) {
            seen.push(directory);
        }
    }
    Ok(seen)
}
