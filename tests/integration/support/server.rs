//! A server on loopback that answers from a script and remembers what it was asked.
//! It knows as much of HTTP as it takes to misbehave: it frames requests, and sends whatever bytes it is told to.

mod reply;

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

pub(crate) use reply::{Reply, Then};

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
    /// The same as it came, where it is no text.
    pub(crate) bytes: Vec<u8>,
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
pub(crate) struct Script(Arc<watch::Sender<(Choose, Vec<Hit>)>>);

/// What a request is answered with.
type Choose = Box<dyn FnMut(&Hit) -> Reply + Send + Sync>;

impl Script {
    /// Answers with these, one after another. The last is for ever.
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut left: VecDeque<Reply> = replies.into_iter().collect();
        Self::by(move |_, _| {
            let last = left.front().cloned().expect("a script has replies");
            if left.len() > 1 { left.pop_front().unwrap_or(last) } else { last }
        })
    }

    /// Answers each request as this says. It is also told how often the path has been asked for, from 1.
    pub(crate) fn by(mut reply: impl FnMut(&Hit, usize) -> Reply + Send + Sync + 'static) -> Self {
        let mut counts = HashMap::<String, usize>::new();
        let choose = move |hit: &Hit| {
            let count = counts.entry(hit.path().to_owned()).or_default();
            *count += 1;
            reply(hit, *count)
        };
        Self(Arc::new(watch::Sender::new((Box::new(choose), Vec::new()))))
    }

    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.0.borrow().1.clone()
    }

    fn reply_to(&self, hit: Hit) -> Reply {
        let mut reply = None;
        self.0.send_modify(|(choose, hits)| {
            reply = Some(choose(&hit));
            hits.push(hit);
        });
        reply.expect("it was chosen")
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
            let mut hit =
                Hit { connection, at: Instant::now(), line, headers, body: String::new(), bytes: Vec::new() };
            let announced = hit.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
            let mut body = vec![0; announced];
            if stream.read_exact(&mut body).await.is_err() {
                return false;
            }
            hit.body = String::from_utf8_lossy(&body).into_owned();
            hit.bytes = body;
            let reply = self.reply_to(hit);
            if let Some(is_broken_off) = give(stream, &reply).await {
                return is_broken_off;
            }
        }
        false
    }
}

/// Sends this, and does what comes then: whether the connection is to be broken off, or `None` when it goes on.
pub(crate) async fn give(stream: &mut (impl AsyncWrite + Unpin), reply: &Reply) -> Option<bool> {
    // Whoever does not read on has had enough; that is the end of the connection, and no fault of the test.
    if send(stream, reply).await.is_err() {
        return Some(false);
    }
    match reply.then {
        Then::Keep | Then::Drip(_) => None,
        Then::Close | Then::Endless(_) => Some(false),
        Then::Reset => Some(true),
        Then::Hang => std::future::pending().await,
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
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    pub(crate) async fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        Self::start_with(Script::new(replies)).await
    }

    /// A server that answers each request as this says; see [`Script::by`].
    pub(crate) async fn start_by(reply: impl FnMut(&Hit, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self::start_with(Script::by(reply)).await
    }

    async fn start_with(script: Script) -> Self {
        Self::start_over(script, converse).await
    }

    /// A server whose answers name its own URL.
    pub(crate) async fn start_naming(replies: impl FnOnce(&str) -> Vec<Reply>) -> Self {
        let (listener, address) = listen().await;
        let script = Script::new(replies(&format!("http://{address}")));
        Self::serve(listener, address, script, converse)
    }

    /// A server that knows its own URL, and answers each request as this says; see [`Script::by`].
    #[cfg(all(unix, feature = "cli", feature = "simulator"))]
    pub(crate) async fn start_naming_by<R>(reply: impl FnOnce(&str) -> R) -> Self
    where
        R: FnMut(&Hit, usize) -> Reply + Send + Sync + 'static,
    {
        let (listener, address) = listen().await;
        let script = Script::by(reply(&format!("http://{address}")));
        Self::serve(listener, address, script, converse)
    }

    /// A server that speaks something of its own below the script.
    pub(crate) async fn start_over<F>(
        script: Script,
        converse: impl Fn(Script, TcpStream, usize) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (listener, address) = listen().await;
        Self::serve(listener, address, script, converse)
    }

    fn serve<F>(
        listener: TcpListener,
        address: SocketAddr,
        script: Script,
        converse: impl Fn(Script, TcpStream, usize) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let shared = script.clone();
        let connections = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            // Owned by this task, so that connections end with it.
            let mut conversations = JoinSet::new();
            for connection in 1.. {
                let (stream, _) = listener.accept().await.expect("a connection");
                count.store(connection, Ordering::Relaxed);
                conversations.spawn(converse(shared.clone(), stream, connection));
            }
        });
        Self { address, script, connections, task }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections there were so far, whatever became of them.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// What was asked so far.
    pub(crate) fn hits(&self) -> Vec<Hit> {
        self.script.hits()
    }

    /// Waits until what was asked is as wanted.
    #[cfg(all(unix, feature = "cli", feature = "simulator"))]
    pub(crate) async fn until(&self, wanted: impl Fn(&[Hit]) -> bool) {
        let mut changes = self.script.0.subscribe();
        changes.wait_for(|(_, hits)| wanted(hits)).await.expect("the server keeps its script");
    }

    /// The paths that were asked for so far.
    pub(crate) fn paths(&self) -> Vec<String> {
        self.hits().iter().map(|hit| hit.path().to_owned()).collect()
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// Follows the script on a connection.
pub(crate) async fn converse(script: Script, stream: TcpStream, connection: usize) {
    let mut stream = BufStream::new(stream);
    if script.follow(&mut stream, connection).await {
        // What is left to send is thrown away, so that closing is a reset.
        stream.get_ref().set_zero_linger().expect("a socket");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
