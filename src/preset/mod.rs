//! How each API says how an operation stands: one data file each, judged by one piece of code.
//! How an answer is got is not known here, nor when to ask again.
//!
//! ```
//! use lro::Verdict;
//! use lro::preset::{Answered, Preset};
//!
//! let preset = Preset::builtin("otc-job").unwrap();
//! let answered = Answered::new(200, r#"{"job_id": "j1", "status": "FAIL", "fail_reason": "no quota"}"#);
//! let ruling = preset.judge(&answered, None)?;
//! assert_eq!(ruling.verdict, Verdict::Failed);
//! assert_eq!(ruling.message.as_deref(), Some("no quota"));
//! # Ok::<(), lro::preset::Misfit>(())
//! ```

mod answered;
mod builtin;
mod check;
mod definition;
mod error;
mod expression;
#[cfg(all(any(fuzzing, test), feature = "clouds"))]
pub(crate) mod fuzzing;
mod hint;
mod judge;
mod locate;
mod template;
#[cfg(test)]
mod tests;
mod traps;
mod values;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use check::Rules;

pub use answered::{Answered, Started};
pub use definition::{Definition, HintSource, Locator, Pick, Scheme, Statuses, Unit};
pub use error::PresetError;
pub use expression::{Expression, ExpressionError, is_truthy};
pub use hint::Hint;
pub use judge::{Misfit, Ruling};
pub use locate::Found;

/// How one API says how an operation stands. Clones share everything.
#[derive(Clone)]
pub struct Preset(Arc<Checked>);

struct Checked {
    name: Arc<str>,
    text: Option<String>,
    definition: Definition,
    rules: Rules,
}

impl Preset {
    /// The preset with this name that is built in.
    ///
    /// ```
    /// use lro::preset::Preset;
    ///
    /// assert!(Preset::builtin("github-run").is_some());
    /// assert!(Preset::builtin_names().any(|name| name == "k8s-job"));
    /// ```
    #[must_use]
    pub fn builtin(name: &str) -> Option<Self> {
        let (name, text) = builtin::FILES.iter().find(|(known, _)| *known == name)?;
        let preset = Self::from_toml(name, text);
        Some(preset.unwrap_or_else(|error| unreachable!("a test checks each of them: {error}")))
    }

    /// The names of the presets that are built in, in alphabetical order.
    pub fn builtin_names() -> impl Iterator<Item = &'static str> {
        builtin::FILES.iter().map(|(name, _)| *name)
    }

    /// Reads a preset file; the name is for messages.
    ///
    /// # Errors
    ///
    /// When it is no TOML, has an unknown key, an expression that cannot be compiled, value sets that overlap, or no
    /// way to end well.
    ///
    /// ```
    /// use lro::Verdict;
    /// use lro::preset::{Answered, Preset};
    ///
    /// let preset = Preset::from_toml("exports", "
    ///     title = 'Exports of the reporting service'
    ///     state = 'status'
    ///     success = ['ready']
    ///     failure = ['broken', 'expired*']
    /// ")?;
    /// let ruling = preset.judge(&Answered::new(200, r#"{"status": "Expired by quota"}"#), None)?;
    /// assert_eq!(ruling.verdict, Verdict::Failed);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_toml(name: &str, text: &str) -> Result<Self, PresetError> {
        let definition = toml::from_str(text).map_err(|error| PresetError::of_toml(name, text, &error))?;
        Self::checked(name, Some(text), definition)
    }

    /// Makes a preset of its parts; the name is for messages.
    ///
    /// # Errors
    ///
    /// As [`from_toml`](Self::from_toml), without a line.
    pub fn new(name: &str, definition: Definition) -> Result<Self, PresetError> {
        Self::checked(name, None, definition)
    }

    fn checked(name: &str, text: Option<&str>, definition: Definition) -> Result<Self, PresetError> {
        let is_known = |other: &str| builtin::FILES.iter().any(|(known, _)| *known == other);
        let rules = check::rules(&definition, is_known)
            .map_err(|wrong| wrong.with(name, text.unwrap_or_default()))?;
        let text = text.map(str::to_owned);
        Ok(Self(Arc::new(Checked { name: name.into(), text, definition, rules })))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// The same, to keep.
    pub(crate) fn shared_name(&self) -> Arc<str> {
        Arc::clone(&self.0.name)
    }

    /// The file that it was read from, as it stands there.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        self.0.text.as_deref()
    }

    /// What it says.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.0.definition
    }

    /// What is to be typed for an operation beside a path or a URL, in capitals: `PROJECT_ID/JOB_ID`.
    #[must_use]
    pub fn reference_form(&self) -> Option<String> {
        self.0.rules.reference.as_ref().map(template::Typed::form)
    }

    /// The path for what was typed: `p1/j1` is `/v1/p1/jobs/j1`. None when this preset has no such form, or when it
    /// has not as many parts.
    #[must_use]
    pub fn path(&self, typed: &str) -> Option<String> {
        self.0.rules.reference.as_ref()?.path(typed)
    }

    /// Whether a location may be that of an operation, by the look of its path. Nothing that asks goes by it: it tells a
    /// slip of whoever types before anything is sent.
    #[must_use]
    pub fn is_location(&self, location: &str) -> bool {
        let path = location.split(['?', '#']).next().unwrap_or_default();
        self.definition().location.is_empty() || self.0.rules.locations.find(path).is_some()
    }

    /// What would be typed for this location, if it ends like this preset's: the reverse of [`path`](Self::path).
    #[must_use]
    pub fn typed(&self, location: &str) -> Option<String> {
        let typed = |location: &str| self.0.rules.reference.as_ref()?.typed(location);
        typed(location).or_else(|| typed(&self.other_spelling(location)?))
    }

    /// The same path in the other spelling that the API has for a part of it, if it has one.
    #[must_use]
    pub fn other_spelling(&self, location: &str) -> Option<String> {
        let other = |one: &str, other: &str| location.contains(one).then(|| location.replacen(one, other, 1));
        let spellings = &self.0.definition.spellings;
        spellings.iter().find_map(|[a, b]| other(a, b).or_else(|| other(b, a)))
    }

    /// What an answer means, perhaps by the preset that is [picked](Self::picked) for it; `started` is the call that started the operation, if it is known.
    ///
    /// # Errors
    ///
    /// When it is no answer of the API, or one that no rule covers. A rule that cannot be evaluated is no error: it
    /// does not apply, and the ruling says so.
    pub fn judge(&self, answered: &Answered<'_>, started: Option<&Started>) -> Result<Ruling, Misfit> {
        if let Some(picked) = self.picked(answered)? {
            return picked.judge(answered, started);
        }
        judge::judge(&self.0.rules, answered, started)
    }

    /// The preset that this one leaves the judgment of such answers to.
    ///
    /// # Errors
    ///
    /// When none fits the answer.
    pub fn picked(&self, answered: &Answered<'_>) -> Result<Option<Self>, Misfit> {
        if self.0.rules.picks.is_empty() {
            return Ok(None);
        }
        let document = answered.document();
        let picked = self.0.rules.picks.iter().find(|pick| {
            let fits = |document: &Value| match &pick.when {
                Some(when) => when.evaluate(document).is_ok_and(|value| is_truthy(&value)),
                None => true,
            };
            (pick.status.is_empty() || pick.status.contains(&answered.status))
                && (pick.when.is_none() || document.as_ref().is_ok_and(fits))
        });
        match picked {
            Some(pick) => match Self::builtin(&pick.preset) {
                // It may leave it to others in its turn.
                Some(preset) => Ok(Some(preset.picked(answered)?.unwrap_or(preset))),
                None => Ok(None),
            },
            None => Err(Misfit::NotUnderstood("no preset fits this answer".to_owned())),
        }
    }

    /// Where the operation is that a call started, and the preset that judges it; none when its answer names none.
    #[must_use]
    pub fn handle(&self, started: &Started) -> Option<(String, Self)> {
        let document = started.answered.document();
        // A page of somebody who stands in between, or an error with a status of success, names nothing: only what it
        // says itself is a word on the operation, not that it is there.
        let is_odd = document.as_ref().map_or(true, is_error);
        let document = document.unwrap_or_default();
        let handles = self.0.rules.handles.iter().filter(|source| source.is_after(Some(started)));
        let handles = handles.filter(|source| !(is_odd && source.is_always_there()));
        let mut found = handles.filter_map(|source| {
            let evaluate = |expression: &Expression| expression.evaluate(&document).ok();
            let value = source.value(&started.answered, None, evaluate)?;
            Some((source.location(&value, Some(started))?, source.preset.as_deref()))
        });
        let (location, preset) = found.next()?;
        Some((location, preset.and_then(Self::builtin).unwrap_or_else(|| self.clone())))
    }

    /// Every status beside 200 to 299 that is an answer.
    #[must_use]
    pub fn statuses(&self) -> Vec<u16> {
        let rules = &self.0.rules;
        // With another status than those that it names, none is picked for the status alone.
        let picks = rules.picks.iter().flat_map(|pick| {
            let statuses = Self::builtin(&pick.preset).map(|preset| preset.statuses()).unwrap_or_default();
            statuses.into_iter().filter(|status| pick.status.contains(status))
        });
        rules.verdicts.iter().flat_map(|rule| rule.statuses.clone()).chain(picks).collect()
    }
}

/// Whether this says that something went wrong, although its status does not, as the answers of some gateways and those
/// of JSON-RPC do.
pub(crate) fn is_error(document: &Value) -> bool {
    let said = |key: &str| document.get(key).is_some_and(is_truthy);
    said("error") || said("errors")
}

impl fmt::Debug for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The body of a poll may hold a secret.
        f.debug_struct("Preset").field("name", &self.0.name).finish_non_exhaustive()
    }
}
