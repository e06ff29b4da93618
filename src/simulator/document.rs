//! What the API tells: operations, connectors and lists as the documents of the reference.
//! Nothing is looked up or decided here; fields stand in the order of the reference's samples.

use std::time::Duration;

use serde::Serialize;

use super::model::{Started, View};
use super::state::{Cloud, Kind, Network, Operation, Progress, Status};

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OperationDocument {
    operation_id: String,
    operation_type: &'static str,
    operate_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    finished_at: Option<String>,
    finished: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<ResultDocument>,
}

#[derive(Debug, Serialize)]
struct ResultDocument {
    result: &'static str,
    reason: String,
}

impl OperationDocument {
    /// `reason` is told when the operation has failed.
    pub(super) fn new(id: String, operation: &Operation, reason: &str, now: Duration) -> Self {
        let result = match operation.progress(now) {
            Progress::Running => None,
            Progress::Succeeded => Some(("success", "")),
            Progress::Failed => Some(("failed", reason)),
        };
        Self {
            operation_id: id,
            // In lower case, as in the sample; the table of the reference has capitals.
            operation_type: match operation.kind {
                Kind::Create => "create",
                Kind::Update => "update",
                Kind::Delete => "delete",
            },
            operate_at: operation.started.as_secs().to_string(),
            finished_at: result.map(|_| operation.finishes().as_secs().to_string()),
            finished: result.is_some(),
            result: result.map(|(result, reason)| ResultDocument { result, reason: reason.to_owned() }),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConnectorDocument {
    id: String,
    tenant_id: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    bandwidth: u64,
    cloud_info: Cloud,
    network_info: Network,
    status: Status,
    create_time: String,
}

impl ConnectorDocument {
    pub(super) fn new(view: View, tenant: &str) -> Self {
        Self {
            id: view.id,
            tenant_id: tenant.to_owned(),
            name: view.spec.name,
            description: view.spec.description,
            bandwidth: view.spec.bandwidth,
            cloud_info: view.spec.cloud,
            network_info: view.spec.network,
            status: view.status,
            // The one time of the API that is in milliseconds.
            create_time: view.created.as_millis().to_string(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct Details {
    pub(super) connector: ConnectorDocument,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct List {
    pub(super) total_num: usize,
    pub(super) page_size: usize,
    pub(super) current_page: usize,
    pub(super) data: Vec<ConnectorDocument>,
}

#[derive(Debug, Serialize)]
pub(super) struct Location {
    location: String,
}

impl From<&Started> for Location {
    fn from(started: &Started) -> Self {
        let connectors = match started.kind {
            // So spelt in the samples of these two calls, although no page of the reference defines such a path.
            Kind::Create | Kind::Update => "connector",
            Kind::Delete => "connectors",
        };
        let (id, operation) = (&started.connector, &started.operation);
        Self { location: format!("/v1.0/plasconnector/{connectors}/{id}/operations/{operation}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::state::tests::spec;

    const START: Duration = Duration::from_millis(1_517_274_000_250);

    fn told(fails: bool, elapsed: Duration) -> String {
        let operation =
            Operation { kind: Kind::Create, started: START, takes: Duration::from_secs(20), fails };
        let id = "95a44e38-5d61-44ca-a5c4-f241812fbd51".to_owned();
        let document = OperationDocument::new(id, &operation, "no free line", START + elapsed);
        serde_json::to_string(&document).unwrap()
    }

    #[test]
    fn a_running_operation_tells_neither_an_end_nor_a_result() {
        assert_eq!(
            told(true, Duration::from_secs(19)),
            r#"{"operationId":"95a44e38-5d61-44ca-a5c4-f241812fbd51","operationType":"create","operateAt":"1517274000","finished":false}"#
        );
    }

    #[test]
    fn a_finished_operation_tells_both() {
        assert_eq!(
            told(false, Duration::from_secs(60)),
            r#"{"operationId":"95a44e38-5d61-44ca-a5c4-f241812fbd51","operationType":"create","operateAt":"1517274000","finishedAt":"1517274020","finished":true,"result":{"result":"success","reason":""}}"#
        );
        assert!(
            told(true, Duration::from_secs(20))
                .ends_with(r#""finished":true,"result":{"result":"failed","reason":"no free line"}}"#)
        );
    }

    #[test]
    fn a_connector_is_told_as_in_the_reference() {
        let view =
            View { id: "c-1".to_owned(), status: Status::Available, created: START, spec: spec("demo") };
        let told = serde_json::to_string(&ConnectorDocument::new(view, "t-1")).unwrap();
        assert_eq!(
            told,
            r#"{"id":"c-1","tenantId":"t-1","name":"demo","bandwidth":50,"cloudInfo":{"provider":"OTC","masterLocation":"Biere","masterDirectConnectId":"dc-1","slaveLocation":"Magdeburg","slaveDirectConnectId":"dc-2"},"networkInfo":{"provider":"Telekom","networkDomain":"IPLS","masterLocation":"Biere","slaveLocation":"Magdeburg"},"status":"Available","createTime":"1517274000250"}"#
        );
    }

    #[test]
    fn a_location_is_spelt_as_in_the_sample_of_its_call() {
        for (kind, expected) in [
            (Kind::Create, "/v1.0/plasconnector/connector/c/operations/o"),
            (Kind::Update, "/v1.0/plasconnector/connector/c/operations/o"),
            (Kind::Delete, "/v1.0/plasconnector/connectors/c/operations/o"),
        ] {
            let started =
                Started { connector: "c".to_owned(), operation: "o".to_owned(), kind, at_once: false };
            assert_eq!(Location::from(&started).location, expected);
        }
    }
}
