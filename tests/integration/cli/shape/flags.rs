//! Flags alone say what a state means, what is sent, and what the result is.

use super::{STATE, says, wait};
use crate::support::server::Reply;

const SETS: [&str; 6] = ["--success", "completed", "--failure", "fail*", "--cancelled", "stopped"];

#[tokio::test]
async fn states_that_stand_deep_in_the_answer_are_told_and_end_the_wait() {
    for (state, code, told) in [
        ("Completed", 0, "succeeded: "),
        ("failed", 1, "failed: because failed\n"),
        ("stopped", 1, "was cancelled: because stopped\n"),
    ] {
        let replies = [says("initiating"), says("running"), says("initiating"), says("running"), says(state)];
        let (server, ended) = wait(&replies, &[&STATE[..], &SETS].concat()).await;
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
        assert_eq!(server.hits().len(), 5);
        // Each state once, although it comes back.
        for told in ["pending (initiating): because initiating\n", "pending (running): because running\n"] {
            assert_eq!(ended.stderr.matches(told).count(), 1, "{}", ended.stderr);
        }
    }
}

#[tokio::test]
async fn conditions_decide_as_states_do() {
    let when = ["--success-when", "done && !error", "--failure-when", "error", "--message", "error.text"];
    let pending = Reply::json(200, r#"{"done":false,"percent":"40"}"#);
    for (end, code, told) in [
        (r#"{"done":true}"#, 0, "succeeded: "),
        (r#"{"done":true,"error":{"text":"no space"}}"#, 1, "failed: no space\n"),
    ] {
        let (_server, ended) = wait(
            &[pending.clone(), Reply::json(200, end)],
            &[&when[..], &["--progress-from", "percent"]].concat(),
        )
        .await;
        assert_eq!(ended.code, Some(code), "{}", ended.stderr);
        assert!(ended.stderr.contains(told) && ended.stderr.contains("pending (40 %)\n"), "{}", ended.stderr);
    }
}

#[tokio::test]
async fn what_is_gone_is_a_success_until_gone() {
    for status in [404, 410] {
        let replies =
            [Reply::json(200, r#"{"status":"ACTIVE"}"#), Reply::json(503, ""), Reply::json(status, "")];
        let (server, ended) = wait(&replies, &["--until-gone", "--state", "status"]).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(server.hits().len(), 3);
        let (_server, ended) =
            wait(&replies, &["--state", "status", "--success", "done", "--not-found-grace", "0s"]).await;
        assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    }
    let replies = [Reply::json(200, r#"{"status":"error"}"#)];
    let (_server, ended) = wait(&replies, &["--until-gone", "--state", "status", "--failure", "ERROR"]).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
}

#[tokio::test]
async fn what_cannot_be_evaluated_is_told_once_and_matches_nothing() {
    let odd = Reply::json(200, r#"{"size":"big"}"#);
    let replies = [odd.clone(), odd.clone(), odd, Reply::json(200, r#"{"size":[1]}"#)];
    let (server, ended) = wait(&replies, &["--success-when", "sum(size) > `0`"]).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(
        ended.stderr.matches("`sum(size) > `0`` cannot be evaluated: ").count(),
        1,
        "{}",
        ended.stderr
    );
    assert_eq!(server.hits().len(), 4);
}

#[tokio::test]
async fn a_poll_has_the_method_and_the_body_that_are_said() {
    let file = format!("{}/shape-data-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    std::fs::write(&file, r#"{"a":1}"#).unwrap();
    for data in [r#"{"a":1}"#, &format!("@{file}")] {
        let done = Reply::json(200, r#"{"status":"done"}"#);
        let args = [
            "--state",
            "status",
            "--success",
            "done",
            "--method",
            "post",
            "--data",
            data,
            "-H",
            "X-Target: Svc.Op",
        ];
        let (server, ended) = wait(&[Reply::json(503, ""), done], &args).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        for hit in server.hits() {
            assert_eq!((&*hit.line, &*hit.body), ("POST /x HTTP/1.1", r#"{"a":1}"#));
            assert_eq!(hit.header("x-target"), Some("Svc.Op"));
        }
        assert_eq!(server.hits().len(), 2);
    }
    std::fs::remove_file(&file).unwrap();
}

#[tokio::test]
async fn the_result_is_what_is_said_and_is_fetched_where_it_is() {
    let done = |more: &str| Reply::json(200, format!(r#"{{"status":"done"{more}}}"#));
    let text = Reply::new(200, "text/plain", "one\ntwo");
    for (replies, result, told) in [
        (vec![done(r#","out":{"id":7}"#)], "out", "{\"id\":7}\n"),
        (vec![done(r#","out":"a\nb""#)], "out", "a\nb\n"),
        (vec![done(r#","out":"/r""#), Reply::json(200, "[1, 2]")], "out", "[1,2]\n"),
        (vec![done("").header("X-Result", "/r"), text.clone()], "header:X-Result", "one\ntwo\n"),
        (vec![done(r#","out":"/r""#), Reply::json(503, ""), text], "out", "one\ntwo\n"),
    ] {
        let (server, ended) =
            wait(&replies, &["--state", "status", "--success", "done", "--result", result]).await;
        assert_eq!((ended.code, &*ended.stdout), (Some(0), told), "{}", ended.stderr);
        assert_eq!(server.hits().len(), replies.len());
    }
}
