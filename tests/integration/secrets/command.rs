//! Each way into the command in each situation, and by each verb: what it prints, tells and shows in the list of
//! processes has no secret in it, in no form.

use tokio::task::JoinSet;

use super::situation::{SITUATIONS, Situation, reply};
use super::told::{LOUD, assert_sent, assert_untold};
use super::way::{refused, ways};
use crate::cli::Machine;
use crate::support::command::{ended, run, signal, within};
use crate::support::server::{Hit, Server};

/// So many run at a time.
const AT_ONCE: usize = 12;

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
