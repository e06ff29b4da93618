//! What the body of an error says, as it arrives in the text of the error.

use lro::PollErrorKind::{Denied, Transient};
use lro::http::HttpError;

use crate::support::server::{Reply, Server, Then};
use crate::support::{http_error, operation, poll_error};

async fn told(reply: Reply) -> String {
    let server = Server::start([reply]).await;
    poll_error(&mut operation(&server)).await.1
}

#[tokio::test]
async fn every_shape_arrives_in_the_text() {
    for (body, text) in [
        (
            r#"{"error_code":"APIG.0301","error_msg":"bad token","request_id":"7f"}"#,
            "APIG.0301: bad token (request id 7f)",
        ),
        (r#"{"error":{"code":"Ecs.0005","message":"illegal"}}"#, "Ecs.0005: illegal"),
        (r#"{"error":{"code":500,"message":"m","title":"t"}}"#, "500: m"),
        (r#"{"errorCode":"Common.1503","errorMsg":"flow control"}"#, "Common.1503: flow control"),
        (r#"{"code":"VPC.0002","message":"null"}"#, "VPC.0002: null"),
        (r#"{"error_message":"{\"faultcode\":\"Server\",\"faultstring\":\"no node\"}"}"#, "Server: no node"),
        ("<!DOCTYPE html><html><head><title>Bad\n gateway</title></head><body>", "Bad gateway"),
        ("<h1>down</h1><p>for <b>now</b>", "down for now"),
        ("upstream timed out\n", "upstream timed out"),
        ("\u{1b}]0;title\u{7}\u{1b}[31mred\u{9b}0m\u{202e}", "]0;title [31mred 0m"),
        ("a\0b", "a b"),
    ] {
        let expected = format!("HTTP 500 Internal Server Error: {text}");
        assert_eq!(told(Reply::json(500, body)).await, expected, "{body}");
    }
    assert_eq!(
        told(Reply::json(500, b"\xff\xfe!".to_vec())).await,
        "HTTP 500 Internal Server Error: \u{fffd}\u{fffd}!"
    );
}

#[tokio::test]
async fn the_request_id_is_told_also_without_a_body() {
    for name in ["X-Request-Id", "X-Openstack-Request-Id"] {
        let reply = Reply::json(502, "").header(name, "req-7");
        assert_eq!(told(reply).await, "HTTP 502 Bad Gateway (request id req-7)");
    }
}

#[tokio::test]
async fn the_parts_of_a_fault_can_be_had_one_by_one() {
    let body = r#"{"error_code":"P.1","error_msg":"no","request_id":"7f"}"#;
    let server = Server::start([Reply::json(403, body)]).await;
    let error = lro::Operation::poll(&mut operation(&server)).await.unwrap_err();
    let error = http_error(&error);
    assert_eq!(error.status(), Some(403));
    let HttpError::Status { fault, .. } = error else { panic!("{error:?}") };
    let parts = [&fault.code, &fault.message, &fault.request_id].map(|part| part.as_deref().unwrap());
    assert_eq!(parts, ["P.1", "no", "7f"]);
}

#[tokio::test]
async fn a_broken_body_does_not_hide_the_status() {
    let cut = Reply::json(403, "no entry").header("Content-Length", "100");
    for then in [Then::Close, Then::Reset] {
        let server = Server::start([cut.clone().then(then)]).await;
        let (kind, text) = poll_error(&mut operation(&server)).await;
        assert_eq!(kind, Denied);
        assert!(text.starts_with("HTTP 403 Forbidden"), "{text}");
    }
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    let endless = Reply::new(503, "text/plain", "").header("Connection", "close").then(Then::Endless("no "));
    let server = Server::start([endless]).await;
    let (kind, text) = poll_error(&mut operation(&server)).await;
    assert_eq!(kind, Transient);
    assert!(text.starts_with("HTTP 503 Service Unavailable: no no ") && text.len() < 600, "{text}");
}

#[tokio::test]
async fn deep_nesting_is_only_text() {
    for deep in ["[".repeat(100_000), r#"{"a":"#.repeat(100_000), r#"{"a":[{"#.repeat(100_000)] {
        let text = told(Reply::json(500, deep)).await;
        assert!(text.starts_with("HTTP 500 Internal Server Error: ") && text.len() < 600, "{text}");
    }
}
