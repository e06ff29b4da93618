//! The same over TLS and HTTP/2: a handshake that fails, and a server that says farewell to a request it has read.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use lro::http::{Call, Client, HttpError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::server::TlsStream;

use super::{at, may_have_arrived};
use crate::support::server::{Reply, Script, Server, Then};
use crate::support::tls::{Authority, config, start, start_over};

const HERE: &str = "127.0.0.1";

fn https(server: &Server) -> String {
    server.url().replace("http://", "https://")
}

fn trusting(server: &Server, authority: &Authority) -> Client {
    at(&https(server), |http| http.ca_certificates(authority.pem()))
}

#[tokio::test]
async fn before_a_handshake_is_done_nothing_has_arrived() {
    let [ours, theirs] = ["ours", "theirs"].map(Authority::new);
    let server =
        start(config(&theirs.issue(HERE, |_| {}), None), Script::new([Reply::json(200, "{}")])).await;
    let (arrived, text) = may_have_arrived(&trusting(&server, &ours)).await;
    assert!(!arrived && text.starts_with("no trusted connection"), "{text}");
    for then in [Then::Close, Then::Reset] {
        let server = Server::start([Reply::nothing(then)]).await;
        let (arrived, text) = may_have_arrived(&trusting(&server, &ours)).await;
        assert!(!arrived && text.starts_with("could not connect"), "{text}");
    }
}

#[tokio::test]
async fn a_certificate_that_is_missed_after_the_handshake_leaves_it_open() {
    let authority = Authority::new("ours");
    let config = config(&authority.issue(HERE, |_| {}), Some(&authority));
    let server = start(config, Script::new([Reply::json(200, "{}")])).await;
    let error = trusting(&server, &authority).send(&super::post()).await.unwrap_err();
    let error = crate::support::http_error(&error);
    assert!(matches!(error, HttpError::Certificate { .. }), "{error}");
    // In TLS 1.3 the client is done before the server is, and may have sent its request.
    assert!(error.may_have_arrived());
}

/// How a server ends what it has read in HTTP/2.
#[derive(Debug, Clone, Copy)]
enum Farewell {
    /// Says that the request was not carried out.
    Refused,
    /// Says that no other request will be, and closes before it has answered this one.
    GoAway,
}

#[tokio::test]
async fn what_was_read_in_http_2_is_not_sent_again_whatever_the_server_says_of_it() {
    for farewell in [Farewell::Refused, Farewell::GoAway] {
        let authority = Authority::new("ours");
        let mut config = config(&authority.issue(HERE, |_| {}), None);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let read = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&read);
        let server = start_over(config, Script::new([]), move |_, stream, _| {
            let counted = Arc::clone(&counted);
            async move {
                let mut connection = h2::server::handshake(stream).await.expect("HTTP/2");
                while let Some(Ok((request, mut respond))) = connection.accept().await {
                    let mut body = request.into_body();
                    // The connection moves only while it is asked for more.
                    let data = tokio::select! {
                        data = body.data() => data,
                        _ = connection.accept() => panic!("one request a connection"),
                    };
                    assert_eq!(data.expect("a body").expect("a body"), "{}");
                    counted.fetch_add(1, Ordering::Relaxed);
                    match farewell {
                        Farewell::Refused => respond.send_reset(h2::Reason::REFUSED_STREAM),
                        Farewell::GoAway => connection.abrupt_shutdown(h2::Reason::NO_ERROR),
                    }
                }
            }
        })
        .await;
        let (arrived, text) = may_have_arrived(&trusting(&server, &authority)).await;
        assert!(arrived, "{farewell:?}: {text}");
        assert_eq!(read.load(Ordering::Relaxed), 1, "{farewell:?}");
    }
}

/// Reads up to the first request, then says that none was taken up and that there is no more to come.
async fn say_goodbye_to_all(mut stream: TlsStream<TcpStream>) -> std::io::Result<()> {
    const SETTINGS: &[u8] = b"\0\0\0\x04\0\0\0\0\0";
    const GOAWAY: &[u8] = b"\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\0";
    const HEADERS: u8 = 1;
    stream.read_exact(&mut [0; b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()]).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        stream.read_exact(&mut vec![0; length as usize]).await?;
        if head[3] == HEADERS {
            break;
        }
    }
    stream.write_all(&[SETTINGS, GOAWAY].concat()).await?;
    stream.flush().await?;
    stream.read_to_end(&mut Vec::new()).await.map(drop)
}

#[tokio::test]
async fn what_a_connection_ended_before_is_sent_once_more_over_the_next_where_that_does_no_harm() {
    for (method, times) in [("GET", 2), ("PUT", 2), ("DELETE", 2), ("POST", 1), ("PATCH", 1)] {
        let authority = Authority::new("ours");
        let mut config = config(&authority.issue(HERE, |_| {}), None);
        config.alpn_protocols = vec![b"h2".to_vec()];
        let server = start_over(config, Script::new([]), |_, stream, _| async {
            // The client may be gone before it has all.
            let _ = say_goodbye_to_all(stream).await;
        })
        .await;
        let call = Call::new("/x").method(method).expect("a method");
        let error = trusting(&server, &authority).send(&call).await.unwrap_err();
        let error = crate::support::http_error(&error);
        assert!(error.to_string().ends_with("the server ended the connection before it answered"), "{error}");
        assert!(error.may_have_arrived(), "{method}");
        assert_eq!(server.connections(), times, "{method}");
    }
}
