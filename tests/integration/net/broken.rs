//! What is behind an nginx dies and comes back, or the nginx itself does.
//! Faults of every kind are proved beside a scripted server.

use std::time::Duration;

use super::trusting;
use crate::support::command::{ended, within};
use crate::support::nginx::{Nginx, Setup};
use crate::support::server::{Reply, Server, sleep};
use crate::support::{PENDING, SUCCESS};

/// Pending for so long that something can happen meanwhile.
async fn upstream() -> Server {
    Server::start_by(|_, nth| Reply::json(200, if nth <= 15 { PENDING } else { SUCCESS })).await
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_wait_outlives_what_is_behind_a_gateway() {
    let server = upstream().await;
    let mut behind = Nginx::start("behind", &server.url(), Setup::PLAIN).await;
    let gateway = Nginx::start("gateway", &behind.url(), Setup::TLS).await;
    let child = trusting(&gateway.url(), &[]).spawn().expect("the command starts");
    within(server.until(|hits| hits.len() == 3)).await;
    behind.stop().await;
    sleep(Duration::from_millis(1500)).await;
    behind.again().await;
    let ended = ended(child).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("HTTP 502 Bad Gateway: 502 Bad Gateway"), "{}", ended.stderr);
    let logged = gateway.logged().await;
    let lost = logged.iter().filter(|request| request.status == 502).count();
    assert!(lost > 0 && logged.len() == 16 + lost, "{logged:?}");
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_wait_outlives_a_restart_of_its_server() {
    for setup in [Setup::TLS, Setup::HTTP2] {
        let server = upstream().await;
        let mut nginx = Nginx::start("restarted", &server.url(), setup).await;
        let child = trusting(&nginx.url(), &[]).spawn().expect("the command starts");
        within(server.until(|hits| hits.len() == 3)).await;
        nginx.reload().await;
        within(server.until(|hits| hits.len() == 6)).await;
        nginx.stop().await;
        sleep(Duration::from_millis(500)).await;
        nginx.again().await;
        let ended = ended(child).await;
        assert_eq!(ended.code, Some(0), "{}", ended.stderr);
        let away = format!("could not connect to {}: Connection refused", nginx.url());
        assert!(ended.stderr.contains(&away), "{}", ended.stderr);
    }
}
