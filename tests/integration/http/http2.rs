//! Many polls over HTTP/2: on one connection, and none lost with it.
//! What a lost poll means for a wait is proved beside the machine.

use std::time::Duration;

use h2::Reason;
use lro::plas::{Client, Operation};
use lro::{Fleet, Outcomes, wait_for_all};

use crate::support::http2::{Asked, Http2, Turn};
use crate::support::{PENDING, SUCCESS, client, every};

const INSTANT: Duration = Duration::ZERO;

/// Pending twice, then done.
fn third_time_lucky(asked: &Asked) -> Turn {
    Turn::Answer(if asked.nth < 3 { PENDING } else { SUCCESS })
}

fn client_of(server: &Http2) -> Client {
    client(&server.url(), |http| http.ca_certificates(server.authority()))
}

/// So many operations of this server, all asked at once at first and 20 ms after each answer.
fn fleet(server: &Http2, operations: usize) -> Fleet<Operation> {
    let client = client_of(server);
    let operations =
        (0..operations).map(|number| client.operation("c1", &format!("o{number}")).expect("an operation"));
    wait_for_all(operations).schedule(|| every(20)).spread(Duration::ZERO).timeout(Duration::from_secs(60))
}

fn polls<S>(ended: &Outcomes<S>) -> Vec<u32> {
    ended.successes().map(|done| done.report.polls).collect()
}

#[tokio::test]
async fn two_hundred_operations_are_asked_over_one_connection() {
    let server = Http2::start(INSTANT, 100, third_time_lucky).await;
    let ended = fleet(&server, 200).await.unwrap();
    assert_eq!(polls(&ended), [3; 200]);
    assert_eq!(server.asked().len(), 600);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_that_ends_the_connection_loses_no_operation() {
    for turn in [Turn::Goodbye, Turn::LastCall(PENDING)] {
        let server = Http2::start(Duration::from_millis(5), 100, move |asked| {
            let is_last = asked.connection == 1 && asked.path.ends_with("/o70") && asked.nth == 2;
            if is_last { turn } else { third_time_lucky(asked) }
        })
        .await;
        let ended = fleet(&server, 200).await.unwrap();
        assert_eq!(ended.successes().count(), 200, "{turn:?}: {:?}", ended.errors().next());
        // However many are on their way at that moment, one alone makes the next connection.
        assert_eq!(server.connections(), 2, "{turn:?}");
        let errors: u32 = ended.successes().map(|done| done.report.transient_errors).sum();
        match turn {
            // What was taken up is lost, and asked again once the next connection is there.
            Turn::Goodbye => assert!(errors > 0),
            _ => assert_eq!(errors, 0),
        }
    }
}

#[tokio::test]
async fn what_has_to_wait_on_a_connection_that_ends_goes_over_the_next_and_is_no_fault() {
    // Eight are on their way at a time. The first operation is asked for a second time while they are, and is behind all.
    let server = Http2::start(Duration::from_millis(100), 8, |asked| {
        let is_last = asked.connection == 1 && asked.path.ends_with("/o9") && asked.nth == 1;
        if is_last { Turn::LastCall(PENDING) } else { third_time_lucky(asked) }
    })
    .await;
    let ended = fleet(&server, 24).await.unwrap();
    assert!(ended.successes().all(|done| done.report.transient_errors == 0));
    assert_eq!(polls(&ended), [3; 24]);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn while_a_connection_takes_its_time_nobody_makes_another() {
    let late = Duration::from_millis(2500);
    let server = Http2::start_late(move |_| late, INSTANT, 100, third_time_lucky).await;
    let ended = fleet(&server, 20).await.unwrap();
    assert_eq!(polls(&ended), [3; 20]);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_connection_that_is_never_there_keeps_nobody_for_long() {
    let never = |number| if number == 1 { Duration::from_secs(3600) } else { Duration::ZERO };
    let server = Http2::start_late(never, INSTANT, 100, third_time_lucky).await;
    let ended = fleet(&server, 20).timeout(Duration::from_secs(10)).await.unwrap();
    // The one that made it goes over that of another in the end.
    assert_eq!(polls(&ended), [3; 20], "{:?}", ended.errors().next());
    assert!(ended.successes().all(|done| done.report.transient_errors == 0));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_stream_that_is_refused_or_reset_is_a_passing_fault_and_the_connection_goes_on() {
    for reason in [Reason::REFUSED_STREAM, Reason::INTERNAL_ERROR, Reason::CANCEL] {
        let server = Http2::start(INSTANT, 100, move |asked| match asked.nth {
            1 => Turn::Answer(PENDING),
            2 => Turn::Reset(reason),
            _ => Turn::Answer(SUCCESS),
        })
        .await;
        let ended = fleet(&server, 20).await.unwrap();
        assert_eq!(polls(&ended), [3; 20], "{reason:?}");
        assert!(ended.successes().all(|done| done.report.transient_errors == 1), "{reason:?}");
        // Nothing is sent again without a word.
        assert_eq!((server.asked().len(), server.connections()), (60, 1), "{reason:?}");
    }
}

#[tokio::test]
async fn a_server_that_takes_few_at_once_is_asked_no_more_and_nobody_runs_out_of_time() {
    let server = Http2::start(Duration::from_millis(10), 8, third_time_lucky).await;
    let ended = fleet(&server, 200).poll_timeout(Duration::from_secs(10)).await.unwrap();
    assert_eq!(polls(&ended), [3; 200]);
    assert_eq!((server.most_in_flight(), server.connections()), (8, 1));
}

#[tokio::test]
async fn a_connection_that_gives_no_sign_of_life_is_replaced() {
    let ended = async |poll_timeout| {
        let server = Http2::start(INSTANT, 100, |asked| match asked.connection {
            1 if asked.nth == 2 => Turn::Deaf,
            _ => third_time_lucky(asked),
        })
        .await;
        let ended = fleet(&server, 5).poll_timeout(Duration::from_secs(poll_timeout)).await.unwrap();
        assert_eq!(ended.successes().count(), 5, "{poll_timeout} s: {:?}", ended.errors().next());
        assert_eq!(server.connections(), 2, "{poll_timeout} s");
    };
    // Whether the polls on it outlast it or not.
    tokio::join!(ended(1), ended(30));
}

#[tokio::test]
async fn a_first_poll_that_hangs_keeps_the_others_for_a_moment_and_from_no_connection() {
    let server = Http2::start(INSTANT, 100, |asked| {
        if asked.path.ends_with("/o0") { Turn::Silence } else { third_time_lucky(asked) }
    })
    .await;
    let ended = fleet(&server, 20).timeout(Duration::from_secs(4)).await.unwrap();
    assert_eq!(polls(&ended), [3; 19]);
    assert!(ended.outcomes[0].as_ref().is_err_and(lro::WaitError::is_timeout));
    assert_eq!(server.connections(), 1);
}
