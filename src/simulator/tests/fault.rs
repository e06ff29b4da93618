//! Faults as they arrive: each kind, and that a request they hit is not carried out.

use serde_json::json;
use tokio::time::Instant;

use super::*;
use crate::simulator::fault::{Fault, Faults};

/// Hits every request, the first by this fault.
fn hit_by(fault: Fault) -> Builder {
    let first = |seed| {
        // As a request draws: its id, and then its fault.
        let mut faults = Faults::new(1.0, fastrand::Rng::with_seed(seed).fork());
        faults.rng.u128(..);
        faults.draw()
    };
    let seed = (0..1000).find(|seed| first(*seed) == Some(fault));
    Simulator::builder().fault_rate(1.0).seed(seed.unwrap())
}

/// How many connectors there are. It cannot be asked for where every answer is a fault.
fn connectors(simulator: &Simulator) -> usize {
    let model = crate::simulator::server::lock(&simulator.shared.model);
    model.list("", Duration::MAX).len()
}

async fn post(simulator: &Simulator) -> io::Result<Reply> {
    let body = sample().to_string();
    try_ask(simulator, &format!("POST {CONNECTORS}"), JSON, body.as_bytes()).await
}

#[tokio::test]
async fn a_reset_is_no_answer_at_all() {
    let simulator = started(hit_by(Fault::Reset)).await;
    let error = post(&simulator).await.map(|reply| reply.status).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert_eq!(simulator.requests(), 1);
    assert_eq!(connectors(&simulator), 0);
}

#[tokio::test]
async fn an_internal_error_has_the_words_of_the_reference() {
    let simulator = started(hit_by(Fault::Internal)).await;
    let reply = post(&simulator).await.unwrap();
    assert_eq!(reply.error(), "500 PLAS.0500 The server encountered an unexpected condition");
    assert!(reply.header("x-request-id").is_some());
    assert_eq!(connectors(&simulator), 0);
}

#[tokio::test]
async fn an_unavailable_service_says_when_to_come_back() {
    let simulator = started(hit_by(Fault::Unavailable)).await;
    let reply = post(&simulator).await.unwrap();
    assert_eq!(reply.status, 503);
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(connectors(&simulator), 0);
}

#[tokio::test]
async fn a_truncated_answer_to_a_question_is_half_of_the_true_one() {
    let simulator = started(hit_by(Fault::Truncated)).await;
    let reply = ask(&simulator, &format!("GET {CONNECTORS}")).await;
    assert_eq!(reply.status, 200);
    let whole = json!({"totalNum": 0, "pageSize": 10, "currentPage": 1, "data": []}).to_string();
    assert_eq!(reply.header("content-length"), Some(whole.len().to_string().as_str()));
    assert_eq!(reply.body.len(), whole.len() / 2);
    assert!(reply.body.starts_with(r#"{"totalNum":0"#), "{}", reply.body);
}

#[tokio::test]
async fn a_truncated_answer_to_a_change_never_claims_success() {
    let simulator = started(hit_by(Fault::Truncated)).await;
    let reply = post(&simulator).await.unwrap();
    assert_eq!(reply.status, 500);
    let promised: usize = reply.header("content-length").unwrap().parse().unwrap();
    assert_eq!(reply.body.len(), promised / 2);
    assert_eq!(connectors(&simulator), 0);
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_is_a_true_one() {
    let simulator = started(hit_by(Fault::Slow)).await;
    let start = Instant::now();
    let reply = post(&simulator).await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(3), "{:?}", start.elapsed());
    assert_eq!(reply.status, 202);
    assert!(reply.text("/location").contains("/operations/"));
    assert_eq!(connectors(&simulator), 1);
}

#[tokio::test]
async fn a_fault_strikes_before_the_token_is_looked_at() {
    let simulator = started(hit_by(Fault::Unavailable).token("s3cret")).await;
    assert_eq!(ask(&simulator, "GET /").await.status, 503);
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_gives_the_same_faults_and_ids() {
    let story = async || {
        let simulator = started(Simulator::builder().seed(11).fault_rate(0.3)).await;
        let mut story = Vec::new();
        for _ in 0..12 {
            story.push(match post(&simulator).await {
                Ok(reply) => format!("{} {}", reply.status, reply.body),
                Err(error) => error.kind().to_string(),
            });
        }
        story
    };
    let (one, other) = (story().await, story().await);
    assert_eq!(one, other);
    assert!(one.iter().any(|told| told.starts_with("202")), "{one:?}");
    assert!(one.iter().any(|told| !told.starts_with("202")), "{one:?}");
}
