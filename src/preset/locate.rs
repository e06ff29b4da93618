//! Where something is found: the handle of an operation, the next poll, the result.
//! Nothing is fetched here.

use serde_json::Value;
use url::Url;

use super::answered::{Answered, Started};
use super::expression::{Expression, is_truthy};
use super::judge::word;
use super::template::Template;

/// The result of a success.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Found {
    /// It stands in the answer.
    Value(Value),
    /// It is to be fetched there: a URL, or a path.
    At(String),
}

/// A [`Locator`](super::definition::Locator) that was checked.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) after: After,
    pub(super) from: From,
    pub(super) template: Option<Template>,
    pub(super) preset: Option<String>,
}

/// After which starting call a source is of use. What is not said fits every call.
#[derive(Debug, Clone)]
pub(super) struct After {
    pub(super) methods: Vec<String>,
    pub(super) status: Vec<u16>,
    pub(super) when: Option<Expression>,
}

impl After {
    /// Whether it fits every call, and none at all too.
    pub(super) fn is_any(&self) -> bool {
        self.methods.is_empty() && self.status.is_empty() && self.when.is_none()
    }

    fn holds(&self, started: &Started) -> bool {
        let is_method = |method: &String| method.eq_ignore_ascii_case(&started.method);
        let is_true = |when: &Expression| {
            let document = started.answered.document().unwrap_or_default();
            when.evaluate(&document).is_ok_and(|value| is_truthy(&value))
        };
        (self.methods.is_empty() || self.methods.iter().any(is_method))
            && (self.status.is_empty() || self.status.contains(&started.answered.status))
            && self.when.as_ref().is_none_or(is_true)
    }
}

/// What a template is filled with, or what is a location by itself.
#[derive(Debug, Clone)]
pub(super) enum From {
    Header(String),
    Body(Expression),
    /// Nothing: the template is enough.
    Start,
}

impl Source {
    /// Whether it needs nothing of an answer.
    pub(super) fn is_always_there(&self) -> bool {
        matches!(self.from, From::Start)
    }

    /// Whether it is of use after this call.
    pub(super) fn is_after(&self, started: Option<&Started>) -> bool {
        self.after.is_any() || started.is_some_and(|started| self.after.holds(started))
    }

    /// The value in this answer, or in a header of the one before it. `evaluate` knows the document of the answer.
    pub(super) fn value(
        &self,
        answered: &Answered<'_>,
        before: Option<&Started>,
        evaluate: impl FnOnce(&Expression) -> Option<Value>,
    ) -> Option<Value> {
        match &self.from {
            From::Header(name) => {
                let earlier = || {
                    let started = before?;
                    Some(whole(started.answered.named(name)?, &started.url))
                };
                answered.named(name).map(str::to_owned).or_else(earlier).map(Value::from)
            }
            From::Body(expression) => evaluate(expression).filter(|value| !value.is_null()),
            From::Start => Some(Value::Null),
        }
    }

    /// The location that the value is, or that the template makes of it.
    pub(super) fn location(&self, value: &Value, started: Option<&Started>) -> Option<String> {
        match &self.template {
            Some(template) => {
                // `kind == 'Job' && id` is false of what is no job, and that is no id.
                let word = Some(value).filter(|value| !value.is_boolean()).and_then(word);
                template.fill(word.as_deref(), started.map(|started| started.url.as_str()))
            }
            None => value.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned),
        }
    }

    /// The result that the value is, or the place where it is.
    pub(super) fn result(&self, value: Value, started: Option<&Started>) -> Option<Found> {
        let is_place = |text: &str| ["/", "https://", "http://"].iter().any(|begin| text.starts_with(begin));
        match (&self.from, &self.template) {
            (From::Body(_), None) if !value.as_str().is_some_and(is_place) => Some(Found::Value(value)),
            _ => self.location(&value, started).map(Found::At),
        }
    }
}

/// A reference that an answer made, seen from the URL that was asked. What is none is left for whoever asks there.
fn whole(reference: &str, url: &str) -> String {
    let url = Url::parse(url).and_then(|url| url.join(reference));
    url.map_or_else(|_| reference.to_owned(), String::from)
}
