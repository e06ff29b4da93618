//! Connections: refused, cut, silent, and closed while nobody looked.

use std::time::Duration;

use lro::{Limit, PollErrorKind, WaitError};
use tokio::net::TcpSocket;

use crate::support::server::{Reply, Server, Then};
use crate::support::{PENDING, SUCCESS, chain, client, every, http_error, operation, poll_error};

/// How much later than its limit a wait may end on a busy machine.
const LATE: Duration = Duration::from_millis(100);

#[tokio::test]
async fn a_refused_connection_is_a_passing_fault() {
    // Bound, so that nobody else gets the port, but nobody listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", socket.local_addr().unwrap());
    let mut operation = client(&endpoint, |http| http).operation("c1", "o1").unwrap();
    let (kind, text) = poll_error(&mut operation).await;
    assert_eq!(kind, PollErrorKind::Transient);
    assert!(text.starts_with(&format!("could not connect to {endpoint}: Connection refused")), "{text}");
}

#[tokio::test]
async fn a_connection_that_ends_before_the_answer_is_a_passing_fault() {
    let half = "HTTP/1.1 200 OK\r\nContent-Le";
    for reply in [
        Reply::nothing(Then::Close),
        Reply::nothing(Then::Reset),
        Reply::raw(half),
        Reply::raw(half).then(Then::Reset),
    ] {
        let server = Server::start([reply.clone(), Reply::json(200, SUCCESS)]).await;
        let mut operation = operation(&server);
        let (kind, text) = poll_error(&mut operation).await;
        assert_eq!(kind, PollErrorKind::Transient);
        assert!(text.starts_with(&format!("no answer from {}: ", server.url())), "{reply:?}: {text}");
        // The next one goes over a connection of its own.
        assert!(lro::Operation::poll(&mut operation).await.is_ok());
        assert_eq!(server.hits().last().unwrap().connection, 2);
    }
}

#[tokio::test]
async fn a_silent_server_costs_one_poll_timeout_and_no_more() {
    for reply in [
        Reply::nothing(Then::Hang),
        Reply::json(200, "").header("Content-Length", "80").then(Then::Hang),
        Reply::json(403, "").header("Content-Length", "80").then(Then::Hang),
    ] {
        let server = Server::start([reply]).await;
        let limit = Duration::from_millis(100);
        let error =
            lro::wait_for_completion(operation(&server)).poll_timeout(limit).max_errors(1).await.unwrap_err();
        assert_eq!(
            chain(&error),
            "the state of operation c1/o1 could not be learned: no usable answer: no answer within 100ms"
        );
        assert!(error.report().unwrap().elapsed < limit + LATE);
    }
}

#[tokio::test]
async fn a_silent_server_never_holds_a_wait_beyond_its_timeout() {
    let server = Server::start([Reply::json(200, PENDING), Reply::nothing(Then::Hang)]).await;
    let timeout = Duration::from_millis(300);
    let outcome = lro::wait_for_completion(operation(&server)).schedule(every(10)).timeout(timeout).await;
    let Err(WaitError::TimedOut { limit, report }) = outcome else { panic!("{outcome:?}") };
    assert_eq!(limit, Limit::Timeout(timeout));
    assert!((timeout..timeout + LATE).contains(&report.elapsed), "{:?}", report.elapsed);
    // What was known is still told.
    assert_eq!(report.answer.unwrap().status.raw(), PENDING);
}

#[tokio::test]
async fn after_a_poll_timeout_the_next_poll_has_a_connection_of_its_own() {
    let server = Server::start([Reply::nothing(Then::Hang), Reply::json(200, SUCCESS)]).await;
    let done =
        lro::wait_for_completion(operation(&server)).poll_timeout(Duration::from_millis(100)).await.unwrap();
    assert_eq!((done.report.polls, done.report.transient_errors), (2, 1));
    assert_eq!(server.hits().iter().map(|hit| hit.connection).collect::<Vec<_>>(), [1, 2]);
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_meanwhile_costs_nothing() {
    // The server says that it keeps the connection, and closes it.
    let [pending, success] = [PENDING, SUCCESS].map(|body| Reply::json(200, body).then(Then::Close));
    let server = Server::start([pending.clone(), pending, success]).await;
    let done = lro::wait_for_completion(operation(&server)).schedule(every(50)).await.unwrap();
    assert_eq!((done.report.polls, done.report.transient_errors), (3, 0));
    assert_eq!(server.hits().iter().map(|hit| hit.connection).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test]
async fn what_happened_is_found_behind_a_poll_error() {
    let server = Server::start([Reply::nothing(Then::Close)]).await;
    let error = lro::Operation::poll(&mut operation(&server)).await.unwrap_err();
    assert_eq!(http_error(&error).status(), None);
    assert_eq!(http_error(&error).kind(), error.kind());
}

#[cfg(not(feature = "rustls"))]
#[test]
fn without_tls_an_https_endpoint_is_refused_with_the_reason() {
    let error = lro::plas::Client::builder("https://plas.example").unwrap().build().unwrap_err();
    assert_eq!(
        error.to_string(),
        "this build of lro has no TLS (feature `rustls`), so https endpoints are out of reach"
    );
}
