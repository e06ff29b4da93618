//! Who asked for it is called to the terminal when the wait has ended: by its bell, or by a notification that it shows.

use super::waiting;
use crate::support::command::{lro, run};
use crate::support::server::{Reply, Server};
use crate::support::terminal::{COLUMNS, ROWS, Terminal};

const GHOSTTY: (&str, &str) = ("TERM_PROGRAM", "ghostty");

async fn answering(answer: &str) -> Server {
    Server::start([Reply::json(200, answer)]).await
}

/// All that is written to a terminal of this kind.
async fn written(server: &Server, more: &[&str], env: &[(&str, &str)], code: i32) -> String {
    let url = server.url();
    let env = [env, &[("NO_COLOR", "1")]].concat();
    let args = waiting(&[&url], &[&["--terminal-progress", "never"], more].concat());
    let mut terminal = Terminal::start(ROWS, COLUMNS, &args, &env);
    assert_eq!(terminal.end().await, Some(code), "{more:?}: {:?}", terminal.lines());
    String::from_utf8_lossy(terminal.bytes()).into_owned()
}

#[tokio::test]
async fn whatever_the_end_is_the_bell_rings_once_after_all_else_is_told() {
    for (answer, more, code) in [
        (r#"{"s":"DONE"}"#, &[][..], 0),
        (r#"{"s":"BROKEN"}"#, &[], 1),
        (r#"{"s":"ON"}"#, &["-t", "300ms"], 124),
        (r#"{"s":"DONE"}"#, &["-q"], 0),
        (r#"{"s":"DONE"}"#, &["--progress", "lines"], 0),
    ] {
        let server = answering(answer).await;
        let seen = written(&server, &[&["--notify", "bell"], more].concat(), &[GHOSTTY], code).await;
        assert!(seen.ends_with("\n\u{7}"), "{answer} {more:?}: {seen:?}");
        assert_eq!(seen.matches('\u{7}').count(), 1, "{answer} {more:?}: {seen:?}");
    }
    let seen = written(&answering(r#"{"s":"DONE"}"#).await, &[], &[GHOSTTY], 0).await;
    assert!(!seen.contains('\u{7}'), "nobody asked for it: {seen:?}");
}

#[tokio::test]
async fn a_notification_says_how_it_ended_in_text_that_ends_no_sequence() {
    let server = answering(r#"{"s":"BROKEN","m":"no; \u001b\\\u0007\u009cline \u202efree"}"#).await;
    let seen = written(&server, &["--notify", "desktop"], &[GHOSTTY], 1).await;
    let (_, told) =
        seen.rsplit_once('\u{1b}').and_then(|(before, _)| before.rsplit_once('\u{1b}')).expect("a sequence");
    let url = server.url();
    assert!(told.starts_with(&format!("]777;notify;lro: failed;{url} after ")), "{told:?}");
    assert!(told.ends_with(": no, \\ line free"), "{told:?}");
    assert!(seen.ends_with("\u{1b}\\"), "{seen:?}");
    // A terminal that is not known to show any rings.
    let seen = written(&server, &["--notify", "desktop"], &[], 1).await;
    assert!(seen.ends_with("\n\u{7}"), "{seen:?}");
}

#[tokio::test]
async fn for_several_there_is_one_notification_and_before_the_next_step() {
    let (first, second) = (answering(r#"{"s":"DONE"}"#).await, answering(r#"{"s":"DONE"}"#).await);
    let second = second.url();
    let more = [&second[..], "--notify", "desktop", "--", "printf", "next step"];
    let seen = written(&first, &more, &[GHOSTTY], 0).await;
    assert_eq!(seen.matches("\u{1b}]").count(), 1, "{seen:?}");
    assert!(seen.contains("\u{1b}]777;notify;lro: succeeded;2 operations after "), "{seen:?}");
    assert!(seen.ends_with("\u{1b}\\next step"), "{seen:?}");
}

#[tokio::test]
async fn where_there_is_no_terminal_nobody_is_called() {
    for how in ["bell", "desktop"] {
        let server = answering(r#"{"s":"DONE"}"#).await;
        let url = server.url();
        let args = waiting(&[&url], &["--notify", how]);
        let ended = run(lro(&args).env("TERM", "xterm-kitty")).await;
        assert_eq!(ended.code, Some(0));
        let told = ended.stderr + &ended.stdout;
        assert!(!told.contains(['\u{7}', '\u{1b}']), "{told:?}");
    }
}
