//! The command and a real Buildbot: whether builds are awaited to their end, and what is told of each.
//! What the preset makes of an answer is proved without one.

mod end;
mod submit;
mod unended;

use serde_json::Value;
use tokio::process::Command;

use crate::support::buildbot::Buildbot;
use crate::support::command::{Ended, lro};

/// `lro` with these arguments, for builds of this Buildbot, at a pace at which nothing of a short one is missed.
fn command(buildbot: &Buildbot, args: &[&str]) -> Command {
    let mut command = lro(args);
    command.args(["--preset", "buildbot-build", "--endpoint", &buildbot.url]);
    if args[0] != "status" {
        command.args(["--schedule", "fixed", "--interval", "200ms"]);
    }
    command
}

/// The document that is printed at the end.
fn document(ended: &Ended) -> Value {
    serde_json::from_str(&ended.stdout).unwrap_or_else(|_| panic!("{}{}", ended.stdout, ended.stderr))
}

/// The only operation in that document.
fn operation(ended: &Ended) -> Value {
    document(ended)["operations"][0].take()
}
