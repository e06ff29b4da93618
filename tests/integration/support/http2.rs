//! A server behind TLS that speaks HTTP/2 alone, and counts its connections and what is asked on each.
//! What a request is answered with is for each test to say.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use h2::Reason;
use h2::server::{Builder, Connection, SendResponse};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_rustls::server::TlsStream;

use super::server::{Script, Server, sleep};
use super::tls::{Authority, config, start_late};

type Body = std::io::Cursor<&'static [u8]>;

/// One request: for which path, how often that was asked for, and where.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// From 1, on all connections.
    pub(crate) nth: usize,
    /// From 1.
    pub(crate) connection: usize,
}

/// What becomes of a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Turn {
    /// 200 with this body.
    Answer(&'static str),
    /// Nothing is answered to this one.
    Silence,
    /// The stream is reset.
    Reset(Reason),
    /// The server says goodbye: what it has not taken up by now it will not, and what it has is lost.
    Goodbye,
    /// The same, but what it has taken up is answered.
    LastCall(&'static str),
    /// Nothing is read from this connection any more, and nothing said.
    Deaf,
}

#[derive(Default)]
struct Seen {
    asked: Vec<Asked>,
    in_flight: usize,
    most_in_flight: usize,
}

pub(crate) struct Http2 {
    server: Server,
    authority: Authority,
    seen: Arc<Mutex<Seen>>,
}

impl Http2 {
    /// A server that answers each request like this after so long, and takes so many at a time on one connection.
    pub(crate) async fn start(
        latency: Duration,
        streams: u32,
        turn: impl Fn(&Asked) -> Turn + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::start_late(|_| Duration::ZERO, latency, streams, turn).await
    }

    /// The same, that lets so much time pass before it shakes hands on the first connection, the second, and so on.
    pub(crate) async fn start_late(
        hesitation: impl Fn(usize) -> Duration + Clone + Send + Sync + 'static,
        latency: Duration,
        streams: u32,
        turn: impl Fn(&Asked) -> Turn + Clone + Send + Sync + 'static,
    ) -> Self {
        let authority = Authority::new("ours");
        let mut config = config(&authority.issue("127.0.0.1", |_| {}), None);
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        let seen = Arc::<Mutex<Seen>>::default();
        let shared = Arc::clone(&seen);
        let server = start_late(hesitation, config, Script::new([]), move |_, stream, number| {
            let (seen, turn) = (Arc::clone(&shared), turn.clone());
            async move {
                let mut builder = Builder::new();
                let builder = builder.max_concurrent_streams(streams);
                // Whoever made one connection too many may end it before anything was said.
                let Ok(connection) = builder.handshake(stream).await else { return };
                converse(connection, number, latency, &seen, turn).await;
            }
        })
        .await;
        Self { server, authority, seen }
    }

    pub(crate) fn url(&self) -> String {
        self.server.url().replace("http://", "https://")
    }

    /// The authority that its certificate is of.
    pub(crate) fn authority(&self) -> String {
        self.authority.pem()
    }

    /// How many connections were begun, whatever became of them.
    pub(crate) fn connections(&self) -> usize {
        self.server.connections()
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        locked(&self.seen).asked.clone()
    }

    /// How many requests were unanswered at once.
    pub(crate) fn most_in_flight(&self) -> usize {
        locked(&self.seen).most_in_flight
    }
}

async fn converse(
    mut connection: Connection<TlsStream<TcpStream>, Body>,
    number: usize,
    latency: Duration,
    seen: &Arc<Mutex<Seen>>,
    turn: impl Fn(&Asked) -> Turn,
) {
    // They end with the connection.
    let mut answers = JoinSet::new();
    let mut unanswered = Vec::new();
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let path = request.uri().path().to_owned();
        let nth = locked(seen).asked.iter().filter(|asked| asked.path == path).count() + 1;
        let asked = Asked { path, nth, connection: number };
        let turn = turn(&asked);
        locked(seen).asked.push(asked);
        match turn {
            Turn::Answer(body) => drop(answers.spawn(answer(respond, body, latency, Arc::clone(seen)))),
            Turn::LastCall(body) => {
                answers.spawn(answer(respond, body, latency, Arc::clone(seen)));
                connection.graceful_shutdown();
            }
            Turn::Silence => unanswered.push(respond),
            Turn::Reset(reason) => respond.send_reset(reason),
            Turn::Goodbye => {
                connection.abrupt_shutdown(Reason::NO_ERROR);
                let _ = poll_fn(|cx| connection.poll_closed(cx)).await;
                return;
            }
            Turn::Deaf => std::future::pending().await,
        }
    }
}

#[expect(clippy::default_trait_access, reason = "a whole crate for the name of one type is too much")]
async fn answer(
    mut respond: SendResponse<Body>,
    body: &'static str,
    latency: Duration,
    seen: Arc<Mutex<Seen>>,
) {
    {
        let mut seen = locked(&seen);
        seen.in_flight += 1;
        seen.most_in_flight = seen.most_in_flight.max(seen.in_flight);
    }
    sleep(latency).await;
    locked(&seen).in_flight -= 1;
    // Whoever asked may have given up.
    if let Ok(mut stream) = respond.send_response(Default::default(), false) {
        let _ = stream.send_data(std::io::Cursor::new(body.as_bytes()), true);
    }
}

fn locked(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
