//! Where the configuration file is, and whether it can be trusted: what stands in it is run.
//! What it says is not known here.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;
use crate::cli::home;

/// The variable that says where the file is. Set to nothing, it says that there is none.
pub(crate) const VARIABLE: &str = "LRO_CONFIG";

/// How long the file may be.
const LONGEST: u64 = 1024 * 1024;

/// Where it is looked for the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// Nowhere, as somebody says.
    Off,
    /// Nowhere, as there is no folder of whoever runs the command.
    Homeless,
    /// Here, where it may be wanting.
    Usual(PathBuf),
    /// Here, as somebody says.
    Given(PathBuf),
}

impl Place {
    /// What is said by the variable, or else where the configuration of programs is.
    pub(crate) fn of(variable: Option<OsString>) -> Self {
        match variable {
            Some(path) if path.is_empty() => Self::Off,
            Some(path) => Self::Given(path.into()),
            None => home::folder().map_or(Self::Homeless, |folder| Self::Usual(folder.join("config.toml"))),
        }
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Off | Self::Homeless => None,
            Self::Usual(path) | Self::Given(path) => Some(path),
        }
    }

    /// Whether there is a file, or something else of its name.
    pub(crate) fn is_there(&self) -> bool {
        self.path().is_some_and(|path| path.try_exists().unwrap_or(true))
    }

    /// What stands in the file. None when there is none, and nobody says that there is.
    pub(crate) fn read(&self) -> Result<Option<String>, Failure> {
        let Some(path) = self.path() else { return Ok(None) };
        let unusable =
            |what: &str| Failure::usage(format!("the configuration file `{}` {what}", path.display()));
        match read(path) {
            Ok(bytes) => String::from_utf8(bytes).map(Some).map_err(|error| {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = before.split(|byte| *byte == b'\n').count();
                unusable("cannot be used").caused_by(format!("line {line}: it is not UTF-8"))
            }),
            Err(Unread::Open(open)) => {
                let (why, mend) = match open {
                    Open::Others => ("others than its owner can write it", "chmod go-w"),
                    Open::Foreign => {
                        ("it belongs to another user", "chown it, or give a copy of your own of")
                    }
                };
                let hint = format!("what stands in it is run: {mend} {}", path.display());
                Err(unusable("is not used").caused_by(why).hint(hint))
            }
            Err(Unread::Failed(error)) => match (self, error.kind()) {
                (Self::Usual(_), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
                (Self::Usual(_), _) => Err(unusable("cannot be read").caused_by(error)),
                _ => Err(unusable("cannot be read")
                    .caused_by(error)
                    .hint(format!("it is named by the variable {VARIABLE}"))),
            },
        }
    }
}

/// Why a file was not read.
enum Unread {
    Failed(io::Error),
    Open(Open),
}

/// Why others can change a file.
#[derive(Debug, PartialEq, Eq)]
enum Open {
    /// They may write it.
    Others,
    /// It is another one's.
    Foreign,
}

impl From<io::Error> for Unread {
    fn from(error: io::Error) -> Self {
        Self::Failed(error)
    }
}

fn read(path: &Path) -> Result<Vec<u8>, Unread> {
    let file = File::open(path)?;
    let whose = trusted(&file);
    let mut bytes = Vec::new();
    file.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LONGEST {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "it is longer than 1 MiB").into());
    }
    // One that says nothing, as /dev/null, does no harm.
    if bytes.iter().any(|byte| !byte.is_ascii_whitespace()) {
        whose?;
    }
    Ok(bytes)
}

/// Whether nobody else can change it, by the rule of ssh: it belongs to who asks or to root, and nobody else may write
/// it. Where there are no such rights, a file in the folder of a user is that user's.
fn trusted(file: &File) -> Result<(), Unread> {
    rights(file)?.map_or(Ok(()), |rights| rights.check().map_err(Unread::Open))
}

/// Who may write a file.
struct Rights {
    owner: u32,
    mode: u32,
    /// Who asks.
    me: u32,
}

impl Rights {
    fn check(&self) -> Result<(), Open> {
        if self.owner != self.me && self.owner != 0 {
            return Err(Open::Foreign);
        }
        if self.mode & 0o022 != 0 { Err(Open::Others) } else { Ok(()) }
    }
}

/// Those of the file that is open, whatever has its name by now.
#[cfg(unix)]
fn rights(file: &File) -> io::Result<Option<Rights>> {
    use std::os::unix::fs::MetadataExt;

    let metadata = file.metadata()?;
    let me = rustix::process::geteuid().as_raw();
    Ok(Some(Rights { owner: metadata.uid(), mode: metadata.mode(), me }))
}

#[cfg(not(unix))]
fn rights(file: &File) -> io::Result<Option<Rights>> {
    file.metadata().map(|_| None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_says_where_the_file_is_and_nothing_that_there_is_none() {
        assert_eq!(Place::of(Some("a/b.toml".into())), Place::Given("a/b.toml".into()));
        assert_eq!(Place::of(Some("".into())), Place::Off);
        assert_eq!((Place::Off.path(), Place::Homeless.path()), (None, None));
    }

    #[test]
    fn a_file_is_trusted_when_nobody_else_can_change_it() {
        for (owner, mode, me, is_fine) in [
            (1000, 0o100_600, 1000, true),
            (1000, 0o100_644, 1000, true),
            (0, 0o100_644, 1000, true),
            (1000, 0o100_664, 1000, false),
            (1000, 0o100_646, 1000, false),
            (0, 0o100_666, 1000, false),
            (1001, 0o100_600, 1000, false),
            (1000, 0o100_600, 0, false),
            (0, 0o100_600, 0, true),
        ] {
            let rights = Rights { owner, mode, me };
            assert_eq!(rights.check().is_ok(), is_fine, "{owner} {mode:o} {me}");
        }
    }
}
