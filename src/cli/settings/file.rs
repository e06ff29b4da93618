//! What stands in a configuration file: which value for which flag, of which verb and profile, and in which line.
//! Where the file is, and which value counts, is not known here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use toml::de::{DeInteger, DeTable, DeValue};

use super::flag::Raw;
use super::known::Known;
use super::source::{Source, at};
use crate::cli::near::near;

/// The table of the profiles.
const PROFILE: &str = "profile";

/// What a key is called that would hold a secret.
const SECRET: [&str; 6] = ["token", "password", "passwd", "secret", "api-key", "apikey"];

/// Values for flags that count together.
#[derive(Debug)]
pub(crate) struct Layer {
    /// None for what holds for every profile.
    profile: Option<String>,
    /// None for what holds for every verb.
    verb: Option<String>,
    path: PathBuf,
    entries: BTreeMap<String, (usize, Raw)>,
}

impl Layer {
    /// What it says of the flag with this name.
    pub(super) fn entry(&self, long: &str) -> Option<(Source, &Raw)> {
        let (line, raw) = self.entries.get(long)?;
        let (profile, verb) = (self.profile.clone(), self.verb.clone());
        let source = Source::File { profile, verb, path: self.path.clone(), line: *line };
        Some((source, raw))
    }
}

/// All that stands in a file.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    /// First what counts for least.
    layers: Vec<Layer>,
    profiles: BTreeSet<String>,
}

/// Why a file cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wrong {
    /// The line of a file, and what is wrong there.
    pub(crate) what: String,
    pub(crate) hint: Option<String>,
}

impl File {
    /// What this text says, of a file with this path.
    pub(super) fn parse(path: &Path, text: &str, known: &Known) -> Result<Self, Wrong> {
        // Some programs begin a text with a byte-order mark.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = DeTable::parse(text).map_err(|error| {
            let line = error.span().map_or(1, |span| line_at(text, span.start));
            let what = error.message().lines().collect::<Vec<_>>().join(" ");
            Wrong { what: format!("{}: {what}", at(path, line)), hint: None }
        })?;
        let mut reader = Reader { path, text, known, layers: Vec::new() };
        let mut profiles = BTreeSet::new();
        let table = table.get_ref();
        reader.section(table, None, true)?;
        for (key, value) in table.iter().filter(|(key, _)| key.get_ref() == PROFILE) {
            let Some(table) = value.get_ref().as_table() else {
                let hint = "a profile is a table, [profile.NAME]; which one counts is said by --profile or LRO_PROFILE";
                return Err(reader.wrong(
                    key.span().start,
                    "`profile`: it is no table",
                    Some(hint.to_owned()),
                ));
            };
            for (name, value) in table {
                let Some(table) = value.get_ref().as_table() else {
                    let what = format!("`profile.{}`: it is no table", name.get_ref());
                    let hint =
                        format!("what a profile says stands under [profile.NAME], as {}", name.get_ref());
                    return Err(reader.wrong(name.span().start, &what, Some(hint)));
                };
                profiles.insert(name.get_ref().to_string());
                reader.section(table, Some(name.get_ref()), false)?;
            }
        }
        // What is said of one verb counts for more, and what a profile says for more than all that holds for each.
        let mut layers = reader.layers;
        layers.sort_by_key(|layer| (layer.profile.is_some(), layer.verb.is_some()));
        Ok(Self { path: path.to_owned(), layers, profiles })
    }

    /// The names of the profiles in it.
    pub(crate) fn profiles(&self) -> &BTreeSet<String> {
        &self.profiles
    }

    /// What counts for this verb with this profile, first what counts for least.
    pub(crate) fn layers(&self, verb: &str, profile: Option<&str>) -> Vec<&Layer> {
        let is_meant = |layer: &&Layer| {
            layer.verb.as_deref().is_none_or(|of| of == verb)
                && layer.profile.as_deref().is_none_or(|of| Some(of) == profile)
        };
        self.layers.iter().filter(is_meant).collect()
    }
}

/// What is needed to read one table after the other.
struct Reader<'a> {
    path: &'a Path,
    text: &'a str,
    known: &'a Known,
    layers: Vec<Layer>,
}

impl Reader<'_> {
    /// What stands in a table that holds for every verb, and in those of one verb below it.
    fn section(&mut self, table: &DeTable<'_>, profile: Option<&str>, is_top: bool) -> Result<(), Wrong> {
        let is_profiles = |key: &str| is_top && key == PROFILE;
        let tables = table.iter().filter(|(_, value)| value.get_ref().is_table());
        for (key, value) in tables.filter(|(key, _)| !is_profiles(key.get_ref())) {
            let verb = key.get_ref().as_ref();
            let Some(flags) = self.known.of_verb(verb) else {
                let what = format!("`{verb}`: there is no such verb, and no other table");
                let hint = perhaps(verb, self.known.verbs());
                return Err(self.wrong(key.span().start, &what, hint));
            };
            if let Some(table) = value.get_ref().as_table() {
                self.layer(table, profile, Some(verb), &|long| flags.contains(long))?;
            }
        }
        self.layer(table, profile, None, &|long| self.known.has(long))
    }

    fn layer(
        &mut self,
        table: &DeTable<'_>,
        profile: Option<&str>,
        verb: Option<&str>,
        is_known: &dyn Fn(&str) -> bool,
    ) -> Result<(), Wrong> {
        let mut entries = BTreeMap::new();
        for (key, value) in table {
            let (long, start) = (key.get_ref().as_ref(), key.span().start);
            if verb.is_none() && (value.get_ref().is_table() || long == PROFILE) {
                continue;
            }
            if !is_known(long) {
                return Err(self.unknown(long, start, verb));
            }
            let raw = raw(value.get_ref())
                .map_err(|why| self.wrong(value.span().start, &format!("`{long}`: {why}"), None))?;
            entries.insert(long.to_owned(), (line_at(self.text, start), raw));
        }
        let (profile, verb) = (profile.map(str::to_owned), verb.map(str::to_owned));
        self.layers.push(Layer { profile, verb, path: self.path.to_owned(), entries });
        Ok(())
    }

    fn unknown(&self, long: &str, start: usize, verb: Option<&str>) -> Wrong {
        let name = long.to_lowercase().replace('_', "-");
        let what = match verb {
            Some(verb) => format!("unknown key `{long}`: lro {verb} has no such flag"),
            None => format!("unknown key `{long}`: there is no such flag"),
        };
        let hint = if SECRET.iter().any(|secret| name == *secret || name.ends_with(&format!("-{secret}"))) {
            let hint = "a secret does not stand here: give token-file or token-command, or a cloud of clouds.yaml with \
                        os-cloud; LRO_TOKEN is for one call";
            Some(hint.to_owned())
        } else if self.known.has(&name) {
            match verb.filter(|_| name == long) {
                Some(_) => Some(format!(
                    "`{name}` is of other verbs: write it above, where it holds for all of them"
                )),
                None => Some(format!("write {name}")),
            }
        } else {
            perhaps(&name, self.known.flags())
        };
        self.wrong(start, &what, hint)
    }

    fn wrong(&self, offset: usize, what: &str, hint: Option<String>) -> Wrong {
        Wrong { what: format!("{}: {what}", at(self.path, line_at(self.text, offset))), hint }
    }
}

fn perhaps<'a>(name: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let near = near(name, names.map(str::to_owned));
    (!near.is_empty()).then(|| format!("perhaps {}", near.join(", ")))
}

fn raw(value: &DeValue<'_>) -> Result<Raw, String> {
    match value {
        DeValue::Boolean(is_on) => Ok(Raw::Bool(*is_on)),
        DeValue::Array(values) => {
            let texts = values.iter().map(|value| match raw(value.get_ref())? {
                Raw::Text(text) | Raw::Number(text) => Ok(text),
                Raw::Bool(_) | Raw::List(_) => Err("it is a list of something else than texts".to_owned()),
            });
            texts.collect::<Result<_, String>>().map(Raw::List)
        }
        DeValue::String(text) if text.contains('\0') => Err("it holds a character that is none".to_owned()),
        DeValue::String(text) => Ok(Raw::Text(text.to_string())),
        DeValue::Integer(number) => integer(number).map(Raw::Number),
        DeValue::Float(number) => Ok(Raw::Number(number.as_str().to_owned())),
        DeValue::Datetime(_) | DeValue::Table(_) => {
            Err(format!("a {} is no value of a flag; perhaps it wants quotes", value.type_str()))
        }
    }
}

fn integer(number: &DeInteger<'_>) -> Result<String, String> {
    i64::from_str_radix(number.as_str(), number.radix())
        .map(|number| number.to_string())
        .map_err(|_| "the number is too large".to_owned())
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
