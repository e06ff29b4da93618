//! Schedules by themselves: their pauses, to the millisecond.

use backon::BackoffBuilder;

use super::*;
use crate::policy::{Backoff, Cadence, LONGEST_TIMEOUT};
use proptest::prelude::*;

const NO_JITTER: f64 = 0.5;

fn first_pauses(schedule: &mut impl Schedule, random: f64) -> Vec<u128> {
    let now = Moment::new(Duration::ZERO, 1, random);
    std::iter::from_fn(|| schedule.next_pause(&now)).take(9).map(|pause| pause.as_millis()).collect()
}

#[test]
fn backoff_grows_to_its_longest_interval_and_stays_there() {
    let pauses = first_pauses(&mut Exponential::default(), NO_JITTER);
    assert_eq!(pauses, [1000, 1500, 2250, 3375, 5062, 7593, 11390, 15000, 15000]);
}

#[test]
fn jitter_varies_a_pause_both_ways_but_never_over_the_longest() {
    let shortest = first_pauses(&mut Exponential::default(), 0.0);
    assert_eq!(shortest, [900, 1350, 2025, 3037, 4556, 6834, 10251, 13500, 13500]);
    let longest = first_pauses(&mut Exponential::default(), 1.0);
    assert_eq!(longest, [1100, 1650, 2475, 3712, 5568, 8353, 12529, 15000, 15000]);
}

#[test]
fn errors_have_a_pace_of_their_own_that_only_shortens() {
    let pauses = |random| [0, 1, 2, 3, 4, 5, 1000].map(|pauses| error_pause(pauses, random).as_millis());
    assert_eq!(pauses(0.0), [1000, 2000, 4000, 8000, 16000, 30000, 30000]);
    assert_eq!(pauses(1.0), [900, 1800, 3600, 7200, 14400, 27000, 27000]);
}

#[test]
fn a_fixed_interval_is_always_the_same_and_checked() {
    let mut fixed = Fixed::new(Duration::from_millis(250)).unwrap();
    assert_eq!(first_pauses(&mut fixed, 0.9), [250; 9]);
    assert!(Fixed::new(Duration::ZERO).is_err());
}

#[test]
fn balanced_pauses_are_about_the_square_root_of_the_time_and_jitter_only_shortens_them() {
    let pause = |elapsed, random| {
        let now = Moment::new(Duration::from_secs(elapsed), 1, random);
        Balanced::default().next_pause(&now).unwrap().as_millis()
    };
    assert_eq!(
        [0, 1, 16, 180, 1200, 86400].map(|elapsed| pause(elapsed, 0.0)),
        [1000, 1250, 4250, 13_666, 34_891, 120_000]
    );
    assert_eq!(
        [0, 1, 16, 180, 1200, 86400].map(|elapsed| pause(elapsed, 1.0)),
        [1000, 1125, 3825, 12_299, 31_401, 108_000]
    );
    assert_eq!(pause(16, 7.0), pause(16, 1.0));
}

#[test]
fn numbers_and_expectations_out_of_their_bounds_are_refused() {
    let (instant, day, year) = (Duration::from_millis(10), Duration::from_secs(86400), LONGEST_TIMEOUT);
    let good = Cadence::default();
    for bad in [
        Cadence { cost: Duration::ZERO, ..good },
        Cadence { interval: Duration::ZERO, ..good },
        Cadence { max_interval: good.interval / 2, ..good },
        Cadence { max_interval: 2 * day, ..good },
        Cadence { jitter: 0.6, ..good },
        Cadence { jitter: f64::NAN, ..good },
    ] {
        assert!(Balanced::new(bad).is_err(), "{bad:?}");
        assert!(Expected::new(day, bad).is_err(), "{bad:?}");
    }
    for (expectation, is_good) in [
        (Duration::ZERO, false),
        (instant / 2, false),
        (instant, true),
        (good.interval / 2, true),
        (year, true),
        (year + day, false),
        (Duration::MAX, false),
    ] {
        assert_eq!(Expected::new(expectation, good).is_ok(), is_good, "{expectation:?}");
    }
}

#[test]
fn policies_of_backon_and_plain_lists_are_schedules() {
    let mut constant =
        backon::ConstantBuilder::new().with_delay(Duration::from_secs(3)).with_max_times(2).build();
    assert_eq!(first_pauses(&mut constant, NO_JITTER), [3000, 3000]);
    let mut list = vec![Duration::from_secs(1), Duration::from_secs(7)].into_iter();
    assert_eq!(first_pauses(&mut list, NO_JITTER), [1000, 7000]);
}

proptest! {
    #[test]
    fn no_backoff_ever_leaves_its_bounds(
        interval in 10_u64..100_000,
        over in 0_u64..1_000_000,
        factor in 1.0_f64..10.0,
        jitter in 0.0_f64..0.5,
        randoms in proptest::collection::vec(0.0_f64..=1.0, 1..200),
    ) {
        let numbers = Backoff {
            interval: Duration::from_millis(interval),
            max_interval: Duration::from_millis(interval + over),
            factor,
            jitter,
        };
        let mut schedule = Exponential::new(numbers).unwrap();
        for random in randoms {
            let pause = schedule.next_pause(&Moment::new(Duration::ZERO, 1, random)).unwrap();
            prop_assert!(pause <= numbers.max_interval);
            prop_assert!(pause.as_secs_f64() >= numbers.interval.as_secs_f64() * (1.0 - jitter) - 1e-6);
        }
    }
}
