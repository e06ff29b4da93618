//! Whether the server may have got a request that came to nothing, and that it never gets one twice.

#[cfg(feature = "rustls")]
mod tls;

use std::time::Duration;

use lro::http::{Call, Client, ClientBuilder, HttpError};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpSocket;

use crate::support::server::{Reply, Script, Server, Then};
use crate::support::{asking, client, http_error};

fn post() -> Call {
    Call::new("/start").method("POST").expect("a method").body("{}")
}

/// Whether the request of this client may have arrived, which came to nothing, and why.
async fn may_have_arrived(client: &Client) -> (bool, String) {
    // So that a guard that is gone is a failure, and no test that hangs.
    let sent = tokio::time::timeout(Duration::from_secs(10), client.send(&post())).await;
    let error = sent.expect("no hang").expect_err("an error");
    let error: &HttpError = http_error(&error);
    (error.may_have_arrived(), error.to_string())
}

fn at(endpoint: &str, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    client(endpoint, configure).http().clone()
}

#[tokio::test]
async fn without_a_connection_nothing_has_arrived() {
    // Bound, so that nobody else gets the port, but nobody listens.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let endpoint = format!("http://{}", socket.local_addr().unwrap());
    let (arrived, text) = may_have_arrived(&at(&endpoint, |http| http)).await;
    assert!(!arrived && text.contains("Connection refused"), "{text}");
    // A name that is too long to exist, so that no server is asked for it.
    let nowhere = format!("http://{}.invalid", "x".repeat(64));
    let (arrived, text) = may_have_arrived(&at(&nowhere, |http| http)).await;
    assert!(!arrived && text.starts_with(&format!("could not connect to {nowhere}: ")), "{text}");
    let (arrived, text) = may_have_arrived(&at("http://127.0.0.1", |http| http.proxy(endpoint))).await;
    assert!(!arrived && text.contains("Connection refused"), "{text}");
}

#[tokio::test]
async fn without_credentials_or_a_place_nothing_has_arrived() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let without = asking(&server, |http| http.token(lro::auth::Token::command("exit 3")));
    assert!(!may_have_arrived(&without).await.0);
    let elsewhere =
        asking(&server, |http| http).send(&Call::new("http://other.example/a")).await.unwrap_err();
    assert!(!http_error(&elsewhere).may_have_arrived());
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn what_is_refused_for_its_credentials_was_not_carried_out() {
    for (status, arrived) in [(401, false), (407, false), (400, true), (403, true), (503, true)] {
        let server = Server::start([Reply::json(status, "")]).await;
        assert_eq!(may_have_arrived(&asking(&server, |http| http)).await.0, arrived, "{status}");
    }
    let server = Server::start([Reply::json(401, "")]).await;
    let once =
        std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("once-{}", std::process::id()));
    std::fs::write(&once, "").unwrap();
    let token = lro::auth::Token::command(format!("rm {} && echo old", once.display()));
    let (arrived, text) = may_have_arrived(&asking(&server, |http| http.token(token))).await;
    assert!(!arrived && text.starts_with("the credentials were refused"), "{text}");
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn once_there_was_a_connection_a_request_may_have_arrived() {
    for reply in [
        Reply::nothing(Then::Close),
        Reply::nothing(Then::Reset),
        Reply::raw("HTTP/1.1 200 OK\r\nContent-Le"),
        Reply::raw("nonsense\r\n\r\n"),
        Reply::json(200, "").header("Content-Length", "80").then(Then::Close),
        Reply::json(302, "").header("Location", "/login"),
    ] {
        let server = Server::start([reply.clone()]).await;
        let (arrived, text) = may_have_arrived(&asking(&server, |http| http)).await;
        assert!(arrived, "{reply:?}: {text}");
        assert_eq!(server.hits().len(), 1, "{reply:?}");
    }
}

#[tokio::test]
async fn a_server_that_closes_without_reading_may_have_read() {
    let server = Server::start_over(Script::new([]), |_, mut stream, _| async move {
        let _ = stream.shutdown().await;
    })
    .await;
    let (arrived, text) = may_have_arrived(&asking(&server, |http| http)).await;
    assert!(arrived, "{text}");
}

#[tokio::test]
async fn a_kept_connection_that_is_closed_after_the_second_request_does_not_see_it_again() {
    for (method, then) in
        [("POST", Then::Close), ("POST", Then::Reset), ("PUT", Then::Close), ("GET", Then::Close)]
    {
        let server =
            Server::start([Reply::json(200, "{}"), Reply::nothing(then), Reply::json(200, "{}")]).await;
        let client = asking(&server, |http| http);
        client.get("/a").await.unwrap();
        let error = client.send(&post().method(method).unwrap()).await.unwrap_err();
        assert!(http_error(&error).may_have_arrived());
        let hits: Vec<_> = server.hits().iter().map(|hit| (hit.connection, hit.path().to_owned())).collect();
        assert_eq!(hits, [(1, "/a".to_owned()), (1, "/start".to_owned())], "{method}");
    }
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_before_is_replaced() {
    let server = Server::start([Reply::json(200, "{}").then(Then::Close), Reply::json(200, "{}")]).await;
    let client = asking(&server, |http| http);
    client.get("/a").await.unwrap();
    // Whether the end was seen before the request is written or only then: it goes out once.
    let outcome = client.send(&post()).await;
    let started = server.hits().iter().filter(|hit| hit.path() == "/start").count();
    assert_eq!(started, usize::from(outcome.is_ok()));
}
