//! The table of names in docs/telemetry.md against what the library tells: each has the level and the fields that stand there,
//! nothing is told that does not stand there, and nothing stands there that is not told.

#![expect(clippy::unwrap_used, reason = "all of it is a test, also what no attribute says it of")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lro::auth::Token;
use lro::http::Operation;
use lro::preset::Preset;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::support::server::{Reply, Server};
use crate::support::{asking, every};

const PAGE: &str = include_str!("../../../docs/telemetry.md");

/// The level, and the fields.
pub(super) type Row = (String, BTreeSet<String>);

/// The rows of the table whose head begins with this: the nth of these tables, from 0.
pub(super) fn rows(head: &str, nth: usize) -> BTreeMap<String, Row> {
    let tables = PAGE.split("\n\n").map(|block| block.trim().lines().collect::<Vec<_>>());
    let table = tables.filter(|lines| lines.first().is_some_and(|line| line.starts_with(head))).nth(nth);
    let lines = table.expect("there is such a table").into_iter().skip(2);
    lines
        .map(|line| {
            let cells: Vec<_> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [name, _, level, fields] = cells[..] else { panic!("{line}") };
            let fields = fields.split(", ").map(|field| field.trim_matches('`').to_owned());
            let fields = fields.filter(|field| !field.is_empty()).collect();
            (name.trim_matches('`').to_owned(), (level.to_owned(), fields))
        })
        .collect()
}

/// Remembers what it was told.
#[derive(Clone, Default)]
struct Seen {
    rows: Arc<Mutex<BTreeMap<String, Row>>>,
    unsigned: Unsigned,
}

/// The names of numbers without a sign, of which OpenTelemetry knows none.
#[derive(Clone, Default)]
struct Unsigned(Arc<Mutex<BTreeSet<&'static str>>>);

impl Visit for &Unsigned {
    fn record_u64(&mut self, field: &Field, _: u64) {
        self.0.lock().unwrap().insert(field.name());
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl Seen {
    fn note(&self, metadata: &Metadata<'_>) {
        let fields = metadata.fields().iter().map(|field| field.name().to_owned());
        // These are for one subscriber alone, and the message is no field to those who listen.
        let fields = fields.filter(|field| field != "message" && !field.starts_with("otel."));
        let row = (metadata.level().as_str().to_lowercase(), fields.collect());
        let kind = if metadata.is_span() { "span" } else { "event" };
        let mut seen = self.rows.lock().unwrap();
        seen.insert(format!("{kind} {}", metadata.name()), row);
    }
}

impl Subscriber for Seen {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("lro")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.note(span.metadata());
        span.record(&mut &self.unsigned);
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        self.note(event.metadata());
        event.record(&mut &self.unsigned);
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut &self.unsigned);
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// One wait whose token is refused and renewed, which fails once, pauses, and ends; and one that has no token.
async fn everything() {
    let server = Server::start([
        Reply::json(401, "{}"),
        Reply::json(503, "{}"),
        Reply::json(200, r#"{"status": "new"}"#),
        Reply::json(200, r#"{"status": "done"}"#),
    ])
    .await;
    let preset =
        || Preset::from_toml("mine", "title = 'Mine'\nstate = 'status'\nsuccess = ['done']").unwrap();
    let with = |command: &str| {
        let client = asking(&server, |http| http.token(Token::command(command)));
        Operation::new(client, "/o", preset()).unwrap()
    };
    lro::wait_for_completion(with("echo $$")).schedule(every(10)).await.unwrap();
    let limit = Duration::from_millis(100);
    lro::wait_for_completion(with("exit 1")).timeout(limit).await.unwrap_err();
}

/// What is told of it.
async fn told() -> Seen {
    let seen = Seen::default();
    let listening = tracing::subscriber::set_default(seen.clone());
    // What another test comes to for the first time at this moment may be kept as what nobody listens to: so all of it
    // has been come to before that is looked up anew.
    everything().await;
    tracing::callsite::rebuild_interest_cache();
    everything().await;
    drop(listening);
    seen
}

#[tokio::test]
async fn the_library_tells_what_stands_in_the_table_and_nothing_else() {
    let named = |kind: &'static str, rows: BTreeMap<String, Row>| {
        rows.into_iter().map(move |(name, row)| (format!("{kind} {name}"), row))
    };
    let documented: BTreeMap<String, Row> =
        named("span", rows("| span", 0)).chain(named("event", rows("| event", 0))).collect();
    assert!(documented.len() > 10, "{documented:?}");
    let seen = told().await;
    assert_eq!(*seen.rows.lock().unwrap(), documented);
    assert_eq!(*seen.unsigned.0.lock().unwrap(), BTreeSet::new());
}

#[test]
fn the_documentation_of_the_crate_names_each() {
    let text = include_str!("../../../src/lib.rs");
    for (name, _) in rows("| span", 0).into_iter().chain(rows("| event", 0)) {
        assert!(text.contains(&format!("`{name}`")), "src/lib.rs says nothing of `{name}`");
    }
}
