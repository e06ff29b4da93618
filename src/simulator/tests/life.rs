//! How a simulator starts, refuses to start, and stops.

use std::error::Error;

use super::*;
use crate::simulator::StartError;

async fn refused(builder: Builder) -> String {
    builder.start().await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_number_out_of_bounds_is_named_with_its_bounds() {
    let build = Simulator::builder;
    assert_eq!(refused(build().spread(1.5)).await, "spread is 1.5, but must be from 0 to 1");
    assert_eq!(refused(build().fault_rate(-0.1)).await, "fault_rate is -0.1, but must be from 0 to 1");
    assert_eq!(refused(build().fault_rate(f64::NAN)).await, "fault_rate is NaN, but must be from 0 to 1");
    assert_eq!(
        refused(build().duration(Duration::from_secs(2_592_001))).await,
        "duration is 2592001s, but must be at most 30 days"
    );
    let bounds = build().spread(1.0).fault_rate(1.0).duration(Builder::MAX_DURATION);
    assert_eq!(started(bounds).await.requests(), 0);
}

#[tokio::test]
async fn an_address_that_is_taken_is_named_and_the_cause_is_kept() {
    let first = started(Simulator::builder()).await;
    let second = Simulator::builder().listen(first.address());
    let error = second.start().await.unwrap_err();
    assert!(matches!(error, StartError::Listen { .. }));
    assert_eq!(error.to_string(), format!("cannot listen on {}", first.address()));
    let cause = error.source().and_then(|it| it.downcast_ref::<io::Error>());
    assert_eq!(cause.unwrap().kind(), io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn a_reason_is_cut_to_what_the_api_allows() {
    let builder = Simulator::builder().reason("ä".repeat(300));
    let text = format!("{builder:?}");
    assert_eq!(text.matches('ä').count(), 255);
}

#[test]
fn a_token_is_never_shown() {
    let text = format!("{:?}", Simulator::builder().token("s3cret"));
    assert!(!text.contains("s3cret"), "{text}");
    assert!(text.contains("redacted"), "{text}");
}

#[tokio::test]
async fn the_url_is_the_address_without_a_slash() {
    let simulator = started(Simulator::builder()).await;
    let port = simulator.address().port();
    assert_ne!(port, 0);
    assert_eq!(simulator.url(), format!("http://127.0.0.1:{port}"));
}

#[tokio::test]
async fn dropping_it_closes_its_connections_and_its_port() {
    let simulator = started(Simulator::builder()).await;
    let address = simulator.address();
    // A connection that is kept alive, and idle.
    let mut idle = TcpStream::connect(address).await.unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nHost: plas\r\n\r\n").await.unwrap();
    let mut first = [0; 12];
    idle.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 404");

    drop(simulator);
    let mut rest = Vec::new();
    let end = tokio::time::timeout(Duration::from_secs(10), idle.read_to_end(&mut rest));
    end.await.expect("the idle connection is closed").unwrap();
    // The port goes with the task, which ends a moment later: connect until it has.
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn it_serves_for_as_long_as_it_is_waited_for() {
    let simulator = started(Simulator::builder()).await;
    let address = simulator.address();
    let stopped = tokio::time::timeout(Duration::from_secs(1_000_000), simulator.stopped());
    assert!(stopped.await.is_err(), "it ended by itself");
    while TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
