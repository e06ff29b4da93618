//! The arguments of `lro simulate`.
//! Nothing is done here.

use std::net::SocketAddr;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};
use lro::simulator::{Builder, Fault};

use crate::cli::duration::{Time, parse_positive};

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// Where to listen; port 0 is any free one
    #[arg(long, value_name = "ADDRESS", default_value_t = Builder::DEFAULT_LISTEN)]
    pub(crate) listen: SocketAddr,

    /// How long an operation takes
    #[arg(long, value_name = "DURATION", default_value_t = Time(Builder::DEFAULT_DURATION), value_parser = parse_positive)]
    pub(crate) duration: Time,

    /// The share by which that varies, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) spread: f64,

    /// How operations end
    #[arg(long, value_name = "HOW", default_value = "success")]
    pub(crate) outcome: HowItEnds,

    /// Why operations fail
    #[arg(long, value_name = "TEXT", default_value = Builder::DEFAULT_REASON)]
    pub(crate) reason: String,

    /// The share of requests answered by a fault, 0 to 1
    #[arg(long, value_name = "SHARE", default_value_t = 0.0, allow_negative_numbers = true)]
    pub(crate) fault_rate: f64,

    /// Which faults they are, each as likely as the others: a kind, or several with commas between
    ///
    /// 429 and 503 come with Retry-After, 502 and 504 with a page of HTML. A body that is truncated breaks off, one that
    /// is garbled is half of it and claims to be all, and one that is slow takes three seconds. Where it is stalled,
    /// nothing comes for a minute.
    #[arg(long = "fault", value_name = "KIND", value_delimiter = ',', value_parser = kind(),
        default_values = Fault::USUAL.map(Fault::name))]
    pub(crate) faults: Vec<Fault>,

    /// Demand this token, and answer 401 to every other. It is a token of the simulation, no secret
    #[arg(long, value_name = "TOKEN", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) token: Option<String>,

    /// Draw the same random numbers each time
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HowItEnds {
    Success,
    Failed,
    Random,
}

/// Understands the name of a fault.
fn kind() -> impl TypedValueParser<Value = Fault> {
    let names = PossibleValuesParser::new(Fault::ALL.map(Fault::name));
    names.try_map(|name| {
        Fault::ALL.into_iter().find(|fault| fault.name() == name).ok_or("it is not the name of a fault")
    })
}
