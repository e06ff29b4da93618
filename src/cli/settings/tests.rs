//! Which value counts, and what gives way to what: a table of what is typed, said by variables, and written in a file.

use std::path::Path;

use clap::CommandFactory;
use clap::error::ErrorKind;

use super::*;
use crate::cli::args::Cli;

/// What is put among the words, and what is not used for what reason; or what is told of what is wrong.
fn said(typed: &str, variables: &[(&str, &str)], text: &str) -> Result<(String, Vec<String>), String> {
    let command = Cli::command();
    let words: Vec<OsString> =
        ["lro"].into_iter().chain(typed.split_whitespace()).map(OsString::from).collect();
    let line = Line::of(&command, &words).expect("a verb");
    let file = File::parse(Path::new("c.toml"), text, &Known::of(&command));
    let file = file.map_err(|wrong| {
        [Some(wrong.what), wrong.hint].into_iter().flatten().collect::<Vec<_>>().join("; ")
    })?;
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| OsString::from(value))
    };
    let around = Surroundings { variable: &variable, place: Place::Off };
    let told = |failure: Failure| failure.text(false, None).trim_end().replace('\n', "; ");
    let profile = around.profile(line.profile.clone(), Some(&file)).map_err(told)?;
    profile.check(&around.place, Some(&file)).map_err(told)?;
    let resolved = around.resolve(&line.verb, &line.typed, &profile, Some(&file));
    if let Some(unusable) = resolved.unusable.first() {
        return Err(told(unusable.failure()));
    }
    let passed = resolved.passed.iter();
    let passed = passed.map(|passed| format!("{} for {}", passed.setting.long, passed.because)).collect();
    let settings = Settings::with(words.clone(), line.after, resolved);
    let all = settings.words();
    let number = all.len() - words.len();
    let put = all[line.after..][..number].iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>();
    assert_eq!(all[line.after + number..], words[line.after..]);
    // They are where they are understood as those of the verb.
    let read = command.try_get_matches_from(&all).map_err(|error| error.kind());
    assert_ne!(read.err(), Some(ErrorKind::UnknownArgument), "{all:?}");
    Ok((put.join(" "), passed))
}

#[test]
fn a_flag_comes_before_a_variable_before_a_profile_before_what_holds_for_all() {
    let file = "timeout = '1h'\n[wait]\ntimeout = '2h'\n[profile.p]\ntimeout = '3h'\n[profile.p.wait]\ntimeout = '4h'\n";
    let all = "timeout = '1h'\n[profile.p]\ntimeout = '3h'\n";
    let variable = ("LRO_TIMEOUT", "5h");
    for (typed, variables, text, expected) in [
        ("wait a/b", &[][..], "", ""),
        ("wait a/b", &[], "timeout = '1h'", "--timeout=1h"),
        ("wait a/b", &[], file, "--timeout=2h"),
        ("submit POST /", &[], file, "--timeout=1h"),
        ("wait a/b --profile p", &[], file, "--timeout=4h"),
        ("--profile p wait a/b", &[], file, "--timeout=4h"),
        ("--profile=p wait a/b", &[], all, "--timeout=3h"),
        ("wait a/b", &[("LRO_PROFILE", "p")], file, "--timeout=4h"),
        ("submit POST /", &[("LRO_PROFILE", "p")], file, "--timeout=3h"),
        ("wait a/b --profile p", &[], "[wait]\ntimeout = '2h'\n[profile.p]\ntimeout = '3h'", "--timeout=3h"),
        ("wait a/b --profile p", &[("LRO_PROFILE", "q")], file, "--timeout=4h"),
        ("wait --profile= a/b", &[("LRO_PROFILE", "p")], all, "--timeout=1h"),
        ("wait a/b", &[("LRO_PROFILE", "")], "[profile.default]\ntimeout = 9", ""),
        ("wait a/b", &[], "[profile.default]\ntimeout = 9", "--timeout=9"),
        ("wait a/b", &[variable], file, "--timeout=5h"),
        ("wait a/b --profile p", &[variable], file, "--timeout=5h"),
        ("wait a/b -t 6h", &[variable, ("LRO_PROFILE", "p")], file, ""),
        ("wait --timeout=6h a/b", &[variable], file, ""),
        // What a verb does not have is for others.
        ("status a/b", &[variable], "timeout = 1\npoll-timeout = 7", "--poll-timeout=7"),
        // The value of a flag may be called as a verb, and what COMMAND is given is none of ours.
        ("--profile wait wait a/b", &[], "[profile.wait]\ntimeout = 8", "--timeout=8"),
        ("wait a/b -- x --timeout 3", &[variable], "", "--timeout=5h"),
        ("wait a/b", &[("LRO_COLOR", "never")], "color = 'always'", "--color=never"),
    ] {
        assert_eq!(
            said(typed, variables, text).map(|(put, _)| put),
            Ok(expected.to_owned()),
            "{typed} {variables:?} {text}"
        );
    }
}

#[test]
fn each_kind_of_flag_is_said_in_a_variable_and_in_a_file() {
    for (variables, text, expected) in [
        (&[("LRO_QUIET", "1")][..], "", "--quiet"),
        (&[("LRO_QUIET", "Yes")], "quiet = false", "--quiet"),
        (&[("LRO_QUIET", "0")], "quiet = true", ""),
        (&[("LRO_QUIET", "")], "quiet = true", ""),
        (&[("LRO_QUIET", "off")], "quiet = true", ""),
        (&[], "quiet = true", "--quiet"),
        (&[], "quiet = true\n[profile.default]\nquiet = false", ""),
        (&[("LRO_SUCCESS", "A,B")], "success = ['C']", "--success=A,B"),
        (&[], "success = ['A', 'B']", "--success=A --success=B"),
        (&[], "success = 'A'", "--success=A"),
        (&[], "success = ['']", "--success="),
        (&[], "success = ['A']\n[profile.default]\nsuccess = []", ""),
        (&[("LRO_HEADER", "X-A: 1\n\nX-B: 2, 3\n")], "", "--header=X-A: 1 --header=X-B: 2, 3"),
        (&[], "header = ['X-A: 1', '@f']", "--header=X-A: 1 --header=@f"),
        (
            &[],
            "interval = 2\njitter = 0.25\nconcurrency = 0x10",
            "--concurrency=16 --interval=2 --jitter=0.25",
        ),
        // Nothing stands for none, where there may be none.
        (&[("LRO_ENDPOINT", "")], "endpoint = 'https://a.example'", ""),
        (&[], "endpoint = 'https://a.example'\n[profile.default]\nendpoint = ''", ""),
        (&[("LRO_TIMEOUT", "")], "", "--timeout="),
        (&[("LRO_TOKEN_COMMAND", "-x 'y z'")], "", "--token-command=-x 'y z'"),
    ] {
        let put = said("wait a/b", variables, text).map(|(put, _)| put);
        assert_eq!(put, Ok(expected.to_owned()), "{variables:?} {text}");
    }
}

#[test]
fn what_counts_for_less_gives_way_to_what_it_is_in_conflict_with() {
    let token = "[profile.default]\ntoken-command = 'x'\n";
    for (typed, variables, text, put, passed) in [
        (
            "wait a/b --token-file f",
            &[("LRO_TOKEN_COMMAND", "x")][..],
            "",
            "",
            &["token-command for --token-file"][..],
        ),
        ("wait a/b --token-command x", &[], "token-file = 'f'", "", &["token-file for --token-command"]),
        (
            "wait a/b",
            &[("LRO_TOKEN_FILE", "f")],
            token,
            "--token-file=f",
            &["token-command for --token-file of the variable LRO_TOKEN_FILE"],
        ),
        (
            "wait a/b",
            &[],
            "token-file = 'f'\n[profile.default]\ntoken-command = 'x'\n",
            "--token-command=x",
            &["token-file for --token-command of the profile `default` in c.toml:3"],
        ),
        ("wait a/b -q", &[("LRO_VERBOSE", "1")], "", "", &["verbose for --quiet"]),
        ("wait a/b -v", &[("LRO_QUIET", "1")], "", "", &["quiet for --verbose"]),
        // What is off is in nobody's way.
        ("wait a/b", &[("LRO_VERBOSE", "0")], "quiet = true", "--quiet", &[]),
        // At one level it is for clap to refuse both.
        ("wait a/b", &[("LRO_VERBOSE", "1"), ("LRO_QUIET", "1")], "", "--quiet --verbose", &[]),
        // Whoever has given way is in nobody's way either.
        (
            "wait a/b --preset-file f",
            &[("LRO_PRESET", "p")],
            "state = 's'",
            "",
            &["preset for --preset-file", "state for --preset-file"],
        ),
        (
            "wait a/b --preset p",
            &[],
            "state = 's'\nsuccess = 'A'\nuntil-gone = true",
            "",
            &["state for --preset", "success for --preset", "until-gone for --preset"],
        ),
        ("wait a/b --success A", &[], "preset = 'otc-job'", "--preset=otc-job", &[]),
        ("wait a/b --all", &[], "any = true", "", &["any for --all"]),
        ("wait a/b --bearer", &[], "os-cloud = 'c'", "", &["os-cloud for --bearer"]),
        ("wait a/b --os-cloud c", &[], token, "", &["token-command for --os-cloud"]),
        ("wait a/b", &[("LRO_TOKEN", "t")], token, "", &["token-command for the variable LRO_TOKEN"]),
        ("wait a/b", &[("LRO_TOKEN", "t"), ("LRO_TOKEN_COMMAND", "x")], "", "--token-command=x", &[]),
        (
            "wait a/b --schedule fixed",
            &[],
            "max-interval = 9\njitter = 0\ninterval = 2",
            "--interval=2",
            &["max-interval for --schedule", "jitter for --schedule"],
        ),
        (
            "wait a/b --schedule balanced",
            &[],
            "max-interval = 9\nbackoff = 2",
            "--max-interval=9",
            &["backoff for --schedule"],
        ),
        (
            "wait a/b --expect 9m",
            &[],
            "schedule = 'fixed'\nbackoff = 2",
            "",
            &["schedule for --expect", "backoff for --expect"],
        ),
        ("submit POST / --print-location", &[], "output = 'json'", "", &["output for --print-location"]),
        ("presets otc-job", &[("LRO_PRESET", "p")], "", "", &["preset for NAME"]),
        (
            "presets --explain",
            &[("LRO_PRESET", "p")],
            "success = 'A'",
            "--preset=p",
            &["success for --preset of the variable LRO_PRESET"],
        ),
        (
            "presets",
            &[("LRO_PRESET", "p"), ("LRO_STATUS", "500")],
            "",
            "",
            &[
                "status for the absence of --explain, without which --status says nothing",
                "preset for the absence of --explain, without which --preset says nothing",
            ],
        ),
        ("presets", &[("LRO_STATUS", "500"), ("LRO_EXPLAIN", "1")], "", "--explain --status=500", &[]),
    ] {
        let expected = (put.to_owned(), passed.iter().map(ToString::to_string).collect());
        assert_eq!(said(typed, variables, text), Ok(expected), "{typed} {variables:?} {text}");
    }
}

#[test]
fn what_cannot_be_used_is_told_by_its_variable_or_its_line() {
    for (variables, text, expected) in [
        (
            &[("LRO_QUIET", "fasle")][..],
            "",
            "error: the variable LRO_QUIET cannot be used: it is neither on (1, true",
        ),
        (&[], "\n\nquiet = 'yes'", "c.toml:3: it is true or false"),
        (
            &[],
            "[profile.default]\ntimeout = true",
            "the profile `default` in c.toml:2: it is a value, and not only",
        ),
        (&[], "timeout = [1, 2]", "c.toml:1: it is one value, no list"),
        (&[], "success = [true]", "c.toml:1: `success`: it is a list of something else"),
        (&[], "timeout = 2026-01-01", "c.toml:1: `timeout`: a datetime is no value of a flag"),
        (&[], "timeot = 1", "c.toml:1: unknown key `timeot`: there is no such flag; perhaps timeout"),
        (
            &[],
            "poll_timeout = 1",
            "c.toml:1: unknown key `poll_timeout`: there is no such flag; write poll-timeout",
        ),
        (
            &[],
            "[profile.other]\n\ntoken = 's3cret'",
            "c.toml:3: unknown key `token`: there is no such flag; a secret does not",
        ),
        (
            &[],
            "[simulate]\ntoken = 's3cret'",
            "c.toml:2: unknown key `token`: lro simulate has no such flag; a secret",
        ),
        (
            &[],
            "os_password = 's3cret'",
            "unknown key `os_password`: there is no such flag; a secret does not stand here",
        ),
        (
            &[],
            "[profile.x.status]\ntimeout = 1",
            "c.toml:2: unknown key `timeout`: lro status has no such flag; `timeout` is of",
        ),
        (
            &[],
            "[waits]\ntimeout = 1",
            "c.toml:1: `waits`: there is no such verb, and no other table; perhaps wait",
        ),
        (&[], "[config]\noutput = 'json'", "c.toml:1: `config`: there is no such verb"),
        (&[], "profile = 'x'", "c.toml:1: `profile`: it is no table; a profile is a table, [profile.NAME]"),
        (
            &[],
            "[profile]\ntimeout = 1",
            "c.toml:2: `profile.timeout`: it is no table; what a profile says stands under",
        ),
        (&[], "a = 1\nb = = 2", "c.toml:2: "),
        (&[], "timeout = 1\ntimeout = 2", "c.toml:2: duplicate key"),
        (
            &[("LRO_PROFILE", "x")],
            "[profile.y]",
            "error: there is no profile `x`;   caused by: the profiles in `c.toml` are y",
        ),
    ] {
        let told = said("wait a/b", variables, text).expect_err(expected);
        assert!(told.contains(expected), "{variables:?} {text}\n{told}");
        assert!(!told.contains("s3cret"), "{told}");
    }
}

#[test]
fn every_flag_of_every_verb_has_a_variable_of_its_name() {
    let mut command = Cli::command();
    command.build();
    let mut number = 0;
    for verb in command.get_subcommands().filter(|verb| !known::ONLY_TYPED.contains(&verb.get_name())) {
        for arg in verb.get_arguments().filter(|arg| arg.get_long().is_some()) {
            let long = arg.get_long().expect("a long flag");
            if ["help", "version", "profile", "token"].contains(&long) {
                continue;
            }
            let name = format!("LRO_{}", long.to_uppercase().replace('-', "_"));
            let value = if arg.get_action().takes_values() { "5" } else { "true" };
            let variable = |asked: &str| (asked == name).then(|| value.into());
            let resolved = resolve::resolve(verb, &Typed::default(), &variable, &[]);
            assert_eq!(resolved.unusable, [], "{long}");
            let all = resolved.settings.iter().chain(resolved.passed.iter().map(|passed| &passed.setting));
            let all: Vec<_> = all.map(|setting| (&*setting.long, &setting.source)).collect();
            assert_eq!(all, [(long, &Source::Variable(name.clone()))], "{}", verb.get_name());
            number += 1;
        }
    }
    assert!(number > 150, "{number}");
}
