//! `--github`: what a step of GitHub Actions is told, in the files that it names, whatever a server says.
//! How a text is escaped in Markdown is proved beside the code.

use std::collections::BTreeMap;
use std::fs;

use tokio::process::Command;

use super::Machine;
use crate::support::command::{Ended, run};
use crate::support::server::{Hit, Reply, Server};
use crate::support::{PATH, SUCCESS};

/// A reason that would be another output, an end of the value, a command, and a page.
const HOSTILE: &str =
    "no\nEOF\nsecret=x\noutcome<<EOF\nsucceeded\nEOF\r\n::error::x,y:z 50%\n<img src=x> | @you";

fn failed(reason: &str) -> Reply {
    let body = serde_json::json!({"finished": true, "result": {"result": "failed", "reason": reason}});
    Reply::json(200, body.to_string())
}

async fn server() -> (Server, String) {
    let server = Server::start_by(|hit: &Hit, _| match hit.path().rsplit('/').next() {
        Some("bad" | "bad?sig=abc") => failed(HOSTILE),
        Some(name) if name.starts_with("many") => failed("no free line"),
        _ => Reply::json(200, SUCCESS),
    })
    .await;
    let url = format!("{}{}", server.url(), PATH.trim_end_matches("o1"));
    (server, url)
}

/// `lro` as a step runs it.
fn step(machine: &Machine, args: &[&str]) -> Command {
    let mut command = machine.lro(args);
    command
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_OUTPUT", machine.path("output"))
        .env("GITHUB_STEP_SUMMARY", machine.path("summary"));
    command
}

/// The outputs as the runner reads them: `name<<end`, lines, `end`.
fn outputs(machine: &Machine) -> BTreeMap<String, String> {
    let text = fs::read_to_string(machine.path("output")).expect("outputs");
    let mut lines = text.lines();
    let mut outputs = BTreeMap::new();
    while let Some(line) = lines.next() {
        let Some((name, end)) = line.split_once("<<") else {
            let (name, value) =
                line.split_once('=').unwrap_or_else(|| panic!("{line:?} is no output in\n{text}"));
            outputs.insert(name.to_owned(), value.to_owned());
            continue;
        };
        assert!(end.len() >= 32, "{end} can be guessed");
        let value: Vec<_> = lines.by_ref().take_while(|line| *line != end).collect();
        outputs.insert(name.to_owned(), value.join("\n"));
    }
    outputs
}

fn summary(machine: &Machine) -> String {
    fs::read_to_string(machine.path("summary")).expect("a summary")
}

#[tokio::test]
async fn a_step_gets_its_outputs_and_a_summary_behind_what_is_there() {
    let (_server, url) = server().await;
    let machine = Machine::new("github-good", &[("output", "before=1\n"), ("summary", "# Before\n")]);
    let operation = format!("{url}good");
    let Ended { code, stdout, stderr } =
        run(&mut step(&machine, &["wait", &operation, "--github", "auto"])).await;
    assert_eq!(code, Some(0), "{stderr}");
    let outputs = outputs(&machine);
    assert_eq!(outputs.keys().collect::<Vec<_>>(), ["before", "elapsed", "location", "outcome", "reason"]);
    assert_eq!((&*outputs["outcome"], &*outputs["reason"]), ("succeeded", ""));
    assert_eq!(outputs["location"], operation);
    outputs["elapsed"].parse::<f64>().expect("seconds");
    assert!(
        summary(&machine).starts_with("# Before\n\n## ✅ Succeeded: <code>c1/good</code>\n"),
        "{}",
        summary(&machine)
    );
    assert!(stdout.starts_with("c1/good\tsucceeded\t"), "{stdout}");
    assert!(!stdout.contains("::") && !stderr.contains("\n::"), "annotations are on request: {stderr}");
}

#[tokio::test]
async fn what_others_have_left_open_does_not_run_into_it() {
    let (_server, url) = server().await;
    let good = format!("{url}good");
    for (nth, (output, before, summary_begins)) in [
        ("before=1", "| a |", "| a |\n\n## "),
        ("before=1\n", "<details>\n\n", "<details>\n\n## "),
        ("", "", "## "),
        ("", "\n", "\n\n## "),
    ]
    .into_iter()
    .enumerate()
    {
        let machine = Machine::new(&format!("github-open-{nth}"), &[("output", output), ("summary", before)]);
        let Ended { code, stderr, .. } = run(&mut step(&machine, &["wait", &good, "--github", "auto"])).await;
        assert_eq!(code, Some(0), "{stderr}");
        let outputs = outputs(&machine);
        assert_eq!(outputs["outcome"], "succeeded");
        assert_eq!(outputs.get("before").map(String::as_str), (!output.is_empty()).then_some("1"));
        assert!(!fs::read_to_string(machine.path("output")).expect("outputs").contains("\n\noutcome"));
        assert!(summary(&machine).starts_with(summary_begins), "{}", summary(&machine));
    }
}

#[tokio::test]
async fn nothing_that_a_server_says_is_an_output_or_a_command() {
    let (_server, url) = server().await;
    let machine = Machine::new("github-hostile", &[]);
    let operation = format!("{url}bad?sig=abc");
    let args = ["wait", &operation, "--github", "annotations"];
    let Ended { code, stdout, stderr } = run(&mut step(&machine, &args)).await;
    assert_eq!(code, Some(1), "{stderr}");
    let outputs = outputs(&machine);
    assert_eq!(outputs.keys().collect::<Vec<_>>(), ["elapsed", "location", "outcome", "reason"]);
    assert_eq!(outputs["outcome"], "failed");
    let said = "no EOF secret=x outcome<<EOF succeeded EOF : :error::x,y:z 50% <img src=x> | @you";
    assert_eq!(outputs["reason"], said);
    // A script goes on with it; a person sees it without what may be a secret.
    assert_eq!(outputs["location"], operation);
    let summary = summary(&machine);
    assert!(
        !summary.contains("sig=abc") && !summary.contains("<img") && !summary.contains("@you"),
        "{summary}"
    );
    let commands: Vec<_> = stderr.lines().filter(|line| line.trim_start().starts_with("::")).collect();
    let [command] = commands[..] else { panic!("{commands:?}") };
    assert!(command.starts_with("::error title=lro%3A failed::"), "{command}");
    assert!(command.ends_with(&said.replace('%', "%25")), "{command}");
    assert!(!stdout.lines().any(|line| line.trim_start().starts_with("::")), "{stdout}");
}

#[tokio::test]
async fn several_operations_have_a_chart_and_ten_annotations_at_most() {
    let (_server, url) = server().await;
    let machine = Machine::new("github-many", &[]);
    let names: Vec<_> = (0..12).map(|nth| format!("{url}many{nth}")).chain([format!("{url}good")]).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let args = [&["wait", "--github", "annotations"][..], &names].concat();
    let Ended { code, stderr, .. } = run(&mut step(&machine, &args)).await;
    assert_eq!(code, Some(1), "{stderr}");
    let commands: Vec<_> = stderr.lines().filter(|line| line.starts_with("::error ")).collect();
    assert_eq!(commands.len(), 10, "{stderr}");
    assert_eq!(commands[9], "::error title=lro::3 more operations did not succeed");
    let summary = summary(&machine);
    assert_eq!(summary.matches("```mermaid\ngantt\n").count(), 1, "{summary}");
    assert!(
        summary.contains("Failed: 1 of 13 operations succeeded") && summary.contains("✗ many11 :crit, t11, "),
        "{summary}"
    );
    let outputs = outputs(&machine);
    assert_eq!((&*outputs["outcome"], &*outputs["reason"]), ("failed", "no free line"));
    assert_eq!(outputs["location"], format!("{url}many0"));
}

#[tokio::test]
async fn where_one_success_is_enough_another_end_is_only_a_warning() {
    let (_server, url) = server().await;
    let machine = Machine::new("github-any", &[]);
    let (bad, good) = (format!("{url}many1"), format!("{url}good"));
    let args = ["wait", "--any", "--concurrency", "1", &bad, &good, "--github", "annotations"];
    let Ended { code, stderr, .. } = run(&mut step(&machine, &args)).await;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("\n::warning title=lro%3A failed::c1/many1 failed: no free line\n"), "{stderr}");
    assert!(!stderr.contains("::error"), "{stderr}");
    assert_eq!(outputs(&machine)["location"], good);
}

#[tokio::test]
async fn elsewhere_and_by_default_nothing_is_told() {
    let (_server, url) = server().await;
    let bad = format!("{url}bad");
    for (nth, (actions, flags)) in
        [("true", &[][..]), ("true", &["--github", "off"]), ("false", &["--github", "annotations"])]
            .into_iter()
            .enumerate()
    {
        let machine = Machine::new(&format!("github-off-{nth}"), &[]);
        let args = [&["wait", &bad][..], flags].concat();
        let Ended { code, stderr, .. } = run(step(&machine, &args).env("GITHUB_ACTIONS", actions)).await;
        assert_eq!(code, Some(1));
        assert!(!stderr.lines().any(|line| line.starts_with("::")), "{stderr}");
        assert!(["output", "summary"].iter().all(|name| fs::metadata(machine.path(name)).is_err()));
    }
}

#[tokio::test]
async fn what_a_step_cannot_be_told_is_a_warning() {
    let (_server, url) = server().await;
    let good = format!("{url}good");
    let machine =
        Machine::new("github-wrong", &[("folder/file", ""), ("full", &"x".repeat(1024 * 1024 - 100))]);
    let mut command = step(&machine, &["wait", &good, "--github", "auto"]);
    command.env("GITHUB_OUTPUT", machine.path("folder")).env("GITHUB_STEP_SUMMARY", machine.path("full"));
    let Ended { code, stdout, stderr } = run(&mut command).await;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.starts_with("c1/good\tsucceeded\t"), "{stdout}");
    assert!(stderr.contains("warning: the outputs of the step could not be written: "), "{stderr}");
    let full =
        "warning: the summary of the step could not be written: the summary of a step may be 1 MiB long";
    assert!(stderr.contains(full), "{stderr}");
    assert_eq!(fs::metadata(machine.path("full")).expect("a file").len(), 1024 * 1024 - 100);
    let mut command = step(&machine, &["wait", &good, "--github", "auto"]);
    let Ended { code, stderr, .. } = run(command.env_remove("GITHUB_OUTPUT")).await;
    assert_eq!(code, Some(0), "{stderr}");
    assert!(
        stderr.contains("warning: the outputs of the step: the variable GITHUB_OUTPUT does not say where"),
        "{stderr}"
    );
}

#[tokio::test]
async fn the_summaries_of_a_step_stay_within_what_github_takes() {
    let (_server, url) = server().await;
    let names: Vec<_> = (0..60).map(|nth| format!("{url}many{nth}")).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    // With so much left there is a chart, or none.
    for (left, charts) in [(13_000, 1), (4_200, 0)] {
        let machine =
            Machine::new(&format!("github-long-{left}"), &[("summary", &"x".repeat(1024 * 1024 - left))]);
        let args = [&["wait", "--github", "auto", "-q"][..], &names].concat();
        let Ended { code, stderr, .. } = run(&mut step(&machine, &args)).await;
        assert_eq!(code, Some(1), "{stderr}");
        assert!(!stderr.contains("warning"), "{stderr}");
        let summary = summary(&machine);
        assert!(summary.len() <= 1024 * 1024, "{}", summary.len());
        assert!(summary.contains(" of 60 operations are shown here"), "{left}");
        assert_eq!(summary.matches("```mermaid").count(), charts, "{left}");
    }
}
