//! Progress from events: a watcher beside the wait, for a log or a screen of your own.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod simulated;

use std::time::Duration;

use lro::{Event, EventKind, plas};

fn log(event: &Event<plas::Status>) {
    let at = event.elapsed.as_secs_f32();
    match &event.kind {
        EventKind::Answered { poll, answer, .. } => println!("{at:>5.1} s  poll {poll}: {}", answer.verdict),
        EventKind::Erred { poll, error, .. } => println!("{at:>5.1} s  poll {poll}: {error}"),
        EventKind::Sleeping { pause } => println!("{at:>5.1} s  next poll in {:.1} s", pause.as_secs_f32()),
        EventKind::StillWaiting => println!("{at:>5.1} s  still waiting"),
        // There may be more kinds one day.
        _ => {}
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (_api, [operation]) = simulated::operations(Duration::from_secs(2)).await?;

    let done = lro::wait_for_completion(operation).on_event(log).heartbeat(Duration::from_secs(60)).await?;
    println!("{} of {:?}", done.answer.verdict, done.status().operation_type);
    Ok(())
}
