//! What a person sees of several operations: a line each while they fit the screen, else how many stand how.

use std::collections::HashMap;

use futures_util::future::join_all;

use super::{answer, name, server, url};
use crate::support::server::{Reply, Server};
use crate::support::terminal::{COLUMNS, ROWS, Terminal};

/// A wait on a terminal of this size for these operations, whose states stay for long enough to be seen.
fn start(server: &Server, (rows, columns): (u16, u16), names: &[String], args: &[&str]) -> Terminal {
    let endpoint = server.url();
    let typed: Vec<String> = names.iter().map(|name| format!("c/{name}")).collect();
    let fixed = ["wait", "--endpoint", &endpoint, "-o", "none"];
    let args: Vec<&str> =
        fixed.into_iter().chain(args.iter().copied()).chain(typed.iter().map(String::as_str)).collect();
    Terminal::start(rows, columns, &args, &[])
}

fn named(prefix: &str, count: usize) -> Vec<String> {
    (1..=count).map(|number| format!("{prefix}{number}")).collect()
}

/// Asked again once all has been seen.
const SELDOM: &[&str] = &["--interval", "10s"];

/// The lines that move.
fn moving(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).filter(|line| line.contains(" · ")).collect()
}

#[tokio::test]
async fn a_few_have_a_line_each_below_a_line_of_sums() {
    let server = server().await;
    let names = ["pending1", "ok1", "pending2"].map(str::to_owned);
    let mut terminal = start(&server, (ROWS, COLUMNS), &names, SELDOM);
    let asleep = |lines: &[String]| {
        let has = |text: &str| lines.iter().filter(|line| line.contains(text)).count();
        (has(" · next in "), has("c/ok1: succeeded"), has(" · 1 succeeded · ")) == (2, 1, 1)
    };
    assert!(terminal.until(asleep).await, "{:?}", terminal.lines());
    let lines = terminal.lines();
    assert_eq!(lines[0], format!("waiting for 3 operations at {}, at most 30m", server.url()));
    assert!(lines[1].contains("] c/ok1: succeeded after ") && lines[1].ends_with(" and 1 poll"), "{lines:?}");
    assert!(
        lines[2].contains(" 2 of 3 pending · 1 succeeded · ") && lines[2].ends_with(" of 30m"),
        "{lines:?}"
    );
    for (line, name) in [(&lines[3], "pending1"), (&lines[4], "pending2")] {
        assert!(line.starts_with(&format!("  c/{name} pending (create) · ")), "{lines:?}");
        assert!(line.contains(" · 1 poll · next in "), "{lines:?}");
    }
    assert_eq!(lines.len(), 5, "{lines:?}");

    terminal.type_in(b"\x03").await;
    assert_eq!(terminal.end().await, Some(130));
    let lines = terminal.lines();
    assert_eq!(moving(&lines), [""; 0], "nothing that moved is left: {lines:?}");
    assert!(lines.iter().any(|line| line.ends_with("error: the wait for 2 of 3 operations was interrupted")));
    assert!(lines.iter().any(|line| line.starts_with("  c/pending1: pending (create), after ")), "{lines:?}");
    assert!(!terminal.hides_cursor());
}

#[tokio::test]
async fn many_have_a_summary_and_failures_stay_above_it() {
    let server = server().await;
    let names = [named("pending", 40), named("failed", 2), named("ok", 3)].concat();
    let mut terminal = start(&server, (ROWS, COLUMNS), &names, &["--interval", "1s"]);
    let all = |lines: &[String]| {
        let has = |text: &str| lines.iter().any(|line| line.contains(text));
        has(" 40 of 45 pending · 3 succeeded · 2 failed · ")
            && has("c/failed1 failed")
            && has("c/failed2 failed")
    };
    assert!(terminal.until(all).await, "{:?}", terminal.lines());
    let lines = terminal.lines();
    let moving = moving(&lines);
    assert_eq!(moving.len(), 2, "{lines:?}");
    assert!(moving[0].contains(" of 30m · next in ") || moving[0].ends_with(" of 30m · asking"), "{lines:?}");
    assert!(moving[1].starts_with("  slowest c/pending1 pending (create) · "), "{lines:?}");
    for number in 1..=2 {
        let told = format!("error: operation c/failed{number} failed: no free line");
        assert!(lines.contains(&told), "{told}: {lines:?}");
    }
    assert!(lines.last().unwrap().starts_with("  slowest "), "what moves is at the foot: {lines:?}");
}

#[tokio::test]
async fn when_all_have_ended_nothing_that_moved_is_left() {
    // Each is pending once, and then as its name says.
    let mut polls: HashMap<String, usize> = HashMap::new();
    let server = Server::start_by(move |hit, _| {
        let poll = polls.entry(name(hit).to_owned()).or_default();
        *poll += 1;
        answer(if *poll == 1 { "pending" } else { name(hit) }, *poll)
    })
    .await;
    let sizes =
        [((ROWS, COLUMNS), 3), ((ROWS, COLUMNS), 40), ((ROWS, 30), 3), ((5, COLUMNS), 3), ((3, 40), 3)];
    let each = sizes.map(async |(size, count)| {
        let prefix = format!("ok{}{}{count}", size.0, size.1);
        let names = [named(&prefix, count), vec![format!("failed{}{}{count}", size.0, size.1)]].concat();
        let mut terminal = start(&server, size, &names, &["--interval", "700ms"]);
        let seen = |lines: &[String]| !moving(lines).is_empty();
        assert!(terminal.until(seen).await, "{size:?}: {:?}", terminal.lines());
        assert_eq!(terminal.end().await, Some(1), "{size:?}");
        let lines = terminal.lines();
        assert_eq!(moving(&lines), [""; 0], "{size:?}: {lines:?}");
        let text = lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(size.0 < 5 || text.contains("did not succeed: 1 failed"), "{size:?}: {lines:?}");
        assert!(!terminal.hides_cursor(), "{size:?}");
    });
    join_all(each).await;
}

#[tokio::test]
async fn a_narrow_or_low_terminal_shows_what_fits() {
    let server = server().await;
    let sizes = [((ROWS, 30), 4), ((5, COLUMNS), 2), ((3, COLUMNS), 2)];
    let each = sizes.map(async |(size, most)| {
        let mut terminal = start(&server, size, &named("pending", 3), SELDOM);
        // For a while, so that a line that wrapped would leave its rest behind.
        let later = |lines: &[String]| lines.iter().any(|line| line.contains(" · 2s"));
        assert!(terminal.until(later).await, "{size:?}: {:?}", terminal.lines());
        let lines = terminal.lines();
        let sums = lines.iter().filter(|line| line.contains("3 of 3 pending")).count();
        assert_eq!(sums, 1, "{size:?}: {lines:?}");
        let shown = lines.iter().filter(|line| line.contains("c/pending")).count();
        assert!((1..most).contains(&shown), "{size:?}: {lines:?}");
        let is_cut = |line: &&String| line.ends_with('…');
        let cut = lines.iter().filter(|line| line.contains("pending")).filter(is_cut).count();
        assert_eq!(cut, if size.1 == 30 { 4 } else { 0 }, "{size:?}: {lines:?}");
    });
    join_all(each).await;
}

#[tokio::test]
async fn neither_a_list_nor_a_server_steers_the_terminal() {
    let hostile = r#"{"finished":false,"operationType":"\u001b[2J\u0007cre\u202eate","result":{"result":"\u001b]0;x\u0007"}}"#;
    let server = Server::start([Reply::json(200, hostile)]).await;
    let (one, two) = (url(&server, "a%1b[2Jb"), url(&server, "%e2%80%ae%07c"));
    let mut terminal = Terminal::start(ROWS, COLUMNS, &["wait", &one, &two, "-o", "none", "-t", "2s"], &[]);
    assert_eq!(terminal.end().await, Some(124));
    let seen = String::from_utf8_lossy(terminal.bytes()).into_owned();
    assert!(!seen.contains('\u{7}') && !seen.contains('\u{202e}') && !seen.contains("\u{1b}]"), "{seen:?}");
    assert!(!seen.contains("\u{1b}[2J"), "{seen:?}");
    assert!(seen.contains("of 2 pending"), "{seen:?}");
}
