//! What both commands ask: a simulator on loopback with one finished operation, and TLS in front of it.
//! It runs in a process of its own. Nothing is measured here.

use std::error::Error;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use lro::http::{Client, Endpoint};
use lro::plas::{self, Reference};
use lro::simulator::Simulator;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, KeyUsagePurpose};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// As the API's reference shows it.
const CONNECTOR: &str = r#"{"connector": {"name": "bench", "bandwidth": 50,
    "cloudInfo": {"provider": "OTC", "masterLocation": "Biere", "masterDirectConnectId": "dc-1",
        "slaveLocation": "Magdeburg", "slaveDirectConnectId": "dc-2"},
    "networkInfo": {"provider": "Telekom", "networkDomain": "IPLS", "masterLocation": "Biere",
        "slaveLocation": "Magdeburg", "popLocation": "Berlin"}}}"#;

/// Serves until standard input ends. Writes the certificate of its authority to `ca`, and to standard output two
/// lines: where the operation is in HTTP, and where in HTTPS.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn serve(ca: &Path) -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::builder().duration(Duration::from_millis(1)).start().await?;
    let location = finished_operation(&simulator.url()).await?;
    let (acceptor, authority) = tls()?;
    std::fs::write(ca, authority)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let secure = listener.local_addr()?;
    tokio::spawn(terminate(listener, acceptor, simulator.address()));

    let mut stdout = tokio::io::stdout();
    stdout
        .write_all(format!("{}{location}\nhttps://{secure}{location}\n", simulator.url()).as_bytes())
        .await?;
    stdout.flush().await?;
    tokio::io::stdin().read_to_end(&mut Vec::new()).await?;
    Ok(())
}

/// Creates a connector and waits until it is there.
async fn finished_operation(endpoint: &str) -> Result<String, Box<dyn Error>> {
    let http = Client::builder(Endpoint::parse(endpoint)?).without_proxy().build()?;
    let accepted = http.post("/v1.0/plasconnector/connectors", CONNECTOR).await?;
    let reference = Reference::from_accepted(&String::from_utf8_lossy(&accepted.body))?;
    let operation = plas::Client::new(http).operation_at(reference.location())?;
    lro::wait_for_completion(operation).await?;
    Ok(reference.location().to_owned())
}

/// An authority of the moment (its certificate in PEM), and a server that it vouches for.
fn tls() -> Result<(TlsAcceptor, String), Box<dyn Error>> {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "lro benchmark");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages.push(KeyUsagePurpose::KeyCertSign);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;

    let key = KeyPair::generate()?;
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()])?.signed_by(&key, &authority)?;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)?;
    // Both commands offer HTTP/2 and HTTP/1.1, and get what the simulator speaks.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((TlsAcceptor::from(Arc::new(config)), authority.pem()))
}

async fn terminate(listener: TcpListener, acceptor: TlsAcceptor, to: SocketAddr) {
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        // A connection that goes wrong shows in the exit code of the command that asked.
        tokio::spawn(async move {
            stream.set_nodelay(true)?;
            let mut outside = acceptor.accept(stream).await?;
            let mut inside = TcpStream::connect(to).await?;
            inside.set_nodelay(true)?;
            copy_bidirectional(&mut outside, &mut inside).await
        });
    }
}
