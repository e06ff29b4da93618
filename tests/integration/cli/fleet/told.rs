//! What a log says of several operations: a fault of the server once, one heartbeat for all, and no more than was asked for.

use std::collections::{HashMap, HashSet};

use super::{SOON, at, count, name, server, wait};
use crate::support::command::run;
use crate::support::server::{Reply, Server};
use crate::support::{PENDING, SUCCESS};

/// A server that breaks down once each of so many was pending, and is back once each has seen that.
async fn with_outage(members: usize) -> Server {
    let (mut pending, mut refused) = (HashSet::new(), HashSet::new());
    Server::start_by(move |hit, _| {
        let name = name(hit).to_owned();
        if pending.len() < members {
            pending.insert(name);
            Reply::json(200, PENDING)
        } else if refused.len() < members {
            refused.insert(name);
            Reply::json(503, r#"{"code":"APIG.0201","message":"backend unavailable"}"#)
        } else {
            Reply::json(200, SUCCESS)
        }
    })
    .await
}

#[tokio::test]
async fn a_fault_of_the_server_is_told_once_and_so_is_that_it_is_over() {
    let server = with_outage(3).await;
    let ended = wait(&server, &["a", "b", "c"], &["--heartbeat", "200ms"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let fault = "HTTP 503 Service Unavailable: APIG.0201: backend unavailable";
    let is_fault = |line: &&str| line.contains("] c/") && line.ends_with(fault);
    assert_eq!(ended.stderr.lines().filter(is_fault).count(), 1, "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, "] all are answered again, after "), 1, "{}", ended.stderr);
    // While it is down the heartbeat says so.
    let beats = ended.stderr.lines().filter(|line| line.contains("] still waiting: "));
    assert!(beats.into_iter().any(|line| line.ends_with(fault)), "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, ": succeeded after "), 3, "{}", ended.stderr);
}

#[tokio::test]
async fn who_ended_without_an_answer_is_not_said_to_be_answered_again() {
    let server = server().await;
    let ended =
        wait(&server, &["broken1", "missing1", "late1"], &["--max-errors", "1", "--not-found-grace", "0"])
            .await;
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, "answered again"), 0, "{}", ended.stderr);
}

#[tokio::test]
async fn one_heartbeat_is_told_for_all() {
    let server = server().await;
    let names = ["pending1", "pending2", "ok1"];
    let ended = wait(&server, &names, &["-t", "1500ms", "--heartbeat", "300ms"]).await;
    assert_eq!(ended.code, Some(124));
    let beats: Vec<&str> = ended.stderr.lines().filter(|line| line.contains("still waiting")).collect();
    assert!((1..=5).contains(&beats.len()), "{}", ended.stderr);
    assert!(
        beats.last().unwrap().ends_with("] still waiting: 2 of 3 pending, 1 succeeded"),
        "{}",
        ended.stderr
    );
    let none = wait(&server, &names, &["-t", "500ms", "--heartbeat", "none"]).await;
    assert_eq!(count(&none.stderr, "still waiting"), 0, "{}", none.stderr);
}

#[tokio::test]
async fn where_all_begin_is_no_news_and_each_change_is() {
    let mut polls: HashMap<String, usize> = HashMap::new();
    let server = Server::start_by(move |hit, _| {
        let poll = polls.entry(name(hit).to_owned()).or_default();
        *poll += 1;
        let state = if *poll == 1 { "queued" } else { "running" };
        let body = if *poll == 3 {
            r#"{"status":"Succeeded"}"#.to_owned()
        } else {
            format!(r#"{{"status":"{state}"}}"#)
        };
        Reply::json(200, body)
    })
    .await;
    let urls: Vec<_> = ["a", "b"].iter().map(|name| format!("{}/operations/{name}", server.url())).collect();
    let ended = run(at(&server, "wait").args(&urls).args(["--preset", "azure"]).args(SOON)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, "queued"), 0, "{}", ended.stderr);
    for url in urls {
        assert_eq!(count(&ended.stderr, &format!("] {url}: pending (running)")), 1, "{}", ended.stderr);
    }
}

#[tokio::test]
async fn quiet_tells_errors_and_nothing_else() {
    let server = server().await;
    let ended = wait(&server, &["ok1", "late1", "ok1"], &["-q"]).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
    let ended = wait(&server, &["ok1", "failed1"], &["-q"]).await;
    let told: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[0], "error: operation c/failed1 failed: no free line");
    assert!(told[1].starts_with("  after "), "{told:?}");
    assert_eq!(told[2], "error: 1 of 2 operations did not succeed: 1 failed");
}

#[tokio::test]
async fn verbose_tells_every_poll() {
    let server = server().await;
    let ended = wait(&server, &["ok1", "late1", "broken1"], &["-v", "--max-errors", "1"]).await;
    assert_eq!(ended.code, Some(3));
    for (told, times) in [
        ("c/ok1: succeeded (success) (poll 1, answered in ", 1),
        ("c/late1: pending (create) (poll 1, answered in ", 1),
        ("c/late1: asking again in ", 1),
        ("c/late1: succeeded (success) (poll 2, answered in ", 1),
        ("c/broken1: no usable answer: HTTP 500 Internal Server Error (poll 1, after ", 1),
        ("(poll ", 4),
    ] {
        assert_eq!(count(&ended.stderr, told), times, "{told}: {}", ended.stderr);
    }
    let polls = server.hits().len();
    assert_eq!(polls, 4);
}
