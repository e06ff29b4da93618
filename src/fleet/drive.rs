//! The driver of a fleet: does what each machine says, when its turn has come, and lets time pass.
//! No rule of a wait stands here, and whether a poll may be sent is the gate's to say.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use slab::Slab;
use tokio::time::Instant;
use tracing::Span;

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
    // Whoever is asked last is to be asked before the limit, and again.
    let spread = fleet.policy.timeout.map_or(fleet.spread, |timeout| fleet.spread.min(timeout / 4));
    let mut run = Run {
        start: Instant::now(),
        gate: Gate::new(fleet.concurrency, fleet.rate)?,
        policy: Arc::new(fleet.policy),
        schedule: fleet.schedule,
        spread,
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
        let mut turns = 0_u32;
        while !run.is_over {
            let mut now = run.now();
            if run.is_out_of_time(now) {
                // Whoever could add more may never be done with it.
                run.join(fleet.joining.close());
            }
            run.wake(now);
            while let Some(member) = run.turn(on_their_way.len(), now) {
                on_their_way.extend(run.take(member, now).map(asking));
                run.told.read().await;
                // Whoever reads what is told may take a long time over it.
                now = run.now();
                if run.is_over {
                    break;
                }
            }
            if run.is_over || run.is_idle() && on_their_way.is_empty() && fleet.joining.is_over() {
                break;
            }
            let wake = run.next_wake(on_their_way.len(), now, !fleet.joining.is_over());
            let wake = wake.into_iter().chain(next_heartbeat).min();
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
            turns = turns.wrapping_add(1);
            if turns.is_multiple_of(TURNS) {
                yield_once().await;
            }
        }
        drop(on_their_way);
        // They had been taken for members by whoever added them.
        run.join(fleet.joining.close());
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
}

/// A poll on its way.
struct Asked<O: Operation> {
    member: Box<Member<O>>,
    id: Arc<str>,
    since: Duration,
}

/// A poll that is to be sent.
struct ToAsk<O> {
    seat: usize,
    operation: O,
    at_most: Duration,
    limit: Option<Instant>,
    span: Span,
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
        if self.joined == 0 {
            self.sleeping.reserve_exact(operations.len());
        }
        for (number, operation) in (0..).zip(operations) {
            let machine = Machine::new(Arc::clone(&self.policy), (self.schedule)(), fastrand::u64(..))
                .unwrap_or_else(|_| unreachable!("the policy is checked at the start"));
            let course = Course::new(&operation.id(), machine);
            let member = Member { index: self.joined, operation: Some(operation), course };
            self.joined += 1;
            let share = self.spread.mul_f64(f64::from(number) / f64::from(count));
            let until = if number == 0 { now } else { whole_millis(now.saturating_add(share)) };
            self.sleep(Box::new(member), until);
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

    /// When there is something to do again, answers and what `may_come` aside.
    fn next_wake(&self, on_their_way: usize, now: Duration, may_come: bool) -> Option<Duration> {
        let turn = match self.gate.opening(on_their_way, now) {
            _ if self.due.is_empty() => None,
            Opening::Now => Some(now),
            Opening::At(time) => Some(time),
            Opening::WhenAnswered => None,
        };
        let first = self.sleeping.peek().map(|Reverse(first)| first.until);
        let limit = self.policy.timeout.filter(|_| may_come || !self.is_idle());
        [turn, first, limit].into_iter().flatten().min()
    }

    fn is_idle(&self) -> bool {
        self.due.is_empty() && self.sleeping.is_empty()
    }

    /// Has this one's turn: the poll, if its machine says that it is to be asked.
    fn take(&mut self, mut member: Box<Member<O>>, now: Duration) -> Option<ToAsk<O>> {
        let operation = member.operation.as_ref()?;
        let id: Arc<str> = Arc::from(&*operation.id());
        let held = self.gate.is_holding(now).then(|| self.gate.held(&operation.origin()?, now)).flatten();
        let is_first = !member.course.has_begun();
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
    ) -> Option<ToAsk<O>> {
        self.gate.pass(now);
        self.tell(&member, &id, now, Course::polling);
        let operation = member.operation.take()?;
        let span = member.course.poll_span();
        let seat = self.asked.insert(Asked { member, id, since: now });
        let limit = self.policy.timeout.map(|timeout| self.at(timeout));
        Some(ToAsk { seat, operation, at_most, limit, span })
    }

    /// A poll has brought this.
    fn heard(&mut self, (seat, operation, answer): Answered<O>) {
        let now = self.now();
        let Some(Asked { mut member, id, since }) = self.asked.try_remove(seat) else { return };
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
        if self.is_idle() && self.asked.is_empty() {
            return pause;
        }
        let spread = pause.saturating_add(self.spread.mul_f64(fastrand::f64()));
        if self.is_out_of_time(now.saturating_add(spread)) { pause } else { spread }
    }

    fn rest(&mut self, member: Box<Member<O>>, id: &Arc<str>, pause: Duration, now: Duration) {
        self.tell(&member, id, now, |_| EventKind::Sleeping { pause });
        self.sleep(member, whole_millis(now.saturating_add(pause)));
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

/// Sends a poll. Its future is large, so it is put where it stays before anything else gets hold of it.
fn asking<O>(
    ToAsk { seat, mut operation, at_most, limit, span }: ToAsk<O>,
) -> Pin<Box<impl Future<Output = Answered<O>> + Send>>
where
    O: Operation + Send,
    O::Status: Send + Sync,
{
    Box::pin(async move {
        let answer = {
            // What a future moves it keeps twice, so this one stays where it is.
            let mut poll = pin!(operation.poll());
            let asked = poll_fn(|cx| span.in_scope(|| poll.as_mut().poll(cx)));
            within(at_most, limit, asked).await
        };
        (seat, operation, answer)
    })
}

/// After so many turns others get one, on a thread that they share.
const TURNS: u32 = 64;

/// Lets others go on: operations that are answered without ever waiting would keep the thread for themselves.
async fn yield_once() {
    let mut has_yielded = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut has_yielded, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// This time, or up to a millisecond later: so exact is the clock of the runtime, and those who get up together cost the
/// system one call instead of one for each.
fn whole_millis(time: Duration) -> Duration {
    let millis = time.as_nanos().div_ceil(1_000_000);
    u64::try_from(millis).map_or(time, Duration::from_millis)
}

/// The one alarm of a fleet, which is set anew for whatever comes next.
#[expect(clippy::disallowed_methods, reason = "here time passes for a fleet")]
fn alarm(first: Instant) -> tokio::time::Sleep {
    tokio::time::sleep_until(first)
}

/// What this brings within so much time, and before the limit. It may begin late, when whoever reads what is told has
/// taken a long time over it, and past the limit it does not begin at all.
async fn within<S>(
    at_most: Duration,
    limit: Option<Instant>,
    poll: impl Future<Output = Result<Answer<S>, PollError>>,
) -> Result<Answer<S>, PollError> {
    let now = Instant::now();
    let deadline = limit.into_iter().chain([now + at_most]).min().filter(|deadline| *deadline > now);
    let answer = match deadline {
        Some(deadline) => tokio::time::timeout_at(deadline, poll).await.ok(),
        None => None,
    };
    answer.unwrap_or_else(|| Err(PollError::transient(NoAnswerWithin(at_most))))
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
