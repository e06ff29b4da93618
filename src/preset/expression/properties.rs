//! What holds for any text, not only for those that someone thought of.

use jmespath::ast::Ast;
use proptest::prelude::*;
use serde_json::json;

use super::syntax::children;
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

/// An expression of plain parts, and of some that are not.
fn plain_parts() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "@", "a", "b", "a.b", "a.b.a", "'x'", "'X'", "'null'", "'true'", "''", "`null`", "`true`", "`1`",
        "`\"x\"`", "`[]`", "a[0]", "{a: b}",
    ]);
    leaf.prop_map(str::to_owned).prop_recursive(4, 24, 2, |inner| {
        let joint = prop::sample::select(vec![" && ", " || ", " == ", " != ", " < ", " | "]);
        let call = prop::sample::select(vec!["!", "lower", "to_string", "type", "length", "not_null"]);
        prop_oneof![
            (inner.clone(), joint, inner.clone())
                .prop_map(|(one, joint, other)| format!("({one}){joint}({other})")),
            (call, inner).prop_map(|(call, inner)| format!("{call}({inner})")),
        ]
    })
}

/// A document that has what the plain parts ask for, in any form.
fn documents() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(1.0),
        json!(-1.5),
        json!(""),
        json!("x"),
        json!("X"),
        json!("ÄI\u{130}"),
        json!("null"),
        json!([]),
        json!(["x"]),
        json!({}),
    ]);
    leaf.prop_recursive(3, 12, 2, |inner| {
        let object = |(a, b): (Value, Value)| json!({ "a": a, "b": b });
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(object),
            inner.clone().prop_map(|b| json!({ "b": b })),
            inner.prop_map(|element| json!([element])),
        ]
    })
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

    #[test]
    fn what_is_plain_gives_what_the_interpreter_gives(text in plain_parts(), document in documents()) {
        let expression = parse(&text).unwrap();
        if let Some(plain) = Plain::of(expression.0.as_ast(), &document) {
            let interpreted = expression.interpreted(&Document::of(&document)).and_then(|result| value(&result));
            prop_assert_eq!(plain.is_truthy(), interpreted.as_ref().is_ok_and(is_truthy), "{} of {}", text, document);
            prop_assert_eq!(Ok(plain.into_value()), interpreted, "{} of {}", text, document);
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

#[test]
fn what_presets_are_made_of_is_plain() {
    let document = json!({"a": {"b": "X"}, "b": true});
    for (text, result) in [
        ("a.b", json!("X")),
        ("@ | b", json!(true)),
        ("b == `true` && a.b != 'x'", json!(true)),
        ("lower(to_string(a.b)) == 'x' || c", json!(true)),
        ("!c && type(a) == 'object'", json!(true)),
        ("a && c", json!(null)),
        ("to_string(c)", json!("null")),
    ] {
        let expression = parse(text).unwrap();
        let plain = Plain::of(expression.0.as_ast(), &document);
        assert_eq!(plain.map(Plain::into_value), Some(result), "{text}");
    }
}

#[test]
fn what_is_not_plain_is_left_to_the_interpreter() {
    let document = json!({"a": 1, "b": 1.0, "c": []});
    for (text, result) in [
        ("a == b", Ok(json!(true))),
        ("a == `1`", Ok(json!(true))),
        ("c != c", Ok(json!(false))),
        ("to_string(a)", Ok(json!("1"))),
        ("c[0] || length(c) < a", Ok(json!(true))),
        ("lower(a)", Err("argument 1 of `lower` must be string or null, but is number".to_owned())),
    ] {
        let expression = parse(text).unwrap();
        assert!(Plain::of(expression.0.as_ast(), &document).is_none(), "{text}");
        assert_eq!(expression.evaluate(&document), result, "{text}");
    }
}
