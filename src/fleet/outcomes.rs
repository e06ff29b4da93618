//! How a wait for many operations ended: one outcome each.
//! Nothing is decided here.

use super::Until;
use crate::error::{Completed, Outcome, WaitError};

/// How each operation of a fleet ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcomes<S> {
    /// One for each operation, in the order in which they joined. What was left to itself when the fleet was over is
    /// [interrupted](WaitError::Interrupted), with what was known of it.
    pub outcomes: Vec<Outcome<S>>,
    /// What it was waited for.
    pub until: Until,
}

impl<S> Outcomes<S> {
    /// Whether that is what it was waited for: a success of one for [`Until::Any`], else of all. A fleet without
    /// operations has nothing that failed; but none that succeeded, either.
    #[must_use]
    pub fn is_success(&self) -> bool {
        match self.until {
            Until::Any => self.first_success().is_some(),
            Until::All | Until::Failure => self.outcomes.iter().all(Result::is_ok),
        }
    }

    /// The operations that succeeded.
    pub fn successes(&self) -> impl Iterator<Item = &Completed<S>> {
        self.outcomes.iter().filter_map(|outcome| outcome.as_ref().ok())
    }

    /// The ends that are no success.
    pub fn errors(&self) -> impl Iterator<Item = &WaitError<S>> {
        self.outcomes.iter().filter_map(|outcome| outcome.as_ref().err())
    }

    /// The success that ended a wait for [any](Until::Any); else the first in the order in which they joined.
    #[must_use]
    pub fn first_success(&self) -> Option<&Completed<S>> {
        self.successes().next()
    }
}
