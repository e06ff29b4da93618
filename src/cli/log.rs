//! The log: what the library and the command say happens, a line each on standard error, for whoever greps or ships it.
//! What a line looks like stands beside this; what is worth one is said where it happens.

mod line;

use std::io::Write;
use std::sync::OnceLock;

use console::strip_ansi_codes;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::filter::{FilterFn, Filtered, filter_fn};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::args;
use super::clock;
use line::{Fields, Line};

/// What the names of the library and of the command belong to. Nobody else is let into the log: others write down whole
/// requests, with the credentials in them.
const TARGET: &str = "lro";

/// Whether there is a log. It is one for the whole process, as standard error is.
static IS_ON: OnceLock<()> = OnceLock::new();

/// Whether there is a log, so that whatever else is told has to stand in it.
pub(super) fn is_on() -> bool {
    IS_ON.get().is_some()
}

/// Has this, which is told to a person otherwise, stand in the log. What it begins with says how grave it is.
pub(super) fn told(text: &str) {
    let text = strip_ansi_codes(text);
    let text = text.trim().replace("\n  ", "; ");
    if let Some(text) = text.strip_prefix("error: ") {
        tracing::event!(name: "lro.told", target: TARGET, Level::ERROR, "{text}");
    } else if let Some(text) = text.strip_prefix("warning: ") {
        tracing::event!(name: "lro.told", target: TARGET, Level::WARN, "{text}");
    } else {
        tracing::event!(name: "lro.told", target: TARGET, Level::INFO, "{text}");
    }
}

/// Whether this is ours: the library's, the simulator's or the command's.
pub(super) fn is_ours(metadata: &Metadata<'_>) -> bool {
    metadata.target() == TARGET || metadata.target().starts_with("lro::")
}

type Chosen = FilterFn<Box<dyn Fn(&Metadata<'_>) -> bool + Send + Sync>>;

/// The log that these arguments ask for, if they ask for one.
pub(super) fn asked<S>(args: &args::Log) -> Option<Filtered<Log, Chosen, S>>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    if args.log_format.is_none() && args.log_level.is_none() {
        return None;
    }
    let most = match args.log_level.unwrap_or(args::Level::Info) {
        args::Level::Error => Level::ERROR,
        args::Level::Warn => Level::WARN,
        args::Level::Info => Level::INFO,
        args::Level::Debug => Level::DEBUG,
        args::Level::Trace => Level::TRACE,
    };
    IS_ON.get_or_init(|| ());
    // Of which operation and which poll something is said stands in the spans, whatever their level is.
    let is_wanted =
        move |metadata: &Metadata<'_>| is_ours(metadata) && (metadata.is_span() || *metadata.level() <= most);
    let log = Log { form: args.log_format.unwrap_or(args::Form::Text) };
    Some(log.with_filter(filter_fn(Box::new(is_wanted))))
}

/// Writes each event on a line, with the fields of the spans that it is in.
pub(super) struct Log {
    form: args::Form,
}

impl<S> Layer<S> for Log
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flatten().collect::<Vec<_>>().iter().rev() {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.take(of_span);
            }
        }
        event.record(&mut fields);
        let line = Line::of(clock::now(), event.metadata(), &fields);
        let text = match self.form {
            args::Form::Text => line.text(),
            args::Form::Json => line.json(),
        };
        // That nobody listens there changes nothing.
        let _ = std::io::stderr().lock().write_all(text.as_bytes());
    }
}
