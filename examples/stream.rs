//! The wait as a stream: read one event after the other, beside whatever else there is to do.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod simulated;

use std::time::Duration;

use lro::EventKind;
use lro::schedule::Fixed;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (_api, [operation]) = simulated::operations(Duration::from_secs(2)).await?;

    let wait = lro::wait_for_completion(operation).schedule(Fixed::new(Duration::from_millis(500))?);
    let mut events = wait.events();
    let mut other_work = tokio::time::interval(Duration::from_millis(700));
    loop {
        tokio::select! {
            event = events.next() => match event.map(|event| event.kind) {
                Some(EventKind::Answered { answer, .. }) => println!("{}", answer.verdict),
                Some(EventKind::Finished(outcome)) => {
                    println!("done: {} polls", outcome?.report.polls);
                    return Ok(());
                }
                Some(_) => {}
                None => unreachable!("the last event is the outcome"),
            },
            _ = other_work.tick() => println!("other work"),
        }
    }
}
