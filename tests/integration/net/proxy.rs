//! A real HTTP proxy, with a password and without, before what is asked with TLS and without.
//! A proxy that misbehaves is scripted elsewhere.

use super::{assert_ends, assert_succeeded, stage, trusting, wait};
use crate::support::command::run;
use crate::support::nginx::{Setup, certificate, directory};
use crate::support::real::variable;

/// The address of the proxy that lets everyone through.
fn open() -> String {
    variable("net", "LRO_TEST_NET_HTTP")
}

/// The address of the one that wants a password.
fn guarded() -> String {
    variable("net", "LRO_TEST_NET_HTTP_GUARDED")
}

const WRONG: &str = "a-wrong-password";
const HINT: &str =
    "hint: the proxy wants to know who asks: its user name and password go into the variable HTTPS_PROXY";

/// The lines of the log of this proxy about this server.
fn log(name: &str, server: &str) -> Vec<String> {
    let log = std::fs::read_to_string(directory().join(name)).expect("a log");
    log.lines().filter(|line| line.contains("Request") && line.contains(server)).map(str::to_owned).collect()
}

#[tokio::test]
#[ignore = "needs a real proxy; .ci/run starts one"]
async fn a_proxy_is_gone_through_as_flag_or_variables_say() {
    let (plain, _plain) = stage("proxied", Setup::PLAIN).await;
    let (encrypted, _encrypted) = stage("tunnelled", Setup::HTTP2).await;
    let proxy = format!("http://{}", open());
    let requests = |of: &str| log("http.log", of).len();
    assert_succeeded(&run(&mut wait(&plain.url(), &["--proxy", &proxy])).await);
    assert_succeeded(&run(&mut trusting(&encrypted.url(), &["--proxy", &proxy])).await);
    assert_succeeded(&run(wait(&plain.url(), &[]).env("HTTP_PROXY", &proxy)).await);
    assert_succeeded(&run(trusting(&encrypted.url(), &[]).env("HTTPS_PROXY", &proxy)).await);
    assert_succeeded(&run(trusting(&encrypted.url(), &[]).env("ALL_PROXY", &proxy)).await);
    let (of_plain, of_encrypted) = (plain.address(), encrypted.address());
    assert_eq!((requests(&of_plain), requests(&of_encrypted)), (2, 3));
    // Of what is encrypted it learns where to and no more.
    let tunnels = log("http.log", &of_encrypted);
    assert!(
        tunnels.iter().all(|line| line.contains(&format!("CONNECT {of_encrypted} HTTP/1.1"))),
        "{tunnels:?}"
    );

    // None of these go through it.
    assert_succeeded(
        &run(trusting(&encrypted.url(), &["--proxy", &proxy]).env("NO_PROXY", "127.0.0.1")).await,
    );
    for nobody in ["127.0.0.1", "127.0.0.0/8", "*"] {
        let mut command = trusting(&encrypted.url(), &[]);
        assert_succeeded(&run(command.env("HTTPS_PROXY", &proxy).env("NO_PROXY", nobody)).await);
    }
    assert_succeeded(&run(wait(&plain.url(), &[]).env("HTTPS_PROXY", &proxy)).await);
    assert_eq!((requests(&of_plain), requests(&of_encrypted)), (2, 3));
}

#[tokio::test]
#[ignore = "needs a real proxy; .ci/run starts one"]
async fn a_proxy_with_a_password_is_told_it_and_nobody_else_is() {
    let password = variable("net", "LRO_TEST_NET_PASSWORD");
    let proxy = format!("http://alice:{password}@{}", guarded());
    let (plain, upstream) = stage("proxied-for-alice", Setup::PLAIN).await;
    let (encrypted, _encrypted) = stage("tunnelled-for-alice", Setup::TLS).await;
    for mut command in [wait(&plain.url(), &["-v"]), trusting(&encrypted.url(), &["-v"])] {
        let ended = run(command.env("ALL_PROXY", &proxy)).await;
        assert_succeeded(&ended);
        assert!(!format!("{}{}", ended.stdout, ended.stderr).contains(&password), "{}", ended.stderr);
    }
    assert_eq!(upstream.hits().len(), 1);
    assert_eq!(upstream.hits()[0].header("proxy-authorization"), None);
    // Every user of the machine can read the arguments of a process.
    let why = "--proxy holds a password, which every user of this machine could read";
    let ended = assert_ends(&mut wait(&plain.url(), &["--proxy", &proxy]), 2, &[why]).await;
    assert!(!ended.stderr.contains(&password), "{}", ended.stderr);
}

#[tokio::test]
#[ignore = "needs a real proxy; .ci/run starts one"]
async fn a_proxy_that_wants_a_password_ends_the_wait_and_says_where_it_goes() {
    let (plain, upstream) = stage("proxied-for-nobody", Setup::PLAIN).await;
    let (encrypted, _encrypted) = stage("tunnelled-for-nobody", Setup::TLS).await;
    let why = "HTTP 407 Proxy Authentication Required";
    let proxy = format!("http://{}", guarded());
    assert_ends(&mut wait(&plain.url(), &["--proxy", &proxy]), 3, &[why, HINT]).await;
    assert_ends(&mut trusting(&encrypted.url(), &["--proxy", &proxy]), 3, &[why, HINT]).await;

    // A wrong one is answered by this proxy as a server answers who may not ask: 401.
    let proxy = format!("http://alice:{WRONG}@{}", guarded());
    let through = |command: &mut tokio::process::Command| {
        command.env("ALL_PROXY", &proxy).args(["--max-errors", "1"]);
    };
    let mut command = wait(&plain.url(), &[]);
    through(&mut command);
    let said = ["HTTP 401 Unauthorized", "a proxy was asked, whose refusal this may be"];
    let ended = assert_ends(&mut command, 4, &said).await;
    assert!(!ended.stderr.contains(WRONG), "{}", ended.stderr);
    let mut command = trusting(&encrypted.url(), &[]);
    through(&mut command);
    let why = format!("could not connect to {}: the proxy opens no tunnel: unsuccessful", encrypted.url());
    let ended =
        assert_ends(&mut command, 3, &[&why, "hint: the proxy may not reach it, or want another password"])
            .await;
    assert!(!ended.stderr.contains(WRONG), "{}", ended.stderr);
    assert!(upstream.hits().is_empty());
}

#[tokio::test]
#[ignore = "needs a real proxy; .ci/run starts one"]
async fn a_tunnel_changes_nothing_of_whom_to_trust_and_what_to_show() {
    let proxy = format!("http://{}", open());
    let (nginx, _server) =
        stage("tunnelled-elsewhere", Setup { certificate: "elsewhere", ..Setup::TLS }).await;
    let why = "its certificate is not for 127.0.0.1, but for plas.example";
    assert_ends(&mut trusting(&nginx.url(), &["--proxy", &proxy]), 3, &[why]).await;

    let asking = format!("ssl_verify_client on; ssl_client_certificate {};", certificate("ours.pem"));
    let (nginx, _server) = stage("tunnelled-client", Setup { server: &asking, ..Setup::TLS }).await;
    let [cert, key] = ["client.pem", "client.key"].map(certificate);
    let args = ["--proxy", &proxy, "--cert", &cert, "--key", &key];
    assert_succeeded(&run(&mut trusting(&nginx.url(), &args)).await);
    assert_ends(&mut trusting(&nginx.url(), &args[..2]), 3, &["No required SSL certificate was sent"]).await;
}

#[tokio::test]
#[ignore = "needs a real proxy; .ci/run starts one"]
async fn what_cannot_be_reached_through_a_proxy_or_without_it_is_told() {
    let proxy = format!("http://{}", open());
    let once = ["--max-errors", "1", "--proxy"];
    let args = |proxy| [&once[..], &[proxy]].concat();
    let why = "HTTP 500 Internal Server Error: 500 Unable to connect";
    assert_ends(&mut wait("http://nowhere.invalid", &args(&proxy)), 3, &[why]).await;
    let why = "could not connect to https://nowhere.invalid: the proxy opens no tunnel: unsuccessful";
    assert_ends(&mut wait("https://nowhere.invalid", &args(&proxy)), 3, &[why]).await;
    // Nobody listens there.
    let (nginx, server) = stage("proxy-down", Setup::TLS).await;
    let why = "Connection refused";
    let hint = "hint: check the endpoint and the way there: network, proxy, firewall";
    assert_ends(&mut trusting(&nginx.url(), &args("http://127.0.0.1:9")), 3, &[why, hint]).await;
    assert!(server.hits().is_empty());
}
