//! What holds of the clouds of a machine, whatever stands in its files and variables.
//! Where the made-up input comes from is not known here.

use std::error::Error;

use serde_json::Value;

use super::{Cloud, CloudError, Surroundings};
use crate::fuzzing::{assert_fit_for_a_person, parts};

/// What stands for each secret of an input. No host has capitals.
const SECRET: &str = "S3CRET";

/// Names of a file, and behind `OS_` of variables, whose values are secrets.
const SECRETS: [&str; 11] = [
    "token",
    "auth_token",
    "password",
    "passcode",
    "application_credential_secret",
    "secret_key",
    "sk",
    "security_token",
    "access_key_secret",
    "st",
    "aksk_security_token",
];

/// `clouds.yaml`, then `secure.yaml`, then `clouds-public.yaml`, then variables, each as `NAME=value` in a line.
pub(crate) fn clouds(input: &[u8]) {
    let input = String::from_utf8_lossy(input);
    let [clouds, secure, public, variables] = parts(&input);
    let variables: Vec<(&str, &str)> = variables.lines().filter_map(|line| line.split_once('=')).collect();
    let files = [("clouds", clouds), ("secure", secure), ("clouds-public", public)];
    let none = Surroundings::default().directory("/here").home("/home/me");
    let around = files
        .iter()
        .filter(|(_, text)| !text.is_empty())
        .fold(none, |around, (name, text)| around.file(format!("/etc/openstack/{name}.yaml"), *text));
    let around = variables.iter().fold(around, |around, (name, value)| around.variable(*name, *value));
    let hides = variables.iter().all(|(name, value)| {
        !speaks_of_it(name) && (!speaks_of_it(value) || name.strip_prefix("OS_").is_some_and(is_secret))
    });
    let hides_all = hides && files.iter().all(|(_, text)| hides_its_secrets(text));
    for name in [None, Some("it")] {
        for found in [Cloud::find(name, &around), Cloud::without_credentials(name, &around)] {
            assert_told(&found, hides_all, hides);
        }
        let [one, other] = [(); 2].map(|()| shown(&Cloud::find(name, &around)));
        assert_eq!(one, other, "the same machine says the same");
    }
}

/// Nothing that is told is a secret, and all of it is fit for a person.
fn assert_told(found: &Result<Cloud, CloudError>, hides_all: bool, hides_variables: bool) {
    let shown = shown(found);
    // Of a file that cannot be read nothing is told but what kind of thing is wrong, and where.
    let is_malformed = matches!(found, Err(CloudError::Malformed { .. }));
    if hides_all || is_malformed && hides_variables {
        assert!(!shown.contains(SECRET), "{shown}");
    }
    match found {
        Ok(cloud) => {
            let lines = cloud.facts("plas").iter().map(ToString::to_string).collect::<Vec<_>>();
            for line in lines.iter().chain(cloud.notes()).chain([&cloud.looked().to_string()]) {
                assert_fit_for_a_person(line, usize::MAX);
            }
        }
        Err(error) => {
            assert_fit_for_a_person(&error.to_string(), usize::MAX);
            assert_fit_for_a_person(&error.hint().unwrap_or_default(), usize::MAX);
        }
    }
}

/// All that is ever told of it.
fn shown(found: &Result<Cloud, CloudError>) -> String {
    match found {
        Ok(cloud) => {
            let (facts, credentials) = (cloud.facts("plas"), cloud.credentials());
            let told = credentials.as_ref().map(ToString::to_string);
            let place = cloud.place("plas").map(|place| place.to_string());
            format!(
                "{cloud:?} {facts:?} {credentials:?} {told:?} {place:?} {:?} {}",
                cloud.notes(),
                cloud.looked()
            )
        }
        Err(error) => format!("{error} {error:?} {:?} {:?}", error.hint(), error.source()),
    }
}

/// Whether a file has the secret only where a secret belongs. It is read here in another way than by what is tested; one
/// that cannot be read in this way may have it anywhere.
fn hides_its_secrets(text: &str) -> bool {
    text.is_empty() || serde_saphyr::from_str(text).is_ok_and(|value: Value| hides_in(&value))
}

fn hides_in(value: &Value) -> bool {
    match value {
        Value::String(text) => !speaks_of_it(text),
        Value::Array(values) => values.iter().all(hides_in),
        Value::Object(fields) => fields.iter().all(|(name, value)| {
            let is_hidden = value.is_string() && is_secret(name);
            !speaks_of_it(name) && (is_hidden || hides_in(value))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether the secret is in a text, or could be in what is made of it: URLs and names are told without some characters.
fn speaks_of_it(text: &str) -> bool {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    letters.collect::<String>().to_ascii_uppercase().contains(SECRET)
}

fn is_secret(name: &str) -> bool {
    SECRETS.contains(&name.replace('-', "_").to_lowercase().as_str())
}
