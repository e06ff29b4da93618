//! Cookies: sent back to the origin that set them and nowhere else, and never told.

use lro::auth::{Headers, Token};
use lro::http::Call;

use crate::support::server::{Reply, Server};
use crate::support::{asking, http_error};

const SESSION: &str = "session=abcdefgh; Path=/";

/// The cookies of each request, in order.
fn sent(server: &Server) -> Vec<String> {
    server.hits().iter().map(|hit| hit.header("cookie").unwrap_or("none").to_owned()).collect()
}

fn setting(status: u16, cookie: &str) -> Reply {
    Reply::json(status, "{}").header("Set-Cookie", cookie)
}

#[tokio::test]
async fn a_cookie_is_sent_back_until_it_is_taken_back() {
    let server = Server::start([
        setting(200, SESSION).header("Set-Cookie", "lang=en; Path=/a"),
        setting(200, "session=ijklmnop; Path=/"),
        setting(200, "session=; Path=/; Max-Age=0"),
        Reply::json(200, "{}"),
    ])
    .await;
    let client = asking(&server, |http| http);
    for path in ["/a", "/a", "/b", "/a"] {
        // Clones share them.
        client.clone().get(path).await.unwrap();
    }
    assert_eq!(sent(&server), ["none", "lang=en; session=abcdefgh", "session=ijklmnop", "lang=en"]);
    asking(&server, |http| http).get("/a").await.unwrap();
    assert_eq!(sent(&server)[4], "none");
}

#[tokio::test]
async fn a_cookie_counts_whatever_it_came_with() {
    for first in [
        setting(401, SESSION),
        setting(404, SESSION),
        setting(503, SESSION),
        setting(302, SESSION).header("Location", "/login"),
        setting(303, SESSION),
    ] {
        let server = Server::start([first, Reply::json(200, "{}")]).await;
        let client = asking(&server, |http| http);
        let _ = client.send(&Call::new("/a").answers([303])).await;
        client.get("/a").await.unwrap();
        assert_eq!(sent(&server), ["none", "session=abcdefgh"]);
    }
}

#[tokio::test]
async fn the_request_after_a_renewal_carries_the_cookies_of_the_refusal() {
    let server = Server::start([setting(401, SESSION), Reply::json(200, "{}")]).await;
    let count = format!("{}/cookies-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let token = Token::command(format!("echo x >> {count}; wc -l < {count}"));
    let outcome = asking(&server, |http| http.token(token)).get("/a").await;
    std::fs::remove_file(&count).unwrap();
    assert!(outcome.is_ok());
    assert_eq!(sent(&server), ["none", "session=abcdefgh"]);
}

#[tokio::test]
async fn a_cookie_goes_to_no_other_host_and_none_is_kept_from_there() {
    let server = Server::start([setting(200, SESSION)]).await;
    let other = Server::start([setting(200, "other=abcdefgh; Path=/")]).await;
    // Cookies know no ports, so that the same address would do for them.
    let client = asking(&server, |http| http.allow_host(other.url().replace("http://", "")));
    for _ in 0..2 {
        client.get("/a").await.unwrap();
        client.get(&format!("{}/a", other.url())).await.unwrap();
    }
    assert_eq!(sent(&server), ["none", "session=abcdefgh"]);
    assert_eq!(sent(&other), ["none", "none"]);
}

#[tokio::test]
async fn a_header_of_the_callers_wins_over_cookies() {
    let server = Server::start([setting(200, SESSION)]).await;
    let client = asking(&server, |http| http);
    client.get("/a").await.unwrap();
    client.send(&Call::new("/a").headers(Headers::new().plain("Cookie", "mine=1"))).await.unwrap();
    assert_eq!(sent(&server), ["none", "mine=1"]);
}

#[tokio::test]
async fn a_cookie_does_not_come_back() {
    let body = r#"{"code":"x","message":"no abcdefgh"}"#;
    let server = Server::start([
        // Also when it is set only now.
        Reply::json(400, body).header("Set-Cookie", SESSION),
        Reply::json(400, body),
        Reply::json(200, body).header("X-Echo", "abcdefgh"),
        Reply::json(302, "").header("Location", "/login;session=abcdefgh"),
    ])
    .await;
    let client = asking(&server, |http| http);
    for _ in 0..2 {
        let error = client.get("/a").await.unwrap_err();
        assert_eq!(http_error(&error).to_string(), "HTTP 400 Bad Request: x: no …");
    }
    let reply = client.get("/a").await.unwrap();
    assert_eq!(String::from_utf8_lossy(&reply.body), r#"{"code":"x","message":"no …"}"#);
    assert_eq!(reply.header("x-echo").as_deref(), Some("…"));
    let error = client.get("/a").await.unwrap_err();
    assert!(http_error(&error).to_string().contains("/login;session=…"), "{error:?}");
    assert!(!format!("{client:?} {reply:?} {error:?}").contains("abcdefgh"));
    assert_eq!(sent(&server)[3], "session=abcdefgh");
}

#[tokio::test]
async fn a_short_value_of_a_cookie_changes_no_answer() {
    let server =
        Server::start([setting(200, "lang=en; Path=/"), Reply::json(200, r#"{"state":"pending"}"#)]).await;
    let client = asking(&server, |http| http);
    client.get("/a").await.unwrap();
    assert_eq!(client.get("/a").await.unwrap().body, br#"{"state":"pending"}"#);
    assert_eq!(sent(&server)[1], "lang=en");
}
