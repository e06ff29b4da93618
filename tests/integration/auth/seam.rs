//! The seam itself: a way of being allowed that is nobody's but the caller's.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use lro::PollErrorKind::{Denied, Permanent, Transient};
use lro::auth::{AuthError, AuthErrorKind, Authorizer, Authorizing, Credentials, Headers, Request};

use crate::support::server::{Reply, Server};
use crate::support::{PATH, PENDING, chain, operation_with};

/// Counts what it is asked, and numbers what it gives.
#[derive(Debug, Default)]
struct Numbered {
    given: AtomicUsize,
    refused: AtomicUsize,
}

impl Authorizer for Numbered {
    fn authorize<'a>(&'a self, request: &'a Request<'a>) -> Authorizing<'a, Headers> {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        let asked = format!("{} {} {}", request.method, request.url.path(), request.body.len());
        Box::pin(async move {
            Ok(Headers::new().secret("X-Number", format!("secret-{number}")).plain("X-Asked", asked))
        })
    }

    fn refused<'a>(&'a self, headers: &'a Headers) -> Authorizing<'a, bool> {
        assert!(headers.get("x-number").is_some(), "what was refused is said");
        self.refused.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Ok(true) })
    }
}

/// Never has anything to give.
#[derive(Debug)]
struct Empty(AuthErrorKind);

impl Authorizer for Empty {
    fn authorize<'a>(&'a self, _: &'a Request<'a>) -> Authorizing<'a, Headers> {
        let error = AuthError::new(self.0, "the vault is closed").with_retry_after(Duration::from_secs(7));
        Box::pin(async { Err(error) })
    }
}

#[tokio::test]
async fn each_attempt_is_given_headers_of_its_own_and_a_401_one_more_attempt() {
    let server = Server::start([Reply::json(401, ""), Reply::json(200, PENDING)]).await;
    let mut operation =
        operation_with(&server, |http| http.credentials(Credentials::custom(Numbered::default())));
    lro::Operation::poll(&mut operation).await.unwrap();
    lro::Operation::poll(&mut operation).await.unwrap();
    let hits = server.hits();
    let sent: Vec<_> = hits.iter().map(|hit| hit.header("x-number").unwrap()).collect();
    assert_eq!(sent, ["secret-0", "secret-1", "secret-2"]);
    assert_eq!(hits[0].header("x-asked"), Some(&*format!("GET {PATH} 0")));
}

#[tokio::test]
async fn a_second_401_is_final_and_a_403_is_so_at_once() {
    let server = Server::start([Reply::json(401, "")]).await;
    let mut operation =
        operation_with(&server, |http| http.credentials(Credentials::custom(Numbered::default())));
    assert_eq!(lro::Operation::poll(&mut operation).await.unwrap_err().kind(), Denied);
    assert_eq!(server.hits().len(), 2);

    let server = Server::start([Reply::json(403, "")]).await;
    let mut operation =
        operation_with(&server, |http| http.credentials(Credentials::custom(Numbered::default())));
    assert_eq!(lro::Operation::poll(&mut operation).await.unwrap_err().kind(), Denied);
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn without_credentials_nothing_is_sent_and_the_kind_says_what_follows() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    for (kind, expected, word) in [
        (AuthErrorKind::Unusable, Permanent, "the request cannot succeed"),
        (AuthErrorKind::Permanent, Permanent, "the request cannot succeed"),
        (AuthErrorKind::Denied, Denied, "not allowed to ask"),
        (AuthErrorKind::Transient, Transient, "no usable answer"),
    ] {
        let mut operation =
            operation_with(&server, |http| http.credentials(Credentials::custom(Empty(kind))));
        let error = lro::Operation::poll(&mut operation).await.unwrap_err();
        assert_eq!(error.kind(), expected);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(
            chain(&error),
            format!("{word}: there are no credentials to ask with: the vault is closed")
        );
    }
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn what_makes_no_header_is_never_sent_and_never_told() {
    #[derive(Debug)]
    struct Evil;
    impl Authorizer for Evil {
        fn authorize<'a>(&'a self, _: &'a Request<'a>) -> Authorizing<'a, Headers> {
            Box::pin(async { Ok(Headers::new().secret("X-Auth-Token", "s3cret\r\nX-Evil: 1")) })
        }
    }
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let mut operation = operation_with(&server, |http| http.credentials(Credentials::custom(Evil)));
    let error = lro::Operation::poll(&mut operation).await.unwrap_err();
    let text = "the request cannot succeed: there are no credentials to ask with: \
                the header `X-Auth-Token` cannot be sent: it is not one";
    assert_eq!(chain(&error), text);
    assert_eq!(server.hits().len(), 0);
}
