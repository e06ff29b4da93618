//! A signal ends the wait within a second, with what is known; a second one at once.

use std::io::{Read, Write};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};

use crate::support::command::{ended, lro, signal, status, within};
use crate::support::server::{Reply, Server, Then};
use crate::support::{PATH, PENDING, SUCCESS};

#[expect(clippy::disallowed_methods, reason = "a test that measures how long something takes")]
fn now() -> Instant {
    Instant::now()
}

#[tokio::test]
async fn a_signal_ends_the_wait_with_the_last_known_state() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        // Once in the sleep after an answer, once in a poll that hangs.
        for (replies, state) in [
            (vec![Reply::json(200, PENDING).header("Retry-After", "60")], "pending"),
            (vec![Reply::nothing(Then::Hang)], "unknown"),
        ] {
            let server = Server::start(replies).await;
            let url = format!("{}{PATH}", server.url());
            let child = lro(&["wait", &url]).spawn().unwrap();
            let mut child = child;
            let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
            // What is told of the start, and of the answer where there is one.
            for _ in 0..if state == "pending" { 2 } else { 1 } {
                within(stderr.next_line()).await.unwrap().expect("a line");
            }
            signal(&child, name).await;
            let sent = now();
            let mut ended = ended(child).await;
            assert!(sent.elapsed() < Duration::from_secs(1), "{:?}", sent.elapsed());
            while let Some(line) = within(stderr.next_line()).await.unwrap() {
                ended.stderr.push_str(&line);
                ended.stderr.push('\n');
            }
            assert_eq!(ended.code, Some(code), "{}", ended.stderr);
            assert!(
                ended.stderr.contains("error: the wait for operation c1/o1 was interrupted\n"),
                "{}",
                ended.stderr
            );
            assert!(ended.stderr.contains(&format!("last known state: {state}")), "{}", ended.stderr);
            assert!(
                ended.stderr.ends_with(&format!("to wait for it again: lro wait {url}\n")),
                "{}",
                ended.stderr
            );
            assert!(ended.stdout.starts_with(&format!("c1/o1\t{state}\t")), "{}", ended.stdout);
        }
    }
}

#[tokio::test]
async fn a_second_signal_ends_a_process_that_cannot_even_write() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let url = format!("{}{PATH}", server.url());
    // A pipe that is full and that nobody reads: the result will not go out.
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut full = writer.try_clone().unwrap();
    full.write_all(&vec![0; 65536]).unwrap();
    let mut child = lro(&["wait", &url]).stdout(writer).spawn().unwrap();
    drop(full);
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    within(server.until(|hits| !hits.is_empty())).await;
    signal(&child, "TERM").await;
    // Once it has told how to go on, nothing is left but the result.
    while let Some(line) = within(stderr.next_line()).await.unwrap() {
        if line.contains("to wait for it again") {
            break;
        }
    }
    assert_eq!(child.try_wait().unwrap(), None);
    signal(&child, "INT").await;
    assert_eq!(status(&mut child).await.code(), Some(130));
    let mut rest = Vec::new();
    reader.read_to_end(&mut rest).unwrap();
    assert_eq!(rest.len(), 65536, "the result was not written");
}

#[tokio::test]
async fn after_a_signal_no_command_is_run() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{PATH}", server.url());
    let (mut reader, writer) = std::io::pipe().unwrap();
    let mut full = writer.try_clone().unwrap();
    full.write_all(&vec![0; 65536]).unwrap();
    let command = ["wait", &url, "-o", "text", "--", "echo", "the command ran"];
    let mut child = lro(&command).stdout(writer).spawn().unwrap();
    drop(full);
    let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
    // It has succeeded, and hangs in telling so.
    while let Some(line) = within(stderr.next_line()).await.unwrap() {
        if line.starts_with("succeeded: ") {
            break;
        }
    }
    signal(&child, "INT").await;
    let rest = tokio::task::spawn_blocking(move || {
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).map(|_| rest)
    });
    assert_eq!(status(&mut child).await.code(), Some(130));
    let told = within(stderr.next_line()).await.unwrap().unwrap();
    assert_eq!(told, "error: the operation succeeded, but `echo` was not run: a signal came first");
    let rest = String::from_utf8(rest.await.unwrap().unwrap()).unwrap();
    assert!(rest.contains("c1/o1\tsucceeded\t") && !rest.contains("the command ran"), "{rest:?}");
}
