//! An operation at another origin than the endpoint is asked by nobody: no credential goes where it does not belong.

use std::collections::HashMap;

use super::super::auth::Machine;
use super::{SOON, at, lines, name, server};
use crate::support::PENDING;
use crate::support::command::{lro, run, run_with_input};
use crate::support::server::{Reply, Server};

/// What a secret may travel in.
const SECRETS: [&str; 5] = ["x-auth-token", "authorization", "cookie", "x-api-key", "x-project-id"];

/// The server of [`server`], which also sets a cookie.
async fn with_cookie() -> Server {
    let mut polls: HashMap<String, usize> = HashMap::new();
    Server::start_by(move |hit, _| {
        let poll = polls.entry(name(hit).to_owned()).or_default();
        *poll += 1;
        super::answer(name(hit), *poll).header("Set-Cookie", "session=c00kie; Path=/")
    })
    .await
}

/// Each secret that was shown to this server.
fn shown(server: &Server) -> Vec<&'static str> {
    let hits = server.hits();
    SECRETS.into_iter().filter(|secret| hits.iter().any(|hit| hit.header(secret).is_some())).collect()
}

#[tokio::test]
async fn credentials_stay_at_the_endpoint_in_every_form_of_a_list() {
    let file = Machine::new("fleet-origin", &[("header", "X-Api-Key: k3y\n")]);
    for how in ["typed", "listed", "followed", "status"] {
        let (here, there) = (with_cookie().await, server().await);
        // Asked twice, so that a cookie would be sent.
        let elsewhere = super::url(&there, "late2");
        let list = format!("c/late1\n{elsewhere}\n");
        let verb = if how == "status" { "status" } else { "wait" };
        let mut command = at(&here, verb);
        command
            .args(["-H", "X-Project-Id: p1", "-H", &format!("@{}", file.path("header"))])
            .env("LRO_TOKEN", "t0ken");
        if verb == "wait" {
            command.args(SOON);
        }
        let ended = match how {
            "listed" => run_with_input(command.arg("-"), &list).await,
            "followed" => run_with_input(command.args(["-", "--follow"]), &list).await,
            _ => run(command.args(["c/late1", &elsewhere])).await,
        };
        let (code, state, asked) = if how == "status" { (75, "pending", 1) } else { (0, "succeeded", 2) };
        assert_eq!(ended.code, Some(code), "{how}: {}", ended.stderr);
        assert_eq!((here.hits().len(), there.hits().len()), (asked, asked), "{how}");
        let told = lines(&ended);
        assert_eq!(told, [format!("c/late1|{state}"), format!("{elsewhere}|{state}")], "{how}");
        assert_eq!(shown(&there), [""; 0], "{how}");
        let at_home = if how == "status" {
            &["x-auth-token", "x-api-key", "x-project-id"][..]
        } else {
            &["x-auth-token", "cookie", "x-api-key", "x-project-id"]
        };
        assert_eq!(shown(&here), at_home, "{how}");
        let warning =
            format!("warning: {} is not the endpoint: it is asked without credentials\n", there.url());
        assert!(ended.stderr.contains(&warning), "{how}: {}", ended.stderr);
    }
}

#[tokio::test]
async fn without_an_endpoint_the_first_that_is_typed_is_where_credentials_go() {
    let (here, there) = (server().await, server().await);
    // What is listed comes first, but is not what a person has said.
    let list = format!("{}\n", super::url(&there, "ok1"));
    let mut command = lro(&["wait", "-", &super::url(&here, "ok2"), &super::url(&there, "ok3")]);
    let ended = run_with_input(command.env("LRO_TOKEN", "t0ken"), &list).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert_eq!((shown(&here), shown(&there)), (vec!["x-auth-token"], vec![]));
    assert_eq!((here.hits().len(), there.hits().len()), (1, 2));
}

#[tokio::test]
async fn who_is_not_admitted_elsewhere_is_told_that_nothing_was_sent_there() {
    let (here, there) = (server().await, server().await);
    let elsewhere = super::url(&there, "refused1");
    let ended = run(at(&here, "wait").args(["c/ok1", &elsewhere]).env("LRO_TOKEN", "t0ken")).await;
    assert_eq!(ended.code, Some(4), "{}", ended.stderr);
    assert!(
        ended.stderr.contains(
            "  hint: it is not at the endpoint, so no credentials were sent: ask for it with an lro of its own\n"
        ),
        "{}",
        ended.stderr
    );
    assert!(!ended.stderr.contains("t0ken"), "{}", ended.stderr);
}

#[tokio::test]
async fn an_operation_elsewhere_that_leads_back_is_given_nothing() {
    let here = server().await;
    let back = super::url(&here, "ok9");
    let there = Server::start([Reply::json(302, "").header("Location", &back)]).await;
    let elsewhere = super::url(&there, "ok2");
    let ended = run(at(&here, "wait").args(["c/ok1", &elsewhere]).env("LRO_TOKEN", "t0ken")).await;
    assert_eq!(ended.code, Some(3), "{}", ended.stderr);
    assert_eq!(here.hits().len(), 1, "only what is at home is asked there");
}

#[tokio::test]
async fn to_wait_again_for_some_here_and_some_elsewhere_the_same_ones_are_given() {
    let (here, there) = (Server::start([Reply::json(200, PENDING)]).await, server().await);
    let elsewhere = super::url(&there, "pending2");
    let ended = run(at(&here, "wait").args(["c/pending1", &elsewhere, "-t", "1s"])).await;
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    // No one command says who asks where.
    assert!(ended.stderr.contains("to wait for them again, give the same ones: "), "{}", ended.stderr);
}
