//! Operations that come one after another on standard input, and the end of a run whose input does not end.

use std::process::Stdio;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, ChildStdin};

use super::{SOON, at, count, lines, name, polls, server};
use crate::support::command::{Ended, ended, run, run_with_input, signal, within};
use crate::support::server::{Hit, Server};

/// A wait that follows standard input, which stays open.
fn follow(server: &Server, args: &[&str]) -> (Child, ChildStdin) {
    let mut command = at(server, "wait");
    let command = command.args(["-", "--follow"]).args(SOON).args(args).stdin(Stdio::piped());
    let mut child = command.spawn().expect("the command starts");
    let stdin = child.stdin.take().expect("standard input is a pipe");
    (child, stdin)
}

async fn write(stdin: &mut ChildStdin, text: &str) {
    within(stdin.write_all(text.as_bytes())).await.expect("somebody reads");
}

/// Whether this operation was asked for so often. After the second poll the first was answered.
fn has(wanted: &str, polls: usize) -> impl Fn(&[Hit]) -> bool {
    move |hits| hits.iter().filter(|hit| name(hit) == wanted).count() >= polls
}

/// A wait that follows this to its end.
async fn followed(server: &Server, args: &[&str], input: &str) -> Ended {
    run_with_input(at(server, "wait").args(["-", "--follow"]).args(SOON).args(args), input).await
}

#[tokio::test]
async fn references_are_taken_as_they_come() {
    let server = server().await;
    let (child, mut stdin) = follow(&server, &["c/ok1"]);
    for (line, wanted) in [("c/ok2\n", "ok2"), ("\r\nc/late3\r\n", "late3"), ("\"c/ok4\"\n", "ok4")] {
        write(&mut stdin, line).await;
        within(server.until(has(wanted, 1))).await;
    }
    // The last line needs no end.
    write(&mut stdin, "c/ok5").await;
    drop(stdin);
    let ended = ended(child).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let ids = ["c/ok1", "c/ok2", "c/late3", "c/ok4", "c/ok5"].map(|id| format!("{id}|succeeded"));
    assert_eq!(lines(&ended), ids);
    assert!(
        ended.stderr.contains("waiting for 1 operation and those on standard input at "),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("succeeded: 5 operations after "), "{}", ended.stderr);
}

#[tokio::test]
async fn an_operation_that_comes_again_is_awaited_once() {
    let server = server().await;
    let (child, mut stdin) = follow(&server, &[]);
    write(&mut stdin, "c/ok1\n").await;
    within(server.until(has("ok1", 1))).await;
    write(&mut stdin, "/v1.0/plasconnector/connector/c/operations/ok1\nc/ok1\nc/ok2\n").await;
    drop(stdin);
    let ended = ended(child).await;
    assert_eq!((ended.code, lines(&ended).len()), (Some(0), 2), "{}", ended.stderr);
    assert_eq!(polls(&server)["ok1"], 1);
    assert!(ended.stderr.contains("2 references name operations that were named before"));
}

#[tokio::test]
async fn an_invalid_line_is_told_and_passed_over_and_the_end_is_not_0() {
    let server = server().await;
    for args in [&[][..], &["--skip-invalid"], &["-o", "json"]] {
        let ended = followed(&server, args, "c/ok1\nnonsense\nc/ok2\n").await;
        assert_eq!(ended.code, Some(2), "{}", ended.stderr);
        let told = "error: line 2 of standard input names no operation\n  caused by: `nonsense` is neither";
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
        assert!(ended.stderr.ends_with("error: 1 line of standard input named no operation\n"));
        if args.contains(&"json") {
            let document: Value = serde_json::from_str(&ended.stdout).expect("a document");
            assert_eq!(
                (&document["outcome"], document["operations"].as_array().unwrap().len()),
                (&"error".into(), 2)
            );
        } else {
            assert_eq!(lines(&ended).len(), 2);
        }
    }
    // What is worse is told instead.
    let ended = followed(&server, &[], "nonsense\nc/failed1\n").await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    // And COMMAND does not run on half of what was meant.
    let ended = followed(&server, &["--", "echo", "ran"], "c/ok3\nx\n").await;
    assert!(ended.code == Some(2) && !ended.stdout.contains("ran"), "{}", ended.stdout);
}

#[tokio::test]
async fn who_is_told_nothing_but_errors_is_told_which_line_was_wrong() {
    let server = server().await;
    let ended = followed(&server, &["-q"], "c/ok1\nnonsense\n").await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.starts_with("error: line 2 of standard input names"), "{}", ended.stderr);
}

#[tokio::test]
async fn nothing_to_follow_is_2() {
    let server = server().await;
    let ended = run(at(&server, "wait").args(["c/ok1", "--follow"])).await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.starts_with("error: --follow has nothing to follow"), "{}", ended.stderr);
    assert!(ended.stderr.contains("hint: give - as an OPERATION"), "{}", ended.stderr);
    for (input, told) in [
        ("", "error: there was no operation on standard input\n"),
        ("\n\r\n", "error: there was no operation on standard input\n"),
        ("\u{0}\n", "error: 1 line of standard input named no operation\n"),
        ("x\ny\n", "error: 2 lines of standard input named no operation\n"),
    ] {
        let ended = followed(&server, &[], input).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{input:?}: {}", ended.stderr);
        assert!(ended.stderr.ends_with(told), "{input:?}: {}", ended.stderr);
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_to_its_end_is_2_also_when_all_that_came_is_done() {
    let server = server().await;
    let folder = std::fs::File::open("/").expect("there is a root");
    let ended = run(at(&server, "wait").args(["c/ok1", "-", "--follow"]).stdin(folder)).await;
    assert_eq!((ended.code, lines(&ended).len()), (Some(2), 1), "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, "error: the operation cannot be read from standard input"), 1);
    assert!(ended.stderr.ends_with("error: standard input was not read to its end\n"), "{}", ended.stderr);
}

#[tokio::test]
async fn a_signal_ends_the_wait_although_standard_input_stays_open() {
    // With nothing that has come, with one that is pending, and with all that came done.
    for (input, last, wanted, printed) in [
        ("", "", "waiting for the operations on standard input", &[][..]),
        ("c/pending1\n", "pending1", "", &["c/pending1|pending"]),
        ("c/ok1\n", "", "c/ok1: succeeded", &["c/ok1|succeeded"]),
    ] {
        for (name, code) in [("INT", 130), ("TERM", 143)] {
            let server = server().await;
            let (mut child, mut stdin) = follow(&server, &[]);
            write(&mut stdin, input).await;
            let mut stderr = Told::of(&mut child);
            if last.is_empty() {
                stderr.until(wanted).await;
            } else {
                within(server.until(has(last, 2))).await;
            }
            signal(&child, name).await;
            let ended = ended(child).await;
            let told = stderr.rest().await;
            assert_eq!(ended.code, Some(code), "{input:?} {name}: {told}");
            assert_eq!(lines(&ended), printed, "{input:?} {name}: {told}");
            assert_eq!(count(&told, "interrupted"), 1, "{input:?} {name}: {told}");
            drop(stdin);
        }
    }
}

#[tokio::test]
async fn with_any_the_first_success_is_the_end_although_standard_input_stays_open() {
    let server = server().await;
    let (child, mut stdin) = follow(&server, &["--any"]);
    write(&mut stdin, "c/failed1\nc/late1\n").await;
    let ended = ended(child).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(lines(&ended).contains(&"c/late1|succeeded".to_owned()), "{}", ended.stdout);
    drop(stdin);
}

#[tokio::test]
async fn the_limit_holds_although_standard_input_stays_open() {
    for (input, last, told) in [
        ("", "", "error: gave up reading standard input: it did not end within 1s\n"),
        ("c/ok1\n", "c/ok1|succeeded", "error: gave up reading standard input: it did not end within 1s\n"),
        (
            "c/pending1\n",
            "c/pending1|pending",
            "error: gave up waiting for 1 operation: it was not done within 1s\n",
        ),
    ] {
        let server = server().await;
        let (child, mut stdin) = follow(&server, &["-t", "1s"]);
        write(&mut stdin, input).await;
        let ended = ended(child).await;
        assert_eq!(ended.code, Some(124), "{input:?}: {}", ended.stderr);
        assert!(ended.stderr.contains(told), "{input:?}: {}", ended.stderr);
        assert_eq!(lines(&ended).join(""), last, "{input:?}");
        drop(stdin);
    }
}

/// What is told on standard error, as far as it was read.
struct Told {
    lines: tokio::io::Lines<tokio::io::BufReader<tokio::process::ChildStderr>>,
    text: String,
}

impl Told {
    fn of(child: &mut Child) -> Self {
        use tokio::io::{AsyncBufReadExt, BufReader};

        let stderr = child.stderr.take().expect("standard error is a pipe");
        Self { lines: BufReader::new(stderr).lines(), text: String::new() }
    }

    /// The next line; false at the end.
    async fn next(&mut self) -> bool {
        let Some(line) = within(self.lines.next_line()).await.expect("it is text") else { return false };
        self.text += &line;
        self.text.push('\n');
        true
    }

    async fn until(&mut self, wanted: &str) {
        while !self.text.contains(wanted) {
            assert!(self.next().await, "`{wanted}` was not told: {}", self.text);
        }
    }

    /// All that was told.
    async fn rest(mut self) -> String {
        while self.next().await {}
        self.text
    }
}
