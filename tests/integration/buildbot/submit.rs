//! Builds that the command itself starts.

use serde_json::Value;

use super::{command, document, operation};
use crate::support::buildbot::{Buildbot, FORCE, forcing};
use crate::support::command::{Ended, run};

async fn submit(buildbot: &Buildbot, builder: &str, args: &[&str]) -> Ended {
    let body = forcing(builder);
    run(&mut command(buildbot, &[&["submit", "POST", FORCE, "--json", &body], args].concat())).await
}

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn a_build_is_started_and_awaited_in_one() {
    let buildbot = Buildbot::running();
    let succeeded = submit(&buildbot, "succeeds", &["-o", "json"]).await;
    assert_eq!(succeeded.code, Some(0), "{}", succeeded.stderr);
    assert_eq!(document(&succeeded)["outcome"], "succeeded");
    assert_eq!(operation(&succeeded)["answer"]["builds"][0]["results"], 0);

    let failed = submit(&buildbot, "fails", &["-o", "json"]).await;
    assert_eq!(failed.code, Some(1), "{}", failed.stderr);
    let operation = operation(&failed);
    let build = operation["answer"]["builds"][0]["buildid"].as_u64();
    assert_eq!(operation["reason"], buildbot.last_words(build.expect("a build")).await);
}

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn where_a_build_is_can_be_awaited_later() {
    let buildbot = Buildbot::running();
    let started = submit(&buildbot, "fails", &["--print-location"]).await;
    assert_eq!(started.code, Some(0), "{}", started.stderr);
    let location = started.stdout.trim_end();
    assert!(location.contains("/api/v2/buildrequests/"), "{location}");
    let ended = run(&mut command(&buildbot, &["wait", location, "-o", "json"])).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(operation(&ended)["answer"]["builds"][0]["results"], 2);
}

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn what_starts_no_build_is_no_success() {
    let buildbot = Buildbot::running();
    let ended = submit(&buildbot, "a builder that there is not", &["-o", "json"]).await;
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(ended.stderr.contains("builderNames"), "{}", ended.stderr);
    assert_ne!(document(&ended)["outcome"], Value::from("succeeded"));
}
