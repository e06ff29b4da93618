//! The network flags of the command: whose certificates are trusted, which one is shown, and through which proxy.

use crate::support::command::{lro, run};
use crate::support::file::File;
use crate::support::server::{Reply, Script, Server};
use crate::support::{PATH, SUCCESS};

#[cfg(feature = "rustls")]
#[tokio::test]
async fn certificates_are_taken_from_files() {
    use crate::support::tls::{self, Authority};

    let authority = Authority::new("an authority of the test's own");
    let config = tls::config(&authority.issue("127.0.0.1", |_| {}), Some(&authority));
    let server = tls::start(config, Script::new([Reply::json(200, SUCCESS)])).await;
    let url = format!("{}{PATH}", server.url().replace("http://", "https://"));
    let client = authority.issue("client", |_| {});
    let (ca, cert, key) = (
        File::new("ca", &authority.pem()),
        File::new("cert", &client.certificate),
        File::new("key", &client.key),
    );
    let identity = ["--cert", cert.path(), "--key", key.path()];

    let ended = run(lro(&["wait", &url, "--cacert", ca.path()]).args(identity)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);

    let ended = run(lro(&["wait", &url, "--insecure"]).args(identity)).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);

    let ended = run(lro(&["wait", &url]).args(identity)).await;
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert!(
        ended.stderr.contains("caused by: no trusted connection to https://127.0.0.1:"),
        "{}",
        ended.stderr
    );
    assert!(ended.stderr.contains("hint: --cacert FILE trusts the certificates of a private authority too"));

    let ended = run(&mut lro(&["wait", &url, "--cacert", ca.path()])).await;
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert_eq!(server.hits().len(), 2);
}

#[tokio::test]
async fn a_proxy_is_given_by_flag_or_by_variable() {
    let proxy = Server::start([Reply::json(200, SUCCESS)]).await;
    // Nobody listens there, so that an answer can only come from the proxy.
    let url = format!("http://127.0.0.1:9{PATH}");
    let by_flag = run(&mut lro(&["wait", &url, "--proxy", &proxy.url()])).await;
    assert_eq!(by_flag.code, Some(0), "{}", by_flag.stderr);
    let by_variable = run(lro(&["wait", &url]).env("http_proxy", proxy.url())).await;
    assert_eq!(by_variable.code, Some(0), "{}", by_variable.stderr);
    assert_eq!(proxy.paths(), [url.clone(), url.clone()]);
    let directly =
        lro(&["wait", &url, "--max-errors", "1"]).env("http_proxy", proxy.url()).env("NO_PROXY", "*").spawn();
    let directly = crate::support::command::ended(directly.expect("the command starts")).await;
    assert_eq!(directly.code, Some(3), "{}", directly.stderr);
    assert_eq!(proxy.hits().len(), 2);
}

#[tokio::test]
async fn a_401_without_tls_may_be_a_proxys_where_the_environment_names_one() {
    let refusing = Server::start([Reply::json(401, "")]).await;
    let server = refusing.url();
    let url = format!("{server}{PATH}");
    for (variable, value, is_said) in [
        ("HTTP_PROXY", &*server, true),
        ("http_proxy", &server, true),
        ("ALL_PROXY", &server, true),
        ("all_proxy", &server, true),
        ("http_proxy", "", false),
        ("https_proxy", &server, false),
    ] {
        let ended = run(lro(&["wait", &url]).env(variable, value)).await;
        assert_eq!(ended.code, Some(4), "{variable}: {}", ended.stderr);
        let note = "a proxy was asked, whose refusal this may be: the environment names one";
        assert_eq!(ended.stderr.contains(note), is_said, "{variable}: {}", ended.stderr);
    }
}
