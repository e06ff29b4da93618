//! What only the command needs: arguments, exit codes, signals, and what a person or a script is told.
//! No rule of a wait stands here; everything goes through the library's public face.

mod answer;
mod args;
mod auth;
mod chronicle;
mod clock;
mod connect;
#[cfg(feature = "simulator")]
mod demo;
mod duration;
mod ending;
mod exit;
mod failure;
mod file;
mod fleet;
mod generate;
mod help;
mod hint;
mod interrupt;
mod once;
mod pace;
mod paint;
mod preset;
mod presets;
mod report;
mod run;
#[cfg(feature = "simulator")]
mod simulate;
mod status;
mod submit;
mod tally;
mod timeline;
mod variable;
mod wait;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use lro::http::printable;

use args::{Cli, Verb};
use exit::Exit;
use failure::Failure;

/// Reads the arguments, does what they say, and tells how that ended.
pub(crate) fn main() -> ExitCode {
    if let Err(failure) = variable::check() {
        failure.tell(false);
        return failure.exit.into();
    }
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(mut error) => {
            // clap would have a mistyped flag passed on to COMMAND.
            error.remove(clap::error::ContextKind::Suggested);
            // Help and version are no errors. That nobody reads what is printed changes nothing.
            let _ = if variable::typed_is_plain() { error.print() } else { print_plainly(&error) };
            variable::tell_if_at_fault(&error);
            return if error.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    let color = report::color(cli.color);
    // The clock is looked at often: a server that never stops sending must not keep the runtime from it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().event_interval(8).build();
    let ended = match runtime {
        Ok(runtime) => {
            // A task, because each wake of the future that a runtime blocks on is a call to the system.
            let task = runtime.spawn(perform(cli.verb, color));
            let ended =
                runtime.block_on(task).unwrap_or_else(|gone| std::panic::resume_unwind(gone.into_panic()));
            // A name that is being looked up, or a file that is being read, is not waited for: the limit has passed.
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(Failure::usage("the runtime could not be started").caused_by(error)),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            failure.tell(color);
            failure.exit.into()
        }
    }
}

/// Tells what was typed wrong, without what would steer a terminal.
fn print_plainly(error: &clap::Error) -> std::io::Result<()> {
    let text = error.render().to_string();
    let lines = text.lines().map(|line| printable(line) + "\n");
    std::io::stderr().lock().write_all(lines.collect::<String>().as_bytes())
}

async fn perform(verb: Verb, color: bool) -> Result<Exit, Failure> {
    match verb {
        Verb::Wait(args) => wait::wait(args, color).await,
        Verb::Status(args) => status::status(args, color).await,
        Verb::Submit(args) => submit::submit(args, color).await,
        Verb::Auth(args) => auth::auth(args, color).await,
        Verb::Presets(args) => presets::presets(args, color),
        #[cfg(feature = "simulator")]
        Verb::Simulate(args) => simulate::simulate(args, color).await,
        #[cfg(feature = "simulator")]
        Verb::Demo => demo::demo(color).await,
        Verb::Completions { shell } => Ok(generate::completions(shell, color)),
        Verb::Man { verb } => generate::man(verb.as_deref(), color),
    }
}
