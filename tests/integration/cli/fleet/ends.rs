//! How several operations end: the worst of them is the exit code, unless the first success or the first failure is.

use serde_json::Value;

use super::{at, count, lines, name, polls, server, typed, wait};
use crate::support::command::run;

/// One of each end without success, the worst first, with its exit code and its word.
const ENDS: [(&str, i32, &str); 6] = [
    ("failed1", 1, "failed"),
    ("denied1", 4, "error"),
    ("missing1", 5, "error"),
    ("mute1", 3, "error"),
    ("odd1", 3, "error"),
    ("pending1", 124, "timed_out"),
];

#[tokio::test]
async fn when_all_succeed_it_is_0() {
    let server = server().await;
    let ended = wait(&server, &["ok1", "late1", "ok2"], &[]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(lines(&ended), ["c/ok1|succeeded", "c/late1|succeeded", "c/ok2|succeeded"]);
    assert!(ended.stderr.lines().last().unwrap().starts_with("succeeded: 3 operations after "));
    assert_eq!(polls(&server), [("ok1", 1), ("late1", 2), ("ok2", 1)].map(|(k, v)| (k.to_owned(), v)).into());
}

/// Waits for those of the ends at these places, and for one that succeeds; the code and the word for all.
async fn worst(places: &[usize]) -> (Option<i32>, String) {
    let server = server().await;
    let names: Vec<&str> = places.iter().map(|place| ENDS[*place].0).chain(["ok1"]).collect();
    let has_pending = names.contains(&"pending1");
    // Long enough for all others to end.
    let limit = if has_pending { "2s" } else { "30m" };
    let args = ["-o", "json", "--not-found-grace", "0", "--max-errors", "1", "-t", limit];
    let ended = wait(&server, &names, &args).await;
    let document: Value = serde_json::from_str(&ended.stdout).expect("a document");
    let bad = names.len() - 1;
    let told = format!("error: {bad} of {} operations did not succeed: ", names.len());
    assert!(ended.stderr.contains(&told), "{told}\n{}", ended.stderr);
    (ended.code, document["outcome"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn the_worst_end_is_the_exit_code_whichever_comes_first() {
    let mut runs = Vec::new();
    for place in 0..ENDS.len() {
        for other in place + 1..ENDS.len() {
            let pair = if (place + other) % 2 == 0 { [place, other] } else { [other, place] };
            runs.push((place, pair.to_vec()));
        }
        // And among all that are no worse.
        runs.push((place, (place..ENDS.len()).rev().collect()));
    }
    // A few at a time: most of them only wait.
    for some in runs.chunks(8) {
        let each = some.iter().map(|(place, places)| async move {
            let (_, code, word) = ENDS[*place];
            assert_eq!(worst(places).await, (Some(code), word.to_owned()), "{places:?}");
        });
        futures_util::future::join_all(each).await;
    }
}

#[tokio::test]
async fn status_has_the_same_order_and_75_is_better_than_all_but_0() {
    let server = server().await;
    let names = ["failed1", "refused1", "gone1", "broken1", "pending1", "ok1"];
    let codes = [1, 4, 5, 3, 75, 0];
    let outcomes = ["failed", "error", "error", "error", "pending", "succeeded"];
    for first in 0..names.len() {
        let typed: Vec<_> = typed(&names[first..]).into_iter().rev().collect();
        let before = server.hits().len();
        let ended = run(at(&server, "status").args(&typed).args(["-o", "json"])).await;
        assert_eq!(ended.code, Some(codes[first]), "{typed:?}: {}", ended.stderr);
        let document: Value = serde_json::from_str(&ended.stdout).expect("a document");
        assert_eq!(document["outcome"], outcomes[first]);
        let told: Vec<_> = document["operations"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(told, typed.iter().collect::<Vec<_>>(), "in the order given");
        assert_eq!(server.hits().len() - before, typed.len(), "each is asked once");
    }
    let ended = run(at(&server, "status").args(typed(&names))).await;
    assert_eq!(lines(&ended)[..2], ["c/failed1|failed|no free line", "c/refused1|unknown"]);
}

#[tokio::test]
async fn with_any_the_first_success_is_0_whatever_becomes_of_the_others() {
    let server = server().await;
    let ended = wait(&server, &["failed1", "pending1", "late1"], &["--any", "-o", "json"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("a document");
    assert_eq!(document["outcome"], "succeeded");
    let operations = document["operations"].as_array().unwrap();
    assert_eq!(operations[2]["outcome"], "succeeded");
    assert_eq!(
        (&operations[1]["outcome"], &operations[1]["state"]),
        (&"interrupted".into(), &"pending".into())
    );
    let end = ended.stderr.lines().last().unwrap();
    assert!(
        end.starts_with("succeeded: 1 operation after ")
            && end.ends_with("; 1 operation goes on without lro"),
        "{}",
        ended.stderr
    );
}

#[tokio::test]
async fn with_any_and_no_success_the_worst_is_told() {
    let server = server().await;
    let ended = wait(&server, &["failed1", "denied1", "failed2"], &["--any"]).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.ends_with("error: none of 3 operations succeeded: 1 unknown, 2 failed\n"),
        "{}",
        ended.stderr
    );
    let ended = wait(&server, &["denied1", "pending1"], &["--any", "-t", "1s"]).await;
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
}

#[tokio::test]
async fn with_fail_fast_the_first_end_without_success_is_the_end_of_all() {
    let server = server().await;
    let names = ["pending1", "pending2", "ok1", "failed1"];
    let ended = wait(&server, &names, &["--fail-fast", "-o", "json"]).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(
        ended.stderr.ends_with(
            "error: 1 of 4 operations did not succeed: 1 failed\n  2 operations go on without lro\n"
        ),
        "{}",
        ended.stderr
    );
    assert_eq!(count(&ended.stderr, "error: "), 2, "no word of those that go on: {}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("a document");
    let told: u64 =
        document["operations"].as_array().unwrap().iter().map(|one| one["polls"].as_u64().unwrap()).sum();
    // One may have been given up before it got there.
    assert!(server.hits().len() as u64 <= told, "a poll that is not told: {document}");
    assert_eq!(server.hits().iter().filter(|hit| name(hit) == "failed1").count(), 1);
    let ended = wait(&server, &["ok2", "late3"], &["--fail-fast"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[tokio::test]
async fn many_of_the_same_ends_are_told_briefly_and_a_hint_once() {
    let server = server().await;
    let names: Vec<String> = (0..30).map(|number| format!("denied{number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let ended = wait(&server, &names, &[]).await;
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, "error: the state of operation c/denied"), 30, "each is told by name");
    assert_eq!(count(&ended.stderr, "  hint: "), 1, "{}", ended.stderr);
    assert_eq!(count(&ended.stderr, "  caused by: not allowed to ask"), 20, "{}", ended.stderr);
    assert!(ended.stderr.ends_with("error: 30 of 30 operations did not succeed: 30 unknown\n"));
}
