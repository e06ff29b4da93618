//! Builds that end: each in its own way, by whichever name they are called.

use super::{command, document, operation};
use crate::support::buildbot::Buildbot;
use crate::support::command::{ended, run};

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn a_build_that_succeeds_is_awaited_by_its_request_its_number_its_path_and_its_url() {
    let buildbot = Buildbot::running();
    let request = buildbot.force("succeeds").await;
    // Begins before there is a build.
    let by_request = format!("/api/v2/buildrequests/{request}/builds");
    let mut children = vec![command(&buildbot, &["wait", &by_request, "-o", "json"]).spawn()];
    let build = buildbot.build_of(request).await;
    let path = format!("/api/v2/builds/{build}");
    for name in [build.to_string(), path.clone(), format!("{}{path}", buildbot.url)] {
        children.push(command(&buildbot, &["wait", &name, "-o", "json"]).spawn());
    }
    for child in children {
        let ended = ended(child.expect("the command starts")).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(document(&ended)["outcome"], "succeeded");
        let operation = operation(&ended);
        let told = &operation["answer"]["builds"][0];
        assert_eq!((&told["buildid"], &told["results"]), (&build.into(), &0.into()), "{told}");
        // It was pending first, and what is told is the last answer.
        assert!(operation["polls"].as_u64().is_some_and(|polls| polls > 1), "{operation}");
    }
}

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn a_build_with_warnings_succeeds() {
    let buildbot = Buildbot::running();
    let request = buildbot.force("warns").await;
    let build = buildbot.build_of(request).await.to_string();
    let ended = run(&mut command(&buildbot, &["wait", &build, "-o", "json"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(operation(&ended)["answer"]["builds"][0]["results"], 1);
}

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn a_build_that_fails_is_1_with_the_words_of_buildbot() {
    let buildbot = Buildbot::running();
    let request = buildbot.force("fails").await;
    let by_request = format!("/api/v2/buildrequests/{request}/builds");
    let by_request = command(&buildbot, &["wait", &by_request]).spawn().expect("the command starts");
    let build = buildbot.build_of(request).await;
    let by_number = command(&buildbot, &["wait", &build.to_string()]).spawn().expect("the command starts");
    let words = buildbot.last_words(build).await;
    assert!(words.contains("fail"), "{words}");
    for child in [by_request, by_number] {
        let ended = ended(child).await;
        assert_eq!(ended.code, Some(1), "{}", ended.stderr);
        let told: Vec<&str> = ended.stdout.trim_end().split('\t').collect();
        assert_eq!((told[1], told[3]), ("failed", words.as_str()), "{}", ended.stdout);
        assert!(ended.stderr.contains(&words), "{}", ended.stderr);
    }
}

#[tokio::test]
#[ignore = "needs a real Buildbot; .ci/run starts one"]
async fn a_build_that_somebody_stops_is_cancelled() {
    let buildbot = Buildbot::running();
    let build = buildbot.build_of(buildbot.force("slow").await).await;
    let waits = command(&buildbot, &["wait", &build.to_string(), "-o", "json"]).spawn();
    buildbot.stop(build, "nobody wants it any more").await;
    let ended = ended(waits.expect("the command starts")).await;
    assert_eq!(ended.code, Some(1), "{}", ended.stderr);
    assert_eq!(document(&ended)["outcome"], "cancelled");
    let operation = operation(&ended);
    assert_eq!(operation["state"], "cancelled");
    let words = buildbot.last_words(build).await;
    assert!(words.contains("nobody wants it any more"), "{words}");
    assert_eq!(operation["reason"], words);
}
