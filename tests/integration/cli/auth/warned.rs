//! What is warned of before anything is asked, or as soon as it is known: what others may read, and what ends.
//! That a wait goes on all the same is part of it.

use super::{Machine, PASSWORD, issued};
use crate::support::command::{run, run_with_input};
use crate::support::server::{Reply, Server};
use crate::support::{PENDING, SUCCESS};

/// The warnings, without the word.
fn warnings(stderr: &str) -> Vec<&str> {
    stderr.lines().filter_map(|line| line.strip_prefix("warning: ")).collect()
}

/// What is said of such an address, where somebody's credentials are sent.
fn readable(url: &str) -> String {
    told(url, "credentials")
}

/// What is said where nobody asks: that it ended well may be a lie.
fn changeable(url: &str) -> String {
    told(url, "the outcome")
}

fn told(url: &str, what: &str) -> String {
    format!(
        "{url} is asked without encryption: whoever is in between can read and change everything, {what} included; ask \
         it with https://, and let --require-https refuse anything else"
    )
}

#[tokio::test]
async fn what_is_readable_on_the_way_is_warned_of() {
    let everyone = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("http://plas.example{}", crate::support::PATH);
    let token = ("LRO_TOKEN", "t0ken");
    let wait = ["wait", &url, "--proxy", &everyone.url()];
    let status = ["status", &url, "--proxy", &everyone.url()];
    let quiet = [&wait[..], &["-q"]].concat();
    let machine = Machine::new("warned-readable", &[]);
    for (args, variable, expected) in [
        (&wait[..], Some(token), vec![readable("http://plas.example")]),
        (&status, Some(token), vec![readable("http://plas.example")]),
        (&wait, None, vec![changeable("http://plas.example")]),
        (&quiet, Some(token), vec![]),
    ] {
        let ended = run(machine.lro(args).envs(variable)).await;
        assert_eq!(ended.code, Some(0), "{args:?}\n{}", ended.stderr);
        assert_eq!(warnings(&ended.stderr), expected, "{args:?}");
    }
    for endpoint in ["http://127.0.0.1:9", "http://localhost:9", "http://[::1]:9", "https://plas.example"] {
        let ended = run(machine.lro(&["auth", "--endpoint", endpoint]).envs([token])).await;
        assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""), "{endpoint}");
    }
}

#[tokio::test]
async fn a_password_and_a_place_of_the_catalog_that_are_readable_on_the_way_are_warned_of() {
    let [iam, plas] = ["http://iam.example", "http://plas.example"];
    for (keystone, expected) in
        [(iam, vec![readable(iam), readable(plas)]), ("http://localhost", vec![readable(plas)])]
    {
        let replies = [issued("t0ken", plas), Reply::json(200, PENDING), Reply::json(200, SUCCESS)];
        let everyone = Server::start(replies).await;
        let machine = Machine::new("warned-catalog", &[("clouds.yaml", &super::clouds(keystone))]);
        let wait = ["wait", "c1/o1", "--interval", "20ms", "--os-cloud", "dev", "--proxy", &everyone.url()];
        let ended = run(&mut machine.lro(&wait)).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(warnings(&ended.stderr), expected);
        let is_first = ended.stderr.starts_with(&format!("warning: {iam}"));
        assert_eq!(is_first, keystone == iam, "{}", ended.stderr);
    }
}

#[tokio::test]
async fn one_origin_is_warned_of_once() {
    let cloud = "http://cloud.example";
    let replies = [issued("t0ken", cloud), Reply::json(200, SUCCESS)];
    let everyone = Server::start(replies).await;
    let machine = Machine::new("warned-once", &[("clouds.yaml", &super::clouds(cloud))]);
    let wait = ["wait", "c1/o1", "--os-cloud", "dev", "--proxy", &everyone.url(), "--endpoint", cloud];
    let ended = run(&mut machine.lro(&wait)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!(warnings(&ended.stderr), [readable(cloud)]);
}

#[tokio::test]
async fn what_would_be_asked_without_encryption_is_refused_on_demand() {
    let told = |url: &str| format!("`{url}` would be asked without encryption, and that is not to be\n");
    let everyone = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("http://plas.example{}", crate::support::PATH);
    let token = ("LRO_TOKEN", "t0ken");
    let iam = super::clouds("http://iam.example");
    let machine = Machine::new("required", &[("clouds.yaml", &iam)]);
    let proxy = everyone.url();
    for (args, variable, where_to) in [
        (vec!["wait", &url, "--require-https"], token, "http://plas.example"),
        (vec!["status", &url, "--require-https"], token, "http://plas.example"),
        (vec!["submit", "POST", "http://plas.example/a", "--require-https"], token, "http://plas.example"),
        (vec!["auth", "--endpoint", "http://plas.example", "--require-https"], token, "http://plas.example"),
        (vec!["wait", "c1/o1", "--require-https", "--os-cloud", "dev"], token, "http://iam.example"),
        (vec!["wait", &url], ("LRO_REQUIRE_HTTPS", "1"), "http://plas.example"),
        (vec!["wait", &url], ("LRO_REQUIRE_HTTPS", "true"), "http://plas.example"),
    ] {
        let ended = run(machine.lro(&args).args(["--proxy", &proxy]).envs([variable])).await;
        assert_eq!(ended.code, Some(2), "{args:?}\n{}", ended.stderr);
        assert!(
            ended.stderr.starts_with(&format!("error: {}", told(where_to))),
            "{args:?}\n{}",
            ended.stderr
        );
        assert!(ended.stderr.contains("\n  hint: write https:// there"), "{}", ended.stderr);
    }
    assert_eq!(everyone.hits().len(), 0);
    for variable in ["", "0", "false"] {
        let mut command = machine.lro(&["wait", &url, "--proxy", &proxy]);
        let ended = run(command.env("LRO_REQUIRE_HTTPS", variable)).await;
        assert_eq!(ended.code, Some(0), "{variable}\n{}", ended.stderr);
    }
    // Loopback is asked, and what is to be typed to go on says it again.
    let pending = Server::start([Reply::json(200, PENDING)]).await;
    let here = format!("{}{}", pending.url(), crate::support::PATH);
    let ended = run(&mut machine.lro(&["wait", &here, "--require-https", "-t", "200ms"])).await;
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    assert!(ended.stderr.contains("lro wait --require-https http"), "{}", ended.stderr);
}

#[tokio::test]
async fn where_a_server_leads_it_is_not_asked_without_encryption_on_demand() {
    let keystone = Server::start([issued("t0ken", "http://plas.example")]).await;
    let machine = Machine::new("required-catalog", &[("clouds.yaml", &super::clouds(&keystone.url()))]);
    let wait = ["wait", "c1/o1", "--os-cloud", "dev", "--require-https"];
    let ended = run(&mut machine.lro(&wait)).await;
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    let told = "caused by: `http://plas.example` would be asked without encryption, and that is not to be\n";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    let located = Server::start([Reply::json(202, "").header("Location", "http://other.example/op")]).await;
    let url = format!("{}/a", located.url());
    let submit = ["submit", "POST", &url, "--preset", "http-202", "--allow-host", "other.example"];
    let ended = run(machine.lro(&submit).arg("--require-https")).await;
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("http://other.example` would be asked without encryption"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("hint: the server should lead to https://"), "{}", ended.stderr);
    // In a list nothing is sent, and the line is not asked.
    let list =
        format!("{}{}\nhttp://plas.example{}\n", located.url(), crate::support::PATH, crate::support::PATH);
    let args = ["wait", "-", "--endpoint", &located.url(), "--require-https", "-t", "300ms"];
    let before = located.hits().len();
    let ended = run_with_input(&mut machine.lro(&args), &list).await;
    assert_eq!(ended.code, Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("`http://plas.example` would be asked without"), "{}", ended.stderr);
    assert_eq!(located.hits().len(), before);
}

#[tokio::test]
async fn a_temporary_access_key_is_warned_of_when_it_is_waited_with() {
    let plas = Server::start([Reply::json(200, SUCCESS)]).await;
    let machine = Machine::new("warned-key", &[]);
    for (verb, security_token, expected) in [
        (
            "wait",
            Some("t0ken"),
            "the access key is a temporary one: it ends at a time that is not known here and cannot be renewed, and the \
             wait will end with it",
        ),
        ("wait", None, ""),
        ("status", Some("t0ken"), ""),
    ] {
        let mut command = machine.lro(&[verb, "c1/o1", "--endpoint", &plas.url()]);
        command.env("OS_ACCESS_KEY", "AK").env("OS_SECRET_KEY", PASSWORD);
        let ended = run(command.envs(security_token.map(|token| ("OS_SECURITY_TOKEN", token)))).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        assert_eq!(warnings(&ended.stderr).concat(), expected, "{verb}");
    }
}
