//! What an answer means, and by which rule, as it is told.

use serde_json::Value;

use super::machine;
use crate::support::command::{lro, run_with_input};

/// Explains this input with these arguments, and gives what was printed.
async fn explained(args: &[&str], input: &str) -> String {
    let ended = run_with_input(lro(&["presets", "--explain"]).args(args), input).await;
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{args:?}");
    ended.stdout
}

#[tokio::test]
async fn an_answer_is_explained_line_by_line() {
    let failed =
        r#"{"job_id": "j1", "job_type": "createVM", "status": "fail", "fail_reason": "no\u001b[2Jquota"}"#;
    assert_eq!(
        explained(&["otc-job"], failed).await,
        "preset:   otc-job\n\
         verdict:  failed\n\
         rule:     failed: `status` is `FAIL`\n\
         state:    fail\n\
         kind:     createVM\n\
         message:  no [2Jquota\n"
    );
    let done = r#"{"status": "Succeeded", "percentComplete": 100, "properties": {"id": "x"}}"#;
    assert_eq!(
        explained(&["--preset", "azure-async"], done).await,
        "preset:   azure-async\n\
         verdict:  succeeded\n\
         rule:     succeeded: `status` is `Succeeded`\n\
         state:    Succeeded\n\
         progress: 100 %\n\
         result:   {\"id\":\"x\"}\n"
    );
    let long = format!(r#"{{"status": "FAIL", "fail_reason": "{}"}}"#, "x".repeat(10_000));
    assert!(explained(&["otc-job"], &long).await.len() < 1000);
}

#[tokio::test]
async fn what_curl_prints_is_explained_with_its_status_and_headers() {
    let accepted = "HTTP/1.1 100 Continue\r\n\r\n\
                    HTTP/1.1 202 Accepted\r\nLocation: /later\r\nRetry-After: 30\r\nRetry-After-Ms: 1500\r\n\r\n";
    assert_eq!(
        explained(&["azure"], accepted).await,
        "preset:   http-202, picked by azure\n\
         verdict:  pending\n\
         rule:     pending: HTTP 202\n\
         hint:     ask again in 1s 500ms; Retry-After: 30\n\
         next:     /later\n"
    );
    let other = "HTTP/2 303 \nlocation: /result\n\n";
    let text = explained(&["http-202"], other).await;
    assert!(text.ends_with(
        "verdict:  succeeded\nrule:     succeeded: HTTP 303\nresult:   is to be fetched at /result\n"
    ));
    assert!(
        explained(&["http-202", "--status", "204"], "").await.contains("rule:     succeeded: HTTP 204\n")
    );
}

#[tokio::test]
async fn flags_are_tried_on_an_answer_without_a_server() {
    let answer = r#"{"status": {"phase": "DONE"}, "why": "because", "p": "50 %", "x": {"y": 1}}"#;
    let flags = [
        "--state",
        "status.phase",
        "--success",
        "DONE",
        "--message",
        "nothing",
        "--message",
        "why",
        "--progress-from",
        "p",
        "--result",
        "x",
        "--failure-when",
        "ends_with(missing, 'x')",
    ];
    assert_eq!(
        explained(&flags, answer).await,
        "preset:   flags\n\
         verdict:  succeeded\n\
         rule:     succeeded: `status.phase` is `DONE`\n\
         state:    DONE\n\
         message:  because\n\
         progress: 50 %\n\
         result:   {\"y\":1}\n\
         problem:  `ends_with(missing, 'x')` cannot be evaluated: argument 1 of `ends_with` must be string, but is \
         null\n"
    );
    let changed = explained(&["otc-job", "--success", "INIT"], r#"{"job_id": "j", "status": "init"}"#).await;
    assert!(changed.contains("verdict:  succeeded\n"), "{changed}");
    let gone = explained(&["openstack-server", "--until-gone", "--status", "404"], "").await;
    assert!(gone.contains("rule:     succeeded: HTTP 404\n"), "{gone}");
    let active = r#"{"server": {"id": "s", "status": "ACTIVE"}}"#;
    assert!(explained(&["openstack-server", "--until-gone"], active).await.contains("verdict:  pending\n"));
}

#[tokio::test]
async fn ones_own_presets_are_explained_too() {
    let machine = machine("presets-explain");
    let file = machine.path("home/.config/lro/presets/otc-job.toml");
    for named in [&["mine"][..], &["--preset", "mine"], &["--preset-file", &file]] {
        let mut command = machine.lro(&["presets", "--explain"]);
        let ended = run_with_input(command.args(named), r#"{"s": "ok"}"#).await;
        assert!(ended.stdout.contains("verdict:  succeeded\n"), "{named:?}: {}", ended.stderr);
    }
    let mut command = machine.lro(&["presets", "--explain"]);
    let ended = run_with_input(command.env("LRO_PRESET", "mine"), r#"{"s": "ko"}"#).await;
    assert!(ended.stdout.starts_with("preset:   mine\nverdict:  failed\n"), "{}", ended.stderr);
}

#[tokio::test]
async fn an_explanation_is_json_too() {
    let accepted = "HTTP/1.1 202 Accepted\nLocation: /later\nRetry-After: 30\nRetry-After-Ms: 1500\n\n";
    let text = explained(&["azure", "-o", "json"], accepted).await;
    assert_eq!(
        text,
        "{\"schema\":1,\"preset\":\"http-202\",\"picked_by\":\"azure\",\"verdict\":\"pending\",\
         \"rule\":\"pending: HTTP 202\",\"state\":null,\"kind\":null,\"message\":null,\"progress\":null,\
         \"eta\":null,\"hint\":{\"pause_ms\":1500},\"retry_after\":\"30\",\"next\":\"/later\",\"result\":null,\"problems\":[],\
         \"misfit\":null}\n"
    );
    let text = explained(&["otc-job", "-o", "json"], r#"{"status": "SUCCESS", "entities": "/v1/x"}"#).await;
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["result"]["at"], "/v1/x");
    assert_eq!(explained(&["otc-job", "-o", "none"], r#"{"status": "SUCCESS"}"#).await, "");
}

#[tokio::test]
async fn what_means_nothing_ends_with_3() {
    for (args, input, told) in [
        (
            &["otc-job"][..],
            "{}",
            "caused by: it has another shape than the API's answers: `type(status) == 'string'`",
        ),
        (&["otc-job"], "<html>", "caused by: it is not JSON"),
        (&["otc-job", "--status", "200"], "", "caused by: it is empty"),
        (&["otc-job"], "HTTP/1.1 500 Oops\n\n{}", "caused by: HTTP 500 is no answer"),
    ] {
        let ended = run_with_input(lro(&["presets", "--explain"]).args(args), input).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(3), ""), "{input}");
        assert!(ended.stderr.contains("error: to the preset `otc-job` this answer means nothing\n"));
        assert!(ended.stderr.contains(told), "{input}: {}", ended.stderr);
    }
    let ended = run_with_input(&mut lro(&["presets", "--explain", "otc-job", "-o", "json"]), "{}").await;
    let document: Value = serde_json::from_str(&ended.stdout).unwrap();
    assert_eq!((ended.code, &document["verdict"]), (Some(3), &Value::Null));
    assert!(document["misfit"].as_str().unwrap().starts_with("it has another shape"));
}

#[tokio::test]
async fn what_is_no_answer_at_all_is_refused() {
    let long = "x".repeat(2 * 1024 * 1024 + 1);
    for (args, input, told) in [
        (&["otc-job", "--status", "202"][..], "HTTP/1.1 200 OK\n\n{}", "it says its status itself"),
        (&["otc-job"], "HTTP/1.1 200 OK\n{}\n", "`{}` is no header"),
        (&["otc-job"], "HTTP/1.1 200 OK\nA: b\n", "caused by: it is cut off: there is no empty line"),
        (&["otc-job"], "\n", "caused by: it is empty: that an answer has no body, --status says\n"),
        (&["otc-job"], &long, "it is longer than 2 MiB"),
    ] {
        let ended = run_with_input(lro(&["presets", "--explain"]).args(args), input).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{told}");
        assert!(ended.stderr.contains("error: there is no answer on standard input\n"), "{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{}", ended.stderr);
    }
}
