//! What the tests share that ask a real server: how it is found, and how it is asked.
//! Which server it is is not known here.

use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;

use super::command::PATIENCE;

/// What the `run` of this server in tests/servers says in its environment.
pub(crate) fn variable(server: &str, name: &str) -> String {
    let value = std::env::var(name);
    value.unwrap_or_else(|_| panic!("{name} is not set: start the tests with tests/servers/{server}/run"))
}

pub(crate) fn client() -> Client {
    // The library does the same: a client cannot be made without, also when it never speaks TLS.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    // No connection is kept: the server may end it just when it is wanted again.
    let client = Client::builder().no_proxy().timeout(PATIENCE).pool_max_idle_per_host(0);
    client.build().expect("a client")
}

/// The answer to a request that has to be granted.
pub(crate) async fn answered(request: RequestBuilder) -> Response {
    let answer = request.send().await.expect("the server answers");
    if answer.status().is_success() {
        return answer;
    }
    let (status, url) = (answer.status(), answer.url().clone());
    panic!("{status} from {url}: {}", answer.text().await.unwrap_or_default())
}

pub(crate) async fn document(answer: Response) -> Value {
    let body = answer.bytes().await.expect("a body");
    serde_json::from_slice(&body).expect("the server speaks JSON")
}
