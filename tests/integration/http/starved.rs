//! A runtime that is kept from running: an answer that came meanwhile counts, the limit holds, and nothing is made up for.
//! The server has a runtime of its own, on another thread.

use std::time::{Duration, Instant};

use lro::plas::Status;
use lro::{EventKind, Outcome, Report, WaitError, wait_for_all, wait_for_completion};
use tokio::runtime::{Builder, Runtime};

use crate::support::server::{Reply, Server, Then};
use crate::support::{PENDING, SUCCESS, client, every};

/// How long nothing runs.
const STARVED: Duration = Duration::from_secs(1);

/// A limit that passes meanwhile.
const SHORT: Duration = Duration::from_millis(300);

/// One that does not.
const LONG: Duration = Duration::from_secs(20);

/// The pause between two polls, in milliseconds.
const PAUSE: u64 = 50;

/// Time for what is to be done when the runtime runs again.
const SOON: Duration = Duration::from_millis(500);

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "a test that measures how long something takes")]
    Instant::now()
}

#[expect(clippy::disallowed_methods, reason = "a thread is blocked on purpose")]
fn block() {
    std::thread::sleep(STARVED);
}

/// What a wait came to, and how long after the runtime ran again.
struct Ended {
    outcome: Outcome<Status>,
    after: Duration,
}

impl Ended {
    fn report(&self) -> &Report<Status> {
        match &self.outcome {
            Ok(done) => &done.report,
            Err(error) => error.report().expect("a report"),
        }
    }
}

/// How it is waited: by itself, or as a fleet.
const WAYS: [bool; 2] = [false, true];

/// A server on another thread.
fn elsewhere(replies: Vec<Reply>) -> (Runtime, Server) {
    let elsewhere = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let server = elsewhere.block_on(Server::start(replies));
    (elsewhere, server)
}

/// An answer that takes about a third of a second to come, and so comes while nothing runs.
fn dripping(body: &str) -> Reply {
    Reply::json(200, body).then(Then::Drip(Duration::from_millis(1)))
}

/// Waits for `c1/o1` in a runtime that is kept from running once the server has been asked so often.
fn starved(server: &Server, in_fleet: bool, after: usize, limit: Duration, poll_limit: Duration) -> Ended {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let operation = client(&server.url(), |http| http).operation("c1", "o1").expect("an operation");
        let blocking = async {
            while server.hits().len() < after {
                tokio::task::yield_now().await;
            }
            block();
            now()
        };
        let waiting = async {
            let outcome = if in_fleet {
                let fleet = wait_for_all([operation]).schedule(|| every(PAUSE)).timeout(limit);
                fleet.poll_timeout(poll_limit).await.expect("a policy").outcomes.remove(0)
            } else {
                let wait = wait_for_completion(operation).schedule(every(PAUSE)).timeout(limit);
                wait.poll_timeout(poll_limit).await
            };
            (outcome, now())
        };
        let (again, (outcome, ended)) = tokio::join!(blocking, waiting);
        Ended { outcome, after: ended.saturating_duration_since(again) }
    })
}

#[test]
fn an_end_that_came_meanwhile_counts_also_when_the_limit_has_passed() {
    for in_fleet in WAYS {
        for (limit, poll_limit) in [(SHORT, LONG), (LONG, SHORT)] {
            let (_elsewhere, server) = elsewhere(vec![dripping(SUCCESS)]);
            let ended = starved(&server, in_fleet, 1, limit, poll_limit);
            assert!(ended.outcome.is_ok(), "{in_fleet} {limit:?}: {:?}", ended.outcome);
            let report = ended.report();
            assert_eq!((report.polls, report.transient_errors), (1, 0), "{in_fleet} {limit:?}");
            assert!(ended.after < SOON, "{in_fleet} {limit:?}: {:?}", ended.after);
        }
    }
}

#[test]
fn what_came_meanwhile_is_the_last_known_state_of_a_wait_that_is_out_of_time() {
    for in_fleet in WAYS {
        let (_elsewhere, server) = elsewhere(vec![dripping(PENDING)]);
        let ended = starved(&server, in_fleet, 1, SHORT, LONG);
        assert!(matches!(ended.outcome, Err(WaitError::TimedOut { .. })), "{in_fleet}: {:?}", ended.outcome);
        let state = ended.report().answer.as_ref().map(|answer| answer.verdict);
        assert_eq!(state, Some(lro::Verdict::Pending), "{in_fleet}");
        assert!(ended.after < SOON, "{in_fleet}: {:?}", ended.after);
        assert_eq!(server.hits().len(), 1, "{in_fleet}: nothing is asked past the limit");
    }
}

#[test]
fn where_nothing_came_the_wait_ends_as_soon_as_it_can() {
    for in_fleet in WAYS {
        // In a poll, and in a pause.
        for replies in [vec![Reply::nothing(Then::Hang)], vec![Reply::json(200, PENDING)]] {
            let (_elsewhere, server) = elsewhere(replies);
            let ended = starved(&server, in_fleet, 1, SHORT, LONG);
            assert!(
                matches!(ended.outcome, Err(WaitError::TimedOut { .. })),
                "{in_fleet}: {:?}",
                ended.outcome
            );
            assert!(ended.after < SOON, "{in_fleet}: {:?}", ended.after);
            assert_eq!(server.hits().len(), 1, "{in_fleet}: nothing is asked past the limit");
        }
    }
}

#[test]
fn polls_that_were_missed_are_not_made_up_for() {
    for in_fleet in WAYS {
        let pending = std::iter::repeat_n(Reply::json(200, PENDING), 9);
        let (_elsewhere, server) = elsewhere(pending.chain([Reply::json(200, SUCCESS)]).collect());
        let ended = starved(&server, in_fleet, 4, LONG, LONG);
        assert_eq!(ended.report().polls, 10, "{in_fleet}");
        let hits = server.hits();
        let pauses: Vec<Duration> =
            hits.windows(2).map(|pair| pair[1].at.saturating_duration_since(pair[0].at)).collect();
        let long = pauses.iter().filter(|pause| **pause > STARVED / 2).count();
        assert_eq!(long, 1, "{in_fleet}: {pauses:?}");
        // The clock of the runtime is so exact, and an answer takes a moment longer or shorter than the one before.
        let shortest = Duration::from_millis(PAUSE - 10);
        assert!(pauses.iter().all(|pause| *pause > shortest), "{in_fleet}: {pauses:?}");
    }
}

#[test]
fn a_watcher_that_blocks_does_not_move_the_limit() {
    // Where it blocks, and what there is to wait for then: an answer, or the end of a pause.
    for (is_where, reply) in [
        ((|kind| matches!(kind, EventKind::Polling { .. })) as Is, Reply::nothing(Then::Hang)),
        (|kind| matches!(kind, EventKind::Sleeping { .. }), Reply::json(200, PENDING)),
    ] {
        let (_elsewhere, server) = elsewhere(vec![reply]);
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let operation = client(&server.url(), |http| http).operation("c1", "o1").expect("an operation");
        let limit = STARVED + SHORT;
        let outcome = runtime.block_on(async {
            let wait = wait_for_completion(operation).schedule(every(5000)).timeout(limit);
            wait.on_event(move |event| {
                if is_where(&event.kind) {
                    block();
                }
            })
            .await
        });
        let Err(WaitError::TimedOut { report, .. }) = outcome else { panic!("{outcome:?}") };
        assert!((limit..limit + SOON).contains(&report.elapsed), "{:?}", report.elapsed);
    }
}

type Is = fn(&EventKind<Status>) -> bool;
