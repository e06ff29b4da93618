//! The simulator as a client sees it: over a real socket, in bytes written by hand.
//! No HTTP client, which would hide what is tried here: cut connections, short bodies, exact headers.

mod call;
mod fault;
mod life;

use std::io;
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::validate::tests::sample;
use super::{Builder, Simulator};

const CONNECTORS: &str = "/v1.0/plasconnector/connectors";
const JSON: &str = "Content-Type: application/json\r\n";

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {:?}", self.body))
    }

    fn text(&self, pointer: &str) -> String {
        let document = self.json();
        let text = document.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no text at {pointer}: {}", self.body)).to_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// What an error says, in the form `400 PLAS.0400 connector is missing`.
    fn error(&self) -> String {
        format!("{} {} {}", self.status, self.text("/error_code"), self.text("/error_msg"))
    }
}

/// Sends a request on a connection of its own, and reads until the server closes it.
async fn try_ask(simulator: &Simulator, call: &str, headers: &str, body: &[u8]) -> io::Result<Reply> {
    let mut stream = TcpStream::connect(simulator.address()).await?;
    let length = body.len();
    let head = format!(
        "{call} HTTP/1.1\r\nHost: plas\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8(answer).expect("an answer in UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(Reply { status: head[9..12].parse().expect("a status"), head: head.to_owned(), body: body.to_owned() })
}

async fn ask(simulator: &Simulator, call: &str) -> Reply {
    try_ask(simulator, call, "", b"").await.expect("an answer")
}

async fn send(simulator: &Simulator, call: &str, body: &Value) -> Reply {
    let body = body.to_string();
    try_ask(simulator, call, JSON, body.as_bytes()).await.expect("an answer")
}

/// Creates the connector of the sample under this name; the answer and the connector's path.
async fn create(simulator: &Simulator, name: &str) -> (Reply, String) {
    let mut body = sample();
    body["connector"]["name"] = name.into();
    let reply = send(simulator, &format!("POST {CONNECTORS}"), &body).await;
    let location = reply.text("/location");
    let id = location.split('/').nth(4).expect("an id").to_owned();
    (reply, format!("{CONNECTORS}/{id}"))
}

async fn started(builder: Builder) -> Simulator {
    builder.start().await.expect("a simulator")
}

/// How long operations take here, by a clock that moves only when it is told to.
const TAKES: Duration = Duration::from_secs(20);

async fn operations_end() {
    tokio::time::advance(TAKES).await;
}
