//! What a client may send: bodies and queries, read into what the memory understands.
//! No HTTP and no memory here; a refusal is a sentence that names the field, what it is and what it must be.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::state::{Change, Cloud, Network, Spec};

const BANDWIDTHS: [u64; 10] = [10, 50, 100, 150, 200, 300, 400, 500, 600, 1000];

const NAME: RangeInclusive<usize> = 1..=64;
const DESCRIPTION: RangeInclusive<usize> = 0..=255;
const PROVIDER: RangeInclusive<usize> = 1..=64;
const LOCATION: RangeInclusive<usize> = 1..=128;
const ID: RangeInclusive<usize> = 1..=36;

const PAGE_SIZE: RangeInclusive<usize> = 10..=100;

/// Which part of a list is asked for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) name: String,
    pub(super) size: usize,
    /// From 1.
    pub(super) number: usize,
}

/// Reads the body of POST.
pub(super) fn create(body: &[u8]) -> Result<Spec, String> {
    let mut connector = connector(body)?;
    let name = connector.name()?;
    let bandwidth = connector.bandwidth()?;
    let spec = Spec {
        name: connector.needed("name", name)?,
        bandwidth: connector.needed("bandwidth", bandwidth)?,
        cloud: cloud(connector.object("cloudInfo")?)?,
        network: network(connector.object("networkInfo")?)?,
        description: connector.text("description", DESCRIPTION)?,
    };
    connector.end()?;
    Ok(spec)
}

/// Reads the body of PUT.
pub(super) fn modify(body: &[u8]) -> Result<Change, String> {
    let mut connector = connector(body)?;
    let mut change = Change {
        name: connector.name()?,
        description: connector.text("description", DESCRIPTION)?,
        bandwidth: connector.bandwidth()?,
        line_id: connector.text("lineId", ID)?,
    };
    // The reference has the line at the top in its table, and in here in its sample.
    if connector.map.contains_key("networkInfo") {
        let mut network = connector.object("networkInfo")?;
        let line_id = network.text("lineId", ID)?;
        network.end()?;
        if line_id.is_some() && change.line_id.is_some() {
            return Err("connector.networkInfo.lineId is given, and so is connector.lineId".to_owned());
        }
        change.line_id = change.line_id.or(line_id);
    }
    connector.end()?;
    if change == Change::default() {
        return Err("connector has nothing to change: give name, description, bandwidth or lineId".to_owned());
    }
    Ok(change)
}

/// Reads the query of the list. An empty value is the same as none, and what is unknown is left alone, as
/// gateways and scripts add parameters of their own.
pub(super) fn page(query: &HashMap<String, String>) -> Result<Page, String> {
    let number = |name: &str, default: usize, bounds: RangeInclusive<usize>| {
        let Some(text) = query.get(name).filter(|text| !text.is_empty()) else {
            return Ok(default);
        };
        let number = text.parse().ok().filter(|number| bounds.contains(number));
        number.ok_or_else(|| {
            let (least, most) = (bounds.start(), bounds.end());
            let text = shown(&Value::from(text.as_str()));
            format!("{name} is {text}, but must be a number from {least} to {most}")
        })
    };
    Ok(Page {
        name: query.get("name").cloned().unwrap_or_default(),
        size: number("pageSize", 10, PAGE_SIZE)?,
        // Within the API's int32, so that no multiplication overflows.
        number: number("pageNum", 1, 1..=0x7fff_ffff)?,
    })
}

fn connector(body: &[u8]) -> Result<Fields, String> {
    if body.is_empty() {
        return Err("the body is missing".to_owned());
    }
    let body = serde_json::from_slice(body).map_err(|error| format!("the body is not JSON: {error}"))?;
    let Value::Object(map) = body else {
        return Err(format!("the body is {}, but must be an object", shown(&body)));
    };
    let mut body = Fields { path: String::new(), map };
    let connector = body.object("connector")?;
    body.end()?;
    Ok(connector)
}

fn cloud(mut fields: Fields) -> Result<Cloud, String> {
    let cloud = Cloud {
        provider: fields.needed_text("provider", PROVIDER)?,
        master_location: fields.needed_text("masterLocation", LOCATION)?,
        master_direct_connect_id: fields.needed_text("masterDirectConnectId", ID)?,
        slave_location: fields.needed_text("slaveLocation", LOCATION)?,
        slave_direct_connect_id: fields.needed_text("slaveDirectConnectId", ID)?,
    };
    fields.end()?;
    Ok(cloud)
}

fn network(mut fields: Fields) -> Result<Network, String> {
    let network = Network {
        provider: fields.needed_text("provider", PROVIDER)?,
        domain: fields.needed_text("networkDomain", LOCATION)?,
        master_location: fields.needed_text("masterLocation", LOCATION)?,
        slave_location: fields.needed_text("slaveLocation", LOCATION)?,
        line_id: fields.text("lineId", ID)?,
    };
    fields.needed_text("popLocation", LOCATION)?;
    fields.end()?;
    Ok(network)
}

/// An object being read: a field that is understood is taken out, and what is left at the end is unknown.
struct Fields {
    path: String,
    map: Map<String, Value>,
}

impl Fields {
    fn of(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    fn needed<T>(&self, name: &str, value: Option<T>) -> Result<T, String> {
        value.ok_or_else(|| format!("{} is missing", self.of(name)))
    }

    fn wrong(&self, name: &str, value: &Value, must: &str) -> String {
        format!("{} is {}, but must be {must}", self.of(name), shown(value))
    }

    fn object(&mut self, name: &str) -> Result<Fields, String> {
        let value = self.map.remove(name);
        match self.needed(name, value)? {
            Value::Object(map) => Ok(Fields { path: self.of(name), map }),
            other => Err(self.wrong(name, &other, "an object")),
        }
    }

    fn text(&mut self, name: &str, length: RangeInclusive<usize>) -> Result<Option<String>, String> {
        match self.map.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) if length.contains(&text.chars().count()) => Ok(Some(text)),
            Some(other) => {
                let must = format!("text of {} to {} characters", length.start(), length.end());
                Err(self.wrong(name, &other, &must))
            }
        }
    }

    fn needed_text(&mut self, name: &str, length: RangeInclusive<usize>) -> Result<String, String> {
        let text = self.text(name, length)?;
        self.needed(name, text)
    }

    fn name(&mut self) -> Result<Option<String>, String> {
        let name = self.text("name", NAME)?;
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
        match name {
            Some(name) if !name.chars().all(allowed) => {
                Err(self.wrong("name", &name.into(), "letters, digits, _ and - only"))
            }
            name => Ok(name),
        }
    }

    fn bandwidth(&mut self) -> Result<Option<u64>, String> {
        let Some(value) = self.map.remove("bandwidth") else {
            return Ok(None);
        };
        let number = value.as_u64();
        if !number.is_some_and(|number| BANDWIDTHS.contains(&number)) {
            let known = BANDWIDTHS.map(|number| number.to_string()).join(", ");
            return Err(self.wrong("bandwidth", &value, &format!("one of {known}")));
        }
        Ok(number)
    }

    fn end(self) -> Result<(), String> {
        match self.map.keys().next() {
            None => Ok(()),
            Some(name) => Err(format!("{} is not a field of this call", self.of(&cut(name)))),
        }
    }
}

/// A value in an error: as JSON, and no longer than an error should be.
fn shown(value: &Value) -> String {
    cut(&value.to_string())
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(80) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

#[cfg(test)]
pub(super) mod tests;
