//! Encryption that is required: nothing is sent without it but on loopback, wherever a location is from.

use lro::PollErrorKind;
use lro::auth::{Domain, Identity, User};
use lro::http::{BuildError, Client, ClientBuilder, Endpoint, HttpError, LocationError, Operation};
use lro::preset::Preset;

use crate::support::server::{Reply, Server};
use crate::support::{asking, chain, http_error};

const TOLD: &str = "`http://plas.example` would be asked without encryption, and that is not to be";

fn builder(endpoint: &str) -> ClientBuilder {
    Client::builder(Endpoint::parse(endpoint).expect("an endpoint")).require_https(true)
}

fn identity(url: &str) -> Identity {
    let user = User::Name { name: "alice".to_owned(), domain: Domain::Name("D".to_owned()) };
    Identity::password(url, user, "s3cret").expect("an identity")
}

#[test]
fn only_what_stays_on_this_machine_may_be_asked_without_encryption() {
    for (endpoint, is_fit) in [
        ("http://127.0.0.1:9", true),
        ("http://127.8.9.1", true),
        ("http://[::1]:9", true),
        ("http://localhost:9", true),
        ("http://plas.example", false),
        ("http://localhost.example", false),
        ("http://127.0.0.1.example", false),
        ("http://0.0.0.0", false),
        ("http://10.0.0.1", false),
        ("http://[::ffff:10.0.0.1]", false),
    ] {
        let built = builder(endpoint).build();
        let is_refused = matches!(built, Err(BuildError::Location(LocationError::Unencrypted { .. })));
        assert_eq!(is_refused, !is_fit, "{endpoint}");
        assert!(Client::builder(Endpoint::parse(endpoint).unwrap()).build().is_ok(), "{endpoint}");
    }
    assert_eq!(builder("http://plas.example").build().unwrap_err().to_string(), TOLD);
}

#[test]
fn an_identity_service_is_not_asked_without_encryption() {
    let built = builder("http://127.0.0.1:9").credentials(identity("http://plas.example/v3")).build();
    assert_eq!(built.unwrap_err().to_string(), TOLD);
    let built = builder("http://127.0.0.1:9").credentials(identity("http://127.0.0.1:9/v3")).build();
    assert!(built.is_ok());
}

#[tokio::test]
async fn what_a_catalog_names_is_not_asked_without_encryption() {
    let body = r#"{"token":{"catalog":[{"type":"plas","endpoints":
        [{"interface":"public","region":"eu-de","url":"http://plas.example"}]}]}}"#;
    let server = Server::start([Reply::json(201, body).header("X-Subject-Token", "t0ken")]).await;
    // It would be asked there: a proxy hears all that goes out, but for what is on loopback.
    let client = Client::builder(lro::plas::service())
        .credentials(identity(&server.url()))
        .without_proxy()
        .require_https(true)
        .build()
        .unwrap();
    let error = client.get("/a").await.unwrap_err();
    assert_eq!(error.kind(), PollErrorKind::Permanent);
    assert!(chain(&error).ends_with(TOLD), "{}", chain(&error));
    assert_eq!(server.hits().len(), 1);
}

#[tokio::test]
async fn wherever_a_server_leads_it_is_not_asked_without_encryption() {
    let result = "state = 's'\nsuccess = ['done']\nresult = [{ body = 'at' }]";
    let next = "state = 's'\nsuccess = ['done']\nnext = [{ header = 'location' }]";
    for (preset, body) in [(result, r#"{"s":"done","at":"http://plas.example/r"}"#), (next, r#"{"s":"new"}"#)]
    {
        for is_required in [true, false] {
            let reply = Reply::json(200, body).header("Location", "http://plas.example/r");
            let server = Server::start([reply]).await;
            let client = asking(&server, |http| http.allow_host("plas.example").require_https(is_required));
            let preset = Preset::from_toml("mine", &format!("title = 'Mine'\n{preset}")).unwrap();
            let mut operation = Operation::new(client, "/o", preset).unwrap().fetch_result(true);
            let first = lro::Operation::poll(&mut operation).await;
            let told = match first {
                Err(error) => chain(&error),
                // It goes on there, and nobody is there.
                Ok(_) => chain(&lro::Operation::poll(&mut operation).await.unwrap_err()),
            };
            assert_eq!(told.ends_with(TOLD), is_required, "{told}");
            assert_eq!(server.hits().len(), 1);
        }
    }
    let server = Server::start([Reply::json(200, "{}")]).await;
    let client = asking(&server, |http| http.allow_host("plas.example").require_https(true));
    let error = client.get("http://plas.example/a").await.unwrap_err();
    let is_refused = matches!(http_error(&error), HttpError::Location(LocationError::Unencrypted { .. }));
    assert!(is_refused, "{error:?}");
}
