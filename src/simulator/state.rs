//! What connectors and operations are: data, and their states as functions of a moment.
//! No memory of several, no HTTP and no clock: `now`, the time since the UNIX epoch, is always a parameter.

use std::time::Duration;

use serde::Serialize;

/// How the simulator's operations end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Every operation succeeds (the default).
    #[default]
    Success,
    /// Every operation fails.
    Failed,
    /// Each operation fails with a probability of one half.
    Random,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Create,
    Update,
    Delete,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Running,
    Succeeded,
    Failed,
}

/// An operation is decided when it starts; what it is at a moment follows from that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operation {
    pub(super) kind: Kind,
    pub(super) started: Duration,
    pub(super) takes: Duration,
    pub(super) fails: bool,
}

impl Operation {
    pub(super) fn finishes(&self) -> Duration {
        self.started + self.takes
    }

    pub(super) fn progress(&self, now: Duration) -> Progress {
        if now < self.finishes() {
            Progress::Running
        } else if self.fails {
            Progress::Failed
        } else {
            Progress::Succeeded
        }
    }
}

/// The word the API has for a connector's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) enum Status {
    Pending,
    Available,
    Failed,
    Deleting,
}

/// What a client asked a connector to be. Where the connector's point of presence is, is asked for too, but
/// never told again by the API, and so not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spec {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) bandwidth: u64,
    pub(super) cloud: Cloud,
    pub(super) network: Network,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cloud {
    pub(super) provider: String,
    pub(super) master_location: String,
    pub(super) master_direct_connect_id: String,
    pub(super) slave_location: String,
    pub(super) slave_direct_connect_id: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Network {
    pub(super) provider: String,
    #[serde(rename = "networkDomain")]
    pub(super) domain: String,
    pub(super) master_location: String,
    pub(super) slave_location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line_id: Option<String>,
}

/// What a client asked a connector to become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) bandwidth: Option<u64>,
    pub(super) line_id: Option<String>,
}

impl Change {
    /// A description is a note in a database; everything else is work on the network.
    pub(super) fn is_at_once(&self) -> bool {
        self.name.is_none() && self.bandwidth.is_none() && self.line_id.is_none()
    }

    pub(super) fn apply(self, spec: &mut Spec) {
        if let Some(name) = self.name {
            spec.name = name;
        }
        if let Some(bandwidth) = self.bandwidth {
            spec.bandwidth = bandwidth;
        }
        spec.description = self.description.or(spec.description.take());
        spec.network.line_id = self.line_id.or(spec.network.line_id.take());
    }
}

/// A connector, whose state is that of its latest operation.
#[derive(Debug)]
pub(super) struct Connector {
    /// Counts connectors in the order of their creation, which is the order of the list.
    pub(super) number: u64,
    pub(super) created: Duration,
    /// As it was before the latest operation.
    pub(super) spec: Spec,
    pub(super) latest: Operation,
    /// What the latest operation changes, should it succeed.
    pub(super) change: Change,
}

impl Connector {
    /// `None` when the connector is gone.
    pub(super) fn status(&self, now: Duration) -> Option<Status> {
        match (self.latest.kind, self.latest.progress(now)) {
            (Kind::Create, Progress::Running) => Some(Status::Pending),
            (Kind::Create | Kind::Delete, Progress::Failed) => Some(Status::Failed),
            (Kind::Create, Progress::Succeeded) | (Kind::Update, _) => Some(Status::Available),
            (Kind::Delete, Progress::Running) => Some(Status::Deleting),
            (Kind::Delete, Progress::Succeeded) => None,
        }
    }

    pub(super) fn spec(&self, now: Duration) -> Spec {
        let mut spec = self.spec.clone();
        if self.latest.progress(now) == Progress::Succeeded {
            self.change.clone().apply(&mut spec);
        }
        spec
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::simulator) fn spec(name: &str) -> Spec {
        Spec {
            name: name.to_owned(),
            description: None,
            bandwidth: 50,
            cloud: Cloud {
                provider: "OTC".to_owned(),
                master_location: "Biere".to_owned(),
                master_direct_connect_id: "dc-1".to_owned(),
                slave_location: "Magdeburg".to_owned(),
                slave_direct_connect_id: "dc-2".to_owned(),
            },
            network: Network {
                provider: "Telekom".to_owned(),
                domain: "IPLS".to_owned(),
                master_location: "Biere".to_owned(),
                slave_location: "Magdeburg".to_owned(),
                line_id: None,
            },
        }
    }

    const START: Duration = Duration::from_secs(1_517_274_000);
    const TAKES: Duration = Duration::from_secs(20);

    fn changed_by(kind: Kind, fails: bool) -> Connector {
        Connector {
            number: 1,
            created: START,
            spec: spec("demo"),
            latest: Operation { kind, started: START, takes: TAKES, fails },
            change: Change { bandwidth: Some(100), ..Change::default() },
        }
    }

    #[test]
    fn an_operation_runs_until_the_very_moment_it_has_taken_its_time() {
        let operation = changed_by(Kind::Create, false).latest;
        let end = START + TAKES;
        assert_eq!(operation.finishes(), end);
        assert_eq!(operation.progress(START), Progress::Running);
        assert_eq!(operation.progress(START + Duration::from_nanos(19_999_999_999)), Progress::Running);
        assert_eq!(operation.progress(end), Progress::Succeeded);
    }

    #[test]
    fn a_connector_is_what_its_latest_operation_made_of_it() {
        let (half, whole) = (TAKES / 2, TAKES);
        for (kind, fails, elapsed, status) in [
            (Kind::Create, false, half, Some(Status::Pending)),
            (Kind::Create, false, whole, Some(Status::Available)),
            (Kind::Create, true, half, Some(Status::Pending)),
            (Kind::Create, true, whole, Some(Status::Failed)),
            (Kind::Update, false, half, Some(Status::Available)),
            (Kind::Update, false, whole, Some(Status::Available)),
            (Kind::Update, true, whole, Some(Status::Available)),
            (Kind::Delete, false, half, Some(Status::Deleting)),
            (Kind::Delete, false, whole, None),
            (Kind::Delete, true, half, Some(Status::Deleting)),
            (Kind::Delete, true, whole, Some(Status::Failed)),
        ] {
            assert_eq!(
                changed_by(kind, fails).status(START + elapsed),
                status,
                "{kind:?}, fails: {fails}, after {elapsed:?}"
            );
        }
    }

    #[test]
    fn a_change_shows_once_its_operation_has_succeeded_and_never_when_it_fails() {
        let bandwidth = |fails, elapsed| {
            let connector = changed_by(Kind::Update, fails);
            connector.spec(START + elapsed).bandwidth
        };
        assert_eq!(bandwidth(false, TAKES / 2), 50);
        assert_eq!(bandwidth(false, TAKES), 100);
        assert_eq!(bandwidth(true, TAKES), 50);
    }

    #[test]
    fn a_change_leaves_alone_what_it_does_not_name() {
        let mut changed = spec("demo");
        changed.description = Some("old".to_owned());
        Change { line_id: Some("line-7".to_owned()), ..Change::default() }.apply(&mut changed);
        assert_eq!(changed.network.line_id.as_deref(), Some("line-7"));
        assert_eq!(changed.description.as_deref(), Some("old"));
        assert_eq!(changed.name, "demo");
    }
}
