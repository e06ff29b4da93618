//! What holds for any text, not only for those that someone thought of.

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// Something that looks like an expression, more or less.
fn words() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "b",
        "true",
        "null",
        "\"a\"",
        "\"b c\"",
        "'x'",
        "'9'",
        "`1`",
        "`\"x\"`",
        "`[[1], {\"a\": 0}]`",
        "1",
        "-1",
        "0",
        "2000000000",
        ".",
        ",",
        ":",
        "*",
        "[",
        "[0]",
        "[*]",
        "[?",
        "[]",
        "[::-1]",
        "]",
        "(",
        ")",
        "{",
        "}",
        "!",
        "&",
        "&&",
        "||",
        "|",
        "==",
        "!=",
        "<",
        ">=",
        "=",
        "@",
        " ",
        "lower(",
        "contains(",
        "sort_by(",
        "avg(",
        "to_number(",
        "ö",
    ]);
    prop::collection::vec(word, 0..24).prop_map(|words| words.concat())
}

/// Something with `!`, a path and a list, more or less.
fn negations() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a", "@", "*", "!", "!", "!", ".", ".b", ".*", "{a: b}", "[c]", "[0]", "[*]", "[1:]", "[:]", "[]",
        "[?b]", "[?", "]", "&&", "|", "<", "(", ")", "keys(@)",
    ]);
    prop::collection::vec(word, 1..9).prop_map(|words| words.concat())
}

/// Whether something is asked of what `!` gives, though no parenthesis says so.
fn is_asked_of_a_negation(text: &str, ast: &Ast) -> bool {
    let is_not = |ast: &Ast| matches!(ast, Ast::Not { .. });
    let is_asked = match ast {
        Ast::Subexpr { lhs, offset, .. } => is_not(lhs) && !text[*offset..].starts_with('|'),
        Ast::Projection { lhs: node, .. } | Ast::Flatten { node, .. } | Ast::ObjectValues { node, .. } => {
            is_not(node)
        }
        _ => false,
    };
    is_asked || children(ast).into_iter().any(|ast| is_asked_of_a_negation(text, ast))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_compiled_or_refused_and_then_evaluated_or_not(text in prop_oneof![any::<String>(), words()]) {
        let documents =
            [json!(null), json!({"a": [{"a": 1, "b": "x"}, [0, "é"]], "b": "9"}), json!([[1, 2], {"b": -1.5}])];
        match Expression::compile(&text) {
            Ok(expression) => for document in &documents {
                if let Err(problem) = expression.evaluate(document) {
                    prop_assert!(!problem.contains('\n'));
                }
            },
            Err(error) => {
                prop_assert!(!error.problem.is_empty() && !error.problem.contains('\n'));
                // Whoever writes what was proposed is not refused again.
                if let Some(corrected) = error.hint.as_deref().and_then(|hint| hint.strip_prefix("write ")) {
                    prop_assert!(Expression::compile(corrected).is_ok(), "{text:?} {corrected:?}");
                }
            }
        }
    }

    /// The words say of `!` what the tree says.
    #[test]
    fn a_negation_that_takes_too_little_is_refused_and_no_other(text in negations()) {
        // What stands between parentheses was meant so, and the other two are too odd.
        let is_clear = !text.contains("(!") && !text.contains("![?") && !text.contains(".[");
        if let Some(expression) = parse(&text).ok().filter(|_| is_clear) {
            prop_assert_eq!(traps::first(&text).is_some(), is_asked_of_a_negation(&text, expression.0.as_ast()), "{}", text);
        }
    }
}
