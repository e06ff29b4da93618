//! One cell of the matrix: the command meets the fault, and what came of it, how long it took and how large it was.
//! Which end is the right one is not known here.

use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Child;
use tokio::sync::watch;

use super::play::Played;
use super::row::Row;
use super::when::When;
use crate::support::PATH;
use crate::support::command::lro;
use crate::support::file::File;
use crate::support::server::sleep;

/// How long a wait lasts that is to end by its limit, and one that is to be well before it; and how long a poll may take,
/// which is what a fault costs that takes time, and should else be no matter on a busy machine.
const SHORT: Limits = Limits { all: Duration::from_secs(2), poll: "2s", poll_that_takes_time: "600ms" };
const LONG: Limits = Limits { all: Duration::from_secs(30), poll: "20s", poll_that_takes_time: "1s" };

/// How often it is looked how large the process has been.
const LOOK: Duration = Duration::from_millis(20);

/// How long nothing runs beside the others.
const BREATH: Duration = Duration::from_millis(200);

struct Limits {
    all: Duration,
    poll: &'static str,
    poll_that_takes_time: &'static str,
}

/// What came of it.
pub(super) struct Seen {
    pub(super) code: Option<i32>,
    /// What the command printed; null when that was no document.
    pub(super) document: Value,
    pub(super) stderr: String,
    pub(super) limit: Duration,
    /// From the start of the process to its end.
    pub(super) wall: Duration,
    /// The same for the slowest of the processes beside it that have nothing to wait for.
    pub(super) start_up: Duration,
    pub(super) peak_kib: u64,
}

/// Meets this fault then.
pub(super) async fn meet(row: &Row, when: When, beside: &Beside) -> Seen {
    let (tell, told) = watch::channel(false);
    let played = Played::start(&row.way, when, told).await;
    let limits = if when.forever { SHORT } else { LONG };
    let name = format!("fault-{}", played.url.rsplit(':').next().unwrap_or_default());
    let trust = played.authority.map(|pem| File::new(&name, &pem));
    let poll = if row.takes_time() { limits.poll_that_takes_time } else { limits.poll };
    let seconds = format!("{}s", limits.all.as_secs());
    let mut args = vec!["-t", &seconds, "--poll-timeout", poll, "-o", "json"];
    args.extend(["--progress", "lines", "--schedule", "fixed", "--interval", "50ms"]);
    args.extend(trust.iter().flat_map(|file| ["--cacert", file.path()]));
    let before = beside.count();
    let ran = run(&played.url, &args, &tell).await;
    Seen { limit: limits.all, start_up: beside.slowest_since(before), ..ran }
}

/// The command with nothing to wait for, again and again beside the others: how long it takes to begin and to end.
pub(super) struct Beside(Mutex<Vec<Duration>>);

impl Beside {
    /// Runs it once, so that there is something to compare with.
    pub(super) async fn start(well: &str, authority: &str) -> Self {
        let beside = Self(Mutex::default());
        beside.run(well, authority).await;
        beside
    }

    /// Runs it for ever.
    pub(super) async fn go_on(&self, well: &str, authority: &str) {
        loop {
            self.run(well, authority).await;
            sleep(BREATH).await;
        }
    }

    async fn run(&self, well: &str, authority: &str) {
        let took = run(well, &["-o", "json", "--cacert", authority], &watch::Sender::new(false)).await.wall;
        self.0.lock().expect("no panic").push(took);
    }

    fn count(&self) -> usize {
        self.0.lock().expect("no panic").len()
    }

    /// The slowest of those that ended since there were so many, and the one before.
    fn slowest_since(&self, count: usize) -> Duration {
        self.0.lock().expect("no panic")[count - 1..].iter().max().copied().unwrap_or_default()
    }
}

#[expect(clippy::disallowed_methods, reason = "a test that measures how long something takes")]
async fn run(server: &str, args: &[&str], tell: &watch::Sender<bool>) -> Seen {
    let url = format!("{server}{PATH}");
    let start = Instant::now();
    let mut command = lro(&["wait", &url]);
    let mut child = command.args(args).stdout(Stdio::piped()).spawn().expect("it starts");
    let mut stdout = child.stdout.take().expect("a pipe");
    let mut lines = BufReader::new(child.stderr.take().expect("a pipe")).lines();
    let (mut printed, mut stderr, mut peak_kib) = (String::new(), String::new(), 0);
    let reading = async {
        let told = async {
            while let Some(line) = lines.next_line().await.expect("the command tells text") {
                if line.contains("could not connect") {
                    tell.send_replace(true);
                }
                stderr.push_str(&line);
                stderr.push('\n');
            }
        };
        let ((), read) = tokio::join!(told, stdout.read_to_string(&mut printed));
        read.expect("the command prints text");
    };
    let id = child.id().expect("a process");
    let watching = async {
        loop {
            peak_kib = peak_kib.max(peak(id));
            sleep(LOOK).await;
        }
    };
    tokio::select! {
        () = reading => {}
        () = watching => {}
    }
    let code = ended(&mut child).await;
    let wall = start.elapsed();
    let document = serde_json::from_str(&printed).unwrap_or_default();
    Seen { code, document, stderr, limit: Duration::ZERO, wall, start_up: Duration::ZERO, peak_kib }
}

async fn ended(child: &mut Child) -> Option<i32> {
    crate::support::command::status(child).await.code()
}

/// The most memory that a process has had so far, in KiB; nothing once it is gone.
fn peak(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
