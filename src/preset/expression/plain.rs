//! The plain part of `JMESPath`, of which presets are made: fields, comparisons, what joins them, and three functions.
//! It gives what the interpreter gives, from the document as it is. What is not plain is left to the interpreter.

use std::borrow::Cow;

use jmespath::Variable;
use jmespath::ast::{Ast, Comparator};
use serde_json::Value;

use super::is_truthy;

/// What a plain expression gives.
pub(super) enum Plain<'a> {
    Null,
    Bool(bool),
    Text(Cow<'a, str>),
    /// A number, a list or an object of the document.
    Other(&'a Value),
}

impl<'a> From<&'a Value> for Plain<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(is_true) => Self::Bool(*is_true),
            Value::String(text) => Self::Text(Cow::Borrowed(text)),
            other => Self::Other(other),
        }
    }
}

impl<'a> Plain<'a> {
    /// What the expression gives for this document; none when it is not plain, or goes wrong.
    pub(super) fn of(expression: &'a Ast, document: &'a Value) -> Option<Self> {
        Self::from(document).asked(expression)
    }

    fn asked(&self, expression: &'a Ast) -> Option<Self> {
        match expression {
            Ast::Identity { .. } => Some(self.to_same()),
            Ast::Field { name, .. } => Some(self.field(name)),
            Ast::Literal { value, .. } => literal(value),
            Ast::Subexpr { lhs, rhs, .. } => self.asked(lhs)?.asked(rhs),
            Ast::And { lhs, rhs, .. } => {
                let left = self.asked(lhs)?;
                if left.is_truthy() { self.asked(rhs) } else { Some(left) }
            }
            Ast::Or { lhs, rhs, .. } => {
                let left = self.asked(lhs)?;
                if left.is_truthy() { Some(left) } else { self.asked(rhs) }
            }
            Ast::Not { node, .. } => Some(Self::Bool(!self.asked(node)?.is_truthy())),
            Ast::Comparison { comparator: Comparator::Equal, lhs, rhs, .. } => {
                self.asked(lhs)?.equals(&self.asked(rhs)?).map(Self::Bool)
            }
            Ast::Comparison { comparator: Comparator::NotEqual, lhs, rhs, .. } => {
                self.asked(lhs)?.equals(&self.asked(rhs)?).map(|is_same| Self::Bool(!is_same))
            }
            Ast::Function { name, args, .. } => match &args[..] {
                [argument] => self.asked(argument)?.passed_to(name),
                _ => None,
            },
            _ => None,
        }
    }

    fn to_same(&self) -> Self {
        match self {
            Self::Null => Self::Null,
            Self::Bool(is_true) => Self::Bool(*is_true),
            Self::Text(text) => Self::Text(text.clone()),
            Self::Other(value) => Self::Other(value),
        }
    }

    fn field(&self, name: &str) -> Self {
        match self {
            Self::Other(value) => value.get(name).map_or(Self::Null, Self::from),
            Self::Null | Self::Bool(_) | Self::Text(_) => Self::Null,
        }
    }

    fn passed_to(self, function: &str) -> Option<Self> {
        match (function, self) {
            ("lower", Self::Text(text)) => Some(Self::Text(Cow::Owned(text.to_lowercase()))),
            ("lower", Self::Null) => Some(Self::Null),
            ("to_string", Self::Text(text)) => Some(Self::Text(text)),
            ("to_string", Self::Null) => Some(Self::Text(Cow::Borrowed("null"))),
            ("to_string", Self::Bool(is_true)) => {
                Some(Self::Text(Cow::Borrowed(if is_true { "true" } else { "false" })))
            }
            ("type", value) => Some(Self::Text(Cow::Borrowed(value.kind()))),
            _ => None,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "boolean",
            Self::Text(_) => "string",
            Self::Other(Value::Array(_)) => "array",
            Self::Other(Value::Object(_)) => "object",
            Self::Other(_) => "number",
        }
    }

    /// Whether both are the same; none for two of which that is no plain question, as it is not for two numbers.
    fn equals(&self, other: &Self) -> Option<bool> {
        match (self, other) {
            (Self::Other(_), Self::Other(_)) => None,
            (Self::Bool(one), Self::Bool(other)) => Some(one == other),
            (Self::Text(one), Self::Text(other)) => Some(one == other),
            (Self::Null, Self::Null) => Some(true),
            _ => Some(false),
        }
    }

    pub(super) fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(is_true) => *is_true,
            Self::Text(text) => !text.is_empty(),
            Self::Other(value) => is_truthy(value),
        }
    }

    pub(super) fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(is_true) => Value::Bool(is_true),
            Self::Text(text) => Value::String(text.into_owned()),
            Self::Other(value) => value.clone(),
        }
    }
}

/// A literal that is a text, a boolean or null. Others stand in hardly any preset.
fn literal(value: &Variable) -> Option<Plain<'_>> {
    match value {
        Variable::Null => Some(Plain::Null),
        Variable::Bool(is_true) => Some(Plain::Bool(*is_true)),
        Variable::String(text) => Some(Plain::Text(Cow::Borrowed(text))),
        _ => None,
    }
}
