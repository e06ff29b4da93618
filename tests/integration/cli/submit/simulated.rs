//! Create, modify and delete at the simulator: the whole way from the call to the end.

use std::time::Duration;

use lro::simulator::{Outcome, Simulator};

use crate::support::command::{Ended, lro, run, run_with_input};

const CONNECTORS: &str = "/v1.0/plasconnector/connectors";

const CONNECTOR: &str = r#"{"connector": {"name": "a", "bandwidth": 50,
    "cloudInfo": {"provider": "otc", "masterLocation": "eu-de-01", "masterDirectConnectId": "dc-1",
        "slaveLocation": "eu-de-02", "slaveDirectConnectId": "dc-2"},
    "networkInfo": {"provider": "dt", "networkDomain": "a", "masterLocation": "Frankfurt",
        "slaveLocation": "Berlin", "popLocation": "Frankfurt"}}}"#;

const NAME: &str = r#"{"connector":{"name":"b"}}"#;
/// This alone is done at once.
const DESCRIPTION: &str = r#"{"connector":{"description":"c"}}"#;

async fn simulator(outcome: Outcome) -> Simulator {
    let simulated =
        Simulator::builder().duration(Duration::from_millis(300)).outcome(outcome).token("some-token");
    simulated.start().await.expect("a simulator")
}

async fn submit(simulator: &Simulator, call: &[&str]) -> Ended {
    let endpoint = simulator.url();
    let mut command = lro(&["submit", "--endpoint", &endpoint, "--interval", "50ms"]);
    run(command.args(call).env("LRO_TOKEN", "some-token")).await
}

/// What the API says at the end: `finished`, the kind of the operation, and its result.
fn told(ended: &Ended) -> (bool, String, String) {
    let document: serde_json::Value = serde_json::from_str(&ended.stdout).expect(&ended.stderr);
    let text = |pointer: &str| {
        document.pointer(pointer).and_then(|value| value.as_str()).unwrap_or_default().to_lowercase()
    };
    (document["finished"] == true, text("/operationType"), text("/result/result"))
}

/// The path of the connector in what was told.
fn path(ended: &Ended) -> String {
    let rest = ended.stderr.split_once("/connector/").expect(&ended.stderr).1;
    let id = rest.split('/').next().expect("an id");
    format!("{CONNECTORS}/{id}")
}

#[tokio::test]
async fn what_is_created_can_be_modified_and_deleted() {
    let simulator = simulator(Outcome::Success).await;
    let created = submit(&simulator, &["POST", CONNECTORS, "--json", CONNECTOR]).await;
    assert_eq!(created.code, Some(0), "{}", created.stderr);
    assert_eq!(told(&created), (true, "create".to_owned(), "success".to_owned()));
    assert_eq!(created.stdout.lines().count(), 1);
    let path = path(&created);
    for (call, kind) in [
        (&["PUT", &path, "--json", NAME][..], "update"),
        (&["PUT", &path, "--json", DESCRIPTION], "update"),
        (&["DELETE", &path], "delete"),
    ] {
        let ended = submit(&simulator, call).await;
        assert_eq!(ended.code, Some(0), "{call:?} {}", ended.stderr);
        assert_eq!(told(&ended), (true, kind.to_owned(), "success".to_owned()), "{call:?}");
    }
    let gone = submit(&simulator, &["DELETE", &path]).await;
    assert_eq!(gone.code, Some(3), "{}", gone.stderr);
    assert!(gone.stderr.contains("so nothing was started\n  caused by: HTTP 404"), "{}", gone.stderr);
}

#[tokio::test]
async fn what_fails_is_1_and_what_failed_is_deleted_at_once() {
    let simulator = simulator(Outcome::Failed).await;
    let created = submit(&simulator, &["POST", CONNECTORS, "--json", CONNECTOR]).await;
    assert_eq!(created.code, Some(1), "{}", created.stderr);
    assert_eq!(told(&created), (true, "create".to_owned(), "failed".to_owned()));
    let deleted = submit(&simulator, &["DELETE", &path(&created)]).await;
    assert_eq!(deleted.code, Some(0), "{}", deleted.stderr);
    assert_eq!(told(&deleted), (true, "delete".to_owned(), "success".to_owned()));
}

#[tokio::test]
async fn who_may_not_ask_starts_nothing() {
    let simulator = simulator(Outcome::Success).await;
    let endpoint = simulator.url();
    let args = ["submit", "--endpoint", &endpoint, "POST", CONNECTORS, "--json", CONNECTOR];
    for ended in [run(&mut lro(&args)).await, run(lro(&args).env("LRO_TOKEN", "wrong-token")).await] {
        assert_eq!(ended.code, Some(4), "{}", ended.stderr);
        assert!(ended.stderr.contains("so nothing was started\n"), "{}", ended.stderr);
    }
    let list = submit(&simulator, &["GET", CONNECTORS]).await;
    let list: serde_json::Value = serde_json::from_str(&list.stdout).expect(&list.stderr);
    assert_eq!(list["totalNum"], 0, "{list}");
}

#[tokio::test]
async fn a_printed_location_can_be_waited_for() {
    let simulator = simulator(Outcome::Success).await;
    let printed = submit(&simulator, &["POST", CONNECTORS, "--json", CONNECTOR, "--print-location"]).await;
    assert_eq!(printed.code, Some(0), "{}", printed.stderr);
    let waited = run_with_input(
        lro(&["wait", "-", "--endpoint", &simulator.url()]).env("LRO_TOKEN", "some-token"),
        &printed.stdout,
    )
    .await;
    assert_eq!(waited.code, Some(0), "{}", waited.stderr);
}
