//! Bodies: long, compressed, broken, slow, and no document at all.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use lro::PollErrorKind::Transient;
use lro::Verdict;

use crate::support::server::{Reply, Server, Then};
use crate::support::{PENDING, SUCCESS, chain, operation, operation_with, poll_error};

const MIB: usize = 1024 * 1024;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("room");
    encoder.finish().expect("room")
}

fn chunked(body: &str) -> Reply {
    let body = format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    Reply::json(200, body).header("Transfer-Encoding", "chunked")
}

fn until_the_end(body: impl Into<Vec<u8>>) -> Reply {
    Reply::json(200, body).header("Connection", "close").then(Then::Close)
}

/// Asks once, and expects a transient error: its text.
async fn fault(reply: Reply) -> String {
    let server = Server::start([reply]).await;
    let (kind, text) = poll_error(&mut operation(&server)).await;
    assert_eq!(kind, Transient, "{text}");
    text.replace(&server.url(), "SERVER")
}

#[tokio::test]
async fn a_body_may_be_as_long_as_the_limit_and_not_a_byte_longer() {
    for reply in [Reply::json(200, SUCCESS), chunked(SUCCESS), until_the_end(SUCCESS)] {
        let server = Server::start([reply]).await;
        let mut fits = operation_with(&server, |http| http.body_limit(SUCCESS.len()));
        assert_eq!(lro::Operation::poll(&mut fits).await.unwrap().status.raw(), SUCCESS);
        let mut too_long = operation_with(&server, |http| http.body_limit(SUCCESS.len() - 1));
        let text = format!("the answer is longer than {} bytes", SUCCESS.len() - 1);
        assert_eq!(poll_error(&mut too_long).await, (Transient, text));
    }
}

#[tokio::test]
async fn a_body_that_is_announced_as_too_long_is_not_waited_for() {
    for length in [3_u64 << 30, u64::MAX - 2] {
        let length = length.to_string();
        let text = fault(Reply::json(200, "").header("Content-Length", &length).then(Then::Hang)).await;
        assert_eq!(text, "the answer is longer than 1048576 bytes");
    }
}

#[tokio::test]
async fn a_body_without_end_is_read_up_to_the_limit() {
    let chunks = Reply::json(200, "").header("Transfer-Encoding", "chunked");
    // Large enough that to take them apart is no work to speak of.
    let chunk: &'static str = format!("1000\r\n{}\r\n", " ".repeat(4096)).leak();
    for reply in [
        chunks.then(Then::Endless(chunk)),
        until_the_end("").then(Then::Endless("        ")),
        until_the_end(r#"{"finished":true,"x":""#).then(Then::Endless("xxxxxxxx")),
    ] {
        assert_eq!(fault(reply).await, "the answer is longer than 1048576 bytes");
    }
}

#[tokio::test]
async fn a_head_without_end_is_an_error() {
    let text = fault(Reply::raw("HTTP/1.1 200 OK\r\n").then(Then::Endless("X-More: and more\r\n"))).await;
    assert!(text.starts_with("no answer from SERVER: "), "{text}");
}

#[tokio::test]
async fn a_compressed_body_is_read() {
    let server =
        Server::start([Reply::json(200, gzip(SUCCESS.as_bytes())).header("Content-Encoding", "gzip")]).await;
    assert_eq!(lro::Operation::poll(&mut operation(&server)).await.unwrap().status.raw(), SUCCESS);
}

#[tokio::test]
async fn a_compressed_body_is_measured_as_it_comes_out() {
    let bomb = gzip(&vec![b' '; 16 * MIB]);
    assert!(bomb.len() < 100_000);
    let reply = Reply::json(200, bomb.clone()).header("Content-Encoding", "gzip");
    assert_eq!(fault(reply).await, "the answer is longer than 1048576 bytes");
    let reply = Reply::json(500, bomb).header("Content-Encoding", "gzip");
    assert_eq!(fault(reply).await, "HTTP 500 Internal Server Error");
}

#[tokio::test]
async fn a_broken_body_is_a_passing_fault() {
    let packed = gzip(SUCCESS.as_bytes());
    let cut = until_the_end(&packed[..packed.len() / 2]).header("Content-Encoding", "gzip");
    let no_gzip = Reply::json(200, SUCCESS).header("Content-Encoding", "gzip");
    let short = Reply::json(200, SUCCESS).header("Content-Length", "1000").then(Then::Close);
    let reset = Reply::json(200, SUCCESS).header("Content-Length", "1000").then(Then::Reset);
    let half_a_chunk = Reply::json(200, "ff\r\n{").header("Transfer-Encoding", "chunked").then(Then::Close);
    let no_chunk = Reply::json(200, "zz\r\n{").header("Transfer-Encoding", "chunked");
    for reply in [cut, no_gzip, short, reset, half_a_chunk, no_chunk] {
        let text = fault(reply.clone()).await;
        assert!(text.starts_with("the answer of SERVER broke off: "), "{reply:?}: {text}");
    }
}

#[tokio::test]
async fn what_is_not_http_is_a_passing_fault() {
    let two_lengths = format!("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 80\r\n\r\n{SUCCESS}");
    let bad_length = format!("HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n{SUCCESS}");
    for garbage in [
        two_lengths.as_bytes(),
        bad_length.as_bytes(),
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x15\x03\x01\x00\x02\x02\x28",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"{\"finished\":true}",
        b"\x1b[2J\0\0\0\0",
    ] {
        let text = fault(Reply::raw(garbage)).await;
        assert!(text.starts_with("no answer from SERVER: "), "{text}");
        assert!(!text.contains(char::is_control), "{text:?}");
    }
}

#[tokio::test]
async fn what_is_no_document_is_quoted_fit_for_a_terminal() {
    let not = "the answer is not a PLAS operation: ";
    for (body, text) in [
        (
            &b"{\"finished\":true,\"x\":\"\xff\"}"[..],
            "invalid utf-8 sequence of 1 bytes from index 22; it begins with `{\"finished\":true,\"x\":\"\u{fffd}\"}`",
        ),
        (b"\0\0", "it is no JSON object"),
        (b"\x1b]0;x\x07<html>", "it is no JSON object; it begins with `]0;x <html>`"),
        (
            b"{\"finished\":true}\0",
            "trailing characters at line 1 column 18; it begins with `{\"finished\":true}`",
        ),
        (b"[]", "it is no JSON object; it begins with `[]`"),
        (b"{}", "it has no `finished`; it begins with `{}`"),
    ] {
        assert_eq!(fault(Reply::json(200, body)).await, format!("{not}{text}"));
    }
}

#[tokio::test]
async fn a_byte_at_a_time_is_read_but_never_beyond_the_poll_timeout() {
    let slow = |pause| Reply::json(200, PENDING).then(Then::Drip(pause));
    let server = Server::start([slow(Duration::ZERO)]).await;
    assert_eq!(lro::Operation::poll(&mut operation(&server)).await.unwrap().verdict, Verdict::Pending);

    let server = Server::start([slow(Duration::from_secs(1))]).await;
    let start = now();
    let error = lro::wait_for_completion(operation(&server))
        .poll_timeout(Duration::from_millis(200))
        .max_errors(1)
        .await
        .unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(5));
    let error = error.report().unwrap().last_error.as_ref().unwrap();
    assert_eq!(chain(&**error), "no usable answer: no answer within 200ms");
}

#[expect(clippy::disallowed_methods, reason = "what is proved is that real time is kept")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn the_largest_hostile_documents_are_kept_only_as_text() {
    let fill = |begin: &str, unit: &str, end: &str| {
        let times = (MIB - begin.len() - end.len()) / unit.len();
        format!("{begin}{}{end}", unit.repeat(times))
    };
    // Parsed into a tree of values each of these would take some hundred megabytes, or the whole stack.
    for body in [
        fill(r#"{"finished":false,"x":["#, "{},", "0]}"),
        fill(r#"{"finished":false,"x":["#, "[],", "0]}"),
        fill(r#"{"finished":false,"#, r#""a":0,"#, r#""b":0}"#),
        {
            let deep = MIB / 2 - 20;
            format!(r#"{{"finished":false,"x":{}{}}}"#, "[".repeat(deep), "]".repeat(deep))
        },
        fill(r#"{"finished":false,"operationType":""#, r"\u0041", r#""}"#),
    ] {
        let server = Server::start([Reply::json(200, body.clone())]).await;
        let answer = lro::Operation::poll(&mut operation(&server)).await.unwrap();
        assert_eq!(answer.verdict, Verdict::Pending);
        assert_eq!(answer.status.raw().len(), body.len());
    }
}
