//! An nginx that limits how often it is asked, and one that is being maintained.
//! What a `Retry-After` means in general is proved beside a scripted server.

use std::time::Duration;

use super::{assert_succeeded, trusting};
use crate::support::command::{ended, run, within};
use crate::support::nginx::{Nginx, Setup, directory};
use crate::support::server::{Reply, Server, sleep};
use crate::support::{PENDING, SUCCESS};

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_server_that_limits_the_rate_is_left_alone_for_as_long_as_it_says() {
    let server = Server::start([PENDING, PENDING, SUCCESS].map(|body| Reply::json(200, body))).await;
    let setup = Setup {
        http: "limit_req_zone all zone=all:1m rate=30r/m;",
        server: "error_page 429 @later; location @later { add_header Retry-After 2 always; return 429; }",
        location: "limit_req zone=all; limit_req_status 429;",
        ..Setup::TLS
    };
    let nginx = Nginx::start("limited", &server.url(), setup).await;
    let child = trusting(&nginx.url(), &[]).spawn().expect("the command starts");
    let ended = ended(child).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    assert!(ended.stderr.contains("HTTP 429 Too Many Requests"), "{}", ended.stderr);
    let logged = nginx.logged().await;
    let refused = logged.iter().filter(|request| request.status == 429).count();
    // One answer, one refusal, and so on: nobody asks in vain twice.
    assert_eq!((refused, logged.len()), (2, 5), "{logged:?}");
    for pair in logged.windows(2).filter(|pair| pair[0].status == 429) {
        assert!(pair[1].at - pair[0].at >= 2.0, "{pair:?}");
    }
    assert_eq!(server.hits().len(), 3);
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn a_page_of_maintenance_is_outwaited() {
    let server = Server::start_by(|_, nth| Reply::json(200, if nth <= 8 { PENDING } else { SUCCESS })).await;
    let file = directory().join("closed-for-now");
    let location = format!("if (-f {}) {{ return 503; }}", file.display());
    let nginx = Nginx::start("maintained", &server.url(), Setup { location: &location, ..Setup::TLS }).await;
    let child = trusting(&nginx.url(), &[]).spawn().expect("the command starts");
    within(server.until(|hits| hits.len() == 3)).await;
    std::fs::write(&file, "").expect("a file");
    sleep(Duration::from_secs(2)).await;
    std::fs::remove_file(&file).expect("a file");
    let ended = ended(child).await;
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let told = "HTTP 503 Service Unavailable: 503 Service Temporarily Unavailable";
    assert!(ended.stderr.contains(told), "{}", ended.stderr);
    assert!(nginx.logged().await.iter().any(|request| request.status == 503));
}

#[tokio::test]
#[ignore = "needs a real nginx; .ci/run starts one"]
async fn what_is_compressed_in_pieces_on_connections_that_close_is_read() {
    let long = format!(r#"{{"operationId":"o1","finished":false,"filler":"{}"}}"#, "x".repeat(100_000));
    let answers = [&*long, &*long, SUCCESS];
    let server = Server::start(answers.map(|body| Reply::json(200, body))).await;
    let http = "gzip on; gzip_min_length 0; gzip_types *; gzip_proxied any; keepalive_timeout 0;";
    for setup in [Setup::TLS, Setup::HTTP2] {
        let nginx = Nginx::start("compressed", &server.url(), Setup { http, ..setup }).await;
        assert_succeeded(&run(&mut trusting(&nginx.url(), &[])).await);
    }
}
