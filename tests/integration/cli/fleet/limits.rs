//! What ends a wait for several before they are done, and how many polls a server sees at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::sync::watch;

use super::{SOON, at, count, lines, name, polls, server, typed, wait};
use crate::support::command::{ended, lro, run, run_with_input, shell, signal, within};
use crate::support::server::{Reply, Script, Server};
use crate::support::{PENDING, SUCCESS};

#[tokio::test]
async fn one_limit_holds_for_all_and_what_is_told_then_waits_again() {
    let is_done = Arc::new(AtomicBool::new(false));
    let done = Arc::clone(&is_done);
    let server = Server::start_by(move |hit, _| {
        let is_done = name(hit).starts_with("ok") || done.load(Ordering::Relaxed);
        Reply::json(200, if is_done { SUCCESS } else { PENDING })
    })
    .await;
    let ended = wait(&server, &["pending1", "ok1", "pending2"], &["-t", "1s", "--concurrency", "2"]).await;
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    assert_eq!(lines(&ended), ["c/pending1|pending", "c/ok1|succeeded", "c/pending2|pending"]);
    let told = "error: gave up waiting for 2 of 3 operations: they were not done within 1s\n";
    assert_eq!(count(&ended.stderr, told.trim_end()), 1, "{}", ended.stderr);
    assert!(ended.stderr.contains("\n  c/pending1: pending (create), after "), "{}", ended.stderr);
    assert!(ended.stderr.ends_with("error: 2 of 3 operations did not succeed: 2 timed out\n"));
    let again = "  hint: the operations may still be running; to wait for them again: ";
    let command = ended.stderr.lines().find_map(|line| line.strip_prefix(again)).expect("a command");
    assert!(command.starts_with("lro wait --concurrency 2 http://127.0.0.1:"), "{command}");

    is_done.store(true, Ordering::Relaxed);
    let before = polls(&server)["ok1"];
    let ended = run(&mut shell(command)).await;
    assert_eq!(ended.code, Some(0), "{command}\n{}", ended.stderr);
    assert_eq!(lines(&ended), ["c/pending1|succeeded", "c/pending2|succeeded"]);
    assert_eq!(polls(&server)["ok1"], before, "what was done is not asked for again");
}

#[tokio::test]
async fn of_many_that_are_late_the_first_are_told() {
    let server = server().await;
    let names: Vec<String> = (0..14).map(|number| format!("pending{number}")).collect();
    let ended = wait(&server, &names.iter().map(String::as_str).collect::<Vec<_>>(), &["-t", "1s"]).await;
    assert_eq!((ended.code, lines(&ended).len()), (Some(124), 14), "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, "  c/pending"), 10, "{}", ended.stderr);
    assert!(ended.stderr.contains("\n  and 4 more\n"), "{}", ended.stderr);
    let hint = "to wait for them again, give the same ones: what is done is told at once\n";
    assert!(ended.stderr.contains(hint), "{}", ended.stderr);
}

#[tokio::test]
async fn a_signal_ends_the_wait_with_the_last_known_states() {
    for (sent, code) in [("INT", 130), ("TERM", 143)] {
        let server = server().await;
        let mut command = at(&server, "wait");
        let mut child = command.args(typed(&["ok1", "pending1", "failed1"])).args(SOON).spawn().unwrap();
        let mut stderr = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut told = String::new();
        within(async {
            while !told.contains("operation c/failed1 failed") {
                told += &stderr.next_line().await.unwrap().expect("the wait goes on");
            }
        })
        .await;
        // After the second poll the first was answered.
        within(server.until(|hits| hits.iter().filter(|hit| name(hit) == "pending1").count() >= 2)).await;
        signal(&child, sent).await;
        let ended = ended(child).await;
        assert_eq!(ended.code, Some(code), "{sent}");
        assert_eq!(lines(&ended), ["c/ok1|succeeded", "c/pending1|pending", "c/failed1|failed|no free line"]);
        let mut rest = String::new();
        while let Some(line) = within(stderr.next_line()).await.unwrap() {
            rest += &(line + "\n");
        }
        assert!(rest.contains("error: the wait for 1 of 3 operations was interrupted\n"), "{rest}");
        assert!(rest.contains("\n  c/pending1: pending (create), after "), "{rest}");
        assert!(
            rest.ends_with("error: 2 of 3 operations did not succeed: 1 interrupted, 1 failed\n"),
            "{rest}"
        );
    }
}

/// A server that answers each request only once so many have been there together, and says how many ever were.
async fn together(count: usize) -> (Server, watch::Receiver<(usize, usize)>) {
    let (sender, seen) = watch::channel((0, 0));
    let sender = Arc::new(sender);
    let server = Server::start_over(Script::new([]), move |_, mut stream, _| {
        let sender = Arc::clone(&sender);
        async move {
            use tokio::io::AsyncWriteExt;

            let (reader, mut writer) = stream.split();
            let mut lines = BufReader::new(reader).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if !line.is_empty() {
                    continue;
                }
                sender.send_modify(|(now, most)| {
                    *now += 1;
                    *most = (*most).max(*now);
                });
                sender.subscribe().wait_for(|(_, most)| *most >= count).await.expect("the count is kept");
                // Time for one too many to come.
                pause().await;
                sender.send_modify(|(now, _)| *now -= 1);
                let length = SUCCESS.len();
                let reply = format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{SUCCESS}"
                );
                if writer.write_all(reply.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    })
    .await;
    (server, seen)
}

#[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
async fn pause() {
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
}

#[tokio::test]
async fn no_more_polls_are_under_way_than_may_be() {
    for verb in ["wait", "status"] {
        let (server, seen) = together(3).await;
        let names: Vec<String> = (0..12).map(|number| format!("c/ok{number}")).collect();
        let mut command = at(&server, verb);
        if verb == "wait" {
            // So that all are due at once.
            command.args(["--interval", "10ms"]);
        }
        let ended = run(command.args(&names).args(["--concurrency", "3"])).await;
        assert_eq!((ended.code, lines(&ended).len()), (Some(0), 12), "{verb}: {}", ended.stderr);
        assert_eq!(*seen.borrow(), (0, 3), "{verb}");
    }
}

#[tokio::test]
async fn a_number_that_makes_no_sense_is_2_and_nothing_is_sent() {
    let server = server().await;
    for (args, told) in [
        (["--rate", "0"], "the number of polls a second is 0, but must be from "),
        (["--rate", "NaN"], "the number of polls a second is NaN, but must be from "),
        (["--rate", "-1"], "the number of polls a second is -1, but must be from "),
        (["--rate", "inf"], "the number of polls a second is inf, but must be from "),
        (["--rate", "abc"], "invalid value 'abc' for '--rate <N>'"),
        (["--concurrency", "0"], "invalid value '0' for '--concurrency <N>'"),
        (["--concurrency", "-1"], "invalid value '-1' for '--concurrency <N>'"),
        (["--concurrency", "10001"], "invalid value '10001' for '--concurrency <N>'"),
    ] {
        for verb in ["wait", "status"] {
            let ended = run(at(&server, verb).args(typed(&["ok1", "ok2"])).args(args)).await;
            assert_eq!(ended.code, Some(2), "{verb} {args:?}: {}", ended.stderr);
            assert!(ended.stderr.contains(told), "{verb} {args:?}: {}", ended.stderr);
        }
    }
    for args in [["--any", "--fail-fast"], ["--all", "--any"], ["--all", "--fail-fast"]] {
        let ended = wait(&server, &["ok1", "ok2"], &args).await;
        assert!(ended.code == Some(2) && ended.stderr.contains("cannot be used with"), "{}", ended.stderr);
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn a_rate_holds_for_all_together() {
    let server = server().await;
    let names: Vec<String> = (0..4).map(|number| format!("ok{number}")).collect();
    let list = typed(&names.iter().map(String::as_str).collect::<Vec<_>>()).join("\n");
    // The limit comes before the fourth, which would be asked for after a minute and a half.
    let args = ["wait", "-", "--endpoint", &server.url(), "--rate", "0.03", "-t", "2s"];
    let ended = run_with_input(lro(&args).args(SOON), &list).await;
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    assert!(server.hits().len() < 4, "{:?}", server.paths());
    assert!(lines(&ended).contains(&"c/ok0|succeeded".to_owned()), "{}", ended.stdout);
}
