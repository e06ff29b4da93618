//! The command keeps nothing that it needs: killed and started again in the same way, it comes to the same end.
//! So whatever starts it may start it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::command::{Ended, ended, lro, run, signal, status, within};
use crate::support::server::{Hit, Reply, Server};
use crate::support::{PENDING, SUCCESS};

const FAILED: &str = r#"{"finished":true,"result":{"result":"failed","reason":"no free line"}}"#;

/// A server whose operations are pending until it is told that they have ended; those whose name begins with `bad` fail.
struct Api {
    server: Server,
    has_ended: Arc<AtomicBool>,
}

impl Api {
    async fn start() -> Self {
        let has_ended = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&has_ended);
        let reply = move |hit: &Hit, _| {
            let body = match told.load(Ordering::SeqCst) {
                false => PENDING,
                true if hit.path().contains("/operations/bad") => FAILED,
                true => SUCCESS,
            };
            Reply::json(200, body)
        };
        Self { server: Server::start_by(reply).await, has_ended }
    }

    fn url(&self, operation: &str) -> String {
        format!("{}/v1.0/plasconnector/connectors/c1/operations/{operation}", self.server.url())
    }

    /// Starts the command, kills it once it has asked for each of so many operations, and starts it again when they have
    /// ended, with the same on its standard input.
    async fn killed_and_started_again(&self, args: &[&str], input: &str, operations: usize) -> Ended {
        let mut first = started(args, input).await;
        within(async {
            while self.paths().len() < operations {
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert_eq!(first.try_wait().unwrap(), None, "it waits");
        signal(&first, "KILL").await;
        assert_eq!(status(&mut first).await.code(), None, "it was killed");
        self.has_ended.store(true, Ordering::SeqCst);
        ended(started(args, input).await).await
    }

    /// Each path that was asked for.
    fn paths(&self) -> Vec<String> {
        let mut paths = self.server.paths();
        paths.sort();
        paths.dedup();
        paths
    }
}

async fn started(args: &[&str], input: &str) -> tokio::process::Child {
    use tokio::io::AsyncWriteExt;

    let mut child = lro(args).stdin(std::process::Stdio::piped()).spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    stdin.write_all(input.as_bytes()).await.expect("a pipe that takes a few lines");
    child
}

/// What was printed, without the seconds, in order.
fn ends(ended: &Ended) -> Vec<String> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 4, "{line:?}");
        [fields[0], fields[1], fields[3]].join("|")
    };
    let mut lines: Vec<_> = ended.stdout.lines().map(line).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn one_operation_comes_to_the_same_end() {
    for (operation, code, end) in [("o1", 0, "c1/o1|succeeded|"), ("bad1", 1, "c1/bad1|failed|no free line")]
    {
        let api = Api::start().await;
        let url = api.url(operation);
        let args = ["wait", &url, "--interval", "20ms"];
        let again = api.killed_and_started_again(&args, "", 1).await;
        assert_eq!((again.code, ends(&again)), (Some(code), vec![end.to_owned()]), "{}", again.stderr);
        // So does whoever was never killed.
        let whole = run(&mut lro(&args)).await;
        assert_eq!((whole.code, ends(&whole)), (again.code, ends(&again)), "{}", whole.stderr);
    }
}
