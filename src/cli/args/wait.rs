//! The arguments of `lro wait`: how long, how often, and through which faults.
//! Nothing is done here, and no default has a number of its own.

#![expect(
    clippy::doc_markdown,
    reason = "these comments are the help, and a terminal shows backticks as they are"
)]

use clap::{Args, ValueEnum};
use lro::policy::{DEFAULT_INTERVAL, DEFAULT_NOT_FOUND_GRACE, DEFAULT_POLL_TIMEOUT, DEFAULT_TIMEOUT};

use super::{At, Told, Which};
use crate::cli::duration::{Limit, Time, parse, parse_limit, parse_positive};

#[derive(Debug, Args)]
pub(crate) struct WaitArgs {
    #[command(flatten)]
    pub(crate) at: At,
    #[command(flatten)]
    pub(crate) which: Which,
    #[command(flatten)]
    pub(crate) manner: Manner,
}

/// How it is waited, and what comes after.
#[derive(Debug, Args)]
pub(crate) struct Manner {
    #[command(flatten)]
    pub(crate) limits: Limits,
    #[command(flatten)]
    pub(crate) pace: Pace,
    #[command(flatten)]
    pub(crate) faults: Faults,
    #[command(flatten)]
    pub(crate) told: Told,

    /// Runs after success, in place of lro; its exit code is the exit code
    ///
    /// Standard output then belongs to COMMAND: the result is not printed there unless --output asks for it.
    #[arg(last = true, value_name = "COMMAND", help_heading = None::<&'static str>)]
    pub(crate) command: Vec<std::ffi::OsString>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How long")]
pub(crate) struct Limits {
    /// How long to wait in all, or none; a bare number is in seconds [env: LRO_TIMEOUT]
    #[arg(short, long, value_name = "DURATION", default_value_t = Limit(Some(DEFAULT_TIMEOUT)), value_parser = parse_limit, allow_negative_numbers = true)]
    pub(crate) timeout: Limit,

    /// How long one poll may take
    #[arg(long, value_name = "DURATION", default_value_t = Time(DEFAULT_POLL_TIMEOUT), value_parser = parse_positive, allow_negative_numbers = true)]
    pub(crate) poll_timeout: Time,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "How often")]
pub(crate) struct Pace {
    /// How long the pauses between polls are [default: exponential; with --expect expected]
    ///
    /// exponential: each is longer than the one before. balanced: they grow with the square root of the time, for
    /// operations of unknown scale. expected: around the time that --expect says. fixed: all the same.
    #[arg(long, value_name = "NAME")]
    pub(crate) schedule: Option<ScheduleName>,

    /// How long the operation usually takes: polls are placed around that
    #[arg(long, value_name = "DURATION", value_parser = parse_positive, allow_negative_numbers = true)]
    pub(crate) expect: Option<Time>,

    /// The first pause; with balanced and expected the shortest, with fixed every one
    #[arg(long, value_name = "DURATION", default_value_t = Time(DEFAULT_INTERVAL), value_parser = parse_positive, allow_negative_numbers = true)]
    pub(crate) interval: Time,

    /// The longest pause [default: 15s; with balanced and expected 2m]
    #[arg(long, value_name = "DURATION", value_parser = parse_positive, allow_negative_numbers = true)]
    pub(crate) max_interval: Option<Time>,

    /// With exponential: by how much each pause is longer than the one before [default: 1.5]
    #[arg(long = "backoff", value_name = "FACTOR", allow_negative_numbers = true)]
    pub(crate) factor: Option<f64>,

    /// The share by which a pause varies [default: 0.1]
    #[arg(long, value_name = "SHARE", allow_negative_numbers = true)]
    pub(crate) jitter: Option<f64>,

    /// With balanced and expected: how much waiting one poll is worth [default: 250ms]
    #[arg(long, value_name = "DURATION", value_parser = parse_positive, allow_negative_numbers = true)]
    pub(crate) cost: Option<Time>,

    /// How long to wait before the first poll
    #[arg(long, value_name = "DURATION", default_value = "0s", value_parser = parse, allow_negative_numbers = true)]
    pub(crate) initial_delay: Time,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Faults")]
pub(crate) struct Faults {
    /// End after this many polls in a row without a usable answer, or none
    ///
    /// By default 7 before the first useful answer, so that a wrong address is noticed in about a minute, and none
    /// after it, so that an outage is outwaited.
    #[arg(long, value_name = "N", value_parser = parse_max_errors, allow_negative_numbers = true)]
    pub(crate) max_errors: Option<lro::MaxErrors>,

    /// How long after the start "no such operation" is tolerated
    #[arg(long, value_name = "DURATION", default_value_t = Time(DEFAULT_NOT_FOUND_GRACE), value_parser = parse, allow_negative_numbers = true)]
    pub(crate) not_found_grace: Time,

    /// End with exit code 1 when the operation waits for a person
    ///
    /// By default that is told as a warning, and the wait goes on.
    #[arg(long)]
    pub(crate) fail_on_blocked: bool,

    /// Take a finished operation without a result for not understood, not for a success
    #[arg(long)]
    pub(crate) require_result: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ScheduleName {
    Exponential,
    Balanced,
    Expected,
    Fixed,
}

fn parse_max_errors(text: &str) -> Result<lro::MaxErrors, String> {
    match text.parse() {
        Ok(0) => Err("it must be at least 1, or `none`".to_owned()),
        Ok(most) => Ok(lro::MaxErrors::Always(most)),
        Err(_) if text == "none" => Ok(lro::MaxErrors::Unlimited),
        Err(_) => Err("it must be a number from 1, or `none`".to_owned()),
    }
}
