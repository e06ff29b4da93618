//! What only the command needs: arguments, exit codes, signals, and what a person or a script is told.
//! No rule of a wait stands here; everything goes through the library's public face.

mod answer;
mod args;
mod auth;
mod chronicle;
mod clock;
mod config;
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
mod home;
mod interrupt;
mod log;
mod near;
mod once;
mod pace;
mod paint;
mod preset;
mod presets;
mod report;
mod run;
mod settings;
#[cfg(feature = "simulator")]
mod simulate;
mod status;
mod submit;
mod tally;
mod telemetry;
mod terminal;
mod timeline;
mod wait;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};
use lro::http::printable;

use args::{Cli, ConfigVerb, Grouped, Verb};
use exit::Exit;
use failure::Failure;
use settings::{Settings, Surroundings};
use terminal::variables;

/// Reads the arguments, does what they say, and tells how that ended.
pub(crate) fn main() -> ExitCode {
    let typed: Vec<_> = std::env::args_os().collect();
    let settings = match found(typed.clone()) {
        Ok(settings) => settings,
        Err(failure) => {
            failure.tell(report::color(terminal::color::said(&typed, &variables)));
            return failure.exit.into();
        }
    };
    let words = settings.words();
    let mut cli = match parsed(&words) {
        Ok(cli) => cli,
        Err(error) => {
            let command = Cli::command();
            let asked = terminal::color::said(&words, &variables);
            let mut error = help::colored(settings.as_typed(&command, error), asked);
            // clap would have a mistyped flag passed on to COMMAND.
            error.remove(clap::error::ContextKind::Suggested);
            // Whether it may be repeated as it is: a script may have had it of a server.
            let is_plain = words.iter().all(|word| word.to_str().is_some_and(|text| printable(text) == text));
            // Help and version are no errors. That nobody reads what is printed changes nothing.
            let _ = if is_plain { error.print() } else { print_plainly(&error) };
            for hint in settings.at_fault(&command, &command, &error) {
                report::say(&failure::hinted(&hint, report::color(asked)));
            }
            return if error.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    if let Some(access) = cli.verb.access() {
        access.origins = settings.origins();
    }
    let color = report::color(cli.color);
    // The clock is looked at often: a server that never stops sending must not keep the runtime from it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().event_interval(8).build();
    let ended = match runtime {
        Ok(runtime) => {
            let _traced = {
                // What is sent to a collector is sent from here.
                let _within = runtime.enter();
                telemetry::start(&cli)
            };
            // A task, because each wake of the future that a runtime blocks on is a call to the system.
            let task = runtime.spawn(perform(cli.verb, cli.profile, color));
            let ended =
                runtime.block_on(task).unwrap_or_else(|gone| std::panic::resume_unwind(gone.into_panic()));
            let exit = ended.as_ref().map_or_else(|failure| failure.exit, |exit| *exit);
            runtime.block_on(telemetry::finish(Some(exit)));
            // A name that is being looked up, or a file that is being read, is not waited for: the limit has passed.
            runtime.shutdown_background();
            ended
        }
        Err(error) => Err(Failure::usage("the runtime could not be started").caused_by(error)),
    };
    match ended {
        Ok(exit) => exit.into(),
        Err(failure) => {
            let exit = failure.exit;
            let failure = if exit == Exit::Usage { settings.told(failure) } else { failure };
            failure.tell(color);
            exit.into()
        }
    }
}

/// What is typed, and what is said beside it in variables and in the configuration file.
fn found(typed: Vec<OsString>) -> Result<Settings, Failure> {
    let around = Surroundings::here();
    if !settings::may_be_said(&typed, &around.place) {
        return Ok(Settings::none(typed));
    }
    Settings::of(&Cli::command(), typed, &around)
}

fn parsed(words: &[OsString]) -> Result<Cli, clap::Error> {
    let mut command = Cli::command();
    let matches = command.try_get_matches_from_mut(words)?;
    Cli::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
}

/// Tells what was typed wrong, without what would steer a terminal.
fn print_plainly(error: &clap::Error) -> std::io::Result<()> {
    let text = error.render().to_string();
    let lines = text.lines().map(|line| printable(line) + "\n");
    std::io::stderr().lock().write_all(lines.collect::<String>().as_bytes())
}

async fn perform(verb: Verb, profile: Option<String>, color: bool) -> Result<Exit, Failure> {
    match verb {
        Verb::Wait(Grouped(args)) => wait::wait(args, color).await,
        Verb::Status(Grouped(args)) => status::status(args, color).await,
        Verb::Submit(Grouped(args)) => submit::submit(args, color).await,
        Verb::Auth(Grouped(args)) => auth::auth(args, color).await,
        Verb::Presets(Grouped(args)) => presets::presets(args, color),
        Verb::Config(ConfigVerb::Show(args)) => config::show(&args, profile, color),
        #[cfg(feature = "simulator")]
        Verb::Simulate(args) => simulate::simulate(args, color).await,
        #[cfg(feature = "simulator")]
        Verb::Demo => demo::demo(color).await,
        Verb::Completions { shell } => Ok(generate::completions(shell, color)),
        Verb::Man { verb } => generate::man(verb.as_deref(), color),
    }
}
