//! What is told of a wait while it goes on: which events, to whom, and when.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::*;

/// One event as a line: its time in milliseconds, and what it was.
fn line(event: &Event<u32>) -> String {
    let what = match &event.kind {
        EventKind::Started { .. } => "started".to_owned(),
        EventKind::Polling { poll } => format!("polling {poll}"),
        EventKind::Answered { poll, answer, .. } => format!("{} {poll}", answer.verdict),
        EventKind::Erred { poll, error, .. } => format!("{error} {poll}"),
        EventKind::Sleeping { pause } => format!("sleeping {}", pause.as_millis()),
        EventKind::StillWaiting => "still waiting".to_owned(),
        EventKind::Finished(outcome) => {
            format!("finished {}", if outcome.is_ok() { "well" } else { "badly" })
        }
    };
    format!("{} {what}", event.elapsed.as_millis())
}

#[tokio::test(start_paused = true)]
async fn the_first_status_is_told_at_zero_and_each_one_before_the_sleep_after_it() {
    let instant = from_fn({
        let mut polls = 0;
        move || {
            polls += 1;
            async move { Ok(if polls < 3 { Answer::pending(polls) } else { Answer::succeeded(polls) }) }
        }
    });
    let mut events = wait_for_completion(instant).schedule(Fixed::new(secs(5)).unwrap()).events();
    let start = tokio::time::Instant::now();
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        assert_eq!(event.elapsed, start.elapsed(), "an event is told when it happens");
        told.push(line(&event));
    }
    assert_eq!(
        told,
        [
            "0 started",
            "0 polling 1",
            "0 pending 1",
            "0 sleeping 5000",
            "5000 polling 2",
            "5000 pending 2",
            "5000 sleeping 5000",
            "10000 polling 3",
            "10000 succeeded 3",
            "10000 finished well",
        ]
    );
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_not_read_asks_nothing() {
    let operation = scripted(&[Turn::Pending]);
    let polls = Arc::clone(&operation.polls);
    let mut events = wait_for_completion(operation).timeout(secs(60)).events();
    tokio::time::advance(secs(30)).await;
    assert_eq!(polls.load(Ordering::Relaxed), 0);
    events.next().await;
    assert_eq!(polls.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn a_watcher_and_a_stream_are_told_the_same() {
    let watched = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&watched);
    let mut events = wait_for(&[Turn::Fault, Turn::Busy(7), Turn::Failed])
        .heartbeat(secs(3))
        .on_event(move |event| seen.lock().unwrap().push(line(event)))
        .events();
    let mut told = Vec::new();
    while let Some(event) = events.next().await {
        told.push(line(&event));
    }
    assert!(told.pop().unwrap().ends_with("finished badly"));
    assert_eq!(*watched.lock().unwrap(), told);
    assert!(told.iter().any(|line| line.ends_with("sleeping 7000")), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_is_told_through_sleeps_and_hung_polls() {
    let beats = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&beats);
    let wait = wait_for(&[Turn::Busy(30), Turn::Hang]).heartbeat(secs(20)).on_event(move |event| {
        if matches!(event.kind, EventKind::StillWaiting) {
            seen.lock().unwrap().push(event.elapsed.as_secs());
        }
    });
    assert!(wait.await.unwrap_err().is_timeout());
    assert_eq!(*beats.lock().unwrap(), [20, 40]);
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_is_never_due_is_none() {
    assert!(wait_for(&[Turn::Succeeded]).heartbeat(Duration::MAX).await.is_ok());
    assert!(wait_for(&[Turn::Succeeded]).heartbeat(Duration::ZERO).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn the_start_is_told_with_the_limit() {
    for (wait, expected) in
        [(wait_for(&[Turn::Pending]), Some(secs(60))), (wait_for(&[Turn::Pending]).without_timeout(), None)]
    {
        let first = wait.events().next().await.map(|event| event.kind);
        assert!(matches!(first, Some(EventKind::Started { timeout }) if timeout == expected));
    }
}
