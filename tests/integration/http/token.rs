//! Tokens: renewed once when they are refused, and never told.

use std::fs;
use std::path::PathBuf;

use lro::PollErrorKind::{Denied, Permanent, Transient};
use lro::auth::Token;
use lro::http::HttpError;

use crate::support::server::{Reply, Server, Then};
use crate::support::{PENDING, chain, client, http_error, operation_with, poll_error};

/// A token file that is removed at the end.
struct TokenFile(PathBuf);

impl TokenFile {
    fn new(test: &str, token: &str) -> Self {
        let file =
            Self(PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id())));
        file.write(token);
        file
    }

    fn write(&self, token: &str) {
        fs::write(&self.0, format!("{token}\n")).expect("a file");
    }

    fn token(&self) -> Token {
        Token::file(&self.0)
    }
}

impl Drop for TokenFile {
    fn drop(&mut self) {
        // It is fine when the test has removed it.
        let _ = fs::remove_file(&self.0);
    }
}

/// The tokens that were sent, in order.
fn sent(server: &Server) -> Vec<String> {
    server.hits().iter().map(|hit| hit.header("x-auth-token").unwrap_or("none").to_owned()).collect()
}

#[tokio::test]
async fn a_refused_token_is_read_again_and_the_fresh_one_used_from_then_on() {
    let [pending, refused] = [Reply::json(200, PENDING), Reply::json(401, "")];
    let server = Server::start([pending.clone(), refused, pending]).await;
    let file = TokenFile::new("renewed", "old");
    let mut operation = operation_with(&server, |http| http.token(file.token()));
    lro::Operation::poll(&mut operation).await.unwrap();
    file.write("fresh");
    lro::Operation::poll(&mut operation).await.unwrap();
    file.write("not asked for");
    lro::Operation::poll(&mut operation).await.unwrap();
    assert_eq!(sent(&server), ["old", "old", "fresh", "fresh"]);
}

#[tokio::test]
async fn a_token_command_is_run_again_when_its_token_is_refused() {
    let server = Server::start([Reply::json(401, ""), Reply::json(200, PENDING)]).await;
    let count = TokenFile::new("command", "");
    let path = count.0.display();
    let token = Token::command(format!("echo x >> '{path}'; wc -l < '{path}' | tr -d ' '"));
    let mut operation = operation_with(&server, |http| http.token(token));
    lro::Operation::poll(&mut operation).await.unwrap();
    assert_eq!(sent(&server), ["2", "3"]);
}

#[tokio::test]
async fn operations_of_one_client_share_the_fresh_token() {
    let [pending, refused] = [Reply::json(200, PENDING), Reply::json(401, "")];
    let server = Server::start([refused, pending]).await;
    let count = TokenFile::new("shared", "");
    let path = count.0.display();
    let token = Token::command(format!("echo x >> '{path}'; wc -l < '{path}' | tr -d ' '"));
    let client = client(&server.url(), |http| http.token(token));
    for operation in ["o1", "o2"] {
        lro::Operation::poll(&mut client.operation("c1", operation).unwrap()).await.unwrap();
    }
    assert_eq!(sent(&server), ["2", "3", "3"]);
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_too_is_the_end() {
    let server = Server::start([Reply::json(401, "")]).await;
    let count = TokenFile::new("refused", "");
    let path = count.0.display();
    let token = Token::command(format!("echo x >> '{path}'; wc -l < '{path}' | tr -d ' '"));
    let operation = operation_with(&server, |http| http.token(token));
    let error = lro::wait_for_completion(operation).await.unwrap_err();
    assert!(error.is_denied());
    assert_eq!(sent(&server), ["2", "3"]);
}

#[tokio::test]
async fn the_same_token_is_not_sent_twice() {
    let file = TokenFile::new("same", "same");
    for token in [file.token(), Token::command("echo same"), Token::given("same").unwrap()] {
        let server = Server::start([Reply::json(401, "")]).await;
        let told = poll_error(&mut operation_with(&server, |http| http.token(token))).await;
        assert_eq!(told, (Denied, "HTTP 401 Unauthorized".to_owned()));
        assert_eq!(sent(&server), ["same"]);
    }
}

#[tokio::test]
async fn a_403_renews_nothing() {
    let server = Server::start([Reply::json(200, PENDING), Reply::json(403, "")]).await;
    let file = TokenFile::new("forbidden", "old");
    let mut operation = operation_with(&server, |http| http.token(file.token()));
    lro::Operation::poll(&mut operation).await.unwrap();
    file.write("fresh");
    assert_eq!(poll_error(&mut operation).await, (Denied, "HTTP 403 Forbidden".to_owned()));
    assert_eq!(sent(&server), ["old", "old"]);
}

#[tokio::test]
async fn without_a_token_to_be_had_nothing_is_sent() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let mut operation = operation_with(&server, |http| http.token(Token::command("exit 3")));
    let error = lro::Operation::poll(&mut operation).await.unwrap_err();
    assert_eq!(error.kind(), Permanent);
    let text = "the request cannot succeed: there are no credentials to ask with: the token command ended with exit status: 3";
    assert_eq!(chain(&error), text);
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_renewed_is_denied_with_the_reason() {
    let server = Server::start([Reply::json(401, "")]).await;
    let first = TokenFile::new("first", "");
    // Works once.
    let command = format!("rm {} && echo old", first.0.display());
    let mut operation = operation_with(&server, |http| http.token(Token::command(command)));
    let error = lro::Operation::poll(&mut operation).await.unwrap_err();
    assert_eq!(error.kind(), Denied);
    assert!(matches!(http_error(&error), HttpError::Renewal(_)), "{error:?}");
    let text = chain(&error);
    let begin = "not allowed to ask: the credentials were refused, and fresh ones could not be had: the token command ended with ";
    assert!(text.starts_with(begin), "{text}");
    assert_eq!(sent(&server), ["old"]);
}

#[tokio::test]
async fn a_token_file_that_somebody_is_writing_is_read_again() {
    let [pending, refused] = [Reply::json(200, PENDING), Reply::json(401, "")];
    let server = Server::start([pending.clone(), refused, pending]).await;
    let file = TokenFile::new("written", "old");
    let mut operation = operation_with(&server, |http| http.token(file.token()));
    lro::Operation::poll(&mut operation).await.unwrap();
    file.write("");
    let (kind, text) = poll_error(&mut operation).await;
    assert_eq!(kind, Transient, "{text}");
    file.write("fresh");
    lro::Operation::poll(&mut operation).await.unwrap();
    assert_eq!(sent(&server), ["old", "old", "fresh"]);
}

#[tokio::test]
async fn no_error_and_no_debug_ever_tells_the_token() {
    let document = r#"{"finished":true,"result":{"result":"odd"}}"#;
    for reply in [
        Reply::json(401, ""),
        Reply::json(403, ""),
        Reply::json(500, "no"),
        Reply::json(302, "").header("Location", "/login?token=s3cret"),
        Reply::json(200, "<html>"),
        Reply::json(200, document),
        Reply::nothing(Then::Close),
        Reply::raw("garbage"),
    ] {
        let server = Server::start([reply]).await;
        let token = Token::given("s3cret").unwrap();
        let mut operation = operation_with(&server, |http| http.token(token));
        let error = lro::Operation::poll(&mut operation).await.unwrap_err();
        assert_eq!(sent(&server), ["s3cret"]);
        let told = format!("{} {error:?} {operation:?}", chain(&error));
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_token_does_not_make_it_known() {
    let quoted = "the operation is finished, and its result is `…`: neither success nor failed";
    for (reply, told) in [
        (
            Reply::json(403, r#"{"code":"x","message":"s3/cret is no token"}"#),
            "HTTP 403 Forbidden: x: … is no token",
        ),
        (
            Reply::json(403, r#"{"code":"x","message":"s3\/cret is no token"}"#),
            "HTTP 403 Forbidden: x: … is no token",
        ),
        (Reply::new(400, "text/plain", "X-Auth-Token: s3/cret"), "HTTP 400 Bad Request: X-Auth-Token: …"),
        (
            Reply::json(500, "").header("X-Request-Id", "s3/cret"),
            "HTTP 500 Internal Server Error (request id …)",
        ),
        (
            Reply::json(302, "").header("Location", "/login/s3/cret"),
            "login/…, and redirects are not followed",
        ),
        (Reply::json(200, r#"{"X-Auth-Token": "s3/cret"}"#), r#"begins with `{"X-Auth-Token": "…"}`"#),
        (Reply::json(200, r#"{"X-Auth-Token": "s3\/cret"}"#), "it has no `finished`"),
        (Reply::json(200, r#"{"finished":"s3\/cret"}"#), r#"invalid type: string "…""#),
        (Reply::json(200, r#"{"finished":true,"result":{"result":"s3\/cret"}}"#), quoted),
    ] {
        let server = Server::start([reply]).await;
        let mut operation = operation_with(&server, |http| http.token(Token::given("s3/cret").unwrap()));
        let text = poll_error(&mut operation).await.1;
        assert!(text.contains(told), "{told}: {text}");
        assert!(!text.contains("s3/cret"), "{text}");
    }
    let failed = r#"{"finished":true,"more":"s3/cret","result":{"result":"failed","reason":"s3\/cret"}}"#;
    let server = Server::start([Reply::json(200, failed)]).await;
    let mut operation = operation_with(&server, |http| http.token(Token::given("s3/cret").unwrap()));
    let answer = lro::Operation::poll(&mut operation).await.unwrap();
    assert_eq!((answer.reason.as_deref(), answer.status.reason.as_deref()), (Some("…"), Some("…")));
    assert!(answer.status.raw().contains(r#""more":"…""#), "{}", answer.status.raw());
}
