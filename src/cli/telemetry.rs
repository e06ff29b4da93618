//! Which trace this run is part of, as the environment has it, and who is told of it: the log, a collector, the API, and
//! COMMAND.
//! What is told is said where it happens.

#[cfg(feature = "otel")]
mod otel;

use std::ffi::OsString;

use lro::http::{ClientBuilder, TraceContext};
use tracing::Dispatch;
use tracing_subscriber::layer::SubscriberExt;

use super::args::Cli;
use super::exit::Exit;
use super::log;

#[cfg(feature = "otel")]
use otel::{Traced, context, finish as sent, heard_by, root};

/// Begins to tell what happens: to the log, and to a collector, if there is to be one or the other. What it returns is to be
/// kept until the end.
pub(super) fn start(cli: &Cli) -> Option<Traced> {
    let log = log::asked(&cli.log);
    #[cfg(feature = "otel")]
    let (traced, exported) = otel::start(cli, &inherited()).unzip();
    #[cfg(not(feature = "otel"))]
    let (traced, exported) = (None, None::<tracing_subscriber::layer::Identity>);
    if log.is_some() || exported.is_some() {
        let listener = Dispatch::new(tracing_subscriber::registry().with(log).with(exported));
        heard_by(&listener);
        // Nobody else tells anything in this process.
        let _ = tracing::dispatcher::set_global_default(listener);
    }
    traced
}

/// Has what is yet to be told arrive, within a bound. `exit` is how this ends, unless COMMAND takes its place.
pub(super) async fn finish(exit: Option<Exit>) {
    sent(exit).await;
}

/// The same client, which tells the API what its requests are part of.
pub(super) fn traced(http: ClientBuilder) -> ClientBuilder {
    let inherited = inherited().ok().flatten();
    if inherited.is_none() && !cfg!(feature = "otel") {
        return http;
    }
    http.trace_context(move || context().or_else(|| inherited.clone()))
}

/// What COMMAND is told of the trace, beside what it inherits.
pub(super) fn environment() -> Vec<(&'static str, String)> {
    root().map_or_else(Vec::new, |context| {
        let state = context.tracestate().unwrap_or_default().to_owned();
        vec![("TRACEPARENT", context.traceparent().to_owned()), ("TRACESTATE", state)]
    })
}

/// What a person should know of a trace that cannot be gone on with.
pub(super) fn warning() -> Option<String> {
    inherited().err()
}

/// The trace that this run is part of, as the environment has it.
fn inherited() -> Result<Option<TraceContext>, String> {
    read(std::env::var_os("TRACEPARENT"), std::env::var_os("TRACESTATE"))
}

/// The trace that these variables speak of, or what is wrong with them. A state without a parent is about nothing.
fn read(parent: Option<OsString>, state: Option<OsString>) -> Result<Option<TraceContext>, String> {
    let text = |value: Option<OsString>| value.filter(|value| !value.is_empty());
    let Some(parent) = text(parent) else { return Ok(None) };
    let parent = parent.to_str().map(TraceContext::parse);
    let context = match parent {
        Some(Ok(context)) => context,
        Some(Err(error)) => return Err(format!("the variable TRACEPARENT is passed over: {error}")),
        None => return Err("the variable TRACEPARENT is passed over: it is not text".to_owned()),
    };
    let state = text(state).and_then(|state| context.clone().with_state(state.to_str()?).ok());
    Ok(Some(state.unwrap_or(context)))
}

/// Without a collector nothing of ours stands between whoever called and whoever is called.
#[cfg(not(feature = "otel"))]
mod nobody {
    use lro::http::TraceContext;
    use tracing::Dispatch;

    use super::Exit;

    /// Nothing is sent.
    pub(in crate::cli) enum Traced {}

    pub(super) fn context() -> Option<TraceContext> {
        None
    }

    pub(super) fn heard_by(_: &Dispatch) {}

    pub(super) fn root() -> Option<TraceContext> {
        None
    }

    pub(super) async fn sent(_: Option<Exit>) {}
}

#[cfg(not(feature = "otel"))]
use nobody::{Traced, context, heard_by, root, sent};

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn the_trace_is_what_the_variables_say_or_it_is_said_what_is_wrong() {
        let read = |parent: Option<&str>, state: Option<&str>| {
            read(parent.map(Into::into), state.map(Into::into)).map(|context| {
                context.map(|context| {
                    (context.traceparent().to_owned(), context.tracestate().map(str::to_owned))
                })
            })
        };
        let is_parent = |state: Option<&str>| Ok(Some((PARENT.to_owned(), state.map(str::to_owned))));
        assert_eq!(read(None, None), Ok(None));
        assert_eq!(read(Some(""), Some("a=1")), Ok(None));
        assert_eq!(read(None, Some("a=1")), Ok(None));
        assert_eq!(read(Some(PARENT), None), is_parent(None));
        assert_eq!(read(Some(PARENT), Some("a=1,b=2")), is_parent(Some("a=1,b=2")));
        // A trace goes on without a state that is none.
        assert_eq!(read(Some(PARENT), Some("A=1")), is_parent(None));
        let told = read(Some("s3cret"), None).unwrap_err();
        assert!(told.starts_with("the variable TRACEPARENT is passed over: it is no traceparent"), "{told}");
        assert!(!told.contains("s3cret"), "{told}");
    }
}
