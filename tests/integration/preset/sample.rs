//! Samples: an answer and what it means, or the answer to a starting call and where its operation is.
//! Which preset is meant, and whether it is right, is not known here.

use std::path::{Path, PathBuf};

use lro::preset::{Answered, Found, Hint, Misfit, Preset, Ruling, Started};
use serde_json::{Map, Value, json};

/// What a sample may say beside the answer itself: all that it says must be so.
const TOLD: [&str; 11] =
    ["verdict", "misfit", "preset", "rule", "state", "kind", "message", "progress", "hint", "next", "result"];

/// What a sample is made of.
const GIVEN: [&str; 5] = ["name", "status", "headers", "body", "started"];

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/fixtures/presets")
}

/// The names of all files with samples, without their ends.
pub(super) fn files() -> Vec<String> {
    let files = std::fs::read_dir(directory()).expect("the samples are there");
    let name = |file: std::fs::DirEntry| file.file_name().into_string().expect("a name in UTF-8");
    let mut names: Vec<_> = files.map(|file| name(file.expect("it can be read"))).collect();
    names.sort();
    names.iter().map(|name| name.strip_suffix(".json").expect("samples are in JSON").to_owned()).collect()
}

/// The samples in the file with this name; none when there is no such file.
pub(super) fn samples(file: &str) -> Vec<Map<String, Value>> {
    let path = directory().join(format!("{file}.json"));
    if !path.exists() {
        return Vec::new();
    }
    let text = std::fs::read_to_string(&path).expect("it can be read");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(super) fn text<'a>(sample: &'a Map<String, Value>, key: &str) -> &'a str {
    sample.get(key).and_then(Value::as_str).unwrap_or_else(|| panic!("{sample:?} has no `{key}`"))
}

/// The answer: 200 where nothing else is said. `{"text": …}` is a body that is no JSON.
fn answered(sample: &Map<String, Value>) -> Answered<'static> {
    let status = sample.get("status").map_or(200, |status| {
        status.as_u64().and_then(|status| u16::try_from(status).ok()).expect("a status is a number")
    });
    let body = match &sample["body"] {
        Value::Object(body) if body.len() == 1 && body.contains_key("text") => text(body, "text").to_owned(),
        body => body.to_string(),
    };
    let headers = sample.get("headers").and_then(Value::as_object).cloned().unwrap_or_default();
    headers.iter().fold(Answered::new(status, body), |answered, (name, _)| {
        answered.header(name.clone(), text(&headers, name).to_owned())
    })
}

fn started(sample: &Map<String, Value>) -> Started {
    Started::new(text(sample, "method"), text(sample, "url"), answered(sample))
}

/// What is wrong with this sample under this preset.
pub(super) fn disagreement(preset: &Preset, sample: &Map<String, Value>) -> Option<String> {
    if let Some(unknown) =
        sample.keys().find(|key| !TOLD.contains(&key.as_str()) && !GIVEN.contains(&key.as_str()))
    {
        return Some(format!("`{unknown}` is no part of a sample"));
    }
    let told = judged(preset, &answered(sample), sample.get("started").and_then(Value::as_object));
    let wrong = sample.iter().filter(|(key, _)| TOLD.contains(&key.as_str()));
    let mut wrong = wrong.filter(|(key, value)| told.get(*key).unwrap_or(&Value::Null) != *value);
    if let Some((key, value)) = wrong.next() {
        return Some(format!("`{key}` should be {value}, but it is told {}", Value::from(told.clone())));
    }
    let problems = told.get("problems").and_then(Value::as_array).filter(|problems| !problems.is_empty());
    problems.map(|problems| format!("it has problems: {problems:?}"))
}

fn judged(
    preset: &Preset,
    answered: &Answered<'_>,
    start: Option<&Map<String, Value>>,
) -> Map<String, Value> {
    let picked = match preset.picked(answered) {
        Ok(picked) => picked,
        Err(misfit) => return misfit_told(&misfit),
    };
    let ruling = picked.as_ref().unwrap_or(preset).judge(answered, start.map(started).as_ref());
    let mut told = ruling.map_or_else(|misfit| misfit_told(&misfit), |ruling| ruling_told(&ruling));
    told.extend(picked.map(|picked| ("preset".to_owned(), Value::from(picked.name()))));
    told
}

fn ruling_told(ruling: &Ruling) -> Map<String, Value> {
    let hint = ruling.hint.map(|hint| match hint {
        Hint::Pause(pause) => json!({ "pause_ms": pause.as_millis() }),
        Hint::Until(then) => {
            let since = then.duration_since(std::time::UNIX_EPOCH).expect("it is after 1970");
            json!({ "until": since.as_secs_f64() })
        }
    });
    let result = ruling.result.as_ref().map(|found| match found {
        Found::At(location) => json!({ "at": location }),
        Found::Value(value) => json!({ "value": value }),
        other => panic!("a new place of a result needs a word: {other:?}"),
    });
    let told = json!({
        "verdict": ruling.verdict.as_str(),
        "rule": ruling.rule,
        "state": ruling.state,
        "kind": ruling.kind,
        "message": ruling.message,
        "progress": ruling.progress,
        "hint": hint,
        "next": ruling.next,
        "result": result,
        "problems": ruling.problems,
    });
    told.as_object().cloned().expect("it is an object")
}

fn misfit_told(misfit: &Misfit) -> Map<String, Value> {
    let word = match misfit {
        Misfit::Status(_) => "status",
        Misfit::NotJson(_) => "not-json",
        Misfit::Empty => "empty",
        Misfit::Unexpected(_) => "unexpected",
        Misfit::NotUnderstood(_) => "not-understood",
        Misfit::TooLarge(_) => "too-large",
        other => panic!("a new misfit needs a word: {other}"),
    };
    json!({ "verdict": "error", "misfit": word }).as_object().cloned().expect("it is an object")
}

/// What is wrong with this sample of a start under this preset.
pub(super) fn start_disagreement(preset: &Preset, sample: &Map<String, Value>) -> Option<String> {
    let differs = |what: &str, found: Value, expected: Value| {
        (found != expected).then(|| format!("{what} should be {expected}, but it is {found}"))
    };
    let expected = |key: &str| sample.get(key).cloned().unwrap_or_default();
    if sample.contains_key("typed") {
        return differs("the path", json!(preset.path(text(sample, "typed"))), expected("path"));
    }
    if sample.contains_key("fits") {
        let fits = preset.is_location(text(sample, "location"));
        return differs("that it looks like an operation's", json!(fits), expected("fits"));
    }
    if sample.contains_key("location") {
        let other = preset.other_spelling(text(sample, "location"));
        return differs("the other spelling", json!(other), expected("other"));
    }
    let started = started(sample);
    let handle = preset.handle(&started);
    if expected("done") == json!(true) {
        let is_done = matches!(started.answered.status, 200 | 201 | 204);
        return (!is_done || handle.is_some()).then(|| format!("it should be done at once, but: {handle:?}"));
    }
    let by = handle.as_ref().map(|(_, by)| by.name().to_owned());
    let location = handle.map(|(location, _)| location);
    let other = sample.get("preset").map(|other| differs("the judge", json!(by), other.clone()));
    differs("the location", json!(location), expected("accepted")).or(other.flatten())
}
