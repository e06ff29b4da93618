//! What a program reads: the document, the events, and what happens when it cannot be written.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::support::command::{ended, lro, run, status, within};
use crate::support::server::{Reply, Server};
use crate::support::{PATH, PENDING, SUCCESS};

async fn server(replies: &[Reply]) -> (Server, String) {
    let server = Server::start(replies.to_vec()).await;
    let url = format!("{}{PATH}", server.url());
    (server, url)
}

/// The value with its times set to 0, which are never the same; that they are numbers is seen on the way.
fn without_times(mut value: Value) -> Value {
    fn clear(value: &mut Value) {
        match value {
            Value::Object(object) => {
                for (name, value) in object.iter_mut() {
                    if name == "elapsed_ms" || name == "latency_ms" {
                        assert!(value.is_u64(), "{name} is {value}");
                        *value = json!(0);
                    }
                    clear(value);
                }
            }
            Value::Array(list) => list.iter_mut().for_each(clear),
            _ => {}
        }
    }
    clear(&mut value);
    value
}

#[tokio::test]
async fn json_is_one_document_at_the_end() {
    let fault = Reply::json(503, r#"{"code":"x","message":"y"}"#);
    let failed = r#"{"finished":true, "result":{"result":"failed","reason":"no free line"},"more":"ä\n"}"#;
    let (_server, url) = server(&[fault, Reply::json(200, failed)]).await;
    let ended = run(&mut lro(&["wait", &url, "-o", "json", "-q"])).await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.stdout.lines().count(), 1);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert!(document["elapsed_ms"].as_u64().unwrap() >= 900);
    assert_eq!(
        without_times(document),
        json!({
            "schema": 1,
            "outcome": "failed",
            "elapsed_ms": 0,
            "operations": [{
                "id": "c1/o1",
                "url": url,
                "outcome": "failed",
                "state": "failed",
                "status": "failed",
                "progress": null,
                "reason": "no free line",
                "polls": 2,
                "transient_errors": 1,
                "elapsed_ms": 0,
                "last_error": "no usable answer: HTTP 503 Service Unavailable: x: y",
                "answer": {"finished": true, "result": {"result": "failed", "reason": "no free line"}, "more": "ä\n"},
                "result": null,
            }],
        })
    );
    assert_eq!(
        ended.stderr,
        "error: operation c1/o1 failed: no free line\n  after 1s and 2 polls (1 error on the way)\n"
            .replace("1s", &seconds(&ended.stderr))
    );
}

/// The one time that is told in this text.
fn seconds(text: &str) -> String {
    let after = text.split("after ").nth(1).expect("a time");
    after.split(" and").next().expect("a time").to_owned()
}

#[tokio::test]
async fn each_outcome_has_its_word() {
    let pending = Reply::json(200, PENDING);
    for (reply, args, outcome, state) in [
        (Reply::json(200, SUCCESS), &[][..], "succeeded", json!("succeeded")),
        (pending.clone(), &["-t", "300ms", "--interval", "50ms"], "timed_out", json!("pending")),
        (Reply::json(401, ""), &[], "error", Value::Null),
    ] {
        let (_server, url) = server(&[reply]).await;
        let ended = run(lro(&["wait", &url, "-o", "json"]).args(args)).await;
        let document: Value = serde_json::from_str(&ended.stdout).unwrap();
        assert_eq!((&document["outcome"], &document["operations"][0]["state"]), (&json!(outcome), &state));
    }
    let (_server, url) = server(&[pending]).await;
    let ended = run(&mut lro(&["status", &url, "-o", "json"])).await;
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((&document["outcome"], &document["operations"][0]["polls"]), (&json!("pending"), &json!(1)));
}

#[tokio::test]
async fn jsonl_is_a_line_for_each_event_and_last_the_document() {
    let (_server, url) =
        server(&[Reply::json(200, PENDING), Reply::json(502, ""), Reply::json(200, SUCCESS)]).await;
    let ended = run(&mut lro(&["wait", &url, "-o", "jsonl", "--interval", "20ms", "--jitter", "0"])).await;
    let lines: Vec<Value> = ended.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(
        events,
        [
            "started", "polling", "answered", "sleeping", "polling", "erred", "sleeping", "polling",
            "answered", "finished"
        ]
    );
    for line in &lines {
        assert_eq!((&line["schema"], &line["id"]), (&json!(1), &json!("c1/o1")));
        assert!(line["elapsed_ms"].is_u64(), "{line}");
        let time = line["time"].as_str().unwrap();
        assert!(time.len() == "2026-01-01T00:00:00.000Z".len() && time.ends_with('Z'), "{time}");
    }
    assert_eq!(lines[0]["timeout_ms"], json!(1_800_000));
    assert_eq!((&lines[2]["state"], &lines[2]["poll"]), (&json!("pending"), &json!(1)));
    assert_eq!(lines[3]["pause_ms"], json!(20));
    assert_eq!(lines[5]["error"], json!("no usable answer: HTTP 502 Bad Gateway"));
    let last = lines.last().unwrap();
    assert_eq!(last["outcome"], json!("succeeded"));
    assert_eq!(last["operations"][0]["polls"], json!(3));
}

#[tokio::test]
async fn events_are_told_as_they_happen() {
    let (_server, url) = server(&[Reply::json(200, PENDING)]).await;
    let mut child = lro(&["wait", &url, "-o", "jsonl"]).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for event in ["started", "polling", "answered", "sleeping"] {
        let line = within(lines.next_line()).await.unwrap().unwrap();
        assert!(line.contains(&format!(r#""event":"{event}""#)), "{line}");
    }
}

#[tokio::test]
async fn a_reader_of_events_that_goes_away_ends_the_wait_quietly() {
    use std::os::unix::process::ExitStatusExt;

    let (_server, url) = server(&[Reply::json(200, PENDING)]).await;
    let mut child = lro(&["wait", &url, "-o", "jsonl", "--progress", "none"]).spawn().unwrap();
    drop(child.stdout.take());
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    assert_eq!(status(&mut child).await.signal(), Some(13));
    assert_eq!(within(stderr.next_line()).await.unwrap(), None);
}

#[tokio::test]
async fn a_result_that_nobody_reads_changes_nothing() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let mut child = lro(&["wait", &url, "-q"]).spawn().unwrap();
    drop(child.stdout.take());
    let ended = ended(child).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[tokio::test]
async fn a_result_that_cannot_be_written_is_told() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let ended = run(lro(&["wait", &url, "-q"]).stdout(full)).await;
    assert_eq!(ended.code, Some(0));
    assert!(
        ended.stderr.starts_with("error: the result could not be written to standard output\n"),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn quiet_verbose_and_none_do_what_they_say() {
    let replies = [Reply::json(200, PENDING), Reply::json(200, SUCCESS)];
    let quiet = {
        let (_server, url) = server(&replies).await;
        run(&mut lro(&["wait", &url, "-q", "-o", "none", "--interval", "20ms"])).await
    };
    assert_eq!((quiet.code, quiet.stdout.as_str(), quiet.stderr.as_str()), (Some(0), "", ""));
    let (_server, url) = server(&replies).await;
    let verbose = run(&mut lro(&["wait", &url, "-v", "--interval", "20ms", "--jitter", "0"])).await;
    let told: Vec<&str> = verbose.stderr.lines().collect();
    assert!(told[1].contains("pending (create) (poll 1, answered in "), "{told:?}");
    assert!(told[2].ends_with("asking again in 0s"), "{told:?}");
    assert!(told[3].contains("succeeded (success) (poll 2, answered in "), "{told:?}");
}

#[tokio::test]
async fn a_heartbeat_says_that_the_wait_goes_on() {
    let (_server, url) = server(&[Reply::json(200, PENDING)]).await;
    let args = ["wait", &url, "-t", "1s", "--schedule", "fixed", "--interval", "10s", "--heartbeat", "300ms"];
    let ended = run(&mut lro(&args)).await;
    let beats =
        ended.stderr.lines().filter(|line| line.ends_with("still pending (create) after 1 poll")).count();
    assert!((1..=3).contains(&beats), "{}", ended.stderr);
}

#[tokio::test]
async fn an_expectation_that_the_limit_comes_before_is_warned_of() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    for (args, is_warned) in [(["--expect", "30m"], true), (["--expect", "29m"], false)] {
        let ended = run(&mut lro(&[&["wait", &url][..], &args].concat())).await;
        let warning = "warning: the operation is expected to take 30m, but the wait ends after 30m: --timeout says for how long";
        assert_eq!(ended.stderr.contains(warning), is_warned, "{}", ended.stderr);
        assert_eq!(ended.code, Some(0));
    }
}

#[tokio::test]
async fn insecure_warns_each_run() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    for verb in ["wait", "status"] {
        let ended = run(&mut lro(&[verb, &url, "--insecure"])).await;
        assert!(
            ended.stderr.starts_with("warning: --insecure accepts every certificate"),
            "{}",
            ended.stderr
        );
    }
}
