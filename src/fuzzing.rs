//! The ways into this crate for made-up input: all that a server, a file or a person can hand in, and what holds of it
//! whatever it is. A fuzzer calls them (see `tests/fuzz`), and so does the test below with all that one has found.

use crate::http::printable;
use crate::{auth, http, machine, plas, preset};

/// What tries an input, and panics where something does not hold.
type Try = fn(&[u8]);

/// Each way in, by the name of its target and of its folder in `tests/corpus`.
const TARGETS: [(&str, Try); 7] = [
    ("clouds", auth::cloud::fuzzing::clouds),
    ("error_body", http::fuzzing::error_body),
    ("judge", preset::fuzzing::judge),
    ("machine", machine::fuzzing::machine),
    ("plas_document", plas::fuzzing::plas_document),
    ("reference", plas::fuzzing::reference),
    ("retry_after", http::fuzzing::retry_after),
];

/// Tries an input on the way in with this name.
///
/// # Panics
///
/// When something does not hold: that is a finding. And when there is no such way in.
pub fn try_on(target: &str, input: &[u8]) {
    let known = TARGETS.iter().find(|(name, _)| *name == target);
    let (_, run) = known.unwrap_or_else(|| panic!("there is no target {target}"));
    run(input);
}

/// A field of a header: its name and its value.
type Field<'a> = (&'a [u8], &'a [u8]);

/// The parts of an input that has several: lines of `%%` stand between them. What is not there is empty.
pub(crate) fn parts<const N: usize>(input: &str) -> [&str; N] {
    let mut parts = input.split("\n%%\n");
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// The headers and the body of an answer, which stand as they do in HTTP: one header a line, an empty line, the body.
pub(crate) fn headers_and_body(answer: &[u8]) -> (Vec<Field<'_>>, &[u8]) {
    let (mut headers, mut rest) = (Vec::new(), answer);
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let line = &rest[..end];
        rest = &rest[end + 1..];
        if line.is_empty() {
            return (headers, rest);
        }
        if let Some(colon) = line.iter().position(|byte| *byte == b':') {
            headers.push((&line[..colon], line[colon + 1..].trim_ascii()));
        }
    }
    (headers, &[])
}

/// What is told to a person is on one line, steers no terminal, and is not longer than anybody reads.
#[track_caller]
pub(crate) fn assert_fit_for_a_person(text: &str, longest: usize) {
    assert_eq!(printable(text), text, "it steers a terminal");
    assert!(!text.contains(char::is_control), "{text:?} has a control character");
    let length = text.chars().count();
    assert!(length <= longest, "{length} characters are told, and {longest} at most should be: {text}");
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn whatever_was_once_found_stays_found_out() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
        assert_eq!(
            names(&corpus),
            TARGETS.map(|(name, _)| name),
            "each folder has a target, and each target one"
        );
        let mut wrong = Vec::new();
        for (target, _) in TARGETS {
            let inputs = names(&corpus.join(target));
            assert!(!inputs.is_empty(), "there is nothing for {target}");
            for name in inputs {
                let input = fs::read(corpus.join(target).join(&name)).unwrap();
                let tried = std::panic::catch_unwind(|| try_on(target, &input));
                wrong.extend(tried.is_err().then(|| format!("tests/corpus/{target}/{name}")));
            }
        }
        assert!(wrong.is_empty(), "told above, in this order, is what is wrong with\n{}", wrong.join("\n"));
    }

    #[test]
    fn an_answer_is_taken_apart_as_http_does_it() {
        let (headers, body) = headers_and_body(b"a: b\nno header\nc:d\n\nbody\n\nmore");
        assert_eq!(headers, [(&b"a"[..], &b"b"[..]), (b"c", b"d")]);
        assert_eq!(body, b"body\n\nmore");
        assert_eq!(headers_and_body(b"a: b"), (Vec::new(), &b""[..]));
        assert_eq!(parts("a\n%%\nb\nc"), ["a", "b\nc", ""]);
    }
}
