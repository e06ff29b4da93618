//! An nginx that wants to see a client certificate: what it is shown, and what is told when it does not like that.
//! Whose certificate the server itself shows is not looked at here.

use super::{assert_ends, assert_succeeded, stage, trusting};
use crate::support::command::run;
use crate::support::nginx::{Nginx, Setup, certificate};
use crate::support::server::Server;

const HINT: &str = "hint: --cert FILE --key FILE shows a client certificate";

/// One that lets in whom our authority has signed.
async fn guarded(name: &str, setup: Setup<'_>) -> (Nginx, Server) {
    let server =
        format!("{} ssl_verify_client on; ssl_client_certificate {};", setup.server, certificate("ours.pem"));
    stage(name, Setup { server: &server, ..setup }).await
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_client_certificate_lets_in_in_whatever_files_it_comes() {
    for setup in [Setup::TLS, Setup::HTTP2, Setup { server: "ssl_protocols TLSv1.2;", ..Setup::TLS }] {
        let (nginx, server) = guarded("client", setup).await;
        let forms = [
            ["client.pem", "client.key"],
            ["client.pem", "client-of-old.key"],
            ["client-and-key.pem", "client-and-key.pem"],
        ];
        for [cert, key] in forms.map(|files| files.map(certificate)) {
            assert_succeeded(&run(&mut trusting(&nginx.url(), &["--cert", &cert, "--key", &key])).await);
        }
        // A cloud may have both in one file.
        let one = certificate("client-and-key.pem");
        assert_succeeded(&run(trusting(&nginx.url(), &[]).env("OS_CERT", one)).await);
        assert_eq!(server.hits().len(), 4);
    }
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_server_that_misses_a_certificate_says_so_in_words() {
    let (nginx, server) = guarded("missed", Setup::TLS).await;
    let missed = "caused by: HTTP 400 Bad Request: 400 No required SSL certificate was sent";
    assert_ends(&mut trusting(&nginx.url(), &[]), 3, &[missed, HINT]).await;
    let wrong = "caused by: HTTP 400 Bad Request: 400 The SSL certificate error";
    let [cert, key] = ["stranger.pem", "stranger.key"].map(certificate);
    let mut command = trusting(&nginx.url(), &["--cert", &cert, "--key", &key]);
    assert_ends(&mut command, 3, &[wrong, HINT]).await;
    assert!(server.hits().is_empty());
}

#[tokio::test]
#[ignore = "needs certificates; .ci/run makes them"]
async fn a_certificate_without_its_key_is_told_before_anything_is_sent() {
    let why = "the client certificate and its key are not usable PEM: ";
    for ([cert, key], why) in [
        (["client.pem", "stranger.key"], [why, "the key is not the certificate's"]),
        (["client.pem", "client-locked.key"], [why, "under a passphrase, which `openssl pkey` takes off"]),
        (["client.pem", "client.pem"], [why, "there is no key in it"]),
        (["client.key", "client.key"], [why, "there is no certificate in it"]),
        (["client.pem", "nobody.key"], ["the file of --key, `", "nobody.key`, cannot be read"]),
    ] {
        let args = ["--cert", &certificate(cert), "--key", &certificate(key)];
        let ended = assert_ends(&mut trusting("https://127.0.0.1:9", &args), 2, &why).await;
        assert!(!ended.stderr.contains("PRIVATE"), "{}", ended.stderr);
    }
}
