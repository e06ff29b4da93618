//! A token is sent as the API takes it, or as a flag says; and what lies around for one cloud is not for others.

use std::path::PathBuf;

use super::wait;
use crate::support::command::{Ended, lro, run};
use crate::support::server::{Reply, Server};

/// What the server got in `Authorization` and `X-Auth-Token`.
async fn sent(args: &[&str], env: &[(&str, &str)]) -> (Ended, Vec<[Option<String>; 2]>) {
    let server = Server::start([Reply::json(403, "")]).await;
    let url = format!("{}/x", server.url());
    let ended = run(lro(&["wait", &url]).args(args).envs(env.iter().copied())).await;
    let of = |name| move |hit: &crate::support::server::Hit| hit.header(name).map(str::to_owned);
    let hits = server.hits();
    (ended, hits.iter().map(|hit| [of("authorization")(hit), of("x-auth-token")(hit)]).collect())
}

#[tokio::test]
async fn each_api_gets_the_token_in_its_own_way() {
    let bearer = || [Some("Bearer some-token".to_owned()), None];
    let openstack = || [None, Some("some-token".to_owned())];
    for (args, expected) in [
        (&["--preset", "openstack-server"][..], openstack()),
        (&["--preset", "gitlab-pipeline"], bearer()),
        (&["--preset", "buildbot-build"], [None, None]),
        (&["--until-gone"], bearer()),
        (&["--preset", "openstack-server", "--bearer"], bearer()),
        (&["--preset", "buildbot-build", "--bearer"], bearer()),
    ] {
        let (ended, sent) = sent(args, &[("LRO_TOKEN", "some-token")]).await;
        assert_eq!(ended.code, Some(4), "{args:?} {}", ended.stderr);
        assert_eq!(sent, [expected], "{args:?}");
    }
    let basic = "Basic bWU6cGFzcw==".to_owned();
    let (_, told) = sent(&["--preset", "gitlab-pipeline", "--basic"], &[("LRO_TOKEN", "me:pass")]).await;
    assert_eq!(told, [[Some(basic), None]]);
}

#[tokio::test]
async fn who_says_how_to_send_a_token_has_one() {
    for (args, told) in [
        (&["--bearer"][..], "--bearer has nothing to send\n"),
        (&["--basic"], "--basic has nothing to send\n"),
    ] {
        let (ended, sent) = sent(&[&["--until-gone"], args].concat(), &[]).await;
        assert_eq!((ended.code, sent.len()), (Some(2), 0), "{}", ended.stderr);
        assert!(ended.stderr.contains(told) && ended.stderr.contains("LRO_TOKEN"), "{}", ended.stderr);
    }
    let (ended, sent) = sent(&["--until-gone", "--basic"], &[("LRO_TOKEN", "no-colon")]).await;
    assert_eq!((ended.code, sent.len()), (Some(2), 0), "{}", ended.stderr);
    assert!(!ended.stderr.contains("no-colon"), "{}", ended.stderr);
}

#[tokio::test]
async fn what_is_for_openstack_is_not_for_others() {
    let folder =
        PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("shape-cloud-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let clouds = folder.join("clouds.yaml");
    std::fs::write(
        &clouds,
        "clouds:\n  only:\n    auth_type: v3token\n    auth: {auth_url: 'http://127.0.0.1:9', token: abc}\n",
    )
    .unwrap();
    let file = clouds.to_str().unwrap();
    let env = [
        ("OS_CLIENT_CONFIG_FILE", file),
        ("OS_TOKEN", "os-token"),
        ("OS_AUTH_TYPE", "v3token"),
        ("OS_AUTH_URL", "http://127.0.0.1:9"),
    ];
    for preset in ["gitlab-pipeline", "buildbot-build", "http-202"] {
        let (ended, sent) = sent(&["--preset", preset], &env).await;
        assert_eq!(sent, [[None, None]], "{}", ended.stderr);
        assert!(ended.stderr.contains("no credentials were sent"), "{}", ended.stderr);
    }
    // They do mean something to one of OpenStack's.
    let (ended, sent) = sent(&["--preset", "openstack-server", "--max-errors", "1"], &env).await;
    assert_eq!(sent.len(), 0, "{}", ended.stderr);
    std::fs::remove_dir_all(&folder).unwrap();
}

#[tokio::test]
async fn a_header_of_ones_own_says_who_asks() {
    let file = format!("{}/shape-header-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    std::fs::write(&file, "Authorization: ApiKey s3cretsecret\n").unwrap();
    let at = format!("@{file}");
    let (server, ended) =
        wait(&[Reply::json(403, r#"{"message":"s3cretsecret"}"#)], &["--until-gone", "-H", &at]).await;
    assert_eq!(server.hits()[0].header("authorization"), Some("ApiKey s3cretsecret"));
    assert!(ended.stderr.contains("asked with the header Authorization\n"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("s3cret") && !ended.stdout.contains("s3cret"), "{}", ended.stderr);
    let (ended, sent) = sent(&["--until-gone", "-H", &at], &[("LRO_TOKEN", "some-token")]).await;
    assert_eq!((ended.code, sent.len()), (Some(2), 0), "{}", ended.stderr);
    assert!(ended.stderr.contains("there are two ways to say who asks"), "{}", ended.stderr);
    std::fs::remove_file(&file).unwrap();
}
