//! What a single wait promises holds for each operation of a fleet, and the trouble of one is not that of the others.

use std::time::Duration;

use futures_util::future::join_all;
use lro::plas::{Operation, Status};
use lro::{Outcomes, PollErrorKind, WaitError};
use tokio::time::Instant;

use super::{fleet, in_two, is_of, of, operations, pending, success};
use crate::auth::renewal::{alice, token, tokens_sent};
use crate::support::client;
use crate::support::server::{Reply, Server, Then};

/// Ten operations, of which the third is answered like this at first and succeeds at last.
async fn third(
    first: Reply,
    configure: impl FnOnce(lro::Fleet<Operation>) -> lro::Fleet<Operation>,
) -> Outcomes<Status> {
    let server = Server::start_by(move |hit, nth| match nth {
        1 if is_of(hit, "o3") => first.clone(),
        _ => in_two(hit, nth),
    })
    .await;
    configure(of(&server, 10)).await.expect("numbers within bounds")
}

/// How the third one ended, and that all others succeeded.
fn of_third(ended: &Outcomes<Status>) -> &lro::Outcome<Status> {
    assert!(ended.successes().count() >= 9, "{:?}", ended.errors().collect::<Vec<_>>());
    &ended.outcomes[3]
}

#[tokio::test]
async fn a_token_that_is_refused_is_renewed_once_for_fifty() {
    let keystone = Server::start([token("first", 3600), token("second", 3600)]).await;
    let plas = Server::start_by(|hit, _| match hit.header("x-auth-token") {
        Some("second") => success(),
        _ => Reply::json(401, ""),
    })
    .await;
    let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
    let ended = fleet(operations(&client, 50)).await.unwrap();
    assert!(ended.is_success(), "{:?}", ended.errors().next());
    assert_eq!(keystone.hits().len(), 2);
    let sent = tokens_sent(&plas);
    assert_eq!(sent.iter().filter(|token| *token == "second").count(), 50);
    assert!(ended.successes().all(|done| (done.report.polls, done.report.transient_errors) == (1, 0)));
}

#[tokio::test]
async fn one_that_is_not_known_yet_is_asked_again_for_as_long_as_the_grace() {
    let ended = third(Reply::json(404, ""), |fleet| fleet).await;
    let done = of_third(&ended).as_ref().unwrap();
    assert_eq!((done.report.polls, done.report.transient_errors), (2, 1));
    let ended = third(Reply::json(404, ""), |fleet| fleet.not_found_grace(Duration::ZERO)).await;
    let error = of_third(&ended).as_ref().unwrap_err();
    assert!(matches!(error, WaitError::Poll { source, .. } if source.kind() == PollErrorKind::NotFound));
}

#[tokio::test]
async fn a_broken_answer_is_asked_for_again() {
    let long = format!("{}{}", " ".repeat(lro::http::DEFAULT_BODY_LIMIT), crate::support::SUCCESS);
    for reply in [
        Reply::json(200, "{\"finished\":"),
        Reply::json(200, long),
        Reply::json(500, ""),
        Reply::nothing(Then::Reset),
        pending().then(Then::Close).header("Content-Length", "1000"),
    ] {
        let told = format!("{reply:?}").chars().take(200).collect::<String>();
        let ended = third(reply, |fleet| fleet).await;
        let done = of_third(&ended).as_ref().unwrap();
        assert_eq!((done.report.polls, done.report.transient_errors), (2, 1), "{told}");
    }
}

#[tokio::test]
async fn a_permanent_error_ends_its_own_operation_alone() {
    for (status, kind) in [
        (400, PollErrorKind::Permanent),
        (401, PollErrorKind::Denied),
        (403, PollErrorKind::Denied),
        (410, PollErrorKind::Gone),
        (302, PollErrorKind::Permanent),
    ] {
        let reply = Reply::json(status, "").header("Location", "/elsewhere");
        let ended = third(reply, |fleet| fleet).await;
        let error = of_third(&ended).as_ref().unwrap_err();
        assert!(matches!(error, WaitError::Poll { source, .. } if source.kind() == kind), "{error:?}");
        assert_eq!(error.report().unwrap().polls, 1);
    }
}

#[tokio::test]
async fn a_poll_that_hangs_holds_up_nobody_and_the_limit_is_kept() {
    let limit = Duration::from_secs(2);
    let hanging = [
        Reply::nothing(Then::Hang),
        success().then(Then::Drip(Duration::from_millis(200))),
        Reply::new(200, "application/json", "").header("Transfer-Encoding", "chunked").then(Then::Hang),
    ];
    join_all(hanging.map(async |hanging| {
        let begun = Instant::now();
        let ended = third(hanging, |fleet| fleet.timeout(limit)).await;
        let error = of_third(&ended).as_ref().unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        // The limit is the fleet's, and this one began a moment after it.
        let elapsed = error.report().unwrap().elapsed;
        assert!(begun.elapsed() >= limit && elapsed < limit * 2, "{elapsed:?} in {:?}", begun.elapsed());
        // The others were done long before.
        assert!(ended.successes().all(|done| done.report.elapsed < limit));
    }))
    .await;
}
