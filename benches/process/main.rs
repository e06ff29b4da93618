//! What `lro wait` on a finished operation costs as a whole process, beside `curl -s` of the same URL.
//! Figures are printed next to their bounds and never judged: whoever runs this knows what else the machine does.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it saw")]
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

mod server;
mod table;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

use table::{Pairs, Row};

/// How many rounds there are: the noise of other work comes and goes, so that one of them is quiet.
const ROUNDS: usize = 10;

/// How many times each command runs in a round, in turns.
const PAIRS: usize = 20;

/// Where the certificates of the system are, on the systems there are.
const SYSTEM_BUNDLES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

const LRO: &str = env!("CARGO_BIN_EXE_lro");

/// One question, asked by both commands.
struct Scene {
    name: &'static str,
    bound: f64,
    lro: Command,
    curl: Command,
}

/// What one process took.
#[derive(Debug, Clone, Copy)]
struct Taken {
    wall: Duration,
    cpu: Duration,
    /// The most memory it had, in bytes. Linux never tells less than the process had which started it: another
    /// reason to keep the server, which has a lot, out of this one.
    peak: u64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).filter(|argument| argument != "--bench");
    if arguments.next().is_some_and(|argument| argument == "serve") {
        let ca = arguments.next().ok_or("the server is not told where to write its certificate")?;
        return server::serve(Path::new(&ca));
    }
    measure()
}

fn measure() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let ca = folder.join("ca.pem");
    let mut server = command(std::env::current_exe()?)
        .arg("serve")
        .arg(&ca)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let [http, https] = urls(&mut server)?;

    let has_curl = version_of_curl();
    if has_curl.is_none() {
        println!("There is no curl here, so lro is measured alone.\n");
    }
    println!("{ROUNDS} rounds of {PAIRS} pairs, in turns: lro wait -q -o none URL, curl -s -o /dev/null URL");
    println!("{}\n", has_curl.as_deref().unwrap_or_default());

    table::head();
    let mut peaks = Vec::new();
    for mut scene in scenes(&http, &https, &ca)? {
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            let mut pairs = Pairs::default();
            for _ in 0..PAIRS {
                pairs.lro.push(run(&mut scene.lro)?);
                if has_curl.is_some() {
                    pairs.curl.push(run(&mut scene.curl)?);
                }
            }
            rounds.push(pairs);
        }
        Row { name: scene.name, bound: scene.bound, rounds: &rounds }.print();
        let peak = rounds.iter().flat_map(|pairs| &pairs.lro).map(|taken| taken.peak).max();
        peaks.push((scene.name, peak.unwrap_or_default()));
    }

    println!();
    let floor = run(&mut command("true"))?.peak;
    for (name, peak) in peaks {
        table::size(&format!("peak memory, {name}"), peak, 12);
    }
    println!("(this way of asking sees no process below {:.1} MiB)", table::mebibytes(floor));
    table::size("the binary", std::fs::metadata(LRO)?.len(), 8);

    drop(server.stdin.take());
    server.wait()?;
    Ok(())
}

fn scenes(http: &str, https: &str, ca: &Path) -> Result<Vec<Scene>, Box<dyn Error>> {
    let scene = |name, bound, url: &str| {
        let (mut lro, mut curl) = (command(LRO), command("curl"));
        lro.args(["wait", "-q", "-o", "none", url]).env("LRO_CONFIG", "");
        curl.args(["-s", "-o", "/dev/null", url]);
        Scene { name, bound, lro, curl }
    };
    let mut scenes = vec![scene("HTTP", 0.5, http)];

    // To lro, --cacert is one authority more; to curl, it is all there are. So that both trust the same ones, curl
    // gets those of the system in the file too.
    if let Some(system) = SYSTEM_BUNDLES.iter().find_map(|file| std::fs::read(file).ok()) {
        let bundle = ca.with_file_name("bundle.pem");
        std::fs::write(&bundle, [system, std::fs::read(ca)?].concat())?;
        let mut same_trust = scene("HTTPS, both trust the system", 1.0, https);
        same_trust.lro.arg("--cacert").arg(ca);
        same_trust.curl.arg("--cacert").arg(&bundle);
        scenes.push(same_trust);
    }

    let mut same_flag = scene("HTTPS, only lro trusts the system", 1.0, https);
    same_flag.lro.arg("--cacert").arg(ca);
    same_flag.curl.arg("--cacert").arg(ca);
    scenes.push(same_flag);

    let mut one = scene("HTTPS, one authority in all", 1.0, https);
    one.lro.env("SSL_CERT_FILE", ca);
    one.curl.arg("--cacert").arg(ca);
    scenes.push(one);
    Ok(scenes)
}

/// A command without the variables that would change whom it asks or trusts.
fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_clear().stdin(Stdio::null()).stdout(Stdio::null());
    for name in ["PATH", "HOME"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

fn run(command: &mut Command) -> Result<Taken, Box<dyn Error>> {
    let start = Instant::now();
    let ended = command.spawn()?.wait4()?;
    let wall = start.elapsed();
    if !ended.status.success() {
        return Err(format!("{command:?} ended with {}", ended.status).into());
    }
    Ok(Taken { wall, cpu: ended.rusage.utime + ended.rusage.stime, peak: ended.rusage.maxrss })
}

fn urls(server: &mut Child) -> Result<[String; 2], Box<dyn Error>> {
    let mut lines = BufReader::new(server.stdout.take().ok_or("the server has no output")?).lines();
    let mut line = || lines.next().ok_or("the server did not start")?.map_err(Box::<dyn Error>::from);
    Ok([line()?, line()?])
}

fn version_of_curl() -> Option<String> {
    let output = Command::new("curl").arg("--version").output().ok()?;
    String::from_utf8_lossy(&output.stdout).lines().next().map(str::to_owned)
}
