//! Many operations over HTTP/2 through an nginx that ends connections, reads its configuration again, and is restarted.
//! How a connection is shared is proved beside a scripted server.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value;
use tokio::process::Command;

use crate::support::command::{Ended, lro, run_with_input};
use crate::support::nginx::{Logged, Nginx, Setup, certificate};
use crate::support::server::{Reply, Server, sleep};
use crate::support::{PENDING, SUCCESS};

const COUNT: usize = 200;

/// A server of operations that are each pending for so many polls, and then done.
async fn pending(polls: usize) -> Server {
    Server::start_by(move |_, nth| Reply::json(200, if nth <= polls { PENDING } else { SUCCESS })).await
}

/// `lro wait` for so many operations at this URL.
async fn fleet(url: &str) -> Ended {
    let mut command: Command =
        lro(&["wait", "-", "--schedule", "fixed", "--interval", "300ms", "-o", "json"]);
    command.args(["--endpoint", url, "--cacert", &certificate("ours.pem")]);
    let list: Vec<String> = (0..COUNT).map(|number| format!("c/o{number}")).collect();
    run_with_input(&mut command, &list.join("\n")).await
}

/// How many errors there were on the way, when all have succeeded.
fn errors(ended: &Ended) -> u64 {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let document: Value = serde_json::from_str(&ended.stdout).expect("a document");
    let operations = document["operations"].as_array().expect("operations");
    assert_eq!(operations.len(), COUNT);
    assert!(operations.iter().all(|operation| operation["outcome"] == "succeeded"), "{}", ended.stdout);
    operations.iter().filter_map(|operation| operation["transient_errors"].as_u64()).sum()
}

fn connections(logged: &[Logged]) -> usize {
    logged.iter().map(|request| &request.connection).collect::<BTreeSet<_>>().len()
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn two_hundred_operations_go_over_one_connection() {
    let server = pending(2).await;
    let nginx = Nginx::start("one-connection", &server.url(), Setup::HTTP2).await;
    let ended = fleet(&nginx.url()).await;
    assert_eq!(errors(&ended), 0, "{}", ended.stderr);
    let logged = nginx.logged().await;
    assert_eq!((logged.len(), connections(&logged)), (3 * COUNT, 1));
    assert!(
        logged.iter().all(|request| request.protocol == "HTTP/2.0" && request.status == 200),
        "{logged:?}"
    );
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_server_that_ends_its_connections_again_and_again_loses_no_operation() {
    let server = pending(5).await;
    let setup = Setup { http: "keepalive_requests 100;", ..Setup::HTTP2 };
    let nginx = Nginx::start("goodbye", &server.url(), setup).await;
    let ended = fleet(&nginx.url()).await;
    let errors = errors(&ended);
    // What was sent just when it said goodbye is sent again at once. When that is so twice it is told as that, and asked
    // again.
    let told = "the server ended the connection before it answered";
    assert!(errors == 0 || ended.stderr.contains(told), "{}", ended.stderr);
    assert!(!ended.stderr.contains("not a result of an error"), "{}", ended.stderr);
    let logged = nginx.logged().await;
    let answered = logged.iter().filter(|request| request.status == 200).count();
    assert_eq!(answered, 6 * COUNT, "no answer is lost, and none is asked for again");
    assert!(connections(&logged) >= 12, "{}", connections(&logged));
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_server_that_is_reloaded_or_restarted_loses_no_operation() {
    let server = pending(10).await;
    let mut nginx = Nginx::start("restart", &server.url(), Setup::HTTP2).await;
    let url = nginx.url();
    let (fleet, disturb) = (fleet(&url), async {
        sleep(Duration::from_millis(700)).await;
        nginx.reload().await;
        sleep(Duration::from_millis(700)).await;
        nginx.reload().await;
        sleep(Duration::from_millis(700)).await;
        nginx.stop().await;
        sleep(Duration::from_millis(500)).await;
        nginx.again().await;
    });
    let (ended, ()) = tokio::join!(fleet, disturb);
    assert!(errors(&ended) > 0, "it was away in between: {}", ended.stderr);
}
