//! Which texts are expressions: read, measured, and looked at for what could never be evaluated.
//! What an expression gives is not known here.

use jmespath::ast::Ast;
use jmespath::{Context, ErrorReason, JmespathError, Rcvar, RuntimeError, Variable};

use super::{Expression, RUNTIME};
use crate::preset::traps::{self, column, excerpt};

/// The longest expression, in bytes.
pub(super) const LONGEST: usize = 4096;

/// So many operators may stand in one expression. Each may put two calls of the interpreter on the stack, which take
/// 10 KiB each without optimization, and a thread of tokio has 2 MiB.
pub(super) const MOST_OPERATORS: usize = 64;

/// The longest step of a slice. The crate adds it to an index of 32 bits.
pub(super) const LONGEST_STEP: u32 = 1_000_000;

/// Whether it is safe to look at a text more closely.
pub(super) fn measure(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("the expression is empty".to_owned());
    }
    if text.len() > LONGEST {
        return Err(format!("the expression is longer than {LONGEST} bytes"));
    }
    if traps::operators(text) > MOST_OPERATORS {
        return Err(format!("the expression has more than {MOST_OPERATORS} operators"));
    }
    Ok(())
}

/// What compiles and can be evaluated; or what is wrong with it, on one line.
pub(super) fn parse(text: &str) -> Result<Expression, String> {
    measure(text)?;
    let parsed = RUNTIME.compile(text).map_err(|error| syntax(text, &error))?;
    check(parsed.as_ast())?;
    Ok(Expression(parsed))
}

/// Refuses what can never be evaluated.
fn check(ast: &Ast) -> Result<(), String> {
    match ast {
        Ast::Slice { step: 0, .. } => return Err("a slice has a step of 0".to_owned()),
        Ast::Slice { step, .. } if step.unsigned_abs() > LONGEST_STEP => {
            return Err(format!("a slice has a step of more than {LONGEST_STEP}"));
        }
        Ast::Function { name, args, .. } => check_call(name, args.len())?,
        _ => {}
    }
    children(ast).into_iter().try_for_each(check)
}

pub(super) fn children(ast: &Ast) -> Vec<&Ast> {
    match ast {
        Ast::Identity { .. }
        | Ast::Field { .. }
        | Ast::Index { .. }
        | Ast::Literal { .. }
        | Ast::Slice { .. } => Vec::new(),
        Ast::Not { node, .. } | Ast::Flatten { node, .. } | Ast::ObjectValues { node, .. } => vec![node],
        Ast::Expref { ast, .. } => vec![ast],
        Ast::Comparison { lhs, rhs, .. }
        | Ast::Projection { lhs, rhs, .. }
        | Ast::And { lhs, rhs, .. }
        | Ast::Or { lhs, rhs, .. }
        | Ast::Subexpr { lhs, rhs, .. } => vec![lhs, rhs],
        Ast::Condition { predicate, then, .. } => vec![predicate, then],
        Ast::MultiList { elements, .. } => elements.iter().collect(),
        Ast::MultiHash { elements, .. } => elements.iter().map(|pair| &pair.value).collect(),
        Ast::Function { args, .. } => args.iter().collect(),
    }
}

/// Every function looks at the number of its arguments first, so it is asked by a call.
fn check_call(name: &str, count: usize) -> Result<(), String> {
    let function = RUNTIME
        .get_function(name)
        .ok_or_else(|| format!("there is no function `{name}`: there are those of JMESPath, and `lower`"))?;
    let nulls = vec![Rcvar::new(Variable::Null); count];
    match function.evaluate(&nulls, &mut Context::new("", &RUNTIME)).map_err(|error| error.reason) {
        Err(ErrorReason::Runtime(
            RuntimeError::NotEnoughArguments { expected, .. }
            | RuntimeError::TooManyArguments { expected, .. },
        )) => Err(format!("`{name}` has a wrong number of arguments: {count} instead of {expected}")),
        _ => Ok(()),
    }
}

/// What the parser says, with the place.
fn syntax(text: &str, error: &JmespathError) -> String {
    let ErrorReason::Parse(reason) = &error.reason else {
        return error.reason.to_string();
    };
    // After the dashes stands a type of its own, and after the colon what is told as an excerpt below.
    let reason = reason.split(" -- ").next().and_then(|reason| reason.split(": ").next()).unwrap_or(reason);
    let reason = match reason {
        "Unexpected nud token" => "a value is expected".to_owned(),
        "Unexpected led token" | "Did not parse the complete expression" => {
            "an operator is expected".to_owned()
        }
        _ if reason.starts_with("Unable to parse literal") => {
            "what is between backticks is no JSON".to_owned()
        }
        _ => reason.to_lowercase(),
    };
    // The column that it tells is wrong after a character of more than one byte.
    let rest = text.get(error.offset..).unwrap_or_default().trim_end();
    let place = if rest.is_empty() { "the end".to_owned() } else { format!("`{}`", excerpt(rest)) };
    format!("column {}, at {place}: {reason}", column(text, error.offset))
}
