//! The user's own presets: where they are, and which name is near to one that nobody has.
//! What is in them is not known here.

use std::io;
use std::path::{Path, PathBuf};

use lro::preset::Preset;

use crate::cli::failure::Failure;

/// How many names are told instead of one that nobody has.
const MOST_NEAR: usize = 4;

/// From which likeness on, of 0 to 1, a name may be meant.
const NEAR: f64 = 0.85;

/// The folder of the user's own presets, `lro/presets` among the configuration.
#[derive(Debug, Default)]
pub(crate) struct Folder(Option<PathBuf>);

impl Folder {
    /// The one of whoever runs the command.
    pub(crate) fn here() -> Self {
        let home = std::env::home_dir().filter(|home| !home.as_os_str().is_empty());
        Self::of(std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from), home)
    }

    /// In `$XDG_CONFIG_HOME`, else in `~/.config`. A relative path counts for none, as the XDG Base Directory
    /// Specification says.
    pub(super) fn of(configuration: Option<PathBuf>, home: Option<PathBuf>) -> Self {
        let configuration = configuration.filter(|path| path.is_absolute());
        let configuration = configuration.or_else(|| home.map(|home| home.join(".config")));
        Self(configuration.map(|configuration| configuration.join("lro/presets")))
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

/// Those of the names that may be meant, the nearest first.
fn near(typed: &str, names: impl Iterator<Item = String>) -> Vec<String> {
    let typed = typed.to_lowercase();
    let is_part = |name: &str| typed.len() > 1 && (name.contains(&typed) || typed.contains(name));
    let likeness = |name: String| {
        let likeness = strsim::jaro_winkler(&typed, &name.to_lowercase());
        (likeness + f64::from(u8::from(is_part(&name))), name)
    };
    let mut near: Vec<_> = names.map(likeness).filter(|(likeness, _)| *likeness >= NEAR).collect();
    near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    near.into_iter().take(MOST_NEAR).map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_among_the_configuration_of_the_user() {
        let path = |text: &str| Some(PathBuf::from(text));
        for (configuration, home, folder) in [
            (path("/c"), path("/home/u"), path("/c/lro/presets")),
            (None, path("/home/u"), path("/home/u/.config/lro/presets")),
            (path("relative"), path("/home/u"), path("/home/u/.config/lro/presets")),
            (path(""), path("/home/u"), path("/home/u/.config/lro/presets")),
            (None, None, None),
        ] {
            assert_eq!(Folder::of(configuration, home).0, folder);
        }
    }

    #[test]
    fn the_names_that_are_near_are_told_nearest_first() {
        let names = ["otc-job", "otc-plas", "otc-rds-job", "google-lro", "tfc-run"];
        for (typed, expected) in [
            ("otc-jbo", &["otc-job", "otc-rds-job"][..]),
            ("job", &["otc-job", "otc-rds-job"]),
            ("OTC-PLAS", &["otc-plas"]),
            ("google-lro-operation", &["google-lro"]),
            ("x", &[]),
            ("nothing", &[]),
        ] {
            let near = near(typed, names.iter().map(ToString::to_string));
            assert_eq!(near, expected, "{typed}");
        }
    }
}
