//! The log of the command: lines of text or of JSON, with what stands in the table, and nothing else on standard error.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Map, Value};

use super::table::rows;
use crate::support::command::{Ended, lro, run};
use crate::support::server::{Reply, Server};
use crate::support::terminal::{COLUMNS, ROWS, Terminal};
use crate::support::{PATH, PENDING, SUCCESS};

async fn flaky() -> Server {
    Server::start([Reply::json(200, PENDING), Reply::json(503, "{}"), Reply::json(200, SUCCESS)]).await
}

async fn wait(server: &Server, more: &[&str]) -> Ended {
    let url = format!("{}{PATH}", server.url());
    run(lro(&["wait", &url, "--interval", "20ms"]).args(more)).await
}

/// What is always there.
const FRAME: [&str; 5] = ["time", "level", "event", "target", "message"];

fn objects(text: &str) -> Vec<Map<String, Value>> {
    let object = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    text.lines().map(object).collect()
}

fn word<'a>(object: &'a Map<String, Value>, name: &str) -> &'a str {
    object.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[tokio::test]
async fn a_log_of_json_is_an_object_a_line_with_what_stands_in_the_table() {
    let known: std::collections::BTreeMap<_, _> =
        rows("| event", 0).into_iter().chain(rows("| event", 1)).collect();
    let mut seen = BTreeSet::new();
    let server = flaky().await;
    let list = format!("{}{PATH}", server.url()).replace("/o1", "/o2");
    let failed = Server::start([Reply::json(404, "{}")]).await;
    for (server, more) in [
        (&server, &["-o", "text"][..]),
        (&flaky().await, &[&*list, "-o", "json"]),
        (&failed, &["--not-found-grace", "0s", "-H", "X-Mine: 1"]),
    ] {
        let ended = wait(server, &[more, &["--log-format", "json", "--log-level", "trace"]].concat()).await;
        let objects = objects(&ended.stderr);
        assert!(objects.len() > 3, "{}", ended.stderr);
        for object in &objects {
            let event = word(object, "event");
            let (levels, fields) = known.get(event).unwrap_or_else(|| panic!("`{event}` stands in no table"));
            assert!(levels.split(", ").any(|level| level == word(object, "level")), "{object:?}");
            assert_eq!(word(object, "target"), "lro");
            assert!(!word(object, "message").is_empty() && word(object, "time").ends_with('Z'), "{object:?}");
            for key in object.keys() {
                // What it is about is taken from the span that it is in.
                let is_known =
                    FRAME.contains(&&**key) || fields.contains(key) || matches!(&**key, "id" | "poll");
                assert!(is_known, "`{key}` of `{event}` stands in no table");
            }
            seen.insert(event.to_owned());
        }
    }
    for event in
        ["lro.wait.started", "lro.wait.paused", "lro.poll.erred", "lro.operation.changed", "lro.told"]
    {
        assert!(seen.contains(event), "{event}: {seen:?}");
    }
}

#[tokio::test]
async fn the_level_says_how_much_and_turns_on_the_log_by_itself() {
    let cases = [
        (&["--log-level", "error"][..], &[][..]),
        (&["--log-level", "warn"], &["lro.poll.erred"]),
        (
            &["--log-format", "text"],
            &["lro.operation.changed", "lro.poll.erred", "lro.told", "lro.wait.finished", "lro.wait.started"],
        ),
        (
            &["--log-level", "trace", "--log-format", "text", "-q"],
            &[
                "lro.answer.understood",
                "lro.operation.changed",
                "lro.poll.answered",
                "lro.poll.erred",
                "lro.wait.finished",
                "lro.wait.paused",
                "lro.wait.started",
            ],
        ),
    ];
    // After a fault each pauses for a second.
    let all = cases.map(|(args, expected)| async move {
        let server = flaky().await;
        (args, expected, wait(&server, args).await)
    });
    for (args, expected, ended) in join_all(all).await {
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let names: BTreeSet<_> =
            ended.stderr.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
        assert_eq!(names, expected.iter().copied().collect(), "{args:?}: {}", ended.stderr);
        // The result stands where it does without a log.
        assert!(ended.stdout.starts_with("c1/o1\tsucceeded\t"), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn a_line_of_text_says_which_operation_and_which_poll() {
    let server = flaky().await;
    let ended = wait(&server, &["--log-format", "text"]).await;
    let line = ended.stderr.lines().find(|line| line.contains(" lro.poll.erred ")).expect("a fault");
    let (time, rest) = line.split_once(' ').unwrap();
    assert!(time.len() == "2026-11-23T22:28:12.345Z".len() && time.ends_with('Z'), "{line}");
    let begin = "WARN  lro.poll.erred a poll brought no usable answer id=c1/o1 poll=2 error.type=transient \
                 error=\"no usable answer: HTTP 503 Service Unavailable: {}\" latency_ms=";
    assert!(rest.starts_with(begin), "{line}");
}

#[tokio::test]
async fn an_operation_has_one_name_in_the_log_however_long_it_is() {
    let server = flaky().await;
    let url = format!("{}{PATH}{}", server.url(), "x".repeat(300));
    let ended = run(lro(&["wait", &url, "--interval", "20ms", "--log-format", "json"]).arg("-q")).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let objects = objects(&ended.stderr);
    let names: BTreeSet<_> = objects.iter().map(|object| word(object, "id")).collect();
    let changed = objects.iter().any(|object| word(object, "event") == "lro.operation.changed");
    assert!(changed && names.len() == 1, "{names:?}");
}

#[tokio::test]
async fn what_could_not_be_done_stands_in_the_log_with_what_to_try() {
    let server = Server::start([Reply::json(403, "{}")]).await;
    let ended = wait(&server, &["--log-format", "json"]).await;
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    let objects = objects(&ended.stderr);
    let told = objects.last().expect("an end");
    assert_eq!((word(told, "event"), word(told, "level")), ("lro.told", "error"));
    let message = word(told, "message");
    assert!(
        message.starts_with("the state of operation c1/o1 could not be learned; caused by: "),
        "{message}"
    );
    assert!(message.contains("; hint: "), "{message}");
}

#[tokio::test]
async fn on_a_terminal_nothing_moves_beside_a_log() {
    let server = flaky().await;
    let url = format!("{}{PATH}", server.url());
    let args = ["wait", &url, "--interval", "100ms", "--log-format", "text", "--progress", "spinner"];
    let mut terminal = Terminal::start(ROWS, COLUMNS, &args, &[]);
    assert_eq!(terminal.end().await, Some(0));
    let told = String::from_utf8_lossy(terminal.bytes()).into_owned();
    assert!(!told.contains('\u{1b}') && told.contains("lro.wait.finished"), "{told:?}");
}

#[tokio::test]
async fn what_a_server_says_in_a_log_is_no_command_and_steers_nothing() {
    let fault = serde_json::json!({"error_code": "::error::a", "error_msg": "\u{1b}[2J##[error]b\r\n::error::c".repeat(100)});
    let fault = &fault;
    let all = ["text", "json"].map(|form| async move {
        let server = Server::start([Reply::json(503, fault.to_string()), Reply::json(200, SUCCESS)]).await;
        wait(&server, &["--log-format", form, "--log-level", "trace"]).await
    });
    for ended in join_all(all).await {
        let log = &ended.stderr;
        assert!(log.contains("error]b"), "{log}");
        let lines = log.lines().count();
        assert!(log.len() < lines * 2000, "{log}");
        assert!(!log.contains("##[") && !log.chars().any(|c| c.is_control() && c != '\n'), "{log:?}");
        assert!(!log.lines().any(|line| line.trim_start().starts_with("::")), "{log}");
    }
}
