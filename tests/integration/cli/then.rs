//! What runs after success, and that nothing runs otherwise.

use crate::support::command::{Ended, lro, run, run_with_input};
use crate::support::server::{Reply, Server};
use crate::support::{PATH, SUCCESS};

async fn after(reply: Reply, args: &[&str]) -> Ended {
    let server = Server::start([reply]).await;
    run(lro(&["wait", &format!("{}{PATH}", server.url()), "-q"]).args(args)).await
}

async fn after_success(args: &[&str]) -> Ended {
    after(Reply::json(200, SUCCESS), args).await
}

#[tokio::test]
async fn the_code_of_the_command_is_the_exit_code() {
    let ended = after_success(&["--", "sh", "-c", "echo out; echo err >&2; exit 7"]).await;
    assert_eq!((ended.code, ended.stdout.as_str(), ended.stderr.as_str()), (Some(7), "out\n", "err\n"));
    assert_eq!(after_success(&["--", "true"]).await.code, Some(0));
}

#[tokio::test]
async fn the_result_comes_before_the_command_when_it_is_asked_for() {
    let ended = after_success(&["-o", "text", "--", "echo", "then"]).await;
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert!(
        lines.len() == 2 && lines[0].starts_with("c1/o1\tsucceeded\t") && lines[1] == "then",
        "{lines:?}"
    );
}

#[tokio::test]
async fn a_command_that_cannot_run_is_126_or_127() {
    let ended = after_success(&["--", "no-such-command-anywhere"]).await;
    assert_eq!(ended.code, Some(127));
    let told = "error: the operation succeeded, but `no-such-command-anywhere` could not be run\n  caused by: No such file";
    assert!(ended.stderr.starts_with(told), "{}", ended.stderr);
    assert_eq!(after_success(&["--", "/dev/null"]).await.code, Some(126));
    assert_eq!(after_success(&["--", "/"]).await.code, Some(126));
}

#[tokio::test]
async fn nothing_runs_after_a_failure() {
    let failed = Reply::json(200, r#"{"finished":true,"result":{"result":"failed"}}"#);
    let ended = after(failed, &["--", "echo", "ran"]).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.stdout.starts_with("c1/o1\tfailed\t") && !ended.stdout.contains("ran"), "{}", ended.stdout);
}

#[tokio::test]
async fn standard_input_and_signals_are_the_commands_own() {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{PATH}", server.url());
    let ended = run_with_input(&mut lro(&["wait", &url, "-q", "--", "cat"]), "for the command").await;
    assert_eq!(ended.stdout, "for the command");
    // Neither our handlers nor an ignored SIGPIPE are left behind.
    let ended = after_success(&["--", "sh", "-c", "kill -s TERM $$; echo survived"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (None, ""));
    let ended = after_success(&["--", "sh", "-c", "kill -s PIPE $$; echo survived"]).await;
    assert_eq!((ended.code, ended.stdout.as_str()), (None, ""));
}
