//! Terminals that understand text alone, and people who want no colors, or want them anywhere.

use super::waiting;
use crate::support::command::{lro, run};
use crate::support::server::{Reply, Server};
use crate::support::terminal::{COLUMNS, ROWS, Terminal};

#[tokio::test]
async fn a_dumb_terminal_gets_lines_and_not_one_byte_that_would_steer_another() {
    for env in [&[("TERM", "dumb"), ("TERM_PROGRAM", "ghostty")][..], &[("TERM", "")]] {
        let replies = [
            Reply::json(200, r#"{"s":"ON","p":9}"#),
            Reply::json(200, r#"{"s":"HELD","m":"say yes"}"#),
            Reply::json(200, r#"{"s":"DONE"}"#),
        ];
        let server = Server::start(replies).await;
        let url = server.url();
        let mut terminal =
            Terminal::start(ROWS, COLUMNS, &waiting(&[&url, &format!("{url}/b")], &["-v"]), env);
        assert_eq!(terminal.end().await, Some(0));
        let seen = String::from_utf8_lossy(terminal.bytes());
        let steers = |c: char| c.is_control() && !"\r\n\t".contains(c);
        assert!(!seen.contains(steers), "{env:?}: {seen:?}");
        assert!(!seen.replace("\r\n", "").contains('\r'), "{env:?}: {seen:?}");
        assert!(seen.contains("] waiting for 2 operations at "), "{env:?}: {seen:?}");
    }
}

#[tokio::test]
async fn where_the_locale_has_nothing_but_ascii_the_spinner_has_neither() {
    let replies = [
        Reply::json(200, r#"{"s":"ON"}"#),
        Reply::json(200, r#"{"s":"ON"}"#),
        Reply::json(200, r#"{"s":"DONE"}"#),
    ];
    let server = Server::start(replies).await;
    let long = format!("{}/{}", server.url(), "x".repeat(40));
    let mut terminal = Terminal::start(ROWS, 60, &waiting(&[&long], &["-o", "none"]), &[("LANG", "C")]);
    assert!(terminal.until(|lines| lines.iter().any(|line| line.contains(" - 0s of 30m - 1 poll"))).await);
    assert_eq!(terminal.end().await, Some(0));
    let seen = String::from_utf8_lossy(terminal.bytes());
    assert!(seen.is_ascii(), "{seen:?}");
}

#[tokio::test]
async fn help_and_what_was_typed_wrong_have_colors_as_all_else_has() {
    let has_color = |bytes: &[u8]| bytes.contains(&0x1b);
    for (env, args, color) in [
        (&[][..], &["--help"][..], true),
        (&[], &["wait", "--bogus"], true),
        (&[], &["--color", "never", "--help"], false),
        (&[], &["wait", "--help", "--color=never"], false),
        (&[], &["wait", "--bogus", "--color", "never"], false),
        (&[("NO_COLOR", "1")], &["--help"], false),
        (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], &["--help"], false),
        (&[("NO_COLOR", "1")], &["--help", "--color", "always"], true),
        (&[("CLICOLOR", "0")], &["--help"], false),
        (&[("CLICOLOR", "0"), ("FORCE_COLOR", "1")], &["--help"], true),
        (&[("TERM", "dumb")], &["--help"], false),
        (&[("TERM", "")], &["wait", "--bogus"], false),
        (&[("CI", "true")], &["--help"], true),
    ] {
        let mut terminal = Terminal::start(ROWS, COLUMNS, args, env);
        terminal.end().await;
        assert!(terminal.bytes().len() > 40);
        assert_eq!(has_color(terminal.bytes()), color, "{env:?} {args:?}");
    }
    for (env, args, color) in [
        (&[("TERM", "xterm")][..], &["--help"][..], false),
        (&[("CLICOLOR_FORCE", "1")], &["--help"], true),
        (&[("CLICOLOR_FORCE", "1")], &["wait", "--bogus"], true),
        (&[("CLICOLOR_FORCE", "1")], &["wait", "--token-file", "/nowhere", "c/o"], true),
        (&[("CLICOLOR_FORCE", "0")], &["wait", "--token-file", "/nowhere", "c/o"], false),
        (&[], &["--help", "--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1"), ("LRO_QUIET", "x")], &["wait", "c/o"], true),
        (&[("LRO_QUIET", "x")], &["wait", "c/o", "--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1"), ("LRO_QUIET", "x"), ("LRO_COLOR", "never")], &["wait", "c/o"], false),
        (&[("CLICOLOR_FORCE", "1"), ("LRO_COLOR", "never")], &["wait", "--bogus"], false),
        (&[("CLICOLOR_FORCE", "1"), ("LRO_COLOR", "never")], &["--help"], false),
        (&[("LRO_COLOR", "always")], &["--help"], true),
    ] {
        let ended = run(lro(args).envs(env.iter().copied())).await;
        assert_eq!(has_color((ended.stdout + &ended.stderr).as_bytes()), color, "{env:?} {args:?}");
    }
}
