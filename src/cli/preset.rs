//! Which preset is meant: by its name, by a file, or by flags that describe the API or change what a preset says.
//! What a preset makes of an answer is not known here.

mod folder;
mod overlay;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::Path;

use lro::preset::{Definition, Preset, PresetError};

use super::args::{Named, Shape};
use super::failure::Failure;
use super::file;

pub(crate) use folder::Folder;

/// The preset that is meant when nothing says which.
const DEFAULT: &str = "otc-plas";

/// How long a preset file may be, and a body in a file, in MiB.
pub(crate) const LONGEST: u64 = 1;

/// The preset that is meant.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) preset: Preset,
    /// Whether nobody said so.
    pub(crate) is_default: bool,
    /// The flags that say the same again. None when one of them is not text, so that nobody can type it.
    pub(crate) again: Option<Vec<String>>,
}

/// The preset that these flags speak of.
pub(crate) fn find(shape: &Shape) -> Result<Found, Failure> {
    find_in(shape, &Folder::here())
}

fn find_in(shape: &Shape, folder: &Folder) -> Result<Found, Failure> {
    let base = named_in(&shape.named, folder)?;
    let described = shape.described();
    let is_default = base.is_none() && described.is_empty();
    let again = match (&shape.named.preset_file, &base) {
        (Some(file), _) => file.to_str().map(|file| vec![("--preset-file", Some(file.to_owned()))]),
        (None, Some(base)) => Some(vec![("--preset", Some(base.name().to_owned()))]),
        (None, None) => Some(Vec::new()),
    };
    let again = again.map(|named| named.into_iter().chain(described.clone()).flat_map(words).collect());
    let preset = match base {
        Some(base) if described.is_empty() => base,
        None if described.is_empty() => by_name(DEFAULT, folder)?,
        base => changed(base.as_ref(), shape)?,
    };
    Ok(Found { preset, is_default, again })
}

/// A flag and its value as words. By itself a value that begins with a hyphen would be taken for a flag.
fn words((flag, value): (&'static str, Option<String>)) -> Vec<String> {
    match value {
        Some(value) if value.starts_with('-') => vec![format!("{flag}={value}")],
        Some(value) => vec![flag.to_owned(), value],
        None => vec![flag.to_owned()],
    }
}

fn named_in(named: &Named, folder: &Folder) -> Result<Option<Preset>, Failure> {
    match (&named.preset_file, &named.preset) {
        (Some(file), _) => from_file(file).map(Some),
        (None, Some(name)) => by_name(name, folder).map(Some),
        (None, None) => Ok(None),
    }
}

/// The preset with this name: one that is built in, or the user's own.
pub(crate) fn by_name(name: &str, folder: &Folder) -> Result<Preset, Failure> {
    match (Preset::builtin(name), folder.file(name)) {
        (Some(preset), None) => Ok(preset),
        // What everyone knows by a name is not changed by a file that nobody speaks of.
        (Some(_), Some(path)) => Err(Failure::usage(format!(
            "the preset `{name}` is built in, and the file `{}` has the same name",
            path.display()
        ))
        .hint("rename the file, or give it with --preset-file".to_owned())),
        (None, Some(path)) => from_file(&path),
        (None, None) => Err(folder.unknown(name)),
    }
}

/// The preset in this file, which has the file's name.
pub(crate) fn from_file(path: &Path) -> Result<Preset, Failure> {
    let what = format!("the preset file `{}`", path.display());
    let unreadable = || Failure::usage(format!("{what} cannot be read"));
    let bytes = file::read(path, LONGEST).map_err(|error| unreadable().caused_by(error))?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    from_bytes(&name, &bytes, &what)
}

/// The preset in these bytes; `what` they are is told when they are none.
pub(crate) fn from_bytes(name: &str, bytes: &[u8], what: &str) -> Result<Preset, Failure> {
    let unusable = || Failure::usage(format!("{what} cannot be used"));
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
        unusable().caused_by(format!("line {line}: it is not text"))
    })?;
    // Some programs begin a text with a byte-order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Preset::from_toml(name, text).map_err(|error| unusable().caused_by(reason(&error)).hint(error.hint))
}

/// Line, key and reason, without the name of the preset.
pub(crate) fn reason(error: &PresetError) -> String {
    let line = error.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let key = error.key.as_ref().map(|key| format!("`{key}`: ")).unwrap_or_default();
    format!("{line}{key}{}", error.problem)
}

/// The preset with what the flags say in place of what it says; without a preset, what they say alone.
fn changed(base: Option<&Preset>, shape: &Shape) -> Result<Preset, Failure> {
    if let Some(base) = base
        && let others = others(base.definition())
        && !others.is_empty()
    {
        let name = base.name();
        let what =
            format!("the preset `{name}` leaves the judgment to others, so flags change nothing of it");
        return Err(Failure::usage(what).hint(format!("give the one that is meant: {}", others.join(", "))));
    }
    let data = shape.data.as_deref().map(overlay::body).transpose()?;
    let base_definition = base.map(Preset::definition);
    let definition = base_definition.cloned().unwrap_or_else(described);
    let definition = overlay::overlaid(definition, shape, data.as_ref());
    Preset::new(base.map_or("flags", Preset::name), definition.clone())
        .map_err(|error| overlay::refused(&error, &definition, base_definition))
}

/// The definition that flags alone begin with.
fn described() -> Definition {
    let mut definition = Definition::default();
    "the API that the flags describe".clone_into(&mut definition.title);
    definition
}

/// The presets that judge in place of this one.
fn others(definition: &Definition) -> Vec<&str> {
    let picks = definition.pick.iter().map(|pick| pick.preset.as_str());
    let handles = definition.handle.iter().filter_map(|handle| handle.preset.as_deref());
    picks.chain(handles).collect::<BTreeSet<_>>().into_iter().collect()
}
