//! What a machine tells of itself to whoever drives it.
//! What it decides is not looked at here.

use super::*;
use crate::schedule::Fixed;

const SECOND: Duration = Duration::from_secs(1);

fn machine(timeout: Option<Duration>) -> Machine {
    let policy = Policy { timeout, ..Policy::default() };
    Machine::new(policy, Box::new(Fixed::new(SECOND).unwrap()), 0).unwrap()
}

fn fault(kind: PollErrorKind) -> Happened {
    Happened::Erred { kind, retry_after: None }
}

#[test]
fn a_machine_has_begun_as_soon_as_anything_has_happened() {
    let held = Happened::HeldBack { pause: SECOND, spread: Duration::ZERO };
    for first in [Happened::Started, held] {
        let mut wait = machine(None);
        assert!(!wait.has_begun());
        wait.on(first, SECOND);
        assert!(wait.has_begun(), "{first:?}");
    }
}

#[test]
fn a_machine_tells_the_limit_that_it_was_given() {
    for timeout in [None, Some(SECOND), Some(LONGEST_TIMEOUT)] {
        assert_eq!(machine(timeout).timeout(), timeout);
    }
}

#[test]
fn polls_and_transient_errors_are_counted_each_and_permanent_ones_are_none() {
    let mut wait = machine(None);
    let counted = |wait: &Machine| (wait.polls(), wait.transient_errors());
    assert_eq!(counted(&wait), (0, 0));
    wait.on(Happened::Started, Duration::ZERO);
    assert_eq!(counted(&wait), (1, 0));
    for count in 1..=3 {
        wait.on(fault(PollErrorKind::Transient), count * SECOND);
        assert_eq!(counted(&wait), (count, count));
        wait.on(Happened::Woke, count * SECOND);
    }
    wait.on(fault(PollErrorKind::Denied), 4 * SECOND);
    assert_eq!(counted(&wait), (4, 3));
}

#[test]
fn debug_tells_the_policy_and_the_counts() {
    let mut wait = machine(None);
    wait.on(Happened::Started, Duration::ZERO);
    let told = format!("{wait:?}");
    for part in ["Machine {", "poll_timeout: 30s", "polls: 1", "errors_in_a_row: 0"] {
        assert!(told.contains(part), "{part} in {told}");
    }
}
