//! A collector of OpenTelemetry as far as the tests need one: it takes what is sent to it, and reads the spans in it.
//! The form is that of `opentelemetry.proto.collector.trace.v1`, in protobuf.

use std::collections::BTreeMap;

use crate::support::server::Hit;

/// A span that was sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Span {
    pub(super) trace: String,
    pub(super) id: String,
    pub(super) parent: String,
    pub(super) name: String,
    pub(super) kind: u64,
    pub(super) attributes: BTreeMap<String, String>,
    pub(super) numbers: BTreeMap<String, u64>,
    /// Each by its name, with its attributes.
    pub(super) events: Vec<(String, BTreeMap<String, String>)>,
    /// 2 is an error.
    pub(super) status: u64,
    /// Who tells it.
    pub(super) resource: BTreeMap<String, String>,
}

/// All spans of these requests.
pub(super) fn spans(hits: &[Hit]) -> Vec<Span> {
    let mut spans = Vec::new();
    for resource_spans in hits.iter().flat_map(|hit| messages(&hit.bytes, 1)) {
        let resource = messages(resource_spans, 1).flat_map(|resource| messages(resource, 1));
        let resource = texts(resource.collect());
        for bytes in messages(resource_spans, 2).flat_map(|scope| messages(scope, 2)) {
            spans.push(Span { resource: resource.clone(), ..span(bytes) });
        }
    }
    spans
}

fn span(bytes: &[u8]) -> Span {
    let hex =
        |field| messages(bytes, field).flatten().fold(String::new(), |id, byte| format!("{id}{byte:02x}"));
    Span {
        trace: hex(1),
        id: hex(2),
        parent: hex(4),
        name: text(bytes, 5),
        kind: number(bytes, 6),
        attributes: texts(messages(bytes, 9).collect()),
        numbers: numbers(messages(bytes, 9).collect()),
        events: messages(bytes, 11)
            .map(|event| (text(event, 2), texts(messages(event, 3).collect())))
            .collect(),
        status: messages(bytes, 15).map(|status| number(status, 3)).sum(),
        resource: BTreeMap::new(),
    }
}

/// Those of these `KeyValue`s that are texts.
fn texts(attributes: Vec<&[u8]>) -> BTreeMap<String, String> {
    let texts = attributes.into_iter().filter_map(|bytes| match attribute(bytes) {
        (name, Some((1, Field::Bytes(value)))) => Some((name, String::from_utf8_lossy(value).into_owned())),
        _ => None,
    });
    texts.collect()
}

/// Those that are numbers.
fn numbers(attributes: Vec<&[u8]>) -> BTreeMap<String, u64> {
    let numbers = attributes.into_iter().filter_map(|bytes| match attribute(bytes) {
        (name, Some((3, Field::Number(value)))) => Some((name, value)),
        _ => None,
    });
    numbers.collect()
}

/// The name of a `KeyValue`, and its value with the number that says of which type it is.
fn attribute(bytes: &[u8]) -> (String, Option<(u64, Field<'_>)>) {
    let value = messages(bytes, 2).next().unwrap_or_default();
    (text(bytes, 1), fields(value).into_iter().next())
}

fn text(bytes: &[u8], field: u64) -> String {
    messages(bytes, field).map(|text| String::from_utf8_lossy(text).into_owned()).collect()
}

fn number(bytes: &[u8], field: u64) -> u64 {
    let numbers = fields(bytes).into_iter().filter(|(known, _)| *known == field);
    numbers.map(|(_, value)| if let Field::Number(number) = value { number } else { 0 }).sum()
}

fn messages(bytes: &[u8], field: u64) -> impl Iterator<Item = &[u8]> {
    fields(bytes).into_iter().filter_map(move |(known, value)| match value {
        Field::Bytes(bytes) if known == field => Some(bytes),
        _ => None,
    })
}

enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

/// The fields of a message, as protobuf puts them on the wire.
fn fields(mut bytes: &[u8]) -> Vec<(u64, Field<'_>)> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let key = varint(&mut bytes);
        let field = match key & 7 {
            0 => Field::Number(varint(&mut bytes)),
            1 => Field::Bytes(take(&mut bytes, 8)),
            2 => {
                let length = varint(&mut bytes);
                Field::Bytes(take(&mut bytes, length))
            }
            5 => Field::Bytes(take(&mut bytes, 4)),
            wire => panic!("no message has a field of type {wire}"),
        };
        fields.push((key >> 3, field));
    }
    fields
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> &'a [u8] {
    let (taken, rest) = bytes.split_at(usize::try_from(length).expect("a length"));
    *bytes = rest;
    taken
}

fn varint(bytes: &mut &[u8]) -> u64 {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let (first, rest) = bytes.split_first().expect("a number has an end");
        *bytes = rest;
        value |= u64::from(first & 0x7f) << shift;
        if first & 0x80 == 0 {
            break;
        }
    }
    value
}
