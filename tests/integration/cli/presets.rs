//! The presets as a person meets them: listed, printed, checked, and explained; and which one a wait goes by.
//! What each of them makes of an answer is proved beside the library.

mod asked;
mod explained;

use lro::preset::Preset;
use serde_json::Value;

use super::auth::Machine;
use crate::support::command::{lro, run, run_with_input};

/// Where the user's own presets are.
const FOLDER: &str = "home/.config/lro/presets";

/// A preset of the user's own.
const MINE: &str =
    "title = \"Mine\u{202e}\"  # really\nstate = \"s\"\nsuccess = [\"OK\"]\nfailure = [\"KO\"]\n";

/// A machine with three of them, of which two are of no use.
fn machine(test: &str) -> Machine {
    let path = |name: &str| format!("{FOLDER}/{name}.toml");
    let broken = "title = 'Broken'\nstate = 's'\nsuccess = ['OK', 'ko']\nfailure = ['KO']\n";
    Machine::new(test, &[(&path("mine"), MINE), (&path("broken"), broken), (&path("otc-job"), MINE)])
}

#[tokio::test]
async fn the_list_has_those_that_are_built_in_and_then_ones_own() {
    let machine = machine("presets-list");
    let ended = run(&mut machine.lro(&["presets"])).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let text = machine.here(&ended.stdout);
    let lines: Vec<_> = text.lines().collect();
    let built_in = Preset::builtin_names().count();
    assert_eq!(lines.len(), built_in + 3);
    for (line, name) in lines.iter().zip(Preset::builtin_names()) {
        let title = Preset::builtin(name).unwrap().definition().title.clone();
        assert_eq!(*line, format!("{name:<24}  {title}"));
    }
    let own = [
        "broken                    cannot be used: line 3: `success`: `ko` overlaps with `KO` in `failure` \
         (HERE/home/.config/lro/presets/broken.toml)",
        "mine                      Mine (HERE/home/.config/lro/presets/mine.toml)",
        "otc-job                   cannot be used: its name is that of one that is built in: rename it, or give it \
         with --preset-file (HERE/home/.config/lro/presets/otc-job.toml)",
    ];
    assert_eq!(lines[built_in..], own);
}

#[tokio::test]
async fn the_list_is_json_too() {
    let machine = machine("presets-json");
    let ended = run(&mut machine.lro(&["presets", "-o", "json"])).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    assert!(ended.stdout.starts_with(r#"{"schema":1,"presets":[{"name":"airflow-dagrun","title":"#));
    let list: Value = serde_json::from_str(&ended.stdout).unwrap();
    let presets = list["presets"].as_array().unwrap();
    let named = |name: &str| presets.iter().filter(|preset| preset["name"] == name).collect::<Vec<_>>();
    let plas = named("otc-plas")[0];
    assert_eq!(plas["reference"], "CONNECTOR_ID/OPERATION_ID");
    assert!(plas["source"].as_str().unwrap().starts_with("https://"));
    assert_eq!((&plas["path"], &plas["error"], plas.get("text")), (&Value::Null, &Value::Null, None));
    let broken = named("broken")[0];
    assert_eq!(broken["error"], "line 3: `success`: `ko` overlaps with `KO` in `failure`");
    assert_eq!(broken["title"], Value::Null);
    assert!(broken["path"].as_str().unwrap().ends_with("presets/broken.toml"));
    assert_eq!(named("otc-job").len(), 2);
    let ended = run(&mut machine.lro(&["presets", "mine", "-o", "json"])).await;
    let list: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(list["presets"][0]["text"], MINE);
    assert!(list["presets"][0]["path"].as_str().unwrap().ends_with("presets/mine.toml"));
}

#[tokio::test]
async fn a_preset_is_printed_as_it_stands_in_its_file() {
    let machine = machine("presets-print");
    for name in ["otc-plas", "openstack-heat"] {
        let ended = run(&mut machine.lro(&["presets", name])).await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
        assert_eq!(Some(&*ended.stdout), Preset::builtin(name).unwrap().text());
        // So a copy is one that can be used.
        let checked = run_with_input(&mut lro(&["presets", "--check", "-"]), &ended.stdout).await;
        assert_eq!(checked.code, Some(0), "{}", checked.stderr);
    }
    assert_eq!(run(&mut machine.lro(&["presets", "mine"])).await.stdout, MINE);
    for (name, told) in [
        ("otc-jbo", "error: there is no preset `otc-jbo`\n  hint: perhaps otc-job"),
        ("min", "hint: perhaps mine"),
        ("broken", "caused by: line 3: `success`: `ko` overlaps"),
        ("otc-job", "hint: rename the file, or give it with --preset-file"),
    ] {
        let ended = run(&mut machine.lro(&["presets", name])).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{name}");
        assert!(ended.stderr.contains(told), "{name}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn a_file_is_checked_with_line_and_reason() {
    let machine = machine("presets-check");
    for (file, code, told) in [
        ("mine", 0, "ok: `HERE/home/.config/lro/presets/mine.toml` can be used as a preset: Mine\n"),
        (
            "otc-job",
            0,
            "\n`otc-job` is built in too, so it is only for --preset-file, or under another name\n",
        ),
        ("broken", 2, "presets/broken.toml` cannot be used\n  caused by: line 3: `success`: `ko` overlaps"),
        ("nothing", 2, "presets/nothing.toml` cannot be read\n  caused by: No such file"),
    ] {
        let path = machine.path(&format!("{FOLDER}/{file}.toml"));
        let ended = run(&mut machine.lro(&["presets", "--check", &path])).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(code), ""), "{file}: {}", ended.stderr);
        let stderr = machine.here(&ended.stderr);
        assert!(stderr.contains(told), "{file}: {stderr}");
    }
    for (text, code, told) in [
        (MINE, 0, "ok: what is on standard input can be used as a preset: Mine\n"),
        ("title = 'T'\n\nstat = 's'\n", 2, "caused by: line 3: unknown field `stat`"),
        ("title = 'T'\nsuccess_when = '!a.b'\n", 2, "caused by: line 2: `success_when`: `!` binds tighter"),
        ("title = 'T'\nsuccess_when = '!a.b'\n", 2, "  hint: write !(a.b)\n"),
        ("title = 'T'\nstate = 's'\n", 2, "caused by: line 1: there is no way to end well"),
        (&"#".repeat(1024 * 1024 + 1), 2, "caused by: it is longer than 1 MiB"),
    ] {
        let ended = run_with_input(&mut lro(&["presets", "--check", "-"]), text).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(code), ""), "{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{told}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn what_has_no_meaning_together_is_refused() {
    for (args, told) in [
        (
            &["--state", "s"][..],
            "--state describes an API, and here is nothing to judge by it\n  hint: lro presets --explain",
        ),
        (&["--preset", "otc-job"], "--preset describes an API"),
        (&["otc-job", "--preset-file", "x"], "cannot be used with"),
        (&["--explain", "otc-job", "--preset", "otc-plas"], "cannot be used with"),
        (&["--check", "x", "--explain"], "cannot be used with"),
        (&["--check", "x", "otc-job"], "cannot be used with"),
        (&["--check", "x", "--until-gone"], "--until-gone describes an API"),
        (&["--status", "200"], "--explain"),
        (&["--explain", "--status", "100"], "100 is not in 200..=599"),
    ] {
        let ended = run(lro(&["presets"]).args(args)).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(ended.stderr.contains(told), "{args:?}: {}", ended.stderr);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_that_nobody_writes_into_is_told_of() {
    use crate::support::command::{ended, shell, within};
    use tokio::io::{AsyncBufReadExt, BufReader};

    let pipe = format!("{}/a-pipe-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    assert_eq!(run(&mut shell(&format!("mkfifo '{pipe}'"))).await.code, Some(0));
    let header = format!("@{pipe}");
    for args in [
        &["presets", "--check", &pipe][..],
        &["wait", "http://127.0.0.1:9/x", "--preset-file", &pipe],
        &["wait", "http://127.0.0.1:9/x", "--until-gone", "-H", &header],
        &["submit", "POST", "http://127.0.0.1:9/x", "--json", &header],
    ] {
        let mut child = lro(args).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        let told = within(stderr.next_line()).await.unwrap().expect("a line");
        assert_eq!(told, format!("reading `{pipe}`"));
        assert_eq!(run(&mut shell(&format!("echo = > '{pipe}'"))).await.code, Some(0));
        assert_eq!(ended(child).await.code, Some(2), "{args:?}");
    }
    std::fs::remove_file(&pipe).unwrap();
    // What a shell writes as <(…) is such a pipe.
    let ended = run(&mut shell("lro presets http-202 | lro presets --check /dev/fd/0")).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(!ended.stderr.contains("reading"), "{}", ended.stderr);
}

#[tokio::test]
async fn of_a_long_title_the_beginning_is_told() {
    let preset = format!("title = '{}'\nstate = 's'\nsuccess = ['OK']\n", "x".repeat(500_000));
    let ended = run_with_input(&mut lro(&["presets", "--check", "-"]), &preset).await;
    assert_eq!(ended.code, Some(0), "{}", &ended.stderr[..200]);
    assert!(ended.stderr.ends_with("xxx…\n") && ended.stderr.len() < 1000, "{}", ended.stderr.len());
}
