//! A file that a report is written to: as what, and so that nobody ever sees half of it.
//! What a report looks like is not known here.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::github::unguessable;
use crate::cli::failure::Failure;
use crate::cli::timeline::{Run, document, page, picture};

/// How long a document in Markdown may be. Nobody reads more than that.
const LONGEST_MARKDOWN: usize = 4 * 1024 * 1024;

/// Where a report goes, and as what.
#[derive(Debug)]
pub(super) struct Destination {
    path: PathBuf,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Page,
    Picture,
    Markdown,
}

impl Form {
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "html" | "htm" => Some(Self::Page),
            "svg" => Some(Self::Picture),
            "md" | "markdown" => Some(Self::Markdown),
            _ => None,
        }
    }
}

impl Destination {
    /// This path, if a report can be written there.
    pub(super) fn check(path: &Path) -> Result<Self, Failure> {
        let shown = path.display();
        let Some(form) = Form::of(path) else {
            return Err(Failure::usage(format!("the report `{shown}` is of no known form")).hint(
                "end its name with .html for a page, .svg for a picture, or .md for Markdown".to_owned(),
            ));
        };
        let path = led_to(path);
        let cannot = |error: &dyn std::fmt::Display| {
            Failure::usage(format!("the report `{shown}` cannot be written")).caused_by(error)
        };
        if path.is_symlink() {
            return Err(cannot(&"the links that are there lead nowhere"));
        }
        match fs::metadata(&path) {
            Ok(there) if there.is_dir() => return Err(cannot(&"it is a directory")),
            Ok(there) if !there.is_file() => return Err(cannot(&"it is no file that could be replaced")),
            _ => {}
        }
        let destination = Self { path, form };
        let probe = destination.beside();
        File::create_new(&probe).and_then(|_| fs::remove_file(&probe)).map_err(|error| {
            match error.kind() {
                io::ErrorKind::NotFound => cannot(&"its directory does not exist"),
                io::ErrorKind::NotADirectory => cannot(&"what should be its directory is a file"),
                _ => cannot(&error),
            }
        })?;
        Ok(destination)
    }

    /// Writes the report; what it says when it could not be written.
    pub(super) fn write(&self, run: &Run) -> Result<(), String> {
        let text = match self.form {
            Form::Page => page(run),
            Form::Picture => picture(run),
            Form::Markdown => document(run, LONGEST_MARKDOWN),
        };
        let beside = self.beside();
        let put = || {
            let mut file = File::create_new(&beside)?;
            // Who may not read the older one may not read this one.
            if let Ok(older) = fs::metadata(&self.path) {
                file.set_permissions(older.permissions())?;
            }
            file.write_all(text.as_bytes())?;
            // Some file systems say only here that there is no room, and then the older one is to stay.
            file.sync_all()?;
            drop(file);
            fs::rename(&beside, &self.path)
        };
        put().map_err(|error: io::Error| {
            // Where it could not be made, there is nothing to remove.
            let _ = fs::remove_file(&beside);
            format!("the report `{}` could not be written: {error}", self.path.display())
        })
    }

    /// A new file in the same directory.
    fn beside(&self) -> PathBuf {
        self.path.with_file_name(format!(".lro-{}.tmp", unguessable()))
    }
}

/// How many links may lead to a file, as on Linux.
const MOST_LINKS: usize = 40;

/// The file that this path leads to. Who has a link there wants that file, whether it is there by now or not.
fn led_to(path: &Path) -> PathBuf {
    let next = |path: &PathBuf| {
        let to = fs::read_link(path).ok()?;
        Some(path.parent().unwrap_or(Path::new("")).join(to))
    };
    let path = path.to_owned();
    std::iter::successors(Some(path.clone()), next).take(MOST_LINKS).last().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_of_a_name_says_what_a_report_is() {
        for (name, form) in [
            ("a/run.html", Some(Form::Page)),
            ("run.HTM", Some(Form::Page)),
            ("run.svg", Some(Form::Picture)),
            ("run.md", Some(Form::Markdown)),
            ("run.pdf", None),
            ("html", None),
            (".svg", None),
            ("run.html.", None),
        ] {
            assert_eq!(Form::of(Path::new(name)), form, "{name}");
        }
    }
}
