//! The user's own presets: where they are, and what is told of a name that nobody has.
//! What is in them is not known here.

use std::io;
use std::path::{Path, PathBuf};

use lro::preset::Preset;

use crate::cli::failure::Failure;
use crate::cli::home;
use crate::cli::near::near;

/// The folder of the user's own presets, `lro/presets` among the configuration.
#[derive(Debug, Default)]
pub(crate) struct Folder(Option<PathBuf>);

impl Folder {
    /// The one of whoever runs the command.
    pub(crate) fn here() -> Self {
        Self::of(home::folder())
    }

    /// The one in this folder.
    pub(super) fn of(configuration: Option<PathBuf>) -> Self {
        Self(configuration.map(|configuration| configuration.join("presets")))
    }

    /// The file of the preset with this name, if there is one.
    pub(crate) fn file(&self, name: &str) -> Option<PathBuf> {
        let is_name = !name.starts_with('.') && !name.contains(['/', '\\', '\0']);
        let path = self.0.as_ref().filter(|_| is_name)?.join(format!("{name}.toml"));
        path.is_file().then_some(path)
    }

    /// All of them, with their names, in alphabetical order.
    ///
    /// # Errors
    ///
    /// When the folder is there and cannot be read.
    pub(crate) fn files(&self) -> io::Result<Vec<(String, PathBuf)>> {
        let entries = match self.0.as_ref().map(std::fs::read_dir) {
            None => return Ok(Vec::new()),
            Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Some(entries) => entries?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if path.extension().is_some_and(|extension| extension == "toml")
                && !name.starts_with('.')
                && path.is_file()
            {
                files.push((name, path));
            }
        }
        files.sort();
        Ok(files)
    }

    /// That there is no preset with this name, and which may be meant.
    pub(super) fn unknown(&self, name: &str) -> Failure {
        let failure = Failure::usage(format!("there is no preset `{name}`"));
        if name.contains(['/', '\\'])
            || Path::new(name).extension().is_some_and(|extension| extension == "toml")
        {
            return failure.hint("a file is given with --preset-file".to_owned());
        }
        // A folder that cannot be read has no name that may be meant.
        let own = self.files().unwrap_or_default().into_iter().map(|(name, _)| name);
        let names = Preset::builtin_names().map(str::to_owned).chain(own);
        let near = near(name, names);
        let perhaps = match &near[..] {
            [] => String::new(),
            near => format!("perhaps {}; ", near.join(", ")),
        };
        failure.hint(format!("{perhaps}lro presets lists them all"))
    }
}
