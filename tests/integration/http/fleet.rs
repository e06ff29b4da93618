//! A fleet over real sockets: one pool of connections, and an end to all of it when it is dropped.
//! Who is asked when is proved on paused time, beside the fleet.

mod each;
mod held;

use std::time::Duration;

use lro::plas::{Client, Operation};
use lro::{Fleet, FleetEvent, wait_for_all};

use crate::support::server::{Hit, Reply, Server};
use crate::support::{PENDING, SUCCESS, client, every};

fn pending() -> Reply {
    Reply::json(200, PENDING)
}

fn success() -> Reply {
    Reply::json(200, SUCCESS)
}

/// Pending once, then done.
fn in_two(_: &Hit, nth: usize) -> Reply {
    if nth < 2 { pending() } else { success() }
}

fn is_of(hit: &Hit, operation: &str) -> bool {
    hit.path().rsplit('/').next() == Some(operation)
}

/// The operations `o0`, `o1` and so on of this client.
fn operations(client: &Client, count: usize) -> impl Iterator<Item = Operation> {
    (0..count).map(|number| client.operation("c1", &format!("o{number}")).expect("an operation"))
}

/// All asked at once at first, and 20 ms after each answer.
fn fleet<O: lro::Operation>(operations: impl IntoIterator<Item = O>) -> Fleet<O> {
    let fleet = wait_for_all(operations).schedule(|| every(20)).spread(Duration::ZERO);
    fleet.timeout(Duration::from_secs(60))
}

fn of(server: &Server, count: usize) -> Fleet<Operation> {
    fleet(operations(&client(&server.url(), |http| http), count))
}

fn connections(server: &Server) -> usize {
    server.hits().iter().map(|hit| hit.connection).max().unwrap_or_default()
}

#[tokio::test]
async fn many_polls_go_over_as_many_connections_as_are_needed_at_once() {
    for concurrency in [2, lro::fleet::DEFAULT_CONCURRENCY] {
        let server = Server::start_by(in_two).await;
        let ended = of(&server, 200).concurrency(concurrency).await.unwrap();
        assert_eq!(ended.successes().count(), 200);
        assert_eq!(server.hits().len(), 400);
        assert!(connections(&server) <= concurrency, "{concurrency}: {}", connections(&server));
    }
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn so_they_do_over_tls_where_a_server_speaks_no_http_2() {
    use crate::support::server::Script;
    use crate::support::tls::{Authority, config, start};

    let authority = Authority::new("ours");
    let config = config(&authority.issue("127.0.0.1", |_| {}), None);
    let server = start(config, Script::by(in_two)).await;
    let url = server.url().replace("http://", "https://");
    let client = client(&url, |http| http.ca_certificates(authority.pem()));
    let ended = fleet(operations(&client, 100)).concurrency(8).await.unwrap();
    assert_eq!(ended.successes().count(), 100);
    assert_eq!(server.hits().len(), 200);
    assert!(connections(&server) <= 8, "{}", connections(&server));
}

#[tokio::test]
async fn a_fleet_that_is_dropped_asks_nothing_any_more() {
    let server = Server::start_by(|hit, nth| match nth {
        10.. if is_of(hit, "last") => success(),
        _ => pending(),
    })
    .await;
    let client = client(&server.url(), |http| http);
    let mut events = fleet(operations(&client, 20)).events().unwrap();
    while !matches!(&events.next().await, Some(FleetEvent::Of { event, .. }) if is_third_poll(event)) {}
    drop(events);
    // Had the others gone on, each of them would be asked at least as often as this one.
    let last = client.operation("c1", "last").unwrap();
    lro::wait_for_completion(last).schedule(every(50)).await.unwrap();
    let hits = server.hits();
    let begin = hits.iter().position(|hit| is_of(hit, "last")).unwrap();
    let late: Vec<_> = hits[begin..].iter().filter(|hit| !is_of(hit, "last")).collect();
    // What was on its way may still be read, once of each.
    assert!(late.len() <= 20, "{late:?}");
}

fn is_third_poll<S>(event: &lro::Event<S>) -> bool {
    matches!(event.kind, lro::EventKind::Polling { poll: 3 })
}
