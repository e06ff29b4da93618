//! The command keeps nothing that it needs: killed and started again in the same way, it comes to the same end.
//! So whatever starts it may start it again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::command::{Ended, ended, lro, run, run_with_input, signal, status, within};
use crate::support::server::{Hit, Reply, Server};
use crate::support::{PENDING, SUCCESS};

const FAILED: &str = r#"{"finished":true,"result":{"result":"failed","reason":"no free line"}}"#;

/// A server whose operations are pending until it is told that they have ended, but those whose name begins with `early`,
/// which have; those whose name begins with `bad` fail.
struct Api {
    server: Server,
    has_ended: Arc<AtomicBool>,
}

impl Api {
    async fn start() -> Self {
        let has_ended = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&has_ended);
        let reply = move |hit: &Hit, _| {
            let body = match told.load(Ordering::SeqCst) || hit.path().contains("/operations/early") {
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
        self.has_ended.store(false, Ordering::SeqCst);
        let before = self.server.hits().len();
        let mut first = started(args, input).await;
        within(async {
            while self.paths_since(before).len() < operations {
                tokio::task::yield_now().await;
            }
        })
        .await;
        assert_eq!(first.try_wait().expect("a command"), None, "it waits");
        signal(&first, "KILL").await;
        assert_eq!(status(&mut first).await.code(), None, "it was killed");
        self.has_ended.store(true, Ordering::SeqCst);
        ended(started(args, input).await).await
    }

    /// Each path that was asked for, after so many requests.
    fn paths_since(&self, before: usize) -> Vec<String> {
        let mut paths = self.server.paths().split_off(before);
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

/// What was printed, without the seconds.
fn ends(ended: &Ended) -> Vec<String> {
    let line = |line: &str| {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields.len(), 4, "{line:?}");
        [fields[0], fields[1], fields[3]].join("|")
    };
    ended.stdout.lines().map(line).collect()
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

#[tokio::test]
async fn several_operations_come_to_the_same_ends_also_those_that_had_ended_before() {
    let ends_of_all =
        ["c1/o1|succeeded|", "c1/early1|succeeded|", "c1/bad1|failed|no free line", "c1/o2|succeeded|"];
    let names = ["o1", "early1", "bad1", "o2"];
    let api = Api::start().await;
    let endpoint = api.server.url();
    let urls = names.map(|name| api.url(name));
    let typed = urls.iter().map(String::as_str).collect();
    let listed = || vec!["-", "--endpoint", &endpoint];
    for (references, input) in [
        (typed, String::new()),
        (listed(), urls.join("\n") + "\n"),
        (listed(), format!("[\"{}\"]", urls.join("\", \""))),
    ] {
        let args = [vec!["wait", "--interval", "20ms"], references].concat();
        let again = api.killed_and_started_again(&args, &input, 4).await;
        // The worst end of all.
        assert_eq!(
            (again.code, &*ends(&again)),
            (Some(1), &ends_of_all.map(str::to_owned)[..]),
            "{}",
            again.stderr
        );
        let whole = run_with_input(&mut lro(&args), &input).await;
        assert_eq!((whole.code, ends(&whole)), (again.code, ends(&again)), "{}", whole.stderr);
    }
}

#[tokio::test]
async fn a_wait_for_the_first_success_is_over_at_once_when_that_was_there_before() {
    let api = Api::start().await;
    let [slow, good] = ["o1", "o2"].map(|name| api.url(name));
    let args = ["wait", "--any", &slow, &good, "--interval", "20ms"];
    let again = api.killed_and_started_again(&args, "", 2).await;
    assert_eq!(again.code, Some(0), "{}", again.stderr);
    assert!(ends(&again).iter().any(|end| end.ends_with("|succeeded|")), "{}", again.stdout);
}
