//! `lro wait` for several operations: asks all of them, tells what happens meanwhile, and how all of it ended.
//! Who is asked when is the library's to say, and what is told of one end stands beside this.

mod asked;
mod ends;
mod input;
mod printed;
mod unfinished;

use std::io::ErrorKind;
use std::time::Duration;

use lro::http::Operation;
use lro::{Event, EventKind, Fleet, FleetEvent, Until};

use super::args::{WaitArgs, Which};
use super::chronicle::Chronicle;
use super::clock::Stopwatch;
use super::connect::{Access, Operations, Search};
use super::duration::human;
use super::ending::Ending;
use super::exit::Exit;
use super::failure::Failure;
use super::interrupt::{Interrupt, broken_pipe};
use super::report::{self, FleetReporter};
use super::wait::Plan;
use super::{run, telemetry};

use asked::Asked;
use ends::Ends;
use input::Input;
use printed::Printed;

/// How far apart the first polls of a few operations are at most: they are no stampede, and nobody waits for the last.
const LONGEST_GAP: Duration = Duration::from_millis(100);

/// Waits for all that is listed and all that is yet to come, and runs COMMAND if there is one.
pub(super) async fn wait(
    operations: Operations,
    plan: Plan,
    args: &WaitArgs,
    mut chronicle: Chronicle,
    access: &Access,
    color: bool,
) -> Result<Exit, Failure> {
    let printed = Printed::of(args)?;
    let interrupt = Interrupt::listen()
        .map_err(|error| Failure::usage("signals cannot be listened for").caused_by(error))?;
    let mut ends = Ends::new(access, until(&args.which), interrupt.seen(), printed, color);
    let mut ending = Ending::of(plan.timeout());
    let mut search = Search::of(operations.client.clone());
    let mut reporter = FleetReporter::new(&args.manner.told, operations.listed.len(), color);
    let introduction = introduction(&operations, &args.which, access, plan.timeout());

    let asked = Asked::new(printed.fetches_result(args), args.manner.faults.require_result);
    let mut fleet = fleet(plan, args, operations.listed.len()).cancel_on(interrupt.first());
    fleet.extend(asked.list(operations.listed));
    let mut input = match operations.follow {
        Some(follow) => Input::follow(follow, fleet.adder(), asked.clone()),
        None => Input::default(),
    };
    let mut events = fleet.events().map_err(|error| Failure::of(Exit::Usage, &error))?;
    reporter.begin(&introduction);
    chronicle.begin();
    let clock = Stopwatch::start();
    loop {
        let event = tokio::select! {
            Some(said) = input.next() => {
                input.hear(said, &reporter, color);
                continue;
            }
            event = events.next() => event,
        };
        let Some(event) = event else { break };
        search.told().into_iter().for_each(|text| reporter.say(&text.dressed(color)));
        if let FleetEvent::Of { event: Event { kind: EventKind::Answered { .. }, elapsed, .. }, .. } = &event
            && let Some(warning) = ending.warning(&operations.client.standing(), *elapsed)
        {
            reporter.say(&report::warning(&warning, color));
        }
        reporter.tell(&event);
        if let FleetEvent::Of { index, event } = &event {
            chronicle.note(*index, event);
        }
        let written = if printed == Printed::Jsonl {
            reporter.aside(|| report::print_fleet_event(&event))
        } else {
            Ok(())
        };
        let written = written.and(match event {
            FleetEvent::Of { index, event: Event { kind: EventKind::Finished(outcome), elapsed, .. } } => {
                ends.add(index, &outcome, &asked.take(index), elapsed, &reporter, &mut chronicle)
            }
            _ => Ok(()),
        });
        // Whatever else is wrong with standard output is told once, when the last is written there.
        if written.is_err_and(|error| error.kind() == ErrorKind::BrokenPipe) {
            reporter.close();
            chronicle.write_unread();
            telemetry::finish(None).await;
            return Ok(broken_pipe());
        }
    }
    while let Some(said) = input.left() {
        input.hear(said, &reporter, color);
    }
    reporter.close();
    let exit = ends.finish(&input, &args.manner, clock.elapsed(), &mut chronicle)?;
    let words = &args.manner.command;
    match (exit, ends.signal()) {
        (Exit::Succeeded, None) if !words.is_empty() => run::command(words).await,
        // Who presses ^C does not want the next step to begin.
        (Exit::Succeeded, Some(exit)) if !words.is_empty() => Err(run::stopped(words, exit)),
        _ => Ok(exit),
    }
}

fn until(which: &Which) -> Until {
    match which {
        Which { any: true, .. } => Until::Any,
        Which { fail_fast: true, .. } => Until::Failure,
        _ => Until::All,
    }
}

fn fleet(plan: Plan, args: &WaitArgs, count: usize) -> Fleet<Operation> {
    let many = &args.which.many;
    let spread = LONGEST_GAP.saturating_mul(u32::try_from(count).unwrap_or(u32::MAX));
    let spread = spread.min(args.manner.pace.interval.0);
    let mut fleet = plan.fleet().until(until(&args.which)).concurrency(many.concurrency).spread(spread);
    if let Some(rate) = many.rate {
        fleet = fleet.rate(rate);
    }
    match args.manner.told.heartbeat.0 {
        Some(heartbeat) => fleet.heartbeat(heartbeat),
        None => fleet,
    }
}

/// What is waited for, for how long: told before anything is asked.
fn introduction(
    operations: &Operations,
    which: &Which,
    access: &Access,
    timeout: Option<Duration>,
) -> String {
    let listed = match operations.listed.len() {
        1 => "1 operation".to_owned(),
        count => format!("{count} operations"),
    };
    let what = match (&operations.follow, operations.listed.is_empty()) {
        (None, _) => listed,
        (Some(_), true) => "the operations on standard input".to_owned(),
        (Some(_), false) => format!("{listed} and those on standard input"),
    };
    let what = match until(which) {
        Until::Any => format!("the first success of {what}"),
        Until::Failure => format!("{what}, until one does not succeed,"),
        Until::All => what,
    };
    let limit = timeout.map_or_else(|| "as long as it takes".to_owned(), |t| format!("at most {}", human(t)));
    format!("waiting for {what} at {}, {limit}", access.place())
}
