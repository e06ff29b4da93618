//! The members of a fleet that are not asked: asleep until their pause is over, or due; and who of them is next.
//! How long a pause is, and whether a poll may be sent, is not known here.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};
use std::time::Duration;

use super::run::Member;
use crate::operation::Operation;

/// Those that sleep, and those that are due.
pub(super) struct Idle<O: Operation> {
    sleeping: BinaryHeap<Reverse<Sleeping<O>>>,
    /// Those whose pause is over, whoever has waited for longest first.
    due: VecDeque<Box<Member<O>>>,
}

impl<O: Operation> Default for Idle<O> {
    fn default() -> Self {
        Self { sleeping: BinaryHeap::new(), due: VecDeque::new() }
    }
}

impl<O: Operation> Idle<O> {
    /// Makes room for so many more, and for no more than that.
    pub(super) fn reserve_exact(&mut self, count: usize) {
        self.sleeping.reserve_exact(count);
    }

    pub(super) fn sleep(&mut self, member: Box<Member<O>>, until: Duration) {
        self.sleeping.push(Reverse(Sleeping { until, member }));
    }

    /// Has those get up whose pause is over by now.
    pub(super) fn wake(&mut self, now: Duration) {
        while let Some(Reverse(first)) = self.sleeping.peek()
            && first.until <= now
        {
            let Some(Reverse(first)) = self.sleeping.pop() else { break };
            self.due.push_back(first.member);
        }
    }

    /// Whoever has been due for longest.
    pub(super) fn next(&mut self) -> Option<Box<Member<O>>> {
        self.due.pop_front()
    }

    pub(super) fn is_any_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// When the next pause is over.
    pub(super) fn next_wake(&self) -> Option<Duration> {
        self.sleeping.peek().map(|Reverse(first)| first.until)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.due.is_empty() && self.sleeping.is_empty()
    }

    /// All of them, in no order.
    pub(super) fn into_members(self) -> impl Iterator<Item = Box<Member<O>>> {
        self.sleeping.into_iter().map(|Reverse(first)| first.member).chain(self.due)
    }
}

/// One that sleeps. Who wakes first comes first, and of several the one that joined first.
struct Sleeping<O: Operation> {
    until: Duration,
    member: Box<Member<O>>,
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

/// This time, or up to a millisecond later: so exact is the clock of the runtime, and those who get up together cost the
/// system one call instead of one for each.
pub(super) fn whole_millis(time: Duration) -> Duration {
    let millis = time.as_nanos().div_ceil(1_000_000);
    u64::try_from(millis).map_or(time, Duration::from_millis)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Answer, FromFn, PollError};
    use crate::schedule::Exponential;

    #[test]
    fn a_pause_is_never_shorter_for_being_rounded_and_longer_by_less_than_a_millisecond() {
        let (nano, milli) = (Duration::from_nanos(1), Duration::from_millis(1));
        for (time, expected) in [
            (Duration::ZERO, Duration::ZERO),
            (nano, milli),
            (milli, milli),
            (milli + nano, 2 * milli),
            (Duration::MAX, Duration::MAX),
        ] {
            assert_eq!(whole_millis(time), expected, "{time:?}");
        }
    }

    #[test]
    fn who_waits_for_its_turn_takes_little_room() {
        type Small = FromFn<fn() -> std::future::Ready<Result<Answer<()>, PollError>>>;
        let own = size_of::<Option<Small>>();
        let beside =
            size_of::<Member<Small>>() - own + size_of::<Sleeping<Small>>() + size_of::<Exponential>();
        assert!(beside <= 256, "{beside} bytes");
    }
}
