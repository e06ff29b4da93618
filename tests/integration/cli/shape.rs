//! An API that only flags describe, and what is sent to it.

mod auth;
mod blocked;
mod flags;

use crate::support::command::{Ended, lro, run};
use crate::support::server::{Reply, Server};

/// A status document that says this of the state.
fn says(state: &str) -> Reply {
    Reply::json(
        200,
        format!(r#"{{"experiment":{{"state":{{"status":"{state}","reason":"because {state}"}}}}}}"#),
    )
}

/// `lro wait /x` at a server that answers like this.
async fn wait(replies: &[Reply], args: &[&str]) -> (Server, Ended) {
    let server = Server::start(replies.to_vec()).await;
    let url = format!("{}/x", server.url());
    let ended = run(lro(&["wait", &url, "--interval", "20ms", "--jitter", "0"]).args(args)).await;
    (server, ended)
}

const STATE: [&str; 4] = ["--state", "experiment.state.status", "--message", "experiment.state.reason"];
