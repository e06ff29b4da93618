//! Conversations with a scripted server: each request and its answer in order, and what is said in the end.
//! What any API means by them is not known here.

use std::time::Duration;

use lro::WaitError;
use lro::http::{Operation, Start, Status};
use lro::preset::Preset;

use crate::support::server::{Reply, Server};
use crate::support::{asking, chain, every};

/// One request as it must come, and its answer: status, headers, body. `{at}` is the server.
pub(super) type Turn = (&'static str, u16, &'static [&'static str], &'static str);

/// A conversation that begins with the call that starts the operation, and what is said in the end, which may go
/// on after `…`.
pub(super) struct Case(pub(super) &'static str, pub(super) &'static [Turn], pub(super) &'static str);

fn reply(at: &str, (_, status, headers, body): &Turn) -> Reply {
    let reply = Reply::json(*status, body.replace("{at}", at));
    headers.iter().fold(reply, |reply, header| {
        let (name, value) = header.split_once(": ").expect("a name and a value");
        reply.header(name, &value.replace("{at}", at))
    })
}

async fn serving(turns: &'static [Turn]) -> Server {
    Server::start_naming(|at| turns.iter().map(|turn| reply(at, turn)).collect()).await
}

pub(super) fn preset(name: &str) -> Preset {
    Preset::builtin(name).expect("it is built in")
}

/// The operation that the first turn starts.
fn submitted(server: &Server, by: &str, turns: &[Turn]) -> Operation {
    let (method, path) = turns[0].0.split_once(' ').expect("a method and a path");
    let start = Start::new(method, path).expect("a method").body("{}");
    Operation::submit(asking(server, |http| http), start, preset(by)).expect("a location").fetch_result(true)
}

/// What the server was asked, in order: method and target.
pub(super) fn asked(server: &Server) -> Vec<String> {
    server.hits().iter().map(|hit| hit.line.replace(" HTTP/1.1", "")).collect()
}

/// How it ends, in words.
pub(super) async fn end(operation: Operation) -> String {
    let wait = lro::wait_for_completion(operation)
        .schedule(every(10))
        .timeout(Duration::from_secs(20))
        .max_errors(2)
        .not_found_grace(Duration::ZERO);
    let because = |report: &lro::Report<Status>| report.reason().map(|reason| format!(": {reason}"));
    match wait.await {
        Ok(done) => {
            done.status().result().map_or("succeeded".to_owned(), |result| format!("succeeded: {result}"))
        }
        Err(WaitError::Failed(report)) => format!("failed{}", because(&report).unwrap_or_default()),
        Err(WaitError::Cancelled(report)) => format!("cancelled{}", because(&report).unwrap_or_default()),
        Err(WaitError::Poll { source, .. }) => format!("error: {}", chain(&*source)),
        Err(other) => format!("other: {other}"),
    }
}

/// Holds conversations: each must go as it is written, to its end, without a request more or less.
pub(super) async fn hold(by: &str, cases: &[Case]) {
    let mut wrong = Vec::new();
    for Case(name, turns, expected) in cases {
        let server = serving(turns).await;
        let ended = end(submitted(&server, by, turns)).await.replace(&server.url(), "{at}");
        let asked = asked(&server);
        let to_ask: Vec<_> = turns.iter().map(|(request, ..)| *request).collect();
        let is_expected = match expected.strip_suffix('…') {
            Some(begin) => ended.starts_with(begin),
            None => ended == *expected,
        };
        if asked != to_ask || !is_expected {
            wrong.push(format!(
                "{name}:\n  asked {asked:?}\n  not   {to_ask:?}\n  ended {ended}\n  not   {expected}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
