//! A server on loopback that answers from a script and remembers what it was asked.
//! It knows as much of HTTP as it takes to misbehave: it frames requests, and sends whatever bytes it is told to.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

/// One answer of a script.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// Status line and fields; empty when only `body` is sent.
    head: String,
    body: Vec<u8>,
    then: Then,
}

/// What the server does once an answer is out.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Then {
    /// Waits for the next request.
    Keep,
    /// Ends the connection.
    Close,
    /// Breaks the connection off.
    Reset,
    /// Keeps the connection, and says nothing any more.
    Hang,
    /// Not once it is out: sends the answer byte by byte, with this pause before each.
    Drip(Duration),
    /// Sends this for as long as somebody reads it.
    Endless(&'static str),
}

impl Reply {
    /// An answer with this status, type and body.
    pub(crate) fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let head = format!("HTTP/1.1 {status} Scripted\r\nContent-Type: {content_type}\r\n");
        Self { head, body: body.into(), then: Then::Keep }
    }

    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(status, "application/json", body)
    }

    /// These bytes instead of an answer, and the end of the connection.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { head: String::new(), body: bytes.into(), then: Then::Close }
    }

    /// No answer at all.
    pub(crate) fn nothing(then: Then) -> Self {
        Self::raw("").then(then)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head = format!("{}{name}: {value}\r\n", self.head);
        self
    }

    pub(crate) fn then(mut self, then: Then) -> Self {
        self.then = then;
        self
    }

    /// A length is said unless the script says one, or says that there is none.
    fn bytes(&self) -> Vec<u8> {
        if self.head.is_empty() {
            return self.body.clone();
        }
        let framed = ["\r\nContent-Length:", "\r\nTransfer-Encoding:", "\r\nConnection: close"];
        let length = if framed.iter().any(|field| self.head.contains(field)) {
            String::new()
        } else {
            format!("Content-Length: {}\r\n", self.body.len())
        };
        [self.head.as_bytes(), length.as_bytes(), b"\r\n", &self.body].concat()
    }
}

/// One request as it came.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    /// On which connection, from 1.
    pub(crate) connection: usize,
    pub(crate) at: Instant,
    /// Method, target and version.
    pub(crate) line: String,
    /// Names in lower case, in the order in which they came.
    pub(crate) headers: Vec<(String, String)>,
    /// As much as was announced.
    pub(crate) body: String,
}

impl Hit {
    pub(crate) fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered, and the requests that came.
#[derive(Clone)]
pub(crate) struct Script(Arc<Mutex<(Answers, Vec<Hit>)>>);

type Answering = dyn Fn(&Hit, usize) -> Reply + Send;

enum Answers {
    /// The ones that are left. The last is for ever.
    Listed(VecDeque<Reply>),
    /// Each as this says, which is also told how often the path has been asked for, from 1.
    By(Box<Answering>),
}

impl Script {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self(Arc::new(Mutex::new((Answers::Listed(replies.into_iter().collect()), Vec::new()))))
    }

    /// Answers each request as this says. It is also told how often the path has been asked for, from 1.
    pub(crate) fn by(reply: impl Fn(&Hit, usize) -> Reply + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new((Answers::By(Box::new(reply)), Vec::new()))))
    }

    /// Answers with these too, once the others are out.
    pub(crate) fn add(&self, replies: impl IntoIterator<Item = Reply>) {
        match &mut self.0.lock().unwrap_or_else(PoisonError::into_inner).0 {
            Answers::Listed(left) => left.extend(replies),
            Answers::By(_) => unreachable!("nothing is left of what has no end"),
        }
    }

    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }

    fn reply_to(&self, hit: Hit) -> Reply {
        let (answers, hits) = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let reply = match answers {
            Answers::Listed(left) => {
                let last = left.front().cloned().expect("a script has replies");
                if left.len() > 1 { left.pop_front().unwrap_or(last) } else { last }
            }
            Answers::By(reply) => {
                reply(&hit, 1 + hits.iter().filter(|before| before.path() == hit.path()).count())
            }
        };
        hits.push(hit);
        reply
    }

    /// Follows the script on one connection until it ends; true when it is to be broken off.
    pub(crate) async fn follow(
        &self,
        stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
        connection: usize,
    ) -> bool {
        while let Some(head) = head_of_request(stream).await {
            let mut lines = head.lines();
            let line = lines.next().unwrap_or_default().to_owned();
            let fields = lines.filter_map(|line| line.split_once(": "));
            let headers = fields.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
            let mut hit = Hit { connection, at: Instant::now(), line, headers, body: String::new() };
            let announced = hit.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            let mut body = vec![0; announced];
            if stream.read_exact(&mut body).await.is_err() {
                return false;
            }
            hit.body = String::from_utf8_lossy(&body).into_owned();
            let reply = self.reply_to(hit);
            // Whoever does not read on has had enough; that is the end of the connection, and no fault of the test.
            if send(stream, &reply).await.is_err() {
                return false;
            }
            match reply.then {
                Then::Keep | Then::Drip(_) => {}
                Then::Close | Then::Endless(_) => return false,
                Then::Reset => return true,
                Then::Hang => std::future::pending().await,
            }
        }
        false
    }
}

/// Up to the empty line. The first record of TLS has none; it counts as a request, so that a script can answer it.
async fn head_of_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let byte = stream.read_u8().await.ok()?;
        head.push(byte);
        if head == [22] {
            let mut rest = [0; 4];
            stream.read_exact(&mut rest).await.ok()?;
            let mut hello = vec![0; usize::from(u16::from_be_bytes([rest[2], rest[3]]))];
            stream.read_exact(&mut hello).await.ok()?;
            return Some("TLS".to_owned());
        }
    }
    Some(String::from_utf8_lossy(&head).into_owned())
}

async fn send(stream: &mut (impl AsyncWrite + Unpin), reply: &Reply) -> std::io::Result<()> {
    if let Then::Drip(pause) = reply.then {
        for byte in reply.bytes() {
            sleep(pause).await;
            stream.write_all(&[byte]).await?;
            stream.flush().await?;
        }
        return Ok(());
    }
    stream.write_all(&reply.bytes()).await?;
    stream.flush().await?;
    if let Then::Endless(filler) = reply.then {
        let much = filler.repeat(1000);
        loop {
            stream.write_all(much.as_bytes()).await?;
        }
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a server that is slow on purpose")]
pub(crate) async fn sleep(pause: Duration) {
    tokio::time::sleep(pause).await;
}

/// A server that follows a script. It stops when it is dropped.
pub(crate) struct Server {
    address: SocketAddr,
    script: Script,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::start_with(Script::new(replies)).await
    }

    /// A server that answers each request as this says; see [`Script::by`].
    pub(crate) async fn start_by(reply: impl Fn(&Hit, usize) -> Reply + Send + 'static) -> Self {
        Self::start_with(Script::by(reply)).await
    }

    async fn start_with(script: Script) -> Self {
        Self::start_over(script, |script, mut stream, connection| async move {
            if script.follow(&mut stream, connection).await {
                // What is left to send is thrown away, so that closing is a reset.
                stream.set_zero_linger().expect("a socket");
            }
        })
        .await
    }

    /// A server whose answers name its own URL.
    pub(crate) async fn start_naming(replies: impl FnOnce(&str) -> Vec<Reply>) -> Self {
        let server = Self::start([]).await;
        server.script.add(replies(&server.url()));
        server
    }

    /// A server that speaks something of its own below the script.
    pub(crate) async fn start_over<F>(
        script: Script,
        converse: impl Fn(Script, TcpStream, usize) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = script.clone();
        let task = tokio::spawn(async move {
            // Owned by this task, so that connections end with it.
            let mut connections = JoinSet::new();
            for connection in 1.. {
                let (stream, _) = listener.accept().await.expect("a connection");
                connections.spawn(converse(shared.clone(), stream, connection));
            }
        });
        Self { address, script, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What was asked so far.
    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.script.hits()
    }

    /// The paths that were asked for so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.hits().iter().map(|hit| hit.path().to_owned()).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
