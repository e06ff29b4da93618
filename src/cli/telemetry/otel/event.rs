//! Events as a collector is told them: each by its name, as a point in the span that it is in.
//! What is worth an event is said where it happens.

use std::fmt::Debug;
use std::sync::OnceLock;

use opentelemetry::KeyValue;
use opentelemetry::trace::TraceContextExt;
use tracing::field::{Field, Visit};
use tracing::{Dispatch, Event, Subscriber};
use tracing_opentelemetry::get_otel_context;
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;

/// Whoever hears all that is told in this process, and knows which span of a trace one of `tracing` is.
static LISTENER: OnceLock<Dispatch> = OnceLock::new();

/// All that is told is heard by this from now on.
pub(in crate::cli) fn heard_by(listener: &Dispatch) {
    let _ = LISTENER.set(listener.clone());
}

/// Adds each event to its span. `tracing-opentelemetry` would call it by its message, which is words for a person, and
/// would spell its numbers as text.
pub(super) struct Events;

impl<S> Layer<S> for Events
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let Some(span) = context.event_span(event).map(|span| span.id()) else { return };
        let Some(within) = LISTENER.get().and_then(|listener| get_otel_context(&span, listener)) else {
            return;
        };
        let mut fields = Fields::default();
        event.record(&mut fields);
        within.span().add_event(event.metadata().name(), fields.0);
    }
}

/// The fields of an event, but for the message: it says what the name says.
#[derive(Default)]
struct Fields(Vec<KeyValue>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() != "message" {
            self.0.push(KeyValue::new(field.name(), format!("{value:?}")));
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.push(KeyValue::new(field.name(), value.to_owned()));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.push(KeyValue::new(field.name(), value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        // OpenTelemetry knows no larger number.
        self.record_i64(field, i64::try_from(value).unwrap_or(i64::MAX));
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.0.push(KeyValue::new(field.name(), value));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.push(KeyValue::new(field.name(), value));
    }
}
