//! Servers that ask to be left alone: by all who would ask them, and by nobody else.

use std::time::Duration;

use futures_util::future::join_all;
use lro::Operation as _;
use lro::auth::Token;
use lro::http::Operation;
use lro::plas::service;
use lro::preset::Preset;

use super::{fleet, is_of, of, operations, pending, success};
use crate::auth::catalog::{catalog, with_catalog};
use crate::auth::renewal::{alice, token, tokens_sent};
use crate::support::client;
use crate::support::server::{Hit, Reply, Server};

const PAUSE: Duration = Duration::from_secs(2);

/// Asks to be left alone for [`PAUSE`].
fn busy(status: u16) -> Reply {
    Reply::json(status, "").header("Retry-After", "2")
}

/// The requests within [`PAUSE`] after this one.
fn meanwhile(hits: &[Hit], refused: &Hit) -> usize {
    hits.iter().filter(|hit| hit.at > refused.at && hit.at < refused.at + PAUSE).count()
}

#[tokio::test]
async fn a_busy_server_is_left_alone_by_all_and_no_other_server_is() {
    join_all([429, 503].map(async |status| {
        let server = Server::start_by(move |hit, nth| match nth {
            2 if is_of(hit, "o3") => busy(status),
            1..4 => pending(),
            _ => success(),
        })
        .await;
        let other = Server::start_by(|_, nth| if nth < 10 { pending() } else { success() }).await;
        let clients = [&server, &other].map(|server| client(&server.url(), |http| http));
        // One at a time, so that nothing else is on its way when the server says so.
        let both = operations(&clients[0], 5).chain(operations(&clients[1], 5));
        let ended = fleet(both).concurrency(1).await.unwrap();
        assert!(ended.is_success(), "{:?}", ended.errors().next());

        let hits = server.hits();
        assert_eq!(hits.len(), 20);
        let refused = hits.iter().filter(|hit| is_of(hit, "o3")).nth(1).unwrap();
        assert_eq!(meanwhile(&hits, refused), 0, "{status}");
        assert!(hits.iter().filter(|hit| hit.at > refused.at).count() >= 10, "{status}");
        let others = other.hits();
        assert_eq!(others.len(), 50);
        assert!(meanwhile(&others, refused) >= 20, "{status}: {}", meanwhile(&others, refused));
    }))
    .await;
}

#[tokio::test]
async fn a_pause_with_any_other_answer_is_kept_by_its_operation_alone() {
    let odd = [
        Reply::json(500, "").header("Retry-After", "2"),
        Reply::json(200, "{").header("Retry-After", "2"),
        pending().header("Retry-After", "2"),
    ];
    join_all(odd.map(async |reply| {
        let told = format!("{reply:?}");
        let server = Server::start_by(move |hit, nth| match nth {
            1 if is_of(hit, "o3") => reply.clone(),
            1..10 => pending(),
            _ => success(),
        })
        .await;
        let ended = of(&server, 5).concurrency(1).await.unwrap();
        assert!(ended.is_success(), "{told}");
        let hits = server.hits();
        let own: Vec<_> = hits.iter().filter(|hit| is_of(hit, "o3")).collect();
        assert!(own[1].at >= own[0].at + PAUSE, "{told}");
        assert!(meanwhile(&hits, own[0]) >= 20, "{told}");
    }))
    .await;
}

#[tokio::test]
async fn an_operation_elsewhere_gets_no_credentials_and_is_not_held_with_the_others() {
    let preset = Preset::builtin("otc-plas").unwrap();
    let server = Server::start_by(|_, nth| if nth == 1 { busy(429) } else { success() }).await;
    let other = Server::start_by(|_, nth| if nth < 10 { pending() } else { success() }).await;
    let host = other.url().replace("http://", "");
    let client = client(&server.url(), |http| http.token(Token::given("s3cret").unwrap()).allow_host(host));
    let path = crate::support::PATH;
    let at = |place: String| Operation::new(client.http().clone(), &place, preset.clone()).unwrap();
    let [here, there] = [path.to_owned(), format!("{}{path}", other.url())].map(at);
    assert_eq!(here.origin().unwrap(), server.url());
    assert_eq!(there.origin().unwrap(), other.url());

    let ended = fleet([here, there]).concurrency(1).await.unwrap();
    assert!(ended.is_success(), "{:?}", ended.errors().next());
    assert_eq!(tokens_sent(&server), ["s3cret"; 2]);
    assert_eq!(tokens_sent(&other), ["none"; 10]);
    let hits = server.hits();
    assert!(hits[1].at >= hits[0].at + PAUSE);
    assert_eq!(meanwhile(&other.hits(), &hits[0]), 10);
}

#[tokio::test]
async fn clients_of_two_servers_show_each_its_own_token() {
    let servers = [Server::start([success()]).await, Server::start([success()]).await];
    let each = ["first", "second"].into_iter().zip(&servers).map(|(name, server)| {
        let token = Token::given(name).unwrap();
        client(&server.url(), |http| http.token(token)).operation("c1", "o1").unwrap()
    });
    assert!(fleet(each).await.unwrap().is_success());
    assert_eq!(servers.map(|server| tokens_sent(&server)), [["first"], ["second"]]);
}

#[tokio::test]
async fn a_busy_identity_service_holds_back_all_that_need_its_token() {
    let keystone = Server::start([busy(503), token("first", 3600)]).await;
    let plas = Server::start([success()]).await;
    let client = client(&plas.url(), |http| http.credentials(alice(&keystone)));
    // More than are on their way at once.
    let ended = fleet(operations(&client, 30)).concurrency(8).await.unwrap();
    assert!(ended.is_success(), "{:?}", ended.errors().next());
    let [refused, granted] = &keystone.hits()[..] else { panic!("{}", keystone.hits().len()) };
    assert!(granted.at >= refused.at + PAUSE);
    assert_eq!(tokens_sent(&plas), ["first"; 30]);
}

#[tokio::test]
async fn so_it_does_while_it_is_to_say_where_the_api_is() {
    let plas = Server::start([success()]).await;
    let keystone = Server::start([busy(503), with_catalog(&catalog(&plas.url()))]).await;
    let builder = lro::plas::Client::builder_at(service()).credentials(alice(&keystone));
    let client = builder.http(lro::http::ClientBuilder::without_proxy).build().unwrap();
    let before = client.operation("c1", "o1").unwrap();
    assert_eq!(before.origin().unwrap(), keystone.url());
    let ended = fleet(operations(&client, 30)).concurrency(8).await.unwrap();
    assert!(ended.is_success(), "{:?}", ended.errors().next());
    let [refused, granted] = &keystone.hits()[..] else { panic!("{}", keystone.hits().len()) };
    assert!(granted.at >= refused.at + PAUSE);
    assert_eq!(plas.hits().len(), 30);
    assert_eq!(before.origin().unwrap(), plas.url());
}
