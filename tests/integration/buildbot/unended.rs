//! Builds that have not ended, and one that there is not.

use super::{command, document, operation};
use crate::support::buildbot::Buildbot;
use crate::support::command::run;

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn a_build_that_takes_longer_than_the_limit_is_124() {
    let buildbot = Buildbot::running();
    let build = buildbot.build_of(buildbot.force("slow").await).await;
    let name = build.to_string();
    let waited = run(&mut command(&buildbot, &["wait", &name, "--timeout", "2s", "-o", "json"])).await;
    let status = run(&mut command(&buildbot, &["status", &name])).await;
    // It would keep a worker from others for a minute.
    buildbot.stop(build, "it was seen").await;
    assert_eq!(waited.code, Some(124), "{}", waited.stderr);
    assert_eq!(document(&waited)["outcome"], "timed_out");
    assert_eq!(operation(&waited)["state"], "pending");
    assert_eq!(status.code, Some(75), "{}", status.stderr);
}

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn a_build_that_there_is_not_is_5() {
    let buildbot = Buildbot::running();
    let ended = run(&mut command(&buildbot, &["wait", "999999", "--not-found-grace", "0s"])).await;
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    assert!(ended.stderr.contains("404"), "{}", ended.stderr);
}
