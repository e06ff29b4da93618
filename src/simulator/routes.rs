//! The six calls of the API: which path is which, and what is made of a request.
//! What a call does is in the memory, what it may say in the validation; faults and tokens never come this far.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router, middleware};

use super::answer::Refusal;
use super::document::{ConnectorDocument, Details, List, Location, OperationDocument};
use super::gate;
use super::model::Started;
use super::server::{Shared, lock};
use super::validate;

type Ids<T> = Result<Path<T>, PathRejection>;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1.0/plasconnector/connectors", get(list).post(create))
        .route("/v1.0/plasconnector/connectors/{connector}", get(show).put(modify).delete(delete))
        .route("/v1.0/plasconnector/connectors/{connector}/operations/{operation}", get(operation))
        // The spelling of some samples.
        .route("/v1.0/plasconnector/connector/{connector}/operations/{operation}", get(operation))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), gate::pass))
        .with_state(shared)
}

async fn create(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Refusal> {
    json(&headers)?;
    let spec = validate::create(&body).map_err(Refusal::invalid)?;
    let started = lock(&shared.model).create(spec, shared.clock.now())?;
    Ok(started_as(&started))
}

async fn modify(
    State(shared): State<Arc<Shared>>,
    id: Ids<String>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Refusal> {
    let id = ids(id, &uri)?;
    json(&headers)?;
    let change = validate::modify(&body).map_err(Refusal::invalid)?;
    let started = lock(&shared.model).modify(&id, change, shared.clock.now())?;
    Ok(started_as(&started))
}

async fn delete(State(shared): State<Arc<Shared>>, id: Ids<String>, uri: Uri) -> Result<Response, Refusal> {
    let id = ids(id, &uri)?;
    let started = lock(&shared.model).delete(&id, shared.clock.now())?;
    Ok(started_as(&started))
}

async fn show(
    State(shared): State<Arc<Shared>>,
    id: Ids<String>,
    uri: Uri,
) -> Result<Json<Details>, Refusal> {
    let id = ids(id, &uri)?;
    let model = lock(&shared.model);
    let view = model.connector(&id, shared.clock.now())?;
    Ok(Json(Details { connector: ConnectorDocument::new(view, &model.tenant) }))
}

async fn list(
    State(shared): State<Arc<Shared>>,
    query: Result<Query<HashMap<String, String>>, QueryRejection>,
) -> Result<Json<List>, Refusal> {
    let Query(query) = query.map_err(|rejection| Refusal::invalid(rejection.body_text()))?;
    let page = validate::page(&query).map_err(Refusal::invalid)?;
    let model = lock(&shared.model);
    let found = model.list(&page.name, shared.clock.now());
    Ok(Json(List {
        total_num: found.len(),
        page_size: page.size,
        current_page: page.number,
        data: found
            .into_iter()
            .skip((page.number - 1).saturating_mul(page.size))
            .take(page.size)
            .map(|view| ConnectorDocument::new(view, &model.tenant))
            .collect(),
    }))
}

async fn operation(
    State(shared): State<Arc<Shared>>,
    pair: Ids<(String, String)>,
    uri: Uri,
) -> Result<Json<OperationDocument>, Refusal> {
    let (connector, id) = ids(pair, &uri)?;
    let model = lock(&shared.model);
    let operation = model.operation(&connector, &id)?;
    let now = shared.clock.now();
    Ok(Json(OperationDocument::new(id, &operation, model.reason(), now)))
}

async fn unknown_path(request: Request) -> Refusal {
    Refusal::no_such_path(request.uri().path())
}

async fn wrong_method(method: Method, uri: Uri) -> Refusal {
    Refusal::wrong_method(method.as_str(), uri.path())
}

fn started_as(started: &Started) -> Response {
    let status = if started.at_once { StatusCode::OK } else { StatusCode::ACCEPTED };
    (status, Json(Location::from(started))).into_response()
}

/// The only way for an id to be unreadable is that it is not UTF-8: then nothing has it.
fn ids<T>(ids: Ids<T>, uri: &Uri) -> Result<T, Refusal> {
    ids.map(|Path(ids)| ids).map_err(|_| Refusal::no_such_path(uri.path()))
}

fn json(headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else {
        return Err(Refusal::invalid("Content-Type is missing, but must be application/json"));
    };
    let value = String::from_utf8_lossy(value.as_bytes());
    let kind = value.split(';').next().unwrap_or_default().trim();
    if kind.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Refusal::invalid(format!("Content-Type is {kind:?}, but must be application/json")))
}
