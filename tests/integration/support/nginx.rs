//! The real nginx that tests/servers/net/run brings along: put before a server, and configured as a test wants it.
//! What is asked through it is not known here.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use super::command::{PATIENCE, signal, within};
use super::real::variable;
use super::server::sleep;

/// What it is to be, in the words of its own configuration.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Setup<'a> {
    /// How it listens: `ssl`, `ssl http2`, or plainly.
    pub(crate) listen: &'a str,
    /// Which of the certificates it shows.
    pub(crate) certificate: &'a str,
    /// What is said for all.
    pub(crate) http: &'a str,
    /// What is said for its only server.
    pub(crate) server: &'a str,
    /// What is said for all paths.
    pub(crate) location: &'a str,
}

impl Setup<'static> {
    /// Over TLS, with a certificate that is in order.
    pub(crate) const TLS: Self =
        Self { listen: "ssl", certificate: "server", http: "", server: "", location: "" };
    /// The same with HTTP/2.
    pub(crate) const HTTP2: Self = Self { listen: "ssl http2", ..Self::TLS };
    /// Without TLS.
    pub(crate) const PLAIN: Self = Self { listen: "", ..Self::TLS };
}

/// One that runs. It stops when it is dropped, and `run` stops those that never were.
pub(crate) struct Nginx {
    directory: PathBuf,
    port: u16,
    is_tls: bool,
    child: Child,
}

/// A request as it logs it, when it has answered.
#[derive(Debug)]
pub(crate) struct Logged {
    /// When it was done, in seconds.
    pub(crate) at: f64,
    /// Over which connection.
    pub(crate) connection: String,
    pub(crate) protocol: String,
    pub(crate) status: u16,
    /// Empty when there was none.
    pub(crate) token: String,
}

/// Where the files of this server are.
pub(crate) fn directory() -> PathBuf {
    PathBuf::from(variable("net", "LRO_TEST_NET"))
}

/// The path of this certificate or key.
pub(crate) fn certificate(name: &str) -> String {
    directory().join("certificates").join(name).to_str().expect("a path of text").to_owned()
}

impl Nginx {
    /// One of this name before the server at this URL.
    pub(crate) async fn start(name: &str, upstream: &str, setup: Setup<'_>) -> Self {
        let port = free_port();
        let directory = directory().join(format!("{name}-{port}"));
        fs::create_dir_all(directory.join("tmp")).expect("a directory");
        let configuration = configuration(port, upstream, setup);
        fs::write(directory.join("nginx.conf"), configuration).expect("a file");
        let child = run(&directory);
        let mut nginx = Self { directory, port, is_tls: setup.listen.contains("ssl"), child };
        nginx.listens().await;
        nginx
    }

    pub(crate) fn url(&self) -> String {
        format!("{}://{}", if self.is_tls { "https" } else { "http" }, self.address())
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Reads its configuration again: those that have begun are answered by the processes of before.
    pub(crate) async fn reload(&self) {
        signal(&self.child, "HUP").await;
    }

    /// Ends it, in good order. It is started again with [`again`](Self::again).
    pub(crate) async fn stop(&mut self) {
        signal(&self.child, "QUIT").await;
        within(self.child.wait()).await.expect("it can be waited for");
    }

    pub(crate) async fn again(&mut self) {
        self.child = run(&self.directory);
        self.listens().await;
    }

    /// What it was asked, all of it: it is ended for that, because it logs what it has answered a little later.
    pub(crate) async fn logged(mut self) -> Vec<Logged> {
        self.stop().await;
        let log = fs::read_to_string(self.directory.join("access.log")).expect("a log");
        log.lines().map(logged).collect()
    }

    async fn listens(&mut self) {
        for _ in 0..PATIENCE.as_millis() / 20 {
            if TcpStream::connect(("127.0.0.1", self.port)).await.is_ok() {
                return;
            }
            let ended = self.child.try_wait().expect("it can be asked");
            assert!(ended.is_none(), "nginx does not start; see {}/error.log", self.directory.display());
            sleep(Duration::from_millis(20)).await;
        }
        panic!("nginx does not listen; see {}/error.log", self.directory.display());
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        if let Some(id) = self.child.id() {
            // Not SIGKILL, which would leave its workers behind.
            let _ = std::process::Command::new("kill").arg(id.to_string()).status();
        }
    }
}

/// One below those that the system gives to whoever asks for any: it stays free while nginx is away.
fn free_port() -> u16 {
    let mut ports = std::iter::repeat_with(|| fastrand::u16(20_000..32_000));
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("there are many")
}

fn run(directory: &Path) -> Child {
    let mut command = Command::new("nginx");
    command.arg("-p").arg(directory).args(["-c", "nginx.conf", "-e", "error.log"]).stdin(Stdio::null());
    command.spawn().expect("nginx starts")
}

fn configuration(port: u16, upstream: &str, setup: Setup<'_>) -> String {
    let Setup { listen, certificate: shown, http, server, location } = setup;
    let [pem, key] = ["pem", "key"].map(|kind| certificate(&format!("{shown}.{kind}")));
    // The user is heeded for root alone, whose workers could not reach what is here else.
    format!(
        "daemon off; pid nginx.pid; user root root; worker_processes 1;
        events {{ worker_connections 1024; }}
        http {{
            log_format short '$msec $connection $server_protocol $status $http_x_auth_token';
            access_log access.log short;
            client_body_temp_path tmp; proxy_temp_path tmp; fastcgi_temp_path tmp;
            uwsgi_temp_path tmp; scgi_temp_path tmp;
            ssl_certificate {pem}; ssl_certificate_key {key};
            {http}
            server {{
                listen 127.0.0.1:{port} {listen};
                {server}
                location / {{ {location} proxy_pass {upstream}; }}
            }}
        }}"
    )
}

fn logged(line: &str) -> Logged {
    let mut words = line.split(' ').map(str::to_owned);
    let mut word = || words.next().unwrap_or_default();
    let (at, connection, protocol, status, token) = (word(), word(), word(), word(), word());
    Logged {
        at: at.parse().expect("a time"),
        connection,
        protocol,
        status: status.parse().expect("a status"),
        token: token.trim_matches('-').to_owned(),
    }
}
