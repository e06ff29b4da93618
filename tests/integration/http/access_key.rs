//! Access keys: each request signed as it arrives, none of them sent twice, and no secret told.

use std::time::{Duration, SystemTime};

use hmac::{Hmac, KeyInit, Mac};
use lro::PollErrorKind::Denied;
use lro::auth::{AccessKey, Signature};
use lro::http::{Client, Endpoint};
use sha2::{Digest, Sha256};

use crate::support::server::{Hit, Reply, Server, Then};
use crate::support::{PATH, PENDING, chain, client, operation_with, poll_error};

fn key() -> AccessKey {
    AccessKey::new("ak", "s3cret").expect("a key")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

fn hmac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length will do");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// What a service makes of a request that arrived, knowing the secret: the value that `Authorization` should have.
/// Path and query are those that it has to have understood.
fn expected(hit: &Hit, path: &str, query: &str, body: &str, scope: Option<(&str, &str)>) -> String {
    let sent = hit.header("authorization").expect("a signature");
    let names = sent.split("SignedHeaders=").nth(1).and_then(|rest| rest.split(", ").next()).expect("names");
    let fields: String = names
        .split(';')
        .flat_map(|name| [name, ":", hit.header(name).expect("what was signed arrives"), "\n"])
        .collect();
    let method = hit.line.split(' ').next().expect("a method");
    let payload = hex(&Sha256::digest(body));
    let request = format!("{method}\n{path}\n{query}\n{fields}\n{names}\n{payload}");
    let hash = hex(&Sha256::digest(request));
    let date = hit.header("x-sdk-date").expect("a date");
    let (who, signature) = match scope {
        None => ("Access=ak".to_owned(), hmac(b"s3cret", &format!("SDK-HMAC-SHA256\n{date}\n{hash}"))),
        Some((region, service)) => {
            let day = &date[..8];
            let scope = format!("{day}/{region}/{service}/sdk_request");
            let key = hmac(&hmac(&hmac(b"SDKs3cret", day), region), service);
            let text = format!("SDK-HMAC-SHA256\n{date}\n{scope}\n{hash}");
            (format!("Credential=ak/{scope}"), hmac(&hmac(&key, "sdk_request"), &text))
        }
    };
    format!("SDK-HMAC-SHA256 {who}, SignedHeaders={names}, Signature={}", hex(&signature))
}

/// The only request that came.
fn only_hit(server: &Server) -> Hit {
    let hits = server.hits();
    let [hit] = &hits[..] else { panic!("{hits:?}") };
    hit.clone()
}

fn http_client(server: &Server, key: AccessKey) -> Client {
    let endpoint = Endpoint::parse(&server.url()).expect("an endpoint");
    Client::builder(endpoint).without_proxy().credentials(key).build().expect("a client")
}

#[tokio::test]
async fn a_request_arrives_as_it_was_signed() {
    for (key, scope, names) in [
        (key(), Some(("", "")), "host;x-sdk-date"),
        (
            key().with_signature("credential/eu-de/plas".parse().unwrap()).with_project_id("p1"),
            Some(("eu-de", "plas")),
            "host;x-project-id;x-sdk-date",
        ),
        (
            key().with_signature(Signature::Access).with_project_id("p1").with_security_token("t0ken"),
            None,
            "host;x-project-id;x-sdk-date;x-security-token",
        ),
    ] {
        let server = Server::start([Reply::json(200, PENDING)]).await;
        let mut operation = operation_with(&server, |http| http.credentials(key.clone()));
        lro::Operation::poll(&mut operation).await.unwrap();
        let hit = only_hit(&server);
        let sent = hit.header("authorization").unwrap();
        assert_eq!(sent, expected(&hit, &format!("{PATH}/"), "", "", scope));
        assert!(sent.contains(&format!("SignedHeaders={names}, ")), "{sent}");
        assert_eq!(hit.header("host"), server.url().strip_prefix("http://"));
        assert_eq!(hit.header("x-project-id"), key.project_id());
        assert_eq!(hit.header("x-security-token"), key.has_security_token().then_some("t0ken"));
        assert_eq!(hit.header("x-auth-token"), None);
    }
}

#[tokio::test]
async fn whatever_is_in_a_location_arrives_as_it_was_signed() {
    for (location, line, path, query) in [
        ("/", "/", "/", ""),
        ("/a/", "/a/", "/a/", ""),
        ("/a%20b/ü", "/a%20b/%C3%BC", "/a%20b/%C3%BC/", ""),
        ("/a(b)'c", "/a(b)'c", "/a%28b%29%27c/", ""),
        ("/a/../b#c", "/b", "/b/", ""),
        ("/a?", "/a?", "/a/", ""),
        ("/a?b=2&a=1&b=1", "/a?b=2&a=1&b=1", "/a/", "a=1&b=1&b=2"),
        ("/a?x=1+2&y=1%2B2&z", "/a?x=1+2&y=1%2B2&z", "/a/", "x=1%202&y=1%2B2&z="),
        ("/a?q=a=b=c&ü=é x", "/a?q=a=b=c&%C3%BC=%C3%A9%20x", "/a/", "q=a%3Db%3Dc&%C3%BC=%C3%A9%20x"),
        ("/a?path=/tmp/1:2", "/a?path=/tmp/1:2", "/a/", "path=%2Ftmp%2F1%3A2"),
    ] {
        let server = Server::start([Reply::json(200, "{}")]).await;
        http_client(&server, key()).get(location).await.unwrap();
        let hit = only_hit(&server);
        assert_eq!(hit.path(), line, "{location}");
        let expected = expected(&hit, path, query, "", Some(("", "")));
        assert_eq!(hit.header("authorization"), Some(&*expected), "{location}");
    }
}

#[tokio::test]
async fn a_body_is_signed() {
    // The scripted server does not read bodies, so it has to end the connection before it would meet one.
    let server =
        Server::start([Reply::json(200, "{}").header("Connection", "close").then(Then::Close)]).await;
    let body = r#"{"name":"ü"}"#;
    // Whether the answer is read before the connection ends is of no interest.
    let _ = http_client(&server, key()).post("/a", body).await;
    let hit = only_hit(&server);
    let expected = expected(&hit, "/a/", "", body, Some(("", "")));
    assert_eq!(hit.header("authorization"), Some(&*expected));
}

#[tokio::test]
async fn each_request_is_signed_when_it_is_sent() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let mut operation = operation_with(&server, |http| http.credentials(key()));
    let before = date_of_now();
    lro::Operation::poll(&mut operation).await.unwrap();
    let between = date_of_now();
    sleep(Duration::from_millis(1100)).await;
    lro::Operation::poll(&mut operation).await.unwrap();
    let after = date_of_now();
    let hits = server.hits();
    let dates: Vec<&str> = hits.iter().map(|hit| hit.header("x-sdk-date").unwrap()).collect();
    let [first, second] = dates[..] else { panic!("{dates:?}") };
    assert!(*before <= *first && *first <= *between, "{before} {first} {between}");
    assert!(*first < *second && *second <= *after, "{first} {second} {after}");
    let signatures = hits.iter().map(|hit| hit.header("authorization").unwrap());
    for (hit, signature) in hits.iter().zip(signatures) {
        assert_eq!(signature, expected(hit, &format!("{PATH}/"), "", "", Some(("", ""))));
    }
}

/// As services write it: such texts sort as the times do.
fn date_of_now() -> String {
    let mut text = humantime::format_rfc3339_seconds(now()).to_string();
    text.retain(|character| character.is_ascii_alphanumeric());
    text
}

#[expect(clippy::disallowed_methods, reason = "what is sent carries the date")]
fn now() -> SystemTime {
    SystemTime::now()
}

#[expect(clippy::disallowed_methods, reason = "the date of a signature changes with the second")]
async fn sleep(pause: Duration) {
    tokio::time::sleep(pause).await;
}

#[tokio::test]
async fn a_key_that_is_refused_is_not_shown_again() {
    for (status, told) in [(401, "HTTP 401 Unauthorized"), (403, "HTTP 403 Forbidden")] {
        for key in [key(), key().with_signature(Signature::Access), key().with_security_token("t0ken")] {
            let server = Server::start([Reply::json(status, "")]).await;
            let operation = operation_with(&server, |http| http.credentials(key));
            let error = lro::wait_for_completion(operation).await.unwrap_err();
            assert!(error.is_denied(), "{error}");
            assert!(chain(&error).ends_with(told), "{}", chain(&error));
            assert_eq!(server.hits().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_told_with_the_refusal() {
    let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
    for (theirs, told) in [
        (now() - minutes(20) - Duration::from_secs(30), Some("20 minutes ahead of the server's")),
        (now() + minutes(20) + Duration::from_secs(30), Some("20 minutes behind the server's")),
        (now(), None),
    ] {
        let reply = Reply::json(401, "").header("Date", &httpdate::fmt_http_date(theirs));
        let server = Server::start([reply]).await;
        let mut operation = operation_with(&server, |http| http.credentials(key()));
        let (kind, text) = poll_error(&mut operation).await;
        assert_eq!(kind, Denied);
        match told {
            Some(told) => assert!(text.ends_with(&format!("this machine's clock is {told}")), "{text}"),
            None => assert_eq!(text, "HTTP 401 Unauthorized"),
        }
    }
}

#[tokio::test]
async fn what_makes_no_header_is_not_sent() {
    for (key, header) in [
        (key().with_project_id("a\r\nX-Evil: 1"), "X-Project-Id"),
        (key().with_security_token("a\nb"), "X-Security-Token"),
        (
            key().with_signature(Signature::Credential { region: "a\nb".into(), service: String::new() }),
            "Authorization",
        ),
    ] {
        let server = Server::start([Reply::json(200, PENDING)]).await;
        let mut operation = operation_with(&server, |http| http.credentials(key));
        let error = lro::Operation::poll(&mut operation).await.unwrap_err();
        let told = chain(&error);
        assert!(told.ends_with(&format!("the header `{header}` cannot be sent: it is not one")), "{told}");
        assert_eq!(server.hits().len(), 0);
    }
}

#[tokio::test]
async fn no_error_and_no_debug_ever_tells_a_secret() {
    for echo in [false, true] {
        for status in [200, 302, 401, 403, 500] {
            // Some services answer with the request that they have checked.
            let body = if echo { r#"{"code":"x","message":"x-security-token:t0ken|t0ken"}"# } else { "" };
            let reply = Reply::json(status, body).header("Location", "/login?t0ken");
            let server = Server::start([reply]).await;
            let key = key().with_security_token("t0ken");
            let client = http_client(&server, key.clone());
            let mut operation = operation_with(&server, |http| http.credentials(key.clone()));
            let error = lro::Operation::poll(&mut operation).await.unwrap_err();
            let signature = only_hit(&server).header("authorization").unwrap().to_owned();
            let told = format!("{} {error:?} {operation:?} {client:?} {key:?}", chain(&error));
            for secret in ["s3cret", "t0ken", &signature] {
                assert!(!told.contains(secret), "{secret}: {told}");
            }
            assert!(told.contains(r#"AccessKey { id: "ak""#), "{told}");
        }
    }
}

#[tokio::test]
async fn a_key_that_was_refused_signs_nothing_more_for_anybody() {
    let server = Server::start([Reply::json(401, ""), Reply::json(200, PENDING)]).await;
    let client = client(&server.url(), |http| http.credentials(key()));
    let first = lro::Operation::poll(&mut client.operation("c1", "o1").unwrap()).await.unwrap_err();
    let second = lro::Operation::poll(&mut client.clone().operation("c1", "o2").unwrap()).await.unwrap_err();
    assert_eq!([first.kind(), second.kind()], [Denied; 2]);
    assert!(
        chain(&second).contains(" was refused before, and keys are locked after a few failures"),
        "{second:?}"
    );
    assert_eq!(server.hits().len(), 1);
}
