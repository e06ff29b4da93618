//! What is told of a wait: that the table of names holds, that the API learns which trace it is part of, and what the command
//! writes down and sends to a collector.

#[cfg(all(unix, feature = "otel", feature = "simulator"))]
mod collector;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod log;
#[cfg(all(unix, feature = "otel", feature = "simulator"))]
mod otel;
#[cfg(all(unix, feature = "cli", feature = "simulator"))]
mod run;
#[cfg(unix)]
mod table;
mod trace;

/// A trace, and the span that whoever calls is in.
const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

fn parent() -> String {
    format!("00-{TRACE}-{SPAN}-01")
}
