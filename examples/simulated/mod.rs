//! Operations to wait for, without a cloud: a simulated API on loopback, and connectors that it creates.

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

/// So many operations that each take this long, and the API that must live as long as they are asked for.
pub(crate) async fn operations<const COUNT: usize>(
    duration: Duration,
) -> Result<(Simulator, [plas::Operation; COUNT]), Box<dyn Error>> {
    let simulator = Simulator::builder().duration(duration).start().await?;
    let http = http::Client::builder(Endpoint::parse(&simulator.url())?).without_proxy().build()?;
    let client = plas::Client::new(http.clone());
    let mut operations = Vec::new();
    for _ in 0..COUNT {
        let accepted = http.post("/v1.0/plasconnector/connectors", CONNECTOR).await?;
        let reference = Reference::from_accepted(&String::from_utf8(accepted.body)?)?;
        operations.push(client.operation_at(reference.location())?);
    }
    let operations = operations.try_into().map_err(|_| "as many were made as are wanted")?;
    Ok((simulator, operations))
}
