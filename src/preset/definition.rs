//! What a preset file may say, key by key, as it stands there.
//! Whether it makes sense is not decided here.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The content of a preset file. Expressions are `JMESPath` over the JSON body of an answer.
///
/// Start from the [default](Default), which says nothing, or from that of another
/// [preset](super::Preset::definition), and make a preset of it with [`Preset::new`](super::Preset::new).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Definition {
    /// Which API it is, in one line.
    pub title: String,
    /// Where the API says so.
    pub source: Option<String>,

    /// How a token is sent.
    pub auth: Scheme,
    /// The type of the service in a Keystone's catalog, with [`Scheme::Openstack`].
    pub service: Option<String>,
    /// How what is typed becomes a path: `/v1/{project_id}/jobs/{job_id}` takes `PROJECT_ID/JOB_ID`. `{+name}` takes all
    /// that is left, slashes included.
    pub reference: Option<String>,
    /// What the path of every operation looks like, with globs; see [`is_location`](super::Preset::is_location). Default
    /// anything.
    pub location: Vec<String>,
    /// Parts of a path that the API spells in two ways. Where one is not found, the other one is tried.
    pub spellings: Vec<[String; 2]>,

    /// The method of a poll. Default GET.
    pub method: Option<String>,
    /// The body of a poll. Default none.
    pub data: Option<String>,
    /// Headers that the API wants with every request.
    pub headers: BTreeMap<String, String>,

    /// True of every answer of this API; a body of which it is not true is no answer.
    pub expect: Option<String>,
    /// The API's own word for the state: a string, a number or a boolean.
    pub state: Option<String>,
    /// States of success, compared without case; `*` and `?` are globs.
    pub success: Vec<String>,
    /// States of failure.
    pub failure: Vec<String>,
    /// States of an operation that somebody ended.
    pub cancelled: Vec<String>,
    /// States in which a person has to act.
    pub blocked: Vec<String>,
    /// States of an operation that goes on. Without them everything that no other rule covers is pending; with them it
    /// is not understood.
    pub pending: Vec<String>,
    /// Decides about success, instead of the values.
    pub success_when: Option<String>,
    /// Decides about failure, instead of the values.
    pub failure_when: Option<String>,
    /// Decides about cancelled, instead of the values.
    pub cancelled_when: Option<String>,
    /// Decides about blocked, instead of the values.
    pub blocked_when: Option<String>,
    /// Decides about pending, instead of the values.
    pub pending_when: Option<String>,

    /// What the operation does, told beside its state.
    pub kind: Option<String>,
    /// What the API says in words: the first of these that is there.
    pub message: Vec<String>,
    /// How far it is, in percent.
    pub progress: Option<String>,
    /// How long the operation is still expected to take, or when to end: the first of these that is there.
    pub eta: Vec<HintSource>,
    /// How long the server asks to be left alone: the first of these that is there, else `Retry-After`.
    pub hint: Vec<HintSource>,
    /// Where the next poll goes, when a pending answer says so.
    pub next: Vec<Locator>,
    /// How the answer to a starting call names its operation: the first of these that is there.
    pub handle: Vec<Locator>,
    /// Where the result of a success is: the first of these that is there.
    pub result: Vec<Locator>,
    /// Which other preset judges: the first of these that fits the first answer. Beside it there are no rules of its own.
    pub pick: Vec<Pick>,
    /// What a status of HTTP means by itself.
    pub http: Statuses,
}

/// How a token is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Scheme {
    /// As `X-Auth-Token`. An identity at a Keystone and the access key of a cloud are of use too.
    Openstack,
    /// As `Authorization: Bearer`.
    #[default]
    Bearer,
    /// As `Authorization: Basic`, made of `user:password`.
    Basic,
    /// Not at all.
    None,
}

/// Where something is found: in a header or in the body, perhaps to be put into a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Locator {
    /// Only after a starting call with one of these methods.
    pub methods: Vec<String>,
    /// Only if the answer to the starting call had one of these statuses.
    pub status: Vec<u16>,
    /// Only if this is true of the body of the answer to the starting call.
    pub when: Option<String>,
    /// The name of a header.
    pub header: Option<String>,
    /// An expression.
    pub body: Option<String>,
    /// What the value is put into: `{}` is the value as one segment of a path, `{+}` the value with its slashes, `{1}`
    /// the first segment of the path of the starting call, `{path}` that path, `{url}` its whole URL.
    pub template: Option<String>,
    /// The preset that judges what answers there.
    pub preset: Option<String>,
}

/// Where a wish to be left alone is found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct HintSource {
    /// The name of a header.
    pub header: Option<String>,
    /// An expression.
    pub body: Option<String>,
    /// What the value is in.
    pub unit: Unit,
}

/// What a wish to be left alone is told in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub enum Unit {
    /// Seconds from now.
    #[default]
    #[serde(rename = "s")]
    Seconds,
    /// Milliseconds from now.
    #[serde(rename = "ms")]
    Milliseconds,
    /// A point in time: RFC 3339, or seconds of UNIX time.
    #[serde(rename = "time")]
    Time,
}

/// Which preset judges when an answer fits. What is not said fits every answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Pick {
    /// The status is one of these.
    pub status: Vec<u16>,
    /// This is true of the body.
    pub when: Option<String>,
    /// The name of the preset that is built in.
    pub preset: String,
}

/// What a status of HTTP means by itself. Any other of 200 to 299 is judged by its body, and all else is no answer. 401,
/// 403, 407, 408, 425, 429 and 5xx say nothing about an operation, and no list can hold them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Statuses {
    /// The operation goes on: 2xx or 4xx.
    pub pending: Vec<u16>,
    /// Success: 2xx. A body, if there is one, must be JSON, and as the API's answers are
    /// [expected](Definition::expect) to be.
    pub done: Vec<u16>,
    /// Success; the result is at `Location`, if it has one: 2xx or 3xx.
    pub see_other: Vec<u16>,
    /// Success: what was to go away is gone. 4xx.
    pub gone: Vec<u16>,
    /// The operation failed: 2xx or 4xx.
    pub failed: Vec<u16>,
}
