//! Asking once: a wait that is left after its first answer.
//! What the answer means is not known here.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use lro::{
    Answer, EventKind, FleetEvent, MaxErrors, Operation, PolicyError, PollError, WaitError, wait_for_all,
    wait_for_completion,
};

use super::args::Many;
use super::duration::human;

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
            EventKind::Finished(Err(WaitError::Policy(error))) => return Err(error),
            _ => continue,
        };
        return Ok(Once { outcome, elapsed: event.elapsed });
    }
}

/// Asks each of these once, so many at a time, and waits this long for each answer; returns what came of it in the order
/// given, and how long it took in all.
///
/// A server that asks to be left alone is: what else there is to ask of it is asked after that time, or not at all if
/// that is longer than an answer may take.
///
/// # Errors
///
/// When a number is out of its bounds.
pub(crate) async fn ask_all<O>(
    operations: impl IntoIterator<Item = O>,
    poll_timeout: Duration,
    many: &Many,
) -> Result<(Vec<Once<O::Status>>, Duration), PolicyError>
where
    O: Operation + Send + 'static,
    O::Status: Send + Sync + 'static,
{
    let left_alone = LeftAlone::default();
    let each = |operation| Single { operation, longest: poll_timeout, left_alone: Arc::clone(&left_alone) };
    let fleet = wait_for_all(operations.into_iter().map(each))
        .without_timeout()
        .poll_timeout(poll_timeout)
        .max_errors(MaxErrors::Always(1))
        .not_found_grace(Duration::ZERO)
        .spread(Duration::ZERO)
        .concurrency(many.concurrency);
    let fleet = match many.rate {
        Some(rate) => fleet.rate(rate),
        None => fleet,
    };
    let (mut asked, mut all) = (Vec::new(), Duration::ZERO);
    let mut events = fleet.events()?;
    while let Some(event) = events.next().await {
        let FleetEvent::Of { index, event } = event else { continue };
        all = event.elapsed;
        let EventKind::Finished(outcome) = event.kind else { continue };
        let (outcome, elapsed) = match outcome {
            Ok(completed) => (Ok(Arc::clone(completed.status())), completed.report.elapsed),
            Err(WaitError::Poll { source, report, .. }) => (Err(source), report.elapsed),
            Err(_) => unreachable!("every answer is a success, and nothing else ends it"),
        };
        asked.push((index, Once { outcome, elapsed }));
    }
    asked.sort_unstable_by_key(|(index, _)| *index);
    Ok((asked.into_iter().map(|(_, once)| once).collect(), all))
}

/// Who wants to be left alone for longer than an answer may take, and for how long.
type LeftAlone = Arc<Mutex<HashMap<String, Duration>>>;

/// An operation of which every answer is the end.
struct Single<O> {
    operation: O,
    longest: Duration,
    left_alone: LeftAlone,
}

impl<O: Operation + Send> Operation for Single<O>
where
    O::Status: Send + Sync,
{
    type Status = Arc<Answer<O::Status>>;

    async fn poll(&mut self) -> Result<Answer<Self::Status>, PollError> {
        let origin = self.operation.origin().map(Cow::into_owned);
        let left_alone = || self.left_alone.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = origin.as_ref().and_then(|origin| left_alone().get(origin).copied());
        if let Some(pause) = pause {
            let text = format!("it was not asked: the server wants to be left alone for {}", human(pause));
            return Err(PollError::transient(text));
        }
        let answer = self.operation.poll().await;
        let long = |error: &PollError| error.retry_after().filter(|pause| *pause > self.longest);
        match answer {
            Ok(answer) => Ok(Answer::succeeded(Arc::new(answer))),
            Err(error) => match (long(&error), origin) {
                (Some(pause), Some(origin)) => {
                    left_alone().insert(origin, pause);
                    // Nobody waits for that.
                    Err(error.with_retry_after(None))
                }
                _ => Err(error),
            },
        }
    }

    fn id(&self) -> Cow<'_, str> {
        self.operation.id()
    }

    fn origin(&self) -> Option<Cow<'_, str>> {
        self.operation.origin()
    }
}
