//! The balanced plan by itself: which poll is due when, and back.
//! What it is worth is looked at beside the schedules.

use super::*;

/// Where it bends: the time and the polls at which the floor is left, and those at which the cap is reached.
const PLANS: [(Density, [f64; 4]); 3] = [
    (Density { cost: 0.25, floor: 1.0, cap: 120.0, expectation: None }, [1.0, 1.0, 14_400.0, 239.0]),
    (Density { cost: 1.0, floor: 4.0, cap: 10.0, expectation: None }, [4.0, 1.0, 25.0, 4.0]),
    // Its floor is its cap.
    (Density { cost: 0.25, floor: 3.0, cap: 3.0, expectation: None }, [9.0, 3.0, 9.0, 3.0]),
];

#[test]
fn a_plan_has_sent_as_many_polls_by_a_time_as_it_takes_that_time_to_send() {
    for (plan, [floored, _, capped, _]) in PLANS {
        for time in [0.0, floored / 2.0, floored, 0.7 * floored + 0.3 * capped, capped, 3.0 * capped] {
            let back = plan.balanced_time(plan.balanced_polls(time));
            assert!((back - time).abs() < 1e-9 * capped, "{back} for {time} of {plan:?}");
        }
        assert!(plan.balanced_time(-2.0).abs() < 1e-12);
    }
}

#[test]
fn a_plan_bends_where_its_pauses_leave_the_floor_and_reach_the_cap() {
    for (plan, bends) in PLANS {
        let Bends { floored, capped, polls_floored, polls_capped } = plan.bends();
        for (is, expected) in [floored, polls_floored, capped, polls_capped].into_iter().zip(bends) {
            assert!((is - expected).abs() < 1e-9, "{is} is not {expected} of {plan:?}");
        }
    }
}

#[test]
fn whoever_is_ahead_of_the_plan_waits_for_it() {
    let (plan, _) = PLANS[1];
    // The plan has sent three polls by 16 seconds and six by 45: three more than those may have been sent by then.
    for (now, polls, expected) in [
        (38.0, 8, 7.0),
        // The longest pause is the longest all the same.
        (3.0, 5, 10.0),
        // It is not ahead: half of its pause is left.
        (14.0, 5, 4.241_657),
    ] {
        let pause = plan.pause(now, polls, None, 0.5);
        assert!((pause - expected).abs() < 1e-6, "{pause} after {polls} polls in {now} s");
    }
}
