//! The contestants that are no command: each a process of its own, which waits for what the plan says.
//! What that took is measured from outside; only how late an end was learned is said here.

use std::error::Error;
use std::time::Duration;

use lro::auth::Token;
use lro::http::{self, Client, Endpoint};
use lro::policy::Backoff;
use lro::preset::Preset;
use lro::schedule::Exponential;
use lro::{Fleet, Operation, plas, wait_for_all};

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
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(mut arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let mut next = || arguments.next().ok_or("a contestant has a name and an endpoint");
    let (name, endpoint) = (next()?, next()?);
    let plan = Plan::read(arguments)?;
    let lags = match &*name {
        "loop" => handwritten::run(&endpoint, &plan).await?,
        "library" => library(&endpoint, &plan).await?,
        "presets" => presets(&endpoint, &plan).await?,
        _ => return Err(format!("there is no contestant {name}").into()),
    };
    println!("{}", lags.told());
    Ok(())
}

async fn library(endpoint: &str, plan: &Plan) -> Result<Lags, Box<dyn Error>> {
    let client = plas::Client::builder(endpoint)?
        .token(Token::given(TOKEN)?)
        .http(http::ClientBuilder::without_proxy)
        .build()?;
    let operations = (0..plan.count).map(|number| {
        let [connector, operation] = plan.ids(number);
        client.operation(&connector, &operation)
    });
    ended(wait_for_all(operations.collect::<Result<Vec<_>, _>>()?), plan, plas::Status::raw).await
}

async fn presets(endpoint: &str, plan: &Plan) -> Result<Lags, Box<dyn Error>> {
    let client = Client::builder(Endpoint::parse(endpoint)?);
    let client = client.token(Token::given(TOKEN)?).without_proxy().build()?;
    let preset = Preset::builtin("otc-plas").ok_or("no such preset")?;
    let operations = (0..plan.count)
        .map(|number| http::Operation::new(client.clone(), &plan::path(&plan.ids(number)), preset.clone()));
    ended(wait_for_all(operations.collect::<Result<Vec<_>, _>>()?), plan, http::Status::raw).await
}

/// Waits for all, and sees in each document when the operation was done.
async fn ended<O>(fleet: Fleet<O>, plan: &Plan, raw: fn(&O::Status) -> &str) -> Result<Lags, Box<dyn Error>>
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
    let mut completions = fleet.completions()?;
    let mut lags = Lags::default();
    while let Some((_, outcome)) = completions.next().await {
        let done = outcome.map_err(|error| error.to_string())?;
        lags.add(finished_at(raw(done.status())));
    }
    Ok(lags)
}

fn finished_at(raw: &str) -> Option<Duration> {
    let (_, rest) = raw.split_once(r#""finishedAt":""#)?;
    rest.split_once('"')?.0.parse().ok().map(Duration::from_millis)
}
