//! Where something is found: the handle of an operation, the next poll, the result.
//! Nothing is fetched here.

use serde_json::Value;

use super::expression::Expression;
use super::judge::{Answered, Started, word};
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
    pub(super) methods: Vec<String>,
    pub(super) from: From,
    pub(super) template: Option<Template>,
    pub(super) preset: Option<String>,
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
    /// Whether it is of use after this call.
    pub(super) fn is_after(&self, started: Option<&Started>) -> bool {
        self.methods.is_empty()
            || started.is_some_and(|started| {
                self.methods.iter().any(|method| method.eq_ignore_ascii_case(&started.method))
            })
    }

    /// The value in this answer, or in a header of the one before it. `evaluate` knows the document of the answer.
    pub(super) fn value(
        &self,
        answered: &Answered,
        before: Option<&Started>,
        evaluate: impl FnOnce(&Expression) -> Option<Value>,
    ) -> Option<Value> {
        match &self.from {
            From::Header(name) => {
                let earlier = || before.and_then(|started| started.answered.named(name));
                answered.named(name).or_else(earlier).map(Value::from)
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
