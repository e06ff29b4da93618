//! The trace that a run of the command is part of, as its environment has it: who is told of it, and what is said when it is
//! none. Without a collector nothing is made of it.

use super::parent;
use crate::support::command::{lro, run};
use crate::support::server::{Reply, Server};
use crate::support::{PATH, PENDING, SUCCESS};

#[tokio::test]
async fn the_api_and_the_command_are_told_the_trace_as_it_is() {
    let server = Server::start([Reply::json(200, PENDING), Reply::json(200, SUCCESS)]).await;
    let url = format!("{}{PATH}", server.url());
    let args = ["wait", &url, "--interval", "20ms", "--", "sh", "-c", "echo $TRACEPARENT $TRACESTATE"];
    let ended = run(lro(&args).envs([("TRACEPARENT", parent()), ("TRACESTATE", "a=1".to_owned())])).await;
    assert_eq!((ended.code, &*ended.stdout), (Some(0), &*format!("{} a=1\n", parent())), "{}", ended.stderr);
    let hits = server.hits();
    assert_eq!(hits.len(), 2);
    for hit in hits {
        assert_eq!((hit.header("traceparent"), hit.header("tracestate")), (Some(&*parent()), Some("a=1")));
    }
}

#[tokio::test]
async fn what_is_no_trace_is_passed_over_with_a_warning() {
    let zero = parent().replace(super::SPAN, &"0".repeat(16));
    for (said, is_told) in [("", false), ("s3cret\u{1b}[2J", true), (&*zero, true)] {
        let server = Server::start([Reply::json(200, SUCCESS)]).await;
        let url = format!("{}{PATH}", server.url());
        for (more, is_quiet) in [(&[][..], false), (&["-q"], true), (&["--log-format", "text"], false)] {
            let ended = run(lro(&["wait", &url]).args(more).env("TRACEPARENT", said)).await;
            assert_eq!(ended.code, Some(0), "{}", ended.stderr);
            let count = ended.stderr.matches("TRACEPARENT is passed over: it is no traceparent").count();
            assert_eq!(count, usize::from(is_told && !is_quiet), "{said:?} {more:?}: {}", ended.stderr);
            assert!(!ended.stderr.contains("s3cret"), "{}", ended.stderr);
        }
        assert!(server.hits().iter().all(|hit| hit.header("traceparent").is_none()));
    }
}
