//! How operations stand, as the log has it: a line for each change.
//! What else happens is said by the library itself.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use lro::http::{Status, printable};
use lro::{Event, EventKind};
use tracing::Level;

use super::narrator::lasting;
use crate::cli::log;

/// How many characters of a name are told, as the library does.
const LONGEST_ID: usize = 200;

/// What was last said of each operation.
#[derive(Debug, Default)]
pub(super) struct Changes {
    last: HashMap<Arc<str>, String>,
}

impl Changes {
    /// Says how the operation stands if it is another state than before. Ends are told by the end.
    pub(super) fn note(&mut self, event: &Event<Status>) {
        match &event.kind {
            EventKind::Answered { answer, .. } if log::is_on() && !answer.verdict.is_terminal() => {
                let now = lasting(answer);
                if self.last.get(&event.id).is_some_and(|last| *last == now) {
                    return;
                }
                tracing::event!(
                    name: "lro.operation.changed", target: "lro", Level::INFO,
                    id = &*brief(&event.id),
                    verdict = answer.verdict.as_str(),
                    state = answer.status.state.as_deref().map(|state| printable(state).into_owned()),
                    progress = answer.hints.progress,
                    "{}", printable(&now)
                );
                self.last.insert(Arc::clone(&event.id), now);
            }
            EventKind::Finished(_) => drop(self.last.remove(&event.id)),
            _ => {}
        }
    }
}

/// A name as the library tells it, so that one operation has one name in the log.
fn brief(id: &str) -> Cow<'_, str> {
    match id.char_indices().nth(LONGEST_ID) {
        Some((end, _)) => format!("{}…", &id[..end]).into(),
        None => id.into(),
    }
}
