//! All the presets that there are: those that are built in, and the user's own with what may be wrong with them.
//! Which one is used is not decided here.

use std::borrow::Cow;
use std::fmt::Write;
use std::path::PathBuf;

use lro::http::printable;
use lro::preset::Preset;
use serde::Serialize;

use crate::cli::preset::{self, Folder};
use crate::cli::report;

/// A preset, or what should be one.
pub(super) struct Entry {
    name: String,
    path: Option<PathBuf>,
    /// Or why it cannot be used.
    preset: Result<Preset, String>,
}

impl Entry {
    pub(super) fn of(preset: Preset, path: Option<PathBuf>) -> Self {
        Self { name: preset.name().to_owned(), path, preset: Ok(preset) }
    }

    fn own(name: String, path: PathBuf) -> Self {
        let preset = if Preset::builtin(&name).is_some() {
            Err("its name is that of one that is built in: rename it, or give it with --preset-file"
                .to_owned())
        } else {
            preset::from_file(&path).map_err(|failure| failure.cause().to_owned())
        };
        Self { name, path: Some(path), preset }
    }
}

/// Those that are built in, then the user's own, each in alphabetical order.
pub(super) fn entries(folder: &Folder, color: bool) -> Vec<Entry> {
    let own = folder.files().unwrap_or_else(|error| {
        let text = format!("the folder of your own presets cannot be read: {error}");
        report::say(&report::warning(&text, color));
        Vec::new()
    });
    let built_in = Preset::builtin_names().filter_map(Preset::builtin).map(|preset| Entry::of(preset, None));
    built_in.chain(own.into_iter().map(|(name, path)| Entry::own(name, path))).collect()
}

/// A line each: the name, the title or what is wrong, and the path of the user's own.
pub(super) fn text(entries: &[Entry]) -> String {
    let names = entries.iter().map(|entry| printable(&entry.name).chars().count());
    let width = names.max().unwrap_or_default();
    let mut text = String::new();
    for entry in entries {
        let _ = write!(text, "{:<width$}  ", printable(&entry.name));
        let _ = match &entry.preset {
            Ok(preset) => write!(text, "{}", printable(&preset.definition().title)),
            Err(why) => write!(text, "cannot be used: {}", printable(why)),
        };
        if let Some(path) = &entry.path {
            let _ = write!(text, " ({})", printable(&path.to_string_lossy()));
        }
        text.push('\n');
    }
    text
}

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    presets: Vec<PresetDocument<'a>>,
}

#[derive(Serialize)]
struct PresetDocument<'a> {
    name: &'a str,
    title: Option<&'a str>,
    source: Option<&'a str>,
    reference: Option<String>,
    path: Option<Cow<'a, str>>,
    error: Option<&'a str>,
    /// Of a single one.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// The same as a document on one line; with the text of the file, if there is one only.
pub(super) fn document(entries: &[Entry], text: Option<&str>) -> String {
    let presets = entries.iter().map(|entry| {
        let preset = entry.preset.as_ref().ok();
        let definition = preset.map(Preset::definition);
        PresetDocument {
            name: &entry.name,
            title: definition.map(|definition| &*definition.title),
            source: definition.and_then(|definition| definition.source.as_deref()),
            reference: preset.and_then(Preset::reference_form),
            path: entry.path.as_ref().map(|path| path.to_string_lossy()),
            error: entry.preset.as_ref().err().map(String::as_str),
            text,
        }
    });
    serde_json::to_string(&Document { schema: 1, presets: presets.collect() }).unwrap_or_default() + "\n"
}
