//! What a newcomer tries first does what is said of it: the simulator, a preset of one's own, the examples.

mod recipes;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::support::command::{lro, run, within};

const PAGE: &str = include_str!("../../../docs/any-api.md");

#[tokio::test]
async fn the_simulator_tells_its_address_and_serves_there() {
    let mut child = lro(&["simulate", "--token", "t", "--seed", "1"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = within(lines.next_line()).await.unwrap().expect("an address");
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let refused = run(&mut lro(&["status", "--endpoint", &url, "a/b"])).await;
    assert_eq!(refused.code, Some(4), "{}", refused.stderr);
    let unknown = run(lro(&["status", "--endpoint", &url, "a/b"]).env("LRO_TOKEN", "t")).await;
    assert_eq!(unknown.code, Some(5), "{}", unknown.stderr);
}

#[tokio::test]
async fn the_faults_of_the_simulator_are_those_that_are_named() {
    let mut child = lro(&["simulate", "--fault-rate", "1", "--fault", "429,502"]).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = within(lines.next_line()).await.unwrap().expect("an address");
    let mut seen = std::collections::BTreeSet::new();
    // That one of them does not come in so many is one chance in a million.
    for _ in 0..20 {
        let refused = run(&mut lro(&["status", "--endpoint", &url, "a/b"])).await;
        let status = refused.stderr.split("HTTP ").nth(1).and_then(|rest| rest.split(' ').next());
        seen.insert(status.unwrap_or(&refused.stderr).to_owned());
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["429", "502"]);
}

#[tokio::test]
async fn what_the_simulator_cannot_do_is_told() {
    for (args, told) in [
        (&["--fault-rate", "1.5"][..], "is 1.5, but must be from 0 to 1"),
        (&["--spread", "-0.1"], "is -0.1, but must be from 0 to 1"),
        (&["--duration", "0"], "it must be longer than 0"),
        (&["--listen", "nowhere"], "invalid socket address"),
        (&["--listen", "192.0.2.1:80"], "cannot listen on 192.0.2.1:80"),
        (&["--outcome", "maybe"], "possible values: success, failed, random"),
        (&["--fault", "reset,flood"], "invalid value 'flood' for '--fault <KIND>'"),
    ] {
        let ended = run(lro(&["simulate"]).args(args)).await;
        assert_eq!(ended.code, Some(2), "{args:?}\n{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{args:?}: {told}\n{}", ended.stderr);
    }
}

/// The folder in which cargo puts the examples, which it builds for a run of the tests.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_BIN_EXE_lro")).with_file_name("examples")
}

#[test]
fn the_preset_of_the_book_can_be_used() {
    let (_, preset) = PAGE.split_once("```toml\n").expect("the page has a preset");
    let (preset, _) = preset.split_once("```").expect("a block ends");
    let preset = lro::preset::Preset::from_toml("page", preset).unwrap();
    let answered =
        lro::preset::Answered::new(200, r#"{"export_id": 7, "status": "READY", "download_url": "/x"}"#);
    assert_eq!(preset.judge(&answered, None).unwrap().verdict, lro::Verdict::Succeeded);
    assert_eq!(preset.path("7").as_deref(), Some("/v2/exports/7"));
}

#[tokio::test]
async fn each_example_does_what_it_says() {
    let mut running = tokio::task::JoinSet::new();
    for (name, told) in [
        ("wait", "succeeded after "),
        ("progress", "succeeded of Some(Create)"),
        ("fleet", "21 of 21 succeeded"),
        ("stream", "done: "),
        ("preset", "create succeeded after "),
        ("closure", "the file is there: 10 bytes"),
        ("cancel", "dropped: true"),
    ] {
        running.spawn(async move {
            let mut command = Command::new(examples().join(name));
            let ended = run(command.stdout(Stdio::piped()).stderr(Stdio::piped())).await;
            assert_eq!(ended.code, Some(0), "{name}: {}", ended.stderr);
            let last = ended.stdout.lines().last().unwrap_or_default();
            assert!(last.starts_with(told), "{name}: {}", ended.stdout);
        });
    }
    assert_eq!(running.join_all().await.len(), 7);
}
