//! What the program of a terminal is told of progress: OSC 9;4, where it is known to understand that.

use super::waiting;
use crate::support::command::{lro, run};
use crate::support::server::{Reply, Server};
use crate::support::terminal::{COLUMNS, ROWS, Terminal};

const GHOSTTY: (&str, &str) = ("TERM_PROGRAM", "ghostty");

fn terminal(args: &[&str], env: &[(&str, &str)]) -> Terminal {
    Terminal::start(ROWS, COLUMNS, args, env)
}

async fn done() -> Server {
    Server::start([Reply::json(200, r#"{"s":"ON","p":30}"#), Reply::json(200, r#"{"s":"DONE"}"#)]).await
}

#[tokio::test]
async fn it_is_told_how_far_it_is_what_is_wrong_and_at_the_end_nothing_any_more() {
    let replies = [
        Reply::json(200, r#"{"s":"ON"}"#),
        Reply::json(200, r#"{"s":"ON","p":10.9}"#),
        Reply::json(200, r#"{"s":"ON","p":10.2}"#),
        Reply::json(503, ""),
        Reply::json(200, r#"{"s":"ON","p":25}"#),
        Reply::json(200, r#"{"s":"HELD","p":40}"#),
        Reply::json(200, r#"{"s":"BROKEN"}"#),
    ];
    let server = Server::start(replies).await;
    let mut terminal = terminal(&waiting(&[&server.url()], &[]), &[GHOSTTY]);
    assert_eq!(terminal.end().await, Some(1));
    let told = ["9;4;3;", "9;4;1;10", "9;4;4;10", "9;4;1;25", "9;4;4;40", "9;4;2;40", "9;4;0;"];
    assert_eq!(terminal.commands(), told);
}

#[tokio::test]
async fn of_several_it_is_told_how_many_have_ended_and_that_one_has_failed() {
    let failed = Server::start([Reply::json(200, r#"{"s":"BROKEN"}"#)]).await;
    let server = done().await;
    let (first, second) = (failed.url(), server.url());
    let mut terminal = terminal(&waiting(&[&first, &second], &[]), &[GHOSTTY]);
    assert_eq!(terminal.end().await, Some(1));
    assert_eq!(terminal.commands(), ["9;4;3;", "9;4;2;50", "9;4;2;100", "9;4;0;"]);
}

#[tokio::test]
async fn it_is_told_only_where_the_spinner_is_and_only_a_terminal_that_knows_it() {
    let tmux = [GHOSTTY, ("TERM", "tmux-256color"), ("TMUX", "/tmp/tmux/default,1,0")];
    for (env, args, is_told) in [
        (&[GHOSTTY][..], &[][..], true),
        (&[], &[], false),
        (&[GHOSTTY], &["--terminal-progress", "never"], false),
        (&[], &["--terminal-progress", "always"], true),
        (&[GHOSTTY], &["--progress", "lines"], false),
        (&[GHOSTTY], &["-q"], false),
        (&[GHOSTTY, ("CI", "true")], &["--terminal-progress", "always"], false),
        (&[GHOSTTY, ("TERM", "dumb")], &[], false),
        (&tmux, &[], false),
        (&[GHOSTTY], &["--color", "never"], true),
    ] {
        let server = done().await;
        let mut terminal = terminal(&waiting(&[&server.url()], args), env);
        assert_eq!(terminal.end().await, Some(0));
        let told = terminal.commands();
        assert_eq!(told.last().is_some_and(|last| last == "9;4;0;"), is_told, "{env:?} {args:?}: {told:?}");
        assert_eq!(!told.is_empty(), is_told, "{env:?} {args:?}: {told:?}");
    }
    let server = done().await;
    let url = server.url();
    let args = waiting(&[&url], &["--progress", "spinner", "--terminal-progress", "always"]);
    let ended = run(lro(&args).env("TERM_PROGRAM", "ghostty").env("TERM", "xterm")).await;
    assert!(!ended.stderr.contains('\u{1b}'), "{:?}", ended.stderr);
}

#[tokio::test]
async fn nothing_is_left_of_it_after_control_c() {
    let server = Server::start([Reply::json(200, r#"{"s":"ON","p":30}"#)]).await;
    let mut terminal = terminal(&waiting(&[&server.url()], &[]), &[GHOSTTY]);
    assert!(terminal.until(|lines| lines.iter().any(|line| line.contains("30 %"))).await);
    terminal.type_in(b"\x03").await;
    assert_eq!(terminal.end().await, Some(130));
    assert_eq!(terminal.commands(), ["9;4;3;", "9;4;1;30", "9;4;0;"]);
}

#[tokio::test]
async fn nothing_is_left_of_it_before_the_next_step_and_when_the_reader_of_the_events_goes() {
    let server = done().await;
    let url = server.url();
    let mut next = terminal(&waiting(&[&url], &["--", "printf", "next step"]), &[GHOSTTY]);
    assert_eq!(next.end().await, Some(0));
    let seen = String::from_utf8_lossy(next.bytes()).into_owned();
    let place = |text| seen.find(text).unwrap_or_else(|| panic!("no {text:?} in {seen:?}"));
    assert!(place("9;4;0;") < place("next step"), "{seen:?}");

    let server = Server::start([Reply::json(200, r#"{"s":"ON","p":30}"#)]).await;
    let url = server.url();
    let line = format!("lro {} | head -n 3 >/dev/null", waiting(&[&url], &["-o", "jsonl"]).join(" "));
    let mut reader = Terminal::run(ROWS, COLUMNS, "sh", &["-c", &line], &[GHOSTTY]);
    assert_eq!(reader.end().await, Some(0));
    let told = reader.commands();
    assert!(told.len() > 1 && told.last().is_some_and(|last| last == "9;4;0;"), "{told:?}");
}
