//! The command that waits for the same operation again: it is run here by a shell, as it was told.
//! What else an end tells is proved elsewhere.

use super::{Machine, PASSWORD, clouds, keystone};
use crate::support::command::{Ended, run};
use crate::support::server::{Reply, Server};
use crate::support::{PATH, PENDING, SUCCESS};

/// What is told to be typed.
fn told(ended: &Ended) -> &str {
    let (_, told) = ended.stderr.split_once("to wait for it again: ").expect("a command");
    told.strip_suffix('\n').filter(|told| !told.contains('\n')).expect("the last line")
}

#[tokio::test]
async fn how_to_wait_again_is_told_so_that_it_works() {
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    let keystone = keystone("t0ken", &plas.url()).await;
    let machine = Machine::new("asked-again", &[("clouds.yaml", &clouds(&keystone.url()))]);
    let ended = run(&mut machine.lro(&["wait", "c1/o1", "-t", "1s"])).await;
    assert_eq!(ended.code, Some(124));
    assert!(ended.stderr.ends_with("to wait for it again: lro wait c1/o1\n"), "{}", ended.stderr);
    let ended = run(&mut machine.lro(&["wait", "c1/o1", "-t", "1s", "--os-cloud", "dev"])).await;
    let again = format!("to wait for it again: lro wait --os-cloud dev {}{PATH}\n", plas.url());
    assert!(ended.stderr.ends_with(&again), "{}", ended.stderr);
}

#[tokio::test]
async fn what_was_said_of_who_asks_and_how_is_said_again() {
    const KEY: [(&str, &str); 2] = [("OS_ACCESS_KEY", "AK"), ("OS_SECRET_KEY", PASSWORD)];
    let files = [("alice's token", "t0ken"), ("-token", "t0ken")];
    let machine = Machine::new("again-who", &files);
    for (args, variables, header, sent) in [
        (&["--token-file", "alice's token"][..], &[][..], "x-auth-token", "t0ken"),
        (&["--token-file=-token"], &[], "x-auth-token", "t0ken"),
        (&["--signature", "access"], &KEY, "authorization", "SDK-HMAC-SHA256 Access=AK, "),
    ] {
        let proxy = Server::start([Reply::json(200, PENDING), Reply::json(200, SUCCESS)]).await;
        // Nobody listens there, so that an answer can only come from the proxy.
        let wait =
            ["wait", "c1/o1", "--endpoint", "http://127.0.0.1:9", "--proxy", &proxy.url(), "-t", "500ms"];
        let ended = run(machine.lro(&[&wait, args].concat()).envs(variables.to_vec())).await;
        assert_eq!(ended.code, Some(124), "{args:?}\n{}", ended.stderr);
        let again = run(machine.shell(told(&ended)).envs(variables.to_vec())).await;
        assert_eq!(again.code, Some(0), "{}\n{}", told(&ended), again.stderr);
        let hits = proxy.hits();
        assert_eq!(hits.len(), 2, "{}", told(&ended));
        assert!(hits[1].header(header).expect("it is sent").starts_with(sent), "{}", told(&ended));
    }
}

#[cfg(feature = "rustls")]
#[tokio::test]
async fn what_was_said_of_certificates_is_said_again() {
    use crate::support::server::Script;
    use crate::support::tls::{self, Authority};

    let authority = Authority::new("an authority of the test's own");
    let client = authority.issue("client", |_| {});
    let files = [("the ca", &*authority.pem()), ("the cert", &client.certificate), ("the key", &client.key)];
    let machine = Machine::new("again-certificates", &files);
    for trust in [&["--cacert", "the ca"][..], &["--insecure"]] {
        let config = tls::config(&authority.issue("127.0.0.1", |_| {}), Some(&authority));
        let replies = [Reply::json(200, PENDING), Reply::json(200, SUCCESS)];
        let server = tls::start(config, Script::new(replies)).await;
        let url = format!("{}{PATH}", server.url().replace("http://", "https://"));
        let wait = ["wait", &url, "-t", "500ms", "--cert", "the cert", "--key", "the key"];
        let ended = run(&mut machine.lro(&[&wait, trust].concat())).await;
        assert_eq!(ended.code, Some(124), "{trust:?}\n{}", ended.stderr);
        let again = run(&mut machine.shell(told(&ended))).await;
        assert_eq!(again.code, Some(0), "{}\n{}", told(&ended), again.stderr);
        assert_eq!(server.hits().len(), 2);
    }
}

#[tokio::test]
async fn a_command_that_may_hold_a_secret_is_not_told() {
    let plas = Server::start([Reply::json(200, PENDING)]).await;
    let machine = Machine::new("again-untold", &[]);
    let url = format!("{}{PATH}", plas.url());
    let ended = run(&mut machine.lro(&["wait", &url, "-t", "300ms", "--token-command", "echo t0ken"])).await;
    assert_eq!(ended.code, Some(124), "{}", ended.stderr);
    let told = "hint: the operation may still be running; to wait for it again, give the same arguments\n";
    assert!(ended.stderr.ends_with(told) && !ended.stderr.contains("echo"), "{}", ended.stderr);
}
