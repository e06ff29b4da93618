//! The command with several operations: one run, one end for all, and a server that is asked no more than it must be.
//! What a fleet promises is proved in the library; here it is what a script and a person get.

mod ends;
mod follow;
mod input;
mod limits;
#[cfg(target_os = "linux")]
mod many;
mod origin;
mod printed;
mod terminal;
mod told;

use std::collections::HashMap;

use tokio::process::Command;

use crate::support::command::{Ended, lro, run};
use crate::support::server::{Hit, Reply, Server, Then};
use crate::support::{PENDING, SUCCESS};

const FAILED: &str = r#"{"finished":true,"result":{"result":"failed","reason":"no free line"}}"#;

/// Soon asked again, so that a test need not wait for it.
const SOON: [&str; 4] = ["--interval", "50ms", "--jitter", "0"];

/// Which operation a request is about, by the end of its path.
fn name(hit: &Hit) -> &str {
    hit.path().rsplit('/').next().unwrap_or_default()
}

/// What an operation with this name answers when it is asked for the so manieth time. A name begins with how it ends.
fn answer(name: &str, poll: usize) -> Reply {
    match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "late" if poll == 1 => Reply::json(200, PENDING),
        "late" | "ok" => Reply::json(200, SUCCESS),
        "failed" => Reply::json(200, FAILED),
        "pending" => Reply::json(200, PENDING),
        "denied" => Reply::json(403, ""),
        "refused" => Reply::json(401, ""),
        "missing" => Reply::json(404, ""),
        "gone" => Reply::json(410, ""),
        "broken" => Reply::json(500, ""),
        "odd" => Reply::json(200, "{}"),
        "mute" => Reply::nothing(Then::Close),
        _ => panic!("nobody knows `{name}`"),
    }
}

/// A server where each operation ends as its name says.
async fn server() -> Server {
    let mut polls: HashMap<String, usize> = HashMap::new();
    Server::start_by(move |hit, _| {
        let poll = polls.entry(name(hit).to_owned()).or_default();
        *poll += 1;
        answer(name(hit), *poll)
    })
    .await
}

/// The command with this verb, to ask this server.
fn at(server: &Server, verb: &str) -> Command {
    lro(&[verb, "--endpoint", &server.url()])
}

/// These operations as a person types them.
fn typed(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("c/{name}")).collect()
}

/// A wait for these operations to its end.
async fn wait(server: &Server, names: &[&str], args: &[&str]) -> Ended {
    run(at(server, "wait").args(typed(names)).args(SOON).args(args)).await
}

/// Where this operation is.
fn url(server: &Server, name: &str) -> String {
    format!("{}/v1.0/plasconnector/connectors/c/operations/{name}", server.url())
}

/// How often each operation was asked for, by its name.
fn polls(server: &Server) -> HashMap<String, usize> {
    let mut polls = HashMap::new();
    for hit in server.hits() {
        *polls.entry(name(&hit).to_owned()).or_default() += 1;
    }
    polls
}

/// The lines of standard output without their seconds, which are never the same.
fn lines(ended: &Ended) -> Vec<String> {
    let without_seconds = |line: &str| {
        let mut fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 4, "{line:?}");
        fields.remove(2).parse::<f64>().expect("the third field is a number of seconds");
        fields.join("|").trim_end_matches('|').to_owned()
    };
    ended.stdout.lines().map(without_seconds).collect()
}

/// How many lines of this text hold that.
fn count(text: &str, told: &str) -> usize {
    text.lines().filter(|line| line.contains(told)).count()
}
