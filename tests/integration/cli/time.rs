//! A process that stands still, as under SIGSTOP: the time counts, nothing is made up for, and what came meanwhile is heard.
//! What a library's caller sees is proved over HTTP, and steps of the clock where that can be set.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::process::Child;

use crate::support::command::{Ended, ended, lro, signal};
use crate::support::server::{Hit, Reply, Server, Then, sleep};
use crate::support::{PENDING, SUCCESS};

/// How long it stands still.
const STOPPED: Duration = Duration::from_millis(1500);

/// Time for what is to be done when it goes on.
const SOON: Duration = Duration::from_millis(500);

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a test that measures how long something takes")]
    Instant::now()
}

/// How many operations are awaited: one, and several by one process.
const COUNTS: [usize; 2] = [1, 3];

/// Waits for so many operations of this server.
fn wait(server: &Server, count: usize, args: &[&str]) -> Child {
    let urls = (0..count).map(|number| url(server, number));
    let mut command = lro(&["wait", "--schedule", "fixed"]);
    command.args(args).args(urls).spawn().expect("the command starts")
}

fn url(server: &Server, number: usize) -> String {
    format!("{}/v1.0/plasconnector/connectors/c/operations/o{number}", server.url())
}

/// Stops the process once so many requests were seen, and has it go on when the time has passed; when that was.
async fn stand_still(child: &Child, server: &Server, requests: usize) -> Instant {
    server.until(|hits| hits.len() >= requests).await;
    signal(child, "STOP").await;
    sleep(STOPPED).await;
    signal(child, "CONT").await;
    now()
}

/// The pauses between the requests for this operation.
fn pauses(server: &Server, number: usize) -> Vec<Duration> {
    let path = url(server, number);
    let hits: Vec<Hit> = server.hits().into_iter().filter(|hit| path.ends_with(hit.path())).collect();
    hits.windows(2).map(|pair| pair[1].at.saturating_duration_since(pair[0].at)).collect()
}

fn outcomes(ended: &Ended) -> Vec<(Value, Value)> {
    let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
    let operations = document["operations"].as_array().expect("a list");
    operations.iter().map(|one| (one["outcome"].clone(), one["state"].clone())).collect()
}

#[tokio::test]
async fn after_a_stop_longer_than_the_interval_each_is_asked_once_and_then_as_before() {
    for count in COUNTS {
        let server =
            Server::start_by(|_, nth| Reply::json(200, if nth < 8 { PENDING } else { SUCCESS })).await;
        let child = wait(&server, count, &["--interval", "200ms", "-o", "json", "--heartbeat", "250ms"]);
        let again = stand_still(&child, &server, 3 * count).await;
        let asked = server.hits().len();
        server.until(|hits| hits.len() > asked).await;
        assert!(again.elapsed() < SOON, "{:?}: what is due is asked at once", again.elapsed());
        let ended = ended(child).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        for number in 0..count {
            let pauses = pauses(&server, number);
            assert_eq!(pauses.len(), 7);
            let long = pauses
                .iter()
                .filter(|pause| **pause >= STOPPED.saturating_sub(Duration::from_millis(250)))
                .count();
            assert_eq!(long, 1, "{pauses:?}");
            assert!(pauses.iter().all(|pause| *pause > Duration::from_millis(150)), "{pauses:?}");
        }
        // Seven pauses of 200 ms and the stop have some eight heartbeats; those of the stop are told as one.
        let beats = ended.stderr.lines().filter(|line| line.contains("still waiting")).count();
        assert!(beats <= 8, "{}", ended.stderr);
        let document: Value = serde_json::from_str(&ended.stdout).expect("JSON");
        let elapsed = document["elapsed_ms"].as_u64().expect("a number");
        assert!(elapsed >= 2500, "{elapsed}: the time of a stop counts");
    }
}

#[tokio::test]
async fn after_a_stop_longer_than_the_limit_the_wait_ends_with_the_last_known_state() {
    for count in COUNTS {
        let server = Server::start([Reply::json(200, PENDING)]).await;
        let child = wait(&server, count, &["-t", "1s", "--interval", "100ms", "-o", "json"]);
        let again = stand_still(&child, &server, 3 * count).await;
        let asked = server.hits().len();
        let ended = ended(child).await;
        assert!(again.elapsed() < SOON, "{:?}", again.elapsed());
        assert_eq!(ended.code, Some(124), "{}", ended.stderr);
        assert_eq!(outcomes(&ended), vec![("timed_out".into(), "pending".into()); count]);
        assert!(ended.stderr.contains("to wait for "), "{}", ended.stderr);
        assert_eq!(server.hits().len(), asked, "nothing is asked past the limit");
    }
}

#[tokio::test]
async fn an_end_that_came_during_a_stop_counts_although_the_limit_has_passed() {
    for count in COUNTS {
        // It takes about a third of a second to come.
        let reply = Reply::json(200, SUCCESS).then(Then::Drip(Duration::from_millis(1)));
        let server = Server::start([reply]).await;
        let child = wait(&server, count, &["-t", "1s", "--interval", "10ms", "-o", "json"]);
        let again = stand_still(&child, &server, count).await;
        let ended = ended(child).await;
        assert!(again.elapsed() < SOON, "{:?}", again.elapsed());
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(outcomes(&ended), vec![("succeeded".into(), "succeeded".into()); count]);
        assert_eq!(server.hits().len(), count, "each was asked for once");
    }
}

#[tokio::test]
async fn a_poll_that_nobody_answered_during_a_stop_ends_with_it() {
    for count in COUNTS {
        let server = Server::start([Reply::nothing(Then::Hang)]).await;
        let child = wait(&server, count, &["-t", "1s", "--interval", "10ms", "-o", "json"]);
        let again = stand_still(&child, &server, count).await;
        let ended = ended(child).await;
        assert!(again.elapsed() < SOON, "{:?}", again.elapsed());
        assert_eq!(ended.code, Some(124), "{}", ended.stderr);
        assert_eq!(outcomes(&ended), vec![("timed_out".into(), Value::Null); count]);
    }
}
