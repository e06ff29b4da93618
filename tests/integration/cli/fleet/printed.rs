//! What a program reads of several operations, and what runs after them.

use std::os::unix::process::ExitStatusExt;
use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

use super::{SOON, at, count, lines, server, typed, wait};
use crate::support::command::{run, status, within};

fn parsed(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

#[tokio::test]
async fn text_is_a_line_each_in_the_order_given() {
    let server = server().await;
    let ended = wait(&server, &["late1", "failed1", "ok1"], &[]).await;
    assert_eq!(lines(&ended), ["c/late1|succeeded", "c/failed1|failed|no free line", "c/ok1|succeeded"]);
}

#[tokio::test]
async fn json_is_one_document_with_each_in_the_order_given() {
    let server = server().await;
    let ended = wait(&server, &["late1", "failed1", "broken1"], &["-o", "json", "--max-errors", "1"]).await;
    assert_eq!(ended.stdout.lines().count(), 1, "{}", ended.stdout);
    let document = parsed(&ended.stdout).remove(0);
    assert_eq!((&document["schema"], &document["outcome"]), (&json!(1), &json!("failed")));
    let elapsed = document["elapsed_ms"].as_u64().expect("a number");
    let operations = document["operations"].as_array().expect("a list");
    let told = |one: &Value| {
        assert!(one["elapsed_ms"].as_u64().expect("a number") <= elapsed, "{document}");
        json!([one["id"], one["outcome"], one["state"], one["reason"], one["polls"], one["transient_errors"]])
    };
    assert_eq!(
        operations.iter().map(told).collect::<Vec<_>>(),
        [
            json!(["c/late1", "succeeded", "succeeded", null, 2, 0]),
            json!(["c/failed1", "failed", "failed", "no free line", 1, 0]),
            json!(["c/broken1", "error", null, null, 1, 1]),
        ]
    );
    assert_eq!(operations[0]["url"], super::url(&server, "late1"));
    assert_eq!(operations[1]["answer"]["result"]["reason"], "no free line");
}

#[tokio::test]
async fn jsonl_is_a_line_for_each_event_an_end_for_each_operation_and_last_how_many_ended_how() {
    let server = server().await;
    let ended = wait(&server, &["late1", "failed1", "ok1"], &["-o", "jsonl"]).await;
    assert_eq!(ended.code, Some(1));
    let events = parsed(&ended.stdout);
    let mut last = 0;
    for event in &events {
        assert_eq!(event["schema"], 1, "{event}");
        let time = event["time"].as_str().expect("a time");
        assert!(time.len() == "2026-01-01T00:00:00.000Z".len() && time.ends_with('Z'), "{event}");
        assert!(event["event"].is_string() && event.get("id").is_some(), "{event}");
        let elapsed = event["elapsed_ms"].as_u64().expect("a number");
        assert!(elapsed >= last, "time does not run backwards: {event}");
        last = elapsed;
    }
    let of = |id: &str| -> Vec<_> {
        events
            .iter()
            .filter(|event| event["id"] == id)
            .map(|event| event["event"].as_str().unwrap())
            .collect()
    };
    let all = ["started", "polling", "answered", "sleeping", "polling", "answered", "ended"];
    assert_eq!(of("c/late1"), all);
    assert_eq!(of("c/failed1"), ["started", "polling", "answered", "ended"]);
    assert_eq!(of("c/ok1"), ["started", "polling", "answered", "ended"]);
    let end = events.iter().find(|event| event["id"] == "c/failed1" && event["event"] == "ended").unwrap();
    let operation = &end["operation"];
    assert_eq!(
        json!([operation["id"], operation["outcome"], operation["state"], operation["polls"]]),
        json!(["c/failed1", "failed", "failed", 1])
    );
    let finished = events.last().unwrap();
    assert_eq!(finished["event"], "finished");
    assert_eq!(finished["outcome"], "failed");
    assert_eq!(finished["counts"], json!({"succeeded": 2, "failed": 1}));
}

#[tokio::test]
async fn events_are_told_while_the_wait_goes_on() {
    let server = server().await;
    let mut command = at(&server, "wait");
    command.args(typed(&["pending1", "ok1"])).args(["-o", "jsonl", "--heartbeat", "300ms"]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut missing = vec![
        (json!("c/pending1"), json!("answered")),
        (json!("c/ok1"), json!("ended")),
        (json!(null), json!("still_waiting")),
    ];
    // All of it, because every poll is a line.
    within(async {
        while !missing.is_empty() {
            let line = told.next_line().await.unwrap().expect("the wait goes on");
            let event: Value = serde_json::from_str(&line).unwrap();
            missing.retain(|(id, name)| (id, name) != (&event["id"], &event["event"]));
        }
    })
    .await;
    assert_eq!(child.try_wait().unwrap(), None);
}

#[tokio::test]
async fn none_prints_nothing_and_a_result_is_for_one() {
    let server = server().await;
    let ended = wait(&server, &["ok1", "failed1"], &["-o", "none"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(1), ""));
    let before = server.hits().len();
    let ended = wait(&server, &["ok1", "ok2"], &["-o", "result"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""));
    assert!(
        ended.stderr.ends_with(
            "error: -o result is for one operation\n  hint: give -o json or -o jsonl: they tell the result of each\n"
        ),
        "{}",
        ended.stderr
    );
    assert_eq!(server.hits().len(), before, "nothing is sent");
}

#[tokio::test]
async fn whoever_says_where_the_result_is_gets_the_document_with_each() {
    let server = server().await;
    let args =
        ["--success", "success", "--failure", "failed", "--state", "result.result", "--result", "result"];
    for names in [["ok1", "ok2"], ["ok1", "failed1"]] {
        let names = names.map(|name| super::url(&server, name));
        let ended = run(at(&server, "wait").args(names).args(args).args(SOON)).await;
        let document = parsed(&ended.stdout).remove(0);
        assert_eq!(document["operations"][0]["result"], json!({"result": "success"}), "{document}");
        let other = &document["operations"][1];
        let is_success = other["outcome"] == "succeeded";
        assert_eq!(other["result"].is_null(), !is_success, "{document}");
    }
}

#[tokio::test]
async fn a_reader_of_events_that_goes_away_ends_the_wait_quietly() {
    let server = server().await;
    let mut command = at(&server, "wait");
    command.args(typed(&["pending1", "pending2"])).args(["-o", "jsonl", "--progress", "none"]);
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    assert_eq!(status(&mut child).await.signal(), Some(13));
    assert_eq!(within(stderr.next_line()).await.unwrap(), None);
}

#[tokio::test]
async fn the_command_runs_once_after_the_success_of_all_and_standard_output_is_its_own() {
    let server = server().await;
    let command = ["--", "sh", "-c", "echo ran; exit 7"];
    let ended = wait(&server, &["ok1", "late1"], &command).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(7), "ran\n"), "{}", ended.stderr);
    let ended = wait(&server, &["ok1", "ok2"], &[&["-o", "text"][..], &command].concat()).await;
    let told: Vec<&str> = ended.stdout.lines().collect();
    assert!(told.len() == 3 && told[0].starts_with("c/ok1\tsucceeded\t") && told[2] == "ran", "{told:?}");
    let ended = wait(&server, &["ok1", "failed1"], &command).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(lines(&ended), ["c/ok1|succeeded", "c/failed1|failed|no free line"]);
    let ended = wait(&server, &["pending1", "ok1"], &[&["--any"][..], &command].concat()).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (Some(7), "ran\n"), "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, "1 operation goes on without lro"), 1, "{}", ended.stderr);
}
