//! What `Debug` shows of every public type that may hold a secret; and that no public type is forgotten here.

#![expect(clippy::unwrap_used, reason = "all of it is a test, also what no attribute says it of")]

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use lro::WaitError;
use lro::auth::{
    AccessKey, ApplicationCredential, AuthError, AuthErrorKind, Credentials, Domain, Headers, Identity,
    Request, Token, User,
};
use lro::http::{Call, Client, Endpoint, Start};
use lro::preset::Preset;
use lro::schedule::Fixed;

use super::forms::found;
use crate::support::server::{Reply, Server};
use crate::support::{asking, every};

const SECRET: &str = "s3cret/w\"ord+&=<~-_.>";

/// Public types that hold nothing of a person's or of a server's, or only what a preset, a policy or a simulation is: by
/// the part that they belong to.
const HARMLESS: &[(&str, &[&str])] = &[
    (
        "auth",
        &["AuthErrorKind", "Domain", "Project", "Signature", "SignatureError", "User", "Service", "Standing"],
    ),
    ("auth", &["AccessKeyError", "TokenError", "ApplicationCredential"]),
    ("error", &["Limit"]),
    ("fleet", &["Adder", "Closed", "Until"]),
    (
        "http",
        &[
            "BuildError",
            "ClockSkew",
            "Distrust",
            "Endpoint",
            "HeaderError",
            "LocationError",
            "MethodError",
            "Obstacle",
        ],
    ),
    // What belongs to what is told to everybody on the way.
    ("http", &["TraceContext", "TraceContextError"]),
    ("machine", &["End", "Happened", "Machine", "Step"]),
    ("operation", &["FromFn", "Hints", "PollErrorKind", "Verdict"]),
    ("plas", &["OperationType", "Reference", "ReferenceError"]),
    ("policy", &["Backoff", "Cadence", "MaxErrors", "Policy", "PolicyError"]),
    (
        "preset",
        &["Definition", "Expression", "ExpressionError", "Found", "Hint", "HintSource", "Locator", "Misfit"],
    ),
    ("preset", &["Pick", "Preset", "PresetError", "Ruling", "Scheme", "Statuses", "Unit"]),
    ("schedule", &["Balanced", "Expected", "Exponential", "Fixed", "Forecast", "FromBackoff", "Moment"]),
    ("simulator", &["Builder", "Fault", "Outcome", "Simulator", "StartError"]),
    // An answer as its caller has it at hand, to be judged: what stands in it is not for `lro` to know.
    ("preset", &["Answered", "Started"]),
];

/// What is shown of a value of this type.
type Shown = (&'static str, String);

fn shown(name: &'static str, value: impl Debug) -> Shown {
    (name, format!("{value:?} {value:#?}"))
}

fn credentials() -> Vec<Credentials> {
    let user = || User::Name { name: "alice".to_owned(), domain: Domain::Name("D".to_owned()) };
    let application = ApplicationCredential::Id("app".to_owned());
    let url = "https://iam.example";
    vec![
        Token::given("s3cret/word+&=<~-_.>").unwrap().into(),
        Token::user_and_password(format!("me:{SECRET}")).unwrap().into(),
        Token::command(format!("echo '{SECRET}'")).into(),
        Identity::password(url, user(), SECRET).unwrap().with_passcode(SECRET).into(),
        Identity::application_credential(url, application, SECRET).unwrap().into(),
        Identity::token(url, SECRET).unwrap().into(),
        AccessKey::new("ak", SECRET).unwrap().with_security_token("s3cret/word+&=<~-_.>").into(),
    ]
}

fn of_auth() -> Vec<Shown> {
    let headers = Headers::new().secret("X-Key", SECRET).hide(SECRET);
    let url = format!("https://plas.example/a?{SECRET}").parse().unwrap();
    let request = Request::new("POST", &url, SECRET.as_bytes());
    let mut all = vec![
        shown("auth::Headers", &headers),
        shown("auth::Request", request),
        shown("auth::Token", Token::given("s3cret/word+&=<~-_.>").unwrap()),
        shown("auth::AccessKey", AccessKey::new("ak", SECRET).unwrap()),
        shown("auth::Identity", Identity::token("https://iam.example", SECRET).unwrap()),
        shown("auth::AuthError", AuthError::new(AuthErrorKind::Denied, "it is refused")),
    ];
    all.extend(credentials().into_iter().map(|credentials| shown("auth::Credentials", credentials)));
    all
}

fn of_clients() -> Vec<Shown> {
    let mut all = Vec::new();
    for credentials in credentials() {
        let endpoint = Endpoint::parse("http://127.0.0.1:9").unwrap();
        let http = Client::builder(endpoint)
            .credentials(credentials)
            .secret_header("X-Mine", SECRET)
            .proxy("http://me:s3cret%2Fw%22ord%2B%26%3D%3C~-_.%3E@127.0.0.1:9");
        all.push(shown("http::ClientBuilder", &http));
        let client = http.build().unwrap();
        let plas = lro::plas::Client::new(client.clone());
        let start = Start::new("POST", format!("/a?{SECRET}")).unwrap().body(SECRET);
        let preset = || Preset::builtin("http-202").unwrap();
        let operation = lro::http::Operation::new(client.clone(), &format!("/a?{SECRET}"), preset()).unwrap();
        let call = Call::new(format!("/a?{SECRET}")).headers(Headers::new().secret("A", SECRET)).body(SECRET);
        all.extend([
            shown("http::Client", &client),
            shown("http::Place", lro::http::Place::from(Endpoint::parse("http://127.0.0.1:9").unwrap())),
            shown("http::Call", call),
            shown("http::Start", &start),
            shown("http::Operation", &operation),
            shown("http::Operation", lro::http::Operation::submit(client, start, preset()).unwrap()),
            shown("plas::Client", &plas),
            shown("plas::Operation", plas.operation("c1", "o1").unwrap()),
            shown("plas::Builder", lro::plas::Client::builder("http://127.0.0.1:9").unwrap()),
            shown("wait::Wait", lro::wait_for_completion(operation.clone())),
            shown("fleet::Fleet", lro::wait_for_all([operation])),
        ]);
    }
    all
}

/// What is shown of all that comes of an answer that repeats what it was sent.
async fn of_answers() -> Vec<Shown> {
    let server = Server::start_by(|hit, nth| {
        let all = format!("{:?}", hit.headers);
        let fault = serde_json::json!({"code": all, "message": all}).to_string();
        match (hit.path(), nth) {
            ("/error", _) => Reply::json(400, fault),
            (_, 1) => Reply::json(503, fault),
            (_, 2) => Reply::json(200, serde_json::json!({"status": "new", "said": all}).to_string()),
            _ => Reply::json(200, serde_json::json!({"status": "done", "said": all}).to_string()),
        }
        .header("Set-Cookie", "session=s3cret/word+&=<~-_.>")
    })
    .await;
    let client = asking(&server, |http| {
        http.token(Token::given("s3cret/word+&=<~-_.>").unwrap()).secret_header("X-Mine", SECRET)
    });
    let preset = Preset::from_toml(
        "mine",
        "title = 'Mine'\nstate = 'status'\nsuccess = ['done']\nmessage = ['said']\nresult = [{ body = 'said' }]",
    );
    let operation =
        |path: &str| lro::http::Operation::new(client.clone(), path, preset.clone().unwrap()).unwrap();
    let refused = client.get("/reply").await.unwrap_err();
    let reply = client.get("/reply").await.unwrap();
    let mut all = vec![shown("operation::PollError", &refused), shown("http::Reply", &reply)];
    let mut events = lro::wait_for_completion(operation("/o")).schedule(every(10)).events();
    all.push(shown("wait::Events", &events));
    while let Some(event) = events.next().await {
        all.extend([shown("event::Event", &event), shown("event::EventKind", &event.kind)]);
        if let lro::EventKind::Answered { answer, .. } = &event.kind {
            all.extend([shown("operation::Answer", answer), shown("http::Status", &answer.status)]);
        }
    }
    let done = lro::wait_for_completion(operation("/o")).await.unwrap();
    all.extend([shown("error::Completed", &done), shown("error::Report", &done.report)]);
    let error = lro::wait_for_completion(operation("/error")).await.unwrap_err();
    if let WaitError::Poll { source, .. } = &error {
        let http = crate::support::http_error(source);
        all.extend([shown("operation::PollError", source), shown("http::HttpError", http)]);
        if let lro::http::HttpError::Status { fault, .. } = http {
            all.push(shown("http::Fault", fault));
        }
    }
    all.push(shown("error::WaitError", &error));
    let fleet = || {
        lro::wait_for_all([operation("/o"), operation("/error")])
            .schedule(|| Fixed::new(std::time::Duration::from_millis(10)).unwrap())
    };
    let mut events = fleet().events().unwrap();
    all.push(shown("fleet::FleetEvents", &events));
    while let Some(event) = events.next().await {
        all.push(shown("fleet::FleetEvent", &event));
    }
    all.push(shown("fleet::Completions", fleet().completions().unwrap()));
    all.push(shown("fleet::Outcomes", fleet().await.unwrap()));
    let mut plas = lro::plas::Client::new(client.clone()).operation("c1", "o1").unwrap();
    let refused = lro::Operation::poll(&mut plas).await.unwrap_err();
    all.push(shown("operation::PollError", refused));
    let server_of_plas = Server::start_by(|hit, _| {
        let all = format!("{:?}", hit.headers);
        let result = serde_json::json!({"result": "failed", "reason": all});
        Reply::json(200, serde_json::json!({"finished": true, "result": result}).to_string())
    })
    .await;
    let plas = asking(&server_of_plas, |http| http.secret_header("X-Mine", SECRET));
    let mut plas = lro::plas::Client::new(plas).operation("c1", "o1").unwrap();
    all.push(shown("plas::Status", lro::Operation::poll(&mut plas).await.unwrap()));
    let identity = Identity::password(&server.url(), User::Id("u".to_owned()), SECRET).unwrap();
    let client = asking(&server, |http| http.credentials(identity));
    let refused = client.get("/a").await.unwrap_err();
    all.extend([shown("auth::KeystoneError", crate::support::http_error(&refused))]);
    all
}

#[cfg(feature = "clouds")]
fn of_clouds() -> Vec<Shown> {
    use lro::auth::cloud::{Cloud, Surroundings};
    let json = serde_json::to_string(SECRET).unwrap();
    let yaml = |password: &str| {
        format!(
            "clouds:\n  dev:\n    auth:\n      auth_url: https://iam.example\n      username: alice\n      \
             user_domain_name: D\n      password: {password}\n      unknown: {password}\n"
        )
    };
    let around = |password: &str| {
        Surroundings::default()
            .file("/clouds.yaml", yaml(password))
            .variable("OS_CLIENT_CONFIG_FILE", "/clouds.yaml")
            .variable("OS_PASSWORD", SECRET)
    };
    let cloud = Cloud::find(Some("dev"), &around(&json)).unwrap();
    let broken = Cloud::find(Some("dev"), &around(&format!("{json} ["))).unwrap_err();
    let facts = cloud.facts("plas");
    let mut all = vec![
        shown("auth::Surroundings", around(&json)),
        shown("auth::Cloud", &cloud),
        shown("auth::CloudError", broken),
        shown("auth::Looked", cloud.looked()),
        shown("auth::Tls", cloud.tls()),
        shown("auth::Said", cloud.region()),
    ];
    all.extend(
        facts.iter().flat_map(|fact| [shown("auth::Fact", fact), shown("auth::Origin", &fact.origin)]),
    );
    let nobody = Surroundings::default()
        .variable("OS_APPLICATION_CREDENTIAL_SECRET", SECRET)
        .variable("OS_USERNAME", "alice")
        .variable("OS_AUTH_URL", "https://a");
    let error = Cloud::find(None, &nobody).unwrap_err();
    if let lro::auth::cloud::CloudError::Incomplete(incomplete) = &error {
        all.extend([shown("auth::Incomplete", incomplete), shown("auth::Missing", &incomplete.missing)]);
    }
    all
}

#[tokio::test]
async fn no_public_type_shows_a_secret_and_none_is_forgotten() {
    #[cfg(feature = "clouds")]
    let of_clouds = of_clouds();
    #[cfg(not(feature = "clouds"))]
    let of_clouds = Vec::new();
    let all = [of_auth(), of_clients(), of_answers().await, of_clouds].concat();
    for (name, text) in &all {
        for secret in [SECRET, "s3cret/word+&=<~-_.>"] {
            assert_eq!(found(text, secret), None, "{name}: {text}");
        }
    }
    let known: BTreeSet<String> = all.iter().map(|(name, _)| (*name).to_owned()).collect();
    let harmless =
        HARMLESS.iter().flat_map(|(part, names)| names.iter().map(move |name| format!("{part}::{name}")));
    let known: BTreeSet<String> = known.into_iter().chain(harmless).collect();
    let forgotten: Vec<_> = public_types().into_iter().filter(|name| !known.contains(name)).collect();
    // Without the feature nobody can make one.
    if cfg!(feature = "clouds") {
        assert_eq!(forgotten, [""; 0], "say here what `Debug` shows of these, or that they are harmless");
    }
}

/// The name of every public type in the source of the library, after the part that it belongs to.
fn public_types() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut names = BTreeSet::new();
    for file in files {
        let path = file.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
        let part = path.split(['/', '.']).next().unwrap_or_default().to_owned();
        if part == "cli" {
            continue;
        }
        for line in fs::read_to_string(&file).unwrap().lines() {
            let rest = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
            let name = rest.and_then(|rest| rest.split(|c: char| !c.is_alphanumeric()).next());
            names.extend(name.map(|name| format!("{part}::{name}")));
        }
    }
    assert!(names.len() > 80, "{names:?}");
    names
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
