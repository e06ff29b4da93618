//! What a fleet does not do, however many operations it has and whatever they, or its reader, do.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::*;
use crate::operation::{self, Answer};

#[tokio::test(start_paused = true)]
async fn hundreds_of_final_polls_that_come_together_do_not_outlast_the_limit() {
    let server = Server::new();
    let start = tokio::time::Instant::now();
    let ended = fleet((0..600).map(|_| server.operation("pending", &[Turn::Pending]))).await.unwrap();
    assert_eq!(start.elapsed(), secs(60));
    assert_eq!(words(&ended), vec!["timed out"; 600]);
    assert_eq!(server.most.load(Ordering::Relaxed), DEFAULT_CONCURRENCY);
    // Not all have had their turn in time; but whoever had it was asked.
    let finals = server.asked("pending").iter().filter(|time| **time >= 59_000).count();
    assert!((100..600).contains(&finals), "{finals}");
}

#[tokio::test(start_paused = true)]
#[expect(clippy::disallowed_methods, reason = "a reader that takes its time, on paused time")]
async fn nothing_is_asked_after_the_limit_however_slow_the_reader_is() {
    let server = Server::new();
    let operations = ["a", "b", "c"].map(|name| server.operation(name, &[Turn::Succeeded]));
    let mut events = fleet(operations).spread(Duration::ZERO).events().unwrap();
    let mut ends = Vec::new();
    while let Some(FleetEvent::Of { event, .. }) = events.next().await {
        match event.kind {
            EventKind::Started { .. } => tokio::time::sleep(secs(25)).await,
            EventKind::Finished(outcome) => ends.push(word(&outcome)),
            _ => {}
        }
    }
    // The third was told to have started at 50 s, and that was read at 75 s.
    assert_eq!((ends, server.polls()), (vec!["timed out"; 3], 0));
}

#[tokio::test(start_paused = true)]
async fn operations_that_never_wait_leave_others_a_turn() {
    let asked = Arc::new(AtomicUsize::new(0));
    let operations = (0..1000).map(|_| {
        let asked = Arc::clone(&asked);
        operation::from_fn(move || {
            asked.fetch_add(1, Ordering::Relaxed);
            async { Ok(Answer::pending(())) }
        })
    });
    let (cancel, cancelled) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(async move { drop(cancel) });
    let fleet = wait_for_all(operations).spread(Duration::ZERO);
    let ended = fleet.cancel_on(async move { drop(cancelled.await) }).await.unwrap();
    assert_eq!(ended.errors().count(), 1000);
    let asked = asked.load(Ordering::Relaxed);
    assert!(asked < 500, "{asked}");
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_comes_in_time_while_much_happens_and_never_when_it_is_far_away() {
    for (every, expected) in [(secs(4), vec![4, 8, 12, 16]), (Duration::MAX, vec![])] {
        let server = Server::new();
        let turns = [&[Turn::Pending; 3][..], &[Turn::Succeeded]].concat();
        let operations = (0..200).map(|_| server.operation("one", &turns));
        let mut events = fleet(operations).concurrency(5).heartbeat(every).events().unwrap();
        let mut heartbeats = Vec::new();
        while let Some(event) = events.next().await {
            if let FleetEvent::StillWaiting { elapsed } = event {
                heartbeats.push(elapsed.as_secs());
            }
        }
        assert_eq!(heartbeats, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn a_heartbeat_that_never_comes_costs_nothing() {
    let server = Server::new();
    let one = server.operation("one", &[Turn::Pending, Turn::Pending, Turn::Pending, Turn::Succeeded]);
    let fleet = fleet([one]).without_timeout().heartbeat(Duration::MAX);
    let ended = fleet.schedule(|| Fixed::new(secs(86_400)).expect("a day is in bounds")).await.unwrap();
    assert!(ended.is_success());
    assert_eq!(server.asked("one").last(), Some(&(3 * 86_400_100)));
}
