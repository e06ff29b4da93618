//! Bytes of a server, of a file and of whoever types, as they reach a terminal and the log of a build: nothing steers the
//! one, and nothing is a command to whoever reads the other.

use serde_json::{Value, json};

use super::auth::Machine;
use crate::support::PATH;
use crate::support::command::{Ended, lro, run, run_with_input};
use crate::support::server::{Reply, Server};
use crate::support::terminal::{ROWS, Terminal};

/// What a terminal takes for more than text: controls of seven and of eight bits, titles, links, the clipboard, marks of
/// direction, what is not seen, and what ends a line.
fn steering() -> String {
    let controls: String = (0..=0x9f).filter_map(char::from_u32).filter(|c| c.is_control()).collect();
    let sequences = "\u{1b}[2J\u{1b}]0;title\u{7}\u{1b}]8;;http://evil.example\u{1b}\\link\u{1b}]52;c;ZXZpbA==\u{7}\u{9b}31m\u{1b}c";
    let turned =
        "\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\u{200e}\u{200f}\u{61c}";
    let hidden = "\u{200b}\u{2028}\u{2029}\u{feff}\u{ad}\u{e0001}\u{e0041}\u{e007f}\u{fe0f}\u{2060}";
    format!("{controls}{sequences}{turned}{hidden}")
}

/// What the runners of builds take for commands, wherever in a text.
const COMMANDS: [&str; 12] = [
    "::error::no",
    "::add-mask::a",
    "::set-output name=a::b",
    "::stop-commands::x",
    "  ::warning file=a::b",
    "\u{a0}::error::no",
    "##[error]no",
    "##vso[task.setvariable variable=a]b",
    "x##vso[task.complete result=Succeeded]",
    "##\u{ad}vso[task.complete]",
    "##teamcity[buildStatus text='a']",
    "section_start:0:a\r\u{1b}[0Kb",
];

/// All of it, with each command also at the beginning of a line.
fn hostile() -> String {
    let commands: Vec<_> =
        COMMANDS.iter().flat_map(|command| [format!("a {command}"), (*command).to_owned()]).collect();
    format!("{}\n{}\r\nend", steering(), commands.join("\n"))
}

/// What a runner does with a line, as the sources of theirs say.
fn is_command(line: &str) -> bool {
    let begin = line.trim_start();
    let is_github = begin.starts_with("::") && begin[2..].contains("::");
    let is_anywhere = ["##[", "##vso[", "##teamcity["].iter().any(|mark| line.contains(mark));
    is_github || is_anywhere || line.contains("\u{1b}[0K")
}

#[track_caller]
fn assert_harmless(case: &str, told: &str) {
    for c in told.chars() {
        let is_steering =
            (c.is_control() && !matches!(c, '\n' | '\t')) || steering().replace(['\n', '\t'], "").contains(c);
        assert!(
            !is_steering || c.is_ascii_graphic() || c == ' ',
            "{case}: U+{:04X} in {told:?}",
            u32::from(c)
        );
    }
    for line in told.lines() {
        assert!(!is_command(line), "{case}: {line:?}");
    }
}

async fn server(status: u16, body: &Value) -> Server {
    Server::start([Reply::json(status, body.to_string()).header("X-Request-Id", "::error::x")]).await
}

fn failed() -> Value {
    json!({"finished": true, "operationType": hostile(), "result": {"result": "failed", "reason": hostile()}, "more": hostile()})
}

const STATE: [&str; 8] = ["--state", "s", "--success", "done", "--failure", "failed", "--message", "m"];

#[tokio::test]
async fn what_a_server_says_reaches_a_log_without_commands() {
    let state = |state: &str| json!({"s": state, "m": hostile(), "r": hostile(), "t": [hostile()]});
    let odd = json!({"s": hostile(), "m": hostile()});
    let fault = json!({"error_code": hostile(), "error_msg": hostile()});
    for (name, status, body, args) in [
        ("a reason", 200, failed(), &[][..]),
        ("a reason in verbose lines", 200, failed(), &["-v"]),
        ("a reason as text", 200, failed(), &["-o", "text", "-q"]),
        ("a fault", 400, fault.clone(), &[]),
        ("a fault that goes on", 503, fault, &["-t", "300ms", "--interval", "50ms"]),
        ("what is no document", 200, Value::String(hostile()), &["-t", "300ms", "--interval", "50ms"]),
        ("a state that is not known", 200, odd, &[&STATE[..], &["-t", "300ms"]].concat()),
        ("a message", 200, state("failed"), &STATE),
        (
            "a result that is text",
            200,
            state("done"),
            &[&STATE[..], &["--result", "r", "-o", "result"]].concat(),
        ),
        (
            "a result that is more",
            200,
            state("done"),
            &[&STATE[..], &["--result", "t", "-o", "result"]].concat(),
        ),
        ("events", 200, state("done"), &[&STATE[..], &["--result", "r", "-o", "jsonl", "-v"]].concat()),
        ("a document", 200, state("done"), &[&STATE[..], &["--result", "t", "-o", "json"]].concat()),
        ("a failure as a document", 200, failed(), &["-o", "json"]),
    ] {
        let server = server(status, &body).await;
        let url = format!("{}{PATH}", server.url());
        let ended = run(lro(&["wait", &url]).args(args)).await;
        assert_harmless(name, &format!("{}{}", ended.stdout, ended.stderr));
        assert!(ended.stdout.len() + ended.stderr.len() < 60_000, "{name}");
        // It was there, and nothing but what is harmful is missing.
        let all = format!("{}{}", ended.stdout, ended.stderr);
        assert!(all.contains("error") && !server.hits().is_empty(), "{name}: {all}");
    }
}

#[tokio::test]
async fn json_keeps_what_a_server_says_and_escapes_what_steers() {
    let body = json!({"s": "done", "m": "x", "r": hostile()});
    let server = server(200, &body).await;
    let url = format!("{}{PATH}", server.url());
    let ended = run(lro(&["wait", &url, "-o", "json", "--result", "r"]).args(STATE)).await;
    assert_harmless("a document", &ended.stdout);
    for escaped in ["\\u001b", "\\u202e", "\\u009b", "\\u007f", "\\u2028", "\\udb40\\udc41", "\\u0023#vso["] {
        assert!(ended.stdout.contains(escaped), "{escaped}: {}", ended.stdout);
    }
    let document: Value = serde_json::from_str(&ended.stdout).expect("a document");
    assert_eq!(document["operations"][0]["result"], Value::String(hostile()));
    assert_eq!(document["operations"][0]["answer"], body);
    // Text without anything in it that steers is printed as it is.
    let text = "one\ttwo\n\n  three::four ## five [six]\n";
    let server =
        Server::start([Reply::json(200, json!({"s": "done", "m": "x", "r": text}).to_string())]).await;
    let url = format!("{}{PATH}", server.url());
    let ended = run(lro(&["wait", &url, "-o", "result", "--result", "r"]).args(STATE)).await;
    assert_eq!(ended.stdout, text);
}

#[tokio::test]
async fn a_location_a_redirect_and_a_page_are_told_without_commands() {
    let place = "/op##vso[task.complete]::x?a#::error::no";
    let located = Server::start([Reply::json(202, "").header("Location", place)]).await;
    let args = ["submit", "POST", &format!("{}/a", located.url()), "--preset", "http-202"];
    for more in [&["--print-location"][..], &["-t", "200ms", "-v"]] {
        let ended = run(lro(&args).args(more)).await;
        assert_harmless("a location", &format!("{}{}", ended.stdout, ended.stderr));
        assert!(format!("{}{}", ended.stdout, ended.stderr).contains("/op"), "{}", ended.stderr);
    }
    let redirect = Reply::json(302, "").header("Location", "::error::http://x/##[error]a##vso[a.b]c");
    let page = Reply::new(200, "text/html", format!("<html><title>{}", hostile()));
    let bytes =
        Reply::new(200, "text/plain", b"\xff\xfe\x9b31m\x1b[2J\xc2\xf0\x9f::error::no\n::error::no".to_vec());
    for reply in [redirect, page, bytes] {
        let server = Server::start([reply]).await;
        let url = format!("{}{PATH}", server.url());
        for verb in ["wait", "status"] {
            let more = if verb == "wait" { &["-t", "200ms", "--interval", "50ms"][..] } else { &[] };
            let ended = run(lro(&[verb, &url]).args(more)).await;
            assert_harmless("no answer", &format!("{}{}", ended.stdout, ended.stderr));
        }
    }
}

/// What a script may have had of a server and gives to the command.
#[tokio::test]
async fn what_is_typed_listed_or_stands_in_a_file_is_told_without_commands() {
    let server = server(200, &failed()).await;
    let endpoint = server.url();
    let mut ends: Vec<(String, Ended)> = Vec::new();
    let few = [COMMANDS[0], COMMANDS[8]].map(str::to_owned);
    // No argument of a process holds a NUL.
    for text in few.into_iter().chain([steering(), hostile()].map(|text| text.replace('\0', ""))) {
        for args in [
            vec!["wait", &text],
            vec!["wait", "c1/o1", "--timeout", &text],
            vec!["wait", "c1/o1", "--output", &text],
            vec!["wait", "c1/o1", "--endpoint", &text],
            vec!["wait", "c1/o1", "--preset", &text],
            vec!["wait", "c1/o1", "--os-cloud", &text],
            vec!["wait", "c1/o1", "-H", &text],
            vec!["wait", "c1/o1", "--endpoint", &endpoint, "--", &text],
            vec!["status", &text, "--endpoint", &endpoint],
            vec!["presets", &text],
            vec![&text],
        ] {
            ends.push((format!("{args:?}"), run(&mut lro(&args)).await));
        }
        let id = format!("{}/o1", text.replace(['/', '\n', '\r'], "").trim());
        ends.push((format!("id {id:?}"), run(&mut lro(&["wait", &id, "--endpoint", &endpoint])).await));
        let list = format!(
            "{id}\n{}\n[\"{}\"]\nc1/o2\n",
            text.replace(['\n', '\r'], ""),
            id.replace(['"', '\\'], "")
        );
        for args in [
            &["wait", "-", "--skip-invalid", "-t", "300ms", "--endpoint", &endpoint][..],
            &["status", "-", "--skip-invalid", "-o", "text", "--endpoint", &endpoint],
            &["wait", "-", "--endpoint", &endpoint],
        ] {
            ends.push((format!("{args:?} < {list:?}"), run_with_input(&mut lro(args), &list).await));
        }
        let answer = json!({"finished": true, "result": {"result": text, "reason": text}}).to_string();
        for args in
            [&["presets", "--explain", "otc-plas"][..], &["presets", "--explain", "otc-plas", "-o", "json"]]
        {
            ends.push((format!("{args:?}"), run_with_input(&mut lro(args), &answer).await));
        }
        let quoted = serde_json::to_string(&text).expect("a text is JSON");
        let cloud = format!(
            "clouds: {{{quoted}: {{profile: {quoted}, auth: {{auth_url: {quoted}, username: {quoted}}}}}}}"
        );
        let machine = Machine::new("log-cloud", &[("clouds.yaml", &cloud)]);
        for args in [&["auth"][..], &["auth", "--os-cloud", "dev"], &["wait", "c1/o1"]] {
            ends.push((format!("{args:?} with {cloud}"), run(&mut machine.lro(args)).await));
        }
    }
    for (case, ended) in &ends {
        assert_harmless(case, &format!("{}{}", ended.stdout, ended.stderr));
    }
}

#[tokio::test]
async fn a_terminal_is_steered_by_nobody_else() {
    let bodies = [json!({"operationId": "o1", "operationType": hostile(), "finished": false}), failed()];
    let replies = bodies.map(|body| Reply::json(200, body.to_string()));
    for columns in [30, 80] {
        let server = Server::start(replies.clone()).await;
        let url = format!("{}{PATH}", server.url());
        let args = ["wait", &url, "-v", "--interval", "150ms", "-o", "text"];
        let mut terminal = Terminal::start(ROWS, columns, &args, &[]);
        assert_eq!(terminal.end().await, Some(1));
        let seen = String::from_utf8_lossy(terminal.bytes()).into_owned();
        // Its own colors and movements are all that is there.
        for mark in [
            "\u{1b}]",
            "\u{1b}c",
            "\u{1b}[2J",
            "\u{9b}",
            "\u{7}",
            "\u{202e}",
            "\u{200b}",
            "\u{2028}",
            "\u{e0041}",
        ] {
            assert!(!seen.contains(mark), "{columns}: {mark:?} in {seen:?}");
        }
        // A runner sees the lines that are written, whatever a screen makes of them.
        let kept = seen.replace("\r\n", "\n");
        for line in kept.lines().map(without_colors) {
            assert!(!is_command(&line), "{columns}: {line:?}");
        }
        assert!(seen.contains("vso["), "{seen:?}");
    }
}

/// A line without colors and movements.
fn without_colors(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.trim_start_matches(|c: char| !c.is_alphabetic()).get(1..).unwrap_or_default()
    })
}
