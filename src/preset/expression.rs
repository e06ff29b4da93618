//! Expressions of `JMESPath`: compiled with their mistakes told, and evaluated on a document.
//! Only here and in the folder beside it the crate is named; which answer means what is not known here.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;
use std::sync::LazyLock;

use jmespath::functions::{ArgumentType, CustomFunction, Signature};
use jmespath::{Context, ErrorReason, JmespathError, Rcvar, Runtime, RuntimeError, Variable, interpret};
use serde_json::Value;

use self::plain::Plain;
use self::syntax::{measure, parse};
use super::traps;

mod plain;
#[cfg(test)]
mod properties;
mod syntax;
#[cfg(test)]
mod tests;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut runtime = Runtime::new();
    runtime.register_builtin_functions();
    let text_or_null = ArgumentType::Union(vec![ArgumentType::String, ArgumentType::Null]);
    let lower = CustomFunction::new(
        Signature::new(vec![text_or_null], None),
        Box::new(|arguments, _| {
            Ok(match &*arguments[0] {
                Variable::String(text) => Rcvar::new(Variable::String(text.to_lowercase())),
                _ => arguments[0].clone(),
            })
        }),
    );
    runtime.register_function("lower", Box::new(lower));
    runtime
});

/// A compiled expression of [JMESPath](https://jmespath.org/specification.html), with one function more:
/// `lower(string|null)` gives the text in lower case, by Unicode, and null for null.
///
/// An expression is at most 4096 bytes long and holds at most 64 operators (dots, brackets, comparisons and the
/// like). It always comes to an end, but one that was made for it can need memory without measure: whoever writes
/// expressions is trusted, the documents are not.
#[derive(Clone)]
pub struct Expression(jmespath::Expression<'static>);

impl Expression {
    /// Reads an expression.
    ///
    /// # Errors
    ///
    /// When it cannot be parsed, calls a function that is not there or with the wrong number of arguments, is too long
    /// or too large, or does not mean what it looks like: `!a.b`, `status == "DONE"`, `status == DONE`, `code == 1`, `done == true`,
    /// `progress > '9'`. A field that looks like a mistake is written `@."DONE"`.
    pub fn compile(text: &str) -> Result<Self, ExpressionError> {
        measure(text).map_err(|problem| {
            let hint = text.trim().is_empty().then(|| traps::SHELL.to_owned());
            ExpressionError { problem, hint }
        })?;
        let parsed = parse(text).map_err(refused);
        let Some(trap) = traps::first(text) else {
            return parsed;
        };
        let corrected = traps::corrected(text).filter(|corrected| parse(corrected).is_ok());
        let hint = corrected.as_deref().map(instead).or_else(|| trap.advice.map(str::to_owned));
        match parsed {
            // What else is wrong with it is known better.
            Err(error) if hint.is_none() => Err(error),
            _ => Err(ExpressionError { problem: trap.problem, hint }),
        }
    }

    /// What was compiled.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.as_str()
    }

    /// What the expression gives for a document. What is not there gives null.
    ///
    /// # Errors
    ///
    /// What is wrong, on one line: mostly a function that was called with a value of a type it does not take, such as
    /// `ends_with` with null.
    pub fn evaluate(&self, document: &Value) -> Result<Value, String> {
        self.evaluate_in(&Document::of(document))
    }

    /// The same for a document that more than one expression is about.
    pub(super) fn evaluate_in(&self, document: &Document<'_>) -> Result<Value, String> {
        match Plain::of(self.0.as_ast(), &document.value) {
            Some(plain) => Ok(plain.into_value()),
            None => value(&*self.interpreted(document)?),
        }
    }

    /// Whether what it gives counts as true.
    pub(super) fn holds_in(&self, document: &Document<'_>) -> Result<bool, String> {
        match Plain::of(self.0.as_ast(), &document.value) {
            Some(plain) => Ok(plain.is_truthy()),
            None => Ok(is_truthy(&value(&*self.interpreted(document)?)?)),
        }
    }

    fn interpreted(&self, document: &Document<'_>) -> Result<Rcvar, String> {
        // `search` would make a document of the document once more.
        let mut context = Context::new(self.text(), &RUNTIME);
        interpret(document.interpreted()?, self.0.as_ast(), &mut context).map_err(|error| told(&error))
    }
}

/// A document, and the same as the interpreter wants to have it. To make that takes about as long as to read its JSON, so
/// it is made when the first expression needs it.
pub(super) struct Document<'a> {
    value: Cow<'a, Value>,
    interpreted: OnceCell<Rcvar>,
}

impl<'a> Document<'a> {
    fn of(value: &'a Value) -> Self {
        Self { value: Cow::Borrowed(value), interpreted: OnceCell::new() }
    }

    fn interpreted(&self) -> Result<&Rcvar, String> {
        if let Some(made) = self.interpreted.get() {
            return Ok(made);
        }
        let made = Variable::try_from(&*self.value).map_err(|error| told(&error))?;
        Ok(self.interpreted.get_or_init(|| Rcvar::new(made)))
    }

    pub(super) fn is_null(&self) -> bool {
        self.value.is_null()
    }
}

impl From<Value> for Document<'_> {
    fn from(value: Value) -> Self {
        Self { value: Cow::Owned(value), interpreted: OnceCell::new() }
    }
}

impl fmt::Debug for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expression").field(&self.text()).finish()
    }
}

/// Whether a value counts as true: all but null, false, and what is empty (a text, a list, an object). Zero is true.
#[must_use]
pub fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(is_true) => *is_true,
        Value::Number(_) => true,
        Value::String(text) => !text.is_empty(),
        Value::Array(elements) => !elements.is_empty(),
        Value::Object(fields) => !fields.is_empty(),
    }
}

/// Why a text is no usable expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}")]
#[non_exhaustive]
pub struct ExpressionError {
    /// What is wrong, on one line.
    pub problem: String,
    /// What to write instead, on one line: the whole expression, corrected, if it can be said what was meant.
    pub hint: Option<String>,
}

fn refused(problem: String) -> ExpressionError {
    ExpressionError { problem, hint: None }
}

/// What is wrong with an evaluation.
fn told(error: &JmespathError) -> String {
    match &error.reason {
        ErrorReason::Runtime(RuntimeError::InvalidType { expected, actual, position }) => {
            let before = error.expression.get(..error.offset).unwrap_or_default().trim_end();
            let name =
                before.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default();
            let expected = expected.replace('|', " or ");
            format!("argument {} of `{name}` must be {expected}, but is {actual}", position + 1)
        }
        ErrorReason::Runtime(reason) => reason.to_string(),
        ErrorReason::Parse(reason) => reason.clone(),
    }
}

/// The corrected expression, as it may be written.
fn instead(expression: &str) -> String {
    let line: String = expression.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    format!("write {line}")
}

fn value(variable: &Variable) -> Result<Value, String> {
    Ok(match variable {
        Variable::Null => Value::Null,
        Variable::Bool(is_true) => Value::Bool(*is_true),
        Variable::Number(number) => Value::Number(number.clone()),
        Variable::String(text) => Value::String(text.clone()),
        Variable::Array(elements) => {
            elements.iter().map(|element| value(element)).collect::<Result<_, _>>()?
        }
        Variable::Object(fields) => {
            let fields = fields.iter().map(|(name, field)| Ok((name.clone(), value(field)?)));
            Value::Object(fields.collect::<Result<_, String>>()?)
        }
        Variable::Expref(_) => return Err("what follows `&` is only for a function, and no value".to_owned()),
    })
}
