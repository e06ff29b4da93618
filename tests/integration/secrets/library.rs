//! Each way into the library, with everything heard that it and its libraries log, and everything looked at that it
//! returns: results, events, errors with their causes, panics.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};

use lro::auth::{
    AccessKey, ApplicationCredential, Authorizer, Authorizing, Credentials, Domain, Headers, Identity,
    Project, Request, Token, User,
};
use lro::http::ClientBuilder;
use lro::plas::Client;
use secrecy::SecretString;
use tokio::process::Command;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::forms::found;
use crate::support::server::{Reply, Server};
use crate::support::{SUCCESS, chain, every};

const SECRET: &str = "s3cret/w\"ord+&=<~-_.>";
const TOKEN: &str = "t0k/en+A==&<x>~-_.";
const COOKIE: &str = "c00kie-of/the+server=";
const ISSUED: &str = "issued/t0ken+&=~-_.";

/// What is said, by whomever.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<String>>);

impl Heard {
    fn add(&self, what: impl Debug) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        writeln!(heard, "{what:?}").expect("a string takes everything");
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Visit for &Heard {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add((field.name(), format!("{value:?}")));
    }
}

/// Hears all of `tracing`.
impl Subscriber for Heard {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.add((span.metadata().target(), span.metadata().name()));
        span.record(&mut &*self);
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &*self);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        self.add((event.metadata().target(), event.metadata().name()));
        event.record(&mut &*self);
    }

    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Hears all of `log`.
impl log::Log for Heard {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.add((record.target(), record.args().to_string()));
    }

    fn flush(&self) {}
}

/// Allows nothing, and breaks with the secret at hand.
#[derive(Debug)]
struct Broken(SecretString);

impl Authorizer for Broken {
    fn authorize<'a>(&'a self, request: &'a Request<'a>) -> Authorizing<'a, Headers> {
        let headers = Headers::new().secret("X-Key", self.0.clone());
        panic!("{self:?} breaks at {request:?} with {headers:?}");
    }
}

type Configure = Box<dyn FnOnce(ClientBuilder) -> ClientBuilder + Send>;

/// Every way into a client of this server.
fn ways(url: &str) -> Vec<(&'static str, Configure)> {
    let user = || User::Name { name: "alice".to_owned(), domain: Domain::Name("D".to_owned()) };
    let project = Project::Name { name: "eu-de".to_owned(), domain: None };
    let keystone = format!("{url}/v3");
    let password = Identity::password(&keystone, user(), SECRET).expect("an identity").project(project);
    let application = ApplicationCredential::Id("app".to_owned());
    let application = Identity::application_credential(&keystone, application, SECRET).expect("an identity");
    let rescoped = Identity::token(&keystone, TOKEN).expect("an identity");
    let key = AccessKey::new("ak", SECRET).expect("a key").with_security_token(TOKEN);
    let pair = Token::user_and_password(format!("me:{SECRET}")).expect("a token");
    let token = || Token::given(TOKEN).expect("a token");
    let proxy = url.replace("http://", "http://me:s3cret%2Fw%22ord%2B%26%3D%3C~-_.%3E@");
    let with = |credentials: Credentials| -> Configure { Box::new(|http| http.credentials(credentials)) };
    vec![
        ("a token", with(token().into())),
        ("a bearer", with(token().bearer().into())),
        ("a user with a password", with(pair.into())),
        ("a password", with(password.into())),
        ("an application credential", with(application.into())),
        ("a token for a Keystone", with(rescoped.into())),
        ("an access key", with(key.into())),
        ("a header", Box::new(|http| http.secret_header("X-Mine", SECRET))),
        ("a proxy", Box::new(move |http| http.proxy(proxy))),
        ("what breaks", with(Credentials::custom(Broken(SecretString::from(SECRET))))),
    ]
}

/// Answers what a Keystone and an API do; the latter repeats what it was sent, at last.
async fn server() -> Server {
    Server::start_by(|hit, nth| {
        let all = format!("{:?} {}", hit.headers, hit.body);
        let reply = match (hit.path(), nth) {
            ("/v3/auth/tokens?nocatalog", _) => {
                let body = r#"{"token":{"user":{"id":"u","name":"n","domain":{"id":"d","name":"D"}}}}"#;
                Reply::json(201, body).header("X-Subject-Token", ISSUED)
            }
            (_, 1) => Reply::json(503, serde_json::json!({"code": "x", "message": all}).to_string()),
            (_, 2) => Reply::json(200, SUCCESS.replace("true", "false")),
            _ => Reply::json(400, serde_json::json!({"code": "x", "message": all}).to_string()),
        };
        reply.header("Set-Cookie", &format!("session={COOKIE}; Path=/"))
    })
    .await
}

async fn heard_of(way: &'static str, configure: Configure, server: &Server, heard: &Heard) {
    let url = if way == "a proxy" { "http://plas.example".to_owned() } else { server.url() };
    let builder = Client::builder(&url).expect("an endpoint");
    let proxied = way == "a proxy";
    let builder = builder.http(|http| configure(if proxied { http } else { http.without_proxy() }));
    heard.add(&builder);
    let client = builder.build().expect("a client");
    let operation = client.operation("c1", "o1").expect("an operation");
    heard.add((&client, &operation));
    let said = heard.clone();
    let wait = lro::wait_for_completion(operation).schedule(every(10)).on_event(move |event| said.add(event));
    heard.add(&wait);
    // What breaks breaks off the task that it is in, and nothing else.
    match tokio::spawn(wait.into_future()).await {
        Ok(Ok(done)) => heard.add(done),
        Ok(Err(error)) => heard.add((chain(&error), error)),
        Err(broken) => heard.add((broken.to_string(), broken)),
    }
}

#[tokio::test]
async fn nothing_that_the_library_returns_logs_or_panics_with_has_a_secret_in_it() {
    // Who logs is said once for a process, so it is one of its own: this one once more, for the test below.
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "--ignored", "--nocapture", "secrets::library::heard_in_a_process_of_its_own"]);
    let output = child.env("RUST_BACKTRACE", "full").env("RUST_LOG", "trace").output().await.unwrap();
    let told = [output.stdout, output.stderr].concat();
    let told = String::from_utf8_lossy(&told);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("1 passed"), "{told}");
    // The panic and its backtrace are on standard error.
    assert!(told.contains("breaks at") && told.contains("stack backtrace"), "{told}");
    for secret in [SECRET, TOKEN, COOKIE, ISSUED] {
        assert_eq!(found(&told, secret), None, "{told}");
    }
}

#[tokio::test]
#[ignore = "run by the test above, in a process where everything is heard"]
async fn heard_in_a_process_of_its_own() {
    let heard = Heard::default();
    tracing::subscriber::set_global_default(heard.clone()).unwrap();
    log::set_boxed_logger(Box::new(heard.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
    let count = ways("http://127.0.0.1:9").len();
    for index in 0..count {
        let server = server().await;
        let (way, configure) = ways(&server.url()).swap_remove(index);
        heard_of(way, configure, &server, &heard).await;
        let sent: Vec<_> = server.hits().iter().map(|hit| format!("{:?}{}", hit.headers, hit.body)).collect();
        let sent = sent.concat();
        let is_sent = [SECRET, TOKEN].iter().any(|secret| found(&sent, secret).is_some());
        // An access key is never sent, nor what comes before something breaks.
        assert_eq!(is_sent, way != "what breaks", "{way}: {sent}");
        assert_eq!(sent.contains(COOKIE), way != "what breaks", "{way}: {sent}");
        let signatures = server.hits().into_iter().filter_map(|hit| {
            let value = hit.header("authorization")?.to_owned();
            value.split_once("Signature=").map(|(_, signature)| signature.to_owned())
        });
        let text = heard.text();
        let secrets = [SECRET, TOKEN, COOKIE, ISSUED].map(str::to_owned).into_iter().chain(signatures);
        for secret in secrets {
            let form = found(&text, &secret);
            let line = form.as_ref().and_then(|form| text.lines().find(|line| line.contains(form)));
            assert_eq!(line, None, "{way}: {secret}");
        }
    }
    #[cfg(feature = "rustls")]
    encrypted(&heard).await;
    let text = heard.text();
    for name in ["lro.request", "lro.poll.erred", "hyper_util", "reqwest"] {
        assert!(text.contains(name), "nothing is heard of {name}");
    }
}

/// The same over TLS and HTTP/2, whose frames are logged too.
#[cfg(feature = "rustls")]
async fn encrypted(heard: &Heard) {
    use crate::support::http2::{Http2, Turn};
    let server = Http2::start(std::time::Duration::ZERO, 8, |_| Turn::Answer(SUCCESS)).await;
    let token = Token::given(TOKEN).expect("a token");
    let client = crate::support::client(&server.url(), |http| {
        http.ca_certificates(server.authority()).token(token).secret_header("X-Mine", SECRET)
    });
    let done = lro::wait_for_completion(client.operation("c1", "o1").expect("an operation")).await;
    let done = done.expect("a success");
    heard.add(done);
    let text = heard.text();
    assert!(text.contains("h2::") || text.contains("rustls"), "nothing is heard of the connection");
    for secret in [SECRET, TOKEN] {
        let form = found(&text, secret);
        let line = form.as_ref().and_then(|form| text.lines().find(|line| line.contains(form)));
        assert_eq!(line, None);
    }
}
