//! What GitHub Actions reads of a run: outputs of the step, a summary, and annotations on request.
//! What the summary looks like is not known here.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use lro::http::printable;

use super::annotation::annotations;
use crate::cli::args::GitHub;
use crate::cli::exit::Exit;
use crate::cli::timeline::{Run, Track, document};

/// How long the summary of a step may be; GitHub refuses all of a longer one.
const LONGEST_SUMMARY: usize = 1024 * 1024;

/// How many line ends stand before a summary, so that it is no part of a paragraph, a table or a tag of others.
const LINE_ENDS: usize = 2;

/// How much of that has to be free, so that a summary says anything.
const SHORTEST_SUMMARY: usize = 4096;

/// A step of GitHub Actions, with the files that it reads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Actions {
    output: Option<PathBuf>,
    summary: Option<PathBuf>,
    annotates: bool,
}

impl Actions {
    /// The step that this runs in, if it is to be told.
    pub(super) fn of(asked: GitHub) -> Option<Self> {
        Self::among(asked, |name| std::env::var_os(name))
    }

    fn among(asked: GitHub, variable: impl Fn(&str) -> Option<OsString>) -> Option<Self> {
        let is_there = variable("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        let file = |name: &str| variable(name).filter(|path| !path.is_empty()).map(PathBuf::from);
        (is_there && asked != GitHub::Off).then(|| Self {
            output: file("GITHUB_OUTPUT"),
            summary: file("GITHUB_STEP_SUMMARY"),
            annotates: asked == GitHub::Annotations,
        })
    }

    /// Tells the step of the run; what could not be told.
    pub(super) fn write(&self, run: &Run, exit: Exit) -> Vec<String> {
        if self.annotates {
            // The runner reads both streams, and standard output is for the result. That nobody listens changes nothing.
            let _ = io::stderr().lock().write_all(annotations(run, exit).as_bytes());
        }
        let output = told("the outputs of the step", "GITHUB_OUTPUT", self.output.as_deref(), |path| {
            append(path, &outputs(run), 1)
        });
        let summary =
            told("the summary of the step", "GITHUB_STEP_SUMMARY", self.summary.as_deref(), |path| {
                let there =
                    fs::metadata(path).map_or(0, |file| usize::try_from(file.len()).unwrap_or(usize::MAX));
                let free = LONGEST_SUMMARY.saturating_sub(there);
                if free < SHORTEST_SUMMARY {
                    return Err(io::Error::other(
                        "the summary of a step may be 1 MiB long, and that is used up",
                    ));
                }
                append(path, &document(run, free - LINE_ENDS), LINE_ENDS)
            });
        [output, summary].into_iter().flatten().collect()
    }
}

/// What could not be written there, if it could not be.
fn told(
    what: &str,
    variable: &str,
    path: Option<&Path>,
    write: impl FnOnce(&Path) -> io::Result<()>,
) -> Option<String> {
    match path {
        None => Some(format!("{what}: the variable {variable} does not say where they are read")),
        Some(path) => write(path).err().map(|error| format!("{what} could not be written: {error}")),
    }
}

/// All at once, behind what others have written and at least so many line ends.
fn append(path: &Path, text: &str, line_ends: usize) -> io::Result<()> {
    let missing = missing(path, line_ends).unwrap_or_default();
    let text = "\n".repeat(missing) + text;
    OpenOptions::new().append(true).create(true).open(path)?.write_all(text.as_bytes())
}

/// How many of so many line ends a file does not end with. It may be a pipe, which cannot be looked at.
fn missing(path: &Path, line_ends: usize) -> io::Result<usize> {
    let length = fs::metadata(path).map(|file| if file.is_file() { file.len() } else { 0 })?;
    if length == 0 {
        return Ok(0);
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(length.saturating_sub(line_ends as u64)))?;
    let mut last = Vec::new();
    file.read_to_end(&mut last)?;
    let there = last.iter().rev().take_while(|byte| **byte == b'\n').count();
    Ok(line_ends.saturating_sub(there))
}

/// Each output as it stands in the file. No server can guess what ends a value, and no value has more than one line.
fn outputs(run: &Run) -> String {
    let one = telling(run);
    let reason = one.and_then(|track| track.end.why()).unwrap_or_default();
    let location = one.and_then(|track| track.end.location.as_deref()).unwrap_or_default();
    let elapsed = format!("{:.1}", run.elapsed.as_secs_f64());
    let mut text = String::new();
    for (name, value) in
        [("outcome", run.outcome), ("reason", reason), ("elapsed", &elapsed), ("location", location)]
    {
        let end = format!("lro-{}", unguessable());
        let _ = writeln!(text, "{name}<<{end}\n{}\n{end}", printable(value));
    }
    text
}

/// The operation that a single value is about: the first that ended as the word for all says.
pub(super) fn telling(run: &Run) -> Option<&Track> {
    run.tracks.iter().find(|track| track.end.outcome == run.outcome).or(run.tracks.first())
}

/// A word of 32 letters that nobody can know before. The system gives the keys of this hash by chance.
pub(super) fn unguessable() -> String {
    let half = || RandomState::new().hash_one(std::process::id());
    format!("{:016x}{:016x}", half(), half())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_told_only_where_there_is_one_and_somebody_asks_for_it() {
        let here = |is_there: &'static str| {
            move |name: &str| match name {
                "GITHUB_ACTIONS" => Some(OsString::from(is_there)),
                "GITHUB_OUTPUT" => Some(OsString::from("/out")),
                _ => Some(OsString::new()),
            }
        };
        let told = |annotates| Some(Actions { output: Some("/out".into()), summary: None, annotates });
        for (asked, is_there, expected) in [
            (GitHub::Off, "true", None),
            (GitHub::Auto, "true", told(false)),
            (GitHub::Annotations, "true", told(true)),
            (GitHub::Auto, "false", None),
            (GitHub::Annotations, "", None),
        ] {
            assert_eq!(Actions::among(asked, here(is_there)), expected, "{asked:?} {is_there}");
        }
        assert_eq!(Actions::among(GitHub::Auto, |_| None), None);
    }

    #[test]
    fn what_ends_a_value_is_another_one_each_time() {
        let words: std::collections::HashSet<_> = (0..1000).map(|_| unguessable()).collect();
        assert_eq!(words.len(), 1000);
        assert!(words.iter().all(|word| word.len() == 32));
    }
}
