//! What came of a fault, held against what is documented for it.
//! How it was played is not known here.

use std::time::Duration;

use serde_json::{Value, json};

use super::cell::Seen;
use super::row::{End, Row};
use super::when::When;

/// How much later than its limit a wait may end.
const LATE: Duration = Duration::from_millis(100);

/// What is to be "at once" on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(1);

/// What the process may take in all.
const MOST_KIB: u64 = 64 * 1024;

/// Everything that is not as documented but the time, which is not the command's alone.
pub(super) fn wrong(row: &Row, when: When, seen: &Seen) -> Vec<String> {
    let begin = when.begin() as u64;
    let (code, outcome) = match row.end {
        End::Final(code, _) => (code, if code == 124 { "timed_out" } else { "error" }),
        _ if when.forever => (124, "timed_out"),
        _ => (0, "succeeded"),
    };
    let operation = &seen.document["operations"][0];
    let number = |name: &str| operation[name].as_u64().unwrap_or(u64::MAX);
    let (polls, errors) = (number("polls"), number("transient_errors"));
    let is_known = when.later || matches!(row.end, End::Harmless);
    let state = match outcome {
        "succeeded" => json!("succeeded"),
        _ if is_known => json!("pending"),
        _ => Value::Null,
    };
    let mut wrong = Vec::new();
    let mut expect = |what: &str, seen: &dyn std::fmt::Debug, is_right: bool| {
        if !is_right {
            wrong.push(format!("{what}: {seen:?}"));
        }
    };
    let stderr = &seen.stderr;
    expect("it panics", stderr, !stderr.contains("panicked"));
    expect("the exit code", &seen.code, seen.code == Some(code));
    expect("the outcome", &seen.document["outcome"], seen.document["outcome"] == outcome);
    expect("the outcome of the operation", &operation["outcome"], operation["outcome"] == outcome);
    expect("the state", &operation["state"], operation["state"] == state);
    let finished = &operation["answer"]["finished"];
    expect(
        "the last answer",
        finished,
        *finished
            == if state == "pending" {
                json!(false)
            } else if state.is_null() {
                Value::Null
            } else {
                json!(true)
            },
    );
    let (right_errors, right_polls) = match row.end {
        End::Harmless if when.forever => (errors == 0, polls > begin),
        End::Harmless => (errors == 0, polls == begin + 1),
        End::Final(code, _) => (errors == u64::from(code == 124), polls == begin),
        // Each error cost one poll, and no poll was lost.
        End::Passing(_) | End::Lasting(_) if when.forever => (errors >= 1, polls == begin - 1 + errors),
        End::Passing(_) => (errors == 1, polls == begin + 1),
        End::Lasting(_) => (errors >= 1, polls == begin + errors),
    };
    expect("the errors", &errors, right_errors);
    expect("the polls", &polls, right_polls);
    let error = operation["last_error"].as_str().unwrap_or_default();
    expect(
        "the last error",
        &error,
        match row.end {
            End::Harmless => error.is_empty(),
            End::Passing(says) | End::Lasting(says) | End::Final(_, says) => error.contains(says),
        },
    );
    let known = if is_known { "last known state: pending" } else { "last known state: unknown" };
    expect("what is told to a person", stderr, code == 0 || stderr.contains(known));
    expect(
        "it ends before its limit",
        &elapsed(seen),
        !is_by_limit(row, when) || elapsed(seen) >= seen.limit,
    );
    expect("memory in KiB", &seen.peak_kib, (1..MOST_KIB).contains(&seen.peak_kib));
    wrong
}

/// That it took longer than it may: by its own clock, and by that of whoever started it.
pub(super) fn late(row: &Row, seen: &Seen) -> Option<String> {
    let limit = if matches!(row.end, End::Final(..)) { AT_ONCE } else { seen.limit };
    let outside = seen.wall.saturating_sub(seen.start_up);
    let is_late = elapsed(seen) > limit + LATE || outside > limit + LATE;
    is_late.then(|| format!("it is late: {:?}, and {outside:?} from outside, of {limit:?}", elapsed(seen)))
}

fn is_by_limit(row: &Row, when: When) -> bool {
    when.forever && !matches!(row.end, End::Final(..))
}

/// How long the wait took, as the command says.
pub(super) fn elapsed(seen: &Seen) -> Duration {
    Duration::from_millis(seen.document["elapsed_ms"].as_u64().unwrap_or_default())
}
