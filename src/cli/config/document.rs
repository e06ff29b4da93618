//! All the flags of a verb with their values, as a table for a person or a document for a script.
//! Which value counts is decided elsewhere, and what is told of a secret too.

use std::fmt::Write;

use clap::{Arg, Command};
use lro::http::printable;
use serde_json::{Value, json};

use super::is_settable;
use super::row::{From, Row, line, value};
use crate::cli::report;
use crate::cli::settings::{By, Chosen, Passed, Place, Resolved, Source, Typed, variable};

/// How wide the names at the head are.
const NAMES: usize = 8;

/// From which width on a column is not made wider for one long value.
const WIDEST: usize = 40;

/// What is known of the flags of a verb.
pub(super) struct Document<'a> {
    pub(super) verb: &'a Command,
    pub(super) typed: &'a Typed,
    pub(super) profile: &'a Chosen,
    pub(super) place: &'a Place,
    /// Whether there is a file.
    pub(super) is_found: bool,
    pub(super) resolved: &'a Resolved,
    /// The variables that look like ours, and those that may be meant.
    pub(super) unknown: Vec<(String, Vec<String>)>,
    pub(super) has_token: bool,
}

impl<'a> Document<'a> {
    /// The flags in the order of the help.
    fn args(&self) -> impl Iterator<Item = &'a Arg> {
        let typed = self.typed;
        let verb = self.verb;
        let is_told = move |arg: &&Arg| {
            let is_typed = typed.contains_key(arg.get_id().as_str()) && arg.get_long().is_some();
            arg.get_id() != "profile" && (is_typed || is_settable(verb, arg))
        };
        verb.get_arguments().filter(is_told)
    }

    fn rows(&self) -> impl Iterator<Item = Row<'a>> {
        let (typed, settings) = (self.typed, &self.resolved.settings);
        self.args().map(move |arg| {
            let setting = settings.iter().find(|setting| Some(&*setting.long) == arg.get_long());
            match (typed.get(arg.get_id().as_str()), setting) {
                (Some(values), _) => Row::typed(arg, values),
                (None, Some(setting)) => Row::said(arg, setting),
                (None, None) => Row::default(arg),
            }
        })
    }

    /// Whether a flag of this name can be set without being typed.
    fn variable(&self, long: &str) -> Option<String> {
        let is_meant = |arg: &&Arg| arg.get_long() == Some(long);
        self.verb
            .get_arguments()
            .find(is_meant)
            .filter(|arg| is_settable(self.verb, arg))
            .map(|_| variable(long))
    }

    /// As a table.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut head = |name: &str, value: &str| {
            let _ = writeln!(text, "{name:NAMES$} {}", printable(value));
        };
        head("verb", &format!("lro {}", self.verb.get_name()));
        head("profile", &self.profile_text());
        head("file", &self.place_text());
        if self.has_token {
            head("token", "LRO_TOKEN is set; lro auth tells who asks");
        }
        text.push('\n');
        let rows: Vec<_> = self.rows().map(|row| (row.long, plain(&row.value), origin(&row.from))).collect();
        let width = |texts: &mut dyn Iterator<Item = &str>| {
            texts.map(|text| text.chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or_default()
        };
        let name = width(&mut rows.iter().map(|(long, ..)| *long));
        let wide = width(&mut rows.iter().map(|(_, value, _)| &**value));
        for (long, value, from) in &rows {
            let _ = writeln!(text, "{long:name$}  {value:wide$}  {from}");
        }
        if !self.resolved.passed.is_empty() {
            text.push_str("\nNot used:\n");
        }
        for Passed { setting, because } in &self.resolved.passed {
            let told = format!("{} of {} gives way to {because}", setting.long, setting.source.in_words());
            let _ = writeln!(text, "  {}", printable(&told));
        }
        if !self.unknown.is_empty() {
            text.push_str("\nOf no flag:\n");
        }
        for (name, near) in &self.unknown {
            let perhaps =
                if near.is_empty() { String::new() } else { format!(": perhaps {}", near.join(", ")) };
            let _ = writeln!(text, "  the variable {name}{perhaps}");
        }
        text
    }

    fn profile_text(&self) -> String {
        match (&self.profile.name, self.profile.by) {
            (Some(name), By::Flag) => format!("{name} (--profile)"),
            (Some(name), By::Variable) => format!("{name} (the variable LRO_PROFILE)"),
            (Some(name), By::Nobody) => format!("{name} (as none is named)"),
            (None, By::Flag) => "none (--profile)".to_owned(),
            (None, By::Variable) => "none (the variable LRO_PROFILE)".to_owned(),
            (None, By::Nobody) => "none".to_owned(),
        }
    }

    fn place_text(&self) -> String {
        let given = if matches!(self.place, Place::Given(_)) { " (the variable LRO_CONFIG)" } else { "" };
        match (self.place, self.place.path()) {
            (Place::Off, _) => "none (the variable LRO_CONFIG)".to_owned(),
            (_, None) => "none (there is no home folder)".to_owned(),
            (_, Some(path)) if self.is_found => format!("{}{given}", path.display()),
            (_, Some(path)) => format!("{}, which is not there{given}", path.display()),
        }
    }

    /// As a document on one line.
    pub(super) fn json(&self) -> String {
        let settings: Vec<Value> = self
            .rows()
            .map(|row| {
                let source = match row.from {
                    From::Said(source) => Some(source),
                    From::Typed | From::Default => None,
                };
                let mut told = json!({
                    "flag": format!("--{}", row.long),
                    "variable": self.variable(row.long),
                    "value": row.value,
                    "from": row.from.word(),
                });
                place(&mut told, source);
                told
            })
            .collect();
        let passed: Vec<Value> = self
            .resolved
            .passed
            .iter()
            .map(|passed| {
                let setting = &passed.setting;
                let arg = self.args().find(|arg| arg.get_long() == Some(&setting.long));
                let mut told = json!({
                    "flag": format!("--{}", setting.long),
                    "value": arg.map(|arg| value(arg, &setting.said)),
                    "from": From::Said(&setting.source).word(),
                    "gives_way_to": passed.because,
                });
                place(&mut told, Some(&setting.source));
                told
            })
            .collect();
        report::json_line(&json!({
            "schema": 1,
            "verb": self.verb.get_name(),
            "profile": self.profile.name,
            "profile_from": match self.profile.by {
                By::Flag => "flag",
                By::Variable => "variable",
                By::Nobody => "default",
            },
            "file": self.place.path().map(|path| path.to_string_lossy()),
            "file_found": self.is_found && self.place.path().is_some(),
            "settings": settings,
            "not_used": passed,
            "unknown_variables": self.unknown.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        }))
    }
}

/// Where in a file a value is from, if it is from one.
fn place(told: &mut Value, source: Option<&Source>) {
    let (file, line) = source.and_then(line).unzip();
    let profile = match source {
        Some(Source::File { profile, .. }) => profile.as_ref(),
        _ => None,
    };
    told["profile"] = json!(profile);
    told["file"] = json!(file.map(|file| file.to_string_lossy()));
    told["line"] = json!(line);
}

/// A value as a person reads it.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "-".to_owned(),
        Value::String(text) if text.is_empty() => "''".to_owned(),
        Value::String(text) => printable(text).into_owned(),
        Value::Array(values) => values.iter().map(plain).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn origin(from: &From<'_>) -> String {
    match from {
        From::Typed => "flag".to_owned(),
        From::Said(source) => printable(&source.to_string()).into_owned(),
        From::Default => "default".to_owned(),
    }
}
