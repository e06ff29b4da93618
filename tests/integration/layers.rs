//! The shape of the source: which way the arrows between its parts point, and which part alone knows what.
//! Nothing is run here; the files are read as text, without their comments, strings and tests.

mod code;
mod source;

use code::Name;
use source::File;

/// What is known in one place only, and where.
const HOMES: [(&str, &[&str]); 34] = [
    ("async_trait", &["cli/telemetry/otel/collector.rs"]),
    ("axum", &["simulator/"]),
    ("backoff", &["schedule/foreign.rs"]),
    ("backon", &["schedule/exponential.rs"]),
    ("base64", &["auth/carrier.rs"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("cookie_store", &["http/cookies.rs"]),
    ("futures_util", &["fleet/drive.rs"]),
    ("hmac", &["auth/access_key/signing.rs"]),
    ("httpdate", &["http/"]),
    ("humantime", &["cli/", "auth/clock.rs", "preset/hint.rs"]),
    ("hyper_util", &["http/forerunner.rs", "http/forerunner/"]),
    ("indicatif", &["cli/report/bar.rs", "cli/report/bar/"]),
    ("jmespath", &["preset/expression.rs", "preset/expression/"]),
    ("opentelemetry", &["cli/telemetry/otel.rs", "cli/telemetry/otel/event.rs"]),
    ("opentelemetry_http", &["cli/telemetry/otel/collector.rs"]),
    ("opentelemetry_otlp", &["cli/telemetry/otel.rs"]),
    ("opentelemetry_sdk", &["cli/telemetry/otel.rs"]),
    ("reqwest", &["http/"]),
    ("rustls", &["http/"]),
    ("serde_saphyr", &["auth/cloud/document.rs", "auth/cloud/problem.rs"]),
    ("sha2", &["auth/access_key/signing.rs"]),
    ("rustix", &["cli/settings/place.rs"]),
    ("signal_hook", &["cli/"]),
    ("slab", &["fleet/run.rs"]),
    ("strsim", &["cli/near.rs"]),
    ("toml", &["preset/", "cli/settings/file.rs"]),
    ("tower", &["http/builder.rs", "http/forerunner.rs"]),
    ("tracing_opentelemetry", &["cli/telemetry/otel.rs", "cli/telemetry/otel/event.rs"]),
    (
        "tracing_subscriber",
        &["cli/log.rs", "cli/telemetry.rs", "cli/telemetry/otel.rs", "cli/telemetry/otel/event.rs"],
    ),
    (
        "console",
        &["cli/log.rs", "cli/paint.rs", "cli/report/bar.rs", "cli/report/bar/", "cli/terminal/mod.rs"],
    ),
    // The simulator is a server, with a time of its own; the body of an error may be slower than it is worth; whoever
    // goes first has so much of a start; a token ends; and a collector is waited for only so long.
    (
        "tokio::time",
        &[
            "wait.rs",
            "wait/",
            "fleet/drive.rs",
            "fleet/run.rs",
            "simulator/",
            "http/body.rs",
            "http/forerunner.rs",
            "auth/clock.rs",
            "cli/telemetry/otel.rs",
            "cli/telemetry/otel/collector.rs",
        ],
    ),
];

/// What the parts of the library may name of each other. A part that is not here yet gets its line when it comes.
const ARROWS: [(&str, &[&str]); 13] = [
    // The core, from the bottom up: it knows no protocol and no API.
    ("operation", &[]),
    ("policy", &[]),
    ("schedule", &["operation", "policy"]),
    ("error", &["operation", "policy"]),
    ("event", &["error", "operation"]),
    ("machine", &["error", "operation", "policy", "schedule"]),
    ("wait", &["error", "event", "machine", "operation", "policy", "schedule"]),
    ("fleet", &["error", "event", "machine", "operation", "policy", "schedule", "wait"]),
    // What asks real servers meets the core at the seam alone.
    ("auth", &["http", "operation"]),
    ("http", &["auth", "operation", "preset"]),
    ("plas", &["auth", "http", "operation"]),
    ("preset", &["operation"]),
    // Whoever rehearses against the library's own idea of the API would rehearse nothing.
    ("simulator", &[]),
];

/// Where the command begins; everything else belongs to the library.
const COMMAND: [&str; 2] = ["main.rs", "cli/"];

fn is_in(file: &File, places: &[&str]) -> bool {
    places.iter().any(|place| file.path == *place || place.ends_with('/') && file.path.starts_with(place))
}

/// Fails with all that is wrong, each as a line that an editor can follow.
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

fn told(file: &File, name: &Name, what: &str) -> String {
    format!("src/{}:{}: `{}`: {what}", file.path, name.line, name.path)
}

#[test]
fn each_dependency_is_known_in_one_place() {
    let mut wrong = Vec::new();
    for file in source::files() {
        for name in &file.names {
            for (dependency, homes) in HOMES.iter().filter(|(dependency, _)| name.is_in(dependency)) {
                if !is_in(&file, homes) {
                    wrong.push(told(&file, name, &format!("{dependency} is for {} alone", homes.join(", "))));
                }
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn the_arrows_of_the_library_point_one_way() {
    let root = source::reexports();
    let mut wrong = Vec::new();
    for file in source::files().iter().filter(|file| file.path != "lib.rs" && !is_in(file, &COMMAND)) {
        let Some((part, allowed)) = ARROWS.iter().find(|(part, _)| *part == file.part()) else {
            wrong
                .push(format!("src/{}:1: nothing says what this part may name; say it in ARROWS", file.path));
            continue;
        };
        for name in &file.names {
            let Some(item) = name.path.strip_prefix("crate::") else { continue };
            let item = item.split("::").next().unwrap_or_default();
            // A name at the root of the crate is only another one for an item of a part.
            let target = root.get(item).map_or(item, String::as_str);
            if target != *part && !allowed.contains(&target) {
                wrong.push(told(
                    file,
                    name,
                    &format!("{part} names of the crate only itself and {allowed:?}"),
                ));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn the_command_sees_the_library_as_a_stranger_would() {
    let mut wrong = Vec::new();
    for file in source::files().iter().filter(|file| is_in(file, &COMMAND)) {
        for name in &file.names {
            if name.path.starts_with("crate::") && !name.is_in("crate::cli") {
                wrong.push(told(
                    file,
                    name,
                    "the command names its own files as crate::cli, and the library as lro",
                ));
            }
        }
    }
    for file in source::files().iter().filter(|file| !is_in(file, &COMMAND)) {
        for name in file.names.iter().filter(|name| name.is_in("crate::cli") || name.is_in("lro")) {
            wrong.push(told(file, name, "the library does not know the command, nor itself by name"));
        }
    }
    assert_none(&wrong);
}

#[test]
fn no_file_is_taken_for_another() {
    let mut wrong = Vec::new();
    for file in source::files() {
        for (number, line) in (1..).zip(file.code.lines()) {
            if line.contains("#[path") || line.contains("include!") {
                wrong.push(format!("src/{}:{number}: a module is where its name says", file.path));
            }
        }
    }
    assert_none(&wrong);
}

#[test]
fn the_root_of_the_library_defines_nothing_of_its_own() {
    let lib = source::files().into_iter().find(|file| file.path == "lib.rs").expect("a library");
    let mut wrong = Vec::new();
    let mut depth = 0_usize;
    let mut in_use = false;
    for (number, line) in (1..).zip(lib.code.lines()) {
        let text = line.trim();
        let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
        if depth == 0
            && !in_use
            && !text.is_empty()
            && !begins(&["#", "mod ", "pub mod ", "pub use ", "use "])
        {
            wrong.push(format!("src/lib.rs:{number}: `{text}`: here are only modules and re-exports"));
        }
        if depth == 0 && begins(&["mod ", "pub mod "]) && !text.ends_with(';') {
            wrong.push(format!("src/lib.rs:{number}: `{text}`: a module has a file of its own"));
        }
        in_use = (in_use || begins(&["pub use ", "use "])) && !text.ends_with(';');
        // Attributes may go over several lines.
        depth = (depth + text.matches('[').count()).saturating_sub(text.matches(']').count());
    }
    assert_none(&wrong);
}

#[test]
fn every_file_says_what_it_is_for() {
    let wrong: Vec<String> = source::all()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| format!("src/{path}:1: the first line says what this room is for: `//! …`"))
        .collect();
    assert_none(&wrong);
}
