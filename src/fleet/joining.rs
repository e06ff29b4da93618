//! How operations come into a fleet: before it runs, and while it does.
//! What becomes of them is not known here.

use std::fmt;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// The operations that wait to be taken into a fleet.
pub(super) struct Joining<O> {
    first: Vec<O>,
    later: Option<UnboundedReceiver<O>>,
    /// Kept only until the fleet runs, so that it can give out more adders.
    adder: Option<Adder<O>>,
}

impl<O> Joining<O> {
    pub(super) fn push(&mut self, operation: O) {
        self.first.push(operation);
    }

    pub(super) fn adder(&mut self) -> Adder<O> {
        let adder = self.adder.get_or_insert_with(|| {
            let (sender, receiver) = unbounded_channel();
            self.later = Some(receiver);
            Adder(sender)
        });
        adder.clone()
    }

    /// What is there from the beginning. From now on the fleet itself does not keep anybody waiting.
    pub(super) fn begin(&mut self) -> Vec<O> {
        self.adder = None;
        std::mem::take(&mut self.first)
    }

    /// Whether nothing can come any more.
    pub(super) fn is_over(&self) -> bool {
        self.later.is_none()
    }

    /// Waits for what comes next, and takes all that has come; nothing when nothing can come any more.
    pub(super) async fn next(&mut self) -> Vec<O> {
        let mut came = Vec::new();
        if let Some(later) = &mut self.later
            && later.recv_many(&mut came, usize::MAX).await == 0
        {
            self.later = None;
        }
        came
    }
}

impl<O> Default for Joining<O> {
    fn default() -> Self {
        Self { first: Vec::new(), later: None, adder: None }
    }
}

/// Adds operations to a [`Fleet`](super::Fleet) that runs, from anywhere.
///
/// Before its limit the fleet is not over while there is an adder, so drop the last one when no more is to come.
pub struct Adder<O>(UnboundedSender<O>);

impl<O> Adder<O> {
    /// Adds an operation. It is asked for at once, or soon: operations that come together are
    /// [spread](super::Fleet::spread).
    ///
    /// # Errors
    ///
    /// When the fleet is over, or was dropped. The operation comes back.
    pub fn add(&self, operation: O) -> Result<(), Closed<O>> {
        self.0.send(operation).map_err(|unsent| Closed(unsent.0))
    }
}

impl<O> Clone for Adder<O> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<O> fmt::Debug for Adder<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Adder").field("closed", &self.0.is_closed()).finish_non_exhaustive()
    }
}

/// The fleet is over, and takes no more operations. This one has not been asked for.
#[derive(thiserror::Error)]
#[error("the fleet is over, and takes no more operations")]
pub struct Closed<O>(pub O);

impl<O> fmt::Debug for Closed<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Closed").finish_non_exhaustive()
    }
}
