//! Each end has its exit code, its line on standard output, and its words on standard error.

use crate::support::command::{lro, run};
use crate::support::server::{Reply, Server, Then};
use crate::support::{PATH, PENDING, SUCCESS};

const FAILED: &str = r#"{"finished":true,"result":{"result":"failed","reason":"no free line"}}"#;

async fn server(replies: &[Reply]) -> (Server, String) {
    let server = Server::start(replies.to_vec()).await;
    let url = format!("{}{PATH}", server.url());
    (server, url)
}

/// Standard output without the seconds, which are never the same.
fn without_seconds(line: &str) -> String {
    let mut fields: Vec<&str> = line.split('\t').collect();
    assert_eq!(fields.len(), 4, "{line:?}");
    fields[2].parse::<f64>().expect("the third field is a number of seconds");
    fields.remove(2);
    fields.join("|")
}

#[tokio::test]
async fn success_is_0() {
    let (server, url) = server(&[Reply::json(200, PENDING), Reply::json(200, SUCCESS)]).await;
    let ended = run(&mut lro(&["wait", &url, "--interval", "20ms"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(without_seconds(&ended.stdout), "c1/o1|succeeded|\n");
    let endpoint = server.url();
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{}", ended.stderr);
    assert_eq!(lines[0], format!("[0s] waiting for c1/o1 at {endpoint}, at most 30m"));
    assert!(lines[1].ends_with("] pending (create)"), "{}", lines[1]);
    assert!(
        lines[2].starts_with("succeeded: c1/o1 after ") && lines[2].ends_with(" and 2 polls"),
        "{}",
        lines[2]
    );
    assert_eq!(server.hits().len(), 2);
}

#[tokio::test]
async fn failure_is_1_with_the_reason() {
    let (_server, url) = server(&[Reply::json(200, FAILED)]).await;
    let ended = run(&mut lro(&["wait", &url])).await;
    assert_eq!(ended.code, Some(1));
    assert_eq!(without_seconds(&ended.stdout), "c1/o1|failed|no free line\n");
    assert!(ended.stderr.contains("error: operation c1/o1 failed: no free line\n"), "{}", ended.stderr);
}

#[tokio::test]
async fn no_usable_answer_is_3() {
    let silent = Reply::nothing(Then::Close);
    let cases = [
        (silent, "no answer from http://127.0.0.1:"),
        (
            Reply::json(500, r#"{"code":"x","message":"y"}"#),
            "caused by: HTTP 500 Internal Server Error: x: y\n",
        ),
        (Reply::new(200, "text/html", "<html>Login"), "it begins with `<html>Login`\n"),
        (
            Reply::json(200, "{}"),
            "caused by: the answer is not a status of an operation: it has another shape than the API's answers: `",
        ),
        (
            Reply::json(302, "").header("Location", "https://else.example/?token=x"),
            "redirects to https://else.example/,",
        ),
        (Reply::json(400, r#"{"message":"bad id"}"#), "caused by: HTTP 400 Bad Request: bad id\n"),
        (
            Reply::json(200, r#"{"finished":true,"result":{"result":"rolledback"}}"#),
            "caused by: the API answers `rolledback` at `result.result`, which no rule covers\n",
        ),
    ];
    for (reply, told) in cases {
        let (_server, url) = server(&[reply]).await;
        let ended = run(&mut lro(&["wait", &url, "--max-errors", "1"])).await;
        assert_eq!(ended.code, Some(3), "{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{told}\n{}", ended.stderr);
        assert!(ended.stderr.contains("error: the state of operation c1/o1 could not be learned"));
        assert!(ended.stdout.starts_with("c1/o1\tunknown\t"), "{}", ended.stdout);
    }
}

#[tokio::test]
async fn not_allowed_is_4() {
    for status in [401, 403] {
        let (server, url) =
            server(&[Reply::json(status, r#"{"error_msg":"no","error_code":"APIG.0301"}"#)]).await;
        let ended = run(lro(&["wait", &url]).env("OS_TOKEN", "wrong-token")).await;
        assert_eq!(ended.code, Some(4), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("APIG.0301: no") && ended.stderr.contains("hint: the token may be wrong")
        );
        assert_eq!(server.hits()[0].header("x-auth-token"), Some("wrong-token"));
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains("wrong-token"));
    }
    let (server, url) = server(&[Reply::json(401, "")]).await;
    let ended = run(&mut lro(&["wait", &url])).await;
    assert_eq!(ended.code, Some(4));
    assert!(
        ended.stderr.contains("hint: no credentials were sent: name a cloud with --os-cloud"),
        "{}",
        ended.stderr
    );
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn a_token_is_asked_for_again_once_when_it_is_refused() {
    let refused = Reply::json(401, "");
    let (server, url) = server(&[refused.clone(), Reply::json(200, SUCCESS)]).await;
    let count = std::env::temp_dir().join(format!("lro-cli-renewal-{}", std::process::id()));
    let _ = std::fs::remove_file(&count);
    let command = format!("echo x >> '{0}'; echo token-$(wc -l < '{0}')", count.display());
    let ended = run(lro(&["wait", &url, "--token-command", &command]).env("LRO_TOKEN", "unused")).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let sent: Vec<_> =
        server.hits().iter().map(|hit| hit.header("x-auth-token").map(str::to_owned)).collect();
    assert_eq!(sent, [Some("token-1".to_owned()), Some("token-2".to_owned())]);
    std::fs::remove_file(&count).unwrap();
}

#[tokio::test]
async fn no_such_operation_is_5() {
    for (status, grace) in [(404, "0"), (410, "30s")] {
        let (_server, url) = server(&[Reply::json(status, "")]).await;
        let ended = run(&mut lro(&["wait", &url, "--not-found-grace", grace])).await;
        assert_eq!(ended.code, Some(5), "{}", ended.stderr);
        assert!(ended.stderr.contains("hint: check the operation"), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn out_of_time_is_124_and_tells_the_last_known_state_and_how_to_wait_again() {
    let (_server, url) = server(&[Reply::json(200, PENDING)]).await;
    let ended = run(&mut lro(&["wait", &url, "-t", "600ms", "--interval", "50ms"])).await;
    assert_eq!(ended.code, Some(124));
    assert_eq!(without_seconds(&ended.stdout), "c1/o1|pending|\n");
    assert!(
        ended.stderr.contains("error: gave up waiting for operation c1/o1: it was not done within 600ms\n")
    );
    assert!(
        ended.stderr.contains("  last known state: pending (create), after 0.6s and "),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.ends_with(&format!("to wait for it again: lro wait {url}\n")), "{}", ended.stderr);
}

#[tokio::test]
async fn out_of_time_says_what_was_seen_also_to_who_is_told_nothing_else() {
    let (_server, url) = server(&[Reply::json(500, "oops")]).await;
    let ended = run(&mut lro(&["wait", &url, "-q", "-t", "1s"])).await;
    assert_eq!(ended.code, Some(124));
    assert!(
        ended.stderr.contains("  last known state: unknown, there was no usable answer, after "),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("  last error: no usable answer: HTTP 500 Internal Server Error: oops\n"));
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "a test that measures how long something takes")]
async fn what_hangs_in_the_system_does_not_stretch_the_limit() {
    let (server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let fifo = std::env::temp_dir().join(format!("lro-fifo-{}", std::process::id()));
    let made = tokio::process::Command::new("mkfifo").arg(&fifo).status().await.unwrap();
    assert!(made.success());
    let started = std::time::Instant::now();
    // Nobody writes there, so that opening it never ends.
    let ended = run(&mut lro(&["wait", &url, "-t", "1s", "--token-file", fifo.to_str().unwrap()])).await;
    std::fs::remove_file(&fifo).unwrap();
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    assert!(started.elapsed() < std::time::Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn a_retry_after_past_the_limit_is_124_at_once() {
    let (_server, url) = server(&[Reply::json(503, "").header("Retry-After", "3600")]).await;
    let ended = run(&mut lro(&["wait", &url, "-t", "10m"])).await;
    assert_eq!(ended.code, Some(124));
    let told = "the server asks for a pause of 1 h, which is past the timeout of 10 min";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
}

#[tokio::test]
async fn status_asks_once_and_75_is_pending() {
    for (reply, code, line) in [
        (Reply::json(200, PENDING), 75, "c1/o1|pending|\n"),
        (Reply::json(200, SUCCESS), 0, "c1/o1|succeeded|\n"),
        (Reply::json(200, FAILED), 1, "c1/o1|failed|no free line\n"),
        (Reply::json(500, ""), 3, "c1/o1|unknown|\n"),
        (Reply::json(401, ""), 4, "c1/o1|unknown|\n"),
        (Reply::json(410, ""), 5, "c1/o1|unknown|\n"),
    ] {
        let (server, url) = server(&[reply]).await;
        let ended = run(&mut lro(&["status", &url])).await;
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert_eq!(without_seconds(&ended.stdout), line);
        assert_eq!(server.hits().len(), 1);
        assert_eq!(ended.stderr.is_empty(), matches!(code, 0 | 1 | 75), "{}", ended.stderr);
    }
    let (_server, url) = server(&[Reply::nothing(Then::Hang)]).await;
    let ended = run(&mut lro(&["status", &url, "--poll-timeout", "300ms"])).await;
    assert_eq!(ended.code, Some(3));
    assert!(ended.stderr.contains("caused by: no answer within 300ms\n"), "{}", ended.stderr);
}

#[tokio::test]
async fn what_a_server_says_cannot_steer_a_terminal() {
    let hostile =
        r#"{"finished":true,"result":{"result":"failed","reason":"\u001b[2J\u0007a\r\n::error::b\u202e"}}"#;
    let (_server, url) = server(&[Reply::json(200, hostile)]).await;
    let ended = run(&mut lro(&["wait", &url])).await;
    let told = format!("{}{}", ended.stdout, ended.stderr);
    assert!(told.contains("failed:  [2J a : :error::b\n"), "{told}");
    assert!(
        !told.chars().any(|c| (c.is_control() && !matches!(c, '\n' | '\t')) || c == '\u{202e}'),
        "{told:?}"
    );
    assert!(!told.lines().any(|line| line.starts_with("::")), "{told}");
}

#[tokio::test]
async fn slow_or_endless_words_do_not_hide_what_a_status_says() {
    for reply in [
        Reply::json(403, "{}").header("Content-Length", "80").then(Then::Hang),
        Reply::json(403, "").header("Content-Length", "999999999").then(Then::Endless("x")),
    ] {
        let (_server, url) = server(&[reply]).await;
        let ended = run(&mut lro(&["wait", &url, "-t", "10s"])).await;
        assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    }
    let long = "x".repeat(100_000);
    for (body, told) in [
        (format!(r#"{{"finished":"{long}"}}"#), "it begins with `{\"finished\":\"xxx"),
        (format!(r#"{{"finished":true,"result":{{"result":"failed","reason":"{long}"}}}}"#), "xxx…\n"),
    ] {
        let (_server, url) = server(&[Reply::json(200, body)]).await;
        let ended = run(&mut lro(&["wait", &url, "--max-errors", "1"])).await;
        assert!(ended.stderr.len() < 5_000 && ended.stderr.contains(told), "{}", ended.stderr);
    }
}
