//! Every class of status, and what it means for a wait.

use std::time::Duration;

use lro::PollErrorKind::{self, Denied, Gone, NotFound, Permanent, Transient};
use lro::auth::Token;

use crate::support::server::{Reply, Server, Then};
use crate::support::{SUCCESS, chain, operation, operation_with, poll_error};

const LOGIN: &str = "<html><title>Login</title></html>";

#[tokio::test]
async fn every_status_has_its_meaning_and_is_told() {
    let no_document = "the answer is not a PLAS operation: ";
    let cases: [(Reply, PollErrorKind, String); 24] = [
        (
            Reply::new(200, "text/html", LOGIN),
            Transient,
            format!("{no_document}it is no JSON object; it begins with `{LOGIN}`"),
        ),
        (Reply::json(200, ""), Transient, format!("{no_document}it is empty")),
        (Reply::json(204, ""), Transient, format!("{no_document}it is empty")),
        (Reply::json(304, ""), Permanent, "HTTP 304 Not Modified".into()),
        (Reply::json(300, "{}"), Permanent, "HTTP 300 Multiple Choices: {}".into()),
        (Reply::json(400, ""), Permanent, "HTTP 400 Bad Request".into()),
        (Reply::json(401, ""), Denied, "HTTP 401 Unauthorized".into()),
        (Reply::json(402, ""), Permanent, "HTTP 402 Payment Required".into()),
        (Reply::json(403, ""), Denied, "HTTP 403 Forbidden".into()),
        (Reply::json(404, ""), NotFound, "HTTP 404 Not Found".into()),
        (Reply::json(405, ""), Permanent, "HTTP 405 Method Not Allowed".into()),
        (Reply::json(407, ""), Permanent, "HTTP 407 Proxy Authentication Required".into()),
        (Reply::json(408, ""), Transient, "HTTP 408 Request Timeout".into()),
        (Reply::json(410, ""), Gone, "HTTP 410 Gone".into()),
        (Reply::json(421, ""), Permanent, "HTTP 421 Misdirected Request".into()),
        (Reply::json(425, ""), Transient, "HTTP 425 Too Early".into()),
        (Reply::json(429, ""), Transient, "HTTP 429 Too Many Requests".into()),
        (Reply::json(500, ""), Transient, "HTTP 500 Internal Server Error".into()),
        (Reply::json(502, ""), Transient, "HTTP 502 Bad Gateway".into()),
        (Reply::new(503, "text/html", LOGIN), Transient, "HTTP 503 Service Unavailable: Login".into()),
        (Reply::json(504, ""), Transient, "HTTP 504 Gateway Timeout".into()),
        (Reply::json(599, ""), Transient, "HTTP 599".into()),
        (Reply::json(600, ""), Permanent, "HTTP 600".into()),
        (Reply::json(999, ""), Permanent, "HTTP 999".into()),
    ];
    for (reply, kind, text) in cases {
        let server = Server::start([reply]).await;
        assert_eq!(poll_error(&mut operation(&server)).await, (kind, text));
    }
}

#[tokio::test]
async fn a_redirect_ends_the_wait_and_takes_no_token_with_it() {
    for status in [301, 302, 303, 307, 308] {
        let elsewhere = Server::start([Reply::json(200, SUCCESS)]).await;
        let target = format!("{}/login?ticket=s3cret", elsewhere.url());
        let server = Server::start([Reply::json(status, "").header("Location", &target)]).await;
        let token = Token::given("s3cret").unwrap();
        let operation = operation_with(&server, |http| http.token(token));
        let error = lro::wait_for_completion(operation).await.unwrap_err();
        let text = chain(&error);
        assert!(
            text.starts_with(&format!(
                "the state of operation c1/o1 could not be learned: the request cannot succeed: HTTP {status}"
            )),
            "{text}"
        );
        assert!(
            text.ends_with(&format!(
                ": the server redirects to {}/login, and redirects are not followed",
                elsewhere.url()
            )),
            "{text}"
        );
        assert_eq!((server.hits().len(), elsewhere.hits().len()), (1, 0));
    }
}

#[tokio::test]
async fn a_redirect_on_the_same_server_is_not_followed_either() {
    let moved = Reply::json(302, "").header("Location", "elsewhere");
    let server = Server::start([moved, Reply::json(200, SUCCESS)]).await;
    let (kind, text) = poll_error(&mut operation(&server)).await;
    let target = format!("{}/v1.0/plasconnector/connectors/c1/operations/elsewhere", server.url());
    assert_eq!(
        (kind, text),
        (
            Permanent,
            format!("HTTP 302 Found: the server redirects to {target}, and redirects are not followed")
        )
    );
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn informational_answers_are_passed_over() {
    let early = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n";
    let answer = format!("{early}HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{SUCCESS}", SUCCESS.len());
    let server = Server::start([Reply::raw(answer)]).await;
    assert!(lro::Operation::poll(&mut operation(&server)).await.unwrap().verdict.is_terminal());
}

#[tokio::test]
async fn an_operation_that_is_not_known_yet_is_asked_for_again() {
    let unknown = Reply::json(404, "");
    let server = Server::start([unknown.clone(), unknown, Reply::json(200, SUCCESS)]).await;
    let done = lro::wait_for_completion(operation(&server)).timeout(Duration::from_secs(10)).await.unwrap();
    assert_eq!((done.report.polls, done.report.transient_errors), (2, 1));
}

#[tokio::test]
async fn after_its_grace_an_unknown_operation_ends_the_wait() {
    let server = Server::start([Reply::json(404, r#"{"error_code":"P.1","error_msg":"no such"}"#)]).await;
    let error =
        lro::wait_for_completion(operation(&server)).not_found_grace(Duration::ZERO).await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(
        chain(&error),
        "the state of operation c1/o1 could not be learned: no such operation: HTTP 404 Not Found: P.1: no such"
    );
    assert_eq!(error.report().unwrap().polls, 1);
}

#[tokio::test]
async fn a_passing_fault_is_outwaited() {
    let server = Server::start([Reply::json(503, "").then(Then::Close), Reply::json(200, SUCCESS)]).await;
    let done = lro::wait_for_completion(operation(&server)).timeout(Duration::from_secs(10)).await.unwrap();
    assert_eq!((done.report.polls, done.report.transient_errors), (2, 1));
    assert_eq!(
        chain(&**done.report.last_error.as_ref().unwrap()),
        "no usable answer: HTTP 503 Service Unavailable"
    );
}
