//! A flag with its value and where that is from; without what may be a secret.
//! How it is printed is not known here.

use std::ffi::OsString;
use std::path::Path;

use clap::{Arg, ArgAction};
use serde_json::{Value, json};

use crate::cli::settings::{Said, Setting, Source};

/// What stands for what is not told.
const BLOT: &str = "…";

/// What is told of a value.
type Telling = fn(&str) -> String;

/// The flags whose values may hold a secret, and what is told of one.
const SECRET: [(&str, Telling); 7] = [
    ("header", name_of_header),
    ("token-command", program),
    ("token", |_| BLOT.to_owned()),
    ("json", name_of_file),
    ("data", name_of_file),
    ("proxy", without_password),
    // Also where it is no URL, for want of its scheme.
    ("endpoint", without_password),
];

/// A flag, and what holds for it.
pub(super) struct Row<'a> {
    pub(super) long: &'a str,
    pub(super) value: Value,
    pub(super) from: From<'a>,
}

/// Where a value is from.
pub(super) enum From<'a> {
    Typed,
    Said(&'a Source),
    Default,
}

impl<'a> Row<'a> {
    /// What is typed.
    pub(super) fn typed(arg: &'a Arg, values: &[OsString]) -> Self {
        let long = arg.get_long().unwrap_or_default();
        let said = match arg.get_action() {
            ArgAction::SetTrue | ArgAction::SetFalse | ArgAction::Count => Said::Alone(1),
            _ if values.is_empty() => Said::Alone(1),
            _ => Said::Values(values.to_vec()),
        };
        Self { long, value: value(arg, &said), from: From::Typed }
    }

    pub(super) fn said(arg: &'a Arg, setting: &'a Setting) -> Self {
        let long = arg.get_long().unwrap_or_default();
        Self { long, value: value(arg, &setting.said), from: From::Said(&setting.source) }
    }

    pub(super) fn default(arg: &'a Arg) -> Self {
        let long = arg.get_long().unwrap_or_default();
        let defaults = arg.get_default_values().iter().map(|value| OsString::from(value.as_os_str()));
        let said = match defaults.collect::<Vec<_>>() {
            values if values.is_empty() || !arg.get_action().takes_values() => Said::Nothing,
            values => Said::Values(values),
        };
        Self { long, value: value(arg, &said), from: From::Default }
    }
}

impl From<'_> {
    /// The word for it in a document.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Typed => "flag",
            Self::Said(Source::Variable(_)) => "variable",
            Self::Said(Source::File { profile: Some(_), .. }) => "profile",
            Self::Said(Source::File { profile: None, .. }) => "file",
            Self::Default => "default",
        }
    }
}

/// The line of a file that it is from.
pub(super) fn line(source: &Source) -> Option<(&Path, usize)> {
    match source {
        Source::Variable(_) => None,
        Source::File { path, line, .. } => Some((path, *line)),
    }
}

/// What is told of a value: a text, a list of texts, a number of times, whether it is given, or null for none.
pub(super) fn value(arg: &Arg, said: &Said) -> Value {
    let long = arg.get_long().unwrap_or_default();
    let told = |value: &OsString| told(long, &value.to_string_lossy());
    match (arg.get_action(), said) {
        (ArgAction::SetTrue | ArgAction::SetFalse, said) => json!(*said != Said::Nothing),
        (ArgAction::Count, Said::Alone(times)) => json!(times),
        (ArgAction::Count, _) => json!(0),
        (_, Said::Nothing) => Value::Null,
        (_, Said::Alone(_)) => json!(true),
        (ArgAction::Append, Said::Values(values)) => {
            let split = |value: &OsString| match arg.get_value_delimiter() {
                Some(delimiter) => value.to_string_lossy().split(delimiter).map(OsString::from).collect(),
                None => vec![value.clone()],
            };
            values.iter().flat_map(split).map(|value| told(&value)).collect()
        }
        (_, Said::Values(values)) => values.last().map(told).map_or(Value::Null, Value::String),
    }
}

fn told(long: &str, value: &str) -> String {
    match SECRET.iter().find(|(secret, _)| *secret == long) {
        Some((_, told)) => told(value),
        // Whoever writes a URL with a password is told elsewhere that there is a better place.
        None if value.contains("://") => without_password(value),
        None => value.to_owned(),
    }
}

/// What stands in a file is not looked at.
fn name_of_file(value: &str) -> String {
    if value.starts_with('@') || value == "-" { value.to_owned() } else { BLOT.to_owned() }
}

fn name_of_header(value: &str) -> String {
    match value.split_once(':') {
        _ if value.starts_with('@') => value.to_owned(),
        Some((name, _)) => format!("{name}: {BLOT}"),
        None => BLOT.to_owned(),
    }
}

/// What ends a word for a shell, or makes something else of it.
const SHELL: &str = "<>|&;()$`\"'=";

/// A command without its arguments.
fn program(value: &str) -> String {
    let value = value.trim();
    let end = value.find(|c: char| c.is_whitespace() || SHELL.contains(c)).unwrap_or(value.len());
    match value.split_at(end) {
        (program, "") => program.to_owned(),
        // A variable of the shell comes before it, or it is quoted.
        (program, rest) if program.is_empty() || rest.starts_with('=') => BLOT.to_owned(),
        (program, _) => format!("{program} {BLOT}"),
    }
}

/// A URL without who asks there, and without its query and its fragment.
fn without_password(value: &str) -> String {
    let (scheme, rest) = value.split_once("://").unwrap_or(("", value));
    let told = match (rest.rfind('@'), rest.find(['?', '#'])) {
        // A password with such a mark in it, or a query with an @: that is for nobody to say.
        (Some(at), Some(mark)) if mark < at => BLOT.to_owned(),
        (at, mark) => {
            let (who, at) = at.map_or(("", 0), |at| (BLOT, at));
            let (end, query) = mark.map_or((rest.len(), ""), |mark| (mark + 1, BLOT));
            format!("{who}{}{query}", &rest[at..end])
        }
    };
    if scheme.is_empty() { told } else { format!("{scheme}://{told}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_not_told() {
        for (long, value, expected) in [
            ("header", "X-Api: s3cret", "X-Api: …"),
            ("header", "s3cret", "…"),
            ("header", "@headers.txt", "@headers.txt"),
            ("token-command", "printf s3cret", "printf …"),
            ("token-command", "  P=s3cret run", "…"),
            ("token-command", "./token", "./token"),
            ("token", "s3cret", "…"),
            ("json", r#"{"password": "s3cret"}"#, "…"),
            ("data", "@body.json", "@body.json"),
            ("json", "-", "-"),
            ("proxy", "http://me:s3cret@proxy.example:3128", "http://…@proxy.example:3128"),
            ("proxy", "me:s3cret@proxy.example", "…@proxy.example"),
            ("proxy", "http://me:s3/cr@et@proxy.example/", "http://…@proxy.example/"),
            ("endpoint", "https://me:s3cret@a.example", "https://…@a.example"),
            ("endpoint", "https://a.example/?token=s3cret", "https://a.example/?…"),
            ("endpoint", "https://a.example/#token=s3cret", "https://a.example/#…"),
            ("endpoint", "https://a.example/?token=s3@cret", "https://…"),
            ("endpoint", "https://me:s3?cr#et@a.example/?b", "https://…"),
            ("endpoint", "https://me:s3cret@a.example/?token=s3cret", "https://…@a.example/?…"),
            ("endpoint", "me:s3cret@a.example", "…@a.example"),
            ("endpoint", "https://a.example", "https://a.example"),
            ("token-command", "cat<<<s3cret", "cat …"),
            ("token-command", "'/opt/my tool' s3cret", "…"),
            ("token-command", r"C:\bin\token.exe s3cret", r"C:\bin\token.exe …"),
            ("timeout", "5m", "5m"),
        ] {
            assert_eq!(told(long, value), expected, "{long} {value}");
        }
    }
}
