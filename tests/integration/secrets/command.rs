//! Each way into the command in each situation, and by each verb: what it prints, tells and shows in the list of
//! processes has no secret in it, in no form.

use tokio::task::JoinSet;

use super::forms::found;
use super::situation::{COOKIE, ISSUED, SITUATIONS, Situation, reply};
use super::way::{Way, refused, ways};
use crate::cli::Machine;
use crate::support::command::{ended, run, signal, within};
use crate::support::server::{Hit, Server};
use crate::support::terminal::{COLUMNS, ROWS, Terminal};

/// So many run at a time.
const AT_ONCE: usize = 12;

/// All that a person can ask for to be told more.
const LOUD: [(&str, &str); 3] = [("RUST_LOG", "trace"), ("RUST_BACKTRACE", "full"), ("LRO_LOG", "trace")];

/// The files that a run of the command writes beside what it prints, where a verb has them.
const FILES: [&str; 5] = ["run.html", "run.svg", "run.md", "output", "summary"];

/// The flags that ask for them.
const WRITTEN: [&str; 8] =
    ["--report", "run.html", "--report", "run.svg", "--report", "run.md", "--github", "annotations"];

/// The variables that say where GitHub Actions reads.
const STEP: [(&str, &str); 3] =
    [("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", "output"), ("GITHUB_STEP_SUMMARY", "summary")];

/// Everything that was asked of the command, beside what the way takes.
const VERBS: [&[&str]; 9] = [
    &["wait", "c1/o1", "-v"],
    &["wait", "c1/o1", "-o", "jsonl", "--color", "always"],
    &["wait", "c1/o1", "c1/o2", "-o", "json", "-v"],
    &["status", "c1/o1", "-o", "json"],
    &["submit", "POST", "/v1.0/plasconnector/connectors", "-v", "-o", "json"],
    &["auth", "-o", "json"],
    &["auth", "--check"],
    &["wait", "c1/o1", "--log-format", "json", "--log-level", "trace"],
    &["submit", "POST", "/v1.0/plasconnector/connectors", "--log-format", "text", "--log-level", "trace"],
];

/// What the headers of these requests hold that nobody must see, a signature included.
fn shown_to(hits: &[Hit]) -> Vec<String> {
    let is_secret = |name: &str| {
        ["auth", "token", "cookie", "key"].iter().any(|word| name.contains(word)) && name != "x-sdk-date"
    };
    let values = hits.iter().flat_map(|hit| &hit.headers).filter(|(name, _)| is_secret(name));
    values
        .flat_map(|(_, value)| {
            [value.clone(), value.rsplit(['=', ' ']).next().unwrap_or_default().to_owned()]
        })
        .filter(|value| value.len() >= 8)
        .collect()
}

#[track_caller]
fn assert_untold(case: &str, told: &str, way: &Way, hits: &[Hit]) {
    let secrets = way.secrets.iter().chain(&[COOKIE, ISSUED]).map(|secret| (*secret).to_owned());
    for secret in secrets.chain(shown_to(hits)) {
        if let Some(form) = found(told, &secret) {
            panic!("{case}: `{secret}` is told as `{form}` in\n{told}");
        }
    }
}

#[track_caller]
fn assert_sent(case: &str, told: &str, way: &Way, hits: &[Hit]) {
    let all: Vec<_> = hits.iter().map(|hit| format!("{:?} {}", hit.headers, hit.body)).collect();
    let all = all.concat();
    for sent in &way.sent {
        // As `Debug` spells it.
        let in_header = format!("{sent:?}");
        let is_sent = all.contains(in_header.trim_matches('"')) || all.contains(sent);
        assert!(is_sent, "{case}: `{sent}` was never sent\n{told}\n{all}");
    }
}

/// What to do, in which situation.
#[derive(Clone)]
struct Case {
    way: usize,
    verb: &'static [&'static str],
    situation: Situation,
    /// Whether somebody presses Ctrl-C.
    is_interrupted: bool,
}

impl Case {
    async fn prove(self, number: usize) {
        let situation = self.situation;
        let server = Server::start_naming_by(move |url| {
            let url = url.to_owned();
            move |hit: &Hit, nth: usize| reply(situation, hit, nth, &url)
        })
        .await;
        let way = ways(&server.url()).swap_remove(self.way);
        let case = format!("{} / {:?} / {}", way.name, self.situation, self.verb.join(" "));
        let files: Vec<_> = way.files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let machine = Machine::new(&format!("secret-{number}"), &files);
        let mut args: Vec<&str> = self.verb.to_vec();
        args.extend(way.args.iter().map(String::as_str));
        let limit = self.situation.limit();
        match self.verb[0] {
            "wait" | "submit" => {
                args.extend(["-t", limit, "--interval", "30ms", "--not-found-grace", "50ms"]);
                args.extend(WRITTEN);
            }
            _ => args.extend(["--poll-timeout", limit]),
        }
        if way.is_body {
            args.extend(["--json", "@body"]);
        }
        let child = machine.lro(&args).envs(way.variables.iter().cloned()).envs(LOUD).envs(STEP).spawn();
        let child = child.expect("it starts");
        if self.is_interrupted {
            within(server.until(|hits| !hits.is_empty())).await;
            signal(&child, "INT").await;
        }
        let ended = ended(child).await;
        let written = FILES.map(|name| std::fs::read_to_string(machine.path(name)).unwrap_or_default());
        let told = format!("{}{}", ended.stdout, ended.stderr);
        let is_wait = matches!(self.verb[0], "wait" | "submit");
        let is_begun = is_wait && !way.is_body || self.verb[0] == "submit";
        for (name, text) in FILES.iter().zip(&written) {
            assert_eq!(!text.is_empty(), is_begun, "{case}: {name}\n{told}");
        }
        let told = told + &written.concat();
        let hits = server.hits();
        assert_untold(&case, &told, &way, &hits);
        // What does not get as far as that, or never wants to.
        let is_asked = self.verb != ["auth", "-o", "json"] && !(way.is_body && self.verb[0] != "submit");
        if is_asked {
            assert_sent(&case, &told, &way, &hits);
            assert!(!told.trim().is_empty(), "{case}");
        }
    }
}

/// All cases that there are.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (way, is_body, logs_in) in
        ways("http://127.0.0.1:9").iter().enumerate().map(|(way, it)| (way, it.is_body, it.logs_in))
    {
        let mut add = |verb, situation, is_interrupted| {
            cases.push(Case { way, verb, situation, is_interrupted });
        };
        if is_body {
            // What is started is no secret of whoever asks: an answer may repeat it. Nothing else does.
            for situation in [Situation::Success, Situation::Silent] {
                add(VERBS[4], situation, false);
            }
            add(VERBS[4], Situation::Silent, true);
            continue;
        }
        for situation in SITUATIONS {
            if logs_in || !matches!(situation, Situation::NoLogin(_)) {
                add(VERBS[1], situation, false);
            }
        }
        for verb in VERBS {
            add(verb, Situation::Refused(400), false);
        }
        add(VERBS[0], Situation::Failure, false);
        add(VERBS[4], Situation::Success, false);
        add(VERBS[0], Situation::Silent, true);
    }
    cases
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_the_command_emits_has_a_secret_in_it() {
    let mut running = JoinSet::new();
    for (number, case) in cases().into_iter().enumerate() {
        if running.len() >= AT_ONCE {
            running.join_next().await.expect("one runs").expect("it holds");
        }
        running.spawn(case.prove(number));
    }
    while let Some(ended) = running.join_next().await {
        ended.expect("it holds");
    }
}

#[tokio::test]
async fn what_is_refused_is_refused_without_the_secret() {
    for way in refused() {
        let files: Vec<_> = way.files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let machine = Machine::new("secret-refused", &files);
        let args = way.args.iter().map(String::as_str);
        let args: Vec<_> = ["wait", "c1/o1"].into_iter().chain(args).collect();
        let ended = run(machine.lro(&args).envs(way.variables.clone()).envs(LOUD)).await;
        assert_eq!(ended.code, Some(2), "{}: {}", way.name, ended.stderr);
        assert_untold(way.name, &format!("{}{}", ended.stdout, ended.stderr), &way, &[]);
    }
}

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
