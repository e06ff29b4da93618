//! Tests of clouds: who asks, where, and what is told of it.
//! Nothing is asked.

mod files;
mod places;
mod precedence;
mod words;

use super::{Cloud, CloudError, Surroundings};

/// Surroundings with these variables and files. The home is `/home/me`, the current directory `/here`.
fn around(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Surroundings {
    let none = Surroundings::default().directory("/here").home("/home/me");
    let with_variables = variables.iter().fold(none, |around, (name, value)| around.variable(*name, *value));
    files.iter().fold(with_variables, |around, (path, text)| around.file(*path, *text))
}

/// What is found with these, with no name given.
fn found(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Result<Cloud, CloudError> {
    Cloud::find(None, &around(variables, files))
}

/// What is found: the cloud, how and who asks, where; or the error.
fn told(cloud: &Result<Cloud, CloudError>) -> String {
    let cloud = match cloud {
        Err(error) => return format!("error: {error}"),
        Ok(cloud) => cloud,
    };
    let name = cloud.name().unwrap_or("-");
    let implied = if cloud.is_implied() { " (implied)" } else { "" };
    let credentials = cloud.credentials();
    let who = match &credentials {
        Some(credentials) => format!("{}: {credentials}", credentials.method()),
        None => "nobody".to_owned(),
    };
    format!("{name}{implied}; {who}; {}", place(cloud, "plas"))
}

/// Where the service of this type is.
fn place(cloud: &Cloud, service: &str) -> String {
    let in_catalog = cloud.place(service).is_some_and(|place| place.endpoint().is_none());
    let catalog =
        if in_catalog { format!("{}, or else ", cloud.place.service(service)) } else { String::new() };
    let endpoint = cloud.endpoint(service).map_or("nowhere".to_owned(), |said| said.value.to_string());
    format!("{catalog}{endpoint}")
}

/// All that is ever told of it.
fn shown(cloud: &Result<Cloud, CloudError>) -> String {
    match cloud {
        Ok(cloud) => {
            let (facts, credentials) = (cloud.facts("plas"), cloud.credentials());
            format!("{cloud:?} {facts:?} {credentials:?} {:?} {}", cloud.notes(), cloud.looked())
        }
        Err(error) => format!("{error} {error:?} {:?} {:?}", error.hint(), std::error::Error::source(error)),
    }
}
