//! A real SOCKS5 proxy, with a password and without: who resolves the name, and what it means when it refuses.
//! HTTP proxies are looked at beside.

use super::{assert_ends, assert_succeeded, stage, trusting, wait};
use crate::support::command::run;
use crate::support::nginx::{Setup, certificate, directory};
use crate::support::real::variable;

fn open() -> String {
    variable("net", "LRO_TEST_NET_SOCKS")
}

fn guarded() -> String {
    variable("net", "LRO_TEST_NET_SOCKS_GUARDED")
}

/// Where the proxy says it connected to, of what goes to this port.
fn connected(port: &str) -> Vec<String> {
    let log = std::fs::read_to_string(directory().join("socks.log")).expect("a log");
    let to = log.lines().filter_map(|line| line.split_once("connected to ").map(|(_, to)| to.to_owned()));
    to.filter(|to| to.ends_with(&format!(":{port}"))).collect()
}

#[tokio::test]
#[ignore = "needs a real proxy; .ci/run starts one"]
async fn the_name_is_resolved_by_whom_the_scheme_says() {
    let (nginx, _server) = stage("socks", Setup::HTTP2).await;
    let url = nginx.url().replace("127.0.0.1", "localhost");
    let address = nginx.address();
    let (_, port) = address.split_once(':').expect("a port");
    for (scheme, to) in [("socks5", "127.0.0.1"), ("socks5h", "localhost")] {
        let before = connected(port).len();
        let proxy = format!("{scheme}://{}", open());
        assert_succeeded(&run(&mut trusting(&url, &["--proxy", &proxy])).await);
        assert_succeeded(&run(trusting(&url, &[]).env("ALL_PROXY", &proxy)).await);
        let to = format!("{to}:{port}");
        assert_eq!(connected(port)[before..], [to.clone(), to]);
    }
    // A name that nobody has: here it is this machine that cannot find it, there it is the proxy.
    for (scheme, why) in
        [("socks5", "failed to lookup address"), ("socks5h", "SOCKS error: general server failure")]
    {
        let proxy = format!("{scheme}://{}", open());
        let args = ["--max-errors", "1", "--proxy", &proxy];
        let why = format!("could not connect to https://nowhere.invalid: {why}");
        assert_ends(&mut wait("https://nowhere.invalid", &args), 3, &[&why]).await;
    }
}

#[tokio::test]
#[ignore = "needs a real proxy; .ci/run starts one"]
async fn what_goes_through_is_plain_or_encrypted_and_shows_its_certificate() {
    let proxy = format!("socks5h://{}", open());
    let (nginx, _server) = stage("socks-plain", Setup::PLAIN).await;
    assert_succeeded(&run(&mut wait(&nginx.url(), &["--proxy", &proxy])).await);
    let asking = format!("ssl_verify_client on; ssl_client_certificate {};", certificate("ours.pem"));
    let (nginx, _server) = stage("socks-client", Setup { server: &asking, ..Setup::TLS }).await;
    let [cert, key] = ["client.pem", "client.key"].map(certificate);
    let args = ["--proxy", &proxy, "--cert", &cert, "--key", &key];
    assert_succeeded(&run(&mut trusting(&nginx.url(), &args)).await);
}

#[tokio::test]
#[ignore = "needs a real proxy; .ci/run starts one"]
async fn a_password_lets_through_and_a_wrong_one_or_none_ends_the_wait_at_once() {
    let password = variable("net", "LRO_TEST_NET_PASSWORD");
    let (nginx, server) = stage("socks-guarded", Setup::TLS).await;
    let through = |proxy: String| {
        let mut command = trusting(&nginx.url(), &["-v"]);
        command.env("ALL_PROXY", proxy);
        command
    };
    let ended = run(&mut through(format!("socks5h://alice:{password}@{}", guarded()))).await;
    assert_succeeded(&ended);
    assert!(!ended.stderr.contains(&password), "{}", ended.stderr);

    let hint =
        "hint: the proxy wants to know who asks: its user name and password go into the variable HTTPS_PROXY";
    for (credentials, why) in [
        ("alice:a-wrong-password@", "it does not accept the user name and the password"),
        ("", "it does not accept the way to log in, with or without a password"),
    ] {
        let why = format!("the proxy does not let us through to {}: {why}", nginx.url());
        let mut command = through(format!("socks5h://{credentials}{}", guarded()));
        let ended = assert_ends(&mut command, 3, &[&why, hint]).await;
        // Accounts are locked after a few failures.
        assert!(ended.stderr.contains(" and 1 poll\n"), "{}", ended.stderr);
        assert!(!ended.stderr.contains("a-wrong-password"), "{}", ended.stderr);
    }
    assert_eq!(server.hits().len(), 1);
    let proxy = "socks5h://127.0.0.1:9";
    let why = "SOCKS error: failed to create underlying connection";
    assert_ends(&mut trusting(&nginx.url(), &["--proxy", proxy, "--max-errors", "1"]), 3, &[why]).await;
}
