//! An operation that waits for a person: warned of once and waited through, or the end if that is wanted.

use serde_json::{Value, json};

use super::{STATE, says, wait};

const SETS: [&str; 4] = ["--success", "completed", "--blocked", "manual"];

#[tokio::test]
async fn blocked_is_warned_of_once_and_waited_through() {
    let replies =
        [says("running"), says("manual"), says("manual"), says("running"), says("manual"), says("completed")];
    let (server, ended) = wait(&replies, &[&STATE[..], &SETS].concat()).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let warning = "] warning: blocked (manual), waits for a person: because manual\n";
    assert_eq!(ended.stderr.matches(warning).count(), 1, "{}", ended.stderr);
    assert_eq!(server.hits().len(), 6);
}

#[tokio::test]
async fn blocked_ends_the_wait_when_that_is_wanted() {
    let (server, ended) =
        wait(&[says("manual")], &[&STATE[..], &SETS, &["--fail-on-blocked", "-o", "json"]].concat()).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    let url = format!("{}/x", server.url());
    assert!(ended.stderr.contains("waits for a person: because manual\n"), "{}", ended.stderr);
    let flags = [&STATE[..2], &SETS, &STATE[2..]].concat().join(" ");
    let again = format!(
        "hint: once somebody has acted, to wait for it again: lro wait {flags} --output json --fail-on-blocked {url}\n"
    );
    assert!(ended.stderr.ends_with(&again), "{again}\n{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!(document["outcome"], json!("blocked"));
    let operation = &document["operations"][0];
    assert_eq!((&operation["state"], &operation["status"]), (&json!("blocked"), &json!("manual")));
}
