//! An operation of a preset, asked by whoever trusts nobody: what must not be taken for a success, for a refusal or
//! for the way to go on.

use lro::http::{Operation, Start};
use lro::preset::Preset;
use lro::{Answer, PollErrorKind, Verdict};

use crate::support::server::{Reply, Server, Then};
use crate::support::{asking, chain};

const PLAS: &str = "/v1.0/plasconnector/connector/c1/operations/o1";

fn preset(text: &str) -> Preset {
    Preset::from_toml("mine", &format!("title = 'Mine'\n{text}")).expect("a preset")
}

fn builtin(name: &str) -> Preset {
    Preset::builtin(name).expect("a preset")
}

fn asked(server: &Server, preset: Preset) -> Operation {
    Operation::new(asking(server, |http| http), "/o", preset).expect("an operation")
}

fn started(server: &Server, method: &str, preset: Preset) -> Operation {
    let start = Start::new(method, "/o").expect("a call");
    Operation::submit(asking(server, |http| http), start, preset).expect("an operation")
}

async fn poll(operation: &mut Operation) -> Result<Answer<lro::http::Status>, (PollErrorKind, String)> {
    let poll = lro::Operation::poll(operation).await;
    poll.map_err(|error| (error.kind(), chain(&error)))
}

#[tokio::test]
async fn a_page_of_somebody_else_picks_no_preset() {
    let replies = [Reply::new(200, "text/html", "<html>"), Reply::json(200, r#"{"status":"Succeeded"}"#)];
    let server = Server::start(replies).await;
    let mut operation = asked(&server, builtin("azure"));
    assert_eq!(poll(&mut operation).await.unwrap_err().0, PollErrorKind::Transient);
    assert_eq!(poll(&mut operation).await.unwrap().verdict, Verdict::Succeeded);
    assert_eq!(operation.preset().name(), "azure-async");
}

#[tokio::test]
async fn a_status_that_the_picked_preset_does_not_know_is_told_as_that_status() {
    let server = Server::start([Reply::json(409, r#"{"code":"x","message":"busy"}"#)]).await;
    let (kind, told) = poll(&mut asked(&server, builtin("azure"))).await.unwrap_err();
    assert_eq!(kind, PollErrorKind::Permanent);
    assert!(told.contains("HTTP 409 Conflict: x: busy"), "{told}");
}

#[tokio::test]
async fn what_is_not_found_in_one_spelling_is_not_gone() {
    let text = "spellings = [['/connector/', '/connectors/']]\n[http]\ngone = [404, 410]";
    let pending = || Reply::json(200, "{}");
    for (replies, verdict, polls) in [
        (vec![Reply::json(404, "{}"), pending()], Verdict::Pending, 2),
        (vec![Reply::json(404, "{}"), Reply::json(404, "{}")], Verdict::Succeeded, 2),
        (vec![Reply::json(404, "{}"), Reply::json(405, "{}")], Verdict::Succeeded, 2),
        (vec![Reply::json(410, "{}")], Verdict::Succeeded, 1),
    ] {
        let server = Server::start(replies).await;
        let client = asking(&server, |http| http);
        let mut operation = Operation::new(client, PLAS, preset(text)).unwrap();
        assert_eq!(poll(&mut operation).await.unwrap().verdict, verdict);
        assert_eq!(server.hits().len(), polls);
    }
    let server = Server::start([Reply::json(404, "{}"), Reply::json(503, "")]).await;
    let mut operation = Operation::new(asking(&server, |http| http), PLAS, preset(text)).unwrap();
    assert_eq!(poll(&mut operation).await.unwrap_err().0, PollErrorKind::Transient);
}

#[tokio::test]
async fn what_says_that_it_goes_on_or_that_it_failed_is_not_done_at_once() {
    let text = "state = 'status'\nsuccess = ['done']\nfailure = ['failed']";
    let at_once = async |status: u16, body: &str| {
        let server = Server::start([Reply::json(status, body)]).await;
        poll(&mut started(&server, "POST", preset(text))).await
    };
    for (status, body) in [(200, ""), (201, r#"{"id":1}"#), (204, ""), (200, r#"{"status":"Done"}"#)] {
        assert_eq!(at_once(status, body).await.unwrap().verdict, Verdict::Succeeded, "{status} {body}");
    }
    assert_eq!(at_once(200, r#"{"status":"failed"}"#).await.unwrap().verdict, Verdict::Failed);
    for (status, body) in [(200, r#"{"status":"new"}"#), (207, "[]"), (206, "{}"), (202, "")] {
        let (kind, told) = at_once(status, body).await.unwrap_err();
        assert_eq!(kind, PollErrorKind::NotUnderstood, "{status} {body}");
        assert!(told.contains("does not say where the operation is"), "{told}");
    }
}

#[tokio::test]
async fn a_call_that_may_have_been_carried_out_is_not_told_as_refused() {
    let told = async |method: &str, replies: Vec<Reply>| {
        let server = Server::start(replies).await;
        let mut operation = started(&server, method, builtin("http-202"));
        let mut last = poll(&mut operation).await.unwrap_err();
        while last.0 == PollErrorKind::Transient {
            last = poll(&mut operation).await.unwrap_err();
        }
        last.1
    };
    let redirect = |status| vec![Reply::json(status, "").header("Location", "/there")];
    let fails_then = |status| vec![Reply::json(502, ""), Reply::json(status, "{}")];
    for (method, replies, is_open) in [
        ("POST", redirect(303), true),
        ("POST", redirect(302), true),
        ("POST", redirect(307), false),
        ("POST", vec![Reply::json(429, "")], false),
        // Of the first try it is not known what became of it.
        ("DELETE", fails_then(404), true),
        ("PUT", fails_then(409), true),
        ("PUT", vec![Reply::nothing(Then::Close), Reply::json(412, "")], true),
        ("PUT", vec![Reply::json(429, ""), Reply::json(409, "")], false),
        ("DELETE", vec![Reply::json(404, "")], false),
    ] {
        let told = told(method, replies.clone()).await;
        let (open, refused) = ("it is open whether", "so nothing was started");
        let expected = if is_open { (true, false) } else { (false, true) };
        assert_eq!((told.contains(open), told.contains(refused)), expected, "{method} {replies:?}: {told}");
    }
}

#[tokio::test]
async fn where_a_result_is_that_nobody_wants_changes_no_success() {
    let text = "state = 's'\nsuccess = ['done']\nresult = [{ header = 'location' }, { body = 'at' }]";
    let long = format!("/{}", "x".repeat(20_000));
    for location in ["http://[", "https://me:s3cret@a.example/r", &*long, "https://other.example/r"] {
        let body = format!(r#"{{"s":"done","at":"{location}"}}"#);
        let server = Server::start([Reply::json(200, body)]).await;
        let answer = poll(&mut asked(&server, preset(text))).await.expect(location);
        assert_eq!(answer.verdict, Verdict::Succeeded);
        let is_told = location.starts_with("https://other");
        assert_eq!(answer.status.result_url.is_some(), is_told, "{location}");
        assert_eq!(answer.status.problems.len(), usize::from(!is_told), "{location}");
        assert!(answer.status.problems.iter().all(|told| told.len() < 1000 && !told.contains("s3cret")));
        let mut wanted = asked(&server, preset(text)).fetch_result(true);
        let (kind, told) = poll(&mut wanted).await.unwrap_err();
        assert_eq!(kind, PollErrorKind::Permanent, "{told}");
        assert!(told.len() < 2000 && !told.contains("s3cret"), "{told}");
    }
}

#[tokio::test]
async fn a_location_is_followed_only_up_to_a_bound() {
    let text = "state = 's'\nsuccess = ['done']\nnext = [{ body = 'next' }]";
    let body = format!(r#"{{"s":"new","next":"/{}"}}"#, "x".repeat(20_000));
    let server = Server::start([Reply::json(200, body)]).await;
    let (kind, told) = poll(&mut asked(&server, preset(text))).await.unwrap_err();
    assert_eq!(kind, PollErrorKind::Permanent);
    assert!(told.len() < 2000, "{}", told.len());
}
