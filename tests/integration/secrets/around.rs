//! What is around a run of the command: its settings, its terminal, the list of processes, and what runs after it.

use super::situation::{Situation, reply};
use super::told::{LOUD, assert_sent, assert_untold};
use super::way::{Way, refused, ways};
use crate::cli::Machine;
use crate::support::command::{ended, run, within};
use crate::support::server::{Hit, Server};
use crate::support::terminal::{COLUMNS, ROWS, Terminal};

/// The flags of these words by themselves, as `header` and its value; what is typed for none of them is a switch.
fn flags(words: &[String]) -> Vec<(String, Option<String>)> {
    let mut flags: Vec<(String, Option<String>)> = Vec::new();
    for word in words {
        match (word.strip_prefix("--").or(word.strip_prefix('-')), flags.last_mut()) {
            (None, Some((_, value))) => *value = Some(word.clone()),
            (Some("H"), _) => flags.push(("header".to_owned(), None)),
            (Some(long), _) => flags.push((long.to_owned(), None)),
            (None, None) => panic!("{word} is of no flag"),
        }
    }
    flags
}

#[tokio::test]
async fn settings_are_told_without_the_secret_wherever_they_are_said() {
    for way in ways("http://127.0.0.1:9").into_iter().chain(refused()) {
        let mut files = way.files.clone();
        let (mut profile, mut variables) = (String::new(), way.variables.clone());
        for (long, value) in flags(&way.args) {
            let in_file = value.as_ref().map_or("true".to_owned(), |value| format!("{value:?}"));
            profile.extend([long.as_str(), " = ", &in_file, "\n"]);
            let name = format!("LRO_{}", long.to_uppercase().replace('-', "_"));
            variables.push((name.leak(), value.unwrap_or("1".to_owned())));
        }
        files.push(("config.toml", profile));
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let machine = Machine::new("secret-settings", &files);
        let words: Vec<&str> = way.args.iter().map(String::as_str).collect();
        let started = [
            (&["config", "show", "-o", "json", "wait"][..], &words[..], &way.variables, ""),
            (&["config", "show"], &[], &variables, ""),
            (&["config", "show"], &[], &way.variables, "config.toml"),
            (&["auth"], &[], &variables, ""),
            (&["auth", "-o", "json"], &[], &way.variables, "config.toml"),
        ]
        .map(|(verb, typed, said, config)| {
            let mut command = machine.lro(&[verb, typed].concat());
            let child = command.envs(said.clone()).env("LRO_CONFIG", config).spawn().expect("it starts");
            (format!("{} / {verb:?} {config}", way.name), child)
        });
        for (case, child) in started {
            let ended = ended(child).await;
            let told = format!("{}{}", ended.stdout, ended.stderr);
            assert_untold(&case, &told, &way, &[]);
            assert!(!told.is_empty(), "{case}");
        }
    }
}

#[tokio::test]
async fn a_terminal_shows_no_secret() {
    for situation in [Situation::Failure, Situation::Refused(503)] {
        let server = Server::start_naming_by(move |url| {
            let url = url.to_owned();
            move |hit: &Hit, nth: usize| reply(situation, hit, nth, &url)
        })
        .await;
        let way = ways(&server.url()).swap_remove(0);
        let args: Vec<_> = ["wait", "c1/o1", "-v", "-t", "700ms", "--interval", "30ms"]
            .into_iter()
            .chain(way.args.iter().map(String::as_str))
            .collect();
        let variables: Vec<_> =
            way.variables.iter().map(|(name, value)| (*name, value.as_str())).chain(LOUD).collect();
        let mut terminal = Terminal::start(ROWS, COLUMNS, &args, &variables);
        terminal.end().await;
        let told = String::from_utf8_lossy(terminal.bytes()).into_owned();
        let case = format!("on a terminal, {situation:?}");
        assert_untold(&case, &told, &way, &server.hits());
        // A line that is broken anywhere is one when it is copied.
        assert_untold(&case, &told.replace(['\r', '\n'], ""), &way, &server.hits());
        assert_sent(&case, &told, &way, &server.hits());
    }
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_list_of_processes_has_no_secret_that_nobody_typed() {
    use std::fs::read_to_string;
    let is_meant = |way: &Way| !way.is_body && !way.name.contains("proxy");
    let count = ways("http://127.0.0.1:9").iter().filter(|way| is_meant(way)).count();
    for number in 0..count {
        // Each has a server of its own, so that whoever asked there is the process that it is to be by then.
        let server = Server::start_naming_by(|url| {
            let url = url.to_owned();
            move |hit: &Hit, nth: usize| reply(Situation::Silent, hit, nth, &url)
        })
        .await;
        let way = ways(&server.url()).into_iter().filter(is_meant).nth(number).expect("as many");
        let files: Vec<_> = way.files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let machine = Machine::new("secret-processes", &files);
        let args: Vec<_> = ["wait", "c1/o1"].into_iter().chain(way.args.iter().map(String::as_str)).collect();
        let mut child = machine.lro(&args).envs(way.variables.clone()).spawn().expect("it starts");
        let id = child.id().expect("it runs");
        within(server.until(|hits| !hits.is_empty())).await;
        let told: String = ["cmdline", "comm", "status", "stat"]
            .iter()
            .map(|file| read_to_string(format!("/proc/{id}/{file}")).expect("the system tells of processes"))
            .collect();
        assert!(told.contains("c1/o1"), "{told}");
        assert_untold(way.name, &told, &way, &server.hits());
        child.kill().await.expect("it can be killed");
    }
}

#[tokio::test]
async fn a_command_after_success_has_the_environment_that_lro_had() {
    let server = Server::start_by(|hit, nth| reply(Situation::Success, hit, nth, "")).await;
    let machine = Machine::new("secret-environment", &[]);
    let args = ["wait", "c1/o1", "--interval", "30ms", "--endpoint", &server.url(), "--", "env"];
    let ended = run(machine.lro(&args).env("LRO_TOKEN", super::way::TOKEN)).await;
    let mut names: Vec<_> = ended.stdout.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    names.sort_unstable();
    // The next step may be an `lro` as well.
    assert_eq!(names, ["HOME", "LRO_CONFIG", "LRO_TOKEN", "PATH"], "{}", ended.stderr);
}

#[tokio::test]
async fn no_variable_makes_the_command_tell_what_its_libraries_log() {
    let server = Server::start_by(|hit, nth| reply(Situation::Refused(400), hit, nth, "")).await;
    let machine = Machine::new("secret-log", &[]);
    let args = ["wait", "c1/o1", "--endpoint", &server.url()];
    let quiet = run(&mut machine.lro(&args)).await.stderr;
    let loud = run(machine.lro(&args).envs(LOUD)).await.stderr;
    let without_time = |text: &str| text.lines().filter(|line| !line.contains(" ms")).count();
    assert_eq!(without_time(&quiet), without_time(&loud), "{quiet}\n{loud}");
}
