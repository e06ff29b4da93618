//! The driver: does what the machine says, tells what happened, and lets time pass.
//! No rule stands here.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use tracing::Instrument;

use super::course::{Course, NoAnswerWithin};
use super::{Cancel, Wait, Watcher, late};
use crate::error::{Outcome, WaitError};
use crate::event::{Event, EventKind};
use crate::machine::{Happened, Machine, Step};
use crate::operation::{Operation, PollError};
use crate::policy;
use crate::schedule::Exponential;

/// The whole run of a wait, as one future: nothing happens before it is polled.
pub(super) fn run<O, F>(wait: Wait<O>, tell: F) -> impl Future<Output = Outcome<O::Status>> + Send
where
    O: Operation + Send,
    O::Status: Send + Sync,
    F: FnMut(Event<O::Status>) + Send,
{
    // Made before the future and only borrowed in it, because what a future moves it keeps twice.
    let mut run = Run::new(wait, tell);
    async move {
        match &mut run {
            Ok(run) => run.drive().await,
            Err(error) => Err(WaitError::Policy(error.clone())),
        }
    }
}

struct Run<O: Operation, F> {
    operation: O,
    course: Course<O::Status>,
    watch: Watch<O::Status, F>,
}

impl<O, F> Run<O, F>
where
    O: Operation + Send,
    O::Status: Send + Sync,
    F: FnMut(Event<O::Status>) + Send,
{
    fn new(wait: Wait<O>, tell: F) -> Result<Self, policy::PolicyError> {
        let id: Arc<str> = Arc::from(&*wait.operation.id());
        let schedule = wait.schedule.unwrap_or_else(|| Box::new(Exponential::default()));
        Ok(Self {
            course: Course::new(&id, Machine::new(wait.policy, schedule, fastrand::u64(..))?),
            watch: Watch {
                id,
                start: Instant::now(),
                limit: None,
                heartbeat: wait.heartbeat,
                next_heartbeat: None,
                on_event: wait.on_event,
                cancel: wait.cancel,
                tell,
            },
            operation: wait.operation,
        })
    }

    /// Does what the machine says until it says that the wait is over.
    async fn drive(&mut self) -> Outcome<O::Status> {
        self.watch.begin(self.course.timeout());
        self.course.begin(&self.watch.id);
        self.watch.tell(self.course.started());
        let mut happened = Happened::Started;
        let end = loop {
            let next = match self.course.on(happened, self.watch.elapsed()) {
                Step::Poll { at_most } => self.poll(at_most).await,
                Step::Sleep(pause) => self.sleep(pause).await,
                Step::Finish(end) => break Some(end),
            };
            match next {
                Some(next) => happened = next,
                None => break None,
            }
        };
        self.course.outcome(Arc::clone(&self.watch.id), end, self.watch.elapsed())
    }

    /// Asks once; `None` when the caller ended the wait meanwhile.
    async fn poll(&mut self, at_most: Duration) -> Option<Happened> {
        self.watch.tell(self.course.polling());
        let asked = self.watch.elapsed();
        let span = self.course.poll_span();
        let mut asking = pin!(self.operation.poll().instrument(span.clone()));
        let answer = match self.watch.alongside(asking.as_mut(), at_most).await {
            Meanwhile::Done(answer) => answer,
            Meanwhile::TimeUp(due) => {
                let late = late::arrived(due, asking.as_mut()).await;
                late.unwrap_or_else(|| Err(PollError::transient(NoAnswerWithin(at_most))))
            }
            Meanwhile::Interrupted => return None,
        };
        let latency = self.watch.elapsed().saturating_sub(asked);
        let (happened, told) = self.course.heard(&self.watch.id, &span, answer, latency);
        self.watch.tell(told);
        Some(happened)
    }

    /// Lets this time pass; `None` when the caller ended the wait meanwhile.
    async fn sleep(&mut self, pause: Duration) -> Option<Happened> {
        self.course.pause(&self.watch.id, pause);
        self.watch.tell(EventKind::Sleeping { pause });
        let mut nothing = pin!(std::future::pending::<()>());
        match self.watch.alongside(nothing.as_mut(), pause).await {
            Meanwhile::Interrupted => None,
            Meanwhile::Done(()) | Meanwhile::TimeUp(_) => Some(Happened::Woke),
        }
    }
}

/// Who is told, what may interrupt, and the clock of one wait.
struct Watch<S, F> {
    id: Arc<str>,
    start: Instant,
    limit: Option<Instant>,
    heartbeat: Option<Duration>,
    next_heartbeat: Option<Instant>,
    on_event: Option<Watcher<S>>,
    cancel: Option<Cancel>,
    tell: F,
}

/// What came first.
enum Meanwhile<T> {
    Done(T),
    /// It was up at this moment; it may be later by now.
    TimeUp(Instant),
    Interrupted,
}

impl<S, F: FnMut(Event<S>)> Watch<S, F> {
    fn begin(&mut self, timeout: Option<Duration>) {
        self.start = Instant::now();
        self.limit = timeout.and_then(|timeout| self.start.checked_add(timeout));
        self.next_heartbeat = self.heartbeat.and_then(|every| self.start.checked_add(every));
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn tell(&mut self, kind: EventKind<S>) {
        let event = Event { id: Arc::clone(&self.id), elapsed: self.elapsed(), kind };
        if let Some(watcher) = &mut self.on_event {
            watcher(&event);
        }
        (self.tell)(event);
    }

    /// Does this work for so long at most, with heartbeats beside it. It may begin late, when a watcher has taken a long
    /// time over what it was told; the limit is kept all the same.
    #[expect(clippy::disallowed_methods, reason = "this is the one place where time passes")]
    async fn alongside<T>(
        &mut self,
        mut work: Pin<&mut impl Future<Output = T>>,
        at_most: Duration,
    ) -> Meanwhile<T> {
        let time_up = Instant::now() + at_most;
        let time_up = self.limit.map_or(time_up, |limit| limit.min(time_up));
        loop {
            let wake = self.next_heartbeat.map_or(time_up, |heartbeat| heartbeat.min(time_up));
            // Biased, because an answer that is there counts even when the caller has had enough.
            tokio::select! {
                biased;
                done = work.as_mut() => return Meanwhile::Done(done),
                () = or_never(self.cancel.as_mut()) => return Meanwhile::Interrupted,
                () = tokio::time::sleep_until(wake) => {}
            }
            if wake == time_up {
                return Meanwhile::TimeUp(time_up);
            }
            self.tell(EventKind::StillWaiting);
            // From now, not from when it was due: after a suspended hour one heartbeat is told, not sixty.
            self.next_heartbeat = self.heartbeat.and_then(|every| Instant::now().checked_add(every));
        }
    }
}

pub(crate) async fn or_never<T>(future: Option<impl Future<Output = T>>) -> T {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}
