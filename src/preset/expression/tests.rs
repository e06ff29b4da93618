//! What compiles and what it gives, what is refused and how that is told.

use std::thread;

use serde_json::json;

use super::syntax::{LONGEST, LONGEST_STEP, MOST_OPERATORS};
use super::*;

/// Every expression that was tried for an API with recorded shapes of its answers.
const OF_APIS: &[&str] = &[
    "finished && result.result == 'success'",
    "result.result == 'failed'",
    "`false`",
    "result.reason",
    "!finished && !(result.result)",
    "done && !error",
    "done && error && error.code != `1`",
    "done && error.code == `1`",
    "error.message",
    "!done",
    "status == 'DONE' && !error && !httpErrorStatusCode",
    "status == 'DONE' && (error || httpErrorStatusCode)",
    "error.errors[0].message || httpErrorMessage",
    "progress",
    "contains(['Succeeded','succeeded'], status)",
    "contains(['Failed','failed'], status)",
    "contains(['Canceled','canceled','Cancelled','cancelled'], status)",
    "percentComplete",
    "!(properties.provisioningState) || properties.provisioningState == 'Succeeded'",
    "properties.provisioningState == 'Failed'",
    "properties.provisioningState == 'Canceled'",
    "status == 'SUCCESS'",
    "status == 'FAIL'",
    "fail_reason || entities.sub_jobs[?status=='FAIL'] | [0].fail_reason",
    "fail_reason || (entities.sub_jobs[?status=='FAIL'].fail_reason)[0]",
    "job.status == 'Completed'",
    "job.status == 'Failed'",
    "job.fail_reason",
    "to_number(job.process)",
    "status.phase == 'Success'",
    "status.phase == 'Failed'",
    "status.reason",
    "server.status == 'ACTIVE'",
    "server.status == 'ERROR'",
    "contains(['DELETED','SOFT_DELETED'], server.status)",
    "server.fault.message",
    "server.progress",
    "ends_with(stack.stack_status, '_COMPLETE') && !starts_with(stack.stack_status, 'ROLLBACK_')",
    "ends_with(stack.stack_status, '_FAILED') || stack.stack_status == 'ROLLBACK_COMPLETE'",
    "stack.stack_status_reason",
    "status == 'success'",
    "status == 'failure'",
    "message",
    "TaskState == 'Completed' && TaskStatus != 'Critical'",
    "TaskState == 'Exception' || (TaskState == 'Completed' && TaskStatus == 'Critical')",
    "contains(['Cancelled','Killed'], TaskState)",
    "(Messages[?Severity!='OK'].Message)[0] || Messages[-1].Message",
    "PercentComplete",
    "status.conditions[?type=='Complete' && status=='True']",
    "status.conditions[?type=='Failed' && status=='True']",
    "(status.conditions[?type=='Failed' && status=='True'].message)[0]",
    "status.conditions[?type=='Suspended' && status=='True']",
    "status == 'completed' && contains(['success','neutral','skipped'], conclusion)",
    "status == 'completed' && contains(['failure','timed_out','startup_failure','action_required','stale'], conclusion)",
    "status == 'completed' && conclusion == 'cancelled'",
    "conclusion",
    "status == 'failed'",
    "contains(['canceled','skipped'], status)",
    "contains(['manual','scheduled'], status)",
    "yaml_errors",
    "state == 'success'",
    "state == 'failed'",
    "note",
    "state_type == 'COMPLETED'",
    "contains(['FAILED','CRASHED'], state_type)",
    "state_type == 'CANCELLED'",
    "state.message",
    "state_type == 'PAUSED'",
    "builds[0].complete && contains([`0`,`1`,`3`], builds[0].results)",
    "builds[0].complete && contains([`2`,`4`,`5`], builds[0].results)",
    "builds[0].complete && builds[0].results == `6`",
    "builds[0].state_string",
    "ProgressEvent.OperationStatus == 'SUCCESS'",
    "ProgressEvent.OperationStatus == 'FAILED'",
    "ProgressEvent.OperationStatus == 'CANCEL_COMPLETE'",
    "ProgressEvent.StatusMessage",
    "contains(['applied','planned_and_finished'], data.attributes.status)",
    "contains(['errored','policy_soft_failed'], data.attributes.status)",
    "contains(['canceled','force_canceled','discarded'], data.attributes.status)",
    "contains(['planned','cost_estimated','policy_checked','policy_override','planned_and_saved','post_plan_awaiting_decision'], data.attributes.status)",
    "contains([`200`,`201`,`204`,`303`], http.status)",
    "http.status >= `400` && http.status != `408` && http.status != `429` && http.status < `500`",
    r#"http.headers."location""#,
    "status == 'succeeded'",
    "contains(['cancelled','aborted'], status)",
    "to_number(percentComplete)",
    "resourceLocation",
];

fn compiled(text: &str) -> Expression {
    Expression::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn refused(text: &str) -> ExpressionError {
    Expression::compile(text).expect_err(text)
}

fn evaluated(text: &str, document: &Value) -> Result<Value, String> {
    compiled(text).evaluate(document)
}

#[test]
fn the_expressions_of_known_apis_compile() {
    for text in OF_APIS {
        assert_eq!(compiled(text).text(), *text);
    }
}

#[test]
fn an_expression_gives_what_jmespath_says() {
    let document =
        json!({"a": {"b": [1, 2.5, null, "x"]}, "n": 18_446_744_073_709_551_615_u64, "i": i64::MIN});
    for (text, expected) in [
        ("@", document.clone()),
        ("a.b[0]", json!(1)),
        ("a.b[1]", json!(2.5)),
        ("a.b[-1]", json!("x")),
        ("a.b[:2]", json!([1, 2.5])),
        ("a.x.y", Value::Null),
        ("n", json!(u64::MAX)),
        ("i", json!(i64::MIN)),
        ("{z: a.b[3], n: n}", json!({"z": "x", "n": u64::MAX})),
        ("`1e3`", json!(1000.0)),
        ("`9007199254740993`", json!(9_007_199_254_740_993_u64)),
        ("a.b[?@ == 'x']", json!(["x"])),
        ("!(a.b)", json!(false)),
        ("'9' == '9'", json!(true)),
        (r"'it\'s'", json!("it's")),
    ] {
        assert_eq!(evaluated(text, &document).unwrap(), expected, "{text}");
    }
}

#[test]
fn only_null_false_and_what_is_empty_is_not_true() {
    for value in [json!(null), json!(false), json!(""), json!([]), json!({})] {
        assert!(!is_truthy(&value), "{value}");
        assert_eq!(evaluated("!@", &value), Ok(json!(true)), "{value}");
    }
    for value in [json!(true), json!(0), json!(0.0), json!("false"), json!([null]), json!({"a": null})] {
        assert!(is_truthy(&value), "{value}");
        assert_eq!(evaluated("!@", &value), Ok(json!(false)), "{value}");
    }
}

#[test]
fn lower_knows_unicode_and_null() {
    let lower = |value: Value| evaluated("lower(a)", &json!({"a": value}));
    assert_eq!(lower(json!("GRÖSSE Ok")), Ok(json!("grösse ok")));
    assert_eq!(lower(Value::Null), Ok(Value::Null));
    assert_eq!(
        lower(json!(1)),
        Err("argument 1 of `lower` must be string or null, but is number".to_owned())
    );
}

#[test]
fn a_function_that_gets_nothing_is_an_error_on_one_line() {
    for (text, told) in [
        ("contains(['A'], x)", "argument 1 of `contains` must be string or array, but is null"),
        ("ends_with(x, 'A')", "argument 1 of `ends_with` must be string, but is null"),
        ("x || starts_with ('a', x.y)", "argument 2 of `starts_with` must be string, but is null"),
        ("sort_by([x, `1`], &@)", "argument 1 of `sort_by` must be array, but is null"),
        ("&x", "what follows `&` is only for a function, and no value"),
    ] {
        assert_eq!(evaluated(text, &Value::Null), Err(told.to_owned()), "{text}");
    }
    assert_eq!(
        evaluated("sort_by(@, &a)", &json!([{"a": 1}, {"a": "x"}])),
        Err("Argument 1 must return expression->number but invocation 1 returned string".to_owned())
    );
}

#[test]
fn what_cannot_be_parsed_is_told_with_the_place() {
    for (text, told) in [
        ("a b", "column 3, at `b`: an operator is expected"),
        ("größe", "column 3, at `öße`: invalid character"),
        ("'ö' == a b", "column 10, at `b`: an operator is expected"),
        ("a &&", "column 5, at the end: a value is expected"),
        ("(a || b", "column 8, at the end: expected ')' to close '('"),
        ("a || )b", "column 6, at `)b`: a value is expected"),
        ("a == 'x", "column 6, at `'x`: unclosed ' delimiter"),
        ("a == `{x`", "column 6, at ``{x``: what is between backticks is no JSON"),
        ("a == 01", "column 6, at `01`: a value is expected"),
        ("a[1::0]", "a slice has a step of 0"),
        ("a[1::2147483647]", "a slice has a step of more than 1000000"),
        ("to_lower(a)", "there is no function `to_lower`: there are those of JMESPath, and `lower`"),
        (
            "a && [b, x[?c.to_lower(@)]]",
            "there is no function `to_lower`: there are those of JMESPath, and `lower`",
        ),
        ("{a: !contains(b)}", "`contains` has a wrong number of arguments: 1 instead of 2"),
        ("lower(a, b)", "`lower` has a wrong number of arguments: 2 instead of 1"),
    ] {
        let error = refused(text);
        assert_eq!((error.problem.as_str(), error.hint), (told, None), "{text}");
    }
}

#[test]
fn a_trap_is_refused_with_an_expression_that_compiles() {
    for (text, hint) in [
        ("!a.b", "write !(a.b)"),
        (r#"status == "DONE""#, "write status == 'DONE'"),
        ("a ==\n true", "write a ==  `true`"),
        ("a == 'x' && b == 1", "write a == 'x' && b == `1`"),
        ("a > '9'", "write a > `9`"),
    ] {
        let told = refused(text).hint.unwrap();
        assert_eq!(told, hint);
        let corrected = told.trim_start_matches("write ");
        assert_eq!(compiled(corrected).text(), corrected);
    }
    let eaten = refused("code == ");
    assert_eq!(eaten.problem, "a value is missing after `==` (column 6)");
    assert!(eaten.hint.unwrap().ends_with("between single quotes, as in 'code == `1`'"));
    // No text has an order, and nobody knows what was meant.
    assert_eq!(refused("a > 'x'").hint, None);
    // What would not compile all the same is told as what it is.
    assert_eq!(refused("code == 1 )").problem, "column 9, at `1 )`: a value is expected");
}

#[test]
fn an_expression_has_limits() {
    let longest = format!("'{}'", "x".repeat(LONGEST - 2));
    compiled(&longest);
    assert_eq!(refused(&format!("{longest} ")).problem, "the expression is longer than 4096 bytes");
    compiled(&format!("a{}", ".b".repeat(MOST_OPERATORS)));
    let error = refused(&format!("a{}", ".b".repeat(MOST_OPERATORS + 1)));
    assert_eq!(error.problem, "the expression has more than 64 operators");
}

/// A list of one list, and so on.
fn nested(depth: usize) -> Value {
    (0..depth).fold(json!({"a": 1}), |inner, _| json!([inner]))
}

#[test]
fn the_deepest_expression_fits_a_thread_of_two_mebibytes() {
    let most = MOST_OPERATORS;
    let repeated =
        |before: &str, inner: &str, after: &str, count| before.repeat(count) + inner + &after.repeat(count);
    let texts = [
        repeated("(", "@", ")", most),
        repeated("!", "@", "", most),
        repeated("& ", "@", "", most),
        repeated("[", "@", "]", most),
        repeated("{a: ", "@", "}", most),
        repeated("[*].", "[@]", "", most / 3),
        repeated("*.", "a", "", most / 2),
        repeated("to_array(", "@", ")", most),
        repeated("map(&", "@", ", @)", most / 2),
        repeated("@[?", "@", "]", most),
        repeated("", "@", "[*]", most / 2),
        repeated("", "@", "[:]", most),
        repeated("", "@", "[]", most),
        repeated("", "@", "[?@]", most),
        repeated("", "@", "[0]", most),
        repeated("", "@", ".a", most),
        repeated("", "@", " | @", most),
        repeated("", "@", " && @", most),
        repeated("", "@", " == @", most),
        repeated("[@] | ", "@", "", most / 2),
    ];
    let thread = thread::Builder::new().stack_size(2 * 1024 * 1024);
    let run = thread.spawn(move || {
        for text in texts {
            let expression = compiled(&text).clone();
            for document in [nested(126), json!({"a": 1})] {
                // Whether it fits a document is not the question.
                let _ = expression.evaluate(&document);
            }
        }
    });
    run.unwrap().join().unwrap();
}

#[test]
fn an_expression_goes_from_thread_to_thread() {
    fn is_shared<T: Send + Sync + Clone>(_: &T) {}
    let expression = compiled("a.b");
    is_shared(&expression);
    assert_eq!(format!("{expression:?}"), r#"Expression("a.b")"#);
}

#[test]
fn of_an_expression_that_is_empty_a_shell_is_suspected() {
    for text in ["", " \n"] {
        let error = Expression::compile(text).unwrap_err();
        assert_eq!(error.problem, "the expression is empty");
        assert!(error.hint.is_some_and(|hint| hint.contains("between single quotes")));
    }
}

#[test]
fn the_longest_step_of_a_slice_is_one_that_is_taken_either_way() {
    for step in [LONGEST_STEP, 1] {
        assert_eq!(evaluated(&format!("[::{step}]"), &json!([1])), Ok(json!([1])));
        assert_eq!(evaluated(&format!("[::-{step}]"), &json!([1])), Ok(json!([1])));
    }
    for step in ["1000001", "-1000001"] {
        assert_eq!(refused(&format!("[::{step}]")).problem, "a slice has a step of more than 1000000");
    }
}
