//! Reading a file of clouds: the names in it, and what it says about one of them. The rest is skipped unseen.
//! Where files are and what counts among several is not known here.

use std::collections::BTreeMap;
use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_saphyr::Error;

use super::key::Topic;
use super::origin::Origin;
use super::settings::{Settings, Word};

/// What one file says.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// The clouds that it has.
    pub(super) names: Vec<String>,
    /// What it says about the wanted one, if that is there.
    pub(super) section: Option<Section>,
}

/// What is said about one cloud.
#[derive(Debug, Clone, Default)]
pub(super) struct Section {
    pub(super) settings: Settings,
    /// None when it does not speak of regions.
    pub(super) regions: Option<Vec<Region>>,
}

/// One region, and what is different there.
#[derive(Debug, Clone)]
pub(super) struct Region {
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) values: Settings,
}

/// Reads what stands under the key `top`: the names of the clouds, and the wanted one, as this origin says it. None
/// when there is no such key.
pub(super) fn read(
    text: &str,
    top: &'static str,
    wanted: Option<&str>,
    origin: &Origin,
) -> Result<Option<Document>, Error> {
    let options = serde_saphyr::options! {
        // Files of a few clouds have a few hundred of these; a bomb is noticed at once.
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: 50_000 },
        // A snippet would be a piece of the file.
        with_snippet: false,
    };
    let mut file =
        File { top, clouds: Clouds { wanted, document: Document::default(), raw: None }, is_there: false };
    serde_saphyr::with_deserializer_from_str_with_options(text, options, |yaml| {
        Fill(&mut file).deserialize(yaml)
    })?;
    let Clouds { mut document, raw, .. } = file.clouds;
    document.section = raw.map(|raw| raw.said_by(origin));
    Ok(file.is_there.then_some(document))
}

/// A mapping whose entries are taken one by one.
trait Entries {
    /// What it is, in words.
    const EXPECTED: &'static str;

    fn entry<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error>;
}

/// Fills it with the mapping that is read; with nothing by `null`.
struct Fill<'a, E>(&'a mut E);

impl<'de, E: Entries> DeserializeSeed<'de> for Fill<'_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, yaml: D) -> Result<(), D::Error> {
        yaml.deserialize_any(self)
    }
}

impl<'de, E: Entries> Visitor<'de> for Fill<'_, E> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(E::EXPECTED)
    }

    fn visit_unit<X>(self) -> Result<(), X> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<Option<String>>()? {
            match name {
                Some(name) => self.0.entry(name, &mut map)?,
                None => skip(&mut map)?,
            }
        }
        Ok(())
    }
}

fn skip<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(|_| ())
}

struct File<'a> {
    top: &'static str,
    clouds: Clouds<'a>,
    is_there: bool,
}

impl Entries for File<'_> {
    const EXPECTED: &'static str = "a mapping, with the clouds in it";

    fn entry<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        if name.replace('_', "-") != self.top {
            return skip(map);
        }
        self.is_there = true;
        map.next_value_seed(Fill(&mut self.clouds))
    }
}

struct Clouds<'a> {
    wanted: Option<&'a str>,
    document: Document,
    raw: Option<Raw>,
}

impl Entries for Clouds<'_> {
    const EXPECTED: &'static str = "a mapping, with a name for each cloud";

    fn entry<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        let is_wanted = self.wanted == Some(&*name);
        self.document.names.push(name);
        if is_wanted { map.next_value_seed(Fill(self.raw.insert(Raw::default()))) } else { skip(map) }
    }
}

/// A section before it is known who says it.
#[derive(Default)]
struct Raw {
    /// Each with its rank: the lowest one counts.
    words: BTreeMap<Topic, (usize, SecretString)>,
    regions: Option<Vec<(String, Raw)>>,
}

impl Raw {
    fn said_by(self, origin: &Origin) -> Section {
        let word = |(topic, (_, text)): (Topic, (usize, SecretString))| {
            (topic, Word { text: Some(text), origin: origin.clone() })
        };
        let settings = self.words.into_iter().map(word).collect();
        let region = |(name, raw): (String, Raw)| Region {
            name,
            origin: origin.clone(),
            values: raw.said_by(origin).settings,
        };
        Section { settings, regions: self.regions.map(|regions| regions.into_iter().map(region).collect()) }
    }

    fn word<'de, A: MapAccess<'de>>(&mut self, name: &str, rank: usize, map: &mut A) -> Result<(), A::Error> {
        let Some((topic, place)) = Topic::of_name(name) else { return skip(map) };
        // Nothing, and a text without a character, say nothing.
        let Some(Text(text)) = map.next_value()? else { return Ok(()) };
        if text.expose_secret().is_empty() {
            return Ok(());
        }
        let rank = rank + place;
        if self.words.get(&topic).is_none_or(|(other, _)| rank < *other) {
            self.words.insert(topic, (rank, text));
        }
        Ok(())
    }
}

/// A key counts more within `auth` than beside it, under any of its names.
const BESIDE_AUTH: usize = 100;

impl Entries for Raw {
    const EXPECTED: &'static str = "a mapping of what is said about the cloud";

    fn entry<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        match &*name {
            "auth" => map.next_value_seed(Fill(&mut Auth(self))),
            "regions" => {
                self.regions = map
                    .next_value::<Option<Vec<RawRegion>>>()?
                    .map(|regions| regions.into_iter().map(|region| (region.name, region.values)).collect());
                Ok(())
            }
            name => self.word(name, BESIDE_AUTH, map),
        }
    }
}

struct Auth<'a>(&'a mut Raw);

impl Entries for Auth<'_> {
    const EXPECTED: &'static str = "a mapping of what is needed to ask";

    fn entry<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        self.0.word(&name, 0, map)
    }
}

/// `eu-de`, or `{name: eu-de, values: {…}}`.
#[derive(Default)]
struct RawRegion {
    name: String,
    values: Raw,
}

impl Entries for RawRegion {
    const EXPECTED: &'static str = "a region: its name, or a mapping of `name` and `values`";

    fn entry<'de, A: MapAccess<'de>>(&mut self, name: String, map: &mut A) -> Result<(), A::Error> {
        match &*name {
            "name" => self.name = map.next_value()?,
            "values" => map.next_value_seed(Fill(&mut self.values))?,
            _ => skip(map)?,
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for RawRegion {
    fn deserialize<D: Deserializer<'de>>(yaml: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = RawRegion;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(RawRegion::EXPECTED)
            }

            fn visit_str<X>(self, name: &str) -> Result<RawRegion, X> {
                Ok(RawRegion { name: name.to_owned(), values: Raw::default() })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawRegion, A::Error> {
                let mut region = RawRegion::default();
                Fill(&mut region).visit_map(map)?;
                Ok(region)
            }
        }

        yaml.deserialize_any(Either)
    }
}

/// A text as it stands there, whatever it might mean as a number.
struct Text(SecretString);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(yaml: D) -> Result<Self, D::Error> {
        String::deserialize(yaml).map(|text| Self(SecretString::from(text)))
    }
}
