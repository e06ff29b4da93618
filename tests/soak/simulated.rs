//! The simulator of a lap: operations begun in it with an end that is planned, and what became of them.
//! It is asked without the help of the library, again and again until an answer comes whole.

use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::lap::Lap;
use super::{Failure, LRO};

const SPREAD: &str = "0.9";

const CONNECTORS: &str = "/v1.0/plasconnector/connectors";

/// Longer than a slow answer takes, and shorter than a stalled one.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many questions are asked at once, and how often each at most.
const AT_ONCE: usize = 50;
const TRIES: usize = 200;

pub(crate) struct Simulated {
    url: String,
    http: Client,
    /// Ends with this.
    _process: Child,
}

/// An operation that has begun.
#[derive(Clone)]
pub(crate) struct Planned {
    pub(crate) location: String,
    /// As the command names it.
    pub(crate) id: String,
    pub(crate) fails: bool,
}

/// What became of an operation.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) failed: bool,
    pub(crate) reason: Option<String>,
    /// To the second, rounded down.
    pub(crate) finished_at: SystemTime,
}

impl Simulated {
    pub(crate) async fn start(lap: &Lap, seed: u64) -> Result<Self, Failure> {
        let mut process = Command::new(LRO)
            .args(["simulate", "--duration", lap.takes, "--spread", SPREAD, "--seed", &seed.to_string()])
            .args(["--fault-rate", &lap.rate.to_string(), "--fault", lap.faults])
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(process.stdout.take().ok_or("no pipe")?).lines();
        let url = lines.next_line().await?.ok_or("the simulator has not started")?;
        // A client wants one even where nothing is encrypted; it is there already in all laps but the first.
        let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
        let http = Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { url, http, _process: process })
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Begins an operation that ends as planned: the simulator fails those whose name says so.
    pub(crate) async fn begin(&self, number: usize, fails: bool) -> Result<Planned, Failure> {
        let kind = if fails { "fail" } else { "good" };
        let body = json!({"connector": {
            "name": format!("{kind}-{number}"), "bandwidth": 50,
            "cloudInfo": {"provider": "otc", "masterLocation": "a", "masterDirectConnectId": "b",
                "slaveLocation": "c", "slaveDirectConnectId": "d"},
            "networkInfo": {"provider": "dt", "networkDomain": "soak", "masterLocation": "a",
                "slaveLocation": "b", "popLocation": "a"},
        }});
        let answer = self.asked(Method::POST, CONNECTORS, Some(&body), 202).await?;
        let location = answer["location"].as_str().ok_or("no location")?.to_owned();
        let mut parts = location.split('/').skip(4);
        let (connector, operation) =
            (parts.next().ok_or("no connector")?, parts.nth(1).ok_or("no operation")?);
        Ok(Planned { id: format!("{connector}/{operation}"), location, fails })
    }

    /// What became of each, in the same order.
    pub(crate) async fn truths(self: &Arc<Self>, planned: &[Planned]) -> Result<Vec<Truth>, Failure> {
        let mut truths: Vec<Option<Truth>> = planned.iter().map(|_| None).collect();
        let mut asking = JoinSet::new();
        let mut left = planned.iter().cloned().enumerate();
        loop {
            while asking.len() < AT_ONCE
                && let Some((index, planned)) = left.next()
            {
                let simulated = Arc::clone(self);
                asking.spawn(
                    async move { Ok::<_, Failure>((index, simulated.truth(&planned.location).await?)) },
                );
            }
            let Some(asked) = asking.join_next().await else { break };
            let (index, truth) = asked??;
            truths[index] = Some(truth);
        }
        truths.into_iter().map(|truth| truth.ok_or_else(|| "one was not asked for".into())).collect()
    }

    async fn truth(&self, location: &str) -> Result<Truth, Failure> {
        let answer = self.asked(Method::GET, location, None, 200).await?;
        let seconds: u64 = answer["finishedAt"].as_str().ok_or("an operation has not ended")?.parse()?;
        let reason = answer["result"]["reason"].as_str().filter(|reason| !reason.is_empty());
        Ok(Truth {
            failed: answer["result"]["result"] == "failed",
            reason: reason.map(str::to_owned),
            finished_at: SystemTime::UNIX_EPOCH + Duration::from_secs(seconds),
        })
    }

    /// Asks until there is an answer with this status that is whole.
    async fn asked(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
        status: u16,
    ) -> Result<Value, Failure> {
        let url = format!("{}{path}", self.url);
        for _ in 0..TRIES {
            let mut request = self.http.request(method.clone(), &url);
            if let Some(body) = body {
                request = request.header("Content-Type", "application/json").body(body.to_string());
            }
            if let Ok(answer) = request.send().await
                && answer.status().as_u16() == status
                && let Ok(text) = answer.text().await
                && let Ok(answer) = serde_json::from_str(&text)
            {
                return Ok(answer);
            }
            sleep(Duration::from_millis(50)).await;
        }
        Err(format!("no answer to {method} {path}").into())
    }
}
