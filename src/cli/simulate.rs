//! `lro simulate`: serves the PLAS API on loopback, so that a whole deployment script can be rehearsed.
//! What it serves is the library's simulator.

use std::net::SocketAddr;

use clap::{Args, ValueEnum};
use lro::simulator::{Builder, Outcome, Simulator};

use super::duration::{Time, parse_positive};
use super::exit::Exit;
use super::failure::Failure;
use super::report;

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value_t = Builder::DEFAULT_LISTEN)]
    listen: SocketAddr,

    /// How long an operation takes
    #[arg(long, value_name = "DURATION", default_value_t = Time(Builder::DEFAULT_DURATION), value_parser = parse_positive)]
    duration: Time,

    /// The share by which that varies, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, allow_negative_numbers = true)]
    spread: f64,

    /// How operations end
    #[arg(long, value_name = "HOW", default_value = "success")]
    outcome: HowItEnds,

    /// Why operations fail
    #[arg(long, value_name = "TEXT", default_value = Builder::DEFAULT_REASON)]
    reason: String,

    /// The share of requests answered by a fault, 0 to 1: resets, 500, 503 with Retry-After, broken and slow bodies
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, allow_negative_numbers = true)]
    fault_rate: f64,

    /// Demand this token, and answer 401 to every other. It is a token of the simulation, no secret
    #[arg(long, value_name = "TOKEN")]
    token: Option<String>,

    /// Draw the same random numbers each time
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HowItEnds {
    Success,
    Failed,
    Random,
}

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
        .fault_rate(args.fault_rate);
    if let Some(token) = args.token {
        builder = builder.token(token);
    }
    if let Some(seed) = args.seed {
        builder = builder.seed(seed);
    }
    let simulator = builder.start().await.map_err(|error| Failure::of(Exit::Usage, &error))?;
    if !args.listen.ip().is_loopback() {
        report::warn("the simulated API can be reached from other machines", color);
    }
    report::print(format!("{}\n", simulator.url()).as_bytes(), Exit::Succeeded, color);
    simulator.stopped().await;
    Ok(Exit::Succeeded)
}
