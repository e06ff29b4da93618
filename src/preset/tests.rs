//! What a judgment goes by.

use serde_json::json;

use super::*;
use crate::Verdict::{Blocked, Cancelled, Failed, Pending, Succeeded};

fn preset(text: &str) -> Result<Preset, String> {
    Preset::from_toml("mine", &format!("title = \"Mine\"\n{text}")).map_err(|error| {
        let hint = error.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        format!("{error}{hint}")
    })
}

const JUDGED: &str = "
    state = 'status'
    success = ['done*']
    failure = ['failed']
    cancelled_when = 'error.code == `1`'
    blocked = ['paused']
    message = ['error.message', 'errors[].text', 'info']
    progress = 'percent'
    eta = [{ body = 'end', unit = 'time' }, { body = 'left' }]
    hint = [{ header = 'X-Wait-Ms', unit = 'ms' }, { body = 'wait' }]
    next = [{ header = 'location' }]
    result = [{ methods = ['PUT'], template = '{url}' }, { header = 'location' }, { body = 'output' }]
";

#[test]
fn a_failure_comes_before_all_else_and_what_is_not_listed_is_pending() {
    let preset = preset(JUDGED).unwrap();
    for (document, verdict, rule) in [
        (json!({ "status": "DONE-ish" }), Succeeded, "succeeded: `status` is `done*`"),
        (json!({ "status": "Failed", "error": { "code": 1 } }), Failed, "failed: `status` is `failed`"),
        (
            json!({ "status": "done", "error": { "code": 1 } }),
            Cancelled,
            "cancelled: `error.code == `1`` holds",
        ),
        (json!({ "status": "PAUSED" }), Blocked, "blocked: `status` is `paused`"),
        (json!({ "status": "new" }), Pending, "pending: no other rule applies"),
        (json!({}), Pending, "pending: no other rule applies"),
    ] {
        let ruling = preset.judge(&Answered::new(200, document.to_string()), None).unwrap();
        assert_eq!((ruling.verdict, &*ruling.rule), (verdict, rule), "{document}");
    }
}

#[test]
fn what_else_is_in_an_answer_is_found() {
    let preset = preset(JUDGED).unwrap();
    let judged = |document: Value| preset.judge(&Answered::new(200, document.to_string()), None).unwrap();
    let ruling = judged(json!({ "status": 7, "info": "", "errors": [{ "text": "a" }, {}, { "text": "b" }] }));
    assert_eq!((ruling.state.as_deref(), ruling.message.as_deref()), (Some("7"), Some("a; b")));
    for (percent, progress) in [
        (json!(12.5), Some(12.5)),
        (json!("40 %"), Some(40.0)),
        (json!(400), Some(100.0)),
        (json!(-1), Some(0.0)),
        (json!(1e300), Some(100.0)),
        (json!(""), None),
        (json!("half"), None),
        (json!("NaN"), None),
        (json!("inf"), None),
        (json!(["40"]), None),
        (json!(null), None),
        (json!(true), None),
    ] {
        assert_eq!(judged(json!({ "percent": percent })).progress, progress, "{percent}");
    }
    assert_eq!(judged(json!({ "info": false })).message, None);
    let answered = Answered::new(200, r#"{"wait": 5}"#).header("Location", "/elsewhere");
    let ruling = preset.judge(&answered, None).unwrap();
    assert_eq!(ruling.next.as_deref(), Some("/elsewhere"));
    let seconds = std::time::Duration::from_secs;
    assert_eq!(ruling.hint, Some(Hint::Pause(seconds(5))));
    let ruling = preset.judge(&answered.header("x-wait-ms", "3000"), None).unwrap();
    assert_eq!(ruling.hint, Some(Hint::Pause(seconds(3))));
}

#[test]
fn when_it_is_to_end_is_a_time_or_how_long_it_takes() {
    use std::time::{Duration, SystemTime};
    let preset = preset(JUDGED).unwrap();
    let eta = |answer: Value| preset.judge(&Answered::new(200, answer.to_string()), None).unwrap().eta;
    assert_eq!(eta(json!({ "left": 90 })), Some(Hint::Pause(Duration::from_secs(90))));
    let end = SystemTime::UNIX_EPOCH + Duration::from_secs(1_517_274_000);
    assert_eq!(eta(json!({ "left": 90, "end": "2018-01-30T01:00:00Z" })), Some(Hint::Until(end)));
    for nonsense in [json!(-1), json!("soon"), json!(null), json!(1e300)] {
        assert_eq!(eta(json!({ "left": nonsense })), None, "{nonsense}");
    }
}

#[test]
fn a_result_is_where_the_first_rule_finds_one() {
    let preset = preset(JUDGED).unwrap();
    let done = |output: Value| Answered::new(200, json!({ "status": "done", "output": output }).to_string());
    let result =
        |answered: &Answered<'_>, started: Option<&Started>| preset.judge(answered, started).unwrap().result;
    let started = |method: &str| {
        let answered = Answered::new(202, "").header("location", "/from-the-start");
        Started::new(method, "https://a.example/things/1?v=2", answered)
    };
    let at = |location: &str| Some(Found::At(location.to_owned()));
    assert_eq!(result(&done(json!({ "id": 1 })), None), Some(Found::Value(json!({ "id": 1 }))));
    assert_eq!(result(&done(json!("/things/1")), None), at("/things/1"));
    assert_eq!(result(&done(json!("words")), None), Some(Found::Value(json!("words"))));
    assert_eq!(result(&done(Value::Null), None), None);
    assert_eq!(result(&done(json!(1)).header("Location", "/other"), None), at("/other"));
    // It is seen from where it was named, which is not where the operation is asked for.
    assert_eq!(result(&done(json!(1)), Some(&started("POST"))), at("https://a.example/from-the-start"));
    assert_eq!(result(&done(json!(1)), Some(&started("put"))), at("https://a.example/things/1?v=2"));
    let pending = Answered::new(200, r#"{"status": "new", "output": 1}"#);
    assert_eq!(result(&pending, None), None);
}

#[test]
fn a_handle_may_go_by_how_the_call_was_answered() {
    let preset = preset(
        "http.done = [200]
         handle = [
           { methods = ['PUT'], status = [201], when = 'state', template = '{url}/self' },
           { status = [202], header = 'location' },
         ]",
    );
    let preset = preset.unwrap();
    let handle = |method: &str, status: u16, body: &str| {
        let answered = Answered::new(status, body).header("Location", "/m");
        preset.handle(&Started::new(method, "https://a.example/w", answered)).map(|(location, _)| location)
    };
    let itself = Some("https://a.example/w/self".to_owned());
    assert_eq!(handle("PUT", 201, r#"{"state": "new"}"#), itself);
    for (method, status, body) in [
        ("POST", 201, r#"{"state": "new"}"#),
        ("PUT", 200, r#"{"state": "new"}"#),
        ("PUT", 201, "{}"),
        ("PUT", 201, ""),
    ] {
        assert_eq!(handle(method, status, body), None, "{method} {status} {body}");
    }
    assert_eq!(handle("PUT", 202, "").as_deref(), Some("/m"));
    for what in ["methods = ['PUT']", "status = [202]", "when = 'state'"] {
        let wrong = self::preset(&format!("http.done = [200]\nnext = [{{ {what}, header = 'location' }}]"));
        let told = wrong.unwrap_err();
        assert!(told.contains("`next[0]`: goes by a starting call, which is not known here"), "{told}");
    }
}

#[test]
fn what_is_no_answer_of_the_api_never_succeeds() {
    let strict = preset("expect = 'id'\nsuccess_when = '!(status)'\npending_when = 'status == `1`'").unwrap();
    let judged = |status: u16, body: &str| {
        strict.judge(&Answered::new(status, body), None).map(|ruling| ruling.verdict)
    };
    assert_eq!(judged(200, r#"{"id": 1}"#), Ok(Succeeded));
    assert_eq!(judged(200, "\u{feff} {\"id\": 1, \"status\": 1}"), Ok(Pending));
    assert_eq!(judged(200, ""), Err(Misfit::Empty));
    assert_eq!(judged(200, "null"), Err(Misfit::Empty));
    assert_eq!(judged(200, "[]"), Err(Misfit::Unexpected("id".to_owned())));
    assert!(matches!(judged(200, "<html>"), Err(Misfit::NotJson(_))));
    assert!(matches!(judged(200, r#"{"id": 1, "status": 2}"#), Err(Misfit::NotUnderstood(_))));
    assert_eq!(judged(503, r#"{"id": 1}"#), Err(Misfit::Status(503)));
    let large = |part: &str, times: usize| format!(r#"{{"id": 1, "a\"[": [{}0]}}"#, part.repeat(times));
    assert_eq!(judged(200, &large("[],", 9_000)), Ok(Succeeded));
    assert_eq!(judged(200, &large("[],", 11_000)), Err(Misfit::TooLarge("10000 objects and lists")));
    assert_eq!(judged(200, &large("0,", 101_000)), Err(Misfit::TooLarge("100000 values")));
    assert_eq!(judged(200, &large("\"[[{{,,\\\"\",", 9_000)), Ok(Succeeded));
    assert!(matches!(strict.judge(&Answered::new(200, vec![0xff]), None), Err(Misfit::NotJson(_))));
}

#[test]
fn a_status_may_say_it_all() {
    let by_status = preset(
        "[http]\npending = [202]\ndone = [200, 201, 204]\nsee_other = [303]\ngone = [410]\nfailed = [409]",
    )
    .unwrap();
    let judged = |status: u16, body: &str| {
        by_status.judge(&Answered::new(status, body), None).map(|ruling| ruling.verdict)
    };
    for (status, body, verdict) in [
        (202, "<html>", Pending),
        (202, "", Pending),
        (200, r#"{"id": 1}"#, Succeeded),
        (204, "", Succeeded),
        (410, "gone", Succeeded),
        (409, "conflict", Failed),
        // Nothing is said of it, and nothing can be read in its body.
        (206, "", Pending),
    ] {
        assert_eq!(judged(status, body), Ok(verdict), "{status} {body}");
    }
    assert!(matches!(judged(303, "See there"), Err(Misfit::NotUnderstood(_))));
    assert!(matches!(judged(200, "<html>Log in</html>"), Err(Misfit::NotJson(_))));
    let elsewhere = by_status.judge(&Answered::new(303, "See").header("Location", "/r"), None).unwrap();
    assert_eq!((elsewhere.verdict, elsewhere.result), (Succeeded, Some(Found::At("/r".to_owned()))));
    assert_eq!(judged(404, ""), Err(Misfit::Status(404)));
    let strict = preset("expect = 'id'\n[http]\ndone = [200, 204]\npending = [202]").unwrap();
    let judged = |status: u16, body: &str| {
        strict.judge(&Answered::new(status, body), None).map(|ruling| ruling.verdict)
    };
    assert_eq!(judged(200, r#"{"id": 1}"#), Ok(Succeeded));
    assert_eq!(judged(200, r#"{"login": "/"}"#), Err(Misfit::Unexpected("id".to_owned())));
    assert_eq!((judged(204, ""), judged(202, "{}")), (Ok(Succeeded), Ok(Pending)));
    assert_eq!(by_status.statuses().iter().filter(|status| **status > 299).count(), 3);
}

#[test]
fn what_cannot_be_evaluated_does_not_apply_and_is_told() {
    let preset = preset("state = 'status'\nsuccess_when = \"ends_with(status, '_OK')\"").unwrap();
    let judged = |body: &str| preset.judge(&Answered::new(200, body), None).unwrap();
    let ruling = judged(r#"{"status": 5}"#);
    assert_eq!(ruling.verdict, Pending);
    assert_eq!(ruling.problems.len(), 1);
    assert!(ruling.problems[0].starts_with("`ends_with(status, '_OK')` cannot be evaluated: "));
    assert_eq!(judged(r#"{"status": "ALL_OK"}"#).problems, [""; 0]);
    let told = &judged(r#"{"status": {}}"#).problems[0];
    assert_eq!(told, "`status` is an object, not a word for a state");
    assert_eq!(&judged("{}").problems[0], "there is nothing at `status` in the answer");
    assert_eq!(&judged(r#"{"status": ""}"#).problems[0], "there is nothing at `status` in the answer");
}

#[test]
fn the_answer_to_a_starting_call_names_the_operation() {
    let preset = preset(
        "success_when = 'done'\n\
         handle = [{ header = 'x-job', preset = 'otc-job' }, { body = 'id', template = '{path}/{}' }, { methods = ['PUT'], template = '{url}' }]",
    )
    .unwrap();
    let handle = |method: &str, answered: Answered<'static>| {
        let started = Started::new(method, "https://a.example/things?v=2", answered);
        preset.handle(&started).map(|(location, by)| (location, by.name().to_owned()))
    };
    let named = |location: &str, by: &str| Some((location.to_owned(), by.to_owned()));
    let answered = || Answered::new(202, r#"{"id": "a b"}"#);
    assert_eq!(handle("POST", answered().header("X-Job", "/jobs/1")), named("/jobs/1", "otc-job"));
    assert_eq!(handle("POST", answered()), named("/things/a%20b", "mine"));
    assert_eq!(handle("PUT", Answered::new(201, "")), named("https://a.example/things?v=2", "mine"));
    assert_eq!(handle("POST", Answered::new(202, "<html>")), None);
    // Its header is a word on the operation all the same.
    let page = Answered::new(202, "<html>").header("X-Job", "/jobs/1");
    assert_eq!(handle("POST", page), named("/jobs/1", "otc-job"));
    for odd in ["<html>Log in</html>", r#"{"error": {"code": 1}}"#, r#"{"errors": ["no"]}"#] {
        assert_eq!(handle("PUT", Answered::new(200, odd)), None, "{odd}");
    }
    let fine = Answered::new(200, r#"{"error": null, "errors": []}"#);
    assert_eq!(handle("PUT", fine), named("https://a.example/things?v=2", "mine"));
    assert_eq!(handle("POST", Answered::new(202, r#"{"id": false}"#)), None);
}

#[test]
fn a_location_that_is_none_by_its_look_is_told_apart() {
    let preset = preset("success_when = 'done'\nlocation = ['*/runs/?*']").unwrap();
    for (location, is_one) in [
        ("/api/runs/1", true),
        ("https://a.example/x/RUNS/1?v=2", true),
        ("/api/runs/", false),
        ("/api/jobs/1?x=/runs/1", false),
    ] {
        assert_eq!(preset.is_location(location), is_one, "{location}");
    }
}

#[test]
fn whoever_leaves_the_judgment_to_others_has_no_word_of_its_own() {
    let azure = Preset::builtin("azure").unwrap();
    let done = Answered::new(200, r#"{"status": "Succeeded"}"#);
    assert_eq!(azure.judge(&done, None).unwrap().verdict, Succeeded);
    assert!(azure.judge(&Answered::new(200, "<html>"), None).is_err());
    let chain = preset("pick = [{ preset = 'azure' }]").unwrap();
    assert_eq!(chain.picked(&done).unwrap().unwrap().name(), "azure-async");
    assert_eq!(chain.judge(&done, None).unwrap().verdict, Succeeded);
}

#[test]
fn the_body_of_a_poll_is_not_told() {
    let preset = preset("success_when = 'done'\ndata = '{\"token\": \"s3cret\"}'").unwrap();
    assert_eq!(preset.definition().data.as_deref(), Some(r#"{"token": "s3cret"}"#));
    assert!(!format!("{preset:?}").contains("s3cret"));
}

#[test]
fn a_condition_of_several_lines_is_told_on_one() {
    let preset = Preset::from_toml("p", "title = 't'\nsuccess_when = '''\n  a &&\n    b\n'''").unwrap();
    let ruling = preset.judge(&Answered::new(200, r#"{"a": true, "b": true}"#), None).unwrap();
    assert_eq!(&*ruling.rule, "succeeded: `a && b` holds");
}
