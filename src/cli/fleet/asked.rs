//! The operations of a fleet that have not ended, by their place in it: what is told of an end beside what was answered.
//! How they end is not known here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lro::http::Operation;

/// The operations that are asked, prepared for it. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    open: Arc<Mutex<Open>>,
    fetch_result: bool,
    require_result: bool,
}

#[derive(Debug, Default)]
struct Open {
    /// Those that are there from the beginning: ten thousand of them have no room to spare.
    listed: Vec<Option<Operation>>,
    /// Those that came later, of whom nothing stays when they have ended.
    later: HashMap<usize, Operation>,
    joined: usize,
}

impl Asked {
    pub(super) fn new(fetch_result: bool, require_result: bool) -> Self {
        Self { open: Arc::default(), fetch_result, require_result }
    }

    /// The operations that are there from the beginning, as they are to be asked.
    pub(super) fn list(&self, operations: Vec<Operation>) -> Vec<Operation> {
        let operations: Vec<_> = operations.into_iter().map(|operation| self.prepared(operation)).collect();
        let mut open = self.open();
        open.listed = operations.iter().cloned().map(Some).collect();
        open.joined = operations.len();
        operations
    }

    /// The operation as it is to be asked, in the next place.
    pub(super) fn join(&self, operation: Operation) -> Operation {
        let operation = self.prepared(operation);
        let mut open = self.open();
        let place = open.joined;
        open.joined += 1;
        open.later.insert(place, operation.clone());
        operation
    }

    /// The operation in this place, which has ended.
    pub(super) fn take(&self, place: usize) -> Operation {
        let mut open = self.open();
        let operation = match open.listed.get_mut(place) {
            Some(listed) => listed.take(),
            None => open.later.remove(&place),
        };
        operation.unwrap_or_else(|| unreachable!("it was kept before it joined, and ends once"))
    }

    fn prepared(&self, operation: Operation) -> Operation {
        operation.fetch_result(self.fetch_result).require_result(self.require_result)
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
