//! What is wrong with a preset, and in which line.
//! Nothing is checked here.

use std::fmt;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

/// Where in a preset something is: `handle[1].template`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key(Vec<Step>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Field(String),
    Index(usize),
}

impl Key {
    pub(super) fn of(field: &str) -> Self {
        Self(vec![Step::Field(field.to_owned())])
    }

    pub(super) fn field(&self, field: &str) -> Self {
        self.then(Step::Field(field.to_owned()))
    }

    pub(super) fn at(&self, index: usize) -> Self {
        self.then(Step::Index(index))
    }

    fn then(&self, step: Step) -> Self {
        Self([&self.0[..], &[step]].concat())
    }

    pub(super) fn wrong(&self, problem: impl Into<String>) -> Wrong {
        Wrong { key: Some(self.clone()), problem: problem.into(), hint: None }
    }

    /// Where it stands in the text: as much of the way as there is.
    fn span(&self, text: &str) -> Option<Range<usize>> {
        let table = DeTable::parse(text).ok()?;
        let mut span = None;
        let mut table = Some(table.get_ref());
        let mut value: Option<&DeValue<'_>> = None;
        for step in &self.0 {
            let found = match step {
                Step::Field(field) => {
                    let inner = table.or_else(|| value?.as_table())?;
                    let (key, found) = inner.iter().find(|(key, _)| *key.get_ref() == field.as_str())?;
                    span = Some(key.span());
                    found
                }
                Step::Index(index) => {
                    let found = value?.as_array()?.get(*index)?;
                    span = Some(found.span());
                    found
                }
            };
            table = None;
            value = Some(found.get_ref());
        }
        span
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(field) if i == 0 => f.write_str(field)?,
                Step::Field(field) => write!(f, ".{field}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// What is wrong, before it is known with which preset.
#[derive(Debug)]
pub(super) struct Wrong {
    key: Option<Key>,
    problem: String,
    hint: Option<String>,
}

impl Wrong {
    pub(super) fn whole(problem: impl Into<String>) -> Self {
        Self { key: None, problem: problem.into(), hint: None }
    }

    pub(super) fn hint(self, hint: Option<String>) -> Self {
        Self { hint, ..self }
    }

    pub(super) fn with(self, name: &str, text: &str) -> PresetError {
        let span = self.key.as_ref().and_then(|key| key.span(text));
        PresetError {
            preset: name.to_owned(),
            // What is nowhere is missing in the whole file, which begins with its first line.
            line: span.map(|span| line_at(text, span.start)).or_else(|| (!text.is_empty()).then_some(1)),
            key: self.key.map(|key| line(&key.to_string())),
            problem: line(&self.problem),
            hint: self.hint.as_deref().map(line),
        }
    }
}

/// What is wrong with a preset. Nothing was asked by it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PresetError {
    /// The name of the preset.
    pub preset: String,
    /// The line of the file, from 1, where there is a file.
    pub line: Option<usize>,
    /// The key, as in `handle[1].template`.
    pub key: Option<String>,
    /// What is wrong with it.
    pub problem: String,
    /// What to write instead.
    pub hint: Option<String>,
}

impl PresetError {
    pub(super) fn of_toml(name: &str, text: &str, error: &toml::de::Error) -> Self {
        Self {
            preset: name.to_owned(),
            line: error.span().map(|span| line_at(text, span.start)),
            key: None,
            problem: line(error.message()),
            hint: None,
        }
    }
}

impl fmt::Display for PresetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the preset `{}` cannot be used: ", self.preset)?;
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if let Some(key) = &self.key {
            write!(f, "`{key}`: ")?;
        }
        f.write_str(&self.problem)
    }
}

impl std::error::Error for PresetError {}

/// A text as it may be told: on one line, and not longer than anybody reads. An expression may stand in it as a whole.
fn line(text: &str) -> String {
    const MOST: usize = 5000;
    let end = text.chars().nth(MOST).map(|_| '…');
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(MOST).chain(end).collect()
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
