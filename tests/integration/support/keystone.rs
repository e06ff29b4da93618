//! The real Keystone that tests/servers/keystone/run starts: what its admin does there, and what it was asked.
//! What the command makes of it is not known here.

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};

use super::real::{answered, client, document, variable};

/// One of the two that run.
#[derive(Debug, Clone)]
pub(crate) struct Keystone {
    address: String,
    http: Client,
}

/// A token, and until when it is one: as in `2026-11-23T13:56:36.000000Z`.
pub(crate) struct Login {
    pub(crate) token: String,
    pub(crate) expires_at: String,
}

impl Keystone {
    /// The one whose tokens live for an hour.
    pub(crate) fn long() -> Self {
        Self::at(&variable("keystone", "LRO_TEST_KEYSTONE"))
    }

    /// The one whose tokens live for 15 seconds.
    pub(crate) fn short() -> Self {
        Self::at(&variable("keystone", "LRO_TEST_KEYSTONE_SHORT"))
    }

    fn at(address: &str) -> Self {
        Self { address: address.to_owned(), http: client() }
    }

    /// Where it answers, with a prefix of the caller's own: another name for the same API.
    pub(crate) fn url(&self, prefix: &str) -> String {
        format!("{}/{prefix}", self.address)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/v3/{path}", self.address))
    }

    /// Logs in.
    pub(crate) async fn login(&self, auth: Value) -> Login {
        let request = self.request(Method::POST, "auth/tokens").body(json!({ "auth": auth }).to_string());
        let answer = answered(request.header("Content-Type", "application/json")).await;
        let token = answer.headers()["X-Subject-Token"].to_str().expect("a token is text").to_owned();
        let expires_at = document(answer).await["token"]["expires_at"].as_str().map(str::to_owned);
        Login { token, expires_at: expires_at.expect("a token expires") }
    }

    /// A token that may do everything.
    pub(crate) async fn admin(&self) -> String {
        let domain = json!({"name": "Default"});
        let password = variable("keystone", "LRO_TEST_KEYSTONE_PASSWORD");
        let user = json!({"name": "admin", "domain": domain, "password": password});
        let auth = json!({
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"name": "admin", "domain": domain}},
        });
        self.login(auth).await.token
    }

    /// Creates one of what is at this path, and returns it: `user` at `users`.
    pub(crate) async fn create(&self, token: &str, path: &str, kind: &str, properties: Value) -> Value {
        let request = self.request(Method::POST, path).body(json!({ kind: properties }).to_string());
        let request = request.header("Content-Type", "application/json").header("X-Auth-Token", token);
        document(answered(request).await).await[kind].take()
    }

    /// Gives a user a role in a project, all by id but the role.
    pub(crate) async fn assign(&self, token: &str, role: &str, user: &str, project: &str) {
        let roles = self.request(Method::GET, &format!("roles?name={role}")).header("X-Auth-Token", token);
        let roles = document(answered(roles).await).await;
        let role = id(&roles["roles"][0]);
        let path = format!("projects/{project}/users/{user}/roles/{role}");
        answered(self.request(Method::PUT, &path).header("X-Auth-Token", token)).await;
    }

    /// Ends the life of a token.
    pub(crate) async fn revoke(&self, token: &str) {
        let request = self.request(Method::DELETE, "auth/tokens");
        let request = request.header("X-Auth-Token", self.admin().await).header("X-Subject-Token", token);
        answered(request).await;
    }

    /// What it answers to somebody who asks with this token what the token is worth: 200 while it is valid.
    pub(crate) async fn validate(&self, token: &str) -> Response {
        let request = self.request(Method::GET, "auth/tokens");
        let request = request.header("X-Auth-Token", token).header("X-Subject-Token", token);
        request.send().await.expect("Keystone answers")
    }
}

/// How many requests of this method were sent so far to this path.
pub(crate) fn requests(method: &str, path: &str) -> usize {
    let log = std::fs::read_to_string(variable("keystone", "LRO_TEST_KEYSTONE_REQUESTS")).expect("a log");
    let line = format!("{method} {path}");
    log.lines().filter(|asked| *asked == line).count()
}

/// The id of something that was created.
pub(crate) fn id(created: &Value) -> String {
    created["id"].as_str().expect("what is created has an id").to_owned()
}
