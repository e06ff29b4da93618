//! An nginx that sends everybody elsewhere: whether anybody goes there, and what they take along.
//! Locations within an answer are looked at beside a scripted server.

use super::{assert_ends, stage, wait};
use crate::support::nginx::{Setup, certificate};

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_redirect_to_another_port_or_scheme_is_told_and_takes_no_token_along() {
    const TOKEN: &str = "token-of-the-first-server";
    for status in [301, 302, 307, 308] {
        for there in [Setup::TLS, Setup::PLAIN] {
            let (other, upstream) = stage("redirected", there).await;
            let location = format!("return {status} {}$request_uri;", other.url());
            let (first, _) = stage("redirecting", Setup { location: &location, ..Setup::TLS }).await;
            let mut command = wait(&first.url(), &["--cacert", &certificate("ours.pem")]);
            command.env("LRO_TOKEN", TOKEN).env("LRO_ENDPOINT", first.url());
            let said = [
                &*format!("the server redirects to {}/v1.0/", other.url()),
                "redirects are not followed",
                "hint: if that is the right place, ask there",
            ];
            let ended = assert_ends(&mut command, 3, &said).await;
            assert!(!ended.stderr.contains(TOKEN), "{}", ended.stderr);
            let asked = first.logged().await;
            assert_eq!(asked.iter().map(|request| &*request.token).collect::<Vec<_>>(), [TOKEN]);
            assert!(other.logged().await.is_empty() && upstream.hits().is_empty());
        }
    }
}
