//! What is measured against: the loop that a person writes who knows tokio and reqwest, and needs no more than this.
//! It does the same as the others: the same schedule, the same client, 64 requests in flight, the last answer kept.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Deserialize;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::contestant::Lags;
use super::plan::{self, CONCURRENCY, Plan, TOKEN};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "a document is kept whole, whatever is looked at")]
struct Document {
    operation_id: String,
    operation_type: String,
    finished: bool,
    operate_at: Option<String>,
    finished_at: Option<String>,
    result: Option<OperationResult>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "a document is kept whole, whatever is looked at")]
struct OperationResult {
    result: Option<String>,
    reason: Option<String>,
}

/// When to ask next.
#[derive(Debug, Clone)]
struct Backoff {
    next: Duration,
    factor: f64,
    most: Duration,
}

impl Backoff {
    fn pause(&mut self) -> Duration {
        let pause = self.next;
        self.next = pause.mul_f64(self.factor).min(self.most);
        pause
    }
}

pub(crate) async fn run(endpoint: &str, plan: &Plan) -> Result<Lags, Box<dyn Error>> {
    // Nothing is encrypted here, but reqwest wants to be able to.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let json = HeaderValue::from_static("application/json");
    let token = HeaderValue::from_str(TOKEN)?;
    let headers = [(ACCEPT, json.clone()), (CONTENT_TYPE, json), ("x-auth-token".parse()?, token)];
    let client = reqwest::Client::builder()
        .default_headers(HeaderMap::from_iter(headers))
        .user_agent("loop/1.0")
        .timeout(Duration::from_secs(30))
        .no_proxy()
        .build()?;
    let in_flight = Arc::new(Semaphore::new(CONCURRENCY));
    let backoff = Backoff { next: plan.interval, factor: plan.factor(), most: plan.interval * 15 };
    let mut waits = JoinSet::new();
    for number in 0..plan.count {
        let url = format!("{endpoint}{}", plan::path(&plan.ids(number)));
        let start = plan.spread.mul_f64(f64::from(number) / f64::from(plan.count));
        waits.spawn(wait(client.clone(), url, Arc::clone(&in_flight), start, backoff.clone()));
    }
    let mut lags = Lags::default();
    while let Some(ended) = waits.join_next().await {
        lags.add(ended?.finished_at.and_then(|at| at.parse().ok()).map(Duration::from_millis));
    }
    Ok(lags)
}

#[expect(clippy::disallowed_methods, reason = "this is how a person writes it")]
async fn wait(
    client: reqwest::Client,
    url: String,
    in_flight: Arc<Semaphore>,
    start: Duration,
    mut backoff: Backoff,
) -> Document {
    tokio::time::sleep(start).await;
    let mut last = None;
    loop {
        match ask(&client, &url, &in_flight).await {
            Ok(document) if document.finished => return document,
            Ok(document) => last = Some(document),
            Err(error) if last.is_none() => panic!("{error}"),
            Err(_) => {}
        }
        tokio::time::sleep(backoff.pause()).await;
    }
}

async fn ask(
    client: &reqwest::Client,
    url: &str,
    in_flight: &Semaphore,
) -> Result<Document, Box<dyn Error + Send + Sync>> {
    let _permit = in_flight.acquire().await?;
    let body = client.get(url).send().await?.error_for_status()?.bytes().await?;
    Ok(serde_json::from_slice(&body)?)
}
