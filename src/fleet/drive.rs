//! The driver of a fleet: does what each machine says, when its turn has come, and lets time pass.
//! No rule of a wait stands here, and whether a poll may be sent is the gate's to say.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use slab::Slab;
use tokio::time::Instant;
use tracing::Instrument;

use super::events::{FleetEvent, Told};
use super::gate::{Gate, Opening};
use super::{Fleet, Until};
use crate::error::Outcome;
use crate::event::{Event, EventKind};
use crate::machine::{End, Happened, Machine, Step};
use crate::operation::{Answer, Operation, PollError, PollErrorKind};
use crate::policy::{LONGEST_PAUSE, Policy, PolicyError, check_duration};
use crate::schedule::Schedule;
use crate::wait::course::{Course, NoAnswerWithin};
use crate::wait::drive::or_never;

/// The whole run of a fleet, as one future. What happens is told, all of it or only the ends.
pub(super) fn run<O>(
    mut fleet: Fleet<O>,
    told: Told<O::Status>,
    of_all: bool,
) -> Result<impl Future<Output = ()> + Send, PolicyError>
where
    O: Operation + Send,
    O::Status: Send + Sync,
{
    fleet.policy.check()?;
    check_duration("the time over which polls are spread", fleet.spread, Duration::ZERO..=LONGEST_PAUSE)?;
    let mut run = Run {
        start: Instant::now(),
        gate: Gate::new(fleet.concurrency, fleet.rate)?,
        policy: Arc::new(fleet.policy),
        schedule: fleet.schedule,
        spread: fleet.spread,
        until: fleet.until,
        told,
        of_all,
        joined: 0,
        sleeping: BinaryHeap::new(),
        due: VecDeque::new(),
        asked: Slab::new(),
        is_over: false,
    };
    Ok(async move {
        run.start = Instant::now();
        run.join(fleet.joining.begin());
        let mut next_heartbeat = fleet.heartbeat;
        let mut on_their_way = FuturesUnordered::new();
        let mut alarm = pin!(alarm(run.start));
        while !run.is_over {
            let now = run.now();
            run.wake(now);
            while let Some(member) = run.turn(on_their_way.len(), now) {
                on_their_way.extend(run.take(member, now));
                run.told.read().await;
                if run.is_over {
                    break;
                }
            }
            // What comes after the limit would not be asked for.
            let can_grow = !fleet.joining.is_over() && !run.is_out_of_time(now);
            if run.is_over || run.is_idle() && on_their_way.is_empty() && !can_grow {
                break;
            }
            let wake =
                run.next_wake(on_their_way.len(), can_grow, now).into_iter().chain(next_heartbeat).min();
            let wake = wake.map(|wake| run.at(wake));
            if let Some(wake) = wake.filter(|wake| *wake != alarm.deadline()) {
                alarm.as_mut().reset(wake);
            }
            tokio::select! {
                Some(answered) = on_their_way.next() => run.heard(answered),
                came = fleet.joining.next(), if !fleet.joining.is_over() => run.join(came),
                () = alarm.as_mut(), if wake.is_some() => {}
                () = or_never(fleet.cancel.as_mut()) => {
                    // An answer that is there counts even when the caller has had enough.
                    while let Some(Some(answered)) = on_their_way.next().now_or_never() {
                        run.heard(answered);
                    }
                    run.is_over = true;
                }
            }
            if next_heartbeat.is_some_and(|heartbeat| heartbeat <= run.now()) {
                run.told.push(FleetEvent::StillWaiting { elapsed: run.now() });
                // From now, not from when it was due: after a suspended hour one heartbeat is told, not sixty.
                next_heartbeat = fleet.heartbeat.map(|every| run.now().saturating_add(every));
            }
            run.told.read().await;
        }
        drop(on_their_way);
        run.leave();
    })
}

struct Run<O: Operation> {
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
    sleeping: BinaryHeap<Reverse<Sleeping<O>>>,
    /// Those whose pause is over, whoever has waited for longest first.
    due: VecDeque<Box<Member<O>>>,
    asked: Slab<Asked<O>>,
    is_over: bool,
}

/// One operation of a fleet. It is in one place at a time: it sleeps, is due, or is asked.
struct Member<O: Operation> {
    index: usize,
    /// None while it is asked.
    operation: Option<O>,
    course: Course<O::Status>,
    is_begun: bool,
}

/// A poll on its way.
struct Asked<O: Operation> {
    member: Box<Member<O>>,
    id: Arc<str>,
    since: Duration,
}

/// What a poll brought, and the operation back.
type Answered<O> = (usize, O, Result<Answer<<O as Operation>::Status>, PollError>);

impl<O: Operation> Run<O> {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// This time as the runtime has it; what is too far away for it is as far as can be.
    fn at(&self, time: Duration) -> Instant {
        self.start.checked_add(time).unwrap_or_else(|| self.start + LONGEST_PAUSE)
    }

    /// Takes these operations in, so that their first polls are spread.
    fn join(&mut self, operations: Vec<O>) {
        let now = self.now();
        let count = u32::try_from(operations.len()).unwrap_or(u32::MAX).max(1);
        self.sleeping.reserve_exact(operations.len());
        for (number, operation) in (0..).zip(operations) {
            let machine = Machine::new(Arc::clone(&self.policy), (self.schedule)(), fastrand::u64(..))
                .unwrap_or_else(|_| unreachable!("the policy is checked at the start"));
            let course = Course::new(&operation.id(), machine);
            let member = Member { index: self.joined, operation: Some(operation), course, is_begun: false };
            self.joined += 1;
            let share = self.spread.mul_f64(f64::from(number) / f64::from(count));
            self.sleep(Box::new(member), now.saturating_add(share));
        }
    }

    fn sleep(&mut self, member: Box<Member<O>>, until: Duration) {
        self.sleeping.push(Reverse(Sleeping { until, member }));
    }

    /// Has those get up whose pause is over.
    fn wake(&mut self, now: Duration) {
        while let Some(Reverse(first)) = self.sleeping.peek()
            && (first.until <= now || self.is_out_of_time(now))
        {
            let Some(Reverse(first)) = self.sleeping.pop() else { break };
            self.due.push_back(first.member);
        }
    }

    fn is_out_of_time(&self, now: Duration) -> bool {
        self.policy.timeout.is_some_and(|timeout| now >= timeout)
    }

    /// Whose turn it is now, if it is anybody's. Whom time has run out for need not wait for an open gate.
    fn turn(&mut self, on_their_way: usize, now: Duration) -> Option<Box<Member<O>>> {
        let is_open = self.gate.opening(on_their_way, now) == Opening::Now;
        if is_open || self.is_out_of_time(now) { self.due.pop_front() } else { None }
    }

    /// When there is something to do again, answers aside.
    fn next_wake(&self, on_their_way: usize, can_grow: bool, now: Duration) -> Option<Duration> {
        let turn = match self.gate.opening(on_their_way, now) {
            _ if self.due.is_empty() => None,
            Opening::Now => Some(now),
            Opening::At(time) => Some(time),
            Opening::WhenAnswered => None,
        };
        let first = self.sleeping.peek().map(|Reverse(first)| first.until);
        let limit = self.policy.timeout.filter(|_| can_grow || !self.is_idle());
        [turn, first, limit].into_iter().flatten().min()
    }

    fn is_idle(&self) -> bool {
        self.due.is_empty() && self.sleeping.is_empty()
    }

    /// Has this one's turn: the poll, if its machine says that it is to be asked.
    fn take(
        &mut self,
        mut member: Box<Member<O>>,
        now: Duration,
    ) -> Option<impl Future<Output = Answered<O>> + Send + use<O>>
    where
        O: Send,
        O::Status: Send + Sync,
    {
        let operation = member.operation.as_ref()?;
        let id: Arc<str> = Arc::from(&*operation.id());
        let held = self.gate.is_holding().then(|| self.gate.held(&operation.origin()?, now)).flatten();
        let is_first = !std::mem::replace(&mut member.is_begun, true);
        if is_first {
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
    ) -> Option<impl Future<Output = Answered<O>> + Send + use<O>>
    where
        O: Send,
        O::Status: Send + Sync,
    {
        self.gate.pass(now);
        self.tell(&member, &id, now, Course::polling);
        let mut operation = member.operation.take()?;
        let span = member.course.poll_span();
        let seat = self.asked.insert(Asked { member, id, since: now });
        Some(async move {
            let answer = within(at_most, operation.poll().instrument(span)).await;
            (seat, operation, answer)
        })
    }

    /// A poll has brought this.
    fn heard(&mut self, (seat, operation, answer): Answered<O>) {
        let now = self.now();
        let Some(Asked { mut member, id, since }) = self.asked.try_remove(seat) else { return };
        let wish = answer.as_ref().err().filter(|error| error.kind() == PollErrorKind::Transient);
        let wish = wish.and_then(PollError::retry_after).zip(operation.origin());
        let is_held = wish.is_some_and(|(pause, origin)| {
            self.gate.hold(&origin, pause, now);
            true
        });
        member.operation = Some(operation);
        let (happened, told) = member.course.heard(answer, now.saturating_sub(since));
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
        let spread = pause.saturating_add(self.spread.mul_f64(fastrand::f64()));
        if self.is_out_of_time(now.saturating_add(spread)) { pause } else { spread }
    }

    fn rest(&mut self, member: Box<Member<O>>, id: &Arc<str>, pause: Duration, now: Duration) {
        self.tell(&member, id, now, |_| EventKind::Sleeping { pause });
        self.sleep(member, now.saturating_add(pause));
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
    fn leave(&mut self) {
        let now = self.now();
        let sleeping = std::mem::take(&mut self.sleeping).into_iter().map(|Reverse(first)| first.member);
        let named = |member: Box<Member<O>>| {
            let id = member.operation.as_ref().map(|operation| Arc::from(&*operation.id()));
            (id.unwrap_or_else(|| Arc::from("")), member)
        };
        let idle = sleeping.chain(std::mem::take(&mut self.due)).map(named);
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

/// The one alarm of a fleet, which is set anew for whatever comes next.
#[expect(clippy::disallowed_methods, reason = "here time passes for a fleet")]
fn alarm(first: Instant) -> tokio::time::Sleep {
    tokio::time::sleep_until(first)
}

/// What this brings within so much time.
async fn within<S>(
    at_most: Duration,
    poll: impl Future<Output = Result<Answer<S>, PollError>>,
) -> Result<Answer<S>, PollError> {
    let answer = tokio::time::timeout(at_most, poll).await;
    answer.unwrap_or_else(|_| Err(PollError::transient(NoAnswerWithin(at_most))))
}

/// One that sleeps. Who wakes first comes first, and of several the one that joined first.
struct Sleeping<O: Operation> {
    until: Duration,
    member: Box<Member<O>>,
}

impl<O: Operation> Sleeping<O> {
    fn order(&self) -> (Duration, usize) {
        (self.until, self.member.index)
    }
}

impl<O: Operation> Ord for Sleeping<O> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.order().cmp(&other.order())
    }
}

impl<O: Operation> PartialOrd for Sleeping<O> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<O: Operation> PartialEq for Sleeping<O> {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl<O: Operation> Eq for Sleeping<O> {}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::FromFn;
    use crate::schedule::Exponential;

    #[test]
    fn who_waits_for_its_turn_takes_little_room() {
        type Small = FromFn<fn() -> std::future::Ready<Result<Answer<()>, PollError>>>;
        let own = size_of::<Option<Small>>();
        let beside =
            size_of::<Member<Small>>() - own + size_of::<Sleeping<Small>>() + size_of::<Exponential>();
        assert!(beside <= 256, "{beside} bytes");
    }
}
