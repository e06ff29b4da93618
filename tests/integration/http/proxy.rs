//! Proxies: asked when they are named, and what it means when they refuse.

use lro::PollErrorKind;
use lro::http::ClientBuilder;
use lro::plas::{Client, Operation};
use tokio::process::Command;

use crate::support::server::{Reply, Server};
use crate::support::{PATH, PENDING, poll_error};

/// A host that is nowhere, so that only a proxy can answer for it. (Loopback may stand in a `NO_PROXY`.)
const ENDPOINT: &str = "http://plas.test";

fn operation(endpoint: &str, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Operation {
    let client = Client::builder(endpoint).expect("an endpoint").http(configure).build().expect("a client");
    client.operation("c1", "o1").expect("an operation")
}

#[tokio::test]
async fn a_proxy_is_asked_for_the_whole_url() {
    let proxy = Server::start([Reply::json(200, PENDING)]).await;
    lro::Operation::poll(&mut operation(ENDPOINT, |http| http.proxy(proxy.url()))).await.unwrap();
    let [hit] = &proxy.hits()[..] else { panic!("{:?}", proxy.hits()) };
    assert_eq!(hit.line, format!("GET {ENDPOINT}{PATH} HTTP/1.1"));
    assert_eq!(hit.header("host"), Some("plas.test"));
    assert_eq!(hit.header("proxy-authorization"), None);
}

#[tokio::test]
async fn the_credentials_of_a_proxy_go_to_it_and_nowhere_else() {
    let proxy = Server::start([Reply::json(500, "no")]).await;
    let url = proxy.url().replace("http://", "http://me:s3cret@");
    let mut operation = operation(ENDPOINT, |http| http.proxy(url));
    let error = lro::Operation::poll(&mut operation).await.unwrap_err();
    assert_eq!(proxy.hits()[0].header("proxy-authorization"), Some("Basic bWU6czNjcmV0"));
    let told = format!("{} {error:?} {operation:?}", crate::support::chain(&error));
    assert!(!told.contains("s3cret"), "{told}");
}

#[tokio::test]
async fn a_proxy_that_refuses_is_no_passing_fault() {
    let proxy = Server::start([Reply::new(407, "text/html", "<title>Who are you?</title>")]).await;
    let told = poll_error(&mut operation(ENDPOINT, |http| http.proxy(proxy.url()))).await;
    let text = "HTTP 407 Proxy Authentication Required: Who are you?".to_owned();
    assert_eq!(told, (PollErrorKind::Permanent, text));
}

#[test]
fn what_is_no_proxy_is_refused_without_telling_its_credentials() {
    for (proxy, reason) in [
        ("", "relative URL without a base"),
        ("http://", "empty host"),
        ("http://me:s3cret@proxy.test:x", "invalid port number"),
        (
            "ftp://me:s3cret@proxy.test",
            "its URL starts with none of http://, https://, socks5:// and socks5h://",
        ),
    ] {
        let builder = Client::builder(ENDPOINT).unwrap().http(|http| http.proxy(proxy));
        assert_eq!(builder.build().unwrap_err().to_string(), format!("the proxy is not usable: {reason}"));
    }
}

#[tokio::test]
async fn the_environment_names_the_proxy_unless_none_is_wanted() {
    let proxy = Server::start([Reply::json(200, PENDING)]).await;
    // An environment can only be given to a process of its own: this one once more, for the test below.
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "--ignored", "http::proxy::asked_with_and_without_the_proxy_of_the_environment"]);
    for name in ["NO_PROXY", "no_proxy", "http_proxy"] {
        child.env_remove(name);
    }
    let output = child.env("HTTP_PROXY", proxy.url()).output().await.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(proxy.paths(), [format!("{ENDPOINT}{PATH}")]);
}

#[tokio::test]
#[ignore = "run by the test above, in an environment that names a proxy"]
async fn asked_with_and_without_the_proxy_of_the_environment() {
    lro::Operation::poll(&mut operation(ENDPOINT, |http| http)).await.unwrap();
    let (kind, text) = poll_error(&mut operation(ENDPOINT, ClientBuilder::without_proxy)).await;
    assert_eq!(kind, PollErrorKind::Transient);
    assert!(text.starts_with("could not connect to http://plas.test: "), "{text}");
}
