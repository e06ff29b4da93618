//! What misleads, what was meant, and what only looks odd.

use super::*;

/// Misleading texts, and what was meant.
const TRAPS: &[(&str, &str)] = &[
    // `!` takes less than people think.
    ("!a.b", "!(a.b)"),
    ("!a.b.c", "!(a.b.c)"),
    ("!a[0].b", "!(a[0].b)"),
    ("!a.b[0]", "!(a.b[0])"),
    ("!a[0][1].b", "!(a[0][1].b)"),
    ("![0].a", "!([0].a)"),
    ("!!a.b", "!!(a.b)"),
    ("!(a).b", "!((a).b)"),
    ("!(a.b).c == @.d", "!((a.b).c) == @.d"),
    ("!@.a", "!(@.a)"),
    ("!a[]", "!(a[])"),
    ("!a[].b", "!(a[].b)"),
    ("!a[?b]", "!(a[?b])"),
    ("!a[?b].c[0]", "!(a[?b].c[0])"),
    ("!a[*].b[]", "!(a[*].b[])"),
    ("!a[*].[b][]", "!(a[*].[b][])"),
    ("!a.*.b", "!(a.*.b)"),
    ("!a.b[*].c", "!(a.b[*].c)"),
    ("!a.[b, c]", "!(a.[b, c])"),
    ("!a.{b: c}.b", "!(a.{b: c}.b)"),
    ("!merge(a, b).c", "!(merge(a, b).c)"),
    ("!a.keys(@)", "!(a.keys(@))"),
    ("done && !a.b || c", "done && !(a.b) || c"),
    ("x[?!a.b]", "x[?!(a.b)]"),
    ("!a.b == !c.d", "!(a.b) == !(c.d)"),
    ("!finished && !result.result", "!finished && !(result.result)"),
    ("!a == 'x'", "!(a == 'x')"),
    ("!a.b != 'x'", "!(a.b != 'x')"),
    // A name in double quotes is a field.
    (r#"status == "DONE""#, "status == 'DONE'"),
    (r#"status != "DONE""#, "status != 'DONE'"),
    (r#""DONE" == status"#, "'DONE' == status"),
    (r#"status=="in progress""#, "status=='in progress'"),
    (r#""@odata.status" == "DONE""#, r#""@odata.status" == 'DONE'"#),
    (r#""status" == "DONE""#, r#""status" == 'DONE'"#),
    (r#"a."b-c" == "DONE""#, r#"a."b-c" == 'DONE'"#),
    (r#"a == "it's""#, r"a == 'it\'s'"),
    (r#"a == "\u0041\"""#, r#"a == 'A"'"#),
    (r#"a == "1""#, "a == '1'"),
    (r#"a == "A" || a == "B""#, "a == 'A' || a == 'B'"),
    (r#"x[?status == "DONE"].name"#, "x[?status == 'DONE'].name"),
    (r#"lower(status) == "done""#, "lower(status) == 'done'"),
    (r#"contains(["A", "B"], status)"#, "contains(['A', 'B'], status)"),
    (r#"contains(['A', "B"], status)"#, "contains(['A', 'B'], status)"),
    (r#"contains(["in progress"], job.status)"#, "contains(['in progress'], job.status)"),
    (r#"contains(["A", "B"], "status")"#, r#"contains(['A', 'B'], "status")"#),
    (r#"contains(status, "DONE")"#, "contains(status, 'DONE')"),
    (r#"contains("DONE", status)"#, "contains('DONE', status)"),
    (r#"ends_with(x.y, "_COMPLETE")"#, "ends_with(x.y, '_COMPLETE')"),
    (r#"!starts_with("status", "a b")"#, r#"!starts_with("status", 'a b')"#),
    // What a shell leaves of backticks, or nobody has written.
    ("code == 1", "code == `1`"),
    ("code == -1.5", "code == `-1.5`"),
    ("1 == code", "`1` == code"),
    ("contains([0,1], x)", "contains([`0`,`1`], x)"),
    ("contains([0, 1, 3], builds[0].results)", "contains([`0`, `1`, `3`], builds[0].results)"),
    ("http.status >= 400 && http.status < 500", "http.status >= `400` && http.status < `500`"),
    ("x == true", "x == `true`"),
    ("x != false", "x != `false`"),
    ("null == x", "`null` == x"),
    ("done && true", "done && `true`"),
    ("false", "`false`"),
    ("not_null(a, false)", "not_null(a, `false`)"),
    ("[a, null]", "[a, `null`]"),
    ("{a: true}", "{a: `true`}"),
    ("x[?ok == true]", "x[?ok == `true`]"),
    // Texts have no order.
    ("progress >= '100'", "progress >= `100`"),
    ("'9' > x", "`9` > x"),
    (r#"progress > "99.5""#, "progress > `99.5`"),
    (r#"progress < `"9"`"#, "progress < `9`"),
    ("status = 'DONE'", "status == 'DONE'"),
    // Two fields that are both missing are equal.
    ("status == DONE", "status == 'DONE'"),
    ("status = DONE", "status == 'DONE'"),
    ("a.status != DONE && b", "a.status != 'DONE' && b"),
    ("a[0].status == DONE", "a[0].status == 'DONE'"),
    ("x[?status == DONE].name", "x[?status == 'DONE'].name"),
    // A text between backticks is no JSON.
    ("status == `DONE`", "status == 'DONE'"),
    ("contains([`A`, `in progress`], status)", "contains(['A', 'in progress'], status)"),
    // And several at once.
    (
        r#"!a.b && status = "DONE" && code == 1 && x == true"#,
        "!(a.b) && status == 'DONE' && code == `1` && x == `true`",
    ),
    (r#"!a.b == "x""#, "!(a.b == 'x')"),
];

/// Misleading texts of which nobody can tell what was meant.
const RIDDLES: &[(&str, &str)] = &[
    ("code == ", "a value is missing after `==` (column 6)"),
    (" == code", "a value is missing before `==` (column 2)"),
    ("done ==  && x", "a value is missing after `==` (column 6)"),
    ("x[?a == ]", "a value is missing after `==` (column 6)"),
    ("(größe >= ) || b", "a value is missing after `>=` (column 8)"),
    ("contains([,], x)", "a value is missing after `,` (column 11)"),
    ("contains(, x)", "a value is missing before `,` (column 10)"),
    ("started < '2026-01-01'", "`<` compares numbers, and `'2026-01-01'` (column 11) is none"),
    ("x < `true`", "`<` compares numbers, and ``true`` (column 5) is none"),
];

/// What is just what it looks like.
const PLAIN: &[&str] = &[
    "!a",
    "!a[0]",
    "!a[0] && b.c",
    "!a[*].b",
    "!a[1:2].b",
    "!a[:2].b",
    "![*].b",
    "!*.a",
    "![?a].b",
    "![?[0].b]",
    "![].b",
    "!![]",
    "!(a.b)",
    "!contains(a, 'x') && b.c",
    "!a | [@.b]",
    "!a == !b",
    "!a == `false`",
    "(!a) == b",
    "[!a, b.c]",
    r#""@odata.id" == 'x'"#,
    r#""@odata.id" == @.x"#,
    "a == @.DONE",
    "a == b.c",
    "lower(a) == @.b && `1` == b && 'x' == b",
    r#"'x' == "@odata.id""#,
    r#""status" == 'DONE'"#,
    r#"'DONE' == "status""#,
    r#"`1` == "status""#,
    r#"a."DONE" == b."DONE""#,
    r#"a == @."DONE""#,
    r#"a == "x"."y""#,
    r#"contains(['A', 'B'], "status")"#,
    r#"contains(["a", "b-c"], 'DONE')"#,
    r#"contains("status", 'DONE')"#,
    r#"contains("a-b", c)"#,
    r#"join("sep", list)"#,
    r#"limit > "other""#,
    r#"{"a": b == @.c}"#,
    r#"[?"a-b"]"#,
    r#""true" == 'x'"#,
    "a.true",
    "true.a",
    "@.null == 'x'",
    "{true: a, false: b}",
    "a[0]",
    "a[-1] || a[::2] || a[1:-1:1] || [0]",
    "'1 == 1' == '! a.b'",
    "a == `1` && b == `\"x\"` && c == '=='",
    "a > `1` && to_number(b) <= c",
    "&a || @",
];

fn problem(text: &str) -> Option<String> {
    first(text).map(|trap| trap.problem)
}

#[test]
fn what_was_meant_is_told_as_a_whole() {
    for (text, meant) in TRAPS {
        assert!(problem(text).is_some(), "{text} is refused");
        assert_eq!(corrected(text).as_deref(), Some(*meant), "{text}");
    }
}

#[test]
fn what_was_meant_is_not_guessed() {
    for (text, told) in RIDDLES {
        assert_eq!(problem(text).as_deref(), Some(*told), "{text}");
        assert_eq!(corrected(text), None, "{text}");
    }
    // A text with a backslash may not fit between single quotes.
    assert_eq!(corrected(r#"a == "b\\""#), None);
    assert!(problem(r#"a == "b\\""#).is_some());
}

#[test]
fn what_means_what_it_looks_like_is_left_alone() {
    for text in PLAIN.iter().copied().chain(TRAPS.iter().map(|(_, meant)| *meant)) {
        assert_eq!(problem(text), None, "{text}");
        assert_eq!(corrected(text).as_deref(), Some(text));
    }
}

#[test]
fn a_trap_is_told_with_its_place() {
    for (text, told) in [
        ("größe && !a.b.c", "`!` binds tighter than `.`: `!a.b.c` is read as `(!a).b.c`"),
        ("!a  [?b]", "`!` binds tighter than `[?`: `!a  [?b]` is read as `(!a)  [?b]`"),
        ("!a == 'x'", "`!` binds tighter than `==`: `!a == 'x'` is read as `(!a) == 'x'`"),
        (
            r#"a.b == "DONE""#,
            r#"`"DONE"` (column 8) is the field of that name; a text stands between single quotes"#,
        ),
        ("größe == 1", "`1` (column 10) is a number only between backticks"),
        ("a == null", "`null` (column 6) is the field of that name; the value stands between backticks"),
        ("a > '9'", "`>` compares numbers, and `'9'` (column 5) is none"),
        ("a = 'x'", "`=` (column 3) compares nothing"),
    ] {
        assert_eq!(problem(text).as_deref(), Some(told));
    }
    let long = format!("a == \"{}\n\"", "x".repeat(100));
    assert!(problem(&long).is_some_and(|told| told.len() < 160 && told.contains('…')));
    assert_eq!(excerpt("a\nb\u{1b}c"), "a b c");
}

#[test]
fn what_deepens_an_expression_is_counted() {
    assert_eq!(operators("!a.b[0] && contains(['A', \"b.c\"], x[?y == `1`]) | *"), 10);
    assert_eq!(operators("'!&.' "), 0);
    assert_eq!(operators("[][][]"), 3);
}
