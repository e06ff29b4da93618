//! What holds of a PLAS document and of a reference to an operation, whatever they say.
//! Where the made-up input comes from is not known here.

use std::sync::LazyLock;

use url::Position;

use super::document::Status;
use super::reference::{Reference, other_spelling};
use crate::fuzzing::assert_fit_for_a_person;
use crate::http::{Endpoint, HttpError};
use crate::operation::Verdict;
use crate::preset::Preset;

/// A document of the PLAS API, as a server answers it.
pub(crate) fn plas_document(input: &[u8]) {
    let status = match Status::from_json(input) {
        Ok(status) => status,
        Err(error) => return assert_fit_for_a_person(&HttpError::from(error).to_string(), 700),
    };
    let raw = status.raw();
    assert_eq!(raw, String::from_utf8_lossy(input).trim_start_matches('\u{feff}'), "it is kept as it came");
    assert_eq!(Status::from_json(raw.as_bytes()).ok().as_ref(), Some(&status), "it says the same each time");
    let is = |word: &str| status.result.as_deref().is_some_and(|result| result.eq_ignore_ascii_case(word));
    for require_result in [false, true] {
        match status.verdict(require_result) {
            Ok(Verdict::Succeeded) => {
                assert!(status.finished == Some(true), "only what is finished has succeeded");
                assert!(is("success") || status.result.is_none() && !require_result);
            }
            Ok(Verdict::Failed) => assert!(is("failed")),
            Ok(Verdict::Pending) => assert!(status.finished == Some(false) && !is("failed")),
            Ok(verdict) => panic!("the API knows no {verdict}"),
            Err(told) => {
                assert!(status.finished == Some(true), "what goes on need not be understood");
                assert_fit_for_a_person(&told, 200);
            }
        }
    }
    if let Some(reason) = &status.reason {
        assert_fit_for_a_person(reason, 501);
    }
    if let Some(kind) = &status.operation_type {
        assert_fit_for_a_person(kind.as_str(), input.len());
    }
    assert!(status.operation_id().is_none_or(|id| id.len() <= input.len()));
    let silent = status.without_texts();
    assert_eq!((silent.raw(), &silent.result, &silent.reason), ("", &None, &None));
    assert_eq!(silent.finished, status.finished);
}

static ENDPOINT: LazyLock<Endpoint> =
    LazyLock::new(|| Endpoint::parse("https://plas.example:8443").expect("an endpoint"));

static PRESETS: LazyLock<Vec<Preset>> =
    LazyLock::new(|| Preset::builtin_names().filter_map(Preset::builtin).collect());

/// A reference, as a person types it or as a server answers it.
pub(crate) fn reference(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    assert_location(&text);
    for preset in PRESETS.iter() {
        assert_typed(preset, &text);
    }
    match Reference::from_accepted(&text) {
        Ok(reference) => assert_reference(&reference),
        Err(error) => assert_fit_for_a_person(&error.to_string(), 2200),
    }
    match text.parse::<Reference>() {
        Ok(reference) => assert_reference(&reference),
        Err(error) => assert_fit_for_a_person(&error.to_string(), 2200),
    }
}

fn assert_reference(reference: &Reference) {
    let shown = reference.to_string();
    assert_fit_for_a_person(&shown, 73);
    let (connector, operation) = (reference.connector_id(), reference.operation_id());
    assert_eq!(shown, format!("{connector}/{operation}"));
    // From its ids it is the same operation again, wherever the location was.
    let again = Reference::from_ids(connector, operation).expect("ids that were checked");
    assert_eq!((again.connector_id(), again.operation_id()), (connector, operation));
    let and_again: Reference = again.location().parse().expect("a location of ours");
    assert_eq!(and_again, again);
    let url = ENDPOINT.resolve(again.location()).expect("a path of ours");
    assert!(url.as_str().starts_with("https://plas.example:8443/v1.0/plasconnector/connectors/"), "{url}");
    assert_eq!(url.path_segments().map(Iterator::count), Some(6), "{url}");
    // What is taken for a path of the API cannot lead elsewhere, and is asked with credentials.
    assert_location(reference.location());
    if reference.is_path_of_the_api() {
        assert!(ENDPOINT.resolve(reference.location()).is_ok(), "{}", reference.location());
    }
    if let Some(other) = other_spelling(reference.location()) {
        assert_location(&other);
        let other: Reference = other.parse().expect("another spelling of a location");
        assert_eq!(other.to_string(), shown);
    }
}

/// A location is on the endpoint, or refused; and its origin is told as it is.
fn assert_location(location: &str) {
    match ENDPOINT.resolve(location) {
        Ok(url) => {
            assert_eq!(
                (url.scheme(), url.host_str(), url.port(), url.username(), url.password()),
                ("https", Some("plas.example"), Some(8443), "", None),
            );
        }
        Err(error) => assert_fit_for_a_person(&error.to_string(), 2200),
    }
    match Endpoint::parse(location) {
        Ok(endpoint) => {
            let again = Endpoint::parse(&endpoint.to_string());
            assert_eq!(again.as_ref(), Ok(&endpoint), "an endpoint is what it is told to be");
        }
        Err(error) => assert_fit_for_a_person(&error.to_string(), 2200),
    }
}

/// What is typed for a preset becomes a path on the endpoint, and that path is typed the same way again.
fn assert_typed(preset: &Preset, text: &str) {
    let Some(path) = preset.path(text) else { return };
    let url = ENDPOINT.resolve(&path).unwrap_or_else(|error| panic!("{}: {error}", preset.name()));
    assert_eq!(&url[Position::BeforePath..], path, "{}: it stays in its place", preset.name());
    assert!(url.fragment().is_none(), "{}: all of it is sent", preset.name());
    if let Some(typed) = preset.typed(&path) {
        assert_eq!(preset.path(&typed).as_ref(), Some(&path), "{}: `{typed}`", preset.name());
    }
}
