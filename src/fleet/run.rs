//! The members of a fleet while it runs: when one has its turn, how it is asked, and what becomes of the answer.
//! No time passes here, and no rule of a wait stands here.

use std::sync::Arc;
use std::time::Duration;

use slab::Slab;
use tokio::time::Instant;
use tracing::Span;

use super::Until;
use super::events::{FleetEvent, Told};
use super::gate::{Gate, Opening};
use super::idle::{Idle, whole_millis};
use crate::error::Outcome;
use crate::event::{Event, EventKind};
use crate::machine::{End, Happened, Machine, Step};
use crate::operation::{Answer, Operation, PollError, PollErrorKind};
use crate::policy::{LONGEST_PAUSE, Policy};
use crate::schedule::Schedule;
use crate::wait::course::Course;

/// A fleet while it runs.
pub(super) struct Run<O: Operation> {
    start: Instant,
    gate: Gate,
    policy: Arc<Policy>,
    schedule: Box<dyn Fn() -> Box<dyn Schedule> + Send>,
    spread: Duration,
    until: Until,
    told: Told<O::Status>,
    of_all: bool,
    /// How many operations have come so far.
    joined: usize,
    idle: Idle<O>,
    asked: Slab<Asked<O>>,
    is_over: bool,
}

/// One operation of a fleet. It is in one place at a time: it sleeps, is due, or is asked.
pub(super) struct Member<O: Operation> {
    pub(super) index: usize,
    /// None while it is asked.
    operation: Option<O>,
    course: Course<O::Status>,
}

/// A poll on its way.
struct Asked<O: Operation> {
    member: Box<Member<O>>,
    id: Arc<str>,
    since: Duration,
    span: Span,
}

/// A poll that is to be sent.
pub(super) struct ToAsk<O> {
    pub(super) seat: usize,
    pub(super) operation: O,
    pub(super) at_most: Duration,
    pub(super) limit: Option<Instant>,
    pub(super) span: Span,
}

/// What a poll brought, and the operation back.
pub(super) type Answered<O> = (usize, O, Result<Answer<<O as Operation>::Status>, PollError>);

impl<O: Operation> Run<O> {
    pub(super) fn new(
        policy: Policy,
        schedule: Box<dyn Fn() -> Box<dyn Schedule> + Send>,
        gate: Gate,
        spread: Duration,
        until: Until,
        told: Told<O::Status>,
        of_all: bool,
    ) -> Self {
        Self {
            start: Instant::now(),
            gate,
            policy: Arc::new(policy),
            schedule,
            spread,
            until,
            told,
            of_all,
            joined: 0,
            idle: Idle::default(),
            asked: Slab::new(),
            is_over: false,
        }
    }

    /// Has its clock begin.
    pub(super) fn begin(&mut self) {
        self.start = Instant::now();
    }

    /// Whether it is over with one of the ends, or by the caller's will.
    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn stop(&mut self) {
        self.is_over = true;
    }

    /// What was told and not read yet.
    pub(super) fn told(&self) -> &Told<O::Status> {
        &self.told
    }

    /// Tells that the wait goes on.
    pub(super) fn still_waiting(&self) {
        self.told.push(FleetEvent::StillWaiting { elapsed: self.now() });
    }

    pub(super) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// This time as the runtime has it; what is too far away for it is as far as can be.
    pub(super) fn at(&self, time: Duration) -> Instant {
        self.start.checked_add(time).unwrap_or_else(|| self.start + LONGEST_PAUSE)
    }

    /// Takes these operations in, so that their first polls are spread.
    pub(super) fn join(&mut self, operations: Vec<O>) {
        let now = self.now();
        let count = u32::try_from(operations.len()).unwrap_or(u32::MAX).max(1);
        if self.joined == 0 {
            self.idle.reserve_exact(operations.len());
        }
        for (number, operation) in (0..).zip(operations) {
            let machine = Machine::new(Arc::clone(&self.policy), (self.schedule)(), fastrand::u64(..))
                .unwrap_or_else(|_| unreachable!("the policy is checked at the start"));
            let course = Course::new(&operation.id(), machine);
            let member = Member { index: self.joined, operation: Some(operation), course };
            self.joined += 1;
            let share = self.spread.mul_f64(f64::from(number) / f64::from(count));
            let until = if number == 0 { now } else { whole_millis(now.saturating_add(share)) };
            self.idle.sleep(Box::new(member), until);
        }
    }

    /// Has those get up whose pause is over; and all when time has run out.
    pub(super) fn wake(&mut self, now: Duration) {
        self.idle.wake(if self.is_out_of_time(now) { Duration::MAX } else { now });
    }

    pub(super) fn is_out_of_time(&self, now: Duration) -> bool {
        self.policy.timeout.is_some_and(|timeout| now >= timeout)
    }

    /// Whose turn it is now, if it is anybody's. Whom time has run out for need not wait for an open gate.
    pub(super) fn turn(&mut self, on_their_way: usize, now: Duration) -> Option<Box<Member<O>>> {
        let is_open = self.gate.opening(on_their_way, now) == Opening::Now;
        if is_open || self.is_out_of_time(now) { self.idle.next() } else { None }
    }

    /// When there is something to do again, answers and what `may_come` aside.
    pub(super) fn next_wake(&self, on_their_way: usize, now: Duration, may_come: bool) -> Option<Duration> {
        let turn = match self.gate.opening(on_their_way, now) {
            _ if !self.idle.is_any_due() => None,
            Opening::Now => Some(now),
            Opening::At(time) => Some(time),
            Opening::WhenAnswered => None,
        };
        let limit = self.policy.timeout.filter(|_| may_come || !self.are_all_asked());
        [turn, self.idle.next_wake(), limit].into_iter().flatten().min()
    }

    /// Whether nobody sleeps or is due.
    pub(super) fn are_all_asked(&self) -> bool {
        self.idle.is_empty()
    }

    /// Has this one's turn: the poll, if its machine says that it is to be asked.
    pub(super) fn take(&mut self, mut member: Box<Member<O>>, now: Duration) -> Option<ToAsk<O>> {
        let operation = member.operation.as_ref()?;
        let id: Arc<str> = Arc::from(&*operation.id());
        let held = self.gate.is_holding(now).then(|| self.gate.held(&operation.origin()?, now)).flatten();
        let is_first = !member.course.has_begun();
        if is_first {
            member.course.begin(&id);
            self.tell(&member, &id, now, Course::started);
        }
        let happened = match held {
            Some(pause) => Happened::HeldBack { pause, spread: self.spread },
            None if is_first => Happened::Started,
            None => Happened::Woke,
        };
        match member.course.on(happened, now) {
            Step::Poll { at_most } => return self.ask(member, id, at_most, now),
            Step::Sleep(pause) => self.rest(member, &id, pause, now),
            Step::Finish(end) => self.end(&mut member, id, Some(end), now),
        }
        None
    }

    fn ask(
        &mut self,
        mut member: Box<Member<O>>,
        id: Arc<str>,
        at_most: Duration,
        now: Duration,
    ) -> Option<ToAsk<O>> {
        self.gate.pass(now);
        self.tell(&member, &id, now, Course::polling);
        let operation = member.operation.take()?;
        let span = member.course.poll_span();
        let seat = self.asked.insert(Asked { member, id, since: now, span: span.clone() });
        let limit = self.policy.timeout.map(|timeout| self.at(timeout));
        Some(ToAsk { seat, operation, at_most, limit, span })
    }

    /// A poll has brought this.
    pub(super) fn heard(&mut self, (seat, operation, answer): Answered<O>) {
        let now = self.now();
        let Some(Asked { mut member, id, since, span }) = self.asked.try_remove(seat) else { return };
        // An operation that is over says nothing of how the server is.
        let wish = answer.as_ref().err().filter(|error| error.kind() == PollErrorKind::Transient);
        let wish = wish.filter(|error| error.is_of_whole_origin());
        let wish = wish.and_then(PollError::retry_after).filter(|pause| !pause.is_zero());
        let wish = wish.zip(operation.origin());
        let is_held = wish.is_some_and(|(pause, origin)| {
            self.gate.hold(&origin, pause, now);
            true
        });
        member.operation = Some(operation);
        let (happened, told) = member.course.heard(&id, &span, answer, now.saturating_sub(since));
        self.tell(&member, &id, now, |_| told);
        match member.course.on(happened, now) {
            Step::Sleep(pause) if is_held => self.rest(member, &id, self.spread_after(pause, now), now),
            Step::Sleep(pause) => self.rest(member, &id, pause, now),
            Step::Finish(end) => self.end(&mut member, id, Some(end), now),
            Step::Poll { .. } => unreachable!("between two polls there is a pause"),
        }
    }

    /// A pause that a server asked for, and asked others for at the same moment: they are not all to come back at once.
    fn spread_after(&self, pause: Duration, now: Duration) -> Duration {
        if self.are_all_asked() && self.asked.is_empty() {
            return pause;
        }
        let spread = pause.saturating_add(self.spread.mul_f64(fastrand::f64()));
        if self.is_out_of_time(now.saturating_add(spread)) { pause } else { spread }
    }

    fn rest(&mut self, member: Box<Member<O>>, id: &Arc<str>, pause: Duration, now: Duration) {
        member.course.pause(id, pause);
        self.tell(&member, id, now, |_| EventKind::Sleeping { pause });
        self.idle.sleep(member, whole_millis(now.saturating_add(pause)));
    }

    /// This one has ended; without an end of its own, because the fleet is over.
    fn end(&mut self, member: &mut Member<O>, id: Arc<str>, end: Option<End>, now: Duration) {
        let outcome = member.course.outcome(Arc::clone(&id), end, now);
        self.is_over |= self.is_the_last(&outcome);
        let event = Event { id, elapsed: now, kind: EventKind::Finished(outcome) };
        self.told.push(FleetEvent::Of { index: member.index, event });
    }

    /// Whether the fleet is over with this end, whatever the others do.
    fn is_the_last(&self, outcome: &Outcome<O::Status>) -> bool {
        match self.until {
            Until::All => false,
            Until::Any => outcome.is_ok(),
            Until::Failure => outcome.is_err(),
        }
    }

    /// Tells of all that have not ended how far they were, in the order in which they joined.
    pub(super) fn leave(&mut self) {
        let now = self.now();
        let named = |member: Box<Member<O>>| {
            let id = member.operation.as_ref().map(|operation| Arc::from(&*operation.id()));
            (id.unwrap_or_else(|| Arc::from("")), member)
        };
        let idle = std::mem::take(&mut self.idle).into_members().map(named);
        let asked = std::mem::take(&mut self.asked).into_iter().map(|(_, asked)| (asked.id, asked.member));
        let mut left: Vec<_> = idle.chain(asked).collect();
        left.sort_unstable_by_key(|(_, member)| member.index);
        for (id, mut member) in left {
            self.end(&mut member, id, None, now);
        }
    }

    /// Tells what happened to this one, if anybody wants to know.
    fn tell(
        &self,
        member: &Member<O>,
        id: &Arc<str>,
        now: Duration,
        what: impl FnOnce(&Course<O::Status>) -> EventKind<O::Status>,
    ) {
        if self.of_all {
            let event = Event { id: Arc::clone(id), elapsed: now, kind: what(&member.course) };
            self.told.push(FleetEvent::Of { index: member.index, event });
        }
    }
}
