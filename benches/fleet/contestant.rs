//! The contestants that are no command: each a process of its own, which waits for what the plan says.
//! What that took is measured from outside; only how late an end was learned is said here.

use std::error::Error;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lro::auth::Token;
use lro::fleet::Completions;
use lro::http::{self, Client, Endpoint};
use lro::policy::Backoff;
use lro::preset::Preset;
use lro::schedule::Exponential;
use lro::{Fleet, Operation, plas, wait_for_all};
use serde::Deserialize;

use super::handwritten;
use super::plan::{self, CONCURRENCY, Plan, TOKEN};
use super::server::now;

/// How late the ends were learned.
#[derive(Debug, Default)]
pub(crate) struct Lags(Vec<Duration>);

impl Lags {
    /// An end at this time was learned now.
    pub(crate) fn add(&mut self, end: Option<Duration>) {
        self.0.extend(end.map(|end| now().saturating_sub(end)));
    }

    /// The median and the 99th percentile in microseconds, and how many there are.
    fn told(mut self) -> String {
        self.0.sort_unstable();
        let at = |share: usize| self.0.get(self.0.len() * share / 100).copied().unwrap_or_default();
        format!("{} {} {}", at(50).as_micros(), at(99).as_micros(), self.0.len())
    }
}

/// Runs the contestant of this name, and prints how late ends were learned.
///
/// What waits is a task: from the future that a runtime blocks on, each wake would be a call to the system.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let mut next = || arguments.next().ok_or("a contestant has a name and an endpoint");
    let (name, endpoint) = (next()?, next()?);
    let plan = Plan::read(arguments)?;
    let lags = match &*name {
        "loop" => handwritten::run(&endpoint, &plan).await?,
        "library" => tokio::spawn(ended(library(&endpoint, &plan)?, |status| status.finished_at)).await??,
        "presets" => tokio::spawn(ended(presets(&endpoint, &plan)?, finished_at)).await??,
        _ => return Err(format!("there is no contestant {name}").into()),
    };
    println!("{}", lags.told());
    Ok(())
}

fn library(endpoint: &str, plan: &Plan) -> Result<Completions<plas::Status>, Box<dyn Error>> {
    let client = plas::Client::builder(endpoint)?
        .token(Token::given(TOKEN)?)
        .http(http::ClientBuilder::without_proxy)
        .build()?;
    let operations = (0..plan.count).map(|number| {
        let [connector, operation] = plan.ids(number);
        client.operation(&connector, &operation)
    });
    completions(wait_for_all(operations.collect::<Result<Vec<_>, _>>()?), plan)
}

fn presets(endpoint: &str, plan: &Plan) -> Result<Completions<http::Status>, Box<dyn Error>> {
    let client = Client::builder(Endpoint::parse(endpoint)?);
    let client = client.token(Token::given(TOKEN)?).without_proxy().build()?;
    let preset = Preset::builtin("otc-plas").ok_or("no such preset")?;
    let operations = (0..plan.count)
        .map(|number| http::Operation::new(client.clone(), &plan::path(&plan.ids(number)), preset.clone()));
    completions(wait_for_all(operations.collect::<Result<Vec<_>, _>>()?), plan)
}

/// All of them, with the plan's schedule.
fn completions<O>(fleet: Fleet<O>, plan: &Plan) -> Result<Completions<O::Status>, Box<dyn Error>>
where
    O: Operation + Send + 'static,
    O::Status: Send + Sync + 'static,
{
    let schedule = Exponential::new(Backoff {
        interval: plan.interval,
        max_interval: plan.interval * 15,
        factor: plan.factor(),
        jitter: 0.0,
    })?;
    let fleet = fleet.schedule(move || schedule.clone()).concurrency(CONCURRENCY).spread(plan.spread);
    Ok(fleet.completions()?)
}

/// Waits for all, and sees in each status when the operation was done.
async fn ended<S>(
    mut completions: Completions<S>,
    finished_at: fn(&S) -> Option<SystemTime>,
) -> Result<Lags, String> {
    let mut lags = Lags::default();
    while let Some((_, outcome)) = completions.next().await {
        let done = outcome.map_err(|error| error.to_string())?;
        let end = finished_at(done.status()).and_then(|end| end.duration_since(UNIX_EPOCH).ok());
        lags.add(end);
    }
    Ok(lags)
}

fn finished_at(status: &http::Status) -> Option<SystemTime> {
    #[derive(Deserialize)]
    struct Document<'a> {
        #[serde(rename = "finishedAt")]
        finished_at: &'a str,
    }
    let document: Document<'_> = serde_json::from_str(status.raw()).ok()?;
    Some(UNIX_EPOCH + Duration::from_millis(document.finished_at.parse().ok()?))
}
