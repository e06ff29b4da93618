//! Every form of standard input, and what is no form of any.

use super::*;
use crate::cli::exit::Exit;

/// What stands on it, in few words: where, and a reference, an answer or why it is nothing.
fn told(input: impl AsRef<[u8]>) -> Vec<String> {
    let told = |entry: &Entry<'_>| match &entry.word {
        Ok(Word::Reference(text)) => format!("{}: {text}", entry.spot),
        Ok(Word::Answer(json)) => format!("{}: answer {}", entry.spot, String::from_utf8_lossy(json)),
        Err(why) => format!("{}: no: {why}", entry.spot),
    };
    match entries(input.as_ref()) {
        Ok(entries) => entries.iter().map(told).collect(),
        Err(failure) => vec![format!("failure: {}", failure.cause())],
    }
}

#[test]
fn what_is_alone_is_taken_whole() {
    for (input, expected) in [
        ("c/o", "all: c/o"),
        ("\u{feff}\r\n  c/o \r\n\r\n", "all: c/o"),
        // A person may have typed it, and has seen it then.
        ("c/\u{7}o", "all: c/\u{7}o"),
        ("\n{\"a\":\n [1]}\n", "all: answer {\"a\":\n [1]}"),
        ("{\"a\":\n", "all: answer {\"a\":"),
        ("<html>\n<body>", "all: answer <html>\n<body>"),
        ("HTTP/2 202\r\nlocation: /a\r\n\r\n", "all: answer HTTP/2 202\r\nlocation: /a"),
        (r#""c/o""#, "line 1: c/o"),
    ] {
        assert_eq!(told(input), [expected], "{input:?}");
    }
}

#[test]
fn every_entry_says_where_it_stands() {
    for (input, expected) in [
        ("a/b\n\n  c/d\r\n \t\n/e", &["line 1: a/b", "line 3: c/d", "line 5: /e"][..]),
        ("\u{feff}a/b\n\u{feff}c/d\n", &["line 1: a/b", "line 2: c/d"]),
        ("\n{\"a\":1}\n{\"a\":2}\n", &["line 2: answer {\"a\":1}", "line 3: answer {\"a\":2}"]),
        // Nothing ends an answer with a line but whoever prints it.
        (r#"{"a":1}{"a":2}"#, &[r#"line 1: answer {"a":1}"#, r#"line 1: answer {"a":2}"#]),
        (
            "{\n \"a\": 1\n}\n{\n \"a\": 2\n}\n",
            &["line 1: answer {\n \"a\": 1\n}", "line 4: answer {\n \"a\": 2\n}"],
        ),
        ("\"a/b\"\nc/d\n{\"e\":1}\n", &["line 1: a/b", "line 2: c/d", "line 3: answer {\"e\":1}"]),
        ("[{\"a\":1},\n\"c/d\"]\n", &["item 1: answer {\"a\":1}", "item 2: c/d"]),
        ("[\"c/d\"]", &["item 1: c/d"]),
    ] {
        assert_eq!(told(input), expected, "{input:?}");
    }
}

#[test]
fn what_names_nothing_is_wrong_where_it_stands_and_nowhere_else() {
    const UNSEEN: &str = "no: it holds a character that cannot be seen";
    for (input, expected) in [
        (&b"a/b\nc/\xffd\ne/f"[..], ["line 1: a/b", "line 2: no: it is not text in UTF-8", "line 3: e/f"]),
        (b"a/b\nc/\0d\ne/f", ["line 1: a/b", &format!("line 2: {UNSEEN}"), "line 3: e/f"]),
        (b"a/b\nc/d\tmore\ne/f", ["line 1: a/b", &format!("line 2: {UNSEEN}"), "line 3: e/f"]),
        (
            b"{\"a\":1}\n{\"a\":\n{\"a\":3}",
            [
                r#"line 1: answer {"a":1}"#,
                "line 2: no: it is not JSON: EOF while parsing a value at column 5",
                r#"line 3: answer {"a":3}"#,
            ],
        ),
        (
            b"a/b\n[\"c/d\"]\ne/f",
            [
                "line 1: a/b",
                "line 2: no: it is a list, and a list stands alone on standard input",
                "line 3: e/f",
            ],
        ),
        (
            b"[7, [\"a/b\"], \"c\\u0000/d\"]",
            [
                "item 1: no: it is neither a text nor an object, as a starting call answers one",
                "item 2: no: it is a list within the list",
                &format!("item 3: {UNSEEN}"),
            ],
        ),
    ] {
        assert_eq!(told(input), expected, "{:?}", String::from_utf8_lossy(input));
    }
}

#[test]
fn what_is_too_long_is_not_looked_at() {
    let long = "x".repeat(LONGEST_ENTRY + 1);
    let no = "longer than 64 KiB, which no";
    assert_eq!(told(format!("a/b\n{long}\nc/d"))[1], format!("line 2: no: it is {no} reference is"));
    assert_eq!(
        told(format!("[{{\"a\":\"{long}\"}}]")),
        [format!("item 1: no: it is {no} answer with a location is")]
    );
    for alone in [long.clone(), format!("{{\"a\":\n\"{long}\"}}"), format!("<html>{long}")] {
        assert_eq!(told(alone), [format!("failure: it is {no} answer with a location is")]);
    }
    let bound = "x".repeat(LONGEST_ENTRY);
    assert_eq!(told(format!("a/b\n{bound}")), ["line 1: a/b", &format!("line 2: {bound}")]);
}

#[test]
fn what_is_no_list_at_all_is_refused_whole() {
    for (input, told_of_it) in [
        (&b""[..], "there is no operation on standard input: it is empty"),
        (b"\xef\xbb\xbf \r\n\t", "there is no operation on standard input: it is empty"),
        (b"[]", "there is no operation on standard input: the list is empty"),
        (b"[\"a/b\",]", "it is not JSON: trailing comma at line 1 column 8"),
        (b"[\"a/b\"\n\"c/d\"]", "it is not JSON: expected `,` or `]` at line 2 column 1"),
        (b"[\"a/b\"] c/d", "it is not JSON: trailing characters at line 1 column 9"),
        (b"[\"\xff\"]", "it is not text in UTF-8"),
        (b"a\xffb", "it is not text in UTF-8"),
        (b"\xff\xfea\0/\0b\0", "it is UTF-16"),
    ] {
        assert_eq!(told(input), [format!("failure: {told_of_it}")], "{:?}", String::from_utf8_lossy(input));
        assert_eq!(entries(input).unwrap_err().exit, Exit::Usage);
    }
}

#[test]
fn a_deep_nest_is_no_danger() {
    let deep = "[".repeat(1_000_000);
    assert!(told(&deep)[0].starts_with("failure: it is not JSON: EOF"));
    let deep = format!("[{deep}{}]", "]".repeat(1_000_000));
    assert!(told(&deep)[0].starts_with("item 1: no: it is longer than 64 KiB"));
}

#[test]
fn a_line_is_read_no_further_than_its_bound() {
    let input = format!("a/b\n{}\nc/d", "x".repeat(1_000_000));
    let (mut input, mut line) = (io::BufReader::with_capacity(7, input.as_bytes()), Vec::new());
    let mut lines = Vec::new();
    while next_line(&mut input, &mut line).unwrap() {
        lines.push(line.len());
    }
    assert_eq!(lines, [3, LONGEST_ENTRY + 1, 3]);
}
