//! The command as a script runs it: a process of its own, an environment of its own, and what came out of it.
//! Nothing here asserts anything.

use std::process::{ExitStatus, Output, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};

/// Longer than anything here takes, so that a test ends also when the command does not.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// `lro` with these arguments, and with nothing of the environment of whoever runs the tests but the search path; nor
/// with a configuration file.
pub(crate) fn lro(args: &[&str]) -> Command {
    let mut command = bare(env!("CARGO_BIN_EXE_lro"));
    command.args(args);
    command
}

/// A shell that is given this to run, in the same environment, and that finds `lro`.
pub(crate) fn shell(typed: &str) -> Command {
    let mut command = bare("sh");
    command.args(["-c", typed]).env("PATH", search_path());
    command
}

/// Where `lro` is found, and all else that is.
pub(crate) fn search_path() -> String {
    let (directory, _) = env!("CARGO_BIN_EXE_lro").rsplit_once('/').expect("a directory");
    format!("{directory}:{}", std::env::var("PATH").unwrap_or_default())
}

fn bare(program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("LRO_CONFIG", "")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}

/// What came of it.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the command to its end.
pub(crate) async fn run(command: &mut Command) -> Ended {
    ended(command.spawn().expect("the command starts")).await
}

/// Runs the command to its end, with this on its standard input.
pub(crate) async fn run_with_input(command: &mut Command, input: &str) -> Ended {
    use tokio::io::AsyncWriteExt;

    let mut child = command.stdin(Stdio::piped()).spawn().expect("the command starts");
    let mut stdin = child.stdin.take().expect("standard input is a pipe");
    // A command that does not read to the end is one of the things to be tested.
    let _ = stdin.write_all(input.as_bytes()).await;
    drop(stdin);
    ended(child).await
}

/// Waits for the end of a command that was started.
pub(crate) async fn ended(child: Child) -> Ended {
    ended_within(PATIENCE, child).await
}

/// Waits for the end of a command that may take this long.
pub(crate) async fn ended_within(patience: Duration, child: Child) -> Ended {
    let output = tokio::time::timeout(patience, child.wait_with_output()).await;
    let output = output.expect("it does not take that long").expect("the command can be waited for");
    let Output { status, stdout, stderr } = output;
    let text = |bytes| String::from_utf8(bytes).expect("the command tells text");
    Ended { code: status.code(), stdout: text(stdout), stderr: text(stderr) }
}

/// Waits for the end of a command whose output is read elsewhere.
pub(crate) async fn status(child: &mut Child) -> ExitStatus {
    within(child.wait()).await.expect("the command can be waited for")
}

/// This, unless it takes longer than anything here does.
pub(crate) async fn within<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, work).await.expect("it does not take that long")
}

/// Sends a signal by its name, as `kill` does.
pub(crate) async fn signal(child: &Child, name: &str) {
    let id = child.id().expect("the command is still running").to_string();
    let sent = Command::new("kill").args(["-s", name, &id]).status().await.expect("there is a `kill`");
    assert!(sent.success(), "SIG{name} could not be sent");
}
