//! A token of a Keystone over a wait: shared, renewed in time and after a refusal, by one at a time.

use std::time::Duration;

use lro::PollErrorKind::Denied;
use lro::auth::{Domain, Identity, Project, User};
use lro::wait_for_completion;

use crate::support::server::{Reply, Server};
use crate::support::{PENDING, SUCCESS, client, every, operation_with};

/// A token that is good for so many seconds by the clock of the server.
pub(crate) fn token(name: &str, seconds: u64) -> Reply {
    let hours = |seconds: u64| format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let body = format!(
        r#"{{"token": {{"methods": ["password"], "expires_at": "2015-11-09T{}.527363Z", "issued_at": "2015-11-09T00:00:00.000000Z",
            "user": {{"id": "u1", "name": "alice", "domain": {{"id": "d1", "name": "D"}}}},
            "project": {{"id": "p1", "name": "eu-de", "domain": {{"id": "d1", "name": "D"}}}}, "catalog": []}}}}"#,
        hours(seconds)
    );
    // A year that is long gone: the clock of this machine has no say in how long a token lasts.
    let date = "Mon, 09 Nov 2015 00:00:00 GMT";
    Reply::json(201, body).header("X-Subject-Token", name).header("Date", date)
}

pub(crate) fn alice(keystone: &Server) -> Identity {
    let domain = Domain::Name("D".to_owned());
    let user = User::Name { name: "alice".to_owned(), domain };
    let identity = Identity::password(&keystone.url(), user, "pa\"ss-w0rd").expect("a URL");
    identity.project(Project::Name { name: "eu-de".to_owned(), domain: None })
}

pub(crate) fn tokens_sent(server: &Server) -> Vec<String> {
    server.hits().iter().map(|hit| hit.header("x-auth-token").unwrap_or("none").to_owned()).collect()
}

#[tokio::test]
async fn a_token_that_lasts_is_had_once_for_the_whole_wait() {
    let keystone = Server::start([token("long", 3600)]).await;
    let plas =
        Server::start([Reply::json(200, PENDING), Reply::json(200, PENDING), Reply::json(200, SUCCESS)])
            .await;
    let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
    wait_for_completion(client.operation("c1", "o1").unwrap()).schedule(every(10)).await.unwrap();
    assert_eq!(keystone.hits().len(), 1);
    assert_eq!(tokens_sent(&plas), ["long"; 3]);
}

#[tokio::test]
async fn a_token_with_less_than_two_minutes_left_is_renewed_before_it_is_used() {
    for (seconds, expected) in [(119, ["first", "second"]), (122, ["first", "first"])] {
        let keystone = Server::start([token("first", seconds), token("second", 3600)]).await;
        let plas = Server::start([Reply::json(200, PENDING), Reply::json(200, SUCCESS)]).await;
        let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
        // A second and a bit: a token is never renewed sooner than that.
        wait_for_completion(client.operation("c1", "o1").unwrap()).schedule(every(1100)).await.unwrap();
        assert_eq!(tokens_sent(&plas), expected, "{seconds} s");
    }
}

#[tokio::test]
async fn a_refused_token_is_renewed_once_and_the_wait_goes_on() {
    let keystone = Server::start([token("first", 3600), token("second", 3600)]).await;
    let plas = Server::start([
        Reply::json(200, PENDING),
        Reply::json(401, ""),
        Reply::json(200, PENDING),
        Reply::json(200, SUCCESS),
    ])
    .await;
    let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
    let done = wait_for_completion(client.operation("c1", "o1").unwrap()).schedule(every(10)).await.unwrap();
    assert_eq!(tokens_sent(&plas), ["first", "first", "second", "second"]);
    assert_eq!(keystone.hits().len(), 2);
    assert_eq!((done.report.polls, done.report.transient_errors), (3, 0));
}

#[tokio::test]
async fn two_refusals_around_a_fresh_token_end_the_wait_and_a_403_renews_nothing() {
    for (status, asked, sent) in [(401, 2, vec!["first", "second"]), (403, 1, vec!["first"])] {
        let keystone = Server::start([token("first", 3600), token("second", 3600)]).await;
        let plas = Server::start([Reply::json(status, "")]).await;
        let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
        let wait = wait_for_completion(client.operation("c1", "o1").unwrap()).schedule(every(10));
        let error = wait.await.unwrap_err();
        assert!(
            matches!(&error, lro::WaitError::Poll { source, .. } if source.kind() == Denied),
            "{error:?}"
        );
        assert_eq!(tokens_sent(&plas), sent);
        assert_eq!(keystone.hits().len(), asked);
    }
}

#[tokio::test]
async fn waits_that_share_a_client_renew_once_for_all() {
    let keystone = Server::start([token("first", 3600), token("second", 3600)]).await;
    let refused = std::iter::repeat_n(Reply::json(401, ""), 20);
    let plas = Server::start(refused.chain([Reply::json(200, SUCCESS)])).await;
    let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
    let waits: Vec<_> = (0..20)
        .map(|number| {
            let operation = client.operation("c1", &format!("o{number}")).unwrap();
            tokio::spawn(async move { wait_for_completion(operation).schedule(every(10)).await.is_ok() })
        })
        .collect();
    for wait in waits {
        assert!(wait.await.unwrap());
    }
    assert_eq!(keystone.hits().len(), 2);
    let sent = tokens_sent(&plas);
    assert_eq!(sent.iter().filter(|token| *token == "first").count(), 20);
    assert_eq!(sent.iter().filter(|token| *token == "second").count(), 20);
}

#[tokio::test]
async fn a_password_that_is_wrong_by_now_is_tried_once_however_many_wait() {
    let keystone = Server::start([token("first", 3600), Reply::json(401, "")]).await;
    let plas = Server::start([Reply::json(200, PENDING), Reply::json(401, "")]).await;
    let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
    // So that all have the first token.
    client
        .operation("c1", "o1")
        .map(|mut operation| async move { lro::Operation::poll(&mut operation).await })
        .unwrap()
        .await
        .unwrap();
    let waits: Vec<_> = (0..10)
        .map(|_| {
            let operation = client.operation("c1", "o1").unwrap();
            tokio::spawn(async move { wait_for_completion(operation).schedule(every(10)).await.map(|_| ()) })
        })
        .collect();
    for wait in waits {
        let error = wait.await.unwrap().unwrap_err();
        assert!(
            matches!(&error, lro::WaitError::Poll { source, .. } if source.kind() == Denied),
            "{error:?}"
        );
    }
    assert_eq!(keystone.hits().len(), 2);
}

#[tokio::test]
async fn an_identity_service_that_is_down_for_a_moment_is_outwaited() {
    let tired = Reply::json(503, "").header("Retry-After", "0");
    let html = Reply::new(200, "text/html", "<html>we are back soon</html>");
    let keystone =
        Server::start([tired.clone(), token("first", 3600), tired, html, token("second", 3600)]).await;
    let plas =
        Server::start([Reply::json(200, PENDING), Reply::json(401, ""), Reply::json(200, SUCCESS)]).await;
    let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
    let wait = wait_for_completion(client.operation("c1", "o1").unwrap()).schedule(every(10));
    let done = tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap().unwrap();
    assert_eq!(done.report.transient_errors, 3);
    assert_eq!(tokens_sent(&plas), ["first", "first", "second"]);
    assert_eq!(keystone.hits().len(), 5);
}

#[tokio::test]
async fn neither_cookies_nor_headers_of_the_endpoint_reach_a_keystone() {
    let session = |name: &str| ("Set-Cookie", format!("session={name}; Path=/"));
    let with = |reply: Reply, (name, value): (&str, String)| reply.header(name, &value);
    let keystone = Server::start([
        with(token("first", 3600), session("of-keystone")),
        with(token("second", 3600), session("of-keystone")),
    ])
    .await;
    let plas = Server::start([
        with(Reply::json(200, PENDING), session("of-plas")),
        Reply::json(401, ""),
        Reply::json(200, PENDING),
    ])
    .await;
    let mut operation = operation_with(&plas, |http| {
        http.credentials(alice(&keystone)).secret_header("X-Mine", "s3cret").header("Accept", "text/plain")
    });
    for _ in 0..2 {
        lro::Operation::poll(&mut operation).await.unwrap();
    }
    assert_eq!(tokens_sent(&plas), ["first", "first", "second"]);
    let cookies = |server: &Server| -> Vec<_> {
        server.hits().iter().map(|hit| hit.header("cookie").map(str::to_owned)).collect()
    };
    let kept = Some("session=of-plas".to_owned());
    assert_eq!(cookies(&plas), [None, kept.clone(), kept]);
    assert_eq!(cookies(&keystone), [None, None]);
    for hit in keystone.hits() {
        assert_eq!((hit.header("x-mine"), hit.header("accept")), (None, Some("application/json")));
    }
}
