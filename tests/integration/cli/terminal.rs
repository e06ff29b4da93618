//! What a person sees: a real terminal of 80 columns, read back as its screen.

mod call;
mod plain;
mod progress;
mod width;

use super::auth::Machine;
use crate::support::server::{Reply, Server};
use crate::support::terminal::{COLUMNS, ROWS, Terminal};
use crate::support::{PATH, PENDING, SUCCESS};

/// The flags for an API that says `s` for its state, `p` for how far it is, and `m` in words.
const SHAPE: [&str; 12] = [
    "--state",
    "s",
    "--success",
    "DONE",
    "--failure",
    "BROKEN",
    "--blocked",
    "HELD",
    "--message",
    "m",
    "--progress-from",
    "p",
];

/// `lro wait` for these, as such an API, with these flags more, asking ten times a second.
fn waiting<'a>(urls: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    let pace = ["--interval", "100ms", "--max-interval", "100ms"];
    [&["wait"][..], urls, &SHAPE, &pace, more].concat()
}

fn is_moving(line: &str) -> bool {
    line.contains(" · ")
}

#[tokio::test]
async fn one_line_moves_and_the_notable_things_stay_above_it() {
    let long = "x".repeat(36);
    // Each state is held long enough to be seen.
    let replies = [
        Reply::json(200, PENDING).header("Retry-After", "2"),
        Reply::json(503, r#"{"code":"APIG.0201","message":"backend unavailable"}"#),
        Reply::json(200, PENDING),
        Reply::json(200, SUCCESS),
    ];
    let server = Server::start(replies).await;
    let url = format!("{}/v1.0/plasconnector/connectors/{long}/operations/{long}", server.url());
    let mut terminal = Terminal::start(ROWS, COLUMNS, &["wait", &url, "--interval", "300ms"], &[]);

    let sleeps = |lines: &[String]| lines.iter().any(|line| line.contains(" · next in "));
    assert!(terminal.until(sleeps).await, "{:?}", terminal.lines());
    let lines = terminal.lines();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert_eq!(lines[0], format!("waiting for xxxxxxxx…/xxxxxxxx… at {}, at most 30m", server.url()));
    assert_eq!(lines[1], "[0s] pending (create)");
    assert!(lines[2].contains(" pending (create) · 0s of 30m · 1 poll · next in "), "{lines:?}");

    assert!(terminal.until(|lines| lines.iter().any(|line| line.contains("(1 error) · "))).await);
    let lines = terminal.lines();
    assert!(
        lines[2].ends_with("] HTTP 503 Service Unavailable: APIG.0201: backend unavailable"),
        "{lines:?}"
    );
    assert_eq!(lines.iter().filter(|line| is_moving(line)).count(), 1, "{lines:?}");

    assert_eq!(terminal.end().await, Some(0));
    let lines = terminal.lines();
    assert!(!lines.iter().any(|line| is_moving(line)), "the moving line is gone at the end: {lines:?}");
    assert!(lines.iter().any(|line| line.ends_with("] pending (create), after 1 error")), "{lines:?}");
    // Broken between words, not where the terminal ends.
    let told = lines.iter().position(|line| line == "succeeded:").expect("a success");
    assert_eq!(lines[told + 1], format!("  {long}/{long}"));
    assert!(
        lines[told + 2].starts_with("  after ") && lines[told + 2].ends_with(" on the way)"),
        "{lines:?}"
    );
    assert!(!terminal.hides_cursor());
}

#[tokio::test]
async fn a_narrow_terminal_gets_a_shorter_line() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let url = format!("{}{PATH}", server.url());
    let mut terminal = Terminal::start(ROWS, 40, &["wait", &url], &[]);
    let cut = |lines: &[String]| lines.iter().any(|line| line.ends_with('…') && line.contains(" · "));
    assert!(terminal.until(cut).await);
    // For a while, so that a line that wrapped would leave its rest behind.
    assert!(terminal.until(|lines| lines.iter().any(|line| line.contains(" · 2"))).await);
    let lines = terminal.lines();
    assert_eq!(lines.iter().filter(|line| line.contains(" · ")).count(), 1, "{lines:?}");
}

#[tokio::test]
async fn control_c_tells_the_last_known_state_and_leaves_the_terminal_as_it_was() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let url = format!("{}{PATH}", server.url());
    let mut terminal = Terminal::start(ROWS, COLUMNS, &["wait", &url, "-o", "none"], &[]);
    assert!(terminal.until(|lines| lines.iter().any(|line| line.contains(" · next in "))).await);
    terminal.type_in(b"\x03").await;
    assert_eq!(terminal.end().await, Some(130));
    let lines = terminal.lines();
    assert!(
        lines.iter().any(|line| line.ends_with("error: the wait for operation c1/o1 was interrupted")),
        "{lines:?}"
    );
    assert!(
        lines.iter().any(|line| line.starts_with("  last known state: pending (create), after ")),
        "{lines:?}"
    );
    assert!(!lines.iter().any(|line| is_moving(line)), "{lines:?}");
}

#[tokio::test]
async fn colors_and_the_spinner_are_left_out_where_they_are_not_wanted() {
    let has_color = |bytes: &[u8]| bytes.windows(3).any(|bytes| bytes == b"\x1b[1" || bytes == b"\x1b[3");
    let has_escape = |bytes: &[u8]| bytes.contains(&0x1b);
    for (env, args, color, escape) in [
        (&[][..], &[][..], true, true),
        (&[("NO_COLOR", "1")], &[], false, true),
        (&[], &["--color", "never"], false, true),
        (&[("CI", "true"), ("NO_COLOR", "1")], &[], false, false),
        (&[("TERM", "dumb")], &[], false, false),
        (&[], &["--progress", "lines", "--color", "never"], false, false),
    ] {
        let server = Server::start([Reply::json(200, PENDING), Reply::json(200, SUCCESS)]).await;
        let url = format!("{}{PATH}", server.url());
        let args = [&["wait", &url, "--interval", "200ms"], args].concat();
        let mut terminal = Terminal::start(ROWS, COLUMNS, &args, env);
        assert_eq!(terminal.end().await, Some(0));
        let seen = String::from_utf8_lossy(terminal.bytes());
        assert_eq!(has_color(terminal.bytes()), color, "{env:?} {args:?}: {seen:?}");
        assert_eq!(has_escape(terminal.bytes()), escape, "{env:?} {args:?}: {seen:?}");
    }
}

#[tokio::test]
async fn a_preset_of_ones_own_does_not_steer_a_terminal() {
    let text = "title = \"Mine\u{202e}\"  # \u{202e}really\nstate = \"s\"\nsuccess = [\"OK\"]\n";
    let machine = Machine::new("presets-terminal", &[("lro/presets/mine.toml", text)]);
    let folder = machine.path("");
    for args in [&["presets", "mine"][..], &["presets"]] {
        let mut terminal = Terminal::start(ROWS, COLUMNS, args, &[("XDG_CONFIG_HOME", &folder)]);
        assert_eq!(terminal.end().await, Some(0));
        let told = String::from_utf8_lossy(terminal.bytes());
        assert!(told.contains("Mine") && !told.contains('\u{202e}'), "{told}");
    }
}
