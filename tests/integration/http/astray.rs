//! Everything in an answer that may lead somewhere, and every way to write another place: nobody follows with credentials.

use lro::auth::Token;
use lro::http::{Operation, Start};
use lro::preset::Preset;

use crate::support::server::{Reply, Server};
use crate::support::{asking, chain};

const TOKEN: &str = "s3cret-t0ken";

/// A preset that goes on wherever an answer says, in any of these ways.
const EVERY_WAY: &str = "title = 'Mine'\nstate = 'status'\nsuccess = ['done']\nnext = [{ header = 'azure-asyncoperation' }, \
     { header = 'operation-location' }, { header = 'location' }, { header = 'content-location' }, { body = 'next' }, \
     { body = '_links.self.href' }, { header = 'link' }]";

/// Spellings of a place at this host, which is not the endpoint.
fn elsewhere(host: &str) -> Vec<String> {
    let port = host.rsplit(':').next().expect("a port");
    vec![
        format!("http://{host}/op"),
        format!("//{host}/op"),
        format!("/\\{host}/op"),
        format!("\\\\{host}\\op"),
        format!("/\t/{host}/op"),
        format!("///{host}/op"),
        format!("http:\\\\{host}\\op"),
        format!("http:{host}/op"),
        format!("https://{host}/op"),
        format!("http://localhost:{port}/op"),
        format!("http://127.0.0.1@{host}/op"),
        format!("http://me:pass@{host}/op"),
        format!("ws://{host}/op"),
    ]
}

#[tokio::test]
async fn no_answer_leads_credentials_astray() {
    let ways: [(&str, &str); 7] = [
        ("Azure-AsyncOperation", ""),
        ("Operation-Location", ""),
        ("Location", ""),
        ("Content-Location", ""),
        ("Link", ""),
        ("", "next"),
        ("", "_links"),
    ];
    let other = Server::start([Reply::json(200, r#"{"status":"done"}"#)]).await;
    let host = other.url().replace("http://", "");
    for (header, field) in ways {
        for place in elsewhere(&host) {
            let body = match field {
                "next" => serde_json::json!({"status": "new", "next": place}),
                "_links" => serde_json::json!({"status": "new", "_links": {"self": {"href": place}}}),
                _ => serde_json::json!({"status": "new"}),
            };
            let reply = Reply::json(200, body.to_string());
            // A tab is no part of a header that is trimmed, and a `Link` has its place in brackets.
            let value = if header == "Link" { format!("<{place}>; rel=next") } else { place.clone() };
            let reply = if header.is_empty() { reply } else { reply.header(header, &value) };
            let server = Server::start([reply, Reply::json(200, r#"{"status":"done"}"#)]).await;
            let client = asking(&server, |http| http.token(Token::given(TOKEN).unwrap()));
            let preset = Preset::from_toml("mine", EVERY_WAY).unwrap();
            let mut operation = Operation::new(client, "/op", preset).unwrap();
            // It ends, or goes on at the endpoint.
            let mut told = String::new();
            for _ in 0..2 {
                if let Err(error) = lro::Operation::poll(&mut operation).await {
                    told = chain(&error);
                    break;
                }
            }
            assert_eq!(other.hits().len(), 0, "{header}{field}: {place}");
            let is_home = server.hits().len() == 2;
            assert!(
                is_home != told.contains("the server says to go on elsewhere"),
                "{header}{field}: {place}: {told}"
            );
            assert!(!told.contains(TOKEN) && !told.contains("me:pass"), "{told}");
        }
    }
}

#[tokio::test]
async fn no_redirect_is_followed_whatever_its_status_and_wherever_it_leads() {
    let other = Server::start([Reply::json(200, "{}")]).await;
    let host = other.url().replace("http://", "");
    for status in [301, 302, 303, 307, 308] {
        for place in elsewhere(&host).into_iter().chain(["/other".to_owned()]) {
            for method in ["GET", "POST"] {
                let server = Server::start([Reply::json(status, "").header("Location", &place)]).await;
                let client = asking(&server, |http| http.token(Token::given(TOKEN).unwrap()));
                let told = if method == "GET" {
                    chain(&client.get("/op").await.unwrap_err())
                } else {
                    let start = Start::new("POST", "/op").unwrap();
                    let preset = Preset::builtin("http-202").unwrap();
                    let mut operation = Operation::submit(client, start, preset).unwrap();
                    chain(&lro::Operation::poll(&mut operation).await.unwrap_err())
                };
                assert!(told.contains("redirects are not followed"), "{status} {place}: {told}");
                assert!(!told.contains("me:pass"), "{told}");
                assert_eq!((server.hits().len(), other.hits().len()), (1, 0), "{status} {place}");
            }
        }
    }
}

#[tokio::test]
async fn a_proxy_has_its_own_credentials_and_a_server_never_sees_them() {
    let direct = Server::start([Reply::json(200, "{}")]).await;
    let client = asking(&direct, |http| http.token(Token::given(TOKEN).unwrap()));
    client.get("/a").await.unwrap();
    assert_eq!(direct.hits()[0].header("proxy-authorization"), None);
    // Over TLS a proxy is asked for the way alone: it sees neither the token nor the path.
    #[cfg(feature = "rustls")]
    {
        let proxy = Server::start([Reply::json(200, "{}")]).await;
        let url = proxy.url().replace("http://", "http://me:s3cret-pr0xy@");
        let builder = lro::http::Client::builder(lro::http::Endpoint::parse("https://plas.test").unwrap());
        let client = builder.token(Token::given(TOKEN).unwrap()).proxy(&*url).build().unwrap();
        client.get("/secret-path").await.unwrap_err();
        let hit = &proxy.hits()[0];
        assert_eq!(hit.line, "CONNECT plas.test:443 HTTP/1.1");
        assert!(hit.header("proxy-authorization").is_some_and(|value| value.starts_with("Basic ")));
        let told = format!("{:?}", proxy.hits());
        assert!(!told.contains(TOKEN) && !told.contains("secret-path"), "{told}");
    }
}
