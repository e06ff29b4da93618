//! `lro config show` tells each flag of each verb, its value, and where that is from.

use std::collections::BTreeSet;

use super::{columns, lro, machine};
use crate::cli::Machine;
use crate::support::command::run;

const CONFIG: &str = "timeout = '1h'\nheader = ['X-Team: infra']\n\n[profile.ci]\nquiet = true\ntimeout = '10m'\n\
                      endpoint = 'https://plas.example'\ntoken-command = 'vault read s3cret'\n";

#[tokio::test]
async fn each_value_is_told_with_where_it_is_from() {
    let machine = machine("config-shown", CONFIG);
    let args = ["config", "show", "wait", "--interval", "2s", "-v", "--profile", "ci"];
    let ended = run(lro(&machine, &args).env("LRO_POLL_TIMEOUT", "5s").env("LRO_TIMEOTU", "1h")).await;
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
    let told = machine.here(&ended.stdout);
    let file = "HERE/xdg/lro/config.toml";
    for line in [
        "verb lro wait".to_owned(),
        "profile ci (--profile)".to_owned(),
        format!("file {file}"),
        format!("timeout 10m profile `ci` in {file}:6"),
        format!("header X-Team: … {file}:2"),
        format!("endpoint https://plas.example profile `ci` in {file}:7"),
        format!("token-command vault … profile `ci` in {file}:8"),
        "interval 2s flag".to_owned(),
        "verbose true flag".to_owned(),
        "poll-timeout 5s variable LRO_POLL_TIMEOUT".to_owned(),
        "max-interval - default".to_owned(),
        "heartbeat 1m default".to_owned(),
        "Not used:".to_owned(),
        format!("  quiet of the profile `ci` in {file}:5 gives way to --verbose"),
        "Of no flag:".to_owned(),
        "  the variable LRO_TIMEOTU: perhaps LRO_TIMEOUT\n".to_owned(),
    ] {
        assert!(
            told.split_inclusive('\n')
                .any(|told| told.starts_with(&line) || columns(told).starts_with(&line)),
            "{line}\n{told}"
        );
    }
    assert!(!told.contains("s3cret") && !told.contains("infra"), "{told}");
}

#[tokio::test]
async fn the_document_has_the_same_for_a_program() {
    let machine = machine("config-document", CONFIG);
    for args in [
        &["config", "show", "-o", "json", "wait", "--interval", "2s"][..],
        &["config", "show", "wait", "--interval", "2s", "-o", "json"],
        &["config", "show", "--interval", "2s", "--output=json"],
    ] {
        let variables = [("LRO_PROFILE", "ci"), ("LRO_OUTPUT", "jsonl"), ("LRO_VERBOSE", "on")];
        let ended = run(lro(&machine, args).envs(variables)).await;
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{args:?}");
        let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("a document");
        assert_eq!(document["schema"], 1);
        assert_eq!((&document["verb"], &document["profile"]), (&"wait".into(), &"ci".into()));
        assert_eq!((&document["profile_from"], &document["file_found"]), (&"variable".into(), &true.into()));
        let file = machine.path("xdg/lro/config.toml");
        assert_eq!(document["file"], *file);
        let setting = |flag: &str| {
            let settings = document["settings"].as_array().expect("a list");
            settings.iter().find(|setting| setting["flag"] == flag).expect(flag).clone()
        };
        let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
        for (flag, expected) in [
            (
                "--timeout",
                format!(
                    r#"{{"flag": "--timeout", "variable": "LRO_TIMEOUT", "value": "10m", "from": "profile",
                "profile": "ci", "file": "{file}", "line": 6}}"#
                ),
            ),
            (
                "--header",
                format!(
                    r#"{{"flag": "--header", "variable": "LRO_HEADER", "value": ["X-Team: …"], "from": "file",
                "profile": null, "file": "{file}", "line": 2}}"#
                ),
            ),
            (
                "--interval",
                r#"{"flag": "--interval", "variable": "LRO_INTERVAL", "value": "2s", "from": "flag",
                "profile": null, "file": null, "line": null}"#
                    .to_owned(),
            ),
            (
                "--output",
                r#"{"flag": "--output", "variable": "LRO_OUTPUT", "value": "jsonl", "from": "variable",
                "profile": null, "file": null, "line": null}"#
                    .to_owned(),
            ),
            (
                "--quiet",
                r#"{"flag": "--quiet", "variable": "LRO_QUIET", "value": false, "from": "default",
                "profile": null, "file": null, "line": null}"#
                    .to_owned(),
            ),
            (
                "--rate",
                r#"{"flag": "--rate", "variable": "LRO_RATE", "value": null, "from": "default",
                "profile": null, "file": null, "line": null}"#
                    .to_owned(),
            ),
        ] {
            assert_eq!(setting(flag), json(&expected), "{args:?}");
        }
        let passed = format!(
            r#"[{{"flag": "--quiet", "value": true, "from": "profile", "profile": "ci", "file": "{file}", "line": 5,
                "gives_way_to": "--verbose of the variable LRO_VERBOSE"}}]"#
        );
        assert_eq!(document["not_used"], json(&passed), "{args:?}");
    }
}

#[tokio::test]
async fn the_file_in_the_guide_can_be_used() {
    let guide = include_str!("../../../../docs/configuration.md");
    let config = guide.split("```toml\n").nth(1).and_then(|text| text.split("```").next()).expect("a file");
    let machine = machine("config-guide", config);
    for (profile, told) in [
        (None, "os-cloud otc"),
        (Some("gitlab"), "token-command glab …"),
        (Some("reports"), "success ready"),
        (Some(""), "heartbeat 5m"),
    ] {
        let mut command = lro(&machine, &["config", "show"]);
        let ended = run(command.args(profile.map(|name| ["--profile", name]).iter().flatten())).await;
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""), "{profile:?}");
        assert!(ended.stdout.lines().any(|line| columns(line).starts_with(told)), "{told}\n{}", ended.stdout);
        assert!(!ended.stdout.contains("Not used"), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn the_table_in_the_guide_is_what_is_told() {
    let guide = include_str!("../../../../docs/configuration.md");
    let config = guide.split("```toml\n").nth(1).and_then(|text| text.split("```").next()).expect("a file");
    let machine = machine("config-table", config);
    let (_, printed) = guide.split_once("$ LRO_POLL_TIMEOUT=5s lro ").expect("a call");
    let (call, table) = printed.split_once('\n').expect("what it prints");
    let table = table.split("\n```").next().expect("an end of it");
    let args: Vec<&str> = call.split(' ').collect();
    let ended = run(lro(&machine, &args).env("LRO_POLL_TIMEOUT", "5s")).await;
    assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
    let told = machine.here(&ended.stdout).replace("HERE/xdg", "/home/alice/.config");
    let mut told = told.lines().map(columns);
    for line in table.lines().filter(|line| *line != "…") {
        assert!(told.any(|told| told == columns(line)), "{line}\n{}", ended.stdout);
    }
}

#[tokio::test]
async fn that_there_is_no_file_is_told_with_where_it_was_looked_for() {
    let machine = Machine::new("config-none", &[]);
    for (variable, value, file, found) in [
        ("XDG_CONFIG_HOME", machine.path("xdg"), Some(machine.path("xdg/lro/config.toml")), false),
        ("XDG_CONFIG_HOME", "relative".to_owned(), Some(machine.path("home/.config/lro/config.toml")), false),
        ("LRO_CONFIG", String::new(), None, false),
        ("LRO_CONFIG", "/dev/null".to_owned(), Some("/dev/null".to_owned()), true),
    ] {
        let run =
            async |args: &[&str]| run(machine.lro(args).env_remove("LRO_CONFIG").env(variable, &value)).await;
        let ended = run(&["config", "show", "-o", "json"]).await;
        let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("a document");
        assert_eq!((&document["file"], &document["file_found"]), (&serde_json::json!(file), &found.into()));
        let ended = run(&["config", "show"]).await;
        let line = ended.stdout.lines().find_map(|line| line.strip_prefix("file     ")).expect("a line");
        assert_eq!(line.contains("which is not there"), !found && file.is_some(), "{line}");
        assert!(line.starts_with(file.as_deref().unwrap_or("none (the variable LRO_CONFIG)")), "{line}");
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
    }
}

#[tokio::test]
async fn whether_there_is_a_file_is_told_also_when_something_else_is_wrong() {
    let machine = machine("config-found", "timeout = '1h'\n");
    let (broken, none) = (machine.path("broken.toml"), machine.path("none.toml"));
    std::fs::write(&broken, "what = is").expect("a file");
    super::own(&broken, 0o600);
    for (variables, is_there) in [
        (&[("LRO_PROFILE", "x")][..], true),
        (&[("LRO_PROFILE", "x"), ("XDG_CONFIG_HOME", &none)], false),
        (&[("LRO_CONFIG", &none)], false),
        (&[("LRO_CONFIG", &broken)], true),
    ] {
        let ended =
            run(lro(&machine, &["config", "show", "-o", "json"]).envs(variables.iter().copied())).await;
        let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("a document");
        assert_eq!((ended.code, &document["file_found"]), (Some(2), &is_there.into()), "{variables:?}");
        let ended = run(lro(&machine, &["config", "show"]).envs(variables.iter().copied())).await;
        assert_eq!(ended.stdout.contains(", which is not there"), !is_there, "{}", ended.stdout);
    }
}

#[tokio::test]
async fn what_would_steer_a_terminal_is_told_as_what_it_is() {
    let config = "[profile.\"x\\u009b2J\\u202e\"]\nheader = 'X: 1'\nstate = \"\\u001b]0;a\\u0007\"\n";
    let machine = machine("config-hostile", config);
    for form in ["text", "json"] {
        let args = ["config", "show", "-o", form, "--profile", "x\u{9b}2J\u{202e}"];
        let ended = run(&mut lro(&machine, &args)).await;
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
        assert!(ended.stdout.contains("2J"), "{:?}", ended.stdout);
        let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!ended.stdout.contains(steers), "{form} {:?}", ended.stdout);
    }
}

/// The names of what stands at the beginning of lines of a help: verbs, or flags.
fn listed(help: &str, heading: Option<&str>) -> BTreeSet<String> {
    let lines = help.lines();
    let lines: Vec<_> = match heading {
        Some(heading) => {
            lines.skip_while(|line| *line != heading).skip(1).take_while(|line| !line.is_empty()).collect()
        }
        None => lines.collect(),
    };
    let name = |line: &&str| {
        let line = line.strip_prefix("  ")?.trim_start();
        let long =
            line.split_once("--").filter(|(before, _)| before.len() < 5).map_or(line, |(_, long)| long);
        let is_flag = heading.is_some() || line.starts_with('-') && long != line;
        let is_part = |c: char| c.is_ascii_lowercase() || c == '-';
        Some(long.split(|c| !is_part(c)).next()?.to_owned()).filter(|name| is_flag && !name.is_empty())
    };
    lines.iter().filter_map(name).collect()
}

#[tokio::test]
async fn every_flag_of_every_verb_is_said_by_its_variable_and_told() {
    let machine = Machine::new("config-every", &[]);
    let help = run(&mut machine.lro(&["--help"])).await.stdout;
    let verbs = listed(&help, Some("Verbs:"));
    let is_settable = |verb: &&String| !["config", "help"].contains(&verb.as_str());
    let mut number = 0;
    for verb in verbs.iter().filter(is_settable) {
        let help = run(&mut machine.lro(&[verb, "--help"])).await.stdout;
        // Below that, flags are spoken of.
        let mut flags = listed(help.split("\nExamples:").next().expect("flags"), None);
        // A profile is chosen before it is read, and LRO_TOKEN says who asks.
        for other in ["help", "version", "profile", "token"] {
            flags.remove(other);
        }
        let mut command = machine.lro(&["config", "show", verb, "-o", "json"]);
        for flag in &flags {
            command.env(format!("LRO_{}", flag.to_uppercase().replace('-', "_")), "1");
        }
        let ended = run(&mut command).await;
        let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect("a document");
        let told = |list: &str| document[list].as_array().expect("a list").clone();
        let told: Vec<_> = told("settings")
            .into_iter()
            .filter(|row| row["from"] == "variable")
            .chain(told("not_used"))
            .collect();
        let told: BTreeSet<_> = told
            .iter()
            .map(|row| row["flag"].as_str().expect("a flag").trim_start_matches('-').to_owned())
            .collect();
        assert_eq!(told, flags, "{verb}");
        assert_eq!(document["unknown_variables"], serde_json::json!([]));
        number += flags.len();
    }
    assert!(number > 150 && verbs.len() > 8, "{number} {verbs:?}");
}
