//! A process that waits for one operation: its exit code, and what it told.
//! Whether that is true is not known here.

use std::process::Stdio;
use std::time::SystemTime;

use serde_json::Value;
use tokio::process::Command;

use super::fleet::PACE;
use super::sample::{Peak, Sampler};
use super::told::Told;
use super::{Failure, LRO};

pub(crate) struct Ended {
    pub(crate) told: Option<Told>,
    pub(crate) wrong: Vec<String>,
    pub(crate) peak: Peak,
}

/// Waits for the operation at this location.
pub(crate) async fn wait(endpoint: &str, location: &str) -> Result<Ended, Failure> {
    let child = Command::new(LRO)
        .args(["wait", &format!("{endpoint}{location}"), "-q", "-o", "json"])
        .args(PACE)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let sampler = Sampler::start(child.id().ok_or("no process")?);
    let output = child.wait_with_output().await?;
    let at = SystemTime::now();
    let peak = sampler.samples().await.iter().map(|sample| sample.peak).fold(Peak::default(), Peak::max);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let mut wrong = Vec::new();
    let mut lines = stdout.lines();
    let document: Value = serde_json::from_str(lines.next().unwrap_or_default()).unwrap_or_default();
    if lines.next().is_some() {
        wrong.push(format!("{location}: more than one document: {stdout}"));
    }
    let told = match Told::of(&document["operations"][0], at) {
        Ok(told) => Some(told),
        Err(error) => {
            wrong.push(format!("{location}: {error}; {:?}; {stderr}", output.status));
            None
        }
    };
    let code = told.as_ref().and_then(|told| match &*told.outcome {
        "succeeded" => Some(0),
        "failed" => Some(1),
        _ => None,
    });
    if code.is_none() || output.status.code() != code {
        wrong.push(format!(
            "{location}: exit code {:?} where {code:?} is right: {stderr}",
            output.status.code()
        ));
    }
    Ok(Ended { told, wrong, peak })
}
