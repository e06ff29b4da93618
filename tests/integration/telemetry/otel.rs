//! What the command sends to a collector, in which trace; and that a collector that is not there, is slow or refuses changes
//! nothing else.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::Instant;

use super::collector::{Span, spans};
use super::{SPAN, TRACE, parent};
use crate::support::command::{lro, run, signal, within};
use crate::support::file::File;
use crate::support::server::{Reply, Script, Server, Then};
use crate::support::tls::{Authority, config, start};
use crate::support::{PATH, PENDING, SUCCESS};

const KEY: &str = "c0llector-k3y";

/// Longer than the end may be held up.
const HELD_UP: Duration = Duration::from_millis(2500);

async fn collector() -> Server {
    Server::start([Reply::new(200, "application/x-protobuf", "")]).await
}

async fn api() -> Server {
    Server::start([Reply::json(200, PENDING), Reply::json(503, "{}"), Reply::json(200, SUCCESS)]).await
}

/// The command, which knows of this collector.
fn telling(args: &[&str], collector: &str) -> Command {
    let mut command = lro(args);
    command
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
        .env("OTEL_EXPORTER_OTLP_HEADERS", format!("api-key={KEY}"));
    command
}

fn of<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

/// The names of the events in a span.
fn names(span: &Span) -> Vec<&str> {
    span.events.iter().map(|(name, _)| &**name).collect()
}

#[tokio::test]
async fn a_wait_is_sent_as_spans_within_the_trace_that_it_was_called_in() {
    let (collector, api) = (collector().await, api().await);
    let url = format!("{}{PATH}", api.url());
    let args = ["wait", &url, "--interval", "20ms", "--", "sh", "-c", "echo $TRACEPARENT $TRACESTATE"];
    let variables = [("TRACEPARENT", parent()), ("TRACESTATE", "a=1".to_owned())];
    let ended = run(telling(&args, &collector.url()).envs(variables)).await;
    assert_eq!((ended.code, ended.stderr.contains("warning")), (Some(0), false), "{}", ended.stderr);
    let hits = collector.hits();
    let [hit] = &hits[..] else { panic!("{hits:?}") };
    assert_eq!((hit.path(), hit.header("api-key")), ("/v1/traces", Some(KEY)));
    assert_eq!(hit.header("content-type"), Some("application/x-protobuf"));
    let all = spans(&hits);
    assert!(all.iter().all(|span| span.trace == TRACE), "{all:?}");
    let [root] = of(&all, "lro wait")[..] else { panic!("{all:?}") };
    assert_eq!((&*root.parent, &*root.resource["service.name"]), (SPAN, "lro"));
    // COMMAND goes on within the run.
    assert_eq!(ended.stdout, format!("00-{TRACE}-{}-01 a=1\n", root.id));
    let [wait] = of(&all, "lro.wait")[..] else { panic!("{all:?}") };
    assert_eq!((&wait.parent, wait.status), (&root.id, 0));
    assert_eq!((&*wait.attributes["id"], &*wait.attributes["outcome"]), ("c1/o1", "succeeded"));
    assert_eq!(names(wait), ["lro.wait.started", "lro.wait.finished"]);
    assert_eq!((wait.numbers["polls"], wait.numbers["transient_errors"]), (3, 1));
    let polls = of(&all, "lro.poll");
    let told: Vec<_> = polls.iter().map(|poll| (&*poll.parent, poll.numbers["poll"], poll.status)).collect();
    assert_eq!(told, [(&*wait.id, 1, 0), (&*wait.id, 2, 2), (&*wait.id, 3, 0)]);
    assert_eq!(names(polls[0]), ["lro.answer.understood", "lro.poll.answered"]);
    let [(name, fault)] = &polls[1].events[..] else { panic!("{polls:?}") };
    assert_eq!((&**name, &*fault["error.type"]), ("lro.poll.erred", "transient"));
    assert_eq!(fault["error"], "no usable answer: HTTP 503 Service Unavailable: {}");
    let requests = of(&all, "GET");
    let told: Vec<_> = requests
        .iter()
        .map(|request| {
            (&request.parent, request.kind, request.numbers["http.response.status_code"], request.status)
        })
        .collect();
    // A client's, of which there is one in each poll.
    let expected = polls.iter().zip([(200, 0), (503, 2), (200, 0)]);
    assert_eq!(told, expected.map(|(poll, (code, status))| (&poll.id, 3, code, status)).collect::<Vec<_>>());
    assert_eq!(requests[0].attributes["url.full"], url);
    let port: u64 = api.url().rsplit(':').next().unwrap().parse().unwrap();
    assert_eq!(
        (&*requests[0].attributes["server.address"], requests[0].numbers["server.port"]),
        ("127.0.0.1", port)
    );
    assert_eq!(requests[1].attributes["error.type"], "503");
    // The API is told the request that it was sent with.
    let told: Vec<_> = api.hits().iter().map(|hit| hit.header("traceparent").unwrap().to_owned()).collect();
    let expected: Vec<_> = requests.iter().map(|request| format!("00-{TRACE}-{}-01", request.id)).collect();
    assert_eq!(told, expected);
    assert_eq!(api.hits()[0].header("tracestate"), Some("a=1"));
}

#[tokio::test]
async fn several_operations_are_one_trace_and_the_run_says_how_it_ended() {
    let collector = collector().await;
    let api = Server::start([Reply::json(404, "{}")]).await;
    let endpoint = api.url();
    let args = ["wait", "c1/o1", "c1/o2", "--endpoint", &endpoint, "--not-found-grace", "0s"];
    let ended = run(telling(&args, &collector.url()).env("OTEL_SERVICE_NAME", "deploy")).await;
    assert_eq!(ended.code, Some(5), "{}", ended.stderr);
    let all = spans(&collector.hits());
    assert_eq!(all.iter().map(|span| &span.trace).collect::<BTreeSet<_>>().len(), 1, "{all:?}");
    let [root] = of(&all, "lro wait")[..] else { panic!("{all:?}") };
    assert_eq!((&*root.parent, root.status, root.numbers["process.exit.code"]), ("", 2, 5));
    assert_eq!(root.resource["service.name"], "deploy");
    let waits = of(&all, "lro.wait");
    assert_eq!(waits.len(), 2);
    assert!(
        waits.iter().all(|wait| wait.parent == root.id && wait.attributes["outcome"] == "error"),
        "{waits:?}"
    );
}

#[tokio::test]
async fn a_collector_that_is_of_no_use_changes_nothing_but_a_warning() {
    let refusing = Server::start([Reply::json(401, format!("no {KEY} here"))]).await;
    // A byte at a time, and not one before the end may be held up no more.
    let silent =
        Server::start_by(|_, _| Reply::new(200, "text/plain", "x".repeat(10)).then(Then::Drip(HELD_UP)))
            .await;
    for collector in [refusing.url(), silent.url(), "http://127.0.0.1:1".to_owned()] {
        for (status, code, more) in
            [(200, 0, &[][..]), (404, 5, &[]), (200, 7, &["--", "sh", "-c", "exit 7"]), (200, 0, &["-q"])]
        {
            let api = Server::start([Reply::json(status, SUCCESS)]).await;
            let url = format!("{}{PATH}", api.url());
            let args = [&["wait", &url, "--not-found-grace", "0s"][..], more].concat();
            let begun = Instant::now();
            let ended = run(&mut telling(&args, &collector)).await;
            let taken = begun.elapsed();
            assert_eq!(ended.code, Some(code), "{collector}: {}", ended.stderr);
            assert!(taken < HELD_UP, "{collector}: {taken:?}");
            let count =
                ended.stderr.matches("warning: not all of the trace was sent to the collector: ").count();
            assert_eq!(count, usize::from(more != ["-q"]), "{collector}: {}", ended.stderr);
            assert!(!ended.stderr.contains(KEY), "{}", ended.stderr);
            if collector == silent.url() {
                assert!(ended.stderr.contains("it did not answer in time"), "{}", ended.stderr);
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_signal_ends_a_wait_that_is_traced_and_the_spans_are_sent() {
    let collector = collector().await;
    let api = Server::start([Reply::json(200, PENDING)]).await;
    let url = format!("{}{PATH}", api.url());
    let mut child = telling(&["wait", &url, "--interval", "20ms"], &collector.url()).spawn().unwrap();
    within(api.until(|hits| hits.len() > 1)).await;
    signal(&child, "INT").await;
    assert_eq!(crate::support::command::status(&mut child).await.code(), Some(130));
    let all = spans(&collector.hits());
    assert_eq!(of(&all, "lro wait")[0].numbers["process.exit.code"], 130);
    assert_eq!(of(&all, "lro.wait")[0].attributes["outcome"], "interrupted");
}

#[tokio::test]
async fn a_wait_whose_events_nobody_reads_any_more_is_sent() {
    let collector = collector().await;
    let api = Server::start([Reply::json(200, PENDING)]).await;
    let url = format!("{}{PATH}", api.url());
    let args = ["wait", &url, "--interval", "20ms", "-o", "jsonl"];
    let mut child = telling(&args, &collector.url()).spawn().unwrap();
    within(api.until(|hits| !hits.is_empty())).await;
    drop(child.stdout.take());
    let status = crate::support::command::status(&mut child).await;
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(13), "SIGPIPE");
    let all = spans(&collector.hits());
    assert_eq!(of(&all, "lro wait").len(), 1, "{all:?}");
    assert_eq!(of(&all, "lro.wait").len(), 1, "{all:?}");
}

#[tokio::test]
async fn a_collector_that_hangs_once_is_sent_what_comes_after() {
    let hung = Reply::new(200, "text/plain", "x".repeat(10)).then(Then::Drip(HELD_UP));
    let collector = Server::start([hung, Reply::new(200, "application/x-protobuf", "")]).await;
    let api = Server::start([Reply::json(200, PENDING)]).await;
    let url = format!("{}{PATH}", api.url());
    let mut command = telling(&["wait", &url, "--interval", "20ms", "-t", "700ms"], &collector.url());
    let variables = [("OTEL_BSP_SCHEDULE_DELAY", "40"), ("OTEL_EXPORTER_OTLP_TIMEOUT", "100")];
    let ended = run(command.envs(variables)).await;
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    let all = spans(&collector.hits());
    assert_eq!(of(&all, "lro.wait").len(), 1, "{all:?}");
    let told = "warning: not all of the trace was sent to the collector: it did not answer in time";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
}

#[tokio::test]
async fn a_method_that_nobody_knows_is_no_name_of_a_span() {
    let collector = collector().await;
    let api = Server::start([Reply::json(404, "{}")]).await;
    let endpoint = api.url();
    let ended =
        run(&mut telling(&["submit", "REVIVE", "/o", "--endpoint", &endpoint], &collector.url())).await;
    assert!(ended.stderr.contains("the server refused the call"), "{}", ended.stderr);
    let all = spans(&collector.hits());
    let [request] = of(&all, "HTTP")[..] else { panic!("{all:?}") };
    let said = ["http.request.method", "http.request.method_original"].map(|name| &*request.attributes[name]);
    assert_eq!(said, ["_OTHER", "REVIVE"]);
}

#[tokio::test]
async fn without_a_collector_or_with_it_turned_off_nothing_is_sent() {
    let collector = collector().await;
    for (name, value) in [
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
    ] {
        let api = Server::start([Reply::json(200, SUCCESS)]).await;
        let url = format!("{}{PATH}", api.url());
        let ended = run(telling(&["wait", &url], &collector.url()).env(name, value)).await;
        assert_eq!(
            (ended.code, ended.stderr.contains("warning")),
            (Some(0), false),
            "{name}: {}",
            ended.stderr
        );
        assert!(collector.hits().is_empty(), "{name}");
    }
    let api = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{PATH}", api.url());
    let mut command = telling(&["wait", &url], &collector.url());
    let ended = run(command.env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")).await;
    assert_eq!(ended.code, Some(0));
    assert!(
        ended.stderr.contains("warning: no traces are sent: OTEL_EXPORTER_OTLP_PROTOCOL wants"),
        "{}",
        ended.stderr
    );
    assert!(collector.hits().is_empty());
}

#[tokio::test]
async fn what_is_sent_to_a_collector_is_told_nobody_and_has_no_secret_in_it() {
    let collector = Server::start([Reply::json(500, format!("api-key: {KEY}"))]).await;
    let api =
        Server::start_by(|hit, _| Reply::json(503, format!("{{\"message\": \"{:?}\"}}", hit.headers.len())))
            .await;
    let url = format!("{}{PATH}?token=qu3ry-s3cret", api.url());
    for form in ["text", "json"] {
        let args =
            ["wait", &url, "-t", "300ms", "--interval", "20ms", "--log-format", form, "--log-level", "trace"];
        // What is sent is sent again and again, so that what is sent of it would be sent as well.
        let variables = [("LRO_TOKEN", "t0ken-s3cret"), ("OTEL_BSP_SCHEDULE_DELAY", "40")];
        let ended = run(telling(&args, &collector.url()).envs(variables)).await;
        assert_eq!(ended.code, Some(124), "{}", ended.stderr);
        let sent = collector.hits().iter().map(|hit| hit.body.clone()).collect::<String>();
        assert!(sent.contains("lro.request") || sent.contains("GET"), "{sent}");
        // The URL is what a person typed, and is told to be typed again; of a span others read it.
        assert!(!sent.contains("qu3ry-s3cret"), "{sent}");
        for told in [&ended.stderr, &sent] {
            for secret in [KEY, "t0ken-s3cret"] {
                assert!(!told.contains(secret), "{secret}: {told}");
            }
            // Nor is anything told of the way to the collector.
            assert!(!told.contains("v1/traces"), "{told}");
        }
    }
}

#[tokio::test]
async fn a_collector_may_have_a_url_and_an_authority_of_its_own() {
    let authority = Authority::new("ours");
    let script = Script::new([Reply::new(200, "application/x-protobuf", "")]);
    let collector = start(config(&authority.issue("127.0.0.1", |_| {}), None), script).await;
    let file = File::new("otel-authority.pem", &authority.pem());
    let endpoint = format!("{}/mine/traces?tenant=a", collector.url().replace("http://", "https://"));
    let api = Server::start([Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{PATH}", api.url());
    for (trusted, count) in [("", 0), (file.path(), 1)] {
        let mut command = lro(&["wait", &url]);
        command.env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", &endpoint);
        let ended = run(command.env("OTEL_EXPORTER_OTLP_CERTIFICATE", trusted)).await;
        assert_eq!(ended.code, Some(0));
        assert_eq!(collector.hits().len(), count, "{}", ended.stderr);
        assert_eq!(ended.stderr.contains("warning: not all of the trace"), count == 0, "{}", ended.stderr);
    }
    assert_eq!(collector.hits()[0].path(), "/mine/traces?tenant=a");
    assert_eq!(of(&spans(&collector.hits()), "lro.wait").len(), 1);
}
