//! What is said about a cloud, by whom, and which word counts when several are said.
//! Which of it is used is not decided here.

use std::collections::BTreeMap;
use std::iter;

use secrecy::{ExposeSecret, SecretString};

use super::error::CloudError;
use super::key::{Key, RIVALS, Shown, Topic};
use super::origin::{Fact, Origin, Said};
use crate::http::{printable, shortened, shown_text};

/// More of a value is not told.
const LONGEST_TOLD: usize = 200;

/// One word. Any of them may be a secret, put where it does not belong.
#[derive(Debug, Clone)]
pub(super) struct Word {
    /// None when it is a variable that is not text.
    pub(super) text: Option<SecretString>,
    pub(super) origin: Origin,
}

impl Word {
    pub(super) fn text(&self) -> Result<Said<&str>, CloudError> {
        let origin = self.origin.clone();
        match &self.text {
            Some(text) => Ok(Said { value: text.expose_secret(), origin }),
            None => Err(CloudError::NotText { origin }),
        }
    }
}

/// The words on each topic.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings(BTreeMap<Topic, Word>);

impl Settings {
    pub(super) fn has(&self, key: Key) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn has_any(&self, keys: &[Key]) -> bool {
        keys.iter().any(|key| self.has(*key))
    }

    pub(super) fn get(&self, key: Key) -> Option<&Word> {
        self.0.get(&Topic::Key(key))
    }

    pub(super) fn insert(&mut self, key: Key, word: Word) {
        self.0.insert(Topic::Key(key), word);
    }

    pub(super) fn remove(&mut self, key: Key) {
        self.0.remove(&Topic::Key(key));
    }

    /// These, with all that is said below where nothing is said here.
    #[must_use]
    pub(super) fn over(mut self, mut below: Self) -> Self {
        for rivals in RIVALS {
            if self.has_any(&rivals) {
                for key in rivals {
                    below.remove(key);
                }
            }
        }
        for (topic, word) in below.0 {
            self.0.entry(topic).or_insert(word);
        }
        self
    }

    /// Only what is said about the endpoints of services, and these keys.
    pub(super) fn overrides_and(mut self, keys: &[Key]) -> Self {
        self.0.retain(|topic, _| match topic {
            Topic::Key(key) => keys.contains(key),
            Topic::Override(_) => true,
        });
        self
    }

    /// The endpoints that are given, by the names of their keys.
    pub(super) fn overrides(&self) -> impl Iterator<Item = (&str, &Word)> {
        self.0.iter().filter_map(|(topic, word)| match topic {
            Topic::Key(_) => None,
            Topic::Override(name) => Some((name.as_str(), word)),
        })
    }

    /// A text, if it is there.
    pub(super) fn text(&self, key: Key) -> Result<Option<Said<&str>>, CloudError> {
        self.get(key).map(Word::text).transpose()
    }

    /// What may be told of a key.
    pub(super) fn fact(&self, key: Key) -> Option<Fact> {
        let word = self.get(key)?;
        let text = word.text.as_ref().map_or("", ExposeSecret::expose_secret);
        Some(Fact {
            what: key.name().to_owned(),
            value: told(key.row().shown, text),
            origin: word.origin.clone(),
        })
    }
}

impl FromIterator<(Topic, Word)> for Settings {
    fn from_iter<T: IntoIterator<Item = (Topic, Word)>>(words: T) -> Self {
        Self(words.into_iter().collect())
    }
}

/// This value, as far as it may be told.
pub(super) fn told(shown: Shown, text: &str) -> Option<String> {
    match shown {
        Shown::Plain => Some(shortened(&printable(text), LONGEST_TOLD).into_owned()),
        Shown::Url => Some(shortened(&shown_text(text), LONGEST_TOLD).into_owned()),
        Shown::Never => None,
    }
}

/// Makes something of a text.
type Make<T> = fn(String) -> T;

/// Somebody who uses settings, and remembers which.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    pub(super) settings: &'a Settings,
    /// Each with what is told of it instead of its value.
    used: BTreeMap<Key, Option<String>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(settings: &'a Settings) -> Self {
        Self { settings, used: BTreeMap::new() }
    }

    /// What is said about this.
    pub(super) fn take(&mut self, key: Key) -> Result<Option<Said<&'a str>>, CloudError> {
        let said = self.settings.text(key)?;
        if said.is_some() {
            self.used.entry(key).or_default();
        }
        Ok(said)
    }

    /// A text of one's own.
    pub(super) fn text(&mut self, key: Key) -> Result<Option<String>, CloudError> {
        Ok(self.take(key)?.map(|said| said.value.to_owned()))
    }

    pub(super) fn secret(&mut self, key: Key) -> Result<Option<SecretString>, CloudError> {
        Ok(self.take(key)?.map(|said| SecretString::from(said.value)))
    }

    /// The first of these that is there.
    pub(super) fn first<T>(&mut self, keys: &[(Key, Make<T>)]) -> Result<Option<T>, CloudError> {
        for (key, make) in keys {
            if let Some(text) = self.text(*key)? {
                return Ok(Some(make(text)));
            }
        }
        Ok(None)
    }

    /// Has this told of a key instead of its value.
    pub(super) fn tell(&mut self, key: Key, value: &str) {
        self.used.insert(key, told(key.row().shown, value));
    }

    /// What was used, in the order of the table.
    pub(super) fn facts(self) -> Vec<Fact> {
        let settings = self.settings;
        let fact = |(key, value): (Key, Option<String>)| {
            let fact = settings.fact(key)?;
            Some(Fact { value: value.or(fact.value), ..fact })
        };
        self.used.into_iter().filter_map(fact).collect()
    }
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn any_of(names: &[String]) -> String {
    listed(names, "or")
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn all_of(names: &[String]) -> String {
    listed(names, "and")
}

fn listed(names: &[String], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// `` `a`, `b` and `c` ``, of names that are not trusted; no more than twenty of them.
pub(super) fn quoted(names: &[String]) -> String {
    const MOST: usize = 20;
    let quoted = names.iter().take(MOST).map(|name| format!("`{}`", shortened(&printable(name), 60)));
    let rest = names.len().saturating_sub(MOST);
    all_of(&quoted.chain(iter::repeat_n(format!("{rest} more"), usize::from(rest > 0))).collect::<Vec<_>>())
}
