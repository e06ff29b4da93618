//! One request of any kind: what of it is sent, and which statuses are answers.

use lro::PollErrorKind;
use lro::auth::{Headers, Token};
use lro::http::{Call, Client, HttpError, Reply as Answer};

use crate::support::http_error;
use crate::support::server::{Reply, Server};
use crate::support::{asking, client};

/// The answer to this call, by a client without credentials.
async fn answer(server: &Server, call: &Call) -> Answer {
    asking(server, |http| http).send(call).await.expect("an answer")
}

/// What went wrong with this call.
async fn error(client: &Client, call: &Call) -> (PollErrorKind, String, bool) {
    let error = client.send(call).await.expect_err("an error");
    let http = http_error(&error);
    (error.kind(), http.to_string(), http.may_have_arrived())
}

#[tokio::test]
async fn a_call_is_sent_with_its_method_headers_and_body() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let headers = Headers::new()
        .plain("Accept", "application/vnd.github+json")
        .plain("content-type", "text/plain")
        .secret("X-Api-Key", "k");
    let call = Call::new("/a?b=c").method("patch").unwrap().headers(headers).body("data");
    let reply = answer(&server, &call).await;
    assert_eq!((reply.status, reply.url()), (200, &*format!("{}/a?b=c", server.url())));
    let [hit] = &server.hits()[..] else { panic!("{:?}", server.hits()) };
    assert_eq!((&*hit.line, &*hit.body), ("PATCH /a?b=c HTTP/1.1", "data"));
    for (name, value) in
        [("accept", "application/vnd.github+json"), ("content-type", "text/plain"), ("x-api-key", "k")]
    {
        let sent: Vec<_> = hit.headers.iter().filter(|(known, _)| known == name).map(|(_, v)| v).collect();
        assert_eq!(sent, [value]);
    }
}

#[tokio::test]
async fn a_call_is_a_get_of_json_unless_it_says_otherwise() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    answer(&server, &Call::new("/a")).await;
    let hit = &server.hits()[0];
    assert_eq!((&*hit.line, hit.header("accept")), ("GET /a HTTP/1.1", Some("application/json")));
    assert_eq!((hit.header("content-type"), hit.header("content-length")), (Some("application/json"), None));
}

#[tokio::test]
async fn a_post_without_a_body_says_so() {
    let server = Server::start([Reply::json(202, "")]).await;
    for (method, length) in [("POST", Some("0")), ("PUT", Some("0")), ("PATCH", Some("0")), ("DELETE", None)]
    {
        answer(&server, &Call::new("/a").method(method).unwrap()).await;
        assert_eq!(server.hits().last().unwrap().header("content-length"), length, "{method}");
    }
}

#[tokio::test]
async fn credentials_win_over_the_headers_of_a_call() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let client = asking(&server, |http| http.token(Token::given("s3cret").unwrap()));
    let call = Call::new("/a").headers(Headers::new().plain("x-auth-token", "other"));
    client.send(&call).await.unwrap();
    let sent: Vec<_> = server.hits()[0].headers.clone();
    let tokens: Vec<_> = sent.iter().filter(|(name, _)| name == "x-auth-token").collect();
    assert_eq!(tokens, [&("x-auth-token".to_owned(), "s3cret".to_owned())]);
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_told_and_nothing_is_sent() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    for (name, value, problem) in [
        ("X-A", "s3cret\r\nX-Evil: 1", "the header `X-A` cannot be sent: it is not one"),
        ("Content-Length", "5", "the header `content-length` cannot be sent: it belongs to the connection"),
        (
            "Transfer-Encoding",
            "x",
            "the header `transfer-encoding` cannot be sent: it belongs to the connection",
        ),
    ] {
        let call = Call::new("/a").headers(Headers::new().secret(name, value));
        let told = error(&asking(&server, |http| http), &call).await;
        assert_eq!(told, (PollErrorKind::Permanent, problem.to_owned(), false));
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn the_statuses_that_a_call_names_are_answers_with_a_body() {
    for status in [303, 302, 404, 409, 410, 500] {
        let reply = Reply::json(status, r#"{"code":"x","message":"y"}"#).header("Location", "/b");
        let server = Server::start([reply]).await;
        let reply = answer(&server, &Call::new("/a").answers([status, 418])).await;
        assert_eq!((reply.status, &*reply.body), (status, &br#"{"code":"x","message":"y"}"#[..]));
        assert_eq!(reply.header("location").as_deref(), Some("/b"));
        assert_eq!(reply.fault().unwrap().to_string(), "x: y");
    }
}

#[tokio::test]
async fn all_other_statuses_are_errors_as_ever() {
    for status in [303, 404, 409] {
        let server = Server::start([Reply::json(status, "").header("Location", "/b")]).await;
        let client = asking(&server, |http| http);
        let error = client.send(&Call::new("/a").answers([418])).await.unwrap_err();
        assert_eq!(http_error(&error).status(), Some(status));
        assert_eq!(matches!(http_error(&error), HttpError::Redirect { .. }), status == 303);
        assert!(http_error(&error).may_have_arrived());
    }
}

#[tokio::test]
async fn an_answer_with_any_status_is_read_up_to_the_bound() {
    let server = Server::start([Reply::json(404, "x".repeat(101))]).await;
    let call = Call::new("/a").answers([404]);
    let told = error(&asking(&server, |http| http.body_limit(100)), &call).await;
    assert_eq!(told, (PollErrorKind::Transient, "the answer is longer than 100 bytes".to_owned(), true));
    assert_eq!(asking(&server, |http| http.body_limit(101)).send(&call).await.unwrap().body.len(), 101);
}

#[tokio::test]
async fn a_401_that_is_an_answer_is_still_followed_by_a_renewal() {
    let server = Server::start([Reply::json(401, ""), Reply::json(200, "{}")]).await;
    let count = format!("{}/call-{}", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let token = Token::command(format!("echo x >> {count}; wc -l < {count}"));
    let client = asking(&server, |http| http.token(token));
    let reply = client.send(&Call::new("/a").answers([401])).await;
    std::fs::remove_file(&count).unwrap();
    assert_eq!(reply.unwrap().status, 200);
    assert_eq!(
        server.hits().iter().map(|hit| hit.header("x-auth-token").unwrap()).collect::<Vec<_>>(),
        ["1", "2"]
    );
}

#[tokio::test]
async fn headers_of_an_answer_are_told_without_what_was_sent() {
    let reply = Reply::json(200, "{}")
        .header("X-Echo", "token s3cret")
        .header("Azure-AsyncOperation", "/a?sig=s3cret")
        .header("Set-Cookie", "session=abcdefgh");
    let server = Server::start([reply]).await;
    let client = asking(&server, |http| http.token(Token::given("s3cret").unwrap()));
    let reply = client.get("/a").await.unwrap();
    assert_eq!(reply.header("X-ECHO").as_deref(), Some("token …"));
    assert_eq!((reply.header("x-none"), reply.header("set-cookie")), (None, None));
    let headers: Vec<_> = reply.headers().collect();
    let expected = [
        ("content-type", "application/json"),
        ("x-echo", "token …"),
        ("azure-asyncoperation", "/a?sig=…"),
        ("content-length", "2"),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name, value.to_owned())));
}

#[tokio::test]
async fn what_an_answer_says_went_wrong_is_told_without_what_was_sent() {
    let server = Server::start([
        Reply::json(409, r#"{"error":{"code":"x","message":"s3\/cret"}}"#).header("X-Request-Id", "r1"),
        Reply::json(409, "").header("X-Request-Id", "r1"),
        Reply::json(200, r#"{"error":{"code":"x","message":"y"}}"#),
    ])
    .await;
    let client = asking(&server, |http| http.token(Token::given("s3/cret").unwrap()));
    let call = Call::new("/a").answers([409]);
    let fault = client.send(&call).await.unwrap().fault().unwrap();
    assert_eq!(fault.to_string(), "x: … (request id r1)");
    assert_eq!(client.send(&call).await.unwrap().fault(), None);
    assert_eq!(client.send(&call).await.unwrap().fault(), None);
}

#[tokio::test]
async fn a_location_in_an_answer_is_relative_to_what_was_asked() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let reply = answer(&server, &Call::new("/a/b?c=d")).await;
    let url = server.url();
    for (location, whole) in [
        ("e", format!("{url}/a/e")),
        ("../e?f", format!("{url}/e?f")),
        ("/e", format!("{url}/e")),
        ("https://other.example/e", "https://other.example/e".to_owned()),
    ] {
        assert_eq!(reply.join(location).unwrap(), whole);
    }
    assert!(reply.join("https://").is_err());
}

#[tokio::test]
async fn get_and_post_are_calls() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let http = client(&server.url(), |http| http).http().clone();
    http.get("/a").await.unwrap();
    http.post("/b", "{}").await.unwrap();
    let sent: Vec<_> = server.hits().iter().map(|hit| (hit.line.clone(), hit.body.clone())).collect();
    let expected = [("GET /a HTTP/1.1", ""), ("POST /b HTTP/1.1", "{}")];
    assert_eq!(sent, expected.map(|(line, body)| (line.to_owned(), body.to_owned())));
}
