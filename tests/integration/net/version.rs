//! Servers of other times, and servers that speak something else than they are asked in.
//! Whose certificate they show is not looked at here.

use super::{assert_ends, assert_succeeded, stage, trusting, wait};
use crate::support::command::run;
use crate::support::nginx::Setup;

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn either_version_of_tls_will_do() {
    for server in ["ssl_protocols TLSv1.2;", "ssl_protocols TLSv1.3;"] {
        for setup in [Setup::TLS, Setup::HTTP2] {
            let (nginx, _server) = stage("version", Setup { server, ..setup }).await;
            assert_succeeded(&run(&mut trusting(&nginx.url(), &[])).await);
        }
    }
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_server_of_old_is_told_as_one() {
    let server = "ssl_protocols TLSv1 TLSv1.1; ssl_ciphers ALL:@SECLEVEL=0;";
    let (nginx, _server) = stage("old-version", Setup { server, ..Setup::TLS }).await;
    let why = format!(
        "could not connect to {}: the server speaks neither TLS 1.2 nor TLS 1.3 (alert ProtocolVersion)",
        nginx.url()
    );
    assert_ends(&mut trusting(&nginx.url(), &["--max-errors", "1"]), 3, &[&why]).await;

    let server = "ssl_protocols TLSv1.2; ssl_ciphers AES128-SHA;";
    let (nginx, _server) = stage("old-cipher", Setup { server, ..Setup::TLS }).await;
    let why = "the server accepts nothing of what it is offered, or wants to see a client certificate";
    assert_ends(&mut trusting(&nginx.url(), &[]), 3, &[why]).await;
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn one_side_with_tls_and_the_other_without_are_told_what_to_ask_in() {
    let (nginx, plain) = stage("plain", Setup::PLAIN).await;
    let said = ["what answers there does not speak TLS", "hint: the endpoint may be one for http://"];
    let url = nginx.url().replace("http://", "https://");
    assert_ends(&mut trusting(&url, &["--max-errors", "1"]), 3, &said).await;

    let (nginx, encrypted) = stage("encrypted", Setup::TLS).await;
    let said =
        ["400 The plain HTTP request was sent to HTTPS port", "hint: ask with https:// instead of http://"];
    assert_ends(&mut wait(&nginx.url().replace("https://", "http://"), &[]), 3, &said).await;
    assert!(plain.hits().is_empty() && encrypted.hits().is_empty());
}
