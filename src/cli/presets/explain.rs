//! What an answer means to a preset, told as lines and as JSON.
//! The preset is the one that judges.

use std::fmt::Write;

use humantime::{format_duration, format_rfc3339_seconds};
use lro::http::printable;
use lro::preset::{Answered, Found, Hint, Misfit, Preset, Ruling};
use serde::Serialize;
use serde_json::Value;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::report;

/// How much is told of a text on a line. In JSON it is whole.
const LONGEST: usize = 500;

/// What an answer means to a preset.
pub(super) struct Explanation {
    /// The name of the one that judged.
    judge: String,
    /// The name of the one that picked it.
    picked_by: Option<String>,
    retry_after: Option<String>,
    ruling: Result<Ruling, Misfit>,
}

impl Explanation {
    pub(super) fn of(preset: &Preset, answered: &Answered<'_>) -> Self {
        let retry_after = answered.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
        let retry_after = retry_after.map(|(_, value)| value.to_string());
        let picked = preset.picked(answered);
        let (judge, ruling) = match picked {
            Ok(picked) => {
                let judge = picked.unwrap_or_else(|| preset.clone());
                let ruling = judge.judge(answered, None);
                (judge, ruling)
            }
            Err(misfit) => (preset.clone(), Err(misfit)),
        };
        let picked_by = (judge.name() != preset.name()).then(|| preset.name().to_owned());
        Self { judge: judge.name().to_owned(), picked_by, retry_after, ruling }
    }

    /// Why the answer means nothing, if it does not.
    pub(super) fn failure(&self) -> Option<Failure> {
        let misfit = self.ruling.as_ref().err()?;
        let what = format!("to the preset `{}` this answer means nothing", self.judge);
        Some(Failure::new(Exit::NoAnswer, what).because(misfit))
    }

    /// A line for each thing that there is to say.
    pub(super) fn text(&self) -> String {
        let Ok(ruling) = &self.ruling else { return String::new() };
        let judge = match &self.picked_by {
            Some(name) => format!("{}, picked by {name}", self.judge),
            None => self.judge.clone(),
        };
        let hint = ruling.hint.map(|hint| match hint {
            Hint::Pause(pause) => format!("ask again in {}", format_duration(pause)),
            Hint::Until(time) => format!("ask again at {}", format_rfc3339_seconds(time)),
        });
        let retry_after = self.retry_after.as_ref().map(|value| format!("Retry-After: {value}"));
        let hints: Vec<_> = hint.into_iter().chain(retry_after).collect();
        let result = ruling.result.as_ref().map(|found| match found {
            Found::Value(value) => value.to_string(),
            Found::At(location) => format!("is to be fetched at {location}"),
            _ => String::new(),
        });
        let rows = [
            ("preset", Some(judge)),
            ("verdict", Some(ruling.verdict.to_string())),
            ("rule", Some(ruling.rule.to_string())),
            ("state", ruling.state.clone()),
            ("kind", ruling.kind.clone()),
            ("message", ruling.message.clone()),
            ("progress", ruling.progress.map(|percent| format!("{percent} %"))),
            (
                "eta",
                ruling.eta.map(|eta| match eta {
                    Hint::Pause(rest) => format!("in {}", format_duration(rest)),
                    Hint::Until(time) => format_rfc3339_seconds(time).to_string(),
                }),
            ),
            ("hint", (!hints.is_empty()).then(|| hints.join("; "))),
            ("next", ruling.next.clone()),
            ("result", result),
        ];
        let problems = ruling.problems.iter().map(|problem| ("problem", problem.clone()));
        let mut text = String::new();
        for (key, value) in rows.into_iter().filter_map(|(key, value)| Some((key, value?))).chain(problems) {
            let _ = writeln!(text, "{:<10}{}", format!("{key}:"), told(&value));
        }
        text
    }

    /// The same as a document on one line.
    pub(super) fn json(&self) -> String {
        let ruling = self.ruling.as_ref().ok();
        let document = Document {
            schema: 1,
            preset: &self.judge,
            picked_by: self.picked_by.as_deref(),
            verdict: ruling.map(|ruling| ruling.verdict.as_str()),
            rule: ruling.map(|ruling| &*ruling.rule),
            state: ruling.and_then(|ruling| ruling.state.as_deref()),
            kind: ruling.and_then(|ruling| ruling.kind.as_deref()),
            message: ruling.and_then(|ruling| ruling.message.as_deref()),
            progress: ruling.and_then(|ruling| ruling.progress),
            eta: ruling.and_then(|ruling| ruling.eta).map(|eta| match eta {
                Hint::Pause(rest) => EtaDocument::InMs(milliseconds(rest)),
                Hint::Until(time) => EtaDocument::At(format_rfc3339_seconds(time).to_string()),
            }),
            hint: ruling.and_then(|ruling| ruling.hint).map(|hint| match hint {
                Hint::Pause(pause) => HintDocument::PauseMs(milliseconds(pause)),
                Hint::Until(time) => HintDocument::Until(format_rfc3339_seconds(time).to_string()),
            }),
            retry_after: self.retry_after.as_deref(),
            next: ruling.and_then(|ruling| ruling.next.as_deref()),
            result: ruling.and_then(|ruling| ruling.result.as_ref()).and_then(|found| match found {
                Found::Value(value) => Some(ResultDocument::Value(value)),
                Found::At(location) => Some(ResultDocument::At(location)),
                _ => None,
            }),
            problems: ruling.map(|ruling| &ruling.problems[..]).unwrap_or_default(),
            misfit: self.ruling.as_ref().err().map(ToString::to_string),
        };
        report::json_line(&document)
    }
}

/// The document, with its keys in the order of the lines.
#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    preset: &'a str,
    picked_by: Option<&'a str>,
    verdict: Option<&'static str>,
    rule: Option<&'a str>,
    state: Option<&'a str>,
    kind: Option<&'a str>,
    message: Option<&'a str>,
    progress: Option<f64>,
    eta: Option<EtaDocument>,
    hint: Option<HintDocument>,
    retry_after: Option<&'a str>,
    next: Option<&'a str>,
    result: Option<ResultDocument<'a>>,
    problems: &'a [String],
    misfit: Option<String>,
}

fn milliseconds(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum EtaDocument {
    InMs(u64),
    At(String),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum HintDocument {
    PauseMs(u64),
    Until(String),
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ResultDocument<'a> {
    Value(&'a Value),
    At(&'a str),
}

/// A text of a server or a file on one line of a terminal.
pub(super) fn told(text: &str) -> String {
    let clean = printable(text);
    match clean.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &clean[..end]),
        None => clean.into_owned(),
    }
}
