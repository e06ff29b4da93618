//! Any API by a preset: start an operation over HTTP, wait for it, and read the answer as a type of one's own.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::time::Duration;

use lro::http::{Client, Endpoint, Operation, Start};
use lro::preset::Preset;
use lro::simulator::Simulator;

/// The same as a built-in preset says of this API, cut down to what an example needs.
const PRESET: &str = r#"
title = "Connectors"
expect = "type(finished) == 'boolean'"
state = "result.result"
success = ["success"]
failure = ["failed"]
message = ["result.reason"]
handle = [{ body = "location" }]
"#;

const CONNECTOR: &str = r#"{"connector": {"name": "example", "bandwidth": 50,
    "cloudInfo": {"provider": "otc", "masterLocation": "eu-de-01", "masterDirectConnectId": "dc-1",
        "slaveLocation": "eu-de-02", "slaveDirectConnectId": "dc-2"},
    "networkInfo": {"provider": "dt", "networkDomain": "example", "masterLocation": "Frankfurt",
        "slaveLocation": "Berlin", "popLocation": "Frankfurt"}}}"#;

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    operation_type: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = Simulator::builder().duration(Duration::from_secs(2)).start().await?;
    let client = Client::builder(Endpoint::parse(&api.url())?).without_proxy().build()?;

    let preset = Preset::from_toml("connectors", PRESET)?;
    let start = Start::new("POST", "/v1.0/plasconnector/connectors")?.body(CONNECTOR);
    let done = lro::wait_for_completion(Operation::submit(client, start, preset)?).await?;

    let document: Document = done.status().parse()?;
    println!("{} succeeded after {} polls", document.operation_type, done.report.polls);
    Ok(())
}
