//! What is on the machine: variables, files, the current directory, the home. Nothing else here looks at it.
//! What it means is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::error::CloudError;
use super::origin::Origin;
use crate::http::read_file;

/// A file with more MiB than this tells nothing.
const LONGEST: u64 = 1;

/// Where [`Cloud::find`](super::Cloud::find) looks: the variables, the files, the current directory, the home.
///
/// [`here`](Self::here) are those of the process. Others are made from nothing, and have only the files that they are
/// given:
///
/// ```
/// use lro::auth::cloud::{Cloud, Surroundings};
///
/// let around = Surroundings::default()
///     .variable("OS_CLOUD", "otc")
///     .file("/etc/openstack/clouds.yaml", "clouds: {otc: {profile: otc, auth: {ak: KEY, sk: s3cret}}}");
/// let cloud = Cloud::find(None, &around)?;
/// assert_eq!(cloud.endpoint("plas").unwrap().value.to_string(), "https://plas.eu-de.otc.t-systems.com");
/// # Ok::<(), lro::auth::cloud::CloudError>(())
/// ```
#[derive(Clone, Default)]
pub struct Surroundings {
    variables: BTreeMap<String, Variable>,
    files: BTreeMap<PathBuf, SecretString>,
    has_disk: bool,
    /// Whether a cloud that nobody names is passed over.
    pub(super) is_explicit: bool,
    pub(super) directory: Option<PathBuf>,
    pub(super) home: Option<PathBuf>,
}

impl Surroundings {
    /// Those of this process. Files are read when they are looked for.
    #[must_use]
    pub fn here() -> Self {
        let read = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        let relevant = read.filter(|(name, _)| name.starts_with("OS_") || name.starts_with("XDG_CONFIG_"));
        let here = Self { has_disk: true, ..Self::default() };
        let mut here = relevant.fold(here, |here, (name, value)| here.variable(name, value));
        here.directory = std::env::current_dir().ok();
        here.home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
        here
    }

    /// These with this variable. An empty one is like none.
    #[must_use]
    pub fn variable(mut self, name: impl Into<String>, value: impl Into<OsString>) -> Self {
        let value = value.into().into_string().map_or(Variable::NotText, |text| Variable::Text(text.into()));
        self.variables.insert(name.into(), value);
        self
    }

    /// These with this file, whatever the disk has there.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>, text: impl Into<SecretString>) -> Self {
        self.files.insert(path.into(), text.into());
        self
    }

    /// These with this current directory. Default none.
    #[must_use]
    pub fn directory(mut self, path: impl Into<PathBuf>) -> Self {
        self.directory = Some(path.into());
        self
    }

    /// These with this home. Default none.
    #[must_use]
    pub fn home(mut self, path: impl Into<PathBuf>) -> Self {
        self.home = Some(path.into());
        self
    }

    /// These, where a cloud has to be named: the only one that there is is passed over, and not even looked for.
    #[must_use]
    pub fn without_implied_cloud(mut self) -> Self {
        self.is_explicit = true;
        self
    }

    /// A variable that is set and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&Variable> {
        let is_empty = |text: &SecretString| text.expose_secret().is_empty();
        self.variables.get(name).filter(|variable| !variable.text().is_some_and(is_empty))
    }

    /// The text of a variable that is set and not empty.
    pub(super) fn text(&self, name: &'static str) -> Result<Option<&str>, CloudError> {
        match self.get(name) {
            Some(Variable::Text(text)) => Ok(Some(text.expose_secret())),
            Some(Variable::NotText) => Err(CloudError::NotText { origin: Origin::Variable(name.to_owned()) }),
            None => Ok(None),
        }
    }

    /// The names of the variables of `OpenStack` that are set.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables
            .keys()
            .map(String::as_str)
            .filter(|name| name.starts_with("OS_") && self.get(name).is_some())
    }

    /// Whether there is a file, and what is in it.
    pub(super) fn read(&self, path: &Path) -> Result<Presence, CloudError> {
        if let Some(text) = self.files.get(path) {
            return Ok(Presence::There(text.clone()));
        }
        if !self.has_disk {
            return Ok(Presence::Absent);
        }
        let unreadable = |source| CloudError::Unreadable { path: path.to_owned(), source };
        let bytes = match read_file(path, LONGEST) {
            Ok(bytes) => bytes,
            Err(error) if is_absent(&error) => return Ok(Presence::Absent),
            // A file that may not be read is in the way. Of one in a directory that may not be entered nothing is
            // known, not even that it is there.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied && path.metadata().is_err() => {
                return Ok(Presence::Hidden);
            }
            Err(error) => return Err(unreadable(error)),
        };
        let text =
            String::from_utf8(bytes).map_err(|_| unreadable(io::Error::other("it is not UTF-8 text")))?;
        Ok(Presence::There(SecretString::from(text)))
    }
}

/// The value of a variable.
#[derive(Debug, Clone)]
pub(super) enum Variable {
    Text(SecretString),
    NotText,
}

impl Variable {
    pub(super) fn text(&self) -> Option<&SecretString> {
        match self {
            Self::Text(text) => Some(text),
            Self::NotText => None,
        }
    }
}

/// Whether a file is there.
pub(super) enum Presence {
    There(SecretString),
    Absent,
    /// It is in a directory that may not be entered.
    Hidden,
}

fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Names only: any value may be a secret.
impl fmt::Debug for Surroundings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Surroundings")
            .field("variables", &self.variables.keys().collect::<BTreeSet<_>>())
            .field("files", &self.files.keys().collect::<BTreeSet<_>>())
            .field("has_disk", &self.has_disk)
            .field("is_explicit", &self.is_explicit)
            .field("directory", &self.directory)
            .field("home", &self.home)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_there(path: &Path) -> Result<bool, String> {
        let disk = Surroundings { has_disk: true, ..Surroundings::default() };
        match disk.read(path) {
            Ok(presence) => Ok(matches!(presence, Presence::There(_))),
            Err(CloudError::Unreadable { source, .. }) => Err(source.to_string()),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_file_is_read_or_absent_or_in_the_way() {
        let directory = std::env::temp_dir().join(format!("lro-surroundings-{}", std::process::id()));
        std::fs::create_dir_all(directory.join("clouds.yaml")).unwrap();
        let write = |name: &str, bytes: &[u8]| std::fs::write(directory.join(name), bytes).unwrap();
        write("good", b"clouds: {}");
        write("long", &vec![b' '; 1024 * 1024 + 1]);
        write("longest", &vec![b' '; 1024 * 1024]);
        write("latin", b"caf\xe9");
        let tried = |name: &str| is_there(&directory.join(name));
        assert_eq!(tried("good"), Ok(true));
        assert_eq!(tried("longest"), Ok(true));
        assert_eq!(tried("missing"), Ok(false));
        assert_eq!(tried("good/clouds.yaml"), Ok(false));
        assert_eq!(tried("long").unwrap_err(), "it is longer than 1 MiB");
        assert_eq!(tried("latin").unwrap_err(), "it is not UTF-8 text");
        assert!(tried("clouds.yaml").unwrap_err().contains("directory"));
        std::fs::remove_dir_all(&directory).unwrap();
    }

    #[test]
    fn debug_shows_names_only() {
        let around = Surroundings::default().variable("OS_TOKEN", "s3cret").file("/f", "s3cret");
        let shown = format!("{around:?}");
        assert!(shown.contains("OS_TOKEN") && shown.contains("/f") && !shown.contains("s3cret"), "{shown}");
    }

    #[test]
    fn what_is_given_stands_before_the_disk_and_nothing_else_is_read() {
        let around = Surroundings::default().file("/etc/hostname-of-nobody", "x");
        assert!(matches!(around.read(Path::new("/etc/hostname-of-nobody")), Ok(Presence::There(_))));
        assert!(matches!(around.read(Path::new("/proc/self/status")), Ok(Presence::Absent)));
    }
}
