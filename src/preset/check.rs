//! From what a preset file says to rules that can be applied, or to what is wrong with it.
//! No answer is judged here.

mod form;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde_json::Value;

use super::definition::{Definition, HintSource, Locator, Pick, Unit};
use super::error::{Key, Wrong};
use super::expression::{Expression, is_truthy};
use super::locate::{After, From, Source};
use super::template::{Template, Typed};
use super::values::Values;
use crate::operation::Verdict;
use form::is_token;

/// A preset that was checked.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) reference: Option<Typed>,
    pub(super) locations: Values,
    pub(super) expect: Option<Expression>,
    pub(super) state: Option<Expression>,
    /// In the order in which they are asked.
    pub(super) verdicts: [Rule; 5],
    /// Whether an answer that no rule covers is an error.
    pub(super) is_strict: bool,
    pub(super) kind: Option<Expression>,
    pub(super) message: Vec<Expression>,
    pub(super) progress: Option<Expression>,
    pub(super) etas: Vec<HintFrom>,
    pub(super) hints: Vec<HintFrom>,
    pub(super) next: Vec<Source>,
    pub(super) handles: Vec<Source>,
    pub(super) results: Vec<Source>,
    pub(super) picks: Vec<Picked>,
    pub(super) done: Vec<u16>,
    pub(super) see_other: Vec<u16>,
}

/// What makes a verdict.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) verdict: Verdict,
    pub(super) statuses: Vec<u16>,
    pub(super) test: Test,
}

#[derive(Debug)]
pub(super) enum Test {
    Never,
    /// This is true of the document; and how that is told.
    When {
        condition: Expression,
        told: Arc<str>,
    },
    In(Values),
}

#[derive(Debug)]
pub(super) struct HintFrom {
    pub(super) header: Option<String>,
    pub(super) body: Option<Expression>,
    pub(super) unit: Unit,
}

#[derive(Debug)]
pub(super) struct Picked {
    pub(super) status: Vec<u16>,
    pub(super) when: Option<Expression>,
    pub(super) preset: String,
}

impl Rules {
    /// Whether a body has nothing to say here.
    pub(super) fn is_bodiless(&self) -> bool {
        let is_never = |rule: &Rule| matches!(rule.test, Test::Never);
        self.expect.is_none() && self.state.is_none() && self.verdicts.iter().all(is_never)
    }
}

/// The rules that the definition makes. Presets are referred to by name; whether there is one is for `is_known`.
pub(super) fn rules(definition: &Definition, is_known: impl Fn(&str) -> bool) -> Result<Rules, Wrong> {
    let d = definition;
    form::check(d)?;
    let state = d.state.as_deref().map(|text| expression("state", text)).transpose()?;
    let verdicts = verdicts(d)?;
    let locators = |key: &'static str, locators: &[Locator], is_start: bool| {
        let numbered = locators.iter().enumerate();
        let sources = numbered.map(|(i, locator)| source(&Key::of(key).at(i), locator, is_start, &is_known));
        sources.collect::<Result<Vec<_>, _>>()
    };
    Ok(Rules {
        reference: d
            .reference
            .as_deref()
            .map(|text| Typed::parse(text).map_err(|problem| Key::of("reference").wrong(problem)))
            .transpose()?,
        locations: Values::new(&d.location),
        expect: d.expect.as_deref().map(|text| expression("expect", text)).transpose()?,
        state,
        verdicts,
        is_strict: !d.pending.is_empty() || d.pending_when.is_some(),
        kind: d.kind.as_deref().map(|text| expression("kind", text)).transpose()?,
        message: numbered("message", &d.message, |key, text| compile(&key, text))?,
        progress: d.progress.as_deref().map(|text| expression("progress", text)).transpose()?,
        etas: numbered("eta", &d.eta, |key, source| hint(&key, source))?,
        hints: numbered("hint", &d.hint, |key, source| hint(&key, source))?,
        next: locators("next", &d.next, false)?,
        handles: locators("handle", &d.handle, true)?,
        results: locators("result", &d.result, true)?,
        picks: numbered("pick", &d.pick, |key, pick| picked(&key, pick, &is_known))?,
        done: d.http.done.clone(),
        see_other: d.http.see_other.clone(),
    })
}

/// The five rules, in the order in which they are asked: a failure is never hidden by a sloppy success.
fn verdicts(d: &Definition) -> Result<[Rule; 5], Wrong> {
    let http = &d.http;
    let success = [&http.done[..], &http.see_other, &http.gone].concat();
    let written = [
        (Verdict::Failed, "failure", "failure_when", &d.failure, &d.failure_when, http.failed.clone()),
        (Verdict::Cancelled, "cancelled", "cancelled_when", &d.cancelled, &d.cancelled_when, Vec::new()),
        (Verdict::Succeeded, "success", "success_when", &d.success, &d.success_when, success),
        (Verdict::Blocked, "blocked", "blocked_when", &d.blocked, &d.blocked_when, Vec::new()),
        (Verdict::Pending, "pending", "pending_when", &d.pending, &d.pending_when, http.pending.clone()),
    ];
    let sets = written.each_ref().map(|(_, key, _, values, ..)| (*key, Values::new(values)));
    for (i, (key, values)) in sets.iter().enumerate() {
        for (other_key, others) in &sets[..i] {
            if let Some((value, other)) = values.overlap(others) {
                return Err(Key::of(key).wrong(format!("`{value}` overlaps with `{other}` in `{other_key}`")));
            }
        }
    }
    let mut rules = Vec::with_capacity(written.len());
    for ((verdict, key, when_key, values, when, statuses), (_, set)) in written.into_iter().zip(sets) {
        let test = match when {
            Some(_) if !values.is_empty() => {
                return Err(Key::of(when_key).wrong(format!(
                    "decides alone, so `{key}` would never be looked at: leave one of them out"
                )));
            }
            Some(when) => {
                let condition = expression(when_key, when)?;
                let lines: Vec<_> = condition.text().lines().map(str::trim).collect();
                let told = format!("{verdict}: `{}` holds", lines.join(" ").trim()).into();
                Test::When { condition, told }
            }
            None if values.is_empty() => Test::Never,
            None if d.state.is_none() => {
                return Err(Key::of(key).wrong("are states, but `state` does not say where the state is"));
            }
            None => Test::In(set),
        };
        rules.push(Rule { verdict, statuses, test });
    }
    let can_succeed = |rule: &Rule| {
        let can_hold = match &rule.test {
            Test::Never => false,
            Test::When { condition, .. } => !is_never_true(condition),
            Test::In(_) => true,
        };
        rule.verdict == Verdict::Succeeded && (can_hold || !rule.statuses.is_empty())
    };
    if d.pick.is_empty() && !rules.iter().any(can_succeed) {
        return Err(Wrong::whole(
            "there is no way to end well: give `success`, `success_when`, or a status in `http.done`, \
             `http.see_other` or `http.gone`",
        ));
    }
    rules.try_into().map_err(|_| Wrong::whole("there are five verdicts"))
}

/// Whether a condition is nothing but a literal that is not true.
fn is_never_true(condition: &Expression) -> bool {
    let inner = condition.text().trim().strip_prefix('`').and_then(|text| text.strip_suffix('`'));
    let is_literal = inner.is_some_and(|inner| !inner.contains('`'));
    is_literal && condition.evaluate(&Value::Null).is_ok_and(|value| !is_truthy(&value))
}

fn source(
    key: &Key,
    locator: &Locator,
    is_start: bool,
    is_known: impl Fn(&str) -> bool,
) -> Result<Source, Wrong> {
    let template = locator
        .template
        .as_deref()
        .map(|text| Template::parse(text).map_err(|problem| key.field("template").wrong(problem)))
        .transpose()?;
    let from = match (&locator.header, &locator.body, &template) {
        (Some(_), Some(_), _) => return Err(key.wrong("is a header or the body, not both")),
        (Some(header), None, _) => From::Header(named(key, header)?),
        (None, Some(body), _) => From::Body(compile(&key.field("body"), body)?),
        (None, None, Some(template)) if !template.takes_value() => From::Start,
        (None, None, _) => return Err(key.wrong("says neither `header` nor `body`")),
    };
    if let (Some(template), From::Header(_) | From::Body(_)) = (&template, &from)
        && !template.takes_value()
    {
        return Err(key.field("template").wrong("has no place for the value: {} or {+}"));
    }
    let when = locator.when.as_deref().map(|text| compile(&key.field("when"), text)).transpose()?;
    let after = After { methods: locator.methods.clone(), status: locator.status.clone(), when };
    if !is_start && (template.as_ref().is_some_and(Template::takes_start) || !after.is_any()) {
        return Err(key.wrong("goes by a starting call, which is not known here"));
    }
    if let Some(preset) = locator.preset.as_ref().filter(|preset| !is_known(preset)) {
        return Err(key.field("preset").wrong(format!("there is no preset `{preset}` that is built in")));
    }
    Ok(Source { after, from, template, preset: locator.preset.clone() })
}

fn hint(key: &Key, source: &HintSource) -> Result<HintFrom, Wrong> {
    let body = source.body.as_deref().map(|text| compile(&key.field("body"), text)).transpose()?;
    if source.header.is_some() == body.is_some() {
        return Err(key.wrong("is either a `header` or in the `body`"));
    }
    let header = source.header.as_deref().map(|header| named(key, header)).transpose()?;
    Ok(HintFrom { header, body, unit: source.unit })
}

/// The name of a header, which no answer would have otherwise.
fn named(key: &Key, header: &str) -> Result<String, Wrong> {
    if is_token(header) {
        return Ok(header.to_owned());
    }
    Err(key.field("header").wrong(format!("`{header}` is no name of a header")))
}

fn picked(key: &Key, pick: &Pick, is_known: impl Fn(&str) -> bool) -> Result<Picked, Wrong> {
    if !is_known(&pick.preset) {
        let preset = &pick.preset;
        return Err(key.field("preset").wrong(format!("there is no preset `{preset}` that is built in")));
    }
    let when = pick.when.as_deref().map(|text| compile(&key.field("when"), text)).transpose()?;
    Ok(Picked { status: pick.status.clone(), when, preset: pick.preset.clone() })
}

fn numbered<T, U>(
    key: &'static str,
    items: &[T],
    check: impl Fn(Key, &T) -> Result<U, Wrong>,
) -> Result<Vec<U>, Wrong> {
    items.iter().enumerate().map(|(i, item)| check(Key::of(key).at(i), item)).collect()
}

fn expression(key: &'static str, text: &str) -> Result<Expression, Wrong> {
    compile(&Key::of(key), text)
}

fn compile(key: &Key, text: &str) -> Result<Expression, Wrong> {
    Expression::compile(text).map_err(|error| key.wrong(error.problem).hint(error.hint))
}
