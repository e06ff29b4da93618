//! HTTPS over real sockets: whom the client trusts, and what it means when it does not.
//! Every authority is made for one test; the machine's own store is never asked to trust one.

use std::time::Duration;

use lro::PollErrorKind::{Permanent, Transient};
use lro::auth::Token;
use lro::http::{ClientBuilder, HttpError};
use lro::plas::{Client, Operation};
use lro::{PollErrorKind, Verdict, WaitError};

use crate::support::server::{Reply, Script, Server, Then};
use crate::support::tls::{Authority, config, start, start_over};
use crate::support::{PATH, PENDING, SUCCESS, chain, client, every, http_error, poll_error};

const HERE: &str = "127.0.0.1";

fn https(server: &Server) -> String {
    server.url().replace("http://", "https://")
}

/// The operation `c1/o1` of this server, over TLS.
fn operation(server: &Server, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Operation {
    client(&https(server), configure).operation("c1", "o1").expect("an operation")
}

/// A server that answers with success, and whose certificate is made like this.
async fn server(authority: &Authority, name: &str) -> Server {
    let script = Script::new([Reply::json(200, SUCCESS)]);
    start(config(&authority.issue(name, |_| {}), None), script).await
}

/// Waits, and expects that the first poll ends it for a certificate: the text of that.
async fn refused(server: &Server, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> String {
    let error = lro::wait_for_completion(operation(server, configure)).await.expect_err("an error");
    let WaitError::Poll { source, report, .. } = &error else { panic!("{error:?}") };
    assert_eq!((source.kind(), report.polls), (Permanent, 1), "{}", chain(&error));
    assert!(matches!(http_error(source), HttpError::Certificate { .. }), "{}", chain(&error));
    assert_eq!(server.hits().len(), 0);
    http_error(source).to_string().replace(&https(server), "SERVER")
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_beside_the_systems() {
    let [authority, other] = ["ours", "other"].map(Authority::new);
    let server = server(&authority, HERE).await;
    let bundle = format!("# two of them\n{}\n{}", other.pem(), authority.pem());
    let mut operation = operation(&server, |http| http.ca_certificates(bundle));
    assert_eq!(lro::Operation::poll(&mut operation).await.unwrap().verdict, Verdict::Succeeded);
    assert_eq!(server.paths(), [PATH]);
}

#[tokio::test]
async fn an_unknown_authority_ends_the_wait_at_once() {
    let server = server(&Authority::new("theirs"), HERE).await;
    for text in [
        refused(&server, |http| http).await,
        refused(&server, |http| http.ca_certificates(Authority::new("ours").pem())).await,
    ] {
        assert_eq!(
            text,
            "no trusted connection to SERVER: nobody who is trusted here has signed its certificate"
        );
    }
}

#[tokio::test]
async fn a_certificate_for_somebody_else_ends_the_wait_at_once() {
    let authority = Authority::new("ours");
    let server = server(&authority, "plas.example").await;
    let text = refused(&server, |http| http.ca_certificates(authority.pem())).await;
    let told = "no trusted connection to SERVER: its certificate is not for 127.0.0.1, but for plas.example";
    assert_eq!(text, told);
}

#[tokio::test]
async fn an_expired_certificate_ends_the_wait_at_once() {
    let authority = Authority::new("ours");
    let identity = authority.issue(HERE, |params| params.not_after = rcgen::date_time_ymd(2001, 1, 1));
    let server = start(config(&identity, None), Script::new([Reply::json(200, SUCCESS)])).await;
    let text = refused(&server, |http| http.ca_certificates(authority.pem())).await;
    let told = "its certificate has expired: it was valid until Mon, 01 Jan 2001 00:00:00 GMT";
    assert_eq!(text, format!("no trusted connection to SERVER: {told}"));
}

#[tokio::test]
async fn whoever_asks_for_it_may_trust_everybody() {
    let server = server(&Authority::new("theirs"), "plas.example").await;
    let mut operation = operation(&server, |http| http.insecure(true));
    assert!(lro::Operation::poll(&mut operation).await.is_ok());
}

#[tokio::test]
async fn a_server_that_asks_for_a_certificate_is_shown_one() {
    let [authority, clients] = ["ours", "clients"].map(Authority::new);
    let script = Script::new([Reply::json(200, SUCCESS)]);
    let server = start(config(&authority.issue(HERE, |_| {}), Some(&clients)), script).await;
    let trusting = |http: ClientBuilder| http.ca_certificates(authority.pem());

    let ours = clients.issue("client", |_| {});
    let (certificate, key) = (ours.certificate.as_bytes(), ours.key.as_bytes());
    let mut shown = operation(&server, |http| trusting(http).client_certificate(certificate, key));
    assert!(lro::Operation::poll(&mut shown).await.is_ok());
    drop(shown);

    let server = start(
        config(&authority.issue(HERE, |_| {}), Some(&clients)),
        Script::new([Reply::json(200, SUCCESS)]),
    )
    .await;
    let text = refused(&server, trusting).await;
    let told = "the server wants to see a client certificate (alert CertificateRequired)";
    assert_eq!(text, format!("no trusted connection to SERVER: {told}"));
    let foreign = Authority::new("foreign").issue("client", |_| {});
    let (certificate, key) = (foreign.certificate.as_bytes(), foreign.key.as_bytes());
    let text = refused(&server, |http| trusting(http).client_certificate(certificate, key)).await;
    assert!(text.starts_with("no trusted connection to SERVER: the server does not "), "{text}");
}

#[test]
fn garbage_instead_of_certificates_is_named() {
    let built = |configure: &dyn Fn(ClientBuilder) -> ClientBuilder| {
        let builder = Client::builder("https://plas.example").unwrap().http(configure);
        builder.build().unwrap_err().to_string()
    };
    let broken = "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n";
    for pem in ["", "garbage", broken] {
        let text = built(&|http| http.ca_certificates(pem));
        assert!(text.starts_with("the CA bundle is not a list of certificates in PEM: "), "{text}");
        let text = built(&|http| http.client_certificate(pem.as_bytes(), b"s3cret"));
        assert!(text.starts_with("the client certificate and its key are not usable PEM: "), "{text}");
        assert!(!text.contains("s3cret"), "{text}");
    }
    let [one, other] = [(); 2].map(|()| Authority::new("ours").issue("client", |_| {}));
    let text = built(&|http| http.client_certificate(one.certificate.as_bytes(), other.key.as_bytes()));
    assert_eq!(
        text,
        "the client certificate and its key are not usable PEM: the key is not the certificate's"
    );
}

#[tokio::test]
async fn a_server_without_tls_is_an_error_and_no_hang() {
    let server = Server::start([Reply::new(400, "text/html", "speak up").then(Then::Close)]).await;
    let (kind, text) = poll_error(&mut operation(&server, |http| http)).await;
    assert_eq!(kind, Transient);
    assert!(text.starts_with(&format!("could not connect to {}: ", https(&server))), "{text}");
}

#[tokio::test]
async fn a_handshake_that_breaks_off_is_a_passing_fault() {
    for then in [Then::Reset, Then::Close] {
        let server = Server::start([Reply::nothing(then)]).await;
        let (kind, text) = poll_error(&mut operation(&server, |http| http)).await;
        assert_eq!(kind, Transient);
        assert!(text.starts_with(&format!("could not connect to {}: ", https(&server))), "{text}");
    }
}

#[tokio::test]
async fn a_handshake_that_hangs_costs_one_poll_timeout() {
    let server = Server::start([Reply::nothing(Then::Hang)]).await;
    let limit = Duration::from_secs(1);
    let error = lro::wait_for_completion(operation(&server, |http| http))
        .poll_timeout(limit)
        .max_errors(1)
        .await
        .unwrap_err();
    assert!(error.report().unwrap().elapsed < limit * 2);
}

#[tokio::test]
#[expect(clippy::default_trait_access, reason = "a whole crate for the name of one type is too much")]
async fn a_wait_goes_over_one_connection_also_in_http_2() {
    let authority = Authority::new("ours");
    let mut config = config(&authority.issue(HERE, |_| {}), None);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let server = start_over(config, Script::new([Reply::json(200, SUCCESS)]), |_, stream, _| async {
        let mut connection = h2::server::handshake(stream).await.expect("HTTP/2");
        let mut bodies = [PENDING, SUCCESS].into_iter();
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            assert_eq!(request.uri().path(), PATH);
            let mut body = respond.send_response(Default::default(), false).expect("a stream");
            body.send_data(bodies.next().expect("a body").into(), true).expect("a stream");
        }
    })
    .await;
    let done = lro::wait_for_completion(operation(&server, |http| http.ca_certificates(authority.pem())))
        .schedule(every(10))
        .await
        .unwrap();
    assert_eq!((done.report.polls, done.report.transient_errors), (2, 0));
}

#[tokio::test]
async fn an_alert_about_a_certificate_ends_the_wait_and_any_other_does_not() {
    // The numbers of RFC 8446, 6: handshake failure, bad certificate, unknown CA, decrypt error, certificate required.
    for reason in [40, 42, 48, 51, 116] {
        let server = Server::start([alert(reason)]).await;
        let (kind, text) = poll_error(&mut operation(&server, |http| http)).await;
        assert_eq!(kind, Permanent, "{text}");
        assert!(text.starts_with("no trusted connection to "), "{text}");
    }
    // Unexpected message, internal error, unrecognized name: what a server says while it is being changed.
    for reason in [10, 80, 112] {
        let server = Server::start([alert(reason)]).await;
        let (kind, text) = poll_error(&mut operation(&server, |http| http)).await;
        assert_eq!(kind, Transient, "{text}");
    }
}

/// What a server sends that ends a handshake for this reason.
fn alert(reason: u8) -> Reply {
    Reply::raw([21, 3, 3, 0, 2, 2, reason])
}

#[tokio::test]
async fn a_proxy_that_wants_to_know_who_asks_is_no_passing_fault() {
    let (kind, text) = through_a_proxy_that_answers(Reply::json(407, "")).await;
    assert_eq!((kind, &*text), (Permanent, "HTTP 407 Proxy Authentication Required"));
}

#[tokio::test]
async fn a_proxy_that_cannot_get_through_is_a_passing_fault() {
    for reply in [Reply::json(502, ""), Reply::raw("garbage"), Reply::nothing(Then::Close)] {
        let (kind, text) = through_a_proxy_that_answers(reply).await;
        assert_eq!(kind, Transient);
        assert!(
            text.starts_with("could not connect to https://plas.test: the proxy opens no tunnel: "),
            "{text}"
        );
    }
}

/// Asks a host that is nowhere for its operation, through a proxy that answers like this, and gets an error.
async fn through_a_proxy_that_answers(reply: Reply) -> (PollErrorKind, String) {
    let proxy = Server::start([reply]).await;
    let builder = Client::builder("https://plas.test").expect("an endpoint");
    let token = Token::given("s3cret").expect("a token");
    let client = builder.token(token).http(|http| http.proxy(proxy.url())).build().expect("a client");
    let told = poll_error(&mut client.operation("c1", "o1").expect("an operation")).await;
    let [hit] = &proxy.hits()[..] else { panic!("{:?}", proxy.hits()) };
    assert_eq!(hit.line, "CONNECT plas.test:443 HTTP/1.1");
    // The token is for the endpoint alone.
    assert_eq!(hit.header("x-auth-token"), None);
    told
}
