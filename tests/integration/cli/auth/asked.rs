//! `lro wait` and `lro status` with what is found on the machine: what is sent to whom, and what each end tells.

use std::time::Duration;

use super::{Machine, PASSWORD, clouds, issued, keystone, unlisted};
use crate::support::command::run;
use crate::support::server::{Reply, Server, Then};
use crate::support::{PATH, PENDING, SUCCESS};

/// The tokens that were sent, in order.
fn tokens(server: &Server) -> Vec<String> {
    server.hits().iter().map(|hit| hit.header("x-auth-token").unwrap_or("none").to_owned()).collect()
}

#[tokio::test]
async fn a_cloud_is_all_that_a_wait_needs() {
    let plas = Server::start([Reply::json(200, PENDING), Reply::json(200, SUCCESS)]).await;
    let keystone = keystone("t0ken", &plas.url()).await;
    let machine = Machine::new("asked-cloud", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let ended = run(&mut machine.lro(&["wait", "c1/o1", "--interval", "20ms", "-o", "json"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let place =
        "waiting for c1/o1 at the public endpoint of type `plas` in region `eu-de` that the catalog names";
    let who =
        "asking as user `alice` of domain `D`, project `eu-de`, by `dev`, the only cloud in HERE/clouds.yaml";
    let told = machine.here(&ended.stderr);
    assert!(told.starts_with(&format!("{who}\n[0s] {place}, at most 30m\n")), "{told}");
    assert!(ended.stderr.contains(&format!("\nthe catalog has it at {}\n", plas.url())), "{}", ended.stderr);
    assert!(ended.stdout.contains(&format!(r#""url":"{}{PATH}""#, plas.url())), "{}", ended.stdout);
    assert_eq!(tokens(&plas), ["t0ken"; 2]);
    assert_eq!(keystone.hits().len(), 1);
}

#[tokio::test]
async fn a_service_that_the_catalog_does_not_name_is_not_said_to_be_in_it() {
    let plas = Server::start([Reply::json(200, SUCCESS)]).await;
    let keystone = Server::start([unlisted("t0ken")]).await;
    let constant = format!("region_name: eu-de\n    plas_endpoint: {}", plas.url());
    let file = clouds(&keystone.url()).replace("region_name: eu-de", &constant);
    let machine = Machine::new("asked-unlisted", &[("clouds.yaml", &file)]);
    let ended = run(&mut machine.lro(&["wait", "c1/o1"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let told = format!("\nthe catalog does not name it; asking at {}\n", plas.url());
    assert!(ended.stderr.contains(&told) && !ended.stderr.contains("has it at"), "{}", ended.stderr);
    let ended = run(&mut machine.lro(&["auth", "--check"])).await;
    let told = format!("\nendpoint   {} (cloud `dev` in HERE/clouds.yaml)\n", plas.url());
    assert!(machine.here(&ended.stdout).contains(&told), "{}", ended.stdout);
}

#[tokio::test]
async fn a_cloud_that_nobody_named_is_not_used_at_an_endpoint_that_somebody_did() {
    let plas = Server::start([Reply::json(401, "")]).await;
    let keystone = keystone("t0ken", &plas.url()).await;
    let machine = Machine::new("asked-implied", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let url = format!("{}{PATH}", plas.url());
    let ended = run(&mut machine.lro(&["wait", &url])).await;
    assert_eq!(ended.code, Some(4));
    assert_eq!(tokens(&plas), ["none"]);
    assert_eq!(keystone.hits().len(), 0);
    assert!(
        ended.stderr.contains("hint: no credentials were sent: name a cloud with --os-cloud"),
        "{}",
        ended.stderr
    );
    // Named, it is; the same token again is not worth a second try.
    let ended = run(&mut machine.lro(&["wait", &url, "--os-cloud", "dev"])).await;
    assert_eq!(ended.code, Some(4));
    assert_eq!(tokens(&plas), ["none", "t0ken"]);
}

#[tokio::test]
async fn a_token_never_goes_to_a_cloud_that_nobody_named() {
    let plas = Server::start([Reply::json(200, SUCCESS)]).await;
    let file = format!("clouds:\n  dev:\n    plas_endpoint_override: {}\n", plas.url());
    let machine = Machine::new("asked-unnamed", &[("clouds.yaml", &file), ("token", "t0ken")]);
    let by_variable = ("LRO_TOKEN", "t0ken");
    for (args, variable) in [
        (&[][..], by_variable),
        (&["--token-file", "token"], ("UNUSED", "")),
        (&["--token-command", "cat token"], ("UNUSED", "")),
    ] {
        let wait = || {
            let mut command = machine.lro(&[&["wait", "c1/o1"], args].concat());
            command.env(variable.0, variable.1);
            command
        };
        let before = plas.hits().len();
        let ended = run(&mut wait()).await;
        assert_eq!(ended.code, Some(2), "{args:?}\n{}", ended.stderr);
        assert!(ended.stderr.starts_with("error: it is not said where the API is\n"), "{}", ended.stderr);
        assert_eq!(plas.hits().len(), before);
        let ended = run(wait().env("OS_CLOUD", "dev")).await;
        assert_eq!(ended.code, Some(0), "{args:?}\n{}", ended.stderr);
        assert_eq!(tokens(&plas).last().map(String::as_str), Some("t0ken"));
    }
}

#[tokio::test]
async fn a_broken_proxy_is_in_the_way_of_a_login_too() {
    let keystone = Server::start([issued("t0ken", "https://plas.example")]).await;
    let machine = Machine::new("asked-proxy", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let mut command =
        machine.lro(&["status", "c1/o1", "--os-cloud", "dev", "--endpoint", "https://plas.example"]);
    let ended = run(command.env("HTTP_PROXY", "ftp://127.0.0.1")).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("the one in the variable HTTP_PROXY: "), "{}", ended.stderr);
    assert_eq!(keystone.hits().len(), 0, "the password did not go around it");
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_and_ends_the_wait_at_once() {
    let plas = Server::start([Reply::json(200, SUCCESS)]).await;
    let keystone =
        Server::start([Reply::json(401, format!(r#"{{"error":{{"message":"not {PASSWORD}"}}}}"#))]).await;
    let machine = Machine::new("asked-wrong", &[("clouds.yaml", &clouds(&keystone.url()))]);
    for args in [&["wait", "c1/o1"][..], &["wait", "c1/o1", "--endpoint", &plas.url(), "--os-cloud", "dev"]] {
        let before = keystone.hits().len();
        let ended = run(&mut machine.lro(args)).await;
        assert_eq!(ended.code, Some(4), "{}", ended.stderr);
        assert_eq!(keystone.hits().len(), before + 1);
        assert!(ended.stderr.contains("caused by: HTTP 401 Unauthorized: not …\n"), "{}", ended.stderr);
        assert!(
            ended.stderr.contains("asked as user `alice` of domain `D`, project `eu-de`"),
            "{}",
            ended.stderr
        );
        assert!(
            ended.stderr.contains("hint: check who asks, and the secret; it was asked once only"),
            "{}",
            ended.stderr
        );
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains(PASSWORD));
        assert_eq!(ended.stdout.split('\t').nth(1), Some("unknown"));
    }
    assert_eq!(plas.hits().len(), 0);
}

#[tokio::test]
async fn a_wrong_password_is_tried_once_even_if_the_refusal_is_slower_than_a_poll_may_be() {
    let slow = Reply::json(401, "{}").then(Then::Drip(Duration::from_millis(10)));
    let keystone = Server::start([slow]).await;
    let machine = Machine::new("asked-slow", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let quick = ["--poll-timeout", "400ms", "--interval", "20ms"];
    let ended = run(&mut machine.lro(&[&["wait", "c1/o1"][..], &quick].concat())).await;
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert!(ended.stderr.contains("no answer within 400ms"), "{}", ended.stderr);
    assert_eq!(keystone.hits().len(), 1);
}

#[tokio::test]
async fn a_renewal_that_is_denied_is_told_like_a_login_that_is() {
    let plas = Server::start([Reply::json(200, PENDING), Reply::json(401, "")]).await;
    let keystone = Server::start([issued("t0ken", &plas.url()), Reply::json(401, "")]).await;
    let machine = Machine::new("asked-renewal", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let ended = run(&mut machine.lro(&["wait", "c1/o1", "--interval", "20ms"])).await;
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert_eq!((plas.hits().len(), keystone.hits().len()), (2, 2));
    for told in [
        "last known state: pending",
        "asked as user `alice` of domain `D`, project `eu-de`",
        "hint: check who asks, and the secret; it was asked once only",
    ] {
        assert!(ended.stderr.contains(told), "{told}\n{}", ended.stderr);
    }
}

#[tokio::test]
async fn an_identity_service_that_is_none_is_a_clear_end() {
    for (reply, told) in [
        (Reply::new(200, "text/html", "<html>hello</html>"), "is not the token of a Keystone v3"),
        (Reply::json(300, r#"{"versions":{}}"#), "HTTP 300 Multiple Choices"),
        (Reply::json(503, ""), "HTTP 503 Service Unavailable"),
        (Reply::json(404, ""), "HTTP 404 Not Found"),
        (Reply::nothing(Then::Close), "no answer from"),
        (Reply::nothing(Then::Hang), " has not answered\n"),
    ] {
        let keystone = Server::start([reply]).await;
        let machine = Machine::new("asked-none", &[("clouds.yaml", &clouds(&keystone.url()))]);
        let quick = ["--max-errors", "1", "--poll-timeout", "500ms", "--interval", "10ms"];
        let ended = run(&mut machine.lro(&[&["wait", "c1/o1"][..], &quick].concat())).await;
        assert_eq!(ended.code, Some(3), "{told}\n{}", ended.stderr);
        assert!(ended.stderr.contains(told), "{told}\n{}", ended.stderr);
    }
    let keystone = Server::start([Reply::nothing(Then::Hang)]).await;
    let machine = Machine::new("asked-silent", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let ended = run(&mut machine.lro(&["wait", "c1/o1", "-t", "1s"])).await;
    assert_eq!(ended.code, Some(124));
    let silent = format!("the identity service {} has not answered\n", keystone.url());
    assert!(ended.stderr.contains(&silent), "{}", ended.stderr);
}

#[tokio::test]
async fn an_identity_service_that_recovers_is_outwaited() {
    let plas = Server::start([Reply::json(200, SUCCESS)]).await;
    let tired = Reply::json(503, "").header("Retry-After", "0");
    let keystone = Server::start([tired, issued("t0ken", &plas.url())]).await;
    let machine = Machine::new("asked-tired", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let ended = run(&mut machine.lro(&["wait", "c1/o1"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let fault = format!("[0s] {} gave no token: HTTP 503 Service Unavailable\n", keystone.url());
    assert!(ended.stderr.contains(&fault), "{}", ended.stderr);
    assert_eq!(keystone.hits().len(), 2);
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_and_ends_too_soon_is_warned_of_before_anything_else() {
    let plas = Server::start([Reply::json(200, PENDING), Reply::json(200, SUCCESS)]).await;
    let shown = issued("given", &plas.url());
    for (timeout, told) in
        [("2h", ", before the limit of 2h; "), ("none", ", and the wait has no limit; "), ("30m", "")]
    {
        let keystone = Server::start([shown.clone()]).await;
        let machine = Machine::new("asked-ending", &[]);
        let mut command = machine.lro(&["wait", "c1/o1", "--interval", "20ms", "-t", timeout]);
        let ended = run(command.env("OS_TOKEN", "given").env("OS_AUTH_URL", keystone.url())).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let warning = ended.stderr.lines().find(|line| line.starts_with("warning: "));
        match told {
            "" => assert_eq!(warning, None),
            told => assert!(warning.expect("a warning").contains(told), "{}", ended.stderr),
        }
    }
}

#[tokio::test]
async fn an_access_key_signs_in_the_form_that_is_asked_for_and_asks_once() {
    for (args, form) in [
        (&[][..], "SDK-HMAC-SHA256 Credential=AK/"),
        (&["--signature", "credential/eu-de/plas"], "SDK-HMAC-SHA256 Credential=AK/"),
        (&["--signature", "access"], "SDK-HMAC-SHA256 Access=AK, "),
    ] {
        let plas = Server::start([Reply::json(
            401,
            r#"{"error_code":"APIG.0301","error_msg":"verify aksk signature fail"}"#,
        )])
        .await;
        let machine = Machine::new("asked-key", &[]);
        let mut command = machine.lro(&[&["wait", "c1/o1", "--endpoint", &plas.url()], args].concat());
        command.env("OS_ACCESS_KEY", "AK").env("OS_SECRET_KEY", PASSWORD).env("OS_PROJECT_ID", "p1");
        let ended = run(&mut command).await;
        assert_eq!(ended.code, Some(4), "{}", ended.stderr);
        let hits = plas.hits();
        assert_eq!(hits.len(), 1, "keys are locked after a few failures");
        let sent = hits[0].header("authorization").expect("a signature");
        assert!(sent.starts_with(form), "{sent}");
        assert_eq!(
            sent.contains("/eu-de/plas/sdk_request"),
            args.contains(&"credential/eu-de/plas"),
            "{sent}"
        );
        assert_eq!(hits[0].header("x-project-id"), Some("p1"));
        assert!(
            ended.stderr.contains("asked as access key `AK`, project with id `p1` (access key)"),
            "{}",
            ended.stderr
        );
        assert!(
            ended.stderr.contains("hint: check the key, its secret and the project id"),
            "{}",
            ended.stderr
        );
        let signature = sent.rsplit('=').next().expect("a signature");
        assert!(!ended.stderr.contains(PASSWORD) && !ended.stderr.contains(signature), "{}", ended.stderr);
    }
    let ended = run(&mut Machine::new("asked-form", &[]).lro(&["wait", "c1/o1", "--signature", "v4"])).await;
    assert_eq!(ended.code, Some(2));
    assert!(ended.stderr.contains("credential/REGION/SERVICE"), "{}", ended.stderr);
}

#[tokio::test]
async fn other_clouds_credentials_are_never_taken() {
    let plas = Server::start([Reply::json(401, "")]).await;
    let machine = Machine::new("asked-others", &[]);
    let mut command = machine.lro(&["wait", "c1/o1", "--endpoint", &plas.url()]);
    for name in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_SECRET_KEY",
        "S3_ACCESS_KEY_ID",
        "HUAWEICLOUD_SDK_AK",
        "HUAWEICLOUD_SDK_SK",
    ] {
        command.env(name, "other");
    }
    assert_eq!(run(&mut command).await.code, Some(4));
    let hit = &plas.hits()[0];
    assert_eq!((hit.header("authorization"), hit.header("x-auth-token")), (None, None));
}

#[tokio::test]
async fn a_cloud_that_accepts_every_certificate_is_warned_of() {
    let plas = Server::start([Reply::json(200, SUCCESS)]).await;
    let keystone = keystone("t0ken", &plas.url()).await;
    let file = clouds(&keystone.url()).replace("region_name: eu-de", "region_name: eu-de\n    verify: false");
    let machine = Machine::new("asked-verify", &[("clouds.yaml", &file)]);
    let ended = run(&mut machine.lro(&["wait", "c1/o1"])).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let told = machine.here(&ended.stderr);
    assert!(told.contains("\nwarning: cloud `dev` in HERE/clouds.yaml accepts every certificate"), "{told}");
}
