//! What was told beside what is true: each end once, the right one, with its reason, and not before it came.
//! How either was learned is not known here.

use std::collections::HashMap;
use std::time::Duration;

use super::simulated::{Planned, Truth};
use super::told::Told;

/// What is worth knowing of many ends.
#[derive(Default)]
pub(crate) struct Figures {
    pub(crate) failed: usize,
    pub(crate) polls: u64,
    /// How many of them brought no usable answer.
    pub(crate) errors: u64,
    /// How long after an end it was told, to the second: half of them, 99 of a hundred, and all are no later.
    pub(crate) late: [Duration; 3],
}

/// Compares them; the truths stand in the order of the plan. All that is wrong is told.
pub(crate) fn judge(planned: &[Planned], truths: &[Truth], told: &[Told]) -> (Figures, Vec<String>) {
    let mut wrong = Vec::new();
    let mut by_id: HashMap<&str, Vec<&Told>> = HashMap::new();
    for told in told {
        by_id.entry(&told.id).or_default().push(told);
    }
    let mut figures = Figures::default();
    let mut late = Vec::new();
    for (planned, truth) in planned.iter().zip(truths) {
        let id = &planned.id;
        if truth.failed != planned.fails {
            wrong.push(format!("{id}: the simulator itself has not kept to the plan: {truth:?}"));
        }
        figures.failed += usize::from(truth.failed);
        let ends = by_id.remove(&**id).unwrap_or_default();
        let [told] = &ends[..] else {
            wrong.push(format!("{id}: its end was told {} times", ends.len()));
            continue;
        };
        figures.polls += told.polls;
        figures.errors += told.errors;
        if !told.is_of_operation()
            || (told.outcome == "failed") != truth.failed
            || told.reason != truth.reason
        {
            let (outcome, reason, error) = (&told.outcome, &told.reason, &told.last_error);
            wrong.push(format!("{id}: told as {outcome}, {reason:?}, {error:?}; but it is {truth:?}"));
        }
        match told.at.duration_since(truth.finished_at) {
            Ok(by) => late.push(by),
            Err(by) => wrong.push(format!("{id}: its end was told {:?} before it came", by.duration())),
        }
    }
    wrong.extend(by_id.keys().map(|id| format!("{id}: told, but nobody asked for it")));
    late.sort_unstable();
    let share = |percent: usize| {
        let index = (late.len() * percent / 100).min(late.len().saturating_sub(1));
        late.get(index).copied().unwrap_or_default()
    };
    figures.late = [share(50), share(99), share(100)];
    (figures, wrong)
}
