//! A fleet as a stream of events that paces itself.
//! Nothing is decided and no time passes here: the stream only drives the run.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;

use super::{Fleet, drive};
use crate::error::Outcome;
use crate::event::{Event, EventKind};
use crate::operation::Operation;
use crate::policy::PolicyError;

/// Something that happened in a fleet.
#[derive(Debug)]
#[non_exhaustive]
pub enum FleetEvent<S> {
    /// Something happened to one of the operations.
    Of {
        /// Which one, in the order in which they joined, from 0.
        index: usize,
        /// What happened, and when on the clock of the fleet. The last one of an operation is
        /// [`EventKind::Finished`].
        event: Event<S>,
    },
    /// The time of the heartbeat has passed once more, whatever else happened: the wait goes on.
    StillWaiting {
        /// When, on the clock of the fleet.
        elapsed: Duration,
    },
}

/// What happens in a fleet, as a stream; see [`Fleet::events`].
#[must_use = "a stream does nothing unless it is read"]
pub struct FleetEvents<S> {
    run: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    told: Told<S>,
}

impl<S: Send + Sync + 'static> FleetEvents<S> {
    /// The stream of all that happens, or only of the ends.
    pub(super) fn of<O>(fleet: Fleet<O>, of_all: bool) -> Result<Self, PolicyError>
    where
        O: Operation<Status = S> + Send + 'static,
    {
        let told = Told::default();
        let run = drive::run(fleet, told.clone(), of_all)?;
        Ok(Self { run: Some(Box::pin(run)), told })
    }
}

impl<S> FleetEvents<S> {
    /// The next event; `None` when the fleet is over and each of its operations has been told to have ended.
    ///
    /// # Cancellation
    ///
    /// Safe: an event is not lost when this future is dropped, and the wait goes on with the next call.
    pub async fn next(&mut self) -> Option<FleetEvent<S>> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<S> Stream for FleetEvents<S> {
    type Item = FleetEvent<S>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<FleetEvent<S>>> {
        loop {
            if let Some(event) = self.told.pop() {
                return Poll::Ready(Some(event));
            }
            let Some(run) = &mut self.run else {
                return Poll::Ready(None);
            };
            let is_over = run.as_mut().poll(cx).is_ready();
            if is_over {
                self.run = None;
            } else if self.told.is_empty() {
                return Poll::Pending;
            }
        }
    }
}

impl<S> fmt::Debug for FleetEvents<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FleetEvents").field("ended", &self.run.is_none()).finish_non_exhaustive()
    }
}

/// The outcomes of a fleet in the order in which its operations end; see [`Fleet::completions`].
#[must_use = "a stream does nothing unless it is read"]
#[derive(Debug)]
pub struct Completions<S>(pub(super) FleetEvents<S>);

impl<S> Completions<S> {
    /// The next operation to end: its place in the order in which they joined, from 0, and its outcome. `None` when the
    /// fleet is over.
    ///
    /// # Cancellation
    ///
    /// Safe: an outcome is not lost when this future is dropped, and the wait goes on with the next call.
    pub async fn next(&mut self) -> Option<(usize, Outcome<S>)> {
        std::future::poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<S> Stream for Completions<S> {
    type Item = (usize, Outcome<S>);

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            match std::task::ready!(Pin::new(&mut self.0).poll_next(cx)) {
                Some(FleetEvent::Of { index, event: Event { kind: EventKind::Finished(outcome), .. } }) => {
                    return Poll::Ready(Some((index, outcome)));
                }
                Some(_) => {}
                None => return Poll::Ready(None),
            }
        }
    }
}

/// What was told and not read yet.
pub(super) struct Told<S>(Arc<Mutex<VecDeque<FleetEvent<S>>>>);

impl<S> Told<S> {
    pub(super) fn push(&self, event: FleetEvent<S>) {
        self.queue().push_back(event);
    }

    fn pop(&self) -> Option<FleetEvent<S>> {
        self.queue().pop_front()
    }

    fn is_empty(&self) -> bool {
        self.queue().is_empty()
    }

    /// Stands still until all that was told is read. Whoever reads drives the run, so nobody needs to be woken.
    pub(super) async fn read(&self) {
        std::future::poll_fn(|_| if self.is_empty() { Poll::Ready(()) } else { Poll::Pending }).await;
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, VecDeque<FleetEvent<S>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Clone for Told<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S> Default for Told<S> {
    fn default() -> Self {
        Self(Arc::default())
    }
}
