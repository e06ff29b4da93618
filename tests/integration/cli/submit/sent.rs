//! What a call sends, what is printed of its result, and that no secret is told on the way.

use std::fs;

use super::{BY_LOCATION, accepted, assert_told, done, sent, server, submit};
use crate::support::command::{lro, run, run_with_input};
use crate::support::server::Reply;

/// A file of a test's own, which is removed at the end.
struct File(String);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = format!("{}/submit-{name}-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        fs::write(&path, text).expect("a file can be written");
        Self(path)
    }

    fn at(&self) -> String {
        format!("@{}", self.0)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[tokio::test]
async fn a_body_is_said_or_stands_in_a_file_or_on_standard_input() {
    const BODY: &str = "{ \"a\": \"ä\" }\n";
    let file = File::new("body", BODY);
    let server = server(&[Reply::json(204, "")]).await;
    for body in [BODY, &file.at()] {
        assert_told(&submit(&server, "POST", &["--json", body]).await, 0, &[]);
    }
    let url = format!("{}/things", server.url());
    let ended = run_with_input(&mut lro(&["submit", "POST", &url, "--json", "-"]), BODY).await;
    assert_told(&ended, 0, &[]);
    for hit in server.hits() {
        assert_eq!((&*hit.body, hit.header("content-type")), (BODY, Some("application/json")));
    }
    assert_eq!(sent(&server), ["POST /things"; 3]);
}

#[tokio::test]
async fn a_body_that_is_none_is_2_and_nothing_is_sent() {
    let server = server(&[Reply::json(204, "")]).await;
    let broken = File::new("broken", "{\"password\": \"s3cretsecret\",}");
    for (body, told) in [
        ("", "the body of --json is not JSON"),
        ("{a}", "the body of --json is not JSON"),
        ("{} {}", "the body of --json is not JSON"),
        ("-", "the body of --json is not JSON"),
        (&broken.at(), "the body of --json is not JSON\n  caused by: key must be a string at line 1"),
        (
            "@/nowhere/body",
            "the body of --json cannot be read from `/nowhere/body`\n  caused by: No such file",
        ),
        ("@", "the body of --json cannot be read from ``"),
        ("@/", "the body of --json cannot be read from `/`"),
    ] {
        let ended = submit(&server, "POST", &["--json", body]).await;
        assert_told(&ended, 2, &[told]);
        assert!(!ended.stderr.contains("s3cret"), "{}", ended.stderr);
    }
    for (args, told) in [
        (&["submit", "PO ST", "/x"][..], "`PO ST` is not a method that a request can have"),
        (&["submit", "POST", "x"], "`x` is neither a path that starts with / nor a URL"),
        (&["submit", "POST"], "<PATH|URL>"),
        (&["submit", "POST", "/x", "--print-location", "-o", "json"], "cannot be used with"),
    ] {
        assert_told(&run(lro(args).args(["--endpoint", &server.url()])).await, 2, &[told]);
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn headers_are_sent_with_the_call_and_with_each_poll() {
    let file = File::new("headers", "X-Api-Key: s3cretsecret\nX-Other: b\n");
    let server = server(&[accepted(), done()]).await;
    let headers =
        ["-H", "X-Version: 2", "--header", &file.at(), "-H", "content-type: application/merge-patch+json"];
    let ended = submit(&server, "PATCH", &[&BY_LOCATION[..], &headers, &["--json", "{}"]].concat()).await;
    assert_told(&ended, 0, &[]);
    let hits = server.hits();
    assert_eq!(hits.len(), 2);
    for hit in &hits {
        for (name, value) in [("x-version", "2"), ("x-api-key", "s3cretsecret"), ("x-other", "b")] {
            assert_eq!(hit.header(name), Some(value), "{hit:?}");
        }
    }
    assert_eq!(hits[0].header("content-type"), Some("application/merge-patch+json"));
}

#[tokio::test]
async fn no_secret_is_told_even_if_the_server_says_it() {
    let file = File::new("secret", "X-Api-Key: s3cretkey\n");
    let echo =
        r#"{"error":{"code":"tok3ntoken","message":"s3cretkey and tok3ntoken"},"status":"tok3ntoken"}"#;
    let echoing = |status| Reply::json(status, echo).header("X-Request-Id", "s3cretkey");
    for replies in [
        vec![echoing(400)],
        vec![echoing(500)],
        vec![echoing(401)],
        vec![echoing(200)],
        vec![echoing(202)],
        vec![Reply::json(202, echo).header("Location", "/tok3ntoken/s3cretkey"), echoing(404)],
        vec![accepted(), echoing(400)],
        vec![accepted(), echoing(200)],
        vec![Reply::json(302, "").header("Location", "/tok3ntoken?s3cretkey")],
    ] {
        for format in ["json", "jsonl", "text", "result"] {
            let server = server(&replies).await;
            let url = format!("{}/things", server.url());
            let mut command = lro(&["submit", "POST", &url, "-v", "-t", "300ms", "-o", format]);
            command.args(BY_LOCATION).args(["-H", &file.at(), "--not-found-grace", "0s"]);
            let ended = run(command.env("LRO_TOKEN", "tok3ntoken")).await;
            let told = format!("{}{}", ended.stdout, ended.stderr);
            assert!(!told.contains("s3cretkey") && !told.contains("tok3ntoken"), "{told}");
            assert_eq!(server.hits()[0].header("x-api-key"), Some("s3cretkey"));
            assert_eq!(server.hits()[0].header("authorization"), Some("Bearer tok3ntoken"));
        }
    }
}

#[tokio::test]
async fn the_result_is_printed_in_the_form_that_is_asked_for() {
    let at_once = || vec![Reply::json(201, "{\n \"id\": 7 }")];
    let fetched = || {
        vec![
            accepted(),
            Reply::json(303, "").header("Location", "/result"),
            Reply::json(200, "{ \"id\": 7 }"),
        ]
    };
    for replies in [at_once(), fetched()] {
        for (format, told) in [
            (&[][..], "{\"id\":7}\n"),
            (&["-o", "result"], "{\"id\":7}\n"),
            (&["-o", "none"], ""),
            (&["--", "echo", "next"], "next\n"),
            (&["-o", "result", "--", "echo", "next"], "{\"id\":7}\nnext\n"),
        ] {
            let server = server(&replies).await;
            let ended = submit(&server, "POST", &[&["--preset", "http-202"], format].concat()).await;
            assert_told(&ended, 0, &[&format!("succeeded: POST {}/things after ", server.url())]);
            assert_eq!(ended.stdout, told);
        }
        for format in ["json", "jsonl"] {
            let server = server(&replies).await;
            let ended = submit(&server, "POST", &["--preset", "http-202", "-o", format]).await;
            let last = ended.stdout.lines().last().unwrap();
            let document: serde_json::Value = serde_json::from_str(last).unwrap();
            assert_eq!(
                (&document["outcome"], &document["operations"][0]["result"]["id"]),
                (&"succeeded".into(), &7.into())
            );
        }
        let server = server(&replies).await;
        let ended = submit(&server, "POST", &["--preset", "http-202", "-o", "text"]).await;
        assert!(
            ended.stdout.starts_with(&format!("POST {}/things\tsucceeded\t", server.url())),
            "{}",
            ended.stdout
        );
    }
}

#[tokio::test]
async fn a_result_that_is_not_printed_is_not_fetched() {
    for args in [&["-o", "text"][..], &["-o", "none"], &["--", "true"]] {
        let args = [&["--preset", "http-202"], args].concat();
        let there = |location: &str| Reply::json(303, "").header("Location", location);
        let here = server(&[accepted(), there("/result")]).await;
        assert_told(&submit(&here, "POST", &args).await, 0, &[]);
        assert_eq!(here.hits().len(), 2);
        // Who is sent to another host is perhaps sent to log in there.
        let away = server(&[accepted(), there("https://else.example/login")]).await;
        let told = "the server says to go on elsewhere\n";
        assert_told(&submit(&away, "POST", &args).await, 3, &[told, "--allow-host"]);
    }
}

#[tokio::test]
async fn a_result_that_cannot_be_had_says_that_the_operation_succeeded() {
    let there = |location: &str| Reply::json(303, "").header("Location", location);
    for (replies, cause, hint) in [
        (vec![there("https://else.example/r")], "the server says to go on elsewhere\n", "--allow-host"),
        (vec![there("/r"), Reply::json(404, "")], "caused by: HTTP 404 Not Found\n", "after "),
    ] {
        let server = server(&[vec![accepted()], replies].concat()).await;
        let ended = submit(&server, "POST", &["--preset", "http-202"]).await;
        assert_told(&ended, 3, &["succeeded; its result could not be fetched\n", cause, hint]);
    }
}

#[tokio::test]
async fn what_runs_after_a_call_runs_only_after_success() {
    for (replies, code, told) in [
        (vec![accepted(), done()], 0, "next\n"),
        (vec![Reply::json(204, "")], 0, "next\n"),
        (vec![accepted(), Reply::json(400, "{}")], 1, "{}\n"),
        (vec![Reply::json(503, "")], 3, ""),
    ] {
        let server = server(&replies).await;
        let ended = submit(&server, "POST", &[&BY_LOCATION[..], &["--", "echo", "next"]].concat()).await;
        assert_told(&ended, code, &[]);
        assert_eq!(ended.stdout, told);
    }
}
