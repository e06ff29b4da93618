//! One process that waits for many operations: what is fed to it, and the events that it tells.
//! Whether an end is the true one is not known here.

use std::collections::HashSet;
use std::process::{ExitStatus, Stdio};
use std::time::SystemTime;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::sample::{Sample, Sampler};
use super::told::Told;
use super::{Failure, LRO};

/// How every wait asks. A stalled answer is given up after as long as an asker here waits, and a run of faults before the
/// first answer, which by chance is there among so many, is no reason to end.
pub(crate) const PACE: [&str; 10] = [
    "--interval",
    "1s",
    "--max-interval",
    "3s",
    "--poll-timeout",
    "5s",
    "--max-errors",
    "1000",
    "--timeout",
    "10m",
];

pub(crate) struct Fleet {
    child: Child,
    sampler: Sampler,
    feeding: JoinHandle<()>,
    reading: JoinHandle<Result<Events, Failure>>,
    complaints: JoinHandle<String>,
}

/// What was told over the whole wait.
#[derive(Default)]
struct Events {
    told: Vec<Told>,
    last: Value,
    wrong: Vec<String>,
}

/// A process that has ended.
pub(crate) struct Ended {
    pub(crate) told: Vec<Told>,
    pub(crate) wrong: Vec<String>,
    pub(crate) samples: Vec<Sample>,
}

impl Fleet {
    /// Starts it; what is fed are locations, which it follows or has to wait for until there are no more.
    pub(crate) fn start(
        endpoint: &str,
        follows: bool,
        fed: mpsc::UnboundedReceiver<String>,
    ) -> Result<Self, Failure> {
        let mut child = Command::new(LRO)
            .args(["wait", "-", "--endpoint", endpoint, "-q", "-o", "jsonl"])
            .args(PACE)
            .args(follows.then_some("--follow"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let sampler = Sampler::start(child.id().ok_or("no process")?);
        let feeding = tokio::spawn(feed(child.stdin.take().ok_or("no pipe")?, fed));
        let reading = tokio::spawn(read(child.stdout.take().ok_or("no pipe")?));
        let mut stderr = child.stderr.take().ok_or("no pipe")?;
        let complaints = tokio::spawn(async move {
            let mut text = String::new();
            // What was read until an error is still worth to be told.
            let _ = stderr.read_to_string(&mut text).await;
            text
        });
        Ok(Self { child, sampler, feeding, reading, complaints })
    }

    /// Waits for its end.
    pub(crate) async fn end(mut self) -> Result<Ended, Failure> {
        let status = self.child.wait().await?;
        self.feeding.abort();
        let mut events = self.reading.await??;
        let samples = self.sampler.samples().await;
        let complaints = self.complaints.await?;
        events.wrong.extend(wrong_at_the_end(&events, status, &complaints));
        Ok(Ended { told: events.told, wrong: events.wrong, samples })
    }
}

async fn feed(mut stdin: ChildStdin, mut fed: mpsc::UnboundedReceiver<String>) {
    while let Some(location) = fed.recv().await {
        // A process that does not read any more has ended, and is asked why.
        if stdin.write_all(format!("{location}\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stdout: ChildStdout) -> Result<Events, Failure> {
    let mut lines = BufReader::new(stdout).lines();
    let (mut events, mut ended) = (Events::default(), HashSet::new());
    while let Some(line) = lines.next_line().await? {
        let event: Value = serde_json::from_str(&line)?;
        if events.last["event"] == "finished" {
            events.wrong.push(format!("told after the last event: {line}"));
        }
        if let Some(id) = event["id"].as_str() {
            if ended.contains(id) {
                events.wrong.push(format!("told after its end: {line}"));
            }
            if event["event"] == "ended" {
                ended.insert(id.to_owned());
                let at: SystemTime = humantime::parse_rfc3339(event["time"].as_str().unwrap_or_default())?;
                events.told.push(Told::of(&event["operation"], at)?);
            }
        }
        events.last = event;
    }
    Ok(events)
}

/// What does not fit to the ends that were told: the counts at the end, and the exit code.
fn wrong_at_the_end(events: &Events, status: ExitStatus, complaints: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for outcome in ["succeeded", "failed"] {
        let counted = events.last["counts"][outcome].as_u64().unwrap_or(0);
        let told = events.told.iter().filter(|told| told.outcome == outcome).count();
        if usize::try_from(counted).ok() != Some(told) {
            wrong.push(format!("{told} {outcome} were told, but: {}", events.last));
        }
    }
    let code = i32::from(events.told.iter().any(|told| told.outcome != "succeeded"));
    if status.code() != Some(code) {
        wrong.push(format!("{status}, where exit code {code} is right: {complaints}"));
    }
    wrong
}
