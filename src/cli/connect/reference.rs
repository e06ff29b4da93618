//! Which operation is meant: what is typed, or what stands on standard input.
//! Where it is asked for is not decided here.

use std::io::Read;

use lro::http::{Endpoint, printable};
use lro::preset::{Preset, Started};

use crate::cli::answer;
use crate::cli::failure::Failure;

/// How much of standard input is read. A location has a few hundred characters.
const LONGEST_INPUT: u64 = 64 * 1024;

/// Which operation.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// The name under which it is spoken of, fit for a terminal.
    pub(crate) id: String,
    /// The path or URL to ask.
    pub(crate) location: String,
    /// What judges it.
    pub(crate) preset: Preset,
}

impl Reference {
    /// Whether it names its origin itself.
    pub(crate) fn is_url(&self) -> bool {
        !self.location.starts_with('/')
    }

    /// Where a call goes that starts an operation.
    pub(super) fn of_call(location: &str, preset: &Preset) -> Result<Self, Failure> {
        if location.contains("://") {
            Endpoint::of(location).map_err(|error| Failure::usage(error.to_string()))?;
        } else if !location.starts_with('/') {
            let what = format!("`{}` is neither a path that starts with / nor a URL", shown(location));
            return Err(Failure::usage(what));
        }
        Ok(Self { id: shown(location), location: location.to_owned(), preset: preset.clone() })
    }

    fn at(location: &str, preset: &Preset) -> Result<Self, Failure> {
        if location.contains("://") {
            Endpoint::of(location).map_err(|error| Failure::usage(error.to_string()))?;
        }
        if !preset.is_location(location) {
            let forms = preset.definition().location.join(" or ");
            return Err(Failure::usage(format!(
                "`{}` is not the location of an operation: {forms}",
                shown(location)
            )));
        }
        let id = preset.typed(location);
        let id = id.map_or_else(|| shown(location), |typed| printable(&typed).into_owned());
        Ok(Self { id, location: location.to_owned(), preset: preset.clone() })
    }

    fn parse(text: &str, preset: &Preset) -> Result<Self, Failure> {
        if text.starts_with('/') || text.contains("://") {
            return Self::at(text, preset);
        }
        match preset.path(text) {
            Some(path) => {
                Ok(Self { id: printable(text).into_owned(), location: path, preset: preset.clone() })
            }
            None => Err(no_reference(text, preset)),
        }
    }
}

/// A location as it may be told: without the query, where secrets are.
fn shown(location: &str) -> String {
    let (path, query) = location.split_once('?').map_or((location, ""), |(path, _)| (path, "?…"));
    format!("{}{query}", printable(path))
}

fn no_reference(text: &str, preset: &Preset) -> Failure {
    let text = shown(text.rsplit_once('@').map_or(text, |(_, host)| host));
    let form = preset.reference_form();
    let forms = form.map_or_else(
        || "a path that starts with / nor a URL".to_owned(),
        |form| format!("{form}, nor a path that starts with /, nor a URL"),
    );
    Failure::usage(format!("`{text}` is neither {forms}"))
}

/// The reference, and whether it may be a server's word rather than the user's.
pub(super) fn reference(text: &str, preset: &Preset) -> Result<(Reference, bool), Failure> {
    if text != "-" {
        return Reference::parse(text, preset).map(|reference| (reference, false));
    }
    let mut input = Vec::new();
    let cannot_read = |why: &dyn std::fmt::Display| {
        Failure::usage("the operation cannot be read from standard input").caused_by(why)
    };
    std::io::stdin()
        .lock()
        .take(LONGEST_INPUT + 1)
        .read_to_end(&mut input)
        .map_err(|error| cannot_read(&error))?;
    if input.len() as u64 > LONGEST_INPUT {
        return Err(cannot_read(&"it is longer than 64 KiB, which no answer with a location is"));
    }
    let input = String::from_utf8(input).map_err(|_| cannot_read(&"it is not text"))?;
    from_input(&input, preset).map(|reference| (reference, true)).map_err(|failure| {
        failure.hint(
            "expected is what the call that starts an operation answers, its headers too if they name it (curl -i), or \
             one operation on a line of its own"
                .to_owned(),
        )
    })
}

fn from_input(input: &str, preset: &Preset) -> Result<Reference, Failure> {
    // Some programs begin a text with a byte-order mark.
    let input = input.strip_prefix('\u{feff}').unwrap_or(input).trim();
    if input.is_empty() {
        return Err(Failure::usage("there is no operation on standard input: it is empty"));
    }
    if input.starts_with(['{', '[', '<']) || input.starts_with("HTTP/") {
        let none = |why: String| Failure::usage("there is no operation on standard input").caused_by(why);
        // A shell that kept it has dropped the empty line at its end.
        let answered = answer::read(format!("{input}\n\n").as_bytes(), None).map_err(none)?;
        if !(200..=299).contains(&answered.status) {
            return Err(none(format!("the call was answered with HTTP {}", answered.status)));
        }
        // Where the call was sent, and with which method, nobody says.
        let started = Started::new("", "", answered);
        let (location, preset) = preset.handle(&started).ok_or_else(|| {
            none(format!("this names no operation as the preset `{}` knows them", preset.name()))
        })?;
        return Reference::parse(&location, &preset);
    }
    let mut lines = input.lines().map(str::trim).filter(|line| !line.is_empty());
    match (lines.next(), lines.next()) {
        (Some(line), None) => Reference::parse(line, preset),
        _ => Err(Failure::usage("there are several operations on standard input, and lro waits for one")),
    }
}
