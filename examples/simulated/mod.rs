//! An operation to wait for, without a cloud: a simulated API on loopback, and a connector that it creates.

use std::error::Error;
use std::time::Duration;

use lro::http::{self, Endpoint};
use lro::plas::{self, Reference};
use lro::simulator::Simulator;

const CONNECTOR: &str = r#"{"connector": {"name": "example", "bandwidth": 50,
    "cloudInfo": {"provider": "otc", "masterLocation": "eu-de-01", "masterDirectConnectId": "dc-1",
        "slaveLocation": "eu-de-02", "slaveDirectConnectId": "dc-2"},
    "networkInfo": {"provider": "dt", "networkDomain": "example", "masterLocation": "Frankfurt",
        "slaveLocation": "Berlin", "popLocation": "Frankfurt"}}}"#;

/// An operation that takes this long, and the API that must live as long as it is asked.
pub(crate) async fn operation(duration: Duration) -> Result<(Simulator, plas::Operation), Box<dyn Error>> {
    let (simulator, mut operations) = operations(1, duration).await?;
    Ok((simulator, operations.remove(0)))
}

/// So many of them.
pub(crate) async fn operations(
    count: usize,
    duration: Duration,
) -> Result<(Simulator, Vec<plas::Operation>), Box<dyn Error>> {
    let simulator = Simulator::builder().duration(duration).start().await?;
    let http = http::Client::builder(Endpoint::parse(&simulator.url())?).without_proxy().build()?;
    let client = plas::Client::new(http.clone());
    let mut operations = Vec::new();
    for _ in 0..count {
        let accepted = http.post("/v1.0/plasconnector/connectors", CONNECTOR).await?;
        let reference = Reference::from_accepted(&String::from_utf8(accepted.body)?)?;
        operations.push(client.operation_at(reference.location())?);
    }
    Ok((simulator, operations))
}
