//! A flag as it can be set without being typed: its variable by one rule, and what a value that is found somewhere is
//! when it is typed. Which flags there are is for clap to say.

use std::any::TypeId;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::builder::{BoolishValueParser, TypedValueParser};
use clap::{Arg, ArgAction, Command};

/// The flags that are only typed. A profile is chosen before it is read; and the token of a simulation would be that of
/// `LRO_TOKEN`, which says who asks.
const ONLY_TYPED: [&str; 2] = ["profile", "token"];

/// How often a flag that counts can be given.
const MOST_OFTEN: u8 = 9;

/// What a place says of a flag, as it would be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Said {
    /// The flag is not given, whatever a place that counts for less says.
    Nothing,
    /// The flag by itself, this often.
    Alone(u8),
    /// The flag with each of these.
    Values(Vec<OsString>),
}

/// A value as it stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Raw {
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<String>),
}

/// What there is to say of a flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Whether it is given.
    Switch,
    /// How often.
    Count,
    /// One value.
    One,
    /// A value, or that it is given without one.
    Perhaps,
    /// Any number of values.
    Many,
}

/// The flags of a verb that can be set.
pub(crate) fn of_verb(verb: &Command) -> impl Iterator<Item = &Arg> {
    verb.get_arguments().filter(|arg| {
        let is_known = matches!(
            arg.get_action(),
            ArgAction::Set | ArgAction::Append | ArgAction::SetTrue | ArgAction::SetFalse | ArgAction::Count
        );
        is_known && !ONLY_TYPED.contains(&long(arg)) && !long(arg).is_empty()
    })
}

/// The name of a flag, without its hyphens, which is its key in a file too. Empty for what has a place instead.
pub(crate) fn long(arg: &Arg) -> &str {
    arg.get_long().unwrap_or_default()
}

/// The variable of the flag with this name.
pub(crate) fn variable(long: &str) -> String {
    format!("LRO_{}", long.replace('-', "_").to_ascii_uppercase())
}

/// The words that are typed for this.
pub(super) fn words(long: &str, said: &Said) -> Vec<OsString> {
    let flag = || OsString::from(format!("--{long}"));
    let with = |value: &OsString| {
        let mut word = flag();
        word.push("=");
        word.push(value);
        word
    };
    match said {
        Said::Nothing => Vec::new(),
        Said::Alone(times) => (0..*times).map(|_| flag()).collect(),
        Said::Values(values) => values.iter().map(with).collect(),
    }
}

/// What is said by a variable with this value.
pub(super) fn of_variable(arg: &Arg, value: OsString) -> Result<Said, String> {
    let is_path = arg.get_value_parser().type_id() == TypeId::of::<PathBuf>();
    let text = match (value.to_str(), is_path) {
        (Some(text), _) => text.to_owned(),
        (None, true) => return Ok(Said::Values(vec![value])),
        (None, false) => return Err("it is not text".to_owned()),
    };
    match kind(arg) {
        // One that is set to nothing switches off, as an empty list does.
        Kind::Switch | Kind::Count | Kind::Perhaps if text.is_empty() => Ok(Said::Nothing),
        Kind::Switch => is_on(&text).map(given).ok_or_else(|| {
            "it is neither on (1, true, yes, on) nor off (0, false, no, off, or empty)".to_owned()
        }),
        Kind::Count => match is_on(&text) {
            Some(is_on) => Ok(given(is_on)),
            None => often(&text),
        },
        Kind::Perhaps => Ok(perhaps(arg, text)),
        Kind::One => Ok(one(arg, text)),
        Kind::Many if text.is_empty() => Ok(one(arg, text)),
        Kind::Many => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            Ok(Said::Values(lines.map(OsString::from).collect()))
        }
    }
}

/// What is said by a file with this value.
pub(super) fn of_file(arg: &Arg, raw: &Raw) -> Result<Said, String> {
    match (kind(arg), raw.clone()) {
        (Kind::Switch | Kind::Count | Kind::Perhaps, Raw::Bool(is_on)) => Ok(given(is_on)),
        (Kind::Switch, _) => Err("it is true or false".to_owned()),
        (Kind::Count, Raw::Number(number)) => often(&number),
        (Kind::Count, _) => Err("it is a number".to_owned()),
        (Kind::Perhaps, Raw::Text(text) | Raw::Number(text)) => Ok(perhaps(arg, text)),
        (Kind::One | Kind::Many, Raw::Text(text) | Raw::Number(text)) => Ok(one(arg, text)),
        (Kind::Many, Raw::List(texts)) if texts.is_empty() => Ok(Said::Nothing),
        (Kind::Many, Raw::List(texts)) => Ok(Said::Values(texts.into_iter().map(OsString::from).collect())),
        (Kind::One | Kind::Perhaps, Raw::List(_)) => Err("it is one value, no list".to_owned()),
        (Kind::One | Kind::Many, Raw::Bool(_)) => {
            Err("it is a value, and not only whether the flag is given".to_owned())
        }
    }
}

fn kind(arg: &Arg) -> Kind {
    let needs_none = arg.get_num_args().is_some_and(|number| number.min_values() == 0);
    match arg.get_action() {
        ArgAction::SetTrue | ArgAction::SetFalse => Kind::Switch,
        ArgAction::Count => Kind::Count,
        _ if needs_none => Kind::Perhaps,
        ArgAction::Append => Kind::Many,
        _ => Kind::One,
    }
}

fn given(is_on: bool) -> Said {
    if is_on { Said::Alone(1) } else { Said::Nothing }
}

fn often(number: &str) -> Result<Said, String> {
    match number.parse() {
        Ok(0) => Ok(Said::Nothing),
        Ok(times) if times <= MOST_OFTEN => Ok(Said::Alone(times)),
        _ => Err(format!("it is a number from 0 to {MOST_OFTEN}")),
    }
}

/// Nothing stands for none where there may be none. A flag that has a default has always a value, and nothing is a slip.
fn one(arg: &Arg, text: String) -> Said {
    if text.is_empty() && arg.get_default_values().is_empty() {
        return Said::Nothing;
    }
    Said::Values(vec![text.into()])
}

fn perhaps(arg: &Arg, text: String) -> Said {
    let is_value = arg.get_possible_values().iter().any(|possible| possible.matches(&text, true));
    match is_on(&text) {
        Some(is_on) if !is_value => given(is_on),
        _ => one(arg, text),
    }
}

/// Whether this word switches something on. None when it is another word.
fn is_on(word: &str) -> Option<bool> {
    BoolishValueParser::new().parse_ref(&Command::new("lro"), None, OsStr::new(word)).ok()
}
