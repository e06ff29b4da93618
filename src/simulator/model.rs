//! The memory of the API: what the six calls do to connectors and operations.
//! No HTTP, no JSON text and no clock: `now`, the time since the UNIX epoch, is always a parameter.

use std::collections::HashMap;
use std::time::Duration;

use fastrand::Rng;

use super::state::{Change, Connector, Kind, Operation, Outcome, Progress, Spec, Status};

/// The bounds of the memory.
const CONNECTORS: usize = 10_000;
const OPERATIONS: usize = 100_000;

/// A connector of this name fails to be created, whatever the rules say.
const DOOMED: &str = "fail-";

/// What decides about an operation before it starts.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    pub(super) duration: Duration,
    pub(super) spread: f64,
    pub(super) outcome: Outcome,
    pub(super) reason: String,
}

/// A connector as it is at a moment.
#[derive(Debug)]
pub(super) struct View {
    pub(super) id: String,
    pub(super) status: Status,
    pub(super) created: Duration,
    pub(super) spec: Spec,
}

/// An operation that a call has started.
#[derive(Debug)]
pub(super) struct Started {
    pub(super) connector: String,
    pub(super) operation: String,
    pub(super) kind: Kind,
    pub(super) at_once: bool,
}

/// Why a call was not carried out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("there is no connector {0}")]
    NoConnector(String),
    #[error("connector {0} has no operation {1}")]
    NoOperation(String, String),
    #[error("connector {0} is {1:?}, but must be Available")]
    NotAvailable(String, Status),
    #[error("connector {0} is being updated")]
    Updating(String),
    #[error("the simulator keeps at most {CONNECTORS} connectors: delete some")]
    TooManyConnectors,
    #[error("the simulator keeps at most {OPERATIONS} operations: start it anew")]
    TooManyOperations,
}

#[derive(Debug)]
pub(super) struct Model {
    rules: Rules,
    rng: Rng,
    /// The project that owns every connector.
    pub(super) tenant: String,
    connectors: HashMap<String, Connector>,
    /// Each with its connector's id, since it outlives the connector.
    operations: HashMap<String, (String, Operation)>,
    created: u64,
}

impl Model {
    pub(super) fn new(rules: Rules, mut rng: Rng) -> Self {
        Self {
            rules,
            tenant: uuid(&mut rng),
            rng,
            connectors: HashMap::new(),
            operations: HashMap::new(),
            created: 0,
        }
    }

    /// Why operations fail.
    pub(super) fn reason(&self) -> &str {
        &self.rules.reason
    }

    pub(super) fn create(&mut self, spec: Spec, now: Duration) -> Result<Started, Refused> {
        self.room_for_operation()?;
        self.room_for_connector(now)?;
        let id = uuid(&mut self.rng);
        let mut latest = self.draw(Kind::Create, now);
        latest.fails |= spec.name.starts_with(DOOMED);
        self.created += 1;
        let connector =
            Connector { number: self.created, created: now, spec, latest, change: Change::default() };
        self.connectors.insert(id.clone(), connector);
        Ok(self.record(&id, latest, false))
    }

    pub(super) fn modify(&mut self, id: &str, change: Change, now: Duration) -> Result<Started, Refused> {
        let at_once = change.is_at_once();
        free(id, self.present(id, now)?, now)?;
        self.start(id, Kind::Update, change, at_once, now)
    }

    pub(super) fn delete(&mut self, id: &str, now: Duration) -> Result<Started, Refused> {
        let connector = self.present(id, now)?;
        let at_once = connector.status(now) == Some(Status::Failed);
        if !at_once {
            free(id, connector, now)?;
        }
        self.start(id, Kind::Delete, Change::default(), at_once, now)
    }

    pub(super) fn connector(&self, id: &str, now: Duration) -> Result<View, Refused> {
        self.connectors
            .get(id)
            .and_then(|connector| view(id, connector, now))
            .ok_or_else(|| Refused::NoConnector(id.to_owned()))
    }

    /// The connectors whose name contains `name`, the oldest first.
    pub(super) fn list(&self, name: &str, now: Duration) -> Vec<View> {
        let mut found: Vec<_> = self
            .connectors
            .iter()
            .filter_map(|(id, connector)| Some((connector.number, view(id, connector, now)?)))
            .filter(|(_, view)| view.spec.name.contains(name))
            .collect();
        found.sort_by_key(|(number, _)| *number);
        found.into_iter().map(|(_, view)| view).collect()
    }

    pub(super) fn operation(&self, connector: &str, id: &str) -> Result<Operation, Refused> {
        match self.operations.get(id) {
            Some((owner, operation)) if owner == connector => Ok(*operation),
            _ => Err(Refused::NoOperation(connector.to_owned(), id.to_owned())),
        }
    }

    fn present(&mut self, id: &str, now: Duration) -> Result<&mut Connector, Refused> {
        self.connectors
            .get_mut(id)
            .filter(|connector| connector.status(now).is_some())
            .ok_or_else(|| Refused::NoConnector(id.to_owned()))
    }

    fn start(
        &mut self,
        id: &str,
        kind: Kind,
        change: Change,
        at_once: bool,
        now: Duration,
    ) -> Result<Started, Refused> {
        self.room_for_operation()?;
        let mut latest = self.draw(kind, now);
        if at_once {
            latest.takes = Duration::ZERO;
            latest.fails = false;
        }
        let connector = self.present(id, now)?;
        connector.spec = connector.spec(now);
        connector.latest = latest;
        connector.change = change;
        Ok(self.record(id, latest, at_once))
    }

    /// Draws as often whatever the rules say, so that a seed gives the same ids under other rules.
    fn draw(&mut self, kind: Kind, now: Duration) -> Operation {
        let deviation = self.rules.spread * (2.0 * self.rng.f64() - 1.0);
        let unlucky = self.rng.bool();
        Operation {
            kind,
            started: now,
            takes: self.rules.duration.mul_f64(1.0 + deviation),
            fails: match self.rules.outcome {
                Outcome::Success => false,
                Outcome::Failed => true,
                Outcome::Random => unlucky,
            },
        }
    }

    fn record(&mut self, connector: &str, operation: Operation, at_once: bool) -> Started {
        let id = uuid(&mut self.rng);
        self.operations.insert(id.clone(), (connector.to_owned(), operation));
        Started { connector: connector.to_owned(), operation: id, kind: operation.kind, at_once }
    }

    /// Connectors that are gone are forgotten only when their room is needed.
    fn room_for_connector(&mut self, now: Duration) -> Result<(), Refused> {
        if self.connectors.len() >= CONNECTORS {
            self.connectors.retain(|_, connector| connector.status(now).is_some());
        }
        if self.connectors.len() >= CONNECTORS {
            return Err(Refused::TooManyConnectors);
        }
        Ok(())
    }

    fn room_for_operation(&self) -> Result<(), Refused> {
        if self.operations.len() >= OPERATIONS {
            return Err(Refused::TooManyOperations);
        }
        Ok(())
    }
}

/// Refuses a connector that is not available, or whose last operation still runs.
fn free(id: &str, connector: &Connector, now: Duration) -> Result<(), Refused> {
    match connector.status(now) {
        Some(Status::Available) if connector.latest.progress(now) == Progress::Running => {
            Err(Refused::Updating(id.to_owned()))
        }
        Some(Status::Available) => Ok(()),
        Some(status) => Err(Refused::NotAvailable(id.to_owned(), status)),
        None => Err(Refused::NoConnector(id.to_owned())),
    }
}

fn view(id: &str, connector: &Connector, now: Duration) -> Option<View> {
    Some(View {
        id: id.to_owned(),
        status: connector.status(now)?,
        created: connector.created,
        spec: connector.spec(now),
    })
}

/// A random UUID (version 4), as the API's samples have for every id.
pub(super) fn uuid(rng: &mut Rng) -> String {
    let bits = rng.u128(..) & !(0xf << 76) & !(0b11 << 62) | (4 << 76) | (0b10 << 62);
    let mut id = format!("{bits:032x}");
    for at in [20, 16, 12, 8] {
        id.insert(at, '-');
    }
    id
}

#[cfg(test)]
mod tests;
