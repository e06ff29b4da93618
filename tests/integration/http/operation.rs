//! Operations that a preset describes, as a program asks for them: started, judged, and read by types of its own.

use std::time::Duration;

use lro::auth::{Headers, Token};
use lro::http::{HttpError, Operation, Start};
use lro::preset::Preset;
use lro::{Operation as _, PollErrorKind, Verdict, wait_for_completion};
use serde::Deserialize;

use crate::support::server::{Reply, Server, Then};
use crate::support::{asking, every, http_error};

#[derive(Debug, PartialEq, Deserialize)]
struct Thing {
    id: u64,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Status {
    status: String,
    output: Option<Thing>,
}

/// States in words, with the result in the answer or where a Location says.
fn preset(more: &str) -> Preset {
    let text = "title = 'x'\nstate = 'status'\nsuccess = ['done']\nhandle = [{ header = 'location' }]\n";
    Preset::from_toml("x", &format!("{text}{more}")).expect("a preset")
}

fn at(server: &Server, path: &str, preset: Preset) -> Operation {
    Operation::new(asking(server, |http| http), path, preset).expect("a location")
}

fn starting(server: &Server, method: &str) -> Operation {
    let start = Start::new(method, "/things").expect("a method").body("{}");
    Operation::submit(asking(server, |http| http), start, preset("")).expect("a location")
}

async fn error(operation: &mut Operation) -> lro::PollError {
    operation.poll().await.expect_err("an error")
}

fn accepted() -> Reply {
    Reply::json(202, "").header("Location", "/op")
}

#[tokio::test]
async fn an_operation_is_waited_for_and_read_as_a_type_of_ones_own() {
    let done = r#"{"status":"done","output":{"id":7}}"#;
    let server = Server::start([Reply::json(200, r#"{"status":"running"}"#), Reply::json(200, done)]).await;
    let operation = at(&server, "/op?a=b", preset("result = [{ body = 'output' }]"));
    assert_eq!((&*operation.id(), operation.is_start()), ("/op?…", false));
    let completed = wait_for_completion(operation).schedule(every(10)).await.unwrap();
    let status = completed.status();
    assert_eq!((status.state.as_deref(), status.http), (Some("done"), 200));
    let expected = Status { status: "done".to_owned(), output: Some(Thing { id: 7 }) };
    assert_eq!(status.parse::<Status>().unwrap(), expected);
    assert_eq!(status.parse_result::<Thing>().unwrap(), Thing { id: 7 });
    assert!(status.parse_result::<u64>().is_err() && status.parse::<Thing>().is_err());
    assert_eq!(server.paths(), ["/op?a=b"; 2]);
}

#[tokio::test]
async fn a_call_is_sent_and_its_operation_waited_for_to_a_fetched_result() {
    let replies =
        [accepted(), Reply::json(200, r#"{"status":"done","at":"/r"}"#), Reply::json(200, r#"{"id":7}"#)];
    let server = Server::start(replies).await;
    let start =
        Start::new("POST", "/things").unwrap().body("[1]").with_headers(Headers::new().plain("X-Once", "1"));
    let preset = preset("result = [{ body = 'at' }]\n[headers]\nX-Api = '2'");
    let operation = Operation::submit(asking(&server, |http| http), start, preset).unwrap();
    assert_eq!((&*operation.id(), operation.is_start(), operation.is_open()), ("POST /things", true, false));
    let completed = wait_for_completion(operation.fetch_result(true)).schedule(every(10)).await.unwrap();
    assert_eq!(completed.status().parse_result::<Thing>().unwrap(), Thing { id: 7 });
    assert_eq!(completed.status().result_url, Some(format!("{}/r", server.url()).into()));
    let hits = server.hits();
    let sent: Vec<_> =
        hits.iter().map(|hit| (&*hit.line, &*hit.body, hit.header("x-once"), hit.header("x-api"))).collect();
    let get = |line| (line, "", None, Some("2"));
    let post = ("POST /things HTTP/1.1", "[1]", Some("1"), Some("2"));
    assert_eq!(sent, [post, get("GET /op HTTP/1.1"), get("GET /r HTTP/1.1")]);
}

#[tokio::test]
async fn what_is_done_at_once_needs_no_poll() {
    let server = Server::start([Reply::json(201, r#"{"id":7}"#)]).await;
    let completed = wait_for_completion(starting(&server, "POST")).await.unwrap();
    assert_eq!(completed.status().parse_result::<Thing>().unwrap(), Thing { id: 7 });
    assert_eq!((completed.report.polls, server.hits().len()), (1, 1));
    let server = Server::start([Reply::json(204, "")]).await;
    let completed = wait_for_completion(starting(&server, "POST")).await.unwrap();
    assert_eq!(completed.status().parse_result::<Option<Thing>>().unwrap(), None);
}

#[tokio::test]
async fn a_call_whose_future_is_dropped_stays_open_and_is_not_sent_again() {
    let server = Server::start([Reply::nothing(Then::Hang), Reply::json(200, "{}")]).await;
    let mut operation = starting(&server, "POST");
    let mut clone = operation.clone();
    assert!(tokio::time::timeout(Duration::from_millis(200), operation.poll()).await.is_err());
    for operation in [&mut operation, &mut clone] {
        assert!(operation.is_open() && operation.is_start());
        let error = error(operation).await;
        assert!(matches!(http_error(&error), HttpError::Open(_)), "{error:?}");
        assert_eq!(error.kind(), PollErrorKind::Permanent);
    }
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn a_clone_does_not_send_a_call_that_was_answered() {
    let server = Server::start([accepted()]).await;
    let mut operation = starting(&server, "POST");
    let mut clone = operation.clone();
    assert_eq!(operation.poll().await.unwrap().verdict, Verdict::Pending);
    assert_eq!((operation.url(), operation.is_start()), (Some(format!("{}/op", server.url())), false));
    assert!(matches!(http_error(&error(&mut clone).await), HttpError::Open(_)));
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn what_was_refused_is_not_open() {
    let server = Server::start([Reply::json(409, "")]).await;
    let mut operation = starting(&server, "POST");
    let error = error(&mut operation).await;
    assert!(matches!(http_error(&error), HttpError::Refused(_)), "{error:?}");
    assert!(!operation.is_open());
}

#[tokio::test]
async fn a_call_that_does_no_harm_is_sent_again_after_its_future_was_dropped() {
    let server = Server::start([Reply::nothing(Then::Hang), accepted()]).await;
    let mut operation = starting(&server, "DELETE");
    assert!(tokio::time::timeout(Duration::from_millis(200), operation.poll()).await.is_err());
    assert_eq!(operation.poll().await.unwrap().verdict, Verdict::Pending);
    assert_eq!(server.hits().len(), 2);
}

#[tokio::test]
async fn a_success_without_a_word_can_be_refused() {
    let server = Server::start([Reply::json(200, r#"{"finished":true}"#)]).await;
    let path = crate::support::PATH;
    let plas = || at(&server, path, Preset::builtin("otc-plas").expect("it is built in"));
    assert_eq!(plas().poll().await.unwrap().verdict, Verdict::Succeeded);
    let error = error(&mut plas().require_result(true)).await;
    assert_eq!(error.kind(), PollErrorKind::NotUnderstood);
}

#[tokio::test]
async fn the_other_spelling_of_a_path_is_tried_and_kept() {
    let pending = Reply::json(200, crate::support::PENDING);
    let server = Server::start([Reply::json(404, ""), pending.clone(), pending]).await;
    let other = crate::support::PATH.replace("/connectors/c1", "/connector/c1");
    let mut plas = at(&server, &other, Preset::builtin("otc-plas").expect("it is built in"));
    plas.poll().await.unwrap();
    plas.poll().await.unwrap();
    assert_eq!(server.paths(), [&*other, crate::support::PATH, crate::support::PATH]);
}

#[tokio::test]
async fn wherever_an_operation_goes_on_it_keeps_its_name() {
    let moving = preset("next = [{ body = 'next' }]\nresult = [{ header = 'location' }]");
    for given in ["/op", "/a/../op", "/op?a=b", "http://HOST/op"] {
        let moved = Reply::json(200, r#"{"status":"running","next":"/elsewhere"}"#);
        let done = Reply::json(200, r#"{"status":"done"}"#).header("Location", "/result");
        let server = Server::start([moved, done, Reply::json(200, "7")]).await;
        let given = given.replace("http://HOST", &server.url());
        let told = given.replace("a=b", "…");
        let mut operation = at(&server, &given, moving.clone()).fetch_result(true);
        for _ in 0..2 {
            assert_eq!(operation.id(), told);
            operation.poll().await.unwrap();
        }
        assert_eq!(operation.id(), told);
        assert_eq!(server.paths()[1..], ["/elsewhere", "/result"]);
    }
}

#[tokio::test]
async fn no_secret_of_an_operation_is_told() {
    let server = Server::start([accepted()]).await;
    let client = asking(&server, |http| {
        http.token(Token::given("s3cret-token").unwrap()).secret_header("X-Key", "s3cret-key")
    });
    let headers = Headers::new().secret("X-Once", "s3cret-once");
    let start =
        Start::new("POST", "/things?sig=s3cret-query").unwrap().body("s3cret-body").with_headers(headers);
    let told = format!("{start} {start:?}");
    let mut operation = Operation::submit(client, start, preset("")).unwrap();
    let before = format!("{} {operation:?}", operation.id());
    operation.poll().await.unwrap();
    let told = format!("{told} {before} {} {operation:?}", operation.id());
    assert!(!told.contains("s3cret"), "{told}");
    assert!(told.contains("POST /things?…"), "{told}");
}

#[tokio::test]
async fn what_is_elsewhere_is_no_operation_of_this_client() {
    let server = Server::start([accepted()]).await;
    let client = || asking(&server, |http| http);
    assert!(Operation::new(client(), "https://else.example/op", preset("")).is_err());
    let start = Start::new("POST", "https://else.example/things").unwrap();
    assert!(Operation::submit(client(), start, preset("")).is_err());
    assert_eq!(server.hits().len(), 0);
}

#[tokio::test]
async fn a_secret_that_stands_in_an_answer_by_chance_changes_nothing_of_what_it_means() {
    let secrets = [("X-Version", "2"), ("X-Count", "87654321"), ("X-Word", "finished")];
    let replies = [
        Reply::json(200, r#"{"status":"going","n":2}"#)
            .header("Set-Cookie", "op=0123456789")
            .header("Location", "/ops/0123456789/finished"),
        Reply::json(200, r#"{"status":"finished","n":2,"m":87654321,"op":"finished"}"#),
    ];
    let server = Server::start(replies).await;
    let text = "title = 'x'\nstate = 'status'\nsuccess = ['finished']\nnext = [{ header = 'location' }]\n\
                result = [{ body = '@' }]";
    let preset = Preset::from_toml("x", text).unwrap();
    let client = asking(&server, |http| {
        secrets.iter().fold(http, |http, (name, value)| http.secret_header(*name, *value))
    });
    let mut operation = Operation::new(client, "/op", preset).unwrap();
    let first = operation.poll().await.unwrap();
    assert_eq!(*first.status.url, format!("{}/ops/0123456789/…", server.url()));
    assert_eq!(operation.url().as_deref(), Some(&*first.status.url));
    let last = operation.poll().await.unwrap();
    assert_eq!(server.paths(), ["/op", "/ops/0123456789/finished"]);
    assert_eq!(last.verdict, Verdict::Succeeded);
    // What is told is another thing.
    let status = &last.status;
    assert_eq!(status.state.as_deref(), Some("…"));
    assert_eq!(status.result().unwrap().to_string(), r#"{"m":"…","n":2,"op":"…","status":"…"}"#);
    assert_eq!(status.raw(), r#"{"status":"…","n":2,"m":…,"op":"…"}"#);
    assert_eq!(*status.url, format!("{}/ops/0123456789/…", server.url()));
}

#[tokio::test]
async fn the_typed_model_judges_what_came_too_and_tells_it_without_secrets() {
    let body =
        r#"{"finished":true,"operationId":"s3cretword","result":{"result":"success","reason":"s3cretword"}}"#;
    let server = Server::start([Reply::json(200, body)]).await;
    let client = lro::plas::Client::builder(&server.url()).unwrap();
    let client = client.http(|http| http.secret_header("X-A", "finished").secret_header("X-B", "s3cretword"));
    let answer = client.build().unwrap().operation("c", "o").unwrap().poll().await.unwrap();
    assert_eq!(answer.verdict, Verdict::Succeeded);
    let told = format!("{answer:?}{}", answer.status.raw());
    assert!(!told.contains("s3cretword"), "{told}");
}
