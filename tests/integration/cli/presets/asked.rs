//! Which preset a wait goes by, and that what is wrong with it is told before anything is sent.

use super::machine;
use crate::support::command::{lro, run, run_with_input};
use crate::support::server::{Reply, Server};

/// Each trap of an expression, and what was meant, as a shell takes it.
const TRAPS: &[(&str, &str)] = &[
    ("!a.b", "'!(a.b)'"),
    ("!a[0].b", "'!(a[0].b)'"),
    ("!a == 'x'", r"'!(a == '\''x'\'')'"),
    (r#"status == "DONE""#, r#""status == 'DONE'""#),
    (r#"contains(status, "DONE")"#, r#""contains(status, 'DONE')""#),
    ("status = 'DONE'", r#""status == 'DONE'""#),
    // What a shell leaves of backticks.
    ("code == 1", "'code == `1`'"),
    ("done == true", "'done == `true`'"),
    ("error == null", "'error == `null`'"),
    ("progress >= '100'", "'progress >= `100`'"),
];

#[tokio::test]
async fn every_trap_is_told_with_what_was_meant_and_nothing_is_sent() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let url = format!("{}/x", server.url());
    for (trap, meant) in TRAPS {
        for (verb, flag) in [("wait", "--success-when"), ("status", "--failure-when"), ("wait", "--message")]
        {
            let mut command = lro(&[verb, "--state", "status", "--success", "DONE", &url]);
            if flag == "--success-when" {
                command = lro(&[verb, "--state", "status", &url]);
            }
            let ended = run(command.args([flag, trap])).await;
            assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{trap}: {}", ended.stderr);
            let told = format!("error: {flag} cannot be used: ");
            assert!(ended.stderr.starts_with(&told), "{trap}: {}", ended.stderr);
            let hint = format!("\n  hint: write {flag} {meant}\n");
            assert!(ended.stderr.ends_with(&hint), "{trap}: {}", ended.stderr);
        }
    }
    let ended = run(lro(&["wait", "--success-when", "code == ", &url]).args(["--state", "s"])).await;
    assert!(ended.stderr.contains("hint: a shell takes what is between backticks"), "{}", ended.stderr);
    assert_eq!((ended.code, server.hits().len()), (Some(2), 0));
}

#[tokio::test]
async fn flags_describe_an_api_that_is_waited_for() {
    let answers =
        ["new", "at it", "DONE"].map(|state| Reply::json(200, format!(r#"{{"a": {{"b": "{state}"}}}}"#)));
    let server = Server::start(answers).await;
    let url = format!("{}/jobs/1", server.url());
    let flags = ["--state", "a.b", "--success", "done", "--failure", "failed", "--interval", "10ms"];
    let ended = run(lro(&["wait", &url]).args(flags)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(server.paths(), ["/jobs/1"; 3]);

    let server = Server::start([Reply::json(200, r#"{"a": {"b": "failed"}, "why": "no quota"}"#)]).await;
    let url = format!("{}/jobs/1", server.url());
    let flags = ["--state", "a.b", "--success", "done", "--failure", "failed", "--message", "why"];
    let ended = run(lro(&["wait", &url]).args(flags)).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert!(ended.stdout.ends_with("\tno quota\n"), "{}", ended.stdout);
}

#[tokio::test]
async fn what_is_deleted_is_waited_for_until_it_is_gone() {
    let active = Reply::json(200, r#"{"server": {"id": "s", "status": "ACTIVE"}}"#);
    let server = Server::start([active, Reply::json(404, r#"{"itemNotFound": {}}"#)]).await;
    let url = format!("{}/v2.1/servers/s", server.url());
    let flags = ["--preset", "openstack-server", "--until-gone", "--interval", "10ms"];
    let ended = run(lro(&["wait", &url]).args(flags)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(server.hits().len(), 2);
}

#[tokio::test]
async fn ones_own_preset_is_asked_by_its_name_or_its_file() {
    let machine = machine("presets-asked");
    let file = machine.path("home/.config/lro/presets/otc-job.toml");
    for flags in [["--preset", "mine"], ["--preset-file", &file]] {
        let server = Server::start([Reply::json(200, r#"{"s": "ok"}"#)]).await;
        let url = format!("{}/x", server.url());
        let ended = run(machine.lro(&["status", &url]).args(flags)).await;
        assert_eq!((ended.code, server.hits().len()), (Some(0), 1), "{}", ended.stderr);
    }
    let server = Server::start([Reply::json(200, r#"{"s": "ok"}"#)]).await;
    let url = format!("{}/x", server.url());
    for (flags, told) in [
        (["--preset", "broken"], "caused by: line 3: `success`"),
        (["--preset", "otc-job"], "hint: rename the file, or give it with --preset-file"),
        (["--preset", "min"], "hint: perhaps mine"),
        (["--preset-file", "/nowhere"], "the preset file `/nowhere` cannot be read"),
    ] {
        let ended = run(machine.lro(&["status", &url]).args(flags)).await;
        assert_eq!((ended.code, ended.stdout.as_str()), (Some(2), ""), "{flags:?}");
        assert!(ended.stderr.contains(told), "{flags:?}: {}", ended.stderr);
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn whoever_names_no_api_is_told_how_to_name_one() {
    let ended = run(&mut lro(&["wait", "http://127.0.0.1:9/v2.1/servers/s"])).await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("hint: that is how otc-plas has it"), "{}", ended.stderr);
    let ended =
        run(&mut lro(&["wait", "--preset", "otc-job", "x", "--endpoint", "http://127.0.0.1:9"])).await;
    assert!(!ended.stderr.contains("hint: that is how"), "{}", ended.stderr);
    let ended =
        run_with_input(&mut lro(&["wait", "-", "--endpoint", "http://127.0.0.1:9"]), "/v2.1/servers/s").await;
    assert!(ended.stderr.contains("hint: expected is what the call"), "{}", ended.stderr);
}

#[tokio::test]
async fn the_command_to_wait_again_has_the_same_flags() {
    let server = Server::start([Reply::json(200, r#"{"s": "new"}"#)]).await;
    let url = format!("{}/x", server.url());
    let ended =
        run(&mut lro(&["wait", &url, "-t", "50ms", "--state", "s", "--success", "DONE,OK", "--until-gone"]))
            .await;
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    let again = format!("again: lro wait --state s --success DONE,OK --until-gone {url}\n");
    assert!(ended.stderr.ends_with(&again), "{}", ended.stderr);
}
