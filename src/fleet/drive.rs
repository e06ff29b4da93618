//! The driver of a fleet: has its members take their turns, sends their polls, and lets time pass.
//! No rule of a wait stands here, and who is next is not decided here.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::time::Instant;

use super::Fleet;
use super::events::Told;
use super::gate::Gate;
use super::run::{Answered, Run, ToAsk};
use crate::operation::{Answer, Operation, PollError};
use crate::policy::{LONGEST_PAUSE, PolicyError, check_duration};
use crate::wait::course::NoAnswerWithin;
use crate::wait::drive::or_never;
use crate::wait::late;

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
    let gate = Gate::new(fleet.concurrency, fleet.rate)?;
    let mut run = Run::new(fleet.policy, fleet.schedule, gate, spread, fleet.until, told, of_all);
    Ok(async move {
        run.begin();
        run.join(fleet.joining.begin());
        let mut next_heartbeat = fleet.heartbeat;
        let mut on_their_way = FuturesUnordered::new();
        let mut alarm = pin!(alarm(Instant::now()));
        let mut turns = 0_u32;
        while !run.is_over() {
            let mut now = run.now();
            if run.is_out_of_time(now) {
                // Whoever could add more may never be done with it.
                run.join(fleet.joining.close());
            }
            run.wake(now);
            while let Some(member) = run.turn(on_their_way.len(), now) {
                on_their_way.extend(run.take(member, now).map(asking));
                run.told().read().await;
                // Whoever reads what is told may take a long time over it.
                now = run.now();
                if run.is_over() {
                    break;
                }
            }
            if run.is_over() || run.are_all_asked() && on_their_way.is_empty() && fleet.joining.is_over() {
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
                    run.stop();
                }
            }
            if next_heartbeat.is_some_and(|heartbeat| heartbeat <= run.now()) {
                run.still_waiting();
                // From now, not from when it was due: after a suspended hour one heartbeat is told, not sixty.
                next_heartbeat = fleet.heartbeat.map(|every| run.now().saturating_add(every));
            }
            run.told().read().await;
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
    let mut poll = pin!(poll);
    let answer = match deadline {
        Some(deadline) => match tokio::time::timeout_at(deadline, poll.as_mut()).await {
            Ok(answer) => Some(answer),
            Err(_) => late::arrived(deadline, poll).await,
        },
        None => None,
    };
    answer.unwrap_or_else(|| Err(PollError::transient(NoAnswerWithin(at_most))))
}
