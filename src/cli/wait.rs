//! `lro wait`: blocks until an operation is done, tells what happens meanwhile, and how it ended. Several are waited for
//! as a fleet, beside this.
//! The rules of the wait are the library's.

use std::io::ErrorKind;
use std::time::Duration;

use lro::http::{Operation, Status};
use lro::{EventKind, Fleet, Outcome, Policy, Wait, wait_for_completion};

use super::args::{Manner, OutputOfWait, WaitArgs};
use super::chronicle::Chronicle;
use super::connect::{Access, Search};
use super::ending::Ending;
use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::{Interrupt, broken_pipe};
use super::pace::{self, Pauses};
use super::report::{self, Ended};
use super::{connect, ending, fleet, hint, run, telemetry};

pub(crate) async fn wait(args: WaitArgs, color: bool) -> Result<Exit, Failure> {
    let plan = Plan::of(&args.manner)?;
    let chronicle = Chronicle::of(&args.manner.told, color)?;
    let which = &args.which;
    let (mut operations, access) = connect::operations(&args.at, which.many.skip_invalid, which.follow)?;
    let access = access.waiting(&args.manner, Some(which));
    if !args.manner.told.quiet {
        operations.tell(color);
    }
    introduce(&args.manner, &access, &args.at.access.network, color);
    let is_one = operations.listed.len() == 1 && operations.follow.is_none();
    let Some(operation) = operations.listed.pop_if(|_| is_one) else {
        return fleet::wait(operations, plan, &args, chronicle, &access, color).await;
    };
    // Who says where the result is wants to see it.
    let wants_result = args.at.shape.result.is_some();
    let default = if wants_result { OutputOfWait::Result } else { OutputOfWait::Text };
    let output = args.manner.told.output.unwrap_or(default);
    let operation = operation.fetch_result(match printed(&args.manner, output) {
        OutputOfWait::Result => true,
        OutputOfWait::Json | OutputOfWait::Jsonl => wants_result,
        OutputOfWait::Text | OutputOfWait::None => false,
    });
    follow(operation, plan, &args.manner, output, chronicle, &access, color).await
}

/// What is printed of a success: this, unless COMMAND will run, which is what people look at then.
pub(super) fn printed(manner: &Manner, output: OutputOfWait) -> OutputOfWait {
    if manner.command.is_empty() { output } else { manner.told.output.unwrap_or(OutputOfWait::None) }
}

/// The numbers of a wait, checked before anything else is looked at.
pub(super) struct Plan {
    policy: Policy,
    pauses: Pauses,
}

impl Plan {
    pub(super) fn of(manner: &Manner) -> Result<Self, Failure> {
        let pauses = Pauses::of(&manner.pace)?;
        let policy = policy(manner);
        policy.check().map_err(|error| Failure::of(Exit::Usage, &error))?;
        Ok(Self { policy, pauses })
    }

    /// How long it is waited in all.
    pub(super) fn timeout(&self) -> Option<Duration> {
        self.policy.timeout
    }

    /// The wait for one operation.
    fn wait(self, operation: Operation) -> Wait<Operation> {
        let wait = wait_for_completion(operation).policy(self.policy);
        match self.pauses {
            Pauses::Exponential(schedule) => wait.schedule(schedule),
            Pauses::Balanced(schedule) => wait.schedule(schedule),
            Pauses::Expected(schedule) => wait.schedule(schedule),
            Pauses::Fixed(schedule) => wait.schedule(schedule),
        }
    }

    /// The wait for several, none of which is there yet.
    pub(super) fn fleet(self) -> Fleet<Operation> {
        let fleet = Fleet::new().policy(self.policy);
        match self.pauses {
            Pauses::Exponential(schedule) => fleet.schedule(move || schedule.clone()),
            Pauses::Balanced(schedule) => fleet.schedule(move || schedule.clone()),
            Pauses::Expected(schedule) => fleet.schedule(move || schedule.clone()),
            Pauses::Fixed(schedule) => fleet.schedule(move || schedule),
        }
    }
}

/// Says what a person should know before anything is asked.
pub(super) fn introduce(manner: &Manner, access: &Access, network: &super::args::Network, color: bool) {
    if manner.told.quiet {
        return;
    }
    report::introduce(access, network, color);
    if let Some(text) = pace::warning(&manner.pace, manner.limits.timeout.0) {
        report::say(&report::warning(&text, color));
    }
    if let Some(text) = ending::of_key(access.is_temporary_key()) {
        report::say(&report::warning(text, color));
    }
}

/// Waits for the operation to its end, tells that, and runs COMMAND if there is one. `output` is what is printed
/// unless COMMAND will run.
pub(super) async fn follow(
    operation: Operation,
    plan: Plan,
    manner: &Manner,
    output: OutputOfWait,
    mut chronicle: Chronicle,
    access: &Access,
    color: bool,
) -> Result<Exit, Failure> {
    let operation = operation.require_result(manner.faults.require_result);
    let interrupt = Interrupt::listen()
        .map_err(|error| Failure::usage("signals cannot be listened for").caused_by(error))?;
    let signal = interrupt.seen();
    let asked = operation.clone();
    chronicle.begin();
    let Some(outcome) = events(operation, plan, interrupt, manner, &mut chronicle, access, color).await
    else {
        chronicle.write_unread();
        telemetry::finish(None).await;
        return Ok(broken_pipe());
    };
    let exit = Exit::of_outcome(&outcome, signal.exit().unwrap_or(Exit::Interrupted));
    let Some(ended) = Ended::of(&outcome, &asked) else {
        // Only a wait that was never started knows nothing.
        return outcome.map(|_| exit).map_err(|error| Failure::of(exit, &error));
    };
    chronicle.ended(0, &ended, ended.elapsed);
    chronicle.write(ended.outcome, exit);
    let will_run = outcome.is_ok() && !manner.command.is_empty();
    let output = if outcome.is_ok() { printed(manner, output) } else { output };
    match &outcome {
        Ok(_) if manner.told.quiet => {}
        Ok(_) => report::tell_success(&ended, color),
        Err(error) => hint::of_wait(error, &ended, exit, access).tell(color),
    }
    report::print_end(&ended, output, exit, color);
    report::notify(&manner.told, &ended);
    match signal.exit() {
        _ if !will_run => Ok(exit),
        None => run::command(&manner.command).await,
        // Who presses ^C does not want the next step to begin.
        Some(exit) => Err(run::stopped(&manner.command, exit)),
    }
}

/// Starts the operation and prints where it is, without waiting for it.
pub(super) async fn located(
    operation: Operation,
    plan: Plan,
    manner: &Manner,
    access: &Access,
    color: bool,
) -> Result<Exit, Failure> {
    let asked = operation.clone();
    let interrupt = Interrupt::listen()
        .map_err(|error| Failure::usage("signals cannot be listened for").caused_by(error))?;
    let signal = interrupt.seen();
    let mut events = plan.wait(operation).cancel_on(interrupt.first()).events();
    while let Some(event) = events.next().await {
        match event.kind {
            EventKind::Answered { answer, .. } if answer.verdict.is_terminal() => {
                if !manner.told.quiet {
                    report::say("done at once: there is no operation to wait for");
                }
                return Ok(Exit::Succeeded);
            }
            EventKind::Answered { answer, .. } => {
                report::print(format!("{}\n", answer.status.url).as_bytes(), Exit::Succeeded, color);
                return Ok(Exit::Succeeded);
            }
            EventKind::Finished(outcome) => {
                let exit = Exit::of_outcome(&outcome, signal.exit().unwrap_or(Exit::Interrupted));
                return match (&outcome, Ended::of(&outcome, &asked)) {
                    (Err(error), Some(ended)) => Err(hint::of_wait(error, &ended, exit, access)),
                    (Err(error), None) => Err(Failure::of(exit, error)),
                    (Ok(_), _) => Ok(exit),
                };
            }
            _ => {}
        }
    }
    unreachable!("the last event of a wait is its outcome")
}

/// Waits and tells what happens; `None` when the reader of the events went away.
async fn events(
    operation: Operation,
    plan: Plan,
    interrupt: Interrupt,
    manner: &Manner,
    chronicle: &mut Chronicle,
    access: &Access,
    color: bool,
) -> Option<Outcome<Status>> {
    let mut reporter = report::reporter(&manner.told, &operation, &access.place(), color);
    let client = operation.http().clone();
    let mut search = Search::of(client.clone());
    let mut ending = Ending::of(plan.timeout());
    let mut wait = plan.wait(operation).cancel_on(interrupt.first());
    if let Some(heartbeat) = manner.told.heartbeat.0 {
        wait = wait.heartbeat(heartbeat);
    }
    let mut events = wait.events();
    while let Some(event) = events.next().await {
        search.told().into_iter().for_each(|text| reporter.say(&text.dressed(color)));
        if let Some(warning) = ending.warning(&client.standing(), event.elapsed) {
            reporter.say(&report::warning(&warning, color));
        }
        reporter.tell(&event);
        chronicle.note(0, &event);
        if manner.told.output == Some(OutputOfWait::Jsonl) {
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

fn policy(manner: &Manner) -> Policy {
    let default = Policy::default();
    Policy {
        timeout: manner.limits.timeout.0,
        poll_timeout: manner.limits.poll_timeout.0,
        initial_delay: manner.pace.initial_delay.0,
        max_errors: manner.faults.max_errors.unwrap_or(default.max_errors),
        not_found_grace: manner.faults.not_found_grace.0,
        fail_on_blocked: manner.faults.fail_on_blocked,
    }
}
