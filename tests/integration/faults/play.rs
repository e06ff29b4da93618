//! The server of one cell of the matrix: it plays the fault when it is due, and is well otherwise.
//! What comes of that is not known here.

mod frames;
mod refused;

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, BufStream};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

use super::row::Way;
use super::when::When;
use crate::support::http2::Http2;
use crate::support::server::{Reply, Script, Server, converse, give};
use crate::support::tls::{self, Authority, config};

/// Where the server is.
const HERE: &str = "127.0.0.1";

/// A server that plays. It stops when it is dropped.
pub(super) struct Played {
    pub(super) url: String,
    /// Who says that it is itself, if it speaks TLS.
    pub(super) authority: Option<String>,
    _server: Stage,
}

/// What has to live for as long as it plays.
enum Stage {
    Server { _server: Server },
    Http2 { _server: Http2 },
    Refused { _task: JoinSet<()> },
}

impl Played {
    /// Plays this. `told` becomes true when the command has told that there is no connection.
    pub(super) async fn start(way: &Way, when: When, told: watch::Receiver<bool>) -> Self {
        // Where a fault comes before the request, or ends the connection, connections are counted instead of requests.
        let by_connection = Script::by(move |hit, _| when.reply(hit.connection));
        let authority = Authority::new("an authority of the test's own");
        let config = |authority: &Authority| config(&authority.issue(HERE, |_| {}), None);
        let server = match way.clone() {
            Way::Refused => {
                let (url, task) = refused::start(when, told).await;
                return Self { url, authority: None, _server: Stage::Refused { _task: task } };
            }
            Way::Answer(fault) => Server::start_by(move |_, poll| faulty(when, poll, &fault)).await,
            Way::Kept(fault) => {
                let reply = move |_: &_, poll| {
                    if when.has_fault(poll) { fault.clone() } else { when.kept_reply(poll) }
                };
                Server::start_by(reply).await
            }
            Way::Connection(fault) => {
                Server::start_over(by_connection, move |script, stream, connection| {
                    let fault = fault.clone();
                    async move {
                        if when.has_fault(connection) {
                            say(stream, &fault).await;
                        } else {
                            converse(script, stream, connection).await;
                        }
                    }
                })
                .await
            }
            Way::Secret(fault) => {
                let script = Script::by(move |_, poll| faulty(when, poll, &fault));
                tls::start(config(&authority), script).await
            }
            Way::Handshake(fault) => {
                let acceptor = TlsAcceptor::from(Arc::new(config(&authority)));
                Server::start_over(by_connection, move |script, stream, connection| {
                    let (fault, acceptor) = (fault.clone(), acceptor.clone());
                    async move {
                        if when.has_fault(connection) {
                            upon_greeting(stream, &fault).await;
                        } else {
                            behind_tls(&acceptor, script, stream, connection).await;
                        }
                    }
                })
                .await
            }
            Way::Stranger => {
                let strange = Authority::new("an authority that nobody knows");
                let [known, strange] =
                    [&authority, &strange].map(|authority| TlsAcceptor::from(Arc::new(config(authority))));
                Server::start_over(by_connection, move |script, stream, connection| {
                    let acceptor = if when.has_fault(connection) { &strange } else { &known }.clone();
                    async move { behind_tls(&acceptor, script, stream, connection).await }
                })
                .await
            }
            Way::Stream(turn) => {
                let server = Http2::start(Duration::ZERO, 100, move |asked| {
                    if when.has_fault(asked.nth) {
                        turn
                    } else {
                        crate::support::http2::Turn::Answer(when.body(asked.nth))
                    }
                })
                .await;
                let (url, authority) = (server.url(), Some(server.authority()));
                return Self { url, authority, _server: Stage::Http2 { _server: server } };
            }
            Way::Frames(fault) => frames::start(config(&authority), when, fault).await,
        };
        let is_tls = matches!(way, Way::Secret(_) | Way::Handshake(_) | Way::Stranger | Way::Frames(_));
        Self {
            url: if is_tls { server.url().replace("http://", "https://") } else { server.url() },
            authority: is_tls.then(|| authority.pem()),
            _server: Stage::Server { _server: server },
        }
    }
}

fn faulty(when: When, poll: usize, fault: &Reply) -> Reply {
    if when.has_fault(poll) { fault.clone() } else { when.reply(poll) }
}

/// Says this, whatever the other side says.
async fn say(stream: TcpStream, fault: &Reply) {
    let mut stream = BufStream::new(stream);
    if give(&mut stream, fault).await == Some(true) {
        stream.get_ref().set_zero_linger().expect("a socket");
    }
}

/// The same, once the client has greeted.
async fn upon_greeting(mut stream: TcpStream, fault: &Reply) {
    let _ = stream.read(&mut [0; 4096]).await;
    say(stream, fault).await;
}

async fn behind_tls(acceptor: &TlsAcceptor, script: Script, stream: TcpStream, connection: usize) {
    // Whoever does not trust the certificate says so and goes.
    if let Ok(mut stream) = acceptor.accept(stream).await {
        script.follow(&mut stream, connection).await;
    }
}
