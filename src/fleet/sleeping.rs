//! The order in which the members of a fleet get up.
//! When that is, is not decided here.

use std::cmp::Ordering;
use std::time::Duration;

use super::run::Member;
use crate::operation::Operation;

/// One that sleeps. Who wakes first comes first, and of several the one that joined first.
pub(super) struct Sleeping<O: Operation> {
    pub(super) until: Duration,
    pub(super) member: Box<Member<O>>,
}

impl<O: Operation> Sleeping<O> {
    /// The member is far away in memory, and hardly ever has to be looked at.
    fn order(&self, other: &Self) -> Ordering {
        self.until.cmp(&other.until).then_with(|| self.member.index.cmp(&other.member.index))
    }
}

impl<O: Operation> Ord for Sleeping<O> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order(other)
    }
}

impl<O: Operation> PartialOrd for Sleeping<O> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<O: Operation> PartialEq for Sleeping<O> {
    fn eq(&self, other: &Self) -> bool {
        self.order(other).is_eq()
    }
}

impl<O: Operation> Eq for Sleeping<O> {}
