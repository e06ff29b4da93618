//! What stands on standard input: lines, JSON texts, a JSON list, or one answer whole; cut into its entries.
//! Which operation an entry names is not known here.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde_json::value::RawValue;

use crate::cli::failure::Failure;
use crate::cli::paint::is_seen;

/// How much of standard input is read, in MiB: some hundred thousand references.
const LONGEST_INPUT_MIB: u64 = 64;

/// How long an entry may be. A location has a few hundred characters.
const LONGEST_ENTRY: usize = 64 * 1024;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What to try when nothing else is known.
pub(super) const EXPECTED: &str = "expected is what the call that starts an operation answers, its headers too if they name it (curl -i), or \
                                   one operation on a line of its own";

const NOT_TEXT: &str = "it is not text in UTF-8";

/// Where an entry stands, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spot {
    Line(usize),
    /// Of a JSON list.
    Item(usize),
    /// There is nothing else.
    Alone,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(number) => write!(f, "line {number}"),
            Self::Item(number) => write!(f, "item {number}"),
            Self::Alone => f.write_str("all"),
        }
    }
}

/// What stands at a spot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Word<'a> {
    /// What a person would type.
    Reference(Cow<'a, str>),
    /// What a starting call answered.
    Answer(&'a [u8]),
}

/// What stands at a spot, or why it can be nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) spot: Spot,
    pub(super) word: Result<Word<'a>, String>,
}

/// All that stands on standard input.
pub(super) fn read() -> Result<Vec<u8>, Failure> {
    let mut input = Vec::new();
    let most = LONGEST_INPUT_MIB * 1024 * 1024;
    let read = io::stdin().lock().take(most + 1).read_to_end(&mut input);
    read.map_err(|error| cannot_read(&error))?;
    if input.len() as u64 > most {
        return Err(cannot_read(&format!("it is longer than {LONGEST_INPUT_MIB} MiB"))
            .hint("give the operations to several lro, a part to each".to_owned()));
    }
    Ok(input)
}

/// Each entry, in the order in which they stand there; at least one.
pub(super) fn entries(input: &[u8]) -> Result<Vec<Entry<'_>>, Failure> {
    if input.starts_with(b"\xff\xfe") || input.starts_with(b"\xfe\xff") {
        return Err(cannot_read(&"it is UTF-16").hint("write it as UTF-8".to_owned()));
    }
    let input = input.strip_prefix(BOM).unwrap_or(input);
    let whole = input.trim_ascii();
    match whole.first() {
        None => {
            Err(Failure::usage("there is no operation on standard input: it is empty")
                .hint(EXPECTED.to_owned()))
        }
        Some(b'[') => list(whole),
        Some(b'<') => Ok(vec![alone(whole)?]),
        Some(_) if whole.starts_with(b"HTTP/") => Ok(vec![alone(whole)?]),
        Some(b'{' | b'"') => match documents(input) {
            Some(entries) if entries.len() == 1 && whole[0] == b'{' => Ok(vec![alone(whole)?]),
            Some(entries) => Ok(entries),
            None => match lines(input)? {
                // Nothing of it is of use: it is one answer that was cut off, or none at all.
                entries if whole[0] == b'{' && entries.iter().all(|entry| entry.word.is_err()) => {
                    Ok(vec![alone(whole)?])
                }
                entries => Ok(entries),
            },
        },
        Some(_) => lines(input),
    }
}

/// The next line, without what is beyond the bound; false at the end.
pub(super) fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    let mut is_there = false;
    loop {
        let buffer = match input.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if buffer.is_empty() {
            return Ok(is_there);
        }
        is_there = true;
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(buffer.len());
        // One more than is allowed, so that it is seen to be too long.
        let room = (LONGEST_ENTRY + 1).saturating_sub(line.len());
        line.extend_from_slice(&buffer[..taken.min(room)]);
        input.consume(end.map_or(taken, |end| end + 1));
        if end.is_some() {
            return Ok(true);
        }
    }
}

/// What stands on a line: nothing, a reference, or JSON texts one after another, as they come from several answers.
pub(super) fn on_line<'a>(number: usize, line: &'a [u8], entries: &mut Vec<Entry<'a>>) {
    let mut entry = |word| entries.push(Entry { spot: Spot::Line(number), word });
    // Each of several files that were put together may begin with it.
    let line = line.strip_prefix(BOM).unwrap_or(line).trim_ascii();
    if line.len() > LONGEST_ENTRY {
        return entry(Err(too_long("reference")));
    }
    let Ok(text) = std::str::from_utf8(line) else { return entry(Err(NOT_TEXT.to_owned())) };
    match line.first() {
        None => {}
        Some(b'{' | b'"') => {
            for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
                // Which line it is, is told already.
                let wrong = |error: serde_json::Error| {
                    let place = format!(" at line {} column {}", error.line(), error.column());
                    not_json(&error.to_string().replace(&place, &format!(" at column {}", error.column())))
                };
                entry(value.map_err(wrong).and_then(word));
            }
        }
        Some(b'[') => entry(Err("it is a list, and a list stands alone on standard input".to_owned())),
        Some(_) => entry(typed(Cow::Borrowed(text))),
    }
}

fn lines(input: &[u8]) -> Result<Vec<Entry<'_>>, Failure> {
    let mut entries = Vec::new();
    for (number, line) in (1..).zip(input.split(|byte| *byte == b'\n')) {
        on_line(number, line, &mut entries);
    }
    if let [entry] = &mut entries[..] {
        entry.spot = Spot::Alone;
        let line = input.trim_ascii();
        if line.len() > LONGEST_ENTRY {
            return Err(cannot_read(&too_long("answer with a location")));
        }
        let text = std::str::from_utf8(line).map_err(|_| cannot_read(&NOT_TEXT))?;
        // Alone it is what a person would have typed.
        if !text.starts_with(['"', '{', '[']) {
            entry.word = Ok(Word::Reference(Cow::Borrowed(text.trim())));
        }
    }
    Ok(entries)
}

/// JSON texts one after another, each over as many lines as it likes; none when there is anything else.
fn documents(input: &[u8]) -> Option<Vec<Entry<'_>>> {
    let text = std::str::from_utf8(input).ok()?;
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let (mut entries, mut line, mut counted) = (Vec::new(), 1, 0);
    while let Some(value) = values.next() {
        let value = value.ok()?;
        let begin = values.byte_offset() - value.get().len();
        line += text[counted..begin].matches('\n').count();
        counted = begin;
        entries.push(Entry { spot: Spot::Line(line), word: word(value) });
    }
    Some(entries)
}

fn list(whole: &[u8]) -> Result<Vec<Entry<'_>>, Failure> {
    let wrong = |why: String| {
        Failure::usage("the list on standard input cannot be read").caused_by(why).hint(EXPECTED.to_owned())
    };
    let text = std::str::from_utf8(whole).map_err(|_| wrong(NOT_TEXT.to_owned()))?;
    let items: Vec<&RawValue> =
        serde_json::from_str(text).map_err(|error| wrong(not_json(&error.to_string())))?;
    if items.is_empty() {
        return Err(Failure::usage("there is no operation on standard input: the list is empty"));
    }
    let entry = |(number, item)| Entry { spot: Spot::Item(number), word: word(item) };
    Ok((1..).zip(items).map(entry).collect())
}

/// What a JSON text says.
fn word(value: &RawValue) -> Result<Word<'_>, String> {
    let json = value.get();
    if json.len() > LONGEST_ENTRY {
        return Err(too_long("answer with a location"));
    }
    match json.as_bytes().first() {
        Some(b'{') => Ok(Word::Answer(json.as_bytes())),
        Some(b'"') => {
            let text: String = serde_json::from_str(json).map_err(|error| not_json(&error.to_string()))?;
            typed(Cow::Owned(text.trim().to_owned()))
        }
        Some(b'[') => Err("it is a list within the list".to_owned()),
        _ => Err("it is neither a text nor an object, as a starting call answers one".to_owned()),
    }
}

/// A reference in a list, where nobody has seen what they type.
fn typed(text: Cow<'_, str>) -> Result<Word<'_>, String> {
    if text.chars().all(is_seen) {
        Ok(Word::Reference(text))
    } else {
        Err("it holds a character that cannot be seen".to_owned())
    }
}

/// The whole input as one answer.
fn alone(whole: &[u8]) -> Result<Entry<'_>, Failure> {
    if whole.len() > LONGEST_ENTRY {
        return Err(cannot_read(&too_long("answer with a location")));
    }
    std::str::from_utf8(whole).map_err(|_| cannot_read(&NOT_TEXT))?;
    Ok(Entry { spot: Spot::Alone, word: Ok(Word::Answer(whole)) })
}

pub(super) fn cannot_read(why: &dyn fmt::Display) -> Failure {
    Failure::usage("the operation cannot be read from standard input").caused_by(why)
}

fn not_json(why: &str) -> String {
    format!("it is not JSON: {why}")
}

fn too_long(what: &str) -> String {
    format!("it is longer than {} KiB, which no {what} is", LONGEST_ENTRY / 1024)
}

#[cfg(test)]
mod tests;
