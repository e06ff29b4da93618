//! Documents of every kind, and what each means.

use super::*;

fn judged(json: &str) -> Result<Verdict, String> {
    Status::from_json(json.as_bytes()).map_err(|error| error.cause)?.verdict(false)
}

#[test]
fn the_sample_of_the_reference_is_read() {
    let status =
        Status::from_json(include_bytes!("../../../tests/integration/fixtures/plas-create.json")).unwrap();
    assert_eq!(status.operation_id().as_deref(), Some("95a44e38-5d61-44ca-a5c4-f241812fbd51"));
    assert_eq!(status.operation_type, Some(OperationType::Create));
    assert_eq!(status.finished, Some(true));
    let at = |seconds| Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    assert_eq!((status.operate_at, status.finished_at), (at(1_517_274_000), at(1_517_274_020)));
    assert_eq!((status.result.as_deref(), status.reason.as_deref()), (Some("success"), None));
    assert_eq!(status.verdict(true), Ok(Verdict::Succeeded));
    assert!(status.raw().contains("\"operateAt\""));
}

#[test]
fn what_finished_and_result_say_is_the_verdict() {
    use Verdict::{Failed, Pending, Succeeded};
    for (json, verdict) in [
        (r#"{"finished":false}"#, Pending),
        (r#"{"finished":false,"finishedAt":"1517274020"}"#, Pending),
        (r#"{"finished":false,"result":{"result":"success"}}"#, Pending),
        (r#"{"finished":false,"result":{"result":"running"}}"#, Pending),
        (r#"{"finished":false,"result":"nonsense"}"#, Pending),
        (r#"{"finished":true,"result":{"result":"success"}}"#, Succeeded),
        (r#"{"finished":true,"result":{"result":"SUCCESS","reason":null}}"#, Succeeded),
        (r#"{"finished":true}"#, Succeeded),
        ("\u{feff} {\"finished\":true}", Succeeded),
        (r#"{"finished":true,"result":null}"#, Succeeded),
        (r#"{"finished":true,"result":{}}"#, Succeeded),
        (r#"{"finished":true,"result":{"result":""}}"#, Succeeded),
        (r#"{"finished":true,"result":{"result":null}}"#, Succeeded),
        (r#"{"finished":true,"result":{"result":"failed"}}"#, Failed),
        (r#"{"finished":false,"result":{"result":"Failed"}}"#, Failed),
        (r#"{"result":{"result":"failed"}}"#, Failed),
    ] {
        assert_eq!(judged(json), Ok(verdict), "{json}");
    }
}

#[test]
fn finished_with_any_other_word_is_not_understood_and_quoted() {
    for (result, quoted) in [
        (r#"{"result":"rolledback"}"#, "rolledback"),
        (r#"{"result":0}"#, "0"),
        (r#"{"result":{"a":1}}"#, r#"{"a":1}"#),
        (r#""success""#, r#""success""#),
        ("[]", "[]"),
        (r#"["success",""]"#, r#"["success",""]"#),
    ] {
        let json = format!(r#"{{"finished":true,"result":{result}}}"#);
        let text =
            format!("the operation is finished, and its result is `{quoted}`: neither success nor failed");
        assert_eq!(judged(&json), Err(text));
    }
}

#[test]
fn a_required_result_that_is_missing_is_not_understood() {
    let status = Status::from_json(br#"{"finished":true}"#).unwrap();
    assert_eq!(status.verdict(true), Err("the operation is finished, but has no result".to_owned()));
}

#[test]
fn what_is_no_document_is_never_judged() {
    for body in [
        &b""[..],
        b"<html><title>Login</title></html>",
        b"null",
        b"[]",
        br#"["o","create",true,"1","2",["success","r"]]"#,
        b"[null,null,true,null,null,null]",
        b"\"finished\"",
        b"{}",
        br#"{"status":"ok"}"#,
        br#"{"finished":"true"}"#,
        br#"{"finished":1}"#,
        br#"{"finished":null}"#,
        br#"{"finished":true,"finished":false}"#,
        br#"{"finished":true"#,
        br#"{"finished":true} trailing"#,
        b"{\"finished\":true,\"x\":\"\xff\"}",
        b"{\"finished\":true,\"x\":\"\x01\"}",
    ] {
        assert!(Status::from_json(body).is_err(), "{}", String::from_utf8_lossy(body));
    }
    let error = Status::from_json(b"<html>\x1b[2Jlogin").unwrap_err();
    assert_eq!(
        HttpError::from(error).to_string(),
        "the answer is not a PLAS operation: it is no JSON object; it begins with `<html> [2Jlogin`"
    );
}

#[test]
fn times_are_read_in_every_form_and_never_fail() {
    for (value, milliseconds) in [
        ("\"1517274000\"", Some(1_517_274_000_000)),
        ("1517274000", Some(1_517_274_000_000)),
        ("\"1517274000123\"", Some(1_517_274_000_123)),
        ("1517274000123", Some(1_517_274_000_123)),
        ("\"yesterday\"", None),
        ("-5", None),
        ("1e300", None),
        ("{}", None),
        ("null", None),
        ("\"18446744073709551615\"", Some(u64::MAX)),
    ] {
        let json = format!(r#"{{"finished":true,"operateAt":{value},"finishedAt":{value}}}"#);
        let status = Status::from_json(json.as_bytes()).unwrap();
        let expected = milliseconds.map(|ms| SystemTime::UNIX_EPOCH + Duration::from_millis(ms));
        assert_eq!((status.operate_at, status.finished_at), (expected, expected), "{value}");
    }
}

#[test]
fn a_reason_is_fit_for_a_terminal() {
    let json = r#"{"finished":true,"result":{"result":"failed","reason":"no\u001b[31m line\nfree"}}"#;
    let status = Status::from_json(json.as_bytes()).unwrap();
    assert_eq!(status.reason.as_deref(), Some("no [31m line free"));
}

#[test]
fn any_operation_type_is_kept() {
    for (word, kind) in
        [("Create", "create"), ("DELETE", "delete"), ("update", "update"), ("Resize", "Resize")]
    {
        let json = format!(r#"{{"finished":false,"operationType":"{word}"}}"#);
        let status = Status::from_json(json.as_bytes()).unwrap();
        assert_eq!(status.operation_type.unwrap().as_str(), kind);
    }
}

/// Every combination of what the two fields that decide can be: absent, null, and of each type.
fn documents() -> Vec<String> {
    let words =
        ["null", "\"\"", "\"success\"", "\"FAILED\"", "\"failed \"", "\"running\"", "true", "0", "[]", "{}"];
    let results = ["null", "\"\"", "\"success\"", "\"failed\"", "false", "7", "[]", "[\"failed\"]", "{}"];
    let words = words.map(|word| format!(r#"{{"result":{word},"reason":"why"}}"#));
    let results = results.iter().map(ToString::to_string).chain(words);
    let results: Vec<_> =
        results.map(|result| format!(r#","result":{result}"#)).chain([String::new()]).collect();
    let finished =
        ["", r#","finished":null"#, r#","finished":true"#, r#","finished":false"#, r#","finished":1"#];
    let with = |finished: &&str| {
        let start = format!(r#"{{"operationType":"Update"{finished}"#);
        results.iter().map(|result| format!("{start}{result}}}")).collect::<Vec<_>>()
    };
    let others =
        ["", "null", "[]", "{}", "\"failed\"", "<html>", "\u{feff}{\"finished\":true}", "{\"finished\":true"];
    finished.iter().flat_map(with).chain(others.map(str::to_owned)).collect()
}

#[test]
fn the_preset_for_this_api_gives_the_same_verdicts() {
    use crate::preset::{Answered, Preset};
    let preset = Preset::builtin("otc-plas").unwrap();
    let mut verdicts = std::collections::HashSet::new();
    for json in documents() {
        let typed = Status::from_json(json.as_bytes());
        let by_preset = preset.judge(&Answered::new(200, json.as_str()), None).ok();
        let verdict = by_preset.as_ref().map(|ruling| ruling.verdict);
        assert_eq!(verdict, typed.as_ref().ok().and_then(|status| status.verdict(false).ok()), "{json}");
        verdicts.insert(verdict);
        let (Some(ruling), Ok(typed)) = (by_preset, typed) else { continue };
        assert_eq!(ruling.message.as_deref(), typed.reason.as_deref(), "{json}");
        assert_eq!(
            ruling.kind.as_deref(),
            typed.operation_type.as_ref().map(OperationType::as_str),
            "{json}"
        );
    }
    assert_eq!(verdicts.len(), 4, "each verdict is among them, and none");
}
