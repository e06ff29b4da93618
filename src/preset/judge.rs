//! What an answer means by the rules of a preset: the one piece of code that says so, for every API.
//! How an answer was got is not known here, and nothing is made fit for a terminal.

use std::sync::Arc;

use serde_json::Value;

use super::answered::{Answered, Started};
use super::check::{HintFrom, Rule, Rules, Test};
use super::expression::{Document, Expression, is_truthy};
use super::hint::Hint;
use super::locate::Found;
use crate::operation::Verdict;

/// What an answer means, and what else a preset finds in it. Its texts are the server's: they may be long and hold
/// anything.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Ruling {
    /// What it means.
    pub verdict: Verdict,
    /// Which rule says so.
    pub rule: Arc<str>,
    /// The API's own word for the state.
    pub state: Option<String>,
    /// What the operation does.
    pub kind: Option<String>,
    /// What the API says in words.
    pub message: Option<String>,
    /// How far it is, in percent: 0 to 100.
    pub progress: Option<f64>,
    /// How long it is still expected to take, or when to end.
    pub eta: Option<Hint>,
    /// The wish to be left alone, beside `Retry-After`.
    pub hint: Option<Hint>,
    /// Where the next poll goes, if elsewhere.
    pub next: Option<String>,
    /// The result of a success.
    pub result: Option<Found>,
    /// What could not be evaluated; it counts as if it were not there.
    pub problems: Vec<String>,
}

/// Why an answer means nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Misfit {
    /// Its status is none that is an answer.
    #[error("HTTP {0} is no answer")]
    Status(u16),
    /// Its body is not JSON.
    #[error("it is not JSON: {0}")]
    NotJson(String),
    /// It is JSON of so many parts that it is no status document.
    #[error("it has more than {0}, which no status of an operation has")]
    TooLarge(&'static str),
    /// There is no body to judge by.
    #[error("it is empty")]
    Empty,
    /// It is of another shape than the answers of the API.
    #[error("it has another shape than the API's answers: `{0}` does not hold")]
    Unexpected(String),
    /// It is an answer of the API, and no rule covers it.
    #[error("{0}")]
    NotUnderstood(String),
}

/// The rules at work on one answer.
struct Judging<'a> {
    rules: &'a Rules,
    answered: &'a Answered<'a>,
    document: Document<'static>,
    problems: Vec<String>,
}

/// What an answer means by these rules.
pub(super) fn judge(
    rules: &Rules,
    answered: &Answered<'_>,
    started: Option<&Started>,
) -> Result<Ruling, Misfit> {
    let by_status = rules.verdicts.iter().any(|rule| rule.statuses.contains(&answered.status));
    if !by_status && !(200..=299).contains(&answered.status) {
        return Err(Misfit::Status(answered.status));
    }
    if rules.see_other.contains(&answered.status) && answered.named("location").is_none() {
        return Err(Misfit::NotUnderstood(format!(
            "HTTP {} says to see another place, and names none",
            answered.status
        )));
    }
    let is_done = rules.done.contains(&answered.status);
    let document = match answered.document() {
        Ok(document) => document,
        // What a status says by itself needs no body; but a page of somebody else with 200 is no success.
        Err(_) if !is_done && (by_status || rules.is_bodiless()) => Value::Null,
        Err(misfit) => return Err(misfit),
    };
    let mut judging = Judging { rules, answered, document: document.into(), problems: Vec::new() };
    // An answer without a body that a status covers says all that it has to say.
    if !by_status || is_done && !judging.document.is_null() {
        judging.expect()?;
    }
    judging.ruling(started)
}

impl<'a> Judging<'a> {
    /// Whether this is an answer of the API at all.
    fn expect(&mut self) -> Result<(), Misfit> {
        if self.document.is_null() && !self.rules.is_bodiless() {
            return Err(Misfit::Empty);
        }
        let Some(expect) = &self.rules.expect else { return Ok(()) };
        if self.holds(expect) { Ok(()) } else { Err(Misfit::Unexpected(expect.text().to_owned())) }
    }

    fn ruling(mut self, started: Option<&Started>) -> Result<Ruling, Misfit> {
        let state = self.state();
        let mut verdict = None;
        for rule in &self.rules.verdicts {
            if let Some(why) = self.applies(rule, state.as_deref()) {
                verdict = Some((rule.verdict, why));
                break;
            }
        }
        let (verdict, rule) = match verdict {
            Some((verdict, why)) => (verdict, why),
            None if self.rules.is_strict => {
                return Err(Misfit::NotUnderstood(self.uncovered(state.as_deref())));
            }
            None => (Verdict::Pending, "pending: no other rule applies".into()),
        };
        Ok(Ruling {
            verdict,
            rule,
            kind: self.rules.kind.as_ref().and_then(|kind| self.evaluate(kind)).and_then(|kind| word(&kind)),
            message: self.message(),
            progress: self.progress(),
            eta: self.time(&self.rules.etas),
            hint: self.time(&self.rules.hints),
            next: (!verdict.is_terminal()).then(|| self.next()).flatten(),
            result: (verdict == Verdict::Succeeded).then(|| self.result(started)).flatten(),
            state,
            problems: self.problems,
        })
    }

    fn state(&mut self) -> Option<String> {
        let expression = self.rules.state.as_ref()?;
        let value = self.evaluate(expression)?;
        let state = word(&value);
        if value.is_array() || value.is_object() {
            let what = if value.is_array() { "a list" } else { "an object" };
            self.problems.push(format!("`{}` is {what}, not a word for a state", expression.text()));
        } else if state.is_none() && self.rules.expect.is_none() && !self.document.is_null() {
            self.problems.push(format!("there is nothing at `{}` in the answer", expression.text()));
        }
        state
    }

    /// Why the rule applies, if it does.
    fn applies(&mut self, rule: &Rule, state: Option<&str>) -> Option<Arc<str>> {
        let status = self.answered.status;
        let verdict = rule.verdict;
        if rule.statuses.contains(&status) {
            return Some(format!("{verdict}: HTTP {status}").into());
        }
        match &rule.test {
            Test::Never => None,
            Test::When { condition, told } => self.holds(condition).then(|| Arc::clone(told)),
            Test::In(values) => {
                let value = values.find(state?)?;
                let path = self.rules.state.as_ref().map_or("", Expression::text);
                Some(format!("{verdict}: `{path}` is `{value}`").into())
            }
        }
    }

    /// What to say of an answer that no rule covers.
    fn uncovered(&self, state: Option<&str>) -> String {
        match (&self.rules.state, state) {
            (Some(path), Some(state)) => {
                format!("the API answers `{state}` at `{}`, which no rule covers", path.text())
            }
            _ => "the API answers something that no rule covers".to_owned(),
        }
    }

    fn message(&mut self) -> Option<String> {
        let rules: &'a Rules = self.rules;
        rules.message.iter().find_map(|message| {
            // `failed && reason` is false before, and that is not in words.
            self.evaluate(message).filter(is_truthy).and_then(|value| text(&value))
        })
    }

    fn progress(&mut self) -> Option<f64> {
        let value = self.evaluate(self.rules.progress.as_ref()?)?;
        let number: f64 = match &value {
            Value::Number(number) => number.as_f64()?,
            Value::String(text) => text.trim().trim_end_matches('%').trim_end().parse().ok()?,
            _ => return None,
        };
        number.is_finite().then(|| number.clamp(0.0, 100.0))
    }

    fn time(&mut self, sources: &'a [HintFrom]) -> Option<Hint> {
        sources.iter().find_map(|source| {
            let value = match (&source.header, &source.body) {
                (Some(header), _) => Value::from(self.answered.named(header)?),
                (None, Some(body)) => self.evaluate(body)?,
                (None, None) => return None,
            };
            Hint::read(&value, source.unit)
        })
    }

    fn next(&mut self) -> Option<String> {
        let rules = self.rules;
        rules.next.iter().find_map(|locator| {
            let value = locator.value(self.answered, None, |expression| self.evaluate(expression))?;
            locator.location(&value, None)
        })
    }

    fn result(&mut self, started: Option<&Started>) -> Option<Found> {
        let rules = self.rules;
        if rules.see_other.contains(&self.answered.status) {
            return self.answered.named("location").map(|location| Found::At(location.to_owned()));
        }
        rules.results.iter().filter(|locator| locator.is_after(started)).find_map(|locator| {
            let value = locator.value(self.answered, started, |expression| self.evaluate(expression))?;
            locator.result(value, started)
        })
    }

    /// What the expression is of the document. What cannot be evaluated is not there, and that is told.
    fn evaluate(&mut self, expression: &Expression) -> Option<Value> {
        let value = expression.evaluate_in(&self.document);
        self.or_problem(expression, value)
    }

    /// Whether the expression is true of the document.
    fn holds(&mut self, expression: &Expression) -> bool {
        let is_true = expression.holds_in(&self.document);
        self.or_problem(expression, is_true).unwrap_or_default()
    }

    fn or_problem<T>(&mut self, expression: &Expression, result: Result<T, String>) -> Option<T> {
        let told = |problem| format!("`{}` cannot be evaluated: {problem}", expression.text());
        result.map_err(|problem| self.problems.push(told(problem))).ok()
    }
}

/// A scalar as text; null and an empty text are none.
pub(super) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Words of a server, in whatever form; null and what is empty are none.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Array(values) => {
            let texts: Vec<_> = values.iter().filter_map(text).collect();
            (!texts.is_empty()).then(|| texts.join("; "))
        }
        Value::Object(fields) => (!fields.is_empty()).then(|| value.to_string()),
        scalar => word(scalar),
    }
}

#[cfg(test)]
mod tests;
