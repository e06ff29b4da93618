//! What is sent to a collector of OpenTelemetry: a span of this run, and below it those of the library.
//! Whether there is a collector, and what is told of this run, stands in the variables `OTEL_*`, as for every other program.

mod collector;
mod event;

use std::env;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use lro::http::TraceContext;
use opentelemetry::trace::{
    SpanContext, SpanId, Status, TraceContextExt, TraceFlags, TraceId, TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, ContextGuard, KeyValue};
use opentelemetry_otlp::{Protocol, RetryPolicy, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::cli::args::{Cli, Grouped, Verb};
use crate::cli::exit::Exit;
use crate::cli::{log, report};
use collector::Collector;
use event::Events;

pub(super) use event::heard_by;

/// How long the end may be held up by what is yet to be sent. A collector that is slower than this, or is not there, changes
/// nothing else.
const PATIENCE: Duration = Duration::from_millis(1500);

/// The one of this process, whose place COMMAND may take wherever it is.
static EXPORT: OnceLock<Export> = OnceLock::new();

struct Export {
    provider: SdkTracerProvider,
    collector: Collector,
    root: Context,
    is_finished: AtomicBool,
    is_quiet: bool,
    color: bool,
}

/// While it is there, all that is told belongs to the span of this run.
pub(in crate::cli) type Traced = ContextGuard;

/// Begins to send what happens, if there is a collector and the verb asks anybody. The run is part of the trace that it was
/// called in.
pub(super) fn start<S>(
    cli: &Cli,
    inherited: &Result<Option<TraceContext>, String>,
) -> Option<(Traced, impl Layer<S> + use<S>)>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let (verb, is_quiet) = verb(&cli.verb)?;
    let color = report::color(cli.color);
    let collector = match wanted(|name| env::var(name).ok()) {
        Ok(is_wanted) => is_wanted.then(Collector::new)?,
        Err(what) => {
            warn(&what, is_quiet, color);
            return None;
        }
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_http_client(collector.clone())
        // What is not there now would only be waited for at the end.
        .with_retry_policy(RetryPolicy::disabled())
        .build();
    let Ok(exporter) = exporter else {
        // What is wrong with it is not told: a URL, or a header, may hold a secret.
        warn(
            "no traces are sent: what the variables OTEL_EXPORTER_OTLP_* say cannot be used",
            is_quiet,
            color,
        );
        return None;
    };
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource()).build();
    let tracer = provider.tracer("lro");
    let caller = inherited.as_ref().ok().and_then(Option::as_ref).and_then(remote);
    let caller = caller.map_or_else(Context::new, |caller| Context::new().with_remote_span_context(caller));
    let run = tracer.span_builder(format!("lro {verb}")).start_with_context(&tracer, &caller);
    let root = caller.with_span(run);
    let within = root.clone().attach();
    let is_finished = AtomicBool::new(false);
    let _ = EXPORT.set(Export { provider, collector, root, is_finished, is_quiet, color });
    let is_told = |metadata: &Metadata<'_>| log::is_ours(metadata) && *metadata.level() <= Level::DEBUG;
    let layer = tracing_opentelemetry::layer()
        .with_tracer(tracer)
        .with_location(false)
        .with_threads(false)
        .with_target(false)
        .with_level(false)
        .with_tracked_inactivity(false);
    let spans = layer.with_filter(filter_fn(move |metadata| metadata.is_span() && is_told(metadata)));
    Some((within, spans.and_then(Events.with_filter(filter_fn(is_told)))))
}

/// What the span of the run is called, and whether only errors are to be told; none for verbs that ask nobody.
fn verb(verb: &Verb) -> Option<(&'static str, bool)> {
    match verb {
        Verb::Wait(Grouped(args)) => Some(("wait", args.manner.told.quiet)),
        Verb::Submit(Grouped(args)) => Some(("submit", args.manner.told.quiet)),
        Verb::Status(Grouped(args)) => Some(("status", args.quiet)),
        Verb::Auth(_) => Some(("auth", false)),
        _ => None,
    }
}

/// Whether these variables ask for traces to be sent: only where they name a collector.
fn wanted(variable: impl Fn(&str) -> Option<String>) -> Result<bool, String> {
    let said = |name: &str| variable(name).filter(|value| !value.is_empty());
    let either = |ours: &'static str, all: &'static str| {
        said(ours).map(|value| (ours, value)).or_else(|| Some((all, said(all)?)))
    };
    let is_disabled = said("OTEL_SDK_DISABLED").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || said("OTEL_TRACES_EXPORTER").is_some_and(|value| value == "none");
    let endpoint = either("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT");
    if is_disabled || endpoint.is_none() {
        return Ok(false);
    }
    match either("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL") {
        Some((name, protocol)) if protocol != "http/protobuf" => Err(format!(
            "no traces are sent: {name} wants another protocol than http/protobuf, which is the only one here"
        )),
        _ => Ok(true),
    }
}

/// Who tells all this, unless the variables say it.
fn resource() -> Resource {
    let says =
        |name: &str, what: &str| env::var(name).is_ok_and(|value| value.contains(what) && !value.is_empty());
    let is_named = says("OTEL_SERVICE_NAME", "") || says("OTEL_RESOURCE_ATTRIBUTES", "service.name=");
    let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
    let resource = Resource::builder().with_attribute(version);
    if is_named { resource.build() } else { resource.with_service_name("lro").build() }
}

/// The span that the run was called in.
fn remote(context: &TraceContext) -> Option<SpanContext> {
    let mut parts = context.traceparent().split('-').skip(1);
    let trace = TraceId::from_hex(parts.next()?).ok()?;
    let span = SpanId::from_hex(parts.next()?).ok()?;
    let flags = u8::from_str_radix(parts.next()?, 16).ok()?;
    let state = context.tracestate().and_then(|state| state.parse::<TraceState>().ok()).unwrap_or_default();
    Some(SpanContext::new(trace, span, TraceFlags::new(flags), true, state))
}

/// The span that is being done right now, as it is told to others.
pub(super) fn context() -> Option<TraceContext> {
    written(&Context::current())
}

/// The span of the run, as it is told to others.
pub(super) fn root() -> Option<TraceContext> {
    written(&EXPORT.get()?.root)
}

fn written(context: &Context) -> Option<TraceContext> {
    let span = context.span();
    let span = span.span_context();
    if !span.is_valid() {
        return None;
    }
    let flags = span.trace_flags().to_u8();
    let parent = format!("00-{}-{}-{flags:02x}", span.trace_id(), span.span_id());
    let context = TraceContext::parse(&parent).ok()?;
    Some(context.clone().with_state(&span.trace_state().header()).unwrap_or(context))
}

/// Ends the span of the run and has all that is left sent, unless that takes too long. It is done once.
pub(super) async fn finish(exit: Option<Exit>) {
    let Some(export) = EXPORT.get().filter(|export| !export.is_finished.swap(true, Ordering::Relaxed)) else {
        return;
    };
    let span = export.root.span();
    if let Some(exit) = exit {
        span.set_attribute(KeyValue::new("process.exit.code", i64::from(exit.code())));
        if exit != Exit::Succeeded {
            span.set_status(Status::error(""));
            span.set_attribute(KeyValue::new("error.type", exit.code().to_string()));
        }
    }
    span.end();
    let provider = export.provider.clone();
    // Its thread waits for what is sent from this one, so that this one must not wait for it.
    let sent = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(PATIENCE));
    let is_late = !matches!(tokio::time::timeout(PATIENCE, sent).await, Ok(Ok(Ok(()))));
    if let Some(why) = export.collector.failure(is_late) {
        warn(
            &format!("not all of the trace was sent to the collector: {why}"),
            export.is_quiet,
            export.color,
        );
    }
}

fn warn(text: &str, is_quiet: bool, color: bool) {
    if !is_quiet {
        report::say(&report::warning(text, color));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traces_are_sent_where_a_collector_is_named_and_nowhere_else() {
        let asked = |said: &[(&str, &str)]| {
            wanted(|name| said.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
        };
        let endpoint = ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318");
        let traces = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://127.0.0.1:4318/v1/traces");
        assert_eq!(asked(&[]), Ok(false));
        assert_eq!(asked(&[("OTEL_SERVICE_NAME", "x")]), Ok(false));
        assert_eq!(asked(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "")]), Ok(false));
        assert_eq!(asked(&[endpoint]), Ok(true));
        assert_eq!(asked(&[traces]), Ok(true));
        assert_eq!(asked(&[endpoint, ("OTEL_SDK_DISABLED", "TRUE")]), Ok(false));
        assert_eq!(asked(&[endpoint, ("OTEL_SDK_DISABLED", "false")]), Ok(true));
        assert_eq!(asked(&[endpoint, ("OTEL_TRACES_EXPORTER", "none")]), Ok(false));
        assert_eq!(asked(&[endpoint, ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]), Ok(true));
        let told = asked(&[endpoint, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]).unwrap_err();
        assert!(told.contains("OTEL_EXPORTER_OTLP_PROTOCOL wants another protocol"), "{told}");
        let ours = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/protobuf");
        assert_eq!(asked(&[endpoint, ours, ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")]), Ok(true));
    }

    #[test]
    fn a_trace_is_the_same_for_who_calls_and_who_is_called() {
        let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let context = TraceContext::parse(parent).unwrap().with_state("a=1,b=2").unwrap();
        let told = written(&Context::new().with_remote_span_context(remote(&context).unwrap()));
        assert_eq!(told, Some(context));
        assert_eq!(written(&Context::new()), None);
    }
}
