//! A server of HTTP/2 that answers with frames as they are written down, which no library would send.
//! What they say is not known here.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::server::TlsStream;

use super::super::when::When;
use crate::support::server::{Reply, Script, Server, give};
use crate::support::tls::start_over;

/// What a client says first of all.
const PREFACE: usize = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len();

/// The first frame of a server: nothing is set.
const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;

pub(super) async fn start(mut config: ServerConfig, when: When, fault: Reply) -> Server {
    config.alpn_protocols = vec![b"h2".to_vec()];
    start_over(config, Script::new([]), move |_, stream, connection| {
        let fault = fault.clone();
        async move {
            if when.has_fault(connection) {
                // Whoever has had enough goes.
                let _ = spoil(stream, &fault).await;
            } else {
                answer(stream, when.body(connection)).await;
            }
        }
    })
    .await
}

/// Answers one request with these frames. If the connection is kept then, it is until the request is given up.
async fn spoil(mut stream: TlsStream<TcpStream>, fault: &Reply) -> std::io::Result<()> {
    stream.write_all(&SETTINGS).await?;
    stream.read_exact(&mut [0; PREFACE]).await?;
    until(&mut stream, HEADERS).await?;
    if give(&mut stream, fault).await.is_none() {
        until(&mut stream, RST_STREAM).await?;
    }
    stream.shutdown().await?;
    // What is closed with something unread would take back what was sent.
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await.map(drop)
}

async fn until(stream: &mut TlsStream<TcpStream>, kind: u8) -> std::io::Result<()> {
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u64::from(u32::from_be_bytes([0, head[0], head[1], head[2]]));
        tokio::io::copy(&mut stream.take(length), &mut tokio::io::sink()).await?;
        if head[3] == kind {
            return Ok(());
        }
    }
}

/// Answers one request as it should be, and takes no more on this connection.
#[expect(clippy::default_trait_access, reason = "a whole crate for the name of one type is too much")]
async fn answer(stream: TlsStream<TcpStream>, body: &'static str) {
    let Ok(mut connection) = h2::server::handshake(stream).await else { return };
    let Some(Ok((_, mut respond))) = connection.accept().await else { return };
    // Whoever asked may have given up.
    if let Ok(mut stream) = respond.send_response(Default::default(), false) {
        let _ = stream.send_data(body.as_bytes().into(), true);
    }
    connection.graceful_shutdown();
    while connection.accept().await.is_some() {}
}
