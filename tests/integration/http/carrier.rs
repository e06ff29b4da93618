//! A token as a bearer, and as a user with a password: sent, renewed and hidden like any other.

use lro::auth::Token;

use crate::support::server::{Reply, Server};
use crate::support::{asking, http_error};

/// What was sent as `Authorization`, in order.
fn sent(server: &Server) -> Vec<String> {
    server.hits().iter().map(|hit| hit.header("authorization").unwrap_or("none").to_owned()).collect()
}

#[tokio::test]
async fn a_token_is_sent_as_it_is_to_be_and_not_as_anything_else() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let given = || Token::given("t0ken").unwrap();
    asking(&server, |http| http.token(given().bearer())).get("/a").await.unwrap();
    let basic = Token::user_and_password("Aladdin:open sesame").unwrap();
    asking(&server, |http| http.token(basic)).get("/a").await.unwrap();
    assert_eq!(sent(&server), ["Bearer t0ken", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="]);
    assert!(server.hits().iter().all(|hit| hit.header("x-auth-token").is_none()));
    let methods = [given().bearer(), given().basic(), given()]
        .map(|token| lro::auth::Credentials::from(token).method());
    assert_eq!(methods, ["bearer token", "user and password", "token"]);
}

#[tokio::test]
async fn a_refused_token_is_renewed_however_it_is_sent() {
    for (carry, expected) in [
        (Token::bearer as fn(Token) -> Token, ["Bearer u:1", "Bearer u:2", "Bearer u:2"]),
        (Token::basic, ["Basic dTox", "Basic dToy", "Basic dToy"]),
    ] {
        let server = Server::start([Reply::json(401, ""), Reply::json(200, "{}")]).await;
        let count = format!("{}/carrier-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        let token = Token::command(format!("echo x >> {count}; printf u:; wc -l < {count}"));
        let client = asking(&server, |http| http.token(carry(token)));
        let first = client.get("/a").await;
        let second = client.get("/a").await;
        std::fs::remove_file(&count).unwrap();
        assert!(first.is_ok() && second.is_ok());
        assert_eq!(sent(&server), expected);
    }
}

#[tokio::test]
async fn a_file_is_read_again_however_its_token_is_sent() {
    for (carry, expected) in [
        (Token::bearer as fn(Token) -> Token, ["Bearer u:1", "Bearer u:2"]),
        (Token::basic, ["Basic dTox", "Basic dToy"]),
    ] {
        let server =
            Server::start([Reply::json(200, "{}"), Reply::json(401, ""), Reply::json(200, "{}")]).await;
        let path = format!("{}/carried-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
        std::fs::write(&path, "u:1\n").unwrap();
        let client = asking(&server, |http| http.token(carry(Token::file(&path))));
        client.get("/a").await.unwrap();
        std::fs::write(&path, "u:2\n").unwrap();
        client.get("/a").await.unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(sent(&server), [expected[0], expected[0], expected[1]]);
    }
}

#[tokio::test]
async fn a_token_that_does_not_change_is_refused_once() {
    for token in [
        Token::given("t0ken").unwrap().bearer(),
        Token::command("echo u:p").bearer(),
        Token::command("echo u:p").basic(),
        Token::user_and_password("u:p").unwrap(),
    ] {
        let server = Server::start([Reply::json(401, "")]).await;
        let error = asking(&server, |http| http.token(token)).get("/a").await.unwrap_err();
        assert_eq!((http_error(&error).status(), server.hits().len()), (Some(401), 1));
    }
}

#[tokio::test]
async fn a_token_in_another_form_does_not_come_back_in_any() {
    let bearer = Token::given("t0ken").unwrap().bearer();
    let basic = Token::user_and_password("me:pass w\u{f6}rd").unwrap();
    let encoded = "bWU6cGFzcyB3w7ZyZA==";
    for (token, secrets) in [
        (bearer, vec!["Bearer t0ken", "t0ken"]),
        (basic, vec!["Basic bWU6cGFzcyB3w7ZyZA==", encoded, "me:pass w\u{f6}rd", "pass w\u{f6}rd"]),
    ] {
        for secret in secrets {
            let body = format!(r#"{{"code":"x","message":"{secret} is wrong"}}"#);
            let server = Server::start([Reply::json(400, body.clone()), Reply::json(200, body)]).await;
            let client = asking(&server, |http| http.token(token.clone()));
            let error = client.get("/a").await.unwrap_err();
            assert_eq!(http_error(&error).to_string(), "HTTP 400 Bad Request: x: … is wrong", "{secret}");
            let told = String::from_utf8(client.get("/a").await.unwrap().body).unwrap();
            assert_eq!(told, r#"{"code":"x","message":"… is wrong"}"#, "{secret}");
            assert!(!format!("{client:?} {error:?}").contains(secret));
        }
    }
}

#[tokio::test]
async fn what_cannot_be_sent_as_it_is_to_be_is_not_sent() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    for (token, problem) in [
        (
            Token::command("echo 'a b'").bearer(),
            "the token command holds a space, a line break or another character that no token has",
        ),
        (Token::command("echo user").basic(), "the token command is not of the form `user:password`"),
        (
            Token::command("printf 'a:b\\nc'").basic(),
            "the token command holds a line break or another control character, which no user name and no password has",
        ),
    ] {
        let error = asking(&server, |http| http.token(token)).get("/a").await.unwrap_err();
        assert!(crate::support::chain(&error).ends_with(problem), "{error:?}");
    }
    assert_eq!(server.hits().len(), 0);
}
