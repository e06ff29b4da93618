//! A fleet on paused time: who is asked when, and what becomes of the others.

mod held;
mod joining;
mod limits;
mod scripted;

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::*;
use crate::schedule::Fixed;
use crate::{EventKind, Limit, Outcome, WaitError};
use scripted::{Scripted, Server, Turn};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A fleet that asks each operation every 5 s, for 60 s.
fn fleet(operations: impl IntoIterator<Item = Scripted>) -> Fleet<Scripted> {
    wait_for_all(operations).timeout(secs(60)).schedule(|| Fixed::new(secs(5)).expect("5 s is in bounds"))
}

fn word<S>(outcome: &Outcome<S>) -> &'static str {
    match outcome {
        Ok(_) => "succeeded",
        Err(WaitError::Failed(_)) => "failed",
        Err(WaitError::TimedOut { .. }) => "timed out",
        Err(WaitError::Interrupted(_)) => "interrupted",
        Err(WaitError::Poll { .. }) => "lost",
        Err(_) => "something else",
    }
}

fn words<S>(ended: &Outcomes<S>) -> Vec<&'static str> {
    ended.outcomes.iter().map(word).collect()
}

#[tokio::test(start_paused = true)]
async fn all_are_waited_for_and_told_in_the_order_in_which_they_joined() {
    let server = Server::new();
    let ended = fleet([
        server.operation("slow", &[Turn::Pending, Turn::Pending, Turn::Succeeded]),
        server.operation("bad", &[Turn::Pending, Turn::Failed]),
        server.operation("quick", &[Turn::Succeeded]),
    ])
    .await
    .unwrap();
    assert_eq!(words(&ended), ["succeeded", "failed", "succeeded"]);
    assert!(!ended.is_success());
    let ids: Vec<_> = ended.successes().map(|done| &*done.report.id).collect();
    assert_eq!(ids, ["slow", "quick"]);
    assert_eq!(ended.errors().next().unwrap().to_string(), "operation bad failed: no free line");
}

#[tokio::test(start_paused = true)]
async fn the_completions_come_in_the_order_in_which_the_operations_end() {
    let server = Server::new();
    let mut completions = fleet([
        server.operation("slow", &[Turn::Pending, Turn::Succeeded]),
        server.operation("quick", &[Turn::Succeeded]),
        server.operation("bad", &[Turn::Failed]),
    ])
    .completions()
    .unwrap();
    let mut order = Vec::new();
    while let Some((index, outcome)) = completions.next().await {
        order.push((index, word(&outcome)));
    }
    assert_eq!(order, [(1, "succeeded"), (2, "failed"), (0, "succeeded")]);
}

#[tokio::test(start_paused = true)]
async fn the_first_polls_are_spread_over_the_first_interval_and_later_ones_stay_so() {
    let server = Server::new();
    let names = ["a", "b", "c", "d"];
    let turns = [Turn::Pending, Turn::Succeeded];
    let ended = fleet(names.map(|name| server.operation(name, &turns))).await.unwrap();
    assert!(ended.is_success());
    let asked = names.map(|name| server.asked(name));
    assert_eq!(asked, [[0, 5100], [250, 5350], [500, 5600], [750, 5850]]);
}

#[tokio::test(start_paused = true)]
async fn the_first_polls_are_not_spread_beyond_the_limit() {
    let server = Server::new();
    let names = ["a", "b", "c", "d"];
    let fleet = fleet(names.map(|name| server.operation(name, &[Turn::Succeeded])));
    assert!(fleet.spread(secs(60)).timeout(secs(2)).await.unwrap().is_success());
    assert_eq!(names.map(|name| server.asked(name)), [[0], [125], [250], [375]]);
}

#[tokio::test(start_paused = true)]
async fn no_more_polls_are_on_their_way_than_may_be_and_nobody_is_passed_over() {
    let server = Server::new();
    let operations =
        (0..40).map(|_| server.operation("one", &[Turn::Pending, Turn::Pending, Turn::Succeeded]));
    let ended = fleet(operations).concurrency(3).spread(Duration::ZERO).await.unwrap();
    assert!(ended.is_success());
    assert_eq!(server.most.load(Ordering::Relaxed), 3);
    assert_eq!(server.polls(), 120);
    // Who has been due for longest comes first: nobody has had a third poll before everybody has had a second one.
    let polls: Vec<_> = ended.successes().map(|done| done.report.elapsed).collect();
    let (first, last) = (polls.iter().min().unwrap(), polls.iter().max().unwrap());
    assert!(*last < *first + secs(2), "{first:?} to {last:?}");
}

#[tokio::test(start_paused = true)]
async fn no_more_polls_are_sent_a_second_than_may_be() {
    let server = Server::new();
    let operations = (0..30).map(|_| server.operation("one", &[Turn::Succeeded]));
    let ended = fleet(operations).rate(10.0).await.unwrap();
    assert!(ended.is_success());
    let asked = server.asked("one");
    let in_first_second = asked.iter().filter(|time| **time < 1000).count();
    assert_eq!(in_first_second, 10, "{asked:?}");
    assert!((2900..3000).contains(asked.last().unwrap()), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn one_limit_holds_for_all_also_for_those_that_were_never_asked_and_those_that_hang() {
    let server = Server::new();
    let hanging = (0..5).map(|_| server.operation("hanging", &[Turn::Hang]));
    let start = tokio::time::Instant::now();
    let ended = fleet(hanging).concurrency(2).timeout(secs(20)).await.unwrap();
    assert_eq!(start.elapsed(), secs(20));
    assert_eq!(words(&ended), ["timed out"; 5]);
    let polls: Vec<_> = ended.errors().map(|error| error.report().unwrap().polls).collect();
    assert_eq!(polls, [1, 1, 0, 0, 0]);
    let told = ended.errors().last().unwrap().to_string();
    assert_eq!(told, "gave up waiting for operation hanging: it was not done within 20s");
}

#[tokio::test(start_paused = true)]
async fn a_wait_for_any_is_over_with_the_first_success_and_tells_how_far_the_others_were() {
    let server = Server::new();
    let operations = || {
        [
            server.operation("bad", &[Turn::Failed]),
            server.operation("pending", &[Turn::Pending]),
            server.operation("good", &[Turn::Pending, Turn::Succeeded]),
            server.operation("hanging", &[Turn::Hang]),
        ]
    };
    let ended = fleet(operations()).until(Until::Any).await.unwrap();
    assert!(ended.is_success());
    assert_eq!(words(&ended), ["failed", "interrupted", "succeeded", "interrupted"]);
    assert_eq!(*ended.first_success().unwrap().status(), "good");
    let pending = ended.outcomes[1].as_ref().unwrap_err().report().unwrap();
    assert_eq!(pending.answer.as_ref().unwrap().status, "pending");
    let hanging = ended.outcomes[3].as_ref().unwrap_err().report().unwrap();
    assert_eq!((&*hanging.id, hanging.polls), ("hanging", 1));
    let ended = wait_for_any([server.operation("bad", &[Turn::Failed])]).await.unwrap();
    assert!(!ended.is_success() && ended.first_success().is_none());
}

#[tokio::test(start_paused = true)]
async fn with_fail_fast_any_end_but_success_is_the_end_of_all() {
    let server = Server::new();
    for (bad, expected) in [(Turn::Failed, "failed"), (Turn::Broken, "lost")] {
        let ended = fleet([
            server.operation("good", &[Turn::Succeeded]),
            server.operation("pending", &[Turn::Pending]),
            server.operation("bad", &[Turn::Pending, bad]),
        ])
        .until(Until::Failure)
        .await
        .unwrap();
        assert_eq!(words(&ended), ["succeeded", "interrupted", expected]);
        assert!(!ended.is_success());
    }
}

#[tokio::test(start_paused = true)]
async fn a_fleet_without_operations_is_over_at_once() {
    let ended = Fleet::<Scripted>::new().await.unwrap();
    assert!(ended.outcomes.is_empty());
}

#[tokio::test(start_paused = true)]
#[expect(clippy::disallowed_methods, reason = "the caller's own time, on paused time")]
async fn the_caller_ends_the_wait_and_an_answer_that_is_there_counts() {
    let server = Server::new();
    let start = tokio::time::Instant::now();
    let ended = fleet([
        server.operation("pending", &[Turn::Pending]),
        server.operation("good", &[Turn::Succeeded]),
        server.operation("hanging", &[Turn::Hang]),
    ])
    .spread(Duration::ZERO)
    .cancel_on(tokio::time::sleep(millis(100)))
    .await
    .unwrap();
    assert_eq!(start.elapsed(), millis(100));
    assert_eq!(words(&ended), ["interrupted", "succeeded", "interrupted"]);
    assert!(ended.outcomes[0].as_ref().unwrap_err().report().unwrap().answer.is_some());
}

#[tokio::test(start_paused = true)]
async fn everything_that_happens_is_told_with_a_heartbeat_for_all() {
    let server = Server::new();
    let mut events = fleet([
        server.operation("a", &[Turn::Pending, Turn::Succeeded]),
        server.operation("b", &[Turn::Busy(1), Turn::Failed]),
    ])
    .heartbeat(secs(4))
    .events()
    .unwrap();
    let mut lines = Vec::new();
    while let Some(told) = events.next().await {
        lines.push(match told {
            FleetEvent::StillWaiting { elapsed } => format!("{} still waiting", elapsed.as_millis()),
            FleetEvent::Of { index, event } => {
                let what = match &event.kind {
                    EventKind::Started { timeout } => format!("started {}", timeout.unwrap().as_secs()),
                    EventKind::Polling { poll } => format!("polling {poll}"),
                    EventKind::Answered { poll, answer, .. } => format!("{} {poll}", answer.verdict),
                    EventKind::Erred { poll, .. } => format!("erred {poll}"),
                    EventKind::Sleeping { pause } => format!("sleeping {}", pause.as_millis()),
                    EventKind::StillWaiting => "never".to_owned(),
                    EventKind::Finished(outcome) => word(outcome).to_owned(),
                };
                assert_eq!(&*event.id, ["a", "b"][index]);
                format!("{} {} {what}", event.elapsed.as_millis(), event.id)
            }
        });
    }
    let of = |name: &str| {
        let lines = lines.iter().filter(|line| line.split(' ').nth(1) == Some(name));
        lines.map(String::as_str).collect::<Vec<_>>()
    };
    assert_eq!(
        of("a"),
        [
            "0 a started 60",
            "0 a polling 1",
            "100 a pending 1",
            "100 a sleeping 5000",
            "5100 a polling 2",
            "5200 a succeeded 2",
            "5200 a succeeded",
        ]
    );
    assert_eq!(of("b")[..3], ["500 b started 60", "500 b polling 1", "600 b erred 1"]);
    let later: Vec<_> = of("b")[4..].iter().filter_map(|line| line.split_once(" b ")).collect();
    assert_eq!(later.iter().map(|(_, what)| *what).collect::<Vec<_>>(), ["polling 2", "failed 2", "failed"]);
    assert_eq!(of("still"), ["4000 still waiting"]);
}

#[tokio::test(start_paused = true)]
async fn numbers_out_of_bounds_start_nothing() {
    let server = Server::new();
    let one = || fleet([server.operation("one", &[Turn::Succeeded])]);
    for (fleet, expected) in [
        (one().concurrency(0), "the number of polls at once is 0, but must be at least 1"),
        (one().rate(0.0), "the number of polls a second is 0, but must be from 0.001 to 1000000"),
        (one().timeout(Duration::ZERO), "the timeout is 0, but must be from 10ms to 366 d"),
        (
            one().spread(secs(86_401)),
            "the time over which polls are spread is 86401s, but must be from 0 to 1 d",
        ),
    ] {
        assert_eq!(fleet.await.unwrap_err().to_string(), expected);
    }
    assert_eq!(server.polls(), 0);
}
