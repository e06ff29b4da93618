//! What is refused in a preset, with which words and at which line.

use crate::preset::Preset;

#[track_caller]
fn assert_refused(text: &str, reason: &str) {
    let told = Preset::from_toml("mine", &format!("title = \"Mine\"\n{text}")).expect_err("it is refused");
    let told = told.to_string();
    let told = told.strip_prefix("the preset `mine` cannot be used: ").expect("it says which preset");
    assert!(told.starts_with(reason), "{told}");
}

#[test]
fn what_makes_no_sense_is_refused_with_line_and_reason() {
    for (text, reason) in [
        ("state = 'status'\nsucess = ['A']", "line 3: unknown field `sucess`"),
        ("state = 'status'", "line 1: there is no way to end well"),
        ("success_when = '`false`'", "line 1: there is no way to end well"),
        ("success_when = ' `null` '", "line 1: there is no way to end well"),
        ("state = 'status'\nfailure = ['A']", "line 1: there is no way to end well"),
        ("success = ['A']", "line 2: `success`: are states, but `state` does not say where the state is"),
        (
            "state = 'status'\nsuccess = ['done']\n\nfailure = ['DONE']",
            "line 3: `success`: `done` overlaps with `DONE` in `failure`",
        ),
        (
            "state = 'status'\nsuccess = ['*_COMPLETE']\nblocked = ['ROLLBACK_*']",
            "line 4: `blocked`: `ROLLBACK_*` overlaps with `*_COMPLETE` in `success`",
        ),
        (
            "state = 'status'\nsuccess = ['A']\nsuccess_when = 'done'",
            "line 4: `success_when`: decides alone, so `success` would never be looked at",
        ),
        ("success_when = 'a ='", "line 2: `success_when`: "),
        (
            "[http]\ndone = [200]\npending = [202, 200]",
            "line 3: `http.done`: 200 overlaps with `http.pending`",
        ),
        ("[http]\ndone = [503]", "line 3: `http.done`: 503 says nothing about the operation"),
        ("[http]\ndone = [42]", "line 3: `http.done`: 42 is no status of an answer"),
        ("[http]\ndone = [\"200\"]", "line 3: invalid type: string \"200\", expected u16"),
        ("success_when = 'a'\nauth = 'magic'", "line 3: unknown variant `magic`"),
        (
            "success_when = 'a'\nnext = [{ header = 'a b' }]",
            "line 3: `next[0].header`: `a b` is no name of a header",
        ),
        (
            "success_when = 'a'\nhint = [{ header = '' }]",
            "line 3: `hint[0].header`: `` is no name of a header",
        ),
        ("success_when = 'a'\nmethod = 'G T'", "line 3: `method`: `G T` is no method of HTTP"),
        (
            "success_when = 'a'\n[headers]\nAuthorization = 'Bearer x'",
            "line 4: `headers.Authorization`: is a secret, which has no place in a preset",
        ),
        ("success_when = 'a'\n[headers]\nX = \"a\\nb\"", "line 4: "),
        ("success_when = 'a'\nreference = '/jobs'", "line 3: `reference`: `/jobs` has no place for an id"),
        (
            "success_when = 'a'\nhandle = [\n  { header = 'x' },\n  { body = 'id', template = '/jobs' },\n]",
            "line 5: `handle[1].template`: has no place for the value",
        ),
        (
            "success_when = 'a'\nhandle = [{ preset = 'x' }]",
            "line 3: `handle[0]`: says neither `header` nor `body`",
        ),
        (
            "success_when = 'a'\nnext = [{ template = '{url}' }]",
            "line 3: `next[0]`: goes by a starting call, which is not known here",
        ),
        (
            "pick = [{ preset = 'nowhere' }]",
            "line 2: `pick[0].preset`: there is no preset `nowhere` that is built in",
        ),
        (
            "success_when = 'a'\nhint = [{ unit = 'ms' }]",
            "line 3: `hint[0]`: is either a `header` or in the `body`",
        ),
        ("success_when = 'a'\nspellings = [['a', 'a']]", "line 3: `spellings[0]`: are not two spellings"),
        ("title = 'twice'", "line 2: duplicate key"),
        ("= 1", "line 2: "),
    ] {
        assert_refused(text, reason);
    }
    let error = Preset::from_toml("mine", "success_when = 'a'").unwrap_err();
    assert_eq!((error.line, error.key.as_deref()), (Some(1), Some("title")));
}
