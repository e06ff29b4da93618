//! Each number and its bounds.

use super::*;

#[test]
fn the_defaults_are_within_their_bounds() {
    assert_eq!(Policy::default().check(), Ok(()));
    assert_eq!(Backoff::default().check(), Ok(()));
}

#[test]
fn every_number_out_of_its_bounds_is_named_with_them() {
    let secs = Duration::from_secs;
    let policy = Policy::default;
    let cases = [
        (
            Policy { timeout: Some(Duration::ZERO), ..policy() }.check(),
            "the timeout is 0, but must be from 10ms to 366 d",
        ),
        (
            Policy { timeout: Some(DAY * 367), ..policy() }.check(),
            "the timeout is 367 d, but must be from 10ms to 366 d",
        ),
        (
            Policy { timeout: Some(secs(5)), initial_delay: secs(5), ..policy() }.check(),
            "the initial delay is 5s, but must be shorter than the timeout, 5s",
        ),
        (
            Policy { timeout: None, initial_delay: DAY * 2, ..policy() }.check(),
            "the initial delay is 2 d, but must be from 0 to 1 d",
        ),
        (
            Policy { poll_timeout: Duration::ZERO, ..policy() }.check(),
            "the poll timeout is 0, but must be from 10ms to 1 h",
        ),
        (
            Policy { not_found_grace: DAY * 2, ..policy() }.check(),
            "the not-found grace is 2 d, but must be from 0 to 1 d",
        ),
        (
            Policy { max_errors: MaxErrors::Always(0), ..policy() }.check(),
            "the number of errors that end a wait is 0, but must be at least 1",
        ),
        (
            Policy { max_errors: MaxErrors::UntilFirstAnswer(0), ..policy() }.check(),
            "the number of errors that end a wait is 0, but must be at least 1",
        ),
        (
            Backoff { interval: Duration::ZERO, ..Backoff::default() }.check(),
            "the interval is 0, but must be from 10ms to 1 d",
        ),
        (
            Backoff { interval: secs(20), ..Backoff::default() }.check(),
            "the longest interval is 15s, but must be at least the first one, 20s",
        ),
        (
            Backoff { max_interval: DAY * 2, ..Backoff::default() }.check(),
            "the longest interval is 2 d, but must be from 1s to 1 d",
        ),
        (
            Backoff { factor: 0.5, ..Backoff::default() }.check(),
            "the backoff factor is 0.5, but must be from 1 to 10",
        ),
        (
            Backoff { factor: f64::NAN, ..Backoff::default() }.check(),
            "the backoff factor is NaN, but must be from 1 to 10",
        ),
        (Backoff { jitter: 1.0, ..Backoff::default() }.check(), "the jitter is 1, but must be from 0 to 0.5"),
    ];
    for (result, text) in cases {
        let error = result.unwrap_err();
        assert_eq!(error.to_string(), text);
        assert_eq!(text.split(" is ").next(), Some(error.name()));
    }
}

#[test]
fn a_budget_for_the_start_ends_with_the_first_answer() {
    let at_start = MaxErrors::UntilFirstAnswer(3);
    assert!(!at_start.is_reached(2, false));
    assert!(at_start.is_reached(3, false));
    assert!(!at_start.is_reached(1000, true));
    assert!(MaxErrors::Always(3).is_reached(3, true));
    assert!(!MaxErrors::Unlimited.is_reached(u32::MAX, false));
}

#[test]
fn the_defaults_are_those_that_are_promised() {
    let millis = |duration: Duration| duration.as_millis();
    let Policy { timeout, poll_timeout, initial_delay, not_found_grace, .. } = Policy::default();
    assert_eq!(timeout.map(millis), Some(1_800_000));
    assert_eq!([poll_timeout, initial_delay, not_found_grace].map(millis), [30_000, 0, 30_000]);
    let Backoff { interval, max_interval, .. } = Backoff::default();
    assert_eq!([interval, max_interval].map(millis), [1000, 15_000]);
    let Cadence { cost, interval, max_interval, .. } = Cadence::default();
    assert_eq!([cost, interval, max_interval].map(millis), [250, 1000, 120_000]);
}

#[test]
fn a_bound_itself_is_within_it() {
    let (instant, year) = (Duration::from_millis(10), Duration::from_secs(366 * 86_400));
    for timeout in [instant, year] {
        assert_eq!(Policy { timeout: Some(timeout), ..Policy::default() }.check(), Ok(()), "{timeout:?}");
    }
    // A longest interval that is the first one as well: pauses that do not grow.
    for interval in [instant, Duration::from_secs(86_400)] {
        let (longest, backoff, cadence) = (interval, Backoff::default(), Cadence::default());
        assert_eq!(Backoff { interval, max_interval: longest, ..backoff }.check(), Ok(()), "{interval:?}");
        assert_eq!(Cadence { interval, max_interval: longest, ..cadence }.check(), Ok(()), "{interval:?}");
    }
}

#[test]
fn a_number_of_errors_is_a_budget_for_any_time() {
    assert_eq!(MaxErrors::from(3), MaxErrors::Always(3));
}
