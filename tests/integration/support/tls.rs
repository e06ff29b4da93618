//! Certificates made on the spot, and the scripted server behind TLS.
//! Nothing here is trusted by anybody who was not told to.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

use super::server::{Script, Server, sleep};

/// A certificate authority of one test.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in PEM.
pub(crate) struct Identity {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    pub(crate) fn pem(&self) -> String {
        self.0.pem()
    }

    /// A certificate for this name or address, otherwise as adjusted here.
    pub(crate) fn issue(&self, name: &str, adjust: impl FnOnce(&mut CertificateParams)) -> Identity {
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        adjust(&mut params);
        let key = KeyPair::generate().expect("a key");
        let certificate = params.signed_by(&key, &self.0).expect("a certificate").pem();
        Identity { certificate, key: key.serialize_pem() }
    }
}

/// What a server shows, and whose certificates it asks for.
pub(crate) fn config(identity: &Identity, clients_of: Option<&Authority>) -> ServerConfig {
    let provider = Arc::new(ring::default_provider());
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("versions");
    let config = match clients_of {
        Some(authority) => {
            let mut roots = RootCertStore::empty();
            roots.add(authority.0.der().clone()).expect("an authority");
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            config.with_client_cert_verifier(verifier.build().expect("a verifier"))
        }
        None => config.with_no_client_auth(),
    };
    let certificate = CertificateDer::from_pem_slice(identity.certificate.as_bytes()).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(identity.key.as_bytes()).expect("a key");
    config.with_single_cert(vec![certificate], key).expect("a certificate and its key")
}

/// A server that follows a script behind TLS.
pub(crate) async fn start(config: ServerConfig, script: Script) -> Server {
    start_over(config, script, |script, mut stream, connection| async move {
        if script.follow(&mut stream, connection).await {
            // What is left to send is thrown away, so that closing is a reset.
            stream.get_ref().0.set_zero_linger().expect("a socket");
        }
    })
    .await
}

/// A server that speaks something of its own behind TLS.
pub(crate) async fn start_over<F>(
    config: ServerConfig,
    script: Script,
    converse: impl Fn(Script, TlsStream<TcpStream>, usize) -> F + Clone + Send + Sync + 'static,
) -> Server
where
    F: Future<Output = ()> + Send + 'static,
{
    start_late(|_| Duration::ZERO, config, script, converse).await
}

/// The same, that lets so much time pass before it shakes hands on the first connection, the second, and so on.
pub(crate) async fn start_late<F>(
    hesitation: impl Fn(usize) -> Duration + Clone + Send + Sync + 'static,
    config: ServerConfig,
    script: Script,
    converse: impl Fn(Script, TlsStream<TcpStream>, usize) -> F + Clone + Send + Sync + 'static,
) -> Server
where
    F: Future<Output = ()> + Send + 'static,
{
    let acceptor = TlsAcceptor::from(Arc::new(config));
    Server::start_over(script, move |script, stream, connection| {
        let (acceptor, converse, hesitation) = (acceptor.clone(), converse.clone(), hesitation(connection));
        async move {
            sleep(hesitation).await;
            match acceptor.accept(stream).into_fallible().await {
                Ok(stream) => converse(script, stream, connection).await,
                // Read on, because to close with something unread would overtake the alert that says why.
                Err((_, mut stream)) => {
                    let _ = stream.read_to_end(&mut Vec::new()).await;
                }
            }
        }
    })
    .await
}
