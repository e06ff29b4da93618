//! `--report`: each form of a report, after each end of a run, whatever a server says and wherever the file is to be.
//! What a report looks like is proved beside the code.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use roxmltree::{Document, ParsingOptions};
use tokio::io::{AsyncBufReadExt, BufReader};

use super::Machine;
use crate::support::command::{Ended, ended, run, run_with_input, signal, status, within};
use crate::support::server::{Hit, Reply, Server, Then};
use crate::support::{PATH, PENDING, SUCCESS};

const FAILED: &str = r#"{"operationId":"o1","operationType":"create","finished":true,
    "result":{"result":"failed","reason":"<script>alert(1)</script> | @you [x](https://evil.example) ```"}}"#;

const ALL: [&str; 6] = ["--report", "run.html", "--report", "run.svg", "--report", "run.md"];

/// The text without what is between the first of these and the last of those.
fn without(text: &str, begin: &str, end: &str) -> String {
    match (text.split_once(begin), text.rsplit_once(end)) {
        (Some((before, _)), Some((_, behind))) => format!("{before}{behind}"),
        _ => text.to_owned(),
    }
}

/// The reports of each form, whose forms are what they are: what is shown, without the styles and shapes, in which each
/// end has its name.
fn reports(machine: &Machine) -> [String; 3] {
    let read =
        |name: &str| fs::read_to_string(machine.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let reports = ["run.html", "run.svg", "run.md"].map(read);
    for text in &reports[..2] {
        let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
        Document::parse_with_options(text, options).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
    assert!(reports[0].starts_with("<!DOCTYPE html>\n<html lang=\"en\"><head>"), "{}", reports[0]);
    assert!(reports[1].starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""), "{}", reports[1]);
    assert!(reports[2].starts_with("## "), "{}", reports[2]);
    reports.map(|text| without(&without(&text, "<style>", "</style>"), "<defs>", "</defs>"))
}

/// Nothing but what is named here lies where the reports are.
fn assert_no_other_file(machine: &Machine, names: &[&str]) {
    let mut there: Vec<_> = fs::read_dir(machine.path("."))
        .expect("a directory")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
        .collect();
    there.sort();
    assert_eq!(there, names);
}

async fn server(replies: &[Reply]) -> (Server, String) {
    let server = Server::start(replies.to_vec()).await;
    let url = format!("{}{PATH}", server.url());
    (server, url)
}

#[tokio::test]
async fn each_end_is_reported_in_each_form() {
    let down = Reply::json(503, r#"{"message":"down"}"#);
    let waits = |body: &str| vec![down.clone(), Reply::json(200, PENDING), Reply::json(200, body)];
    for (nth, (replies, more, code, word, why)) in [
        (waits(SUCCESS), &[][..], 0, "succeeded", "no usable answer: HTTP 503"),
        (waits(FAILED), &[], 1, "failed", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        (
            vec![Reply::json(200, PENDING)],
            &["-t", "300ms"],
            124,
            "out of time",
            "last known state: pending (create)",
        ),
        (vec![Reply::nothing(Then::Close)], &["--max-errors", "1"], 3, "no usable answer", "no answer from"),
        (vec![Reply::json(403, "{}")], &[], 4, "no usable answer", "HTTP 403 Forbidden"),
        (vec![Reply::json(410, "{}")], &[], 5, "no usable answer", "HTTP 410 Gone"),
    ]
    .into_iter()
    .enumerate()
    {
        let (_server, url) = server(&replies).await;
        let machine = Machine::new(&format!("report-end-{nth}"), &[]);
        let args = [&["wait", &url, "--interval", "20ms"][..], &ALL, more].concat();
        let ended = run(&mut machine.lro(&args)).await;
        assert_eq!(ended.code, Some(code), "{word}: {}", ended.stderr);
        for text in reports(&machine) {
            assert!(text.contains("c1/o1") && text.contains(word), "{word}\n{text}");
            assert!(!text.contains("<script>"), "{text}");
        }
        let [page, ..] = reports(&machine);
        assert!(page.contains(why), "{why}\n{page}");
        assert_no_other_file(&machine, &["run.html", "run.md", "run.svg"]);
    }
}

#[tokio::test]
async fn a_run_that_is_interrupted_is_reported() {
    let (server, url) = server(&[Reply::json(200, PENDING)]).await;
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let machine = Machine::new(&format!("report-{name}"), &[]);
        let before = server.hits().len();
        let child = machine
            .lro(&[&["wait", &url, "--interval", "20ms"][..], &ALL].concat())
            .spawn()
            .expect("it starts");
        within(server.until(|hits| hits.len() > before + 1)).await;
        signal(&child, name).await;
        assert_eq!(ended(child).await.code, Some(code));
        for text in reports(&machine) {
            assert!(text.contains("interrupted"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_run_whose_events_nobody_reads_any_more_is_reported() {
    let (server, url) = server(&[Reply::json(200, PENDING)]).await;
    for (nth, operations) in [&[url.clone()][..], &[url.clone(), format!("{url}2")]].into_iter().enumerate() {
        let machine = Machine::new(&format!("report-pipe-{nth}"), &[]);
        let operations = operations.iter().map(String::as_str);
        let args: Vec<_> =
            ["wait", "-o", "jsonl", "--interval", "20ms"].into_iter().chain(operations).chain(ALL).collect();
        let mut child = machine.lro(&args).spawn().expect("it starts");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        within(lines.next_line()).await.expect("it can be read").expect("a line");
        drop(lines);
        let status = status(&mut child).await;
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(13), "SIGPIPE");
        for text in reports(&machine) {
            assert!(text.contains("interrupted"), "{text}");
        }
    }
    drop(server);
}

#[tokio::test]
async fn the_report_is_there_when_the_command_takes_over() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let machine = Machine::new("report-then", &[]);
    let args = [&["wait", &url][..], &ALL, &["--", "cat", "run.md"]].concat();
    let ended = run(&mut machine.lro(&args)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(ended.stdout, reports(&machine)[2]);
}

/// A server where each operation is named for how it ends.
async fn any_end() -> Server {
    Server::start_by(|hit: &Hit, nth| match hit.path().rsplit('/').next() {
        Some("good") => Reply::json(200, SUCCESS),
        Some("bad") => Reply::json(200, FAILED),
        Some("late") if nth > 3 => Reply::json(200, SUCCESS),
        _ => Reply::json(200, PENDING),
    })
    .await
}

fn urls(server: &Server, names: &[&str]) -> Vec<String> {
    let base = format!("{}/v1.0/plasconnector/connectors/c1/operations", server.url());
    names.iter().map(|name| format!("{base}/{name}")).collect()
}

#[tokio::test]
async fn a_fleet_is_reported_however_it_ends() {
    let server = any_end().await;
    for (nth, (flags, names, code, told)) in [
        (&[][..], &["good", "late", "bad"][..], 1, "2 of 3 operations succeeded"),
        (&["--any"], &["endless", "bad", "late"], 0, "1 of 3 operations succeeded"),
        (&["--fail-fast"], &["endless", "bad", "endless2"], 1, "0 of 3 operations succeeded"),
        (&["-t", "300ms"], &["endless", "good"], 124, "1 of 2 operations succeeded"),
    ]
    .into_iter()
    .enumerate()
    {
        let machine = Machine::new(&format!("report-fleet-{nth}"), &[]);
        let urls = urls(&server, names);
        let operations: Vec<_> = urls.iter().map(String::as_str).collect();
        let args = [&["wait", "--interval", "30ms"][..], flags, &operations, &ALL].concat();
        let ended = run(&mut machine.lro(&args)).await;
        assert_eq!(ended.code, Some(code), "{told}: {}", ended.stderr);
        for text in reports(&machine) {
            assert!(text.contains(told), "{told}\n{text}");
            assert!(names.iter().all(|name| text.contains(&format!("c1/{name}"))), "{text}");
        }
    }
}

#[tokio::test]
async fn what_comes_on_standard_input_is_reported_and_so_is_that_nothing_came() {
    let server = any_end().await;
    for (nth, (input, code, told)) in [
        (urls(&server, &["good", "late"]).join("\n"), 0, "all 2 operations succeeded"),
        (String::new(), 2, "there was no operation"),
    ]
    .into_iter()
    .enumerate()
    {
        let machine = Machine::new(&format!("report-follow-{nth}"), &[]);
        let endpoint = server.url();
        let args =
            [&["wait", "-", "--follow", "--endpoint", &endpoint, "--interval", "30ms"][..], &ALL].concat();
        let Ended { code: ended, stderr, .. } = run_with_input(&mut machine.lro(&args), &input).await;
        assert_eq!(ended, Some(code), "{stderr}");
        for text in reports(&machine) {
            assert!(text.to_lowercase().contains(told), "{told}\n{text}");
        }
    }
}

#[tokio::test]
async fn a_call_that_starts_an_operation_is_reported() {
    let server = Server::start_by(|hit: &Hit, _| {
        if hit.line.starts_with("POST") {
            Reply::json(202, format!(r#"{{"operationId":"o1","location":"{PATH}"}}"#))
        } else {
            Reply::json(200, SUCCESS)
        }
    })
    .await;
    let machine = Machine::new("report-submit", &[]);
    let endpoint = server.url();
    let post =
        ["submit", "POST", "/v1.0/plasconnector/connectors", "--endpoint", &endpoint, "--interval", "20ms"];
    let ended = run(&mut machine.lro(&[&post[..], &ALL].concat())).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    for text in reports(&machine) {
        assert!(text.contains("accepted") && text.contains("POST /v1.0/plasconnector/connectors"), "{text}");
    }
    let ended = run(&mut machine.lro(&[&post[..], &["--print-location", "--report", "a.md"]].concat())).await;
    assert_eq!(ended.code, Some(2), "there is no wait to report of");
}

#[tokio::test]
async fn what_cannot_be_written_is_told_before_anything_is_sent() {
    let (server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let machine = Machine::new("report-wrong", &[("file", ""), ("folder.html/file", "")]);
    for (path, told) in [
        ("run.pdf", "error: the report `run.pdf` is of no known form\n  hint: end its name with .html"),
        ("run", "is of no known form"),
        (
            "nowhere/run.html",
            "error: the report `nowhere/run.html` cannot be written\n  caused by: its directory does not exist\n",
        ),
        ("file/run.md", "caused by: what should be its directory is a file\n"),
        ("folder.html", "caused by: it is a directory\n"),
        ("\u{1b}[2J.pdf", "the report ` [2J.pdf` is"),
    ] {
        let ended = run(&mut machine.lro(&["wait", &url, "--report", "good.md", "--report", path])).await;
        assert_eq!(ended.code, Some(2), "{path}: {}", ended.stderr);
        assert!(ended.stderr.contains(told), "{told}\n{}", ended.stderr);
    }
    assert_eq!(server.hits().len(), 0);
    assert_no_other_file(&machine, &["file", "folder.html"]);
}

#[tokio::test]
async fn what_can_no_longer_be_written_at_the_end_is_a_warning() {
    let (server, url) =
        server(&[Reply::json(200, PENDING).then(Then::Keep), Reply::json(200, SUCCESS)]).await;
    let machine = Machine::new("report-gone", &[("out/old", "")]);
    let child = machine
        .lro(&["wait", &url, "--interval", "300ms", "--report", "out/run.md"])
        .spawn()
        .expect("it starts");
    within(server.until(|hits| !hits.is_empty())).await;
    fs::remove_dir_all(machine.path("out")).expect("it can be removed");
    let ended = ended(child).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("warning: the report `out/run.md` could not be written: No such file"),
        "{}",
        ended.stderr
    );
    assert!(ended.stdout.starts_with("c1/o1\tsucceeded\t"), "{}", ended.stdout);
}

#[tokio::test]
async fn a_report_takes_the_place_of_an_older_one_as_a_whole() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let machine = Machine::new("report-again", &[("kept/old.md", "an older report")]);
    symlink(machine.path("kept/old.md"), machine.path("link.md")).expect("a link");
    let older = fs::File::open(machine.path("kept/old.md")).expect("a file");
    let ended = run(&mut machine.lro(&["wait", &url, "--report", "link.md"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(fs::symlink_metadata(machine.path("link.md")).expect("it is there").is_symlink());
    assert!(fs::read_to_string(machine.path("kept/old.md")).expect("text").starts_with("## ✅ Succeeded"));
    // Whoever has the older one open reads all of it.
    assert_eq!(std::io::read_to_string(older).expect("text"), "an older report");
    let mode = fs::metadata(machine.path("kept/old.md")).expect("a file").permissions().mode();
    assert_eq!(mode & 0o600, 0o600);
}

#[tokio::test]
async fn where_there_is_no_room_the_older_report_stays() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let machine = Machine::new("report-full", &[("run.html", "an older report")]);
    // Of a full disk it is the write that tells, and so it is here.
    let typed = format!("trap '' XFSZ; ulimit -f 1; exec lro wait {url} --report run.html");
    let ended = run(&mut machine.shell(&typed)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("warning: the report `run.html` could not be written: File too large"),
        "{}",
        ended.stderr
    );
    assert_eq!(fs::read_to_string(machine.path("run.html")).expect("text"), "an older report");
    assert_no_other_file(&machine, &["run.html"]);
}

#[tokio::test]
async fn who_may_read_a_report_may_read_the_next_one_and_nobody_else() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let machine = Machine::new("report-mode", &[("run.md", "an older report")]);
    for mode in [0o600, 0o640] {
        fs::set_permissions(machine.path("run.md"), fs::Permissions::from_mode(mode)).expect("it is ours");
        let ended = run(&mut machine.lro(&["wait", &url, "--report", "run.md"])).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let file = fs::metadata(machine.path("run.md")).expect("a file");
        assert_eq!(file.permissions().mode() & 0o777, mode);
        assert!(file.len() > 100);
    }
}

#[tokio::test]
async fn a_link_to_a_report_that_is_yet_to_come_stays_one() {
    let (_server, url) = server(&[Reply::json(200, SUCCESS)]).await;
    let machine = Machine::new("report-link", &[("kept/other", "")]);
    symlink("second.md", machine.path("first.md")).expect("a link");
    symlink("kept/run.md", machine.path("second.md")).expect("a link");
    symlink("round.md", machine.path("round.md")).expect("a link");
    let ended = run(&mut machine.lro(&["wait", &url, "--report", "first.md"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(fs::read_to_string(machine.path("kept/run.md")).expect("text").starts_with("## "));
    assert!(fs::symlink_metadata(machine.path("second.md")).expect("it is there").is_symlink());
    let ended = run(&mut machine.lro(&["wait", &url, "--report", "round.md"])).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("the report `round.md` cannot be written"), "{}", ended.stderr);
}
