//! Each rule of a wait as a scenario with literal times.

use super::*;
use crate::policy::MaxErrors;
use crate::schedule::Fixed;

const PENDING: Happened = Happened::Answered { verdict: Verdict::Pending, hints: Hints::none() };
const FAULT: Happened = Happened::Erred { kind: PollErrorKind::Transient, retry_after: None };

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn millis(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn policy(timeout: u64) -> Policy {
    Policy { timeout: Some(secs(timeout)), ..Policy::default() }
}

fn every(interval: u64, policy: Policy) -> Machine {
    Machine::new(policy, Box::new(Fixed::new(secs(interval)).unwrap()), 0).unwrap()
}

fn pending_until(pause: u64) -> Happened {
    Happened::Answered { verdict: Verdict::Pending, hints: Hints::none().retry_after(secs(pause)) }
}

fn error(kind: PollErrorKind) -> Happened {
    Happened::Erred { kind, retry_after: None }
}

fn timed_out(timeout: u64) -> Step {
    Step::Finish(End::OutOfTime(Limit::Timeout(secs(timeout))))
}

#[test]
fn the_first_poll_goes_out_at_once() {
    assert_eq!(every(5, policy(60)).on(Happened::Started, secs(0)), Step::Poll { at_most: secs(30) });
}

#[test]
fn an_initial_delay_comes_before_the_first_poll() {
    let mut wait = every(5, Policy { initial_delay: secs(7), ..policy(60) });
    assert_eq!(wait.on(Happened::Started, secs(0)), Step::Sleep(secs(7)));
    assert_eq!(wait.on(Happened::Woke, secs(7)), Step::Poll { at_most: secs(30) });
}

#[test]
fn each_end_the_server_tells_is_the_end_also_at_the_limit() {
    for verdict in [Verdict::Succeeded, Verdict::Failed, Verdict::Cancelled] {
        let mut wait = every(5, policy(60));
        wait.on(Happened::Started, secs(0));
        let answer = Happened::Answered { verdict, hints: Hints::none().retry_after(secs(1000)) };
        assert_eq!(wait.on(answer, secs(60)), Step::Finish(End::Done(verdict)));
    }
}

#[test]
fn blocked_goes_on_like_pending() {
    let mut wait = every(5, policy(60));
    wait.on(Happened::Started, secs(0));
    let blocked = Happened::Answered { verdict: Verdict::Blocked, hints: Hints::none() };
    assert_eq!(wait.on(blocked, secs(0)), Step::Sleep(secs(5)));
}

#[test]
fn blocked_is_the_end_where_it_is_to_be() {
    let mut wait = every(5, Policy { fail_on_blocked: true, ..policy(60) });
    wait.on(Happened::Started, secs(0));
    assert_eq!(wait.on(PENDING, secs(0)), Step::Sleep(secs(5)));
    wait.on(Happened::Woke, secs(5));
    let blocked = Happened::Answered { verdict: Verdict::Blocked, hints: Hints::none() };
    assert_eq!(wait.on(blocked, secs(5)), Step::Finish(End::Done(Verdict::Blocked)));
}

#[test]
fn a_poll_never_outlives_the_limit() {
    let mut wait = every(5, policy(60));
    wait.on(Happened::Started, secs(0));
    assert_eq!(wait.on(Happened::Woke, secs(50)), Step::Poll { at_most: secs(10) });
    assert_eq!(wait.on(FAULT, secs(60)), timed_out(60));
}

#[test]
fn the_last_pause_is_shortened_for_a_final_poll_with_time_for_its_answer() {
    let mut wait = every(20, policy(60));
    wait.on(Happened::Started, secs(0));
    assert_eq!(wait.on(PENDING, secs(0)), Step::Sleep(secs(20)));
    wait.on(Happened::Woke, secs(20));
    wait.on(PENDING, secs(20));
    wait.on(Happened::Woke, secs(40));
    assert_eq!(wait.on(PENDING, secs(40)), Step::Sleep(millis(19_500)));
    assert_eq!(wait.on(Happened::Woke, millis(59_500)), Step::Poll { at_most: millis(500) });
    assert_eq!(wait.on(PENDING, millis(59_510)), Step::Sleep(millis(490)));
    assert_eq!(wait.on(Happened::Woke, secs(60)), timed_out(60));
    assert_eq!(wait.polls(), 4);
}

#[test]
fn a_slow_server_is_given_twice_its_slowest_answer_for_the_final_poll() {
    let mut wait = every(50, policy(100));
    wait.on(Happened::Started, secs(0));
    wait.on(PENDING, secs(4));
    wait.on(Happened::Woke, secs(54));
    assert_eq!(wait.on(PENDING, secs(55)), Step::Sleep(secs(37)));
}

#[test]
fn of_a_short_limit_a_quarter_is_kept_for_the_final_poll() {
    let schedule = Box::new(Fixed::new(millis(700)).unwrap());
    let mut wait = Machine::new(policy(1), schedule, 0).unwrap();
    wait.on(Happened::Started, secs(0));
    assert_eq!(wait.on(PENDING, secs(0)), Step::Sleep(millis(700)));
    let schedule = Box::new(Fixed::new(millis(800)).unwrap());
    let mut wait = Machine::new(policy(1), schedule, 0).unwrap();
    wait.on(Happened::Started, secs(0));
    assert_eq!(wait.on(PENDING, secs(0)), Step::Sleep(secs(1)));
}

#[test]
fn an_answer_just_before_the_end_is_the_final_one() {
    let mut wait = every(20, policy(60));
    wait.on(Happened::Started, secs(0));
    wait.on(PENDING, millis(58_600));
    wait.on(Happened::Woke, millis(58_600));
    assert_eq!(wait.on(PENDING, millis(58_600)), Step::Sleep(millis(1400)));
}

#[test]
fn retry_after_is_a_floor_on_answers_and_on_errors() {
    let mut wait = every(5, policy(60));
    wait.on(Happened::Started, secs(0));
    assert_eq!(wait.on(pending_until(9), secs(0)), Step::Sleep(secs(9)));
    wait.on(Happened::Woke, secs(9));
    assert_eq!(wait.on(pending_until(2), secs(9)), Step::Sleep(secs(5)));
    wait.on(Happened::Woke, secs(14));
    let busy = Happened::Erred { kind: PollErrorKind::Transient, retry_after: Some(secs(11)) };
    assert_eq!(wait.on(busy, secs(14)), Step::Sleep(secs(11)));
}

#[test]
fn a_retry_after_past_the_limit_ends_the_wait_now_and_says_so() {
    let mut wait = every(5, policy(60));
    wait.on(Happened::Started, secs(0));
    let end = End::OutOfTime(Limit::RetryAfter { pause: secs(61), timeout: secs(60) });
    assert_eq!(wait.on(pending_until(61), secs(1)), Step::Finish(end));
}

#[test]
fn a_retry_after_past_a_limit_of_days_ends_the_wait_too() {
    let days = |days: u64| secs(days * 24 * 60 * 60);
    let mut wait = every(5, Policy { timeout: Some(days(3)), ..Policy::default() });
    wait.on(Happened::Started, secs(0));
    let asked =
        |pause| Happened::Answered { verdict: Verdict::Pending, hints: Hints::none().retry_after(pause) };
    assert_eq!(wait.on(asked(days(2)), secs(0)), Step::Sleep(days(2)));
    wait.on(Happened::Woke, days(2));
    let end = End::OutOfTime(Limit::RetryAfter { pause: days(30), timeout: days(3) });
    assert_eq!(wait.on(asked(days(30)), days(2)), Step::Finish(end));
}

#[test]
fn a_retry_after_into_the_reserve_is_still_kept() {
    let mut wait = every(5, policy(60));
    wait.on(Happened::Started, secs(0));
    let late =
        Happened::Answered { verdict: Verdict::Pending, hints: Hints::none().retry_after(millis(59_900)) };
    assert_eq!(wait.on(late, secs(0)), Step::Sleep(millis(59_900)));
    assert_eq!(wait.on(Happened::Woke, millis(59_900)), Step::Poll { at_most: millis(100) });
}

#[test]
fn without_a_limit_a_retry_after_holds_for_a_year_at_most() {
    let mut wait = every(5, Policy { timeout: None, ..Policy::default() });
    wait.on(Happened::Started, secs(0));
    assert_eq!(wait.on(pending_until(u64::MAX), secs(0)), Step::Sleep(secs(366 * 24 * 60 * 60)));
}

#[test]
fn permanent_errors_end_the_wait_at_once() {
    use PollErrorKind::{Denied, Gone, NotUnderstood, Permanent};
    for kind in [Gone, Denied, NotUnderstood, Permanent] {
        let mut wait = every(5, policy(60));
        wait.on(Happened::Started, secs(0));
        assert_eq!(wait.on(error(kind), secs(0)), Step::Finish(End::Lost { errors_in_a_row: 1 }));
        assert_eq!(wait.transient_errors(), 0);
    }
}

#[test]
fn no_such_operation_is_tolerated_for_a_grace_that_costs_no_budget() {
    let mut wait = every(5, Policy { max_errors: MaxErrors::Always(1), ..policy(600) });
    wait.on(Happened::Started, secs(0));
    for at in [0, 10, 20, 29] {
        assert!(matches!(wait.on(error(PollErrorKind::NotFound), secs(at)), Step::Sleep(_)));
    }
    let end = End::Lost { errors_in_a_row: 1 };
    assert_eq!(wait.on(error(PollErrorKind::NotFound), secs(30)), Step::Finish(end));
}

#[test]
fn the_grace_begins_anew_with_the_answer_to_a_slow_start() {
    let mut wait = every(5, policy(600));
    wait.on(Happened::Started, secs(0));
    wait.on(PENDING, secs(40));
    assert!(matches!(wait.on(error(PollErrorKind::NotFound), secs(69)), Step::Sleep(_)));
    wait.on(PENDING, secs(69));
    let end = End::Lost { errors_in_a_row: 1 };
    assert_eq!(wait.on(error(PollErrorKind::NotFound), secs(70)), Step::Finish(end));
}

#[test]
fn a_wrong_address_is_noticed_in_about_a_minute() {
    let mut wait = every(5, policy(600));
    let mut elapsed = secs(0);
    let mut step = wait.on(Happened::Started, elapsed);
    while !matches!(step, Step::Finish(_)) {
        step = match step {
            Step::Sleep(pause) => {
                elapsed += pause;
                wait.on(Happened::Woke, elapsed)
            }
            _ => wait.on(FAULT, elapsed),
        };
    }
    assert_eq!(step, Step::Finish(End::Lost { errors_in_a_row: 7 }));
    assert!((secs(54)..=secs(61)).contains(&elapsed), "{elapsed:?}");
}

#[test]
fn after_a_useful_answer_faults_are_outwaited_and_the_next_one_resets_their_pace() {
    let mut wait = every(5, policy(6000));
    wait.on(Happened::Started, secs(0));
    wait.on(PENDING, secs(0));
    let mut pauses = Vec::new();
    for at in 1..100 {
        match wait.on(FAULT, secs(at)) {
            Step::Sleep(pause) => pauses.push(pause),
            step => panic!("{step:?} after {at} faults"),
        }
    }
    assert!(pauses[0] <= secs(1) && pauses[98] >= secs(27));
    wait.on(PENDING, secs(100));
    assert!(matches!(wait.on(FAULT, secs(101)), Step::Sleep(pause) if pause <= secs(1)));
}

#[test]
fn a_budget_that_was_asked_for_holds_at_any_time() {
    let mut wait = every(5, Policy { max_errors: MaxErrors::Always(2), ..policy(600) });
    wait.on(Happened::Started, secs(0));
    wait.on(PENDING, secs(0));
    assert!(matches!(wait.on(FAULT, secs(1)), Step::Sleep(_)));
    assert_eq!(wait.on(FAULT, secs(2)), Step::Finish(End::Lost { errors_in_a_row: 2 }));
}

#[test]
fn waking_after_the_limit_asks_nothing() {
    let mut wait = every(5, policy(60));
    wait.on(Happened::Started, secs(0));
    wait.on(PENDING, secs(0));
    assert_eq!(wait.on(Happened::Woke, secs(60 * 60 * 24)), timed_out(60));
    assert_eq!(wait.polls(), 1);
}

#[test]
fn a_wait_that_begins_late_has_the_rest_of_the_limit_and_a_grace_and_a_schedule_of_its_own() {
    let mut wait = Machine::new(policy(100), Box::new(Ages), 0).unwrap();
    assert_eq!(wait.on(Happened::Started, secs(50)), Step::Poll { at_most: secs(30) });
    assert!(matches!(wait.on(error(PollErrorKind::NotFound), secs(79)), Step::Sleep(_)));
    assert_eq!(wait.on(PENDING, secs(57)), Step::Sleep(secs(7)));
    assert_eq!(wait.age(secs(80)), secs(30));
    assert_eq!(wait.on(Happened::Woke, secs(100)), timed_out(100));
    let mut late = every(5, Policy { initial_delay: secs(30), ..policy(100) });
    assert_eq!(late.on(Happened::Started, secs(90)), Step::Sleep(secs(10)));
}

/// Pauses for as long as the wait has lasted.
struct Ages;

impl Schedule for Ages {
    fn next_pause(&mut self, now: &Moment) -> Option<Duration> {
        Some(now.elapsed)
    }
}

#[test]
fn who_is_held_back_sleeps_as_long_as_the_server_asks_and_not_with_all_others_in_step() {
    let held = |pause| Happened::HeldBack { pause: secs(pause), spread: secs(4) };
    let woken: Vec<_> = (0..20)
        .map(|seed| {
            let mut wait = Machine::new(policy(60), Box::new(Fixed::new(secs(5)).unwrap()), seed).unwrap();
            wait.on(Happened::Started, secs(0));
            wait.on(PENDING, secs(0));
            wait.on(held(10), secs(5))
        })
        .collect();
    let within = |step: &Step| matches!(step, Step::Sleep(pause) if (secs(10)..=secs(14)).contains(pause));
    assert!(woken.iter().all(within), "{woken:?}");
    let early = woken.iter().filter(|step| matches!(step, Step::Sleep(pause) if *pause < secs(12))).count();
    assert!((4..=16).contains(&early), "{woken:?}");
}

#[test]
fn being_held_back_past_the_limit_is_the_end() {
    let mut wait = every(5, policy(60));
    wait.on(Happened::Started, secs(0));
    wait.on(PENDING, secs(0));
    let held = Happened::HeldBack { pause: secs(55), spread: secs(1) };
    let limit = Limit::RetryAfter { pause: secs(55), timeout: secs(60) };
    assert_eq!(wait.on(held, secs(5)), Step::Finish(End::OutOfTime(limit)));
}

#[test]
fn a_schedule_that_ends_keeps_its_last_pause() {
    let pauses = vec![secs(2), secs(3)].into_iter();
    let mut wait = Machine::new(policy(600), Box::new(pauses), 0).unwrap();
    wait.on(Happened::Started, secs(0));
    let slept = [0, 2, 5, 8].map(|at| wait.on(PENDING, secs(at)));
    assert_eq!(slept, [2, 3, 3, 3].map(|pause| Step::Sleep(secs(pause))));
}

#[test]
fn a_schedule_cannot_hammer() {
    let mut wait = Machine::new(policy(600), Box::new(std::iter::repeat(Duration::ZERO)), 0).unwrap();
    wait.on(Happened::Started, secs(0));
    assert_eq!(wait.on(PENDING, secs(1)), Step::Sleep(SHORTEST_PAUSE));
}

#[test]
fn a_policy_out_of_its_bounds_starts_nothing() {
    let error = Machine::new(policy(0), Box::new(Fixed::new(secs(1)).unwrap()), 0).unwrap_err();
    assert_eq!(error.to_string(), "the timeout is 0, but must be from 10ms to 366 d");
}
