//! An API that asks the real Keystone about each token that it is shown, as the services of a cloud do.
//! It serves one operation, which is pending for so many polls and then succeeded.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::command::within;
use super::keystone::Keystone;
use super::{PATH, PENDING, SUCCESS};

/// What most services of a cloud say in Keystone's name.
const REFUSED: &str = r#"{"error":{"code":401,"title":"Unauthorized","message":"The request you have made requires authentication."}}"#;

/// A request for the operation.
#[derive(Debug, Clone)]
pub(crate) struct Poll {
    /// Empty when there was none.
    pub(crate) token: String,
    pub(crate) admitted: bool,
}

/// Where the API lists connectors: whoever may ask for an operation may ask for them.
const LIST: &str = "/v1.0/plasconnector/connectors";

/// The running API. It stops when it is dropped.
pub(crate) struct Guard {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    keystone: Keystone,
    pending: usize,
    polls: watch::Sender<Vec<Poll>>,
}

impl Guard {
    /// Admits whom this Keystone knows, and says `pending` to so many of those polls.
    pub(crate) async fn start(keystone: &Keystone, pending: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared =
            Arc::new(Shared { keystone: keystone.clone(), pending, polls: watch::Sender::default() });
        let routes = Router::new()
            .route(PATH, get(operation))
            .route(LIST, get(operation))
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move { axum::serve(listener, routes).await.expect("a server") });
        Self { address, shared, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    pub(crate) fn polls(&self) -> Vec<Poll> {
        self.shared.polls.borrow().clone()
    }

    /// Each token that was shown so far, once, in the order in which they came.
    pub(crate) fn tokens(&self) -> Vec<String> {
        let mut tokens = Vec::new();
        for poll in self.polls() {
            if !tokens.contains(&poll.token) {
                tokens.push(poll.token);
            }
        }
        tokens
    }

    /// How many polls were answered with 401 so far.
    pub(crate) fn refusals(&self) -> usize {
        self.polls().iter().filter(|poll| !poll.admitted).count()
    }

    /// Waits for the first poll, and returns its token.
    pub(crate) async fn first_token(&self) -> String {
        let mut polls = self.shared.polls.subscribe();
        let polls = within(polls.wait_for(|polls| !polls.is_empty())).await.expect("a guard on duty");
        polls[0].token.clone()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn operation(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let token = headers.get("X-Auth-Token").and_then(|token| token.to_str().ok()).unwrap_or_default();
    let admitted = match shared.keystone.validate(token).await.status().as_u16() {
        200 => true,
        // It is 404 for a token that ends while Keystone looks at it.
        401 | 404 => false,
        status => panic!("Keystone has no answer: {status}"),
    };
    let mut before = 0;
    shared.polls.send_modify(|polls| {
        before = polls.iter().filter(|poll| poll.admitted).count();
        polls.push(Poll { token: token.to_owned(), admitted });
    });
    let json = (header::CONTENT_TYPE, "application/json".to_owned());
    if admitted {
        let body = if before < shared.pending { PENDING } else { SUCCESS };
        return ([json], body).into_response();
    }
    let keystone = format!("Keystone uri=\"{}\"", shared.keystone.url("v3"));
    (StatusCode::UNAUTHORIZED, [json, (header::WWW_AUTHENTICATE, keystone)], REFUSED).into_response()
}
