//! `lro submit`: the call that starts an operation, and the wait that follows it.

mod location;
mod sent;
mod simulated;
mod twice;
mod unfetched;

use crate::support::command::{Ended, lro, run};
use crate::support::server::{Reply, Server};

/// A preset whose calls answer with a Location, and whose operations say how they stand.
const BY_LOCATION: [&str; 6] = ["--preset", "http-202", "--state", "status", "--success", "done"];

/// An answer that accepts a call, with the operation at `/op`.
fn accepted() -> Reply {
    Reply::json(202, "").header("Location", "/op")
}

fn done() -> Reply {
    Reply::json(200, r#"{"status":"done"}"#)
}

fn pending() -> Reply {
    Reply::json(200, r#"{"status":"running"}"#)
}

async fn server(replies: &[Reply]) -> Server {
    Server::start(replies.to_vec()).await
}

/// `lro submit METHOD /things` at this server.
async fn submit(server: &Server, method: &str, args: &[&str]) -> Ended {
    let url = format!("{}/things", server.url());
    run(lro(&["submit", method, &url, "--interval", "20ms"]).args(args)).await
}

/// Method and path of all that was sent.
fn sent(server: &Server) -> Vec<String> {
    let line = |line: &str| line.trim_end_matches(" HTTP/1.1").to_owned();
    server.hits().iter().map(|hit| line(&hit.line)).collect()
}

#[track_caller]
fn assert_told(ended: &Ended, code: i32, told: &[&str]) {
    assert_eq!(ended.code, Some(code), "{}", ended.stderr);
    for told in told {
        assert!(ended.stderr.contains(told), "{told}\n{}", ended.stderr);
    }
}
