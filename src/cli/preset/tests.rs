//! Which preset is meant, by which rule, and what flags make of it.

use std::path::PathBuf;

use clap::Parser;
use lro::Verdict;
use lro::preset::{Answered, Preset};

use super::*;

#[derive(Debug, Parser)]
struct Flags {
    #[command(flatten)]
    shape: Shape,
}

/// The flags as they are typed.
fn shape(typed: &[&str]) -> Shape {
    Flags::try_parse_from([&["lro"], typed].concat()).expect("flags").shape
}

/// A folder of one's own with these files. It is removed at the end.
struct Own(PathBuf);

impl Own {
    fn new(test: &str, files: &[(&str, &str)]) -> Self {
        let directory = std::env::temp_dir().join(format!("lro-{test}-{}", std::process::id()));
        std::fs::create_dir_all(directory.join("lro/presets")).expect("a directory");
        for (name, text) in files {
            std::fs::write(directory.join("lro/presets").join(name), text).expect("a file");
        }
        Self(directory)
    }

    fn folder(&self) -> Folder {
        Folder::of(Some(self.0.join("lro")))
    }

    fn path(&self, name: &str) -> String {
        self.0.join("lro/presets").join(name).to_str().expect("text").to_owned()
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        // It is fine when it is gone.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const MINE: &str =
    "title = 'Mine'\nstate = 's'\nsuccess = ['OK']\nfailure = ['KO']\npending = ['at it', 'WAITS']\n";

fn found(typed: &[&str]) -> Found {
    find_in(&shape(typed), &Folder::default()).expect("a preset")
}

/// The preset of the file with what the flags say in its place.
fn over(text: &str, typed: &[&str]) -> Result<Preset, Failure> {
    changed(Some(&Preset::from_toml("mine", text).expect("a preset")), &shape(typed))
}

fn refusal(failure: &Failure) -> String {
    failure.text(false, None)
}

fn verdict(preset: &Preset, status: u16, body: &str) -> Option<Verdict> {
    preset.judge(&Answered::new(status, body), None).ok().map(|ruling| ruling.verdict)
}

#[test]
fn a_preset_is_named_by_a_file_a_flag_or_nobody() {
    let own = Own::new("named", &[("mine.toml", MINE), (".hidden.toml", MINE), ("a.txt", MINE)]);
    let file = own.path("mine.toml");
    for (typed, name, again) in [
        (&[][..], "otc-plas", &[][..]),
        (&["--preset", "otc-job"], "otc-job", &["--preset", "otc-job"]),
        (&["--preset", "mine"], "mine", &["--preset", "mine"]),
        (&["--preset-file", &file], "mine", &["--preset-file", &file]),
    ] {
        let found = find_in(&shape(typed), &own.folder()).expect("a preset");
        assert_eq!(found.preset.name(), name, "{typed:?}");
        assert_eq!(found.is_default, again.is_empty());
        assert_eq!(found.again.expect("text"), again);
    }
}

#[test]
fn a_name_that_is_none_is_refused_with_those_that_are_near() {
    let own = Own::new("unknown", &[("my-jobs.toml", MINE), (".hidden.toml", MINE)]);
    for (name, told) in [
        ("otc-jbo", "there is no preset `otc-jbo`\n  hint: perhaps otc-job"),
        ("my-job", "there is no preset `my-job`\n  hint: perhaps my-jobs"),
        ("x", "there is no preset `x`\n  hint: lro presets lists them all"),
        (".hidden", "there is no preset"),
        ("../presets/my-jobs", "hint: a file is given with --preset-file"),
        ("my-jobs.toml", "hint: a file is given with --preset-file"),
    ] {
        let failure = by_name(name, &own.folder()).expect_err("no preset");
        assert!(refusal(&failure).contains(told), "{name}: {}", refusal(&failure));
    }
}

#[test]
fn a_preset_that_is_built_in_is_not_silently_another_one() {
    let own = Own::new("twice", &[("otc-plas.toml", MINE)]);
    for typed in [&[][..], &["--preset", "otc-plas"]] {
        let failure = find_in(&shape(typed), &own.folder()).expect_err("two of one name");
        assert!(refusal(&failure).contains("rename the file, or give it with --preset-file"));
    }
    let file = own.path("otc-plas.toml");
    let found = find_in(&shape(&["--preset-file", &file]), &own.folder()).expect("a preset");
    assert_eq!(found.preset.definition().title, "Mine");
}

#[test]
fn what_is_wrong_with_a_file_is_told_with_its_line() {
    let own = Own::new(
        "wrong",
        &[("a.toml", "title = 'A'\nfrobnicate = 1\n"), ("b.toml", "title = 'B'\nsuccess = ['x']\n")],
    );
    std::fs::write(own.path("c.toml"), b"title = 'C'\n# \xff\n").unwrap();
    std::fs::write(own.path("d.toml"), "x".repeat(1024 * 1024 + 1)).unwrap();
    for (name, told) in [
        ("a", "caused by: line 2: unknown field `frobnicate`"),
        ("b", "caused by: line 2: `success`: are states, but `state`"),
        ("c", "caused by: line 2: it is not text"),
        ("d", "caused by: it is longer than 1 MiB"),
    ] {
        let text = refusal(&by_name(name, &own.folder()).expect_err("it is wrong"));
        assert!(text.contains(&own.path(&format!("{name}.toml"))) && text.contains(told), "{text}");
    }
    let marked = from_bytes("e", format!("\u{feff}{MINE}").as_bytes(), "it").expect("a preset");
    assert_eq!(marked.text(), Some(MINE));
}

#[test]
fn flags_alone_describe_an_api() {
    let found =
        found(&["--state", "a.b", "--success", "A,B", "--success", "C", "--failure", "-1", "--message", "m"]);
    assert!(!found.is_default);
    let again = ["--state", "a.b", "--success", "A,B,C", "--failure=-1", "--message", "m"];
    assert_eq!(found.again.expect("text"), again);
    for (body, expected) in [
        (r#"{"a": {"b": "c"}}"#, Verdict::Succeeded),
        (r#"{"a": {"b": -1}}"#, Verdict::Failed),
        (r#"{"a": {"b": "D"}}"#, Verdict::Pending),
    ] {
        assert_eq!(verdict(&found.preset, 200, body), Some(expected), "{body}");
    }
}

#[test]
fn flags_replace_field_by_field_what_a_preset_says() {
    let base = "title = 'T'\nstate = 's'\nsuccess = ['OK']\nfailure_when = 'f'\nblocked = ['B']\nmessage = ['m']\n\
                result = [{ header = 'location' }, { body = 'r' }]\nprogress = 'p'\nmethod = 'POST'\ndata = 'x'\n";
    let definition = |typed: &[&str]| over(base, typed).expect("a preset").definition().clone();
    let changed =
        definition(&["--failure", "KO", "--message", "n", "--message", "o", "--progress-from", "q"]);
    assert_eq!((changed.failure_when, &changed.failure[..]), (None, &["KO".to_owned()][..]));
    assert_eq!(changed.message, ["n", "o"]);
    assert_eq!((changed.state.as_deref(), &changed.success[0]), (Some("s"), &"OK".to_owned()));
    assert_eq!((changed.progress.as_deref(), changed.blocked.len()), (Some("q"), 1));
    let changed = definition(&["--success-when", "x", "--result", "header: X-Where", "--method", "PUT"]);
    assert_eq!((changed.success_when.as_deref(), changed.success.len()), (Some("x"), 0));
    assert_eq!(changed.failure_when.as_deref(), Some("f"));
    assert_eq!(changed.result.len(), 1);
    assert_eq!(changed.result[0].header.as_deref(), Some("X-Where"));
    assert_eq!((changed.method.as_deref(), changed.data.as_deref()), (Some("PUT"), Some("x")));
    let changed = definition(&["--result", "where", "--data", "y", "--failure-when", "g"]);
    assert_eq!(changed.result[0].body.as_deref(), Some("where"));
    assert_eq!((changed.data.as_deref(), changed.failure_when.as_deref()), (Some("y"), Some("g")));
}

#[test]
fn another_state_drops_the_states_of_the_preset() {
    let preset = over(MINE, &["--state", "t", "--success", "FINE"]).expect("a preset");
    for (body, expected) in [
        (r#"{"t": "fine", "s": "KO"}"#, Verdict::Succeeded),
        (r#"{"t": "KO"}"#, Verdict::Pending),
        (r#"{"t": "anything"}"#, Verdict::Pending),
    ] {
        assert_eq!(verdict(&preset, 200, body), Some(expected), "{body}");
    }
    let failure = over(MINE, &["--state", "t"]).expect_err("no success");
    assert!(refusal(&failure).contains("the states of the preset belong to its own --state"));
    let failure = over(MINE, &["--success", "K*"]).expect_err("an overlap");
    let told = "--success cannot be used: `K*` overlaps with `KO` in --failure\n  hint: what the preset says of states";
    assert!(refusal(&failure).contains(told), "{}", refusal(&failure));
    // The same one is no other one.
    let preset = over(MINE, &["--state", "s", "--success", "FINE"]).expect("a preset");
    assert_eq!(verdict(&preset, 200, r#"{"s": "KO"}"#), Some(Verdict::Failed));
}

#[test]
fn a_state_that_is_given_has_no_other_meaning_of_the_preset() {
    let preset = over(MINE, &["--success", "ko,Waits"]).expect("a preset");
    for (state, expected) in
        [("KO", Verdict::Succeeded), ("WAITS", Verdict::Succeeded), ("AT IT", Verdict::Pending)]
    {
        assert_eq!(verdict(&preset, 200, &format!(r#"{{"s": "{state}"}}"#)), Some(expected), "{state}");
    }
    let preset = over(MINE, &["--failure", ""]).expect("a preset");
    assert_eq!(verdict(&preset, 200, r#"{"s": "KO"}"#), None, "no rule covers it any more");
}

#[test]
fn a_success_that_is_described_is_not_had_by_a_status_alone() {
    let base = "title = 'T'\n[http]\npending = [202]\ndone = [200, 204]\nsee_other = [303]\n";
    let preset = over(base, &["--success-when", "ready"]).expect("a preset");
    // That it is to be seen elsewhere is no success where nothing says where.
    assert_eq!(verdict(&preset, 303, ""), None);
    for (status, body, expected) in [
        (200, r#"{"ready": false}"#, Verdict::Pending),
        (200, r#"{"ready": true}"#, Verdict::Succeeded),
        (202, r#"{"ready": false}"#, Verdict::Pending),
        (204, "", Verdict::Succeeded),
    ] {
        assert_eq!(verdict(&preset, status, body), Some(expected), "{status} {body}");
    }
}

#[test]
fn until_it_is_gone_only_a_failure_or_its_absence_ends_a_wait() {
    let base = format!(
        "{MINE}cancelled = ['DELETED']\nresult = [{{ body = 'r' }}]\n[http]\ndone = [204]\nsee_other = [303]\nfailed = [404, 409]\n"
    );
    let preset = over(&base, &["--until-gone"]).expect("a preset");
    for (status, state, expected) in [
        (200, "OK", Some(Verdict::Pending)),
        (200, "DELETED", Some(Verdict::Pending)),
        (200, "unheard of", Some(Verdict::Pending)),
        (200, "KO", Some(Verdict::Failed)),
        (404, "", Some(Verdict::Succeeded)),
        (410, "", Some(Verdict::Succeeded)),
        (409, "", Some(Verdict::Failed)),
        (303, "", None),
        (204, "OK", Some(Verdict::Pending)),
    ] {
        let body = format!(r#"{{"s": "{state}"}}"#);
        assert_eq!(verdict(&preset, status, &body), expected, "{status} {state}");
    }
    assert!(preset.definition().result.is_empty());
    let both = over(&base, &["--until-gone", "--success", "DELETED"]).expect("a preset");
    assert_eq!(verdict(&both, 200, r#"{"s": "deleted"}"#), Some(Verdict::Succeeded));
    assert_eq!(verdict(&both, 404, ""), Some(Verdict::Succeeded));
    assert_eq!(verdict(&both, 200, r#"{"s": "OK"}"#), Some(Verdict::Pending));
    let alone = found(&["--until-gone"]).preset;
    assert_eq!(verdict(&alone, 200, "{}"), Some(Verdict::Pending));
    assert_eq!(verdict(&alone, 404, ""), Some(Verdict::Succeeded));
}

#[test]
fn what_is_wrong_with_flags_is_told_by_the_flag() {
    for (typed, told) in [
        (&["--message", "m"][..], "the flags do not say what a success is\n  hint: give --state"),
        (
            &["--success", "A"],
            "--success gives states, but nothing says where the state is\n  hint: give --state EXPR too",
        ),
        (
            &["--state", "s", "--success", "*ED", "--failure", "FAILED"],
            "--success cannot be used: `*ED` overlaps with `FAILED` in --failure",
        ),
        (&["--success-when", "a ==="], "--success-when cannot be used: "),
        (&["--success-when", "a", "--failure-when", "["], "--failure-when cannot be used: "),
        (&["--until-gone", "--message", "a", "--message", "("], "--message cannot be used: "),
        (&["--until-gone", "--progress-from", "("], "--progress-from cannot be used: "),
        (&["--until-gone", "--result", "("], "--result cannot be used: "),
        (
            &["--until-gone", "--result", "header:a b"],
            "--result cannot be used: `a b` is no name of a header",
        ),
        (&["--until-gone", "--method", "GE T"], "--method cannot be used: `GE T` is no method of HTTP"),
        (
            &["--until-gone", "--data", "@/nowhere/body"],
            "the file of --data, `/nowhere/body`, cannot be read",
        ),
    ] {
        let failure = find_in(&shape(typed), &Folder::default()).expect_err("it is wrong");
        assert!(refusal(&failure).contains(told), "{typed:?}: {}", refusal(&failure));
    }
}

#[test]
fn a_preset_that_leaves_the_judgment_to_others_cannot_be_changed() {
    for (base, told) in [
        ("pick = [{ status = [202], preset = 'otc-plas' }, { preset = 'otc-job' }]", "otc-job, otc-plas"),
        ("http.done = [200]\nhandle = [{ header = 'location', preset = 'otc-job' }]", "otc-job"),
    ] {
        let failure =
            over(&format!("title = 'T'\n{base}\n"), &["--until-gone"]).expect_err("it does not judge");
        let hint = format!("hint: give the one that is meant: {told}\n");
        assert!(refusal(&failure).contains(&hint), "{}", refusal(&failure));
    }
}
