//! Faults as they arrive: each kind, and that a request they hit is not carried out.

use serde_json::json;
use tokio::time::Instant;

use super::*;
use crate::simulator::Fault;

/// Hits every request by this fault.
fn hit_by(fault: Fault) -> Builder {
    Simulator::builder().fault_rate(1.0).faults([fault])
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
async fn a_spoilt_answer_to_a_change_never_claims_success() {
    let whole = post(&started(hit_by(Fault::Internal)).await).await.unwrap().body;
    for (fault, promised) in [(Fault::Truncated, whole.len()), (Fault::Garbled, whole.len() / 2)] {
        let simulator = started(hit_by(fault)).await;
        let reply = post(&simulator).await.unwrap();
        assert_eq!(reply.status, 500, "{fault:?}");
        assert_eq!(reply.header("content-length"), Some(&*promised.to_string()), "{fault:?}");
        assert_eq!(reply.body, whole[..whole.len() / 2], "{fault:?}");
        assert_eq!(connectors(&simulator), 0, "{fault:?}");
    }
}

#[tokio::test]
async fn a_garbled_answer_to_a_question_has_the_status_of_the_true_one_and_is_no_json() {
    let simulator = started(hit_by(Fault::Garbled)).await;
    let reply = ask(&simulator, &format!("GET {CONNECTORS}")).await;
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("application/json")));
    assert!(reply.body.starts_with(r#"{"totalNum":0"#) && !reply.body.ends_with('}'), "{}", reply.body);
}

#[tokio::test]
async fn too_many_requests_say_when_to_come_back() {
    let simulator = started(hit_by(Fault::TooManyRequests)).await;
    let reply = post(&simulator).await.unwrap();
    assert_eq!(reply.error(), "429 APIG.0308 The throttling threshold has been reached.");
    assert_eq!(reply.header("retry-after"), Some("1"));
    assert_eq!(connectors(&simulator), 0);
}

#[tokio::test]
async fn a_gateway_without_an_answer_has_a_page_of_html() {
    for (fault, status) in [(Fault::BadGateway, 502), (Fault::GatewayTimeout, 504)] {
        let simulator = started(hit_by(fault)).await;
        let reply = post(&simulator).await.unwrap();
        assert_eq!((reply.status, reply.header("content-type")), (status, Some("text/html")));
        assert!(reply.body.starts_with(&format!("<html><head><title>{status} ")), "{}", reply.body);
        assert_eq!(connectors(&simulator), 0, "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stalled_request_is_not_answered_for_a_minute_and_then_reset() {
    let simulator = started(hit_by(Fault::Stalled)).await;
    let start = Instant::now();
    let error = post(&simulator).await.map(|reply| reply.status).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    assert!(start.elapsed() >= Duration::from_secs(60), "{:?}", start.elapsed());
    assert_eq!(connectors(&simulator), 0);
}

#[tokio::test]
async fn without_kinds_the_usual_ones_are_drawn() {
    let usual = format!("{:?}", Simulator::builder());
    assert_eq!(format!("{:?}", Simulator::builder().faults([Fault::Stalled]).faults([])), usual);
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
