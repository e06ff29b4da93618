//! Locations: nowhere but at the endpoint, and in the API's two spellings.

use lro::PollErrorKind;
use lro::auth::Token;

use crate::support::server::{Reply, Server};
use crate::support::{PATH, PENDING, SUCCESS, client, operation, poll_error};

const SINGULAR: &str = "/v1.0/plasconnector/connector/c1/operations/o1";

#[tokio::test]
async fn a_location_on_another_origin_is_refused_and_nothing_is_sent() {
    let [server, elsewhere] =
        [Server::start([Reply::json(200, SUCCESS)]).await, Server::start([Reply::json(200, SUCCESS)]).await];
    let token = Token::given("s3cret").unwrap();
    let client = client(&server.url(), |http| http.token(token));
    let other = elsewhere.url();
    let host = other.trim_start_matches("http://");
    for location in [
        format!("{other}{PATH}"),
        format!("//{host}{PATH}"),
        format!("/\\{host}{PATH}"),
        format!("https{}{PATH}", server.url().trim_start_matches("http")),
    ] {
        let error = client.operation_at(&location).unwrap_err().to_string();
        let end = format!("is not at the endpoint {}, and credentials are sent nowhere else", server.url());
        assert!(error.ends_with(&end), "{location}: {error}");
    }
    let disguised = format!("http://{}@{host}{PATH}", server.url().trim_start_matches("http://"));
    let error = client.operation_at(&disguised).unwrap_err().to_string();
    assert_eq!(error, "the URL holds a user name or a password");
    assert_eq!((server.hits().len(), elsewhere.hits().len()), (0, 0));
}

#[tokio::test]
async fn what_is_said_to_the_other_spelling_is_no_word_on_a_young_operation() {
    for status in [302, 400, 401, 403, 405, 410] {
        let server = Server::start([Reply::json(404, ""), Reply::json(status, "")]).await;
        let mut operation = operation(&server);
        let (kind, text) = poll_error(&mut operation).await;
        assert_eq!((kind, text.as_str()), (PollErrorKind::NotFound, "HTTP 404 Not Found"), "{status}");
        assert_eq!(operation.url().unwrap(), format!("{}{PATH}", server.url()));
    }
    let server = Server::start([Reply::json(404, ""), Reply::json(503, "")]).await;
    let mut operation = operation(&server);
    assert_eq!(poll_error(&mut operation).await.0, PollErrorKind::Transient);
    assert_eq!(operation.url().unwrap(), format!("{}{PATH}", server.url()));
}

#[tokio::test]
async fn a_location_at_the_endpoint_is_followed_as_it_is() {
    let server = Server::start([Reply::json(200, PENDING)]).await;
    let client = client(&server.url(), |http| http);
    for location in [SINGULAR.to_owned(), format!("{}{PATH}", server.url()), "c1/o1".to_owned()] {
        lro::Operation::poll(&mut client.operation_at(&location).unwrap()).await.unwrap();
    }
    assert_eq!(server.paths(), [SINGULAR, PATH, PATH]);
}

#[tokio::test]
async fn on_a_404_the_other_spelling_is_tried_and_what_works_is_kept() {
    for (given, other) in [(SINGULAR, PATH), (PATH, SINGULAR)] {
        let server = Server::start([Reply::json(404, ""), Reply::json(200, PENDING)]).await;
        let mut operation = client(&server.url(), |http| http).operation_at(given).unwrap();
        lro::Operation::poll(&mut operation).await.unwrap();
        lro::Operation::poll(&mut operation).await.unwrap();
        assert_eq!(server.paths(), [given, other, other]);
        assert_eq!(operation.url().unwrap(), format!("{}{other}", server.url()));
    }
}

#[tokio::test]
async fn when_no_spelling_is_known_the_given_one_is_told_and_kept() {
    let told = |text: &str| Reply::json(404, format!(r#"{{"code":"x","message":"{text}"}}"#));
    let server = Server::start([told("first"), told("second")]).await;
    let mut operation = operation(&server);
    let (kind, text) = poll_error(&mut operation).await;
    assert_eq!((kind, &*text), (PollErrorKind::NotFound, "HTTP 404 Not Found: x: first"));
    assert_eq!(operation.url().unwrap(), format!("{}{PATH}", server.url()));
    assert_eq!(server.paths(), [PATH, SINGULAR]);
}
