//! The processes of a run: the server, and a contestant on one core, whose time and memory the system tells.
//! What the figures mean is not known here.

use std::error::Error;
use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use wait4::Wait4;

use super::plan::{CONCURRENCY, Plan, TOKEN};
use super::server::now;

const LRO: &str = env!("CARGO_BIN_EXE_lro");

/// How long nothing may happen in a run before it is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// After the last poll this is waited for before memory is looked at: what the answers needed is given back by then.
const REST: Duration = Duration::from_millis(400);

/// The server, as a process.
pub(crate) struct Server {
    /// The server ends with its standard input.
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    pub(crate) url: String,
}

/// What the server saw.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Report {
    /// How many operations were asked for, and how often.
    pub(crate) operations: u32,
    pub(crate) polls: u32,
    /// How many of them were not asked for as often as planned.
    pub(crate) unplanned: u32,
    pub(crate) after_the_end: u32,
    /// When the first one was first asked for, and the last one.
    pub(crate) first: Duration,
    pub(crate) last: Duration,
}

impl Server {
    pub(crate) fn start() -> Result<Self, Box<dyn Error>> {
        let mut serve = pinned(1, std::env::current_exe()?);
        let mut child = serve.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdin = child.stdin.take().ok_or("the server has no input")?;
        let mut lines = BufReader::new(child.stdout.take().ok_or("the server has no output")?).lines();
        let url = lines.next().ok_or("the server did not start")??;
        Ok(Self { stdin, lines, url })
    }

    fn begin(&mut self) -> Result<(), Box<dyn Error>> {
        self.ask("begin").map(drop)
    }

    fn report(&mut self) -> Result<Report, Box<dyn Error>> {
        self.ask("report")
    }

    fn ask(&mut self, what: &str) -> Result<Report, Box<dyn Error>> {
        writeln!(self.stdin, "{what}")?;
        let line = self.lines.next().ok_or("the server is gone")??;
        let numbers: Vec<u64> = line.split(' ').map(str::parse).collect::<Result<_, _>>()?;
        let at = |index: usize| numbers.get(index).copied().unwrap_or_default();
        let count = |index: usize| u32::try_from(at(index));
        Ok(Report {
            operations: count(0)?,
            polls: count(1)?,
            unplanned: count(2)?,
            after_the_end: count(3)?,
            first: Duration::from_micros(at(4)),
            last: Duration::from_micros(at(5)),
        })
    }
}

/// Whom the figures are of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contestant {
    /// The loop that is written by hand.
    Loop,
    /// A fleet of the typed PLAS API.
    Library,
    /// A fleet of operations that a preset describes, which is what the command makes.
    Presets,
    /// `lro wait -`.
    Command,
}

impl Contestant {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Loop => "loop",
            Self::Library => "library",
            Self::Presets => "presets",
            Self::Command => "command",
        }
    }

    fn start(self, url: &str, plan: &Plan) -> Result<Child, Box<dyn Error>> {
        if self == Self::Command {
            return command(url, plan);
        }
        let mut contestant = pinned(0, std::env::current_exe()?);
        contestant.args(["contest", self.name(), url]).args(plan.written());
        Ok(contestant.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?)
    }
}

fn command(url: &str, plan: &Plan) -> Result<Child, Box<dyn Error>> {
    let millis = |time: Duration| format!("{}ms", time.as_millis());
    let mut lro = pinned(0, LRO);
    lro.args(["wait", "-", "-q", "-o", "none", "--jitter", "0", "--endpoint", url])
        .args(["--interval", &millis(plan.interval), "--max-interval", &millis(plan.interval * 15)])
        .args(["--backoff", &plan.factor().to_string(), "--concurrency", &CONCURRENCY.to_string()])
        .env("LRO_CONFIG", "")
        .env("LRO_TOKEN", TOKEN);
    let mut child = lro.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let references: String = (0..plan.count).map(|number| plan.ids(number).join("/") + "\n").collect();
    let mut stdin = child.stdin.take().ok_or("the command has no input")?;
    // One that ends early says why.
    let _ = stdin.write_all(references.as_bytes());
    Ok(child)
}

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken {
    /// User and system time.
    pub(crate) cpu: Duration,
    pub(crate) seen: Report,
    /// How late the ends were learned: the median, and the 99th percentile.
    pub(crate) lags: Option<[Duration; 2]>,
}

/// Has a contestant wait for all that is planned, to the end.
pub(crate) fn run(server: &mut Server, contestant: Contestant, plan: &Plan) -> Result<Taken, Box<dyn Error>> {
    server.begin()?;
    let mut child = contestant.start(&server.url, plan)?;
    let mut said = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut said)?;
    }
    let mut complaint = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr.read_to_string(&mut complaint)?;
    }
    let ended = child.wait4()?;
    if !ended.status.success() {
        let first = complaint.lines().next().unwrap_or_default();
        return Err(format!("{} ended with {}: {first}", contestant.name(), ended.status).into());
    }
    let lags: Vec<u64> = said.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    let lags = match lags[..] {
        [median, high, _] => Some([median, high].map(Duration::from_micros)),
        _ => None,
    };
    Ok(Taken { cpu: ended.rusage.utime + ended.rusage.stime, seen: server.report()?, lags })
}

/// What a contestant has in memory that waits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    /// Memory that is no file's, in bytes.
    pub(crate) memory: u64,
    /// From the start of the process to the first poll, and to the first poll of the last operation.
    pub(crate) first: Duration,
    pub(crate) last: Duration,
}

/// Has a contestant wait for operations that never end, and looks at it when each was asked twice and all rest.
pub(crate) fn hold(server: &mut Server, contestant: Contestant, plan: &Plan) -> Result<Held, Box<dyn Error>> {
    server.begin()?;
    let start = now();
    let mut child = contestant.start(&server.url, plan)?;
    let mut seen = Report::default();
    while seen.polls < plan.count * 2 && now() < start + PATIENCE {
        pause(Duration::from_millis(50));
        seen = server.report()?;
    }
    pause(REST);
    let memory = anonymous_memory(child.id());
    child.kill()?;
    child.wait()?;
    if seen.polls != plan.count * 2 || seen.operations != plan.count {
        return Err(format!("{} was not at rest: {seen:?}", contestant.name()).into());
    }
    let since = |time: Duration| time.saturating_sub(start);
    Ok(Held { memory: memory?, first: since(seen.first), last: since(seen.last) })
}

/// The memory of a process that is no file's, as Linux tells it.
fn anonymous_memory(pid: u32) -> Result<u64, Box<dyn Error>> {
    let told = std::fs::read_to_string(format!("/proc/{pid}/smaps_rollup"))?;
    let line = told.lines().find_map(|line| line.strip_prefix("Anonymous:"));
    let kib: u64 = line.ok_or("the system does not tell")?.trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024)
}

/// A program on this core alone, without the variables that would change whom it asks.
fn pinned(core: usize, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(program).env_clear();
    command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
    command
}

#[expect(clippy::disallowed_methods, reason = "whoever measures from outside lets time pass")]
fn pause(time: Duration) {
    std::thread::sleep(time);
}
