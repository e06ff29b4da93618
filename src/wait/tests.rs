//! The driver on paused time, with an operation that follows a script: times are exact to the millisecond.

mod scripted;
mod told;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use super::*;
use crate::operation::{Answer, PollError, PollErrorKind, from_fn};
use crate::schedule::{Balanced, Fixed};
use crate::{Cadence, EventKind, Limit, PolicyError, WaitError};
use scripted::{Scripted, Turn, scripted};

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn wait_for(turns: &[Turn]) -> Wait<Scripted> {
    wait_for_completion(scripted(turns)).timeout(secs(60)).schedule(Fixed::new(secs(5)).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_success_is_told_when_the_server_says_so() {
    let done = wait_for(&[Turn::Pending, Turn::Pending, Turn::Succeeded]).await.unwrap();
    assert_eq!(*done.status(), 3);
    assert_eq!(done.report.elapsed, millis(10_300));
    assert_eq!((done.report.polls, done.report.transient_errors), (3, 0));
    assert_eq!(&*done.report.id, "scripted");
}

#[tokio::test(start_paused = true)]
async fn a_failure_and_a_cancellation_are_told_apart_and_with_their_reason() {
    let error = wait_for(&[Turn::Pending, Turn::Failed]).await.unwrap_err();
    assert!(error.is_failed() && !error.is_cancelled());
    assert_eq!(error.to_string(), "operation scripted failed: no free line");
    let error = wait_for(&[Turn::Cancelled]).await.unwrap_err();
    assert!(error.is_cancelled() && !error.is_failed());
    assert_eq!(error.to_string(), "operation scripted was cancelled");
}

#[tokio::test(start_paused = true)]
async fn an_operation_that_waits_for_a_person_is_waited_for_unless_that_is_to_be_the_end() {
    let turns = [Turn::Blocked, Turn::Succeeded];
    assert_eq!(wait_for(&turns).await.unwrap().report.polls, 2);
    let error = wait_for(&turns).fail_on_blocked(true).await.unwrap_err();
    assert!(error.is_blocked() && !error.is_failed());
    assert_eq!(error.to_string(), "operation scripted waits for a person: manual approval");
    assert_eq!(error.report().unwrap().polls, 1);
}

#[tokio::test(start_paused = true)]
async fn a_timeout_of_60_s_ends_at_exactly_60_s() {
    for turns in
        [&[Turn::Pending][..], &[Turn::Fault], &[Turn::NotFound], &[Turn::Hang], &[Turn::Pending, Turn::Hang]]
    {
        let wait = wait_for(turns).not_found_grace(secs(60));
        let error =
            wait.policy(Policy { max_errors: MaxErrors::Unlimited, ..with_timeout(60) }).await.unwrap_err();
        assert!(
            matches!(error, WaitError::TimedOut { limit: Limit::Timeout(limit), .. } if limit == secs(60))
        );
        assert_eq!(error.report().unwrap().elapsed, secs(60));
    }
}

fn with_timeout(timeout: u64) -> Policy {
    Policy { timeout: Some(secs(timeout)), not_found_grace: secs(60), ..Policy::default() }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_keeps_the_last_answer() {
    let error = wait_for(&[Turn::Pending, Turn::Hang]).poll_timeout(secs(10)).await.unwrap_err();
    let report = error.report().unwrap();
    assert_eq!(report.answer.as_ref().unwrap().status, 1);
    let text = crate::error::tests::chain(&**report.last_error.as_ref().unwrap());
    assert!(text.starts_with("no usable answer: no answer within "), "{text}");
    assert_eq!(error.to_string(), "gave up waiting for operation scripted: it was not done within 1 min");
}

#[tokio::test(start_paused = true)]
async fn a_hung_poll_is_given_up_and_asked_again() {
    let done = wait_for(&[Turn::Hang, Turn::Succeeded]).poll_timeout(secs(10)).await.unwrap();
    assert_eq!((done.report.polls, done.report.transient_errors), (2, 1));
    assert!((millis(10_900)..=millis(11_101)).contains(&done.report.elapsed), "{:?}", done.report.elapsed);
}

#[tokio::test(start_paused = true)]
async fn forty_seconds_of_errors_are_outlived() {
    let faults = Arc::new(Mutex::new(Vec::new()));
    let mut polls = 0;
    let start = tokio::time::Instant::now();
    let flaky = from_fn(move || {
        polls += 1;
        let outage = start.elapsed() < secs(40);
        async move {
            match polls {
                1 => Ok(Answer::pending(polls)),
                _ if outage => Err(PollError::transient("connection reset")),
                _ => Ok(Answer::succeeded(polls)),
            }
        }
    });
    let seen = Arc::clone(&faults);
    let done = wait_for_completion(flaky)
        .timeout(secs(120))
        .on_event(move |event| {
            if let EventKind::Erred { .. } = event.kind {
                seen.lock().unwrap().push(event.elapsed);
            }
        })
        .await
        .unwrap();
    let faults = faults.lock().unwrap();
    assert_eq!(usize::try_from(done.report.transient_errors).unwrap(), faults.len());
    assert!(faults.len() >= 5, "{faults:?}");
    assert!((secs(40)..secs(75)).contains(&done.report.elapsed), "{:?}", done.report.elapsed);
}

#[tokio::test(start_paused = true)]
async fn what_an_answer_says_of_its_progress_moves_the_next_poll() {
    let pauses = |hints: fn(Answer<u32>) -> Answer<u32>| async move {
        let balanced = Balanced::new(Cadence { jitter: 0.0, ..Cadence::default() }).unwrap();
        let late = from_fn(move || async move { Ok(hints(Answer::pending(0))) });
        let mut events = wait_for_completion(late).initial_delay(secs(100)).schedule(balanced).events();
        while let Some(event) = events.next().await {
            match event.kind {
                EventKind::Sleeping { pause } if event.elapsed == secs(100) => return pause.as_millis(),
                _ => {}
            }
        }
        unreachable!("the operation never ends")
    };
    let seen = [
        pauses(|answer| answer).await,
        pauses(|answer| answer.progress(99.0)).await,
        pauses(|answer| answer.progress(50.0)).await,
        pauses(|answer| answer.remaining(secs(3))).await,
    ];
    assert_eq!(seen, [10_250, 1177, 19_473, 2741]);
}

#[tokio::test(start_paused = true)]
#[expect(clippy::disallowed_methods, reason = "the caller's own clock, on paused time")]
async fn the_caller_can_end_the_wait_in_a_sleep_and_in_a_poll() {
    for (turn, polls) in [(Turn::Busy(30), 1), (Turn::Hang, 1), (Turn::Pending, 3)] {
        let error = wait_for(&[turn]).cancel_on(tokio::time::sleep(secs(12))).await.unwrap_err();
        assert!(error.is_interrupted());
        let report = error.report().unwrap();
        assert_eq!((report.elapsed, report.polls), (secs(12), polls));
        assert_eq!(report.answer.is_some(), !matches!(turn, Turn::Hang));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_after_the_end() {
    let operation = scripted(&[Turn::Succeeded]);
    let polls = Arc::clone(&operation.polls);
    wait_for_completion(operation).await.unwrap();
    tokio::time::advance(secs(600)).await;
    assert_eq!(polls.load(Ordering::Relaxed), 1);
}

#[tokio::test(start_paused = true)]
async fn each_end_has_a_predicate_of_its_own() {
    let denied = || async { Err::<Answer<u32>, _>(PollError::new(PollErrorKind::Denied, "403")) };
    let gone = || async { Err::<Answer<u32>, _>(PollError::new(PollErrorKind::Gone, "410")) };
    let errors = [
        wait_for(&[Turn::Failed]).await.unwrap_err(),
        wait_for(&[Turn::Cancelled]).await.unwrap_err(),
        wait_for(&[Turn::Pending]).await.unwrap_err(),
        wait_for(&[Turn::Pending]).cancel_on(std::future::ready(())).await.unwrap_err(),
        wait_for_completion(from_fn(denied)).await.unwrap_err(),
        wait_for_completion(from_fn(gone)).await.unwrap_err(),
    ];
    for (index, error) in errors.iter().enumerate() {
        let predicates = [
            error.is_failed(),
            error.is_cancelled(),
            error.is_timeout(),
            error.is_interrupted(),
            error.is_denied(),
            error.is_not_found(),
        ];
        let expected: [bool; 6] = std::array::from_fn(|predicate| predicate == index);
        assert_eq!(predicates, expected, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_end_without_success_has_its_word() {
    for (wait, word) in [
        (wait_for(&[Turn::Failed]), "failed"),
        (wait_for(&[Turn::Cancelled]), "cancelled"),
        (wait_for(&[Turn::Blocked]).fail_on_blocked(true), "blocked"),
        (wait_for(&[Turn::Pending]), "timed_out"),
        (wait_for(&[Turn::Busy(3600)]), "timed_out"),
        (wait_for(&[Turn::Pending]).cancel_on(std::future::ready(())), "interrupted"),
        (wait_for(&[Turn::Fault]).max_errors(1), "error"),
        (wait_for(&[Turn::Pending]).timeout(Duration::ZERO), "error"),
    ] {
        let error = wait.await.unwrap_err();
        assert_eq!(error.word(), word, "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_end_without_an_answer_carries_its_error() {
    let error = wait_for(&[Turn::NotFound]).not_found_grace(Duration::ZERO).await.unwrap_err();
    assert!(error.is_not_found() && !error.is_denied());
    assert_eq!(
        crate::error::tests::chain(&error),
        "the state of operation scripted could not be learned: no such operation: 404"
    );
    let error = wait_for(&[Turn::Fault]).max_errors(3).await.unwrap_err();
    assert_eq!(
        crate::error::tests::chain(&error),
        "the state of operation scripted could not be learned (3 errors in a row): no usable answer: connection refused"
    );
}

#[tokio::test(start_paused = true)]
async fn a_number_out_of_its_bounds_ends_the_wait_before_anything_is_asked() {
    let operation = scripted(&[Turn::Succeeded]);
    let polls = Arc::clone(&operation.polls);
    let error = wait_for_completion(operation).timeout(Duration::ZERO).await.unwrap_err();
    assert!(matches!(&error, WaitError::Policy(PolicyError { .. })));
    assert!(error.report().is_none());
    assert_eq!(polls.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn a_wait_without_a_timeout_goes_on_for_days() {
    let mut turns = vec![Turn::Busy(3600); 100];
    turns.push(Turn::Succeeded);
    let done = wait_for(&turns).without_timeout().await.unwrap();
    assert_eq!(done.report.elapsed, secs(360_000) + millis(10_100));
}

#[test]
fn the_future_is_small_and_can_be_sent() {
    fn assert_send<T: Send>(_: &T) {}
    let run = drive::run(wait_for(&[Turn::Pending]), drop);
    assert!(size_of_val(&run) < 1024, "the future takes {} bytes", size_of_val(&run));
    assert_send(&run);
    assert_send(&wait_for(&[Turn::Pending]).into_future());
    assert_send(&wait_for(&[Turn::Pending]).events());
}
