//! The command, real proxies, and a real nginx before a server: who is trusted, which way it goes, what it outlives.
//! Whatever a scripted server can prove is proved without them.

mod broken;
mod client;
mod http2;
mod pace;
mod proxy;
mod redirect;
mod socks;
mod trust;
mod version;

use tokio::process::Command;

use crate::support::command::{Ended, lro, run};
use crate::support::nginx::{Nginx, Setup, certificate};
use crate::support::server::{Reply, Server};
use crate::support::{PATH, SUCCESS};

/// An nginx like this, and what it stands before: a server that answers with success.
async fn stage(name: &str, setup: Setup<'_>) -> (Nginx, Server) {
    let server = Server::start([Reply::json(200, SUCCESS)]).await;
    (Nginx::start(name, &server.url(), setup).await, server)
}

/// `lro wait` for the operation at this server, with these arguments too.
fn wait(url: &str, args: &[&str]) -> Command {
    let mut command = lro(&["wait", &format!("{url}{PATH}"), "--schedule", "fixed", "--interval", "100ms"]);
    command.args(args);
    command
}

/// The same, trusting the authority that signs what is shown here.
fn trusting(url: &str, args: &[&str]) -> Command {
    let mut command = wait(url, args);
    command.args(["--cacert", &certificate("ours.pem")]);
    command
}

fn assert_succeeded(ended: &Ended) {
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stdout.starts_with("c1/o1\tsucceeded\t"), "{}", ended.stdout);
    assert!(!ended.stderr.contains("error"), "{}", ended.stderr);
}

/// Ends with this exit code, and says each of these.
async fn assert_ends(command: &mut Command, code: i32, said: &[&str]) -> Ended {
    let ended = run(command).await;
    assert_eq!(ended.code, Some(code), "{said:?}\n{}", ended.stderr);
    for words in said {
        assert!(ended.stderr.contains(words), "{words}\n{}", ended.stderr);
    }
    ended
}
