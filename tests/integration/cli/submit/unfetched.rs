//! A success whose result cannot be fetched: it is told as a success, and nobody is sent to wait again.

use tokio::io::{AsyncBufReadExt, BufReader};

use super::{accepted, assert_told, server, submit};
use crate::support::command::{Ended, ended, lro, signal, within};
use crate::support::server::{Reply, Server};

/// An operation that succeeds, with this in place of its result.
async fn without_result(reply: Reply) -> Server {
    server(&[accepted(), Reply::json(202, ""), Reply::json(303, "").header("Location", "/r"), reply]).await
}

#[track_caller]
fn assert_succeeded(ended: &Ended, code: i32, told: &[&str]) {
    assert_told(ended, code, told);
    assert_told(ended, code, &["/things succeeded; its result could not be fetched\n  caused by: HTTP "]);
    for wrong in ["may still be running", "wait for it again", "last known state", "could not be learned"] {
        assert!(!ended.stderr.contains(wrong), "{wrong}\n{}", ended.stderr);
    }
    assert!(ended.stdout.contains(r#""state":null,"#), "{}", ended.stdout);
}

#[tokio::test]
async fn a_result_that_is_not_there_leaves_a_success() {
    for (status, code, told) in [(404, 3, "404 Not Found\n"), (401, 4, "no credentials were sent")] {
        let server = without_result(Reply::json(status, "")).await;
        let ended = submit(&server, "POST", &["--preset", "http-202", "-o", "json"]).await;
        assert_succeeded(&ended, code, &[told]);
    }
}

#[tokio::test]
async fn a_limit_that_passes_before_a_result_is_there_leaves_a_success() {
    let unavailable = Reply::json(503, "");
    for (reply, limit) in [(unavailable.clone().header("Retry-After", "60"), "5s"), (unavailable, "1s")] {
        let server = without_result(reply).await;
        let ended = submit(&server, "POST", &["--preset", "http-202", "-o", "json", "-t", limit]).await;
        assert_succeeded(&ended, 124, &["503", "gave up fetching it: the limit of the wait comes first\n"]);
    }
}

#[tokio::test]
async fn a_signal_before_a_result_is_there_leaves_a_success() {
    let server = without_result(Reply::json(503, "").header("Retry-After", "60")).await;
    let url = format!("{}/things", server.url());
    let args = ["submit", "POST", &url, "--preset", "http-202", "-o", "json", "--interval", "20ms", "-v"];
    let mut child = lro(&args).spawn().expect("the command starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("standard error is a pipe")).lines();
    let mut told = String::new();
    while !told.contains("503") {
        told = within(stderr.next_line()).await.expect("text").expect("a line");
    }
    signal(&child, "INT").await;
    let mut ended = ended(child).await;
    while let Some(line) = within(stderr.next_line()).await.expect("text") {
        ended.stderr.extend([&line, "\n"]);
    }
    assert_succeeded(&ended, 130, &["503", "fetching it was interrupted\n"]);
}
