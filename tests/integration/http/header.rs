//! Headers of the client: with every request to the endpoint, over all others but those of the credentials.

use lro::auth::{Headers, Token};
use lro::http::{BuildError, Call, Client, ClientBuilder, Endpoint};

use crate::support::server::{Reply, Server};
use crate::support::{asking, http_error};

/// The values of the header with this name in the last request.
fn sent(server: &Server, name: &str) -> Vec<String> {
    let hits = server.hits();
    let headers = &hits.last().expect("a request").headers;
    headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.clone()).collect()
}

#[tokio::test]
async fn headers_of_the_client_go_with_every_request_and_win() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let client = asking(&server, |http| {
        http.header("ACCEPT", "text/a")
            .header("X-Twice", "1")
            .header("x-twice", "2")
            .secret_header("X-Key", "k")
    });
    client.get("/a").await.unwrap();
    assert_eq!((sent(&server, "accept"), sent(&server, "x-key")), (vec!["text/a".into()], vec!["k".into()]));
    assert_eq!(sent(&server, "x-twice"), ["2"]);
    let headers =
        Headers::new().plain("accept", "text/b").plain("Content-Type", "text/b").plain("x-key", "b");
    client.send(&Call::new("/a").headers(headers)).await.unwrap();
    assert_eq!((sent(&server, "accept"), sent(&server, "x-key")), (vec!["text/a".into()], vec!["k".into()]));
    assert_eq!(sent(&server, "content-type"), ["text/b"]);
}

#[tokio::test]
async fn credentials_win_over_headers_of_the_client() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let token = Token::given("s3cret").unwrap();
    asking(&server, |http| http.header("X-Auth-Token", "other").token(token)).get("/a").await.unwrap();
    assert_eq!(sent(&server, "x-auth-token"), ["s3cret"]);
}

#[tokio::test]
async fn a_secret_header_does_not_come_back() {
    let server = Server::start([
        Reply::json(400, r#"{"code":"x","message":"no s3cret, no Bearer s3cret"}"#),
        Reply::json(200, r#"{"said":"s3cret","plain":"visible"}"#).header("X-Echo", "s3cret"),
    ])
    .await;
    let client = asking(&server, |http| {
        http.secret_header("authorization", "Bearer s3cret").header("X-Plain", "visible")
    });
    let error = client.get("/a").await.unwrap_err();
    assert_eq!(http_error(&error).to_string(), "HTTP 400 Bad Request: x: no …, no …");
    let reply = client.get("/a").await.unwrap();
    assert_eq!(String::from_utf8_lossy(&reply.body), r#"{"said":"…","plain":"visible"}"#);
    assert_eq!(reply.header("x-echo").as_deref(), Some("…"));
    assert_eq!(sent(&server, "authorization"), ["Bearer s3cret"]);
    assert!(!format!("{client:?} {reply:?} {error:?}").contains("s3cret"));
}

#[test]
fn a_header_that_cannot_be_sent_makes_no_client() {
    let endpoint = || Endpoint::parse("http://127.0.0.1:1").expect("an endpoint");
    let built = |configure: &dyn Fn(ClientBuilder) -> ClientBuilder| {
        let error = configure(Client::builder(endpoint())).build().unwrap_err();
        assert!(matches!(error, BuildError::Header(_)), "{error}");
        error.to_string()
    };
    assert_eq!(built(&|http| http.header("a b", "")), "the header `a b` cannot be sent: it is not one");
    assert_eq!(
        built(&|http| http.secret_header("X-A", "s3cret\r\nX-B: c")),
        "the header `X-A` cannot be sent: it is not one"
    );
    assert_eq!(
        built(&|http| http.header("Host", "other.example")),
        "the header `host` cannot be sent: it belongs to the connection"
    );
}
