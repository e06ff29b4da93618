//! Which trace a request is part of, as the library tells whoever is asked: the endpoint, and nobody else.

use std::sync::atomic::{AtomicUsize, Ordering};

use lro::auth::{Identity, User};
use lro::http::{ClientBuilder, TraceContext};

use super::parent;
use crate::support::asking;
use crate::support::server::{Reply, Server};

fn tracing(http: ClientBuilder) -> ClientBuilder {
    http.trace_context(|| TraceContext::parse(&parent()).ok()?.with_state("a=1,b=2").ok())
}

#[tokio::test]
async fn the_endpoint_is_told_with_each_request_and_each_may_be_part_of_another_trace() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let count = AtomicUsize::new(0);
    let client = asking(&server, |http| {
        http.trace_context(move || {
            let nth = count.fetch_add(1, Ordering::Relaxed);
            let span = parent().replace("-01", &format!("-0{nth}"));
            TraceContext::parse(&span).ok().filter(|_| nth != 2)
        })
    });
    for _ in 0..3 {
        client.get("/a").await.unwrap();
    }
    client.post("/b", "{}").await.unwrap();
    let told: Vec<_> = server.hits().iter().map(|hit| hit.header("traceparent").map(str::to_owned)).collect();
    let flags = |flags: &str| Some(parent().replace("-01", flags));
    assert_eq!(told, [flags("-00"), flags("-01"), None, flags("-03")]);
    assert!(server.hits().iter().all(|hit| hit.header("tracestate").is_none()));
}

#[tokio::test]
async fn nobody_beside_the_endpoint_is_told() {
    let api = Server::start([Reply::json(200, "{}")]).await;
    let other = Server::start([Reply::json(200, "{}")]).await;
    let identity_service =
        Server::start([Reply::json(201, r#"{"token": {"expires_at": "2099-01-01T00:00:00Z"}}"#)
            .header("X-Subject-Token", "t")])
        .await;
    let identity =
        Identity::password(&format!("{}/v3", identity_service.url()), User::Id("u".to_owned()), "p").unwrap();
    let host = other.url().replace("http://", "");
    let client = asking(&api, |http| tracing(http).credentials(identity).allow_host(host));
    client.get("/a").await.unwrap();
    client.get(&format!("{}/b", other.url())).await.unwrap();
    let [hit] = &api.hits()[..] else { panic!("{:?}", api.hits()) };
    assert_eq!((hit.header("traceparent"), hit.header("tracestate")), (Some(&*parent()), Some("a=1,b=2")));
    assert_eq!(hit.header("x-auth-token"), Some("t"));
    for server in [&other, &identity_service] {
        let [hit] = &server.hits()[..] else { panic!("{:?}", server.hits()) };
        assert_eq!((hit.header("traceparent"), hit.header("tracestate")), (None, None), "{hit:?}");
    }
}

#[tokio::test]
async fn what_a_person_says_of_a_request_counts_for_more() {
    let server = Server::start([Reply::json(200, "{}")]).await;
    let client = asking(&server, |http| tracing(http).header("TraceParent", "mine"));
    client.get("/a").await.unwrap();
    let [hit] = &server.hits()[..] else { panic!("{:?}", server.hits()) };
    let told: Vec<_> = hit.headers.iter().filter(|(name, _)| name.starts_with("trace")).collect();
    assert_eq!(told, [&("traceparent".to_owned(), "mine".to_owned())]);
}
