//! What is sent, and a whole wait.

use lro::auth::Token;
use lro::{PollErrorKind, Verdict};

use crate::support::server::{Reply, Server};
use crate::support::{PATH, PENDING, SUCCESS, chain, client, every, operation, operation_with, poll_error};

#[tokio::test]
async fn a_request_is_what_the_reference_asks_for() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let token = Token::given("s3cret").unwrap();
    lro::Operation::poll(&mut operation_with(&server, |http| http.token(token))).await.unwrap();
    let [hit] = &server.hits()[..] else { panic!("{:?}", server.hits()) };
    assert_eq!(hit.line, format!("GET {PATH} HTTP/1.1"));
    let mut headers = hit.headers.clone();
    headers.sort();
    let url = server.url();
    // All there is: above all neither a length nor an encoding, because there is no body.
    let expected = [
        ("accept", "application/json"),
        ("accept-encoding", "gzip"),
        ("content-type", "application/json"),
        ("host", url.trim_start_matches("http://")),
        ("user-agent", concat!("lro/", env!("CARGO_PKG_VERSION"))),
        ("x-auth-token", "s3cret"),
    ];
    assert_eq!(headers, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[tokio::test]
async fn without_a_token_none_is_sent() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    lro::Operation::poll(&mut operation(&server)).await.unwrap();
    assert_eq!(server.hits()[0].header("x-auth-token"), None);
}

#[tokio::test]
async fn ids_stay_in_their_place_on_the_wire() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let mut operation = client(&server.url(), |http| http).operation("a/../b", "ä?x#y z").unwrap();
    lro::Operation::poll(&mut operation).await.unwrap();
    let path = "/v1.0/plasconnector/connectors/a%2F..%2Fb/operations/%C3%A4%3Fx%23y%20z";
    assert_eq!(server.paths(), [path]);
}

#[tokio::test]
async fn a_wait_asks_over_one_connection_until_the_operation_is_done() {
    let [pending, success] = [PENDING, SUCCESS].map(|body| Reply::json(200, body));
    let server = Server::start([pending.clone(), pending, success]).await;
    let done = lro::wait_for_completion(operation(&server)).schedule(every(10)).await.unwrap();
    assert_eq!(done.status().operation_id().as_deref(), Some("o1"));
    assert_eq!(done.status().raw(), SUCCESS);
    assert_eq!((done.report.polls, done.report.transient_errors), (3, 0));
    assert_eq!(&*done.report.id, "c1/o1");
    assert_eq!((server.hits().len(), server.connections()), (3, 1));
}

#[tokio::test]
async fn a_failure_ends_the_wait_with_its_reason() {
    let body = r#"{"finished":true,"result":{"result":"failed","reason":"no \u001b[31mfree line"}}"#;
    let server = Server::start([Reply::json(200, body)]).await;
    let error = lro::wait_for_completion(operation(&server)).await.unwrap_err();
    assert!(error.is_failed());
    assert_eq!(error.to_string(), "operation c1/o1 failed: no [31mfree line");
    assert_eq!(error.report().unwrap().reason(), Some("no [31mfree line"));
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn an_unknown_result_ends_the_wait_and_is_quoted() {
    let body = r#"{"finished":true,"result":{"result":"rolled\u001b[2Jback"}}"#;
    let server = Server::start([Reply::json(200, body)]).await;
    let error = lro::wait_for_completion(operation(&server)).await.unwrap_err();
    assert_eq!(
        chain(&error),
        "the state of operation c1/o1 could not be learned: the answer was not understood: \
         the operation is finished, and its result is `rolled [2Jback`: neither success nor failed"
    );
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn a_missing_result_is_a_success_unless_it_is_required() {
    let server = Server::start([Reply::json(200, r#"{"finished":true}"#)]).await;
    let answer = lro::Operation::poll(&mut operation(&server)).await.unwrap();
    assert_eq!(answer.verdict, Verdict::Succeeded);
    let told = poll_error(&mut operation(&server).require_result(true)).await;
    let text = "the operation is finished, but has no result".to_owned();
    assert_eq!(told, (PollErrorKind::NotUnderstood, text));
}
