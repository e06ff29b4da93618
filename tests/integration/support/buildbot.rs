//! The real Buildbot that tests/servers/buildbot/run starts: what is built there, and what it says of that itself.
//! What the command makes of it is not known here.

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use super::command::within;
use super::real::{answered, client, document, variable};

pub(crate) struct Buildbot {
    /// Its address, with nothing behind the port.
    pub(crate) url: String,
    http: Client,
}

/// Where a build is started.
pub(crate) const FORCE: &str = "/api/v2/forceschedulers/force";

/// What is sent there for a build by this builder.
pub(crate) fn forcing(builder: &str) -> String {
    call("force", &json!({ "builderNames": [builder] }))
}

fn call(method: &str, params: &Value) -> String {
    json!({"id": 1, "jsonrpc": "2.0", "method": method, "params": params}).to_string()
}

impl Buildbot {
    /// The one that runs.
    pub(crate) fn running() -> Self {
        Self { url: variable("buildbot", "LRO_TEST_BUILDBOT"), http: client() }
    }

    /// Has something built, and returns the number of the request.
    pub(crate) async fn force(&self, builder: &str) -> u64 {
        let answer = self.post(FORCE, forcing(builder)).await;
        let requests = answer["result"][1].as_object().expect("a request for each builder");
        let request = requests.values().next().and_then(Value::as_u64);
        request.expect("a number")
    }

    /// The number of the build that this request becomes, once a worker has taken it.
    pub(crate) async fn build_of(&self, request: u64) -> u64 {
        let path = format!("/api/v2/buildrequests/{request}/builds");
        let build = async |builds: Value| builds["builds"][0]["buildid"].as_u64();
        self.until(&path, build).await
    }

    /// What Buildbot says of a build in words, once that has ended.
    pub(crate) async fn last_words(&self, build: u64) -> String {
        let path = format!("/api/v2/builds/{build}");
        let words = async |builds: Value| {
            let build = &builds["builds"][0];
            let words = build["state_string"].as_str().map(str::to_owned);
            words.filter(|_| build["complete"] == true)
        };
        self.until(&path, words).await
    }

    /// Has a build cancelled, and leaves it to Buildbot when it ends.
    pub(crate) async fn stop(&self, build: u64, reason: &str) {
        self.post(&format!("/api/v2/builds/{build}"), call("stop", &json!({ "reason": reason }))).await;
    }

    /// Asks until the answer has what is wanted.
    async fn until<T>(&self, path: &str, wanted: impl AsyncFn(Value) -> Option<T>) -> T {
        within(async {
            loop {
                let answer = answered(self.http.get(format!("{}{path}", self.url))).await;
                if let Some(found) = wanted(document(answer).await).await {
                    return found;
                }
                pause().await;
            }
        })
        .await
    }

    async fn post(&self, path: &str, body: String) -> Value {
        let request = self.http.post(format!("{}{path}", self.url)).body(body);
        document(answered(request.header("Content-Type", "application/json")).await).await
    }
}

#[expect(clippy::disallowed_methods, reason = "a real server takes the time it takes")]
async fn pause() {
    tokio::time::sleep(Duration::from_millis(100)).await;
}
