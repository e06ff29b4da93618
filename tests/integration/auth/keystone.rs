//! What is asked of a Keystone, and what each thing that can come back means.

use lro::PollErrorKind::{self, Denied, Permanent, Transient};
use lro::auth::Standing;

use super::renewal::{alice, token, tokens_sent};
use crate::support::server::{Reply, Server, Then};
use crate::support::{PENDING, chain, client, operation_with};

const UNAUTHORIZED: &str = r#"{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}"#;

/// Asks once with this answer of a Keystone: the kind of the error, and its text without the address.
async fn refused(reply: Reply) -> (PollErrorKind, String) {
    let keystone = Server::start([reply]).await;
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    let mut operation = operation_with(&plas, |http| http.credentials(alice(&keystone)));
    let error = lro::Operation::poll(&mut operation).await.expect_err("a refusal");
    assert_eq!(keystone.hits().len(), 1);
    assert_eq!(plas.hits().len(), 0, "nothing is asked without a token");
    let text = chain(&error).replace(&keystone.url(), "KEYSTONE");
    (
        error.kind(),
        text.split_once("there are no credentials to ask with: ").expect("the seam says so").1.to_owned(),
    )
}

#[tokio::test]
async fn a_token_is_asked_for_as_the_api_says() {
    let keystone = Server::start([token("t0ken", 3600)]).await;
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    let mut operation = operation_with(&plas, |http| http.credentials(alice(&keystone)));
    assert_eq!(operation.http().standing(), Standing::new(None, None, true));
    let shown = format!("{:?}", operation.http());
    assert!(shown.contains("alice") && !shown.contains("w0rd"), "{shown}");
    lro::Operation::poll(&mut operation).await.unwrap();
    let hits = keystone.hits();
    // The catalog is long, and nobody asked for it.
    assert_eq!(hits[0].line, "POST /v3/auth/tokens?nocatalog HTTP/1.1");
    assert_eq!(hits[0].header("content-type"), Some("application/json"));
    assert_eq!(hits[0].header("x-auth-token"), None);
    assert_eq!(
        hits[0].body,
        r#"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"alice","domain":{"name":"D"},"password":"pa\"ss-w0rd"}}},"scope":{"project":{"name":"eu-de","domain":{"name":"D"}}}}}"#
    );
    assert_eq!(tokens_sent(&plas), ["t0ken"]);
    let standing = operation.http().standing();
    assert_eq!(standing.holder.as_deref(), Some("user `alice` of domain `D`, project `eu-de`"));
    let lasts = standing.lasts.unwrap().as_secs();
    assert!((3590..=3600).contains(&lasts), "{lasts} s");
    assert!(standing.renews);
}

#[tokio::test]
async fn a_refusal_is_final_and_quotes_what_was_said() {
    let wrong = Reply::json(401, UNAUTHORIZED).header("X-Openstack-Request-Id", "req-1");
    let quoted = "KEYSTONE gave no token: HTTP 401 Unauthorized: 401: The request you have made requires \
                  authentication. (request id req-1)";
    assert_eq!(refused(wrong).await, (Denied, quoted.to_owned()));
    let locked = Reply::json(401, r#"{"error_msg":"The account is locked.","error_code":"IAM.0061"}"#);
    let quoted = "KEYSTONE gave no token: HTTP 401 Unauthorized: IAM.0061: The account is locked.";
    assert_eq!(refused(locked).await, (Denied, quoted.to_owned()));
    assert_eq!(
        refused(Reply::json(403, "")).await,
        (Denied, "KEYSTONE gave no token: HTTP 403 Forbidden".to_owned())
    );
    let receipt = r#"{"receipt":{"methods":["password"]},"required_auth_methods":[["password","totp"]]}"#;
    let receipt = Reply::json(401, receipt).header("Openstack-Auth-Receipt", "r3ceipt");
    let second = "KEYSTONE wants another factor beside the password".to_owned();
    assert_eq!(refused(receipt).await, (Denied, second));
}

#[tokio::test]
async fn what_is_no_keystone_is_told_by_what_it_answers() {
    for (reply, kind, told) in [
        (
            Reply::json(400, r#"{"error":{"code":400,"message":"no domain"}}"#),
            Permanent,
            "HTTP 400 Bad Request: 400: no domain",
        ),
        // Not "no such operation": that is for the API to say.
        (Reply::json(404, ""), Permanent, "HTTP 404 Not Found"),
        (Reply::json(410, ""), Permanent, "HTTP 410 Gone"),
        (
            Reply::json(300, r#"{"versions":{"values":[]}}"#),
            Permanent,
            "HTTP 300 Multiple Choices: {\"versions\":{\"values\":[]}}",
        ),
        (
            Reply::json(302, "").header("Location", "https://evil.example/login?next=x"),
            Permanent,
            "HTTP 302 Found: the server redirects to https://evil.example/login, and redirects are not followed",
        ),
        (Reply::json(429, ""), Transient, "HTTP 429 Too Many Requests"),
        (Reply::json(503, ""), Transient, "HTTP 503 Service Unavailable"),
        (
            Reply::json(201, r#"{"token":{}}"#),
            Transient,
            "the answer is not the token of a Keystone v3: there is no token in it (no header X-Subject-Token)",
        ),
        (
            Reply::json(201, r#"{"token":{}}"#).header("X-Subject-Token", "a b"),
            Transient,
            "the answer is not the token of a Keystone v3: there is no token in it (no header X-Subject-Token)",
        ),
        (
            Reply::new(201, "text/html", "<html>welcome").header("X-Subject-Token", "t"),
            Transient,
            "the answer is not the token of a Keystone v3: it is no JSON (line 1, column 1)",
        ),
    ] {
        let (seen, text) = refused(reply).await;
        assert_eq!(text, format!("KEYSTONE gave no token: {told}"));
        assert_eq!(seen, kind, "{text}");
    }
    let (kind, text) = refused(Reply::nothing(Then::Close)).await;
    assert_eq!(kind, Transient);
    assert!(text.starts_with("KEYSTONE gave no token: no answer from KEYSTONE: "), "{text}");
}

#[tokio::test]
async fn a_keystone_that_nobody_reaches_is_asked_again() {
    let gone = Server::start([token("t", 1)]).await;
    let identity = alice(&gone);
    drop(gone);
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    let mut operation = operation_with(&plas, |http| http.credentials(identity));
    assert_eq!(lro::Operation::poll(&mut operation).await.unwrap_err().kind(), Transient);
}

#[tokio::test]
async fn what_was_sent_is_not_told_when_it_is_sent_back() {
    let echo = r#"{"error":{"message":"no user with password pa\"ss-w0rd","code":401}}"#;
    let plain = r#"no such pa"ss-w0rd"#;
    for reply in [
        Reply::json(401, echo),
        Reply::json(401, r#"{"error":{"message":"no user with password p\u0061\"ss\u002dw0rd","code":401}}"#),
        Reply::new(401, "text/plain", plain),
        Reply::new(401, "text/plain", "no such pa%22ss%2Dw0rd"),
        Reply::json(302, "").header("Location", "/wrong/pa\"ss-w0rd/"),
    ] {
        let (_, text) = refused(reply).await;
        assert!(text.contains('…') && !text.contains("w0rd"), "{text}");
    }
}

#[tokio::test]
async fn nothing_is_told_of_a_body_that_may_hold_a_token() {
    let of_another_kind = r#"{"access": {"token": {"id": "l1ve"}}}"#;
    for reply in [
        Reply::json(200, of_another_kind),
        Reply::json(201, of_another_kind).header("X-Subject-Token", "l1ve"),
        Reply::new(201, "text/plain", "l1ve").header("X-Subject-Token", "l1ve"),
        Reply::json(201, r#"{"token": "l1ve"}"#).header("X-Subject-Token", "l1ve"),
    ] {
        let (_, text) = refused(reply).await;
        assert!(text.contains("is not the token of a Keystone v3") && !text.contains("l1ve"), "{text}");
    }
}

#[tokio::test]
async fn a_check_is_a_yes_only_of_the_api() {
    for (reply, expected) in [
        (Reply::json(200, r#"{"totalNum": 0, "data": []}"#), Ok(())),
        (Reply::new(200, "text/html", "<html>login</html>"), Err(Transient)),
        (Reply::json(200, "[]"), Err(Transient)),
        (Reply::json(403, ""), Err(Denied)),
    ] {
        let plas = Server::start([reply]).await;
        let checked = client(&plas.url(), |http| http).check().await;
        assert_eq!(checked.map_err(|error| error.kind()), expected);
    }
}
