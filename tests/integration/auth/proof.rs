//! Other proofs than a password: a token to begin with, and a passcode.

use lro::PollErrorKind::Denied;
use lro::auth::{Identity, Project, User};

use super::renewal::{token, tokens_sent};
use crate::support::server::{Reply, Server};
use crate::support::{PENDING, client, operation_with};

/// What a Keystone tells of a token that it is shown.
fn shown(project: &str) -> Reply {
    Reply::json(
        200,
        format!(r#"{{"token": {{"expires_at": "2015-11-09T01:00:00Z", "project": {{"id": "{project}"}}}}}}"#),
    )
    .header("X-Subject-Token", "given")
    .header("Date", "Mon, 09 Nov 2015 00:00:00 GMT")
}

#[tokio::test]
async fn a_token_to_begin_with_is_looked_at_and_used_as_it_is() {
    let keystone = Server::start([shown("p1")]).await;
    let plas = Server::start([Reply::json(200, PENDING), Reply::json(401, "")]).await;
    let identity = Identity::token(&keystone.url(), "given").unwrap().project(Project::Id("p1".to_owned()));
    let mut operation = operation_with(&plas, |http| http.credentials(identity));
    lro::Operation::poll(&mut operation).await.unwrap();
    let hits = keystone.hits();
    assert_eq!(hits[0].line, "GET /v3/auth/tokens?nocatalog HTTP/1.1");
    assert_eq!([hits[0].header("x-auth-token"), hits[0].header("x-subject-token")], [Some("given"); 2]);
    let standing = operation.http().standing();
    assert!(!standing.renews && standing.lasts.unwrap().as_secs() >= 3590, "{standing:?}");
    // Nothing comes after it.
    assert_eq!(lro::Operation::poll(&mut operation).await.unwrap_err().kind(), Denied);
    assert_eq!((keystone.hits().len(), plas.hits().len()), (1, 2));
}

#[tokio::test]
async fn a_token_for_something_else_is_exchanged_for_one_that_fits() {
    let keystone = Server::start([shown("p2"), token("scoped", 600)]).await;
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    let identity = Identity::token(&keystone.url(), "given").unwrap().project(Project::Id("p1".to_owned()));
    let mut operation = operation_with(&plas, |http| http.credentials(identity));
    lro::Operation::poll(&mut operation).await.unwrap();
    assert_eq!(
        keystone.hits()[1].body,
        r#"{"auth":{"identity":{"methods":["token"],"token":{"id":"given"}},"scope":{"project":{"id":"p1"}}}}"#
    );
    assert_eq!(tokens_sent(&plas), ["scoped"]);
}

#[tokio::test]
async fn a_token_that_may_not_be_looked_at_is_used_and_one_that_is_refused_is_not() {
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    let ask = async |status: u16| {
        let keystone = Server::start([Reply::json(status, "")]).await;
        let identity = Identity::token(&keystone.url(), "given").unwrap();
        let mut operation = operation_with(&plas, |http| http.credentials(identity));
        lro::Operation::poll(&mut operation).await.map(|_| ()).map_err(|error| error.kind())
    };
    assert_eq!(ask(403).await, Ok(()));
    assert_eq!(ask(401).await, Err(Denied));
    assert_eq!(tokens_sent(&plas), ["given"]);
    // What it is for cannot be known, so it is exchanged for one that is known to fit.
    let keystone = Server::start([Reply::json(403, ""), token("scoped", 600)]).await;
    let identity = Identity::token(&keystone.url(), "given").unwrap().project(Project::Id("p1".to_owned()));
    let mut operation = operation_with(&plas, |http| http.credentials(identity));
    lro::Operation::poll(&mut operation).await.unwrap();
    assert_eq!(tokens_sent(&plas), ["given", "scoped"]);
}

#[tokio::test]
async fn a_passcode_is_used_once_and_its_token_to_the_end() {
    let keystone = Server::start([token("first", 60), token("second", 60)]).await;
    let plas = Server::start([Reply::json(200, PENDING), Reply::json(401, "")]).await;
    let identity = Identity::passcode(&keystone.url(), User::Id("u1".to_owned()), "123456").unwrap();
    let client = client(&plas.url(), |http| http.credentials(identity));
    let mut operation = client.operation("c1", "o1").unwrap();
    lro::Operation::poll(&mut operation).await.unwrap();
    assert_eq!(lro::Operation::poll(&mut operation).await.unwrap_err().kind(), Denied);
    assert_eq!(tokens_sent(&plas), ["first"; 2]);
    assert_eq!(keystone.hits().len(), 1);
}
