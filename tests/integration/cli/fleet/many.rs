//! As many operations as a platform has: each is asked no more than it must be, and what has ended takes no room.

use std::fmt::Write;
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Child;

use super::{at, name};
use crate::support::SUCCESS;
use crate::support::command::{run_with_input, status, within};
use crate::support::server::{Reply, Server};

/// These operations, a line each.
fn list(numbers: std::ops::Range<usize>) -> String {
    let mut list = String::new();
    for number in numbers {
        writeln!(list, "c/o{number}").expect("a string takes all");
    }
    list
}

#[tokio::test]
async fn of_thousands_that_are_done_each_is_asked_for_once() {
    const COUNT: usize = 4_000;
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    // As fast as they go: how they are spread is proved elsewhere.
    let args = ["-", "-q", "--interval", "10ms"];
    let ended = run_with_input(at(&server, "wait").args(args), &list(0..COUNT)).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let is_in_place = |(number, line): (usize, &str)| line.starts_with(&format!("c/o{number}\tsucceeded\t"));
    assert!(ended.stdout.lines().enumerate().all(is_in_place), "in the order given");
    assert_eq!(ended.stdout.lines().count(), COUNT);
    let mut asked: Vec<usize> = server.hits().iter().map(|hit| name(hit)[1..].parse().unwrap()).collect();
    asked.sort_unstable();
    assert!(asked.into_iter().eq(0..COUNT), "exactly one poll each");
}

/// How much memory the process has now, in bytes.
fn resident(child: &Child) -> usize {
    let id = child.id().expect("the process is still running");
    let status =
        std::fs::read_to_string(format!("/proc/{id}/status")).expect("the system tells of processes");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a size");
    let kib: usize = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kib * 1024
}

#[tokio::test]
async fn what_has_been_told_takes_no_room() {
    const WARM: usize = 2_000;
    const COUNT: usize = 7_000;
    const AT_ONCE: usize = 100;
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let mut command = at(&server, "wait");
    command.args(["-", "--follow", "-o", "jsonl", "-q", "--interval", "10ms"]);
    // Otherwise the C library keeps what is free in several places, and how much is a matter of luck.
    command.env("MALLOC_ARENA_MAX", "1");
    let mut child = command.stdin(Stdio::piped()).spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    let mut told = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut before = 0;
    for first in (0..COUNT).step_by(AT_ONCE) {
        if first == WARM {
            before = resident(&child);
        }
        // So many are under way, and no more are written before these have ended.
        within(stdin.write_all(list(first..first + AT_ONCE).as_bytes())).await.expect("somebody reads");
        let mut ended = 0;
        while ended < AT_ONCE {
            let line = within(told.next_line()).await.unwrap().expect("the wait goes on");
            ended += usize::from(line.contains(r#""event":"ended""#));
        }
    }
    let grown = resident(&child).saturating_sub(before);
    drop(stdin);
    let mut last = String::new();
    while let Some(line) = within(told.next_line()).await.unwrap() {
        last = line;
    }
    let last: Value = serde_json::from_str(&last).expect("JSON");
    assert_eq!((&last["event"], &last["counts"]["succeeded"]), (&"finished".into(), &COUNT.into()));
    assert_eq!(status(&mut child).await.code(), Some(0));
    // A number is remembered of each, so that none is awaited twice: less than 40 bytes, with room to grow. An operation
    // that is kept is some 400; the allocator's own noise is in between.
    let each = grown / (COUNT - WARM);
    assert!(each < 250, "{each} bytes an operation");
}
