//! A line of the log: as text, and as JSON. What a server said in it steers nothing.
//! What is written down, and where, is not known here.

use std::fmt::{Debug, Write};

use lro::http::printable;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use tracing::Metadata;
use tracing::field::{Field, Visit};

use crate::cli::report::json_line;

/// What is said, by its name, in the order in which it was said first. What is said again is another word for the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields(Vec<(&'static str, Value)>);

impl Fields {
    fn set(&mut self, name: &'static str, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = value,
            None => self.0.push((name, value)),
        }
    }

    /// All that is said there too, but how it went: that is for the event that tells of it.
    pub(super) fn take(&mut self, of_span: &Self) {
        let told = of_span.0.iter().filter(|(name, _)| matches!(*name, "id" | "poll"));
        told.for_each(|(name, value)| self.set(name, value.clone()));
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.set(field.name(), format!("{value:?}").into());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field.name(), value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.set(field.name(), value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.set(field.name(), value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.set(field.name(), value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.set(field.name(), value.into());
    }
}

/// One event, as it is written.
pub(super) struct Line<'a> {
    time: String,
    level: &'static str,
    event: &'static str,
    target: &'a str,
    message: &'a str,
    fields: Vec<(&'static str, &'a Value)>,
}

impl<'a> Line<'a> {
    pub(super) fn of(time: String, metadata: &Metadata<'a>, fields: &'a Fields) -> Self {
        let message = fields.0.iter().find(|(name, _)| *name == "message");
        Self {
            time,
            level: metadata.level().as_str(),
            event: metadata.name(),
            target: metadata.target(),
            message: message.and_then(|(_, message)| message.as_str()).unwrap_or_default(),
            fields: fields
                .0
                .iter()
                .filter(|(name, _)| *name != "message")
                .map(|(name, value)| (*name, value))
                .collect(),
        }
    }

    /// `TIME LEVEL NAME MESSAGE KEY=VALUE …`.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{} {:<5} {} {}", self.time, self.level, self.event, self.message);
        for (name, value) in &self.fields {
            let _ = match value {
                Value::String(value) if is_word(value) => write!(text, " {name}={value}"),
                value => write!(text, " {name}={value}"),
            };
        }
        printable(&text).into_owned() + "\n"
    }

    /// An object with the same, and nothing within it but texts and numbers.
    pub(super) fn json(&self) -> String {
        json_line(self)
    }
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_map(None)?;
        line.serialize_entry("time", &self.time)?;
        line.serialize_entry("level", &self.level.to_ascii_lowercase())?;
        line.serialize_entry("event", self.event)?;
        line.serialize_entry("target", self.target)?;
        line.serialize_entry("message", self.message)?;
        for (name, value) in &self.fields {
            line.serialize_entry(name, value)?;
        }
        line.end()
    }
}

/// Whether it is clear without quotes where this ends.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '=' | '\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line<'a>(message: &'a str, fields: &'a [(&'static str, Value)]) -> Line<'a> {
        Line {
            time: "2026-11-23T22:28:12.345Z".to_owned(),
            level: "WARN",
            event: "lro.poll.erred",
            target: "lro",
            message,
            fields: fields.iter().map(|(name, value)| (*name, value)).collect(),
        }
    }

    #[test]
    fn a_line_of_text_has_each_word_where_a_reader_looks_for_it() {
        let fields = [
            ("id", "c1/o1".into()),
            ("poll", 2.into()),
            ("error", "no answer: \"a\"\u{1b}[2J".into()),
            ("empty", "".into()),
            ("odd", "a=b".into()),
        ];
        assert_eq!(
            line("no usable answer", &fields).text(),
            "2026-11-23T22:28:12.345Z WARN  lro.poll.erred no usable answer id=c1/o1 poll=2 \
             error=\"no answer: \\\"a\\\"\\u001b[2J\" empty=\"\" odd=\"a=b\"\n"
        );
        let hostile = line("a\r\n::error::no\u{202e}##[error]", &[]).text();
        assert_eq!(hostile.matches('\n').count(), 1, "{hostile:?}");
        assert!(hostile.ends_with("a : :error::no# #[error]\n"), "{hostile:?}");
    }

    #[test]
    fn a_line_of_json_is_one_flat_object() {
        let fields = [("id", "c1/\u{1b}o1\n".into()), ("poll", 2.into()), ("progress", 40.5.into())];
        assert_eq!(
            line("no usable answer", &fields).json(),
            "{\"time\":\"2026-11-23T22:28:12.345Z\",\"level\":\"warn\",\"event\":\"lro.poll.erred\",\"target\":\"lro\",\
             \"message\":\"no usable answer\",\"id\":\"c1/\\u001bo1\\n\",\"poll\":2,\"progress\":40.5}\n"
        );
    }

    #[test]
    fn what_is_said_again_is_another_word_for_the_same() {
        let mut fields = Fields::default();
        let mut of_span = Fields::default();
        of_span.set("id", "o1".into());
        of_span.set("outcome", "failed".into());
        fields.take(&of_span);
        fields.set("id", "o2".into());
        fields.set("poll", 1.into());
        assert_eq!(fields.0, [("id", "o2".into()), ("poll", 1.into())]);
    }
}
