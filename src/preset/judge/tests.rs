//! Corners of a judgment: bodies that cannot be read, and answers that no rule covers.
//! What a preset finds in an answer that it understands is looked at beside the preset.

use super::*;
use crate::Verdict::{Failed, Pending, Succeeded};
use crate::preset::Preset;

fn preset(text: &str) -> Preset {
    Preset::from_toml("mine", &format!("title = \"Mine\"\n{text}")).unwrap()
}

#[test]
fn a_body_that_cannot_be_read_is_passed_over_only_where_it_has_nothing_to_say() {
    let bodiless = preset("[http]\ndone = [201]\npending = [202]");
    let strict = preset("expect = 'id'\n[http]\ndone = [201]\npending = [202]\nfailed = [409]");
    for (preset, status, verdict) in [
        // The status says it.
        (&bodiless, 202, Some(Pending)),
        (&strict, 202, Some(Pending)),
        (&strict, 409, Some(Failed)),
        // Nobody says anything.
        (&bodiless, 206, Some(Pending)),
        (&strict, 206, None),
        // It may be somebody else's page.
        (&bodiless, 201, None),
        (&strict, 201, None),
    ] {
        let ruling = preset.judge(&Answered::new(status, "<html>"), None);
        let told = format!("{status}: {ruling:?}");
        assert_eq!(ruling.as_ref().ok().map(|ruling| ruling.verdict), verdict, "{told}");
        assert!(ruling.is_ok() || matches!(ruling, Err(Misfit::NotJson(_))), "{told}");
    }
}

#[test]
fn what_no_rule_covers_is_quoted_if_it_is_a_state() {
    let by_state = preset("state = 'status'\nsuccess = ['done']\npending = ['new']");
    let by_condition = preset("success_when = 'ok'\npending_when = 'busy'");
    for (preset, body, told) in [
        (&by_state, r#"{"status": "odd"}"#, "the API answers `odd` at `status`, which no rule covers"),
        (&by_state, "{}", "the API answers something that no rule covers"),
        (&by_condition, r#"{"status": "odd"}"#, "the API answers something that no rule covers"),
    ] {
        let misfit = preset.judge(&Answered::new(200, body), None).unwrap_err();
        assert_eq!(misfit, Misfit::NotUnderstood(told.to_owned()), "{body}");
        assert_eq!(misfit.to_string(), told);
    }
}

#[test]
fn a_state_that_is_no_word_is_a_problem_that_names_what_it_is() {
    let preset = preset("state = 'status'\nsuccess = ['done']");
    for (body, problems) in [
        (r#"{"status": ["done"]}"#, &["`status` is a list, not a word for a state"][..]),
        (r#"{"status": {}}"#, &["`status` is an object, not a word for a state"]),
        (r#"{"status": null}"#, &["there is nothing at `status` in the answer"]),
        ("{}", &["there is nothing at `status` in the answer"]),
        (r#"{"status": 7}"#, &[]),
    ] {
        let ruling = preset.judge(&Answered::new(200, body), None).unwrap();
        assert_eq!(ruling.problems, problems, "{body}");
        assert_eq!(ruling.verdict, Pending, "{body}");
    }
    let done = preset.judge(&Answered::new(200, r#"{"status": " done "}"#), None).unwrap();
    assert_eq!((done.verdict, done.state.as_deref()), (Succeeded, Some("done")));
}

#[test]
fn an_answer_of_a_status_that_says_it_all_lacks_no_state() {
    let by_both = preset("state = 'status'\nsuccess = ['done']\n[http]\npending = [202]");
    let expected = preset("expect = 'id'\nstate = 'status'\nsuccess = ['done']");
    for (preset, status, body) in [(&by_both, 202, ""), (&expected, 200, r#"{"id": 1}"#)] {
        let ruling = preset.judge(&Answered::new(status, body), None).unwrap();
        assert_eq!((ruling.verdict, ruling.problems.as_slice()), (Pending, &[][..]), "{status} {body}");
    }
}

#[test]
fn a_message_is_told_in_whatever_form_it_is_unless_it_is_empty() {
    let preset = preset("state = 'status'\nsuccess = ['done']\nmessage = ['first', 'second']");
    for (first, told) in [
        (r#""words""#, Some("words")),
        ("7", Some("7")),
        (r#"{"code": 1}"#, Some(r#"{"code":1}"#)),
        (r#"["a", "", null, "b"]"#, Some("a; b")),
        ("[null, {}]", Some("else")),
        ("{}", Some("else")),
        ("[]", Some("else")),
        (r#""""#, Some("else")),
        (r#"" ""#, Some("else")),
        ("false", Some("else")),
        ("null", Some("else")),
    ] {
        let body = format!(r#"{{"first": {first}, "second": "else"}}"#);
        let ruling = preset.judge(&Answered::new(200, body), None).unwrap();
        assert_eq!(ruling.message.as_deref(), told, "{first}");
    }
    assert_eq!(preset.judge(&Answered::new(200, "{}"), None).unwrap().message, None);
}

#[test]
fn what_an_operation_does_and_where_it_is_asked_next_are_found() {
    let preset = preset("state = 'status'\nsuccess = ['done']\nkind = 'action'\nnext = [{ body = 'url' }]");
    let judged = |body: &str| preset.judge(&Answered::new(200, body), None).unwrap();
    let pending = judged(r#"{"status": "new", "action": "CREATE", "url": "/next"}"#);
    assert_eq!((pending.kind.as_deref(), pending.next.as_deref()), (Some("CREATE"), Some("/next")));
    let done = judged(r#"{"status": "done", "action": "CREATE", "url": "/next"}"#);
    assert_eq!((done.kind.as_deref(), done.next), (Some("CREATE"), None));
}
