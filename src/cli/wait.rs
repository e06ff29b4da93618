//! `lro wait`: blocks until an operation is done, tells what happens meanwhile, and how it ended.
//! The rules of the wait are the library's.

use std::io::ErrorKind;

use lro::schedule::{Exponential, Fixed};
use lro::{Backoff, EventKind, Outcome, Policy, http, wait_for_completion};

use super::args::{OutputOfWait, Pace, ScheduleName, WaitArgs};
use super::connect::Access;
use super::ending::Ending;
use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::{Interrupt, broken_pipe};
use super::report::{self, Ended};
use super::{connect, ending, hint, run};

pub(crate) async fn wait(args: WaitArgs, color: bool) -> Result<Exit, Failure> {
    let schedule = schedule(&args.pace)?;
    let policy = policy(&args);
    policy.check().map_err(|error| Failure::of(Exit::Usage, &error))?;
    let (operation, access) = connect::operation(&args.at)?;
    let operation = operation.require_result(args.faults.require_result);
    if !args.told.quiet {
        report::introduce(&access, &args.at.access.network, color);
        if let Some(text) = ending::of_key(access.is_temporary_key()) {
            report::say(&report::warning(text, color));
        }
    }
    let interrupt = Interrupt::listen()
        .map_err(|error| Failure::usage("signals cannot be listened for").caused_by(error))?;
    let signal = interrupt.seen();
    let asked = operation.clone();

    let Some(outcome) = follow(operation, policy, schedule, interrupt, &args, &access, color).await else {
        return Ok(broken_pipe());
    };
    let exit = Exit::of_outcome(&outcome, signal.exit().unwrap_or(Exit::Interrupted));
    let Some(ended) = Ended::of(&outcome, asked.url(), asked.http().standing().is_asking) else {
        // Only a wait that was never started knows nothing.
        return outcome.map(|_| exit).map_err(|error| Failure::of(exit, &error));
    };
    let will_run = outcome.is_ok() && !args.command.is_empty();
    let output = args.told.output.unwrap_or(if will_run { OutputOfWait::None } else { OutputOfWait::Text });
    match &outcome {
        Ok(_) if args.told.quiet => {}
        Ok(_) => report::tell_success(&ended, color),
        Err(error) => hint::of_wait(error, &ended, exit, &access).tell(color),
    }
    report::print_end(&ended, output, exit, color);
    match signal.exit() {
        _ if !will_run => Ok(exit),
        None => run::command(&args.command),
        // Who presses ^C does not want the next step to begin.
        Some(exit) => {
            let program = args.command[0].to_string_lossy();
            Err(Failure::new(
                exit,
                format!("the operation succeeded, but `{program}` was not run: a signal came first"),
            ))
        }
    }
}

/// Waits and tells what happens; `None` when the reader of the events went away.
async fn follow(
    operation: http::Operation,
    policy: Policy,
    schedule: Box<dyn lro::schedule::Schedule>,
    interrupt: Interrupt,
    args: &WaitArgs,
    access: &Access,
    color: bool,
) -> Option<Outcome<http::Status>> {
    let mut reporter = report::reporter(&args.told, &operation, &access.place(), color);
    let client = operation.http().clone();
    let mut is_sought = client.endpoint().is_none();
    let mut ending = Ending::of(policy.timeout);
    let mut wait =
        wait_for_completion(operation).policy(policy).schedule(schedule).cancel_on(interrupt.first());
    if let Some(heartbeat) = args.told.heartbeat.0 {
        wait = wait.heartbeat(heartbeat);
    }
    let mut events = wait.events();
    while let Some(event) = events.next().await {
        if let Some(endpoint) = client.endpoint().filter(|_| is_sought) {
            is_sought = false;
            let found = if client.is_endpoint_from_catalog() {
                "the catalog has it at"
            } else {
                "the catalog does not name it; asking at"
            };
            reporter.say(&format!("{found} {endpoint}"));
            if let Some(text) = connect::unencrypted(endpoint) {
                reporter.say(&report::warning(&text, color));
            }
        }
        if let Some(warning) = ending.warning(&client.standing(), event.elapsed) {
            reporter.say(&report::warning(&warning, color));
        }
        reporter.tell(&event);
        if args.told.output == Some(OutputOfWait::Jsonl) {
            match report::print_event(&event) {
                Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                    reporter.close();
                    return None;
                }
                // Whatever else is wrong with standard output is told once, when the result is written there.
                _ => {}
            }
        }
        if let EventKind::Finished(outcome) = event.kind {
            reporter.close();
            return Some(outcome);
        }
    }
    unreachable!("the last event of a wait is its outcome")
}

fn policy(args: &WaitArgs) -> Policy {
    let default = Policy::default();
    Policy {
        timeout: args.limits.timeout.0,
        poll_timeout: args.limits.poll_timeout.0,
        initial_delay: args.pace.initial_delay.0,
        max_errors: args.faults.max_errors.unwrap_or(default.max_errors),
        not_found_grace: args.faults.not_found_grace.0,
        fail_on_blocked: args.faults.fail_on_blocked,
    }
}

fn schedule(pace: &Pace) -> Result<Box<dyn lro::schedule::Schedule>, Failure> {
    let schedule: Result<Box<dyn lro::schedule::Schedule>, _> = match pace.schedule {
        ScheduleName::Exponential => {
            let numbers = Backoff {
                interval: pace.interval.0,
                max_interval: pace.max_interval(),
                factor: pace.factor(),
                jitter: pace.jitter(),
            };
            Exponential::new(numbers).map(|schedule| Box::new(schedule) as _)
        }
        ScheduleName::Fixed => {
            let growing = [
                ("--max-interval", pace.max_interval.is_some()),
                ("--backoff", pace.backoff.is_some()),
                ("--jitter", pace.jitter.is_some()),
            ];
            if let Some((flag, _)) = growing.into_iter().find(|(_, given)| *given) {
                return Err(Failure::usage(format!("{flag} has no meaning with --schedule fixed"))
                    .hint("fixed knows only --interval; leave the other out".to_owned()));
            }
            Fixed::new(pace.interval.0).map(|schedule| Box::new(schedule) as _)
        }
    };
    schedule.map_err(|error| Failure::of(Exit::Usage, &error))
}
