//! Where a service is, as the catalog of a Keystone says it, and where it is asked when none does.

use lro::PollErrorKind::Permanent;
use lro::auth::{Identity, Service, User};
use lro::http::Endpoint;
use lro::plas::{Client, service};

use super::renewal::{alice, tokens_sent};
use crate::support::server::{Reply, Server};
use crate::support::{PENDING, chain};

/// A token with this catalog.
pub(crate) fn with_catalog(catalog: &str) -> Reply {
    let body = format!(r#"{{"token": {{"expires_at": "2999-01-01T00:00:00Z", "catalog": {catalog}}}}}"#);
    Reply::json(201, body).header("X-Subject-Token", "t0ken")
}

/// A catalog with PLAS at this URL, in region `eu-de`.
pub(crate) fn catalog(url: &str) -> String {
    format!(
        r#"[{{"type": "plas", "endpoints": [{{"interface": "public", "region_id": "eu-de", "url": "{url}"}}]}}]"#
    )
}

#[tokio::test]
async fn the_endpoint_is_found_in_the_catalog_once_for_all() {
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    // A version and a project behind it are of no use: the locations of the API have their own.
    let keystone = Server::start([with_catalog(&catalog(&format!("{}/v1.0/p1", plas.url())))]).await;
    let client = Client::builder_at(service().region("eu-de")).credentials(alice(&keystone));
    let client = client.http(lro::http::ClientBuilder::without_proxy).build().unwrap();
    let mut operation = client.operation("c1", "o1").unwrap();
    assert_eq!(operation.url(), None);
    lro::Operation::poll(&mut operation).await.unwrap();
    lro::Operation::poll(&mut client.operation("c1", "o2").unwrap()).await.unwrap();
    assert_eq!(operation.url().unwrap(), format!("{}{}", plas.url(), crate::support::PATH));
    assert_eq!(keystone.hits()[0].line, "POST /v3/auth/tokens HTTP/1.1");
    assert_eq!(keystone.hits().len(), 1);
    assert_eq!(tokens_sent(&plas), ["t0ken"; 2]);
}

#[tokio::test]
async fn a_location_elsewhere_than_in_the_catalog_gets_no_token() {
    let [plas, elsewhere] =
        [Server::start([Reply::json(200, PENDING)]).await, Server::start([Reply::json(200, PENDING)]).await];
    let keystone = Server::start([with_catalog(&catalog(&plas.url()))]).await;
    let client = Client::builder_at(service()).credentials(alice(&keystone));
    let client = client.http(lro::http::ClientBuilder::without_proxy).build().unwrap();
    let mut operation = client.operation_at(&format!("{}{}", elsewhere.url(), crate::support::PATH)).unwrap();
    let error = lro::Operation::poll(&mut operation).await.unwrap_err();
    assert!(chain(&error).ends_with("and credentials are sent nowhere else"), "{}", chain(&error));
    assert_eq!(elsewhere.hits().len(), 0);
}

#[tokio::test]
async fn a_catalog_without_the_service_says_what_it_has() {
    let told = async |catalog: String, service: Service| {
        let keystone = Server::start([with_catalog(&catalog)]).await;
        let client = Client::builder_at(service).credentials(alice(&keystone));
        let client = client.http(lro::http::ClientBuilder::without_proxy).build().unwrap();
        let error = lro::Operation::poll(&mut client.operation("c1", "o1").unwrap()).await.unwrap_err();
        assert_eq!(error.kind(), Permanent);
        chain(&error).replace(&keystone.url(), "KEYSTONE")
    };
    let begin = "the request cannot succeed: it could not be learned where to ask: the catalog of KEYSTONE";
    let has = "has no public endpoint of type `plas` in region `eu-nl`: of that type it has public of eu-de";
    assert_eq!(
        told(catalog("https://plas.example"), service().region("eu-nl")).await,
        format!("{begin} {has}")
    );
    let empty = "has no public endpoint of type `plas`: it is empty";
    assert_eq!(told("[]".to_owned(), service()).await, format!("{begin} {empty}"));
    let odd = "names a place that cannot be used: `ftp://plas.example` is not a URL that starts with http:// or https://";
    assert_eq!(told(catalog("ftp://plas.example"), service()).await, format!("{begin} {odd}"));
}

#[tokio::test]
async fn a_service_that_no_catalog_has_is_asked_where_it_is_said_to_be() {
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    let keystone = Server::start([with_catalog("[]")]).await;
    let service = service().otherwise(Endpoint::parse(&plas.url()).unwrap());
    let client = Client::builder_at(service).credentials(alice(&keystone));
    let client = client.http(lro::http::ClientBuilder::without_proxy).build().unwrap();
    lro::Operation::poll(&mut client.operation("c1", "o1").unwrap()).await.unwrap();
    assert_eq!(plas.hits().len(), 1);
}

#[tokio::test]
async fn only_an_identity_has_a_catalog() {
    let client = Client::builder_at(service()).token(lro::auth::Token::given("t").unwrap());
    assert!(matches!(client.build(), Err(lro::http::BuildError::NoCatalog)));
}

#[tokio::test]
async fn a_password_that_is_a_word_of_the_answer_does_no_harm() {
    for password in ["token", "plas", "public", "catalog", "2", "\""] {
        let plas = Server::start([Reply::json(200, PENDING)]).await;
        let keystone = Server::start([with_catalog(&catalog(&plas.url()))]).await;
        let identity = Identity::password(&keystone.url(), User::Id("u1".to_owned()), password).unwrap();
        let client = Client::builder_at(service().region("eu-de")).credentials(identity);
        let client = client.http(lro::http::ClientBuilder::without_proxy).build().unwrap();
        lro::Operation::poll(&mut client.operation("c1", "o1").unwrap()).await.unwrap();
    }
}
