//! A port at which nobody listens for as long as the fault is due.
//! That it is nobody else's meanwhile is seen to by keeping it bound.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::super::when::When;
use crate::support::server::{Script, converse, sleep};

pub(super) async fn start(when: When, mut told: watch::Receiver<bool>) -> (String, JoinSet<()>) {
    let socket = bound("127.0.0.1:0".parse().expect("an address")).await;
    let address = socket.local_addr().expect("an address");
    let script = Script::by(move |_, poll| when.reply(if when.later { poll } else { poll + 1 }));
    let mut task = JoinSet::new();
    task.spawn(async move {
        let mut socket = socket;
        if when.later {
            let listener = listening(socket);
            let (stream, _) = listener.accept().await.expect("a connection");
            drop(listener);
            // Before the answer, after which the next poll may come at any time.
            socket = bound(address).await;
            converse(script.clone(), stream, 1).await;
        }
        if when.forever {
            std::future::pending::<()>().await;
        }
        told.wait_for(|told| *told).await.expect("somebody listens to the command");
        let listener = listening(socket);
        loop {
            let (stream, _) = listener.accept().await.expect("a connection");
            converse(script.clone(), stream, 2).await;
        }
    });
    (format!("http://{address}"), task)
}

/// This port, or any where it is 0, at which nobody listens.
async fn bound(address: SocketAddr) -> TcpSocket {
    loop {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.set_reuseaddr(true).expect("a socket");
        match socket.bind(address) {
            Ok(()) => return socket,
            // A process that another test starts has what was open here, until it becomes another program.
            Err(error) if error.kind() == ErrorKind::AddrInUse => sleep(Duration::from_millis(1)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

fn listening(socket: TcpSocket) -> TcpListener {
    socket.listen(8).expect("a port")
}
