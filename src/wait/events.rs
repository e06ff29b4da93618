//! A wait as a stream of events that paces itself.
//! Nothing is decided and no time passes here: the stream drives the same run that awaiting drives.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;

use super::{Wait, drive};
use crate::error::WaitError;
use crate::event::{Event, EventKind};
use crate::operation::Operation;

/// What happens in a wait, as a stream; see [`Wait::events`].
#[must_use = "a stream does nothing unless it is read"]
pub struct Events<S> {
    run: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    told: Arc<Mutex<VecDeque<Event<S>>>>,
}

impl<S: Send + Sync + 'static> Events<S> {
    pub(super) fn of<O>(wait: Wait<O>) -> Self
    where
        O: Operation<Status = S> + Send + 'static,
    {
        let told = Arc::new(Mutex::new(VecDeque::new()));
        let queue = Arc::clone(&told);
        let run = async move {
            let id = Arc::from(&*wait.operation.id());
            let outcome = drive::run(wait, |event| lock(&queue).push_back(event)).await;
            let report = outcome.as_ref().map_or_else(WaitError::report, |completed| Some(&completed.report));
            let elapsed = report.map_or(Duration::ZERO, |report| report.elapsed);
            lock(&queue).push_back(Event { id, elapsed, kind: EventKind::Finished(outcome) });
        };
        Self { run: Some(Box::pin(run)), told }
    }
}

impl<S> Events<S> {
    /// The next event; `None` after the outcome.
    ///
    /// # Cancellation
    ///
    /// Safe: an event is not lost when this future is dropped, and the wait goes on with the next call.
    pub async fn next(&mut self) -> Option<Event<S>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<S> Stream for Events<S> {
    type Item = Event<S>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Event<S>>> {
        if let Some(event) = lock(&self.told).pop_front() {
            return Poll::Ready(Some(event));
        }
        let Some(run) = &mut self.run else {
            return Poll::Ready(None);
        };
        // The outcome is told by the run itself, as its last event.
        if run.as_mut().poll(cx).is_ready() {
            self.run = None;
        }
        match lock(&self.told).pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None if self.run.is_none() => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

impl<S> fmt::Debug for Events<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Events").field("ended", &self.run.is_none()).finish_non_exhaustive()
    }
}

fn lock<T>(told: &Mutex<VecDeque<T>>) -> std::sync::MutexGuard<'_, VecDeque<T>> {
    told.lock().unwrap_or_else(PoisonError::into_inner)
}
