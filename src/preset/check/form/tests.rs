//! What a preset file cannot hold, key by key.

use crate::preset::Preset;

#[track_caller]
fn assert_refused(text: &str, reason: &str) {
    let whole = format!("title = 'Mine'\nstate = 's'\n{text}");
    let error = Preset::from_toml("mine", &whole).expect_err(text);
    let key = error.key.unwrap_or_default();
    let told = format!("{key}: {}", error.problem);
    assert!(told.starts_with(reason), "{text}: {told}");
}

#[test]
fn a_value_that_no_state_has_is_refused() {
    for (text, key) in [
        ("success = ['']", "success[0]: "),
        ("success = ['a', ' b']", "success[1]: "),
        ("success = ['a']\nfailure = [' ']", "failure[0]: "),
        ("success = ['a']\npending = [\"b\\n\"]", "pending[0]: "),
    ] {
        assert_refused(text, &format!("{key}is a value that no state has"));
    }
    assert!(Preset::from_toml("mine", "title = 'M'\nstate = 's'\nsuccess = ['a b']").is_ok());
}

#[test]
fn what_leads_elsewhere_or_says_no_is_no_success() {
    for (text, reason) in [
        ("done = [302]", "http.done: 302 leads elsewhere"),
        ("done = [200]\npending = [307]", "http.pending: 307 leads elsewhere"),
        ("done = [200]\nfailed = [301]", "http.failed: 301 leads elsewhere"),
        ("gone = [308]", "http.gone: 308 leads elsewhere"),
        ("done = [200]\nsee_other = [304]", "http.see_other: 304 answers a question"),
        ("done = [404]", "http.done: 404 is no success"),
        ("see_other = [400]", "http.see_other: 400 is no success"),
        ("gone = [200]", "http.gone: 200 does not say that something is gone"),
        ("done = [200]\nfailed = [407]", "http.failed: 407 says nothing about the operation"),
        ("done = [101]", "http.done: 101 is no status of an answer"),
    ] {
        assert_refused(&format!("[http]\n{text}"), reason);
    }
    let fine = "title = 'M'\n[http]\ndone = [200]\nsee_other = [302]\ngone = [404]\npending = [409]";
    assert!(Preset::from_toml("mine", fine).is_ok());
}

#[test]
fn what_no_request_can_carry_is_refused() {
    for (text, reason) in [
        ("method = 'connect'", "method: `connect` makes a tunnel"),
        ("next = [{ header = 'x', preset = 'otc-job' }]", "next[0].preset: is only for a `handle`"),
        ("result = [{ header = 'x', preset = 'otc-job' }]", "result[0].preset: is only for a `handle`"),
    ] {
        assert_refused(&format!("success = ['a']\n{text}"), reason);
    }
}

#[test]
fn a_preset_file_steers_no_terminal() {
    for text in ["title = \"a\\u001b[2J\"", "title = 'a'\nsource = \"b\\nc\"", "\"x\\u001b[2Jy\" = 1"] {
        let told = Preset::from_toml("mine", text).unwrap_err().to_string();
        assert!(!told.contains(char::is_control), "{told:?}");
    }
    let overlapping = "title = 'a'\nstate = 's'\nsuccess = [\"x\\u009by\"]\nfailure = [\"x\\u009by\"]";
    let told = Preset::from_toml("mine", overlapping).unwrap_err().to_string();
    assert!(told.contains("overlaps") && !told.contains(char::is_control), "{told:?}");
}

#[test]
fn whoever_leaves_the_judgment_to_others_has_no_rules_of_its_own() {
    let picks = "pick = [{ preset = 'azure' }]\n";
    for (text, key) in [("success = ['a']", "state"), ("[http]\ndone = [200]", "state")] {
        assert_refused(&format!("{picks}{text}"), &format!("{key}: is never looked at"));
    }
    for (text, key) in [("success_when = 'a'", "success_when"), ("[http]\ndone = [200]", "http")] {
        let error = Preset::from_toml("mine", &format!("title = 'M'\n{picks}{text}")).unwrap_err();
        assert_eq!((error.key.as_deref(), error.line), (Some(key), Some(3)));
    }
    assert!(Preset::from_toml("mine", &format!("title = 'M'\n{picks}handle = [{{ header = 'x' }}]")).is_ok());
}
