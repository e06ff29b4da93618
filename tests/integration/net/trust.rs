//! Whether the certificate of a server is trusted, made with openssl and shown by nginx.
//! What a client shows is not looked at here.

use super::{assert_ends, assert_succeeded, stage, trusting, wait};
use crate::support::command::run;
use crate::support::nginx::{Setup, certificate};

const AUTHORITY: &str = "hint: --cacert FILE trusts the certificates of a private authority too";
const ANOTHER: &str = "hint: the server needs another certificate";

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_certificate_that_is_of_no_use_ends_the_wait_at_once_and_is_told_why() {
    let trusted = Some("ours.pem");
    for (shown, authority, why, hint) in [
        ("server", None, "nobody who is trusted here has signed its certificate", AUTHORITY),
        ("server", Some("theirs.pem"), "nobody who is trusted here has signed its certificate", AUTHORITY),
        (
            "expired",
            trusted,
            "its certificate has expired: it was valid until Sat, 01 Feb 2020 00:00:00 GMT",
            "hint: the server needs a new certificate, unless it is the clock",
        ),
        (
            "elsewhere",
            trusted,
            "its certificate is not for 127.0.0.1, but for plas.example",
            "hint: ask by a name that the certificate is for",
        ),
        (
            "nameless",
            trusted,
            "its certificate is not for 127.0.0.1: it has no alternative names, and no other one counts",
            "hint: ask by a name that the certificate is for",
        ),
        // The certificate itself does not help either, if it is that of an authority.
        (
            "itself",
            None,
            "its certificate is that of an authority, and no server may show such a one",
            ANOTHER,
        ),
        (
            "itself",
            Some("itself.pem"),
            "its certificate is that of an authority, and no server may show such a one",
            ANOTHER,
        ),
    ] {
        let (nginx, server) = stage("distrusted", Setup { certificate: shown, ..Setup::TLS }).await;
        let mut command = wait(&nginx.url(), &[]);
        if let Some(authority) = authority {
            command.args(["--cacert", &certificate(authority)]);
        }
        let why = format!("no trusted connection to {}: {why}", nginx.url());
        let ended = assert_ends(&mut command, 3, &[&why, hint]).await;
        // Not even once more: it takes a person to mend it.
        assert!(ended.stderr.contains(" and 1 poll\n"), "{}", ended.stderr);
        assert!(server.hits().is_empty());
    }
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn an_authority_of_ones_own_is_trusted_by_flag_and_by_variable() {
    let (nginx, server) = stage("trusted", Setup::TLS).await;
    let url = nginx.url();
    for mut command in [
        trusting(&url, &[]),
        // Others and a few words may be in the same file.
        wait(&url, &["--cacert", &certificate("bundle.pem")]),
    ] {
        assert_succeeded(&run(&mut command).await);
    }
    for variable in ["SSL_CERT_FILE", "OS_CACERT"] {
        assert_succeeded(&run(wait(&url, &[]).env(variable, certificate("ours.pem"))).await);
    }
    assert_eq!(server.hits().len(), 4);
    // A certificate that is no authority's may be its own.
    let (nginx, _server) = stage("alone", Setup { certificate: "alone", ..Setup::TLS }).await;
    assert_succeeded(&run(&mut wait(&nginx.url(), &["--cacert", &certificate("alone.pem")])).await);
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn whoever_trusts_everybody_is_warned() {
    for shown in ["expired", "elsewhere", "itself"] {
        let (nginx, server) = stage("insecure", Setup { certificate: shown, ..Setup::TLS }).await;
        let said = ["warning: --insecure accepts every certificate: whoever is in between can read"];
        assert_ends(&mut wait(&nginx.url(), &["--insecure"]), 0, &said).await;
        assert_eq!(server.hits().len(), 1);
    }
}

#[tokio::test]
#[ignore = "needs certificates; .ci/run makes them"]
async fn a_file_without_authorities_is_told_before_anything_is_sent() {
    let der = certificate("ours.der");
    let made = tokio::process::Command::new("openssl")
        .args(["x509", "-in", &certificate("ours.pem"), "-outform", "DER", "-out", &der])
        .status()
        .await;
    assert!(made.expect("there is an openssl").success());
    for (file, why) in [
        (certificate("ours.key"), "the CA bundle is not a list of certificates in PEM: there is none in it"),
        (der, "it is in DER, which `openssl x509 -inform DER` turns into PEM"),
        (certificate("nobody.pem"), "nobody.pem`, cannot be read"),
    ] {
        // Nobody listens there; whoever asked would end with 3.
        let ended = assert_ends(&mut wait("https://127.0.0.1:9", &["--cacert", &file]), 2, &[why]).await;
        assert!(!ended.stderr.contains("waiting for"), "{}", ended.stderr);
    }
}
