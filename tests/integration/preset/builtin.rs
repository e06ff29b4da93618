//! Every preset that is built in says of every sample of its API what the sample says, and nothing in it could be left
//! out unnoticed.
//! How a preset comes to a verdict is not known here.

use std::collections::BTreeSet;

use lro::preset::{Definition, Preset};
use toml::{Table, Value};

use super::sample::{disagreement, files, samples, start_disagreement};

/// Of these no sample can tell: they go by what is asked, not by what is answered.
const NOT_JUDGED: [&str; 7] = ["title", "source", "auth", "service", "method", "data", "headers"];

fn builtins() -> impl Iterator<Item = Preset> {
    Preset::builtin_names().map(|name| Preset::builtin(name).expect("it is built in"))
}

/// All that is wrong with the samples of this preset.
fn disagreements(preset: &Preset) -> Vec<String> {
    let name = preset.name();
    let answers = samples(name).into_iter().map(|sample| (disagreement(preset, &sample), sample));
    let starts = samples(&format!("{name}.start"));
    let starts = starts.into_iter().map(|sample| (start_disagreement(preset, &sample), sample));
    answers
        .chain(starts)
        .filter_map(|(wrong, sample)| wrong.map(|wrong| format!("{name}: {}: {wrong}", sample["name"])))
        .collect()
}

#[track_caller]
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_sample_is_judged_as_it_says() {
    let wrong: Vec<_> = builtins().flat_map(|preset| disagreements(&preset)).collect();
    assert_none(&wrong);
}

#[test]
fn every_preset_has_samples_and_every_sample_has_a_preset() {
    let starts =
        |preset: &Preset| !preset.definition().handle.is_empty() || preset.definition().reference.is_some();
    let needed = builtins().flat_map(|preset| {
        let start = starts(&preset).then(|| format!("{}.start", preset.name()));
        [Some(preset.name().to_owned()), start].into_iter().flatten()
    });
    let needed: BTreeSet<_> = needed.collect();
    assert_eq!(needed, files().into_iter().collect());
    for file in &needed {
        let names: Vec<_> = samples(file).iter().map(|sample| sample["name"].to_string()).collect();
        let unique: BTreeSet<_> = names.iter().collect();
        assert_eq!(names.len(), unique.len(), "{file}: two samples have one name");
        assert!(!names.is_empty(), "{file}: no samples");
    }
}

#[test]
fn every_preset_is_seen_to_wait_to_succeed_and_to_refuse() {
    for name in Preset::builtin_names() {
        let verdicts: BTreeSet<_> = samples(name)
            .iter()
            .map(|sample| sample["verdict"].as_str().unwrap_or_default().to_owned())
            .collect();
        for verdict in ["pending", "succeeded", "error"] {
            assert!(verdicts.contains(verdict), "{name}: no sample is {verdict}");
        }
    }
}

#[test]
fn no_page_no_empty_object_and_no_null_ever_succeeds_by_a_body() {
    let bodies =
        ["<html>", "", "null", "{}", "[]", "\"success\"", "true", "1", "{\"status\":null,\"state\":null}"];
    for preset in builtins() {
        // A monitor hands on whatever the call itself would have answered.
        let hands_on = preset.definition().http.done.contains(&200);
        for body in bodies.iter().filter(|body| !hands_on || **body == "<html>") {
            let answered = lro::preset::Answered::new(200, *body);
            let judge = preset.picked(&answered).ok().flatten().unwrap_or_else(|| preset.clone());
            let judged = judge.judge(&answered, None);
            assert!(judged.is_err(), "{}: {body} is {judged:?}", preset.name());
        }
    }
}

/// The same file with one thing less, each with the name of that thing: a key, or one item of a list.
fn with_less(table: &Table) -> Vec<(String, Table)> {
    let mut all = Vec::new();
    for (key, value) in table {
        let mut push = |what: String, value: Option<Value>| {
            let mut less = table.clone();
            match value {
                Some(value) => drop(less.insert(key.clone(), value)),
                None => drop(less.remove(key)),
            }
            all.push((what, less));
        };
        match value {
            Value::Table(inner) => {
                for (what, less) in with_less(inner) {
                    push(format!("{key}.{what}"), Some(less.into()));
                }
            }
            Value::Array(items) if items.len() > 1 => {
                for i in 0..items.len() {
                    let mut left = items.clone();
                    left.remove(i);
                    push(format!("item {i} of `{key}`"), Some(left.into()));
                }
            }
            _ => push(format!("`{key}`"), None),
        }
    }
    all
}

#[test]
fn nothing_in_a_preset_could_be_left_out_unnoticed() {
    let mut unnoticed = Vec::new();
    for preset in builtins() {
        let table: Table = preset.text().expect("it is a file").parse().expect("it is TOML");
        let (kept, judged): (Table, Table) =
            table.into_iter().partition(|(key, _)| NOT_JUDGED.contains(&key.as_str()));
        for (what, less) in with_less(&judged) {
            let all = kept.clone().into_iter().chain(less).collect::<Table>();
            let definition: Definition = all.try_into().expect("its keys are known");
            let Ok(less) = Preset::new(preset.name(), definition) else { continue };
            if disagreements(&less).is_empty() {
                unnoticed
                    .push(format!("{}: without {what} no sample would be judged otherwise", preset.name()));
            }
        }
    }
    assert_none(&unnoticed);
}
