//! `lro simulate`: serves the PLAS API on loopback, so that a whole deployment script can be rehearsed.
//! What it serves is the library's simulator.

use lro::simulator::{Outcome, Simulator};

use super::args::{HowItEnds, SimulateArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::report;

/// Serves until the process is ended.
pub(crate) async fn simulate(args: SimulateArgs, color: bool) -> Result<Exit, Failure> {
    let outcome = match args.outcome {
        HowItEnds::Success => Outcome::Success,
        HowItEnds::Failed => Outcome::Failed,
        HowItEnds::Random => Outcome::Random,
    };
    let mut builder = Simulator::builder()
        .listen(args.listen)
        .duration(args.duration.0)
        .spread(args.spread)
        .outcome(outcome)
        .reason(args.reason)
        .fault_rate(args.fault_rate)
        .faults(args.faults);
    if let Some(token) = args.token {
        builder = builder.token(token);
    }
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    let simulator = builder.start().await.map_err(|error| Failure::of(Exit::Usage, &error))?;
    if !args.listen.ip().is_loopback() {
        report::say(&report::warning("the simulated API can be reached from other machines", color));
    }
    report::print(format!("{}\n", simulator.url()).as_bytes(), Exit::Succeeded, color);
    simulator.stopped().await;
    Ok(Exit::Succeeded)
}
