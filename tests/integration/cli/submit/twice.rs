//! A call that may do harm when it is sent twice is sent once; any other is sent until there is an answer.

use std::net::TcpListener;

use tokio::process::Child;

use super::{BY_LOCATION, accepted, assert_told, done, sent, server, submit};
use crate::support::command::{ended, lro, run, signal, within};
use crate::support::server::{Reply, Server, Then};

const OPEN: &str = "it is open whether the server carried out the call, so it is not sent again\n";
const LOOK: &str = "hint: look whether it was carried out before you send it again";

#[tokio::test]
async fn a_post_that_may_have_arrived_is_sent_once_and_said_to_be_open() {
    let beginning = Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{\"a\"");
    for (reply, cause) in [
        (Reply::nothing(Then::Close), "no answer from http://127.0.0.1:"),
        (Reply::nothing(Then::Reset), "no answer from http://127.0.0.1:"),
        (beginning, "caused by: the answer of http://127.0.0.1:"),
        (Reply::nothing(Then::Hang), "caused by: it was sent, and there was no answer\n"),
        (
            Reply::json(500, r#"{"code":"a","message":"b"}"#),
            "caused by: HTTP 500 Internal Server Error: a: b\n",
        ),
        (Reply::json(502, ""), "caused by: HTTP 502 Bad Gateway\n"),
        (Reply::json(503, "").header("Retry-After", "0"), "caused by: HTTP 503 Service Unavailable\n"),
        (Reply::new(200, "text/html", "<html>"), "caused by: the answer is not JSON: "),
        // After a POST some servers answer like this when they are done.
        (
            Reply::json(303, "").header("Location", "/done"),
            "caused by: HTTP 303 See Other: the server redirects",
        ),
        (Reply::json(302, "").header("Location", "/done"), "caused by: HTTP 302 Found: the server redirects"),
    ] {
        for method in ["POST", "PATCH"] {
            let server = server(&[reply.clone(), accepted(), done()]).await;
            let ended = submit(&server, method, &["--poll-timeout", "400ms"]).await;
            let told = format!("error: {method} {}/things: {OPEN}", server.url());
            assert_told(&ended, 3, &[&told, cause, LOOK, "--retry-submit is for an API that tolerates"]);
            assert_eq!(sent(&server), [format!("{method} /things")]);
            assert_eq!(ended.stdout, "");
        }
    }
}

#[tokio::test]
async fn a_refusal_says_that_nothing_was_started() {
    for (status, code) in [(400, 3), (404, 3), (408, 3), (409, 3), (410, 3), (429, 3), (401, 4), (403, 4)] {
        let server =
            server(&[Reply::json(status, r#"{"code":"a","message":"b"}"#), accepted(), done()]).await;
        let ended = submit(&server, "POST", &[]).await;
        let told = "the server refused the call, so nothing was started\n  caused by: HTTP";
        assert_told(&ended, code, &[told, &format!("HTTP {status}"), ": a: b\n"]);
        assert!(!ended.stderr.contains("open"), "{}", ended.stderr);
        assert_eq!(sent(&server), ["POST /things"]);
    }
}

#[tokio::test]
async fn a_call_that_goes_elsewhere_was_not_carried_out() {
    for status in [307, 308] {
        let server = server(&[Reply::json(status, "").header("Location", "https://else.example/x")]).await;
        let ended = submit(&server, "POST", &[]).await;
        let told = [
            "so nothing was started",
            "redirects to https://else.example/x",
            "hint: if that is the right place, send it there\n",
        ];
        assert_told(&ended, 3, &told);
    }
}

#[tokio::test]
async fn what_does_no_harm_is_sent_until_there_is_an_answer() {
    let mut running = tokio::task::JoinSet::new();
    for (method, more) in
        [("PUT", &[][..]), ("DELETE", &[]), ("GET", &[]), ("put", &[]), ("POST", &["--retry-submit"])]
    {
        running.spawn(async move {
            let faults = [Reply::json(503, ""), Reply::nothing(Then::Close), Reply::json(429, "")];
            let server =
                server(&[&faults[..], &[Reply::nothing(Then::Hang), accepted(), done()]].concat()).await;
            let args = [&BY_LOCATION, more, &["--poll-timeout", "400ms"]].concat();
            assert_told(&submit(&server, method, &args).await, 0, &[]);
            let call = format!("{} /things", method.to_uppercase());
            assert_eq!(sent(&server), [vec![call; 5], vec!["GET /op".to_owned()]].concat());
        });
    }
    assert_eq!(running.join_all().await.len(), 5);
}

#[tokio::test]
async fn what_an_earlier_try_may_have_changed_is_not_called_a_refusal() {
    for (method, more) in [("DELETE", &[][..]), ("POST", &["--retry-submit"])] {
        let server = server(&[Reply::nothing(Then::Close), Reply::json(404, "")]).await;
        let ended = submit(&server, method, more).await;
        assert_told(&ended, 3, &[OPEN, "caused by: HTTP 404 Not Found\n", LOOK]);
        assert!(!ended.stderr.contains("nothing was started"), "{}", ended.stderr);
        assert_eq!(server.hits().len(), 2);
    }
}

#[tokio::test]
async fn the_most_errors_end_a_call_too() {
    let server = server(&[Reply::json(503, "")]).await;
    let ended = submit(&server, "PUT", &["--max-errors", "2"]).await;
    assert_told(
        &ended,
        3,
        &["/things: HTTP 503 Service Unavailable\n", "it is open whether the server carried out the call\n"],
    );
    assert_eq!(sent(&server), ["PUT /things", "PUT /things"]);
}

#[tokio::test]
async fn a_call_that_never_left_is_tried_again() {
    // Nobody listens on a port that was just given back.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/things");
    let ended = run(&mut lro(&["submit", "POST", &url, "--interval", "20ms", "--max-errors", "3"])).await;
    assert_told(
        &ended,
        3,
        &["could not connect to http://127.0.0.1:", "and 3 polls (3 errors on the way)\n"],
    );
    assert!(!ended.stderr.contains("open whether"), "{}", ended.stderr);
    let ended = run(&mut lro(&["submit", "POST", &url, "--interval", "20ms", "-t", "300ms"])).await;
    assert_told(&ended, 124, &["the call has not reached the server, so nothing was started\n"]);
}

#[tokio::test]
async fn credentials_that_are_slow_leave_nothing_open() {
    let server = server(&[accepted(), done()]).await;
    let url = format!("{}/things", server.url());
    let mut command = lro(&["submit", "POST", &url, "--interval", "20ms", "--poll-timeout", "500ms"]);
    let ended = run(command.args(BY_LOCATION).args(["--token-command", "sleep 1; echo some-token"])).await;
    assert_told(&ended, 0, &["no answer within 500ms"]);
    assert_eq!(sent(&server), ["POST /things", "GET /op"]);
}

/// A POST that the server has and does not answer.
async fn hanging(args: &[&str]) -> (Server, Child) {
    let server = server(&[Reply::nothing(Then::Hang)]).await;
    let url = format!("{}/things", server.url());
    let child = lro(&["submit", "POST", &url]).args(args).spawn().expect("the command starts");
    within(server.until(|hits| !hits.is_empty())).await;
    (server, child)
}

#[tokio::test]
async fn an_end_in_the_middle_of_a_call_says_that_it_is_open() {
    let open = "it is open whether the server carried out the call\n";
    let (server, child) = hanging(&["-t", "1s"]).await;
    assert_told(&ended(child).await, 124, &[open, LOOK]);
    assert_eq!(server.hits().len(), 1);
    for print in [&["--print-location"][..], &[]] {
        for (name, code) in [("INT", 130), ("TERM", 143)] {
            let (server, child) = hanging(print).await;
            signal(&child, name).await;
            let ended = ended(child).await;
            assert_told(&ended, code, &["was interrupted\n", open, LOOK]);
            assert!(!ended.stderr.contains("lro wait"), "{}", ended.stderr);
            assert_eq!(server.hits().len(), 1);
        }
    }
}
