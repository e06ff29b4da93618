//! The line that moves is one line in a terminal of any width, also while that changes.

use futures_util::future::join_all;

use super::waiting;
use crate::support::server::{Reply, Server};
use crate::support::terminal::{ROWS, Terminal};

/// Characters of two columns, and marks of none.
const WIDE: &str = r#"{"s":"ON","m":"区域已满，正在等待空闲线路 🚀 e\u0301\u0323 und so weiter"}"#;

async fn wide() -> Server {
    let mut replies = vec![Reply::json(200, WIDE); 5];
    replies.push(Reply::json(200, r#"{"s":"DONE"}"#));
    Server::start(replies).await
}

/// How many lines begin with a spinner.
fn moving(lines: &[String]) -> usize {
    lines.iter().filter(|line| line.starts_with(|c| ('\u{2801}'..='\u{28ff}').contains(&c))).count()
}

/// Whether the line that moves says what it will say from now on, and all that stands above it is there.
fn stands(lines: &[String]) -> bool {
    lines.iter().filter(|line| line.contains("区域")).count() == 2 && moving(lines) == 1
}

#[tokio::test]
async fn one_line_is_one_line_in_a_narrow_terminal_whatever_the_server_says() {
    let looks = [20, 30, 40, 60].map(async |columns| {
        let server = wide().await;
        let url = server.url();
        let args = waiting(&[&url], &["-o", "none"]);
        let mut terminal = Terminal::start(ROWS, columns, &args, &[]);
        let asks_again = |lines: &[String]| server.hits().len() > 3 && moving(lines) > 0;
        assert!(terminal.until(asks_again).await);
        let lines = terminal.lines();
        assert_eq!(moving(&lines), 1, "{columns}: {lines:#?}");
        let line = lines.last().expect("a line");
        assert!(moving(std::slice::from_ref(line)) == 1 && line.ends_with('…'), "{columns}: {lines:#?}");
        assert_eq!(terminal.end().await, Some(0));
        let lines = terminal.lines();
        assert_eq!(moving(&lines), 0, "{columns}: {lines:#?}");
        assert!(
            !lines.iter().any(|line| line.contains('…') || line.contains(" · ")),
            "{columns}: {lines:#?}"
        );
    });
    join_all(looks).await;
}

#[tokio::test]
async fn a_terminal_too_narrow_for_anything_ends_no_wait_and_loses_no_line() {
    let looks = [1, 2, 4, 5, 6, 8].map(async |columns| {
        let server = wide().await;
        let url = server.url();
        for locale in ["C.UTF-8", "C"] {
            let args = waiting(&[&url], &["-o", "none"]);
            let mut terminal = Terminal::start(ROWS, columns, &args, &[("LANG", locale)]);
            assert_eq!(terminal.end().await, Some(0), "{columns} {locale}: {:#?}", terminal.lines());
            let seen = String::from_utf8_lossy(terminal.bytes());
            assert!(seen.contains("succeeded:"), "{columns} {locale}: {seen:?}");
            // The line that moves is the last one, so nothing above it is to be reached.
            assert!(!seen.contains("\u{1b}[1A"), "{columns} {locale}: {seen:?}");
        }
    });
    join_all(looks).await;
}

#[tokio::test]
async fn a_terminal_that_cuts_its_lines_is_cleared_as_far_as_was_drawn() {
    let server = Server::start([Reply::json(200, WIDE)]).await;
    let url = server.url();
    // As the one that these tests have, xterm cuts them off.
    let xterm = [("XTERM_VERSION", "XTerm(379)"), ("LANG", "C.UTF-8")];
    let mut terminal = Terminal::start(ROWS, 100, &waiting(&[&url], &["-o", "none"]), &xterm);
    assert!(terminal.until(stands).await);
    let above = terminal.lines().len() - 1;
    for columns in [50, 24, 70] {
        terminal.resize(ROWS, columns);
        let polls = server.hits().len();
        assert!(terminal.until(|lines| server.hits().len() > polls + 2 && moving(lines) == 1).await);
        assert_eq!(terminal.lines().len(), above + 1, "{columns}: {:#?}", terminal.lines());
    }
    terminal.type_in(b"\x03").await;
    assert_eq!(terminal.end().await, Some(130));
    assert_eq!(moving(&terminal.lines()), 0, "{:#?}", terminal.lines());
}

#[tokio::test]
async fn a_terminal_that_breaks_its_lines_anew_has_them_mended() {
    let server = Server::start([Reply::json(200, WIDE)]).await;
    let url = server.url();
    let mut terminal = Terminal::start(ROWS, 100, &waiting(&[&url], &["-o", "none"]), &[]);
    assert!(terminal.until(stands).await);
    // The line has 96 columns: in a terminal of 40 these are two lines more.
    let mended = |terminal: &Terminal| {
        String::from_utf8_lossy(terminal.bytes()).matches("\u{1b}[2A\r\u{1b}[0J").count()
    };
    assert_eq!(mended(&terminal), 0);
    terminal.resize(ROWS, 40);
    let polls = server.hits().len();
    assert!(terminal.until(|lines| server.hits().len() > polls + 3 && moving(lines) == 1).await);
    assert_eq!(mended(&terminal), 1, "once, and not with every drawing");
    terminal.resize(ROWS, 100);
    let polls = server.hits().len();
    assert!(terminal.until(|_| server.hits().len() > polls + 3).await);
    assert_eq!(mended(&terminal), 1);
}

#[tokio::test]
async fn more_operations_than_rows_are_two_lines() {
    let servers = join_all([wide(), wide(), wide(), wide()]).await;
    let urls: Vec<String> = servers.iter().map(Server::url).collect();
    let urls: Vec<&str> = urls.iter().map(String::as_str).collect();
    let mut terminal = Terminal::start(6, 30, &waiting(&urls, &["-o", "none"]), &[]);
    let is_two = |lines: &[String]| {
        moving(lines) == 1 && lines.last().is_some_and(|line| line.starts_with("  slowest "))
    };
    assert!(terminal.until(is_two).await);
    assert_eq!(terminal.end().await, Some(0));
    assert!(!terminal.lines().iter().any(|line| line.contains("slowest")), "{:#?}", terminal.lines());
}
