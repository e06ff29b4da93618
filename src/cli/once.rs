//! Asking once: a wait that is left after its first answer.
//! What the answer means is not known here.

use std::sync::Arc;
use std::time::Duration;

use lro::{Answer, EventKind, Operation, PolicyError, PollError, wait_for_completion};

/// What came of asking once, and how long it took.
pub(crate) struct Once<S> {
    pub(crate) outcome: Result<Arc<Answer<S>>, Arc<PollError>>,
    pub(crate) elapsed: Duration,
}

/// Asks once, and waits this long for the answer.
///
/// # Errors
///
/// When that is no time to wait.
pub(crate) async fn ask<O>(operation: O, poll_timeout: Duration) -> Result<Once<O::Status>, PolicyError>
where
    O: Operation + Send + Unpin + 'static,
    O::Status: Send + Sync + 'static,
{
    let mut events = wait_for_completion(operation).poll_timeout(poll_timeout).without_timeout().events();
    loop {
        let Some(event) = events.next().await else {
            unreachable!("the last event of a wait is its outcome")
        };
        let outcome = match event.kind {
            EventKind::Answered { answer, .. } => Ok(answer),
            EventKind::Erred { error, .. } => Err(error),
            EventKind::Finished(Err(lro::WaitError::Policy(error))) => return Err(error),
            _ => continue,
        };
        return Ok(Once { outcome, elapsed: event.elapsed });
    }
}
