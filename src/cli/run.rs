//! Running COMMAND after success: it takes over the terminal, and its exit code is ours.
//! Whether to run it is not decided here.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::Command;

use super::exit::Exit;
use super::failure::Failure;
use super::telemetry;

/// Why COMMAND is not run although all is well: a signal came, with this exit code.
pub(crate) fn stopped(words: &[OsString], exit: Exit) -> Failure {
    let program = words.first().map(|program| program.to_string_lossy()).unwrap_or_default();
    Failure::new(exit, format!("the operation succeeded, but `{program}` was not run: a signal came first"))
}

/// Runs COMMAND. On Unix it takes the place of this process, so that signals and the terminal are its own; this
/// returns only when that could not be done.
pub(crate) async fn command(words: &[OsString]) -> Result<Exit, Failure> {
    let Some((program, arguments)) = words.split_first() else { return Ok(Exit::Succeeded) };
    let mut command = Command::new(program);
    command.args(arguments);
    // Nothing is left of this process then.
    telemetry::finish(None).await;
    command.envs(telemetry::environment());
    #[cfg(unix)]
    let error = std::os::unix::process::CommandExt::exec(&mut command);
    #[cfg(not(unix))]
    let error = match command.status() {
        Ok(status) => {
            let code = status.code().and_then(|code| u8::try_from(code).ok());
            return Ok(Exit::Command(code.unwrap_or(u8::MAX)));
        }
        Err(error) => error,
    };
    let exit = if error.kind() == ErrorKind::NotFound { Exit::CommandNotFound } else { Exit::CannotRun };
    let what = format!("the operation succeeded, but `{}` could not be run", program.to_string_lossy());
    Err(Failure::new(exit, what).caused_by(error))
}
