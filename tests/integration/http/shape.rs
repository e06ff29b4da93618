//! HTTP as a part of the shape of an API: statuses that move a poll or end it elsewhere, and what goes along on each hop.
//! Which verdict a body makes is not known here.

use std::time::Duration;

use lro::auth::Token;
use lro::http::{Operation, Start};
use lro::preset::Preset;
use lro::{Answer, Verdict};

use super::conversation::{Case, asked, end, hold, preset};
use crate::support::server::{Reply, Server};
use crate::support::{asking, http_error};

#[tokio::test]
async fn a_monitor_that_moves_is_followed_and_one_that_says_nothing_stays() {
    let turns: [(&[&str], u16, &str); 4] = [
        (&["Location: /b?c=d"], 202, "/a"),
        (&[], 202, "/b?c=d"),
        (&["Location: e"], 202, "/b?c=d"),
        (&[], 200, "/e"),
    ];
    let replies = turns.map(|(headers, status, _)| {
        let headers = headers.iter().filter_map(|header| header.split_once(": "));
        headers.fold(Reply::json(status, ""), |reply, (name, value)| reply.header(name, value))
    });
    let server = Server::start(replies).await;
    let operation = Operation::new(asking(&server, |http| http), "/a", preset("http-202")).unwrap();
    assert_eq!(end(operation).await, "succeeded");
    assert_eq!(server.paths(), turns.map(|(.., path)| path));
}

#[tokio::test]
async fn a_303_is_a_success_with_its_result_elsewhere() {
    hold(
        "json-api-async",
        &[
            Case(
                "a job that redirects at its end",
                &[
                    (
                        "POST /photos",
                        202,
                        &["Content-Location: {at}/jobs/5"],
                        r#"{"data":{"type":"jobs","id":"5","attributes":{"status":"new"}}}"#,
                    ),
                    ("GET /jobs/5", 200, &[], r#"{"data":{"attributes":{"status":"done"}}}"#),
                    ("GET /jobs/5", 303, &["Location: /photos/1"], ""),
                    ("GET /photos/1", 200, &[], r#"{"data":{"id":"1"}}"#),
                ],
                r#"succeeded: {"data":{"id":"1"}}"#,
            ),
            Case(
                "the result is fetched alone after a fault, however often",
                &[
                    ("POST /photos", 202, &["Content-Location: /jobs/5"], ""),
                    ("GET /jobs/5", 303, &["Location: ../photos/1"], ""),
                    ("GET /photos/1", 503, &["Retry-After: 0"], ""),
                    ("GET /photos/1", 200, &[], "photo"),
                ],
                r#"succeeded: "photo""#,
            ),
            Case(
                "303 without a Location is no success",
                &[("POST /photos", 202, &["Content-Location: /jobs/5"], ""), ("GET /jobs/5", 303, &[], "")],
                "error: the answer was not understood: HTTP 303 says to see another place, and names none",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_result_that_nobody_wants_is_not_fetched() {
    let server = Server::start([Reply::json(303, "").header("Location", "/photos/1")]).await;
    let client = asking(&server, |http| http);
    let mut operation = Operation::new(client, "/jobs/5", preset("json-api-async")).unwrap();
    let answer = lro::Operation::poll(&mut operation).await.unwrap();
    let at = format!("{}/photos/1", server.url());
    assert_eq!((answer.verdict, answer.status.result_url.as_deref()), (Verdict::Succeeded, Some(&*at)));
    assert_eq!((answer.status.result(), asked(&server)), (None, vec!["GET /jobs/5".to_owned()]));
}

/// The three hops there are: to the operation, to its next poll, and to its result. Each names the other server.
fn hops(other: &str) -> [(&'static str, Vec<Reply>); 3] {
    let to = |status: u16, path: &str| {
        Reply::json(status, "")
            .header("Location", &format!("{other}{path}"))
            .header("Set-Cookie", "s=abcdefgh")
    };
    let here = || Reply::json(202, "").header("Location", "/m").header("Set-Cookie", "s=abcdefgh");
    [
        ("handle", vec![to(202, "/x")]),
        ("next", vec![here(), to(202, "/x")]),
        ("result", vec![here(), to(303, "/x")]),
    ]
}

fn submitted(server: &Server, allowed: Option<&Server>) -> Operation {
    let client = asking(server, |http| {
        let http = http.token(Token::given("s3cret").expect("a token")).header("X-Mine", "1");
        allowed.iter().fold(http, |http, other| http.allow_host(other.url().replace("http://", "")))
    });
    let start = Start::new("POST", "/w").expect("a method");
    Operation::submit(client, start, preset("http-202")).expect("a location").fetch_result(true)
}

#[tokio::test]
async fn no_hop_leaves_the_origin() {
    let other = Server::start([Reply::json(200, "1")]).await;
    for (hop, here) in hops(&other.url()) {
        let count = here.len();
        let server = Server::start(here).await;
        let ended = end(submitted(&server, None)).await;
        let success = if hop == "result" {
            "the operation succeeded, but its result could not be fetched: "
        } else {
            ""
        };
        let told = format!(
            "error: the request cannot succeed: {success}the server says to go on elsewhere: `{}/x` is not at the endpoint {}, \
             and credentials are sent nowhere else",
            other.url(),
            server.url()
        );
        assert_eq!((ended, server.hits().len(), other.hits().len()), (told, count, 0), "{hop}");
    }
}

#[tokio::test]
async fn an_allowed_host_is_asked_on_each_hop_as_nobody() {
    for hop in 0..3 {
        let other = Server::start([Reply::json(200, "1")]).await;
        let (hop, here) = hops(&other.url())[hop].clone();
        let count = here.len();
        let server = Server::start(here).await;
        let ended = end(submitted(&server, Some(&other))).await;
        assert_eq!((ended.as_str(), server.hits().len()), ("succeeded: 1", count), "{hop}");
        assert_eq!(asked(&other), ["GET /x"], "{hop}");
        for name in ["cookie", "x-auth-token", "authorization", "x-mine"] {
            assert_eq!(other.hits()[0].header(name), None, "{hop}");
        }
    }
}

#[tokio::test]
async fn cookies_go_along_to_each_poll_and_to_the_result() {
    let server = Server::start([
        Reply::json(202, "").header("Location", "/m").header("Set-Cookie", "s=abcdefgh; Path=/"),
        Reply::json(202, "").header("Set-Cookie", "t=ijklmnop; Path=/"),
        Reply::json(303, "").header("Location", "/r"),
        Reply::json(200, "1"),
    ])
    .await;
    assert_eq!(end(submitted(&server, None)).await, "succeeded: 1");
    let sent: Vec<_> =
        server.hits().iter().map(|hit| hit.header("cookie").unwrap_or_default().to_owned()).collect();
    assert_eq!(sent, ["", "s=abcdefgh", "s=abcdefgh; t=ijklmnop", "s=abcdefgh; t=ijklmnop"]);
}

#[tokio::test]
async fn a_wish_to_be_left_alone_is_heard_in_every_answer() {
    let answers = [
        Reply::json(202, "").header("Location", "/m").header("Retry-After", "11"),
        Reply::json(202, "").header("Retry-After", "12"),
        Reply::json(202, "").header("Retry-After", "/bar"),
        Reply::json(429, "").header("Retry-After", "13"),
        Reply::json(200, "{").header("Retry-After", "14"),
        Reply::json(303, "").header("Location", "/r"),
        Reply::json(503, "").header("Retry-After", "15"),
        Reply::json(202, "").header("Retry-After", "16"),
        Reply::json(200, "1"),
    ];
    let server = Server::start(answers).await;
    let mut operation = submitted(&server, None);
    let mut heard = Vec::new();
    // The fetch of the result is a part of the poll that it follows.
    for _ in 0..8 {
        let polled = lro::Operation::poll(&mut operation).await;
        heard.push(
            polled.map_or_else(|error| error.retry_after(), |answer: Answer<_>| answer.hints.retry_after),
        );
    }
    let seconds = [Some(11), Some(12), None, Some(13), Some(14), Some(15), Some(16), None];
    assert_eq!(heard, seconds.map(|pause| pause.map(Duration::from_secs)));
    assert_eq!(server.paths(), ["/w", "/m", "/m", "/m", "/m", "/m", "/r", "/r", "/r"]);
}

#[tokio::test]
async fn how_far_it_is_and_when_it_ends_come_with_each_answer_of_an_api_that_says_so() {
    let text =
        "title = 'X'\nstate = 'state'\nsuccess = ['done']\nprogress = 'percent'\neta = [{ body = 'left' }]";
    let preset = Preset::from_toml("x", text).unwrap();
    let answers = [
        r#"{"state": "busy", "percent": "40 %", "left": 90}"#,
        r#"{"state": "busy", "percent": "soon", "left": "soon"}"#,
        r#"{"state": "busy", "percent": 1e300, "left": 1e300}"#,
    ];
    let server = Server::start(answers.map(|answer| Reply::json(200, answer))).await;
    let mut operation = Operation::new(asking(&server, |http| http), "/a", preset).unwrap();
    let mut heard = Vec::new();
    for _ in answers {
        let answer = lro::Operation::poll(&mut operation).await.unwrap();
        heard.push((answer.verdict, answer.hints.progress, answer.hints.remaining));
    }
    let pending =
        |percent, seconds: Option<u64>| (Verdict::Pending, percent, seconds.map(Duration::from_secs));
    assert_eq!(heard, [pending(Some(40.0), Some(90)), pending(None, None), pending(Some(100.0), None)]);
}

#[tokio::test]
async fn a_call_that_is_open_is_not_sent_again_however_often_it_is_polled() {
    let server = Server::start([Reply::json(200, "<html>")]).await;
    let mut operation = submitted(&server, None);
    for _ in 0..3 {
        let error = lro::Operation::poll(&mut operation).await.unwrap_err();
        let told = http_error(&error).to_string();
        assert_eq!(told, "it is open whether the server carried out the call, so it is not sent again");
    }
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn a_page_is_no_result() {
    for page in [
        Reply::new(200, "text/html; charset=utf-8", "Log in"),
        Reply::json(200, " <!DOCTYPE html><title>Log in</title>"),
        Reply::json(200, "<HTML>Log in"),
    ] {
        let there = Reply::json(303, "").header("Location", "/r");
        let server = Server::start([Reply::json(202, "").header("Location", "/s"), there, page]).await;
        let ended = end(submitted(&server, None)).await;
        let told = "the operation succeeded, but its result could not be fetched: the answer is not the result: it is a page";
        assert!(ended.contains(told), "{ended}");
        assert_eq!(server.hits().len(), 3, "{ended}");
    }
}
