//! A server may send anything: the process stays small, the limit holds, and the end says what was seen.

use std::io::Write;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::process::Child;

use crate::support::PATH;
use crate::support::command::{ended, lro, within};
use crate::support::server::{Reply, Server, Then};

/// What the process may take in all, by the issue of its users: a small container.
const MOST_KIB: u64 = 64 * 1024;

const MEBIBYTE: usize = 1024 * 1024;

fn repeated(begin: &str, part: &str, end: &str) -> String {
    let times = (MEBIBYTE - begin.len() - end.len()) / part.len();
    format!("{begin}{}{end}", part.repeat(times))
}

fn compressed(bytes: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![b' '; MEBIBYTE];
    for _ in 0..bytes / MEBIBYTE {
        encoder.write_all(&zeros).expect("memory can be written");
    }
    encoder.finish().expect("memory can be written")
}

/// The most memory that the process has had so far.
fn peak_kib(child: &Child) -> u64 {
    let id = child.id().expect("the process is still running");
    let status =
        std::fs::read_to_string(format!("/proc/{id}/status")).expect("the system tells of processes");
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// Waits for an operation that is answered like this again and again, and looks at the process meanwhile.
#[expect(clippy::disallowed_methods, reason = "a test that measures how long something takes")]
async fn prove(name: &str, reply: Reply, told: &str) {
    let server = Server::start([reply]).await;
    let url = format!("{}{PATH}", server.url());
    let started = Instant::now();
    let args = ["wait", &url, "-o", "json", "-t", "3s", "--poll-timeout", "600ms"];
    let child = lro(&args).spawn().expect("it starts");
    within(server.until(|hits| hits.len() >= 2)).await;
    let peak = peak_kib(&child);
    assert!(peak < MOST_KIB, "{name}: {peak} KiB");
    let ended = ended(child).await;
    assert!(started.elapsed() < Duration::from_secs(4), "{name}: {:?}", started.elapsed());
    assert_eq!(ended.code, Some(124), "{name}: {}", ended.stderr);
    assert!(ended.stdout.contains(told), "{name}: {}", ended.stdout);
}

#[tokio::test]
async fn no_stream_makes_the_process_large_or_late() {
    let chunked = |status| Reply::json(status, "").header("Transfer-Encoding", "chunked");
    let spaces = "1000\r\n".to_owned() + &" ".repeat(4096) + "\r\n";
    let spaces: &'static str = spaces.leak();
    let fields = Reply::raw("HTTP/1.1 200 OK\r\n").then(Then::Endless("X-A: b\r\n"));
    let drip = Reply::json(200, "{}").then(Then::Drip(Duration::from_secs(1)));
    for (name, reply, told) in [
        (
            "endless spaces",
            chunked(200).then(Then::Endless(spaces)),
            "the answer is longer than 1048576 bytes",
        ),
        (
            "endless spaces as an error",
            chunked(503).then(Then::Endless(spaces)),
            "HTTP 503 Service Unavailable",
        ),
        ("endless fields", fields, "no answer from"),
        (
            "3 GiB announced",
            Reply::json(200, "").header("Content-Length", "3221225472"),
            "longer than 1048576 bytes",
        ),
        ("a byte a second", drip, "no answer within"),
    ] {
        prove(name, reply, told).await;
    }
}

#[tokio::test]
async fn no_body_makes_the_process_large_or_late() {
    let bomb = Reply::json(200, compressed(128 * MEBIBYTE)).header("Content-Encoding", "gzip");
    let fields = repeated(r#"{"a":["#, r#"{"":0},"#, "0]}");
    let reason = repeated(r#"{"result":{"reason":""#, "long ", r#""}}"#);
    for (name, reply, told) in [
        ("a bomb", bomb, "longer than 1048576 bytes"),
        ("deep lists", Reply::json(200, "[".repeat(MEBIBYTE)), "it has more than 10000 objects and lists"),
        ("many fields", Reply::json(200, fields.clone()), "it has more than 10000 objects and lists"),
        ("many fields in an error", Reply::json(500, fields), "HTTP 500 Internal Server Error"),
        ("a long reason", Reply::json(200, reason), "it has another shape"),
    ] {
        prove(name, reply, told).await;
    }
}
