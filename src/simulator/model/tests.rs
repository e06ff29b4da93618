//! What a client of the memory can count on, call by call.
//! No sockets: the moment is a number.

use super::*;
use crate::simulator::state::tests::spec;

const START: Duration = Duration::from_secs(1_517_274_000);
const TAKES: Duration = Duration::from_secs(20);
const DONE: Duration = START.saturating_add(TAKES);

fn model(outcome: Outcome, spread: f64) -> Model {
    let rules = Rules { duration: TAKES, spread, outcome, reason: "no free line".to_owned() };
    Model::new(rules, Rng::with_seed(7))
}

fn wider() -> Change {
    Change { bandwidth: Some(100), ..Change::default() }
}

fn described(text: &str) -> Change {
    Change { description: Some(text.to_owned()), ..Change::default() }
}

#[test]
fn a_connector_is_created_updated_and_deleted() {
    let mut model = model(Outcome::Success, 0.0);
    let id = model.create(spec("demo"), START).unwrap().connector;
    assert_eq!(model.connector(&id, START).unwrap().status, Status::Pending);
    assert_eq!(model.connector(&id, DONE).unwrap().status, Status::Available);

    let started = model.modify(&id, wider(), DONE).unwrap();
    assert_eq!((started.kind, started.at_once), (Kind::Update, false));
    assert_eq!(model.connector(&id, DONE).unwrap().spec.bandwidth, 50);
    let later = DONE + TAKES;
    assert_eq!(model.connector(&id, later).unwrap().spec.bandwidth, 100);

    let deleted = model.delete(&id, later).unwrap();
    assert!(!deleted.at_once);
    let view = model.connector(&id, later).unwrap();
    assert_eq!((view.status, view.spec.bandwidth), (Status::Deleting, 100));
    let gone = later + TAKES;
    assert_eq!(model.connector(&id, gone).unwrap_err(), Refused::NoConnector(id.clone()));
    assert!(model.list("", gone).is_empty());
    let operation = model.operation(&id, &deleted.operation).unwrap();
    assert_eq!(operation.progress(gone), Progress::Succeeded);
}

#[test]
fn a_description_is_changed_at_once_even_where_operations_fail() {
    let mut model = model(Outcome::Success, 0.0);
    let id = model.create(spec("demo"), START).unwrap().connector;
    model.rules.outcome = Outcome::Failed;
    let started = model.modify(&id, described("ours"), DONE).unwrap();
    assert!(started.at_once);
    let operation = model.operation(&id, &started.operation).unwrap();
    assert_eq!(operation.progress(DONE), Progress::Succeeded);
    let view = model.connector(&id, DONE).unwrap();
    assert_eq!(view.spec.description.as_deref(), Some("ours"));
}

#[test]
fn a_busy_connector_refuses_to_be_changed() {
    let mut model = model(Outcome::Success, 0.0);
    let id = model.create(spec("demo"), START).unwrap().connector;
    let pending = Refused::NotAvailable(id.clone(), Status::Pending);
    assert_eq!(model.modify(&id, wider(), START).unwrap_err(), pending);
    assert_eq!(model.delete(&id, START).unwrap_err(), pending);
    assert_eq!(pending.to_string(), format!("connector {id} is Pending, but must be Available"));

    model.modify(&id, wider(), DONE).unwrap();
    let updating = Refused::Updating(id.clone());
    assert_eq!(model.modify(&id, described("x"), DONE).unwrap_err(), updating);
    assert_eq!(model.delete(&id, DONE).unwrap_err(), updating);

    model.delete(&id, DONE + TAKES).unwrap();
    assert_eq!(model.delete(&id, DONE + TAKES).unwrap_err(), Refused::NotAvailable(id, Status::Deleting));
}

#[test]
fn a_failed_connector_cannot_be_modified_but_is_deleted_at_once() {
    let mut model = model(Outcome::Failed, 0.0);
    let id = model.create(spec("demo"), START).unwrap().connector;
    assert_eq!(
        model.modify(&id, wider(), DONE).unwrap_err(),
        Refused::NotAvailable(id.clone(), Status::Failed)
    );
    assert!(model.delete(&id, DONE).unwrap().at_once);
    assert_eq!(model.delete(&id, DONE).unwrap_err(), Refused::NoConnector(id));
}

#[test]
fn a_name_that_starts_with_fail_decides_that_one_operation() {
    let mut model = model(Outcome::Success, 0.0);
    let mut ends = |name: &str| {
        let started = model.create(spec(name), START).unwrap();
        let operation = model.operation(&started.connector, &started.operation);
        operation.unwrap().progress(DONE)
    };
    assert_eq!(ends("fail-demo"), Progress::Failed);
    assert_eq!(ends("failover"), Progress::Succeeded);
    assert_eq!(ends("demo-fail-"), Progress::Succeeded);
}

#[test]
fn an_operation_belongs_to_its_connector() {
    let mut model = model(Outcome::Success, 0.0);
    let one = model.create(spec("one"), START).unwrap();
    let two = model.create(spec("two"), START).unwrap();
    assert_eq!(
        model.operation(&two.connector, &one.operation).unwrap_err().to_string(),
        format!("connector {} has no operation {}", two.connector, one.operation)
    );
}

#[test]
fn connectors_are_listed_by_a_part_of_their_name_oldest_first() {
    let mut model = model(Outcome::Success, 0.0);
    for name in ["b-demo", "other", "a-demo"] {
        model.create(spec(name), START).unwrap();
    }
    let names = |part: &str| -> Vec<String> {
        let found = model.list(part, START);
        found.into_iter().map(|view| view.spec.name).collect()
    };
    assert_eq!(names("demo"), ["b-demo", "a-demo"]);
    assert_eq!(names(""), ["b-demo", "other", "a-demo"]);
}

#[test]
fn a_seed_decides_every_draw_and_durations_stay_within_their_spread() {
    let draw = || {
        let mut model = model(Outcome::Random, 0.25);
        (0..200)
            .map(|_| {
                let started = model.create(spec("demo"), START).unwrap();
                let operation = model.operation(&started.connector, &started.operation);
                let operation = operation.unwrap();
                (started.operation, operation.takes, operation.fails)
            })
            .collect::<Vec<_>>()
    };
    let drawn = draw();
    assert_eq!(drawn, draw());
    let (shortest, longest) = (TAKES.mul_f64(0.75), TAKES.mul_f64(1.25));
    assert!(drawn.iter().all(|(_, takes, _)| (shortest..=longest).contains(takes)), "{drawn:?}");
    assert!(drawn.iter().any(|(_, takes, _)| *takes < TAKES.mul_f64(0.8)));
    assert!(drawn.iter().any(|(_, takes, _)| *takes > TAKES.mul_f64(1.2)));
    let failed = drawn.iter().filter(|(_, _, fails)| *fails).count();
    assert!((60..140).contains(&failed), "{failed} of 200 failed");
}

#[test]
fn a_full_memory_takes_a_connector_again_once_another_is_gone() {
    let mut model = model(Outcome::Success, 0.0);
    for _ in 0..CONNECTORS {
        model.create(spec("demo"), START).unwrap();
    }
    assert_eq!(model.create(spec("demo"), DONE).unwrap_err(), Refused::TooManyConnectors);
    let id = model.list("", DONE)[0].id.clone();
    model.delete(&id, DONE).unwrap();
    assert_eq!(model.create(spec("demo"), DONE).unwrap_err(), Refused::TooManyConnectors);
    model.create(spec("demo"), DONE + TAKES).unwrap();
    assert_eq!(model.connectors.len(), CONNECTORS);
}

#[test]
fn operations_are_bounded_over_the_whole_life() {
    let mut model = model(Outcome::Success, 0.0);
    let id = model.create(spec("demo"), START).unwrap().connector;
    for _ in 1..OPERATIONS {
        model.modify(&id, described("again"), DONE).unwrap();
    }
    for refused in [
        model.modify(&id, described("again"), DONE).unwrap_err(),
        model.delete(&id, DONE).unwrap_err(),
        model.create(spec("demo"), DONE).unwrap_err(),
    ] {
        assert_eq!(refused, Refused::TooManyOperations);
    }
}

#[test]
fn an_id_is_a_random_uuid() {
    let mut rng = Rng::with_seed(1);
    for _ in 0..100 {
        let id = uuid(&mut rng);
        assert_eq!(id.len(), 36, "{id}");
        assert_eq!(id.as_bytes()[14], b'4', "{id}");
        assert!(b"89ab".contains(&id.as_bytes()[19]), "{id}");
    }
    assert_ne!(uuid(&mut rng), uuid(&mut rng));
}
