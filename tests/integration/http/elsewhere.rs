//! Hosts beside the endpoint: asked when they are allowed, by nobody in particular.

use lro::PollErrorKind;
use lro::auth::{Headers, Token};
use lro::http::{BuildError, Call, Client, ClientBuilder, Endpoint, HttpError, LocationError};

use crate::support::http_error;
use crate::support::server::{Reply, Server};

/// A client of the first server that may ask the second one too.
fn allowing(
    server: &Server,
    other: &Server,
    configure: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Client {
    let host = other.url().replace("http://", "");
    crate::support::asking(server, |http| configure(http.allow_host(host)))
}

async fn two() -> [Server; 2] {
    [Server::start([Reply::json(200, "1")]).await, Server::start([Reply::json(200, "2")]).await]
}

#[tokio::test]
async fn an_allowed_host_is_asked_without_anything_that_tells_who_asks() {
    let [server, other] = two().await;
    let client = allowing(&server, &other, |http| {
        http.token(Token::given("s3cret").unwrap()).header("X-Mine", "1").secret_header("X-Key", "s3cret")
    });
    let headers = Headers::new().plain("Accept", "text/plain").secret("X-Call", "s3cret");
    let call = Call::new(format!("{}/a", other.url())).headers(headers);
    let reply = client.send(&call).await.unwrap();
    assert_eq!((&*reply.body, reply.url()), (&b"2"[..], &*format!("{}/a", other.url())));
    let [hit] = &other.hits()[..] else { panic!("{:?}", other.hits()) };
    let mut names: Vec<_> = hit.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "content-type", "host", "user-agent"]);
    assert_eq!(hit.header("accept"), Some("text/plain"));
    // At the endpoint nothing has changed.
    assert_eq!(client.get("/a").await.unwrap().body, b"1");
    assert_eq!(server.hits()[0].header("x-auth-token"), Some("s3cret"));
}

#[tokio::test]
async fn without_leave_nothing_is_sent_elsewhere() {
    let [server, other] = two().await;
    let url = format!("{}/a", other.url());
    for client in [
        crate::support::asking(&server, |http| http),
        crate::support::asking(&server, |http| http.allow_host("127.0.0.1").allow_host("localhost")),
    ] {
        let error = client.get(&url).await.unwrap_err();
        assert_eq!(error.kind(), PollErrorKind::Permanent);
        let is_elsewhere = matches!(http_error(&error), HttpError::Location(LocationError::Elsewhere { .. }));
        assert!(is_elsewhere, "{error:?}");
    }
    assert_eq!((server.hits().len(), other.hits().len()), (0, 0));
}

#[tokio::test]
async fn a_401_of_an_allowed_host_renews_nothing() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let other = Server::start([Reply::json(401, "")]).await;
    let count = format!("{}/elsewhere-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let token = Token::command(format!("echo x >> {count}; wc -l < {count}"));
    let client = allowing(&server, &other, |http| http.token(token));
    let error = client.get(&format!("{}/a", other.url())).await.unwrap_err();
    assert_eq!(http_error(&error).status(), Some(401));
    assert_eq!((other.hits().len(), std::fs::exists(&count).unwrap()), (1, false));
}

#[tokio::test]
async fn what_is_encrypted_at_the_endpoint_is_not_asked_without_elsewhere() {
    let other = Server::start([Reply::json(200, "{}")]).await;
    let host = other.url().replace("http://", "");
    let endpoint = Endpoint::parse("https://127.0.0.1:1").unwrap();
    let client = match Client::builder(endpoint).without_proxy().allow_host(host).build() {
        Ok(client) => client,
        Err(BuildError::NoTls) => return,
        Err(error) => panic!("{error}"),
    };
    let error = client.get(&format!("{}/a?token=s3cret", other.url())).await.unwrap_err();
    let told = format!(
        "`{}/a` would be asked without encryption, and the endpoint https://127.0.0.1:1 is not",
        other.url()
    );
    assert_eq!((http_error(&error).to_string(), error.kind()), (told, PollErrorKind::Permanent));
    assert_eq!(other.hits().len(), 0);
}

#[tokio::test]
async fn an_allowed_host_is_named_when_it_cannot_be_reached() {
    let [server, other] = two().await;
    let client = allowing(&server, &other, |http| http);
    let url = other.url();
    drop(other);
    let error = client.get(&format!("{url}/a")).await.unwrap_err();
    assert!(http_error(&error).to_string().contains(&url), "{error:?}");
}

#[test]
fn what_is_no_host_makes_no_client() {
    let endpoint = Endpoint::parse("http://127.0.0.1:1").unwrap();
    let error = Client::builder(endpoint).allow_host("https://a.example/").build().unwrap_err();
    let told = "`https://a.example/` is not a host that can be allowed, as `host` or `host:port`";
    assert_eq!(error.to_string(), told);
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn an_allowed_host_is_shown_no_certificate() {
    use crate::support::server::Script;
    use crate::support::tls::{Authority, config, start};
    let authority = Authority::new("ours");
    let identity = authority.issue("127.0.0.1", |_| {});
    let mine = authority.issue("client", |_| {});
    let script = || Script::new([Reply::json(200, "{}")]);
    let endpoint = start(config(&identity, Some(&authority)), script()).await;
    let other = start(config(&identity, Some(&authority)), script()).await;
    let https = |server: &Server| server.url().replace("http://", "https://");
    let client = Client::builder(Endpoint::parse(&https(&endpoint)).unwrap())
        .without_proxy()
        .ca_certificates(authority.pem())
        .client_certificate(mine.certificate.as_bytes(), mine.key.as_bytes())
        .allow_host(https(&other).replace("https://", ""))
        .build()
        .unwrap();
    client.get("/a").await.unwrap();
    let error = client.get(&format!("{}/a", https(&other))).await.unwrap_err();
    assert!(http_error(&error).to_string().ends_with("(alert CertificateRequired)"), "{error:?}");
    assert_eq!((endpoint.hits().len(), other.hits().len()), (1, 0));
}
