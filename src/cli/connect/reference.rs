//! Which operation is meant, in every form in which a person or an answer says it.
//! Where it is asked for is not decided here.

use lro::http::{Endpoint, printable};
use lro::preset::{Preset, Started};

use super::input::Word;
use crate::cli::answer;
use crate::cli::failure::Failure;

/// How many characters of a location are told, as a name or because it is wrong.
const LONGEST_SHOWN: usize = 1000;

/// Which operation.
#[derive(Debug, Clone)]
pub(crate) struct Reference {
    /// The name under which it is spoken of, fit for a terminal.
    pub(crate) id: String,
    /// The path or URL to ask.
    pub(crate) location: String,
    /// What judges it.
    pub(crate) preset: Preset,
    /// Whether the location may be a server's word rather than the user's.
    pub(super) is_of_server: bool,
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
        Ok(Self::new(shown(location), location.to_owned(), preset))
    }

    /// What a word says, or why it says nothing.
    pub(super) fn of_word(word: &Word<'_>, preset: &Preset) -> Result<Self, String> {
        match word {
            Word::Reference(text) => Self::parse(text, preset),
            Word::Answer(answer) => {
                let (location, judge) = Self::handle(answer, preset)?;
                Self::of_server(&location, &judge)
            }
        }
    }

    /// What is typed.
    pub(super) fn parse(text: &str, preset: &Preset) -> Result<Self, String> {
        if text.starts_with('/') || text.contains("://") {
            return Self::at(text, preset);
        }
        match preset.path(text) {
            Some(path) => Ok(Self::new(printable(text).into_owned(), path, preset)),
            None => Err(no_reference(text, preset)),
        }
    }

    /// Where the operation is that this answer of a starting call names.
    pub(super) fn handle(answer: &[u8], preset: &Preset) -> Result<(String, Preset), String> {
        // A shell that kept it has dropped the empty line at its end.
        let answered = answer::read(&[answer, b"\n\n"].concat(), None)?;
        if !(200..=299).contains(&answered.status) {
            return Err(format!("the call was answered with HTTP {}", answered.status));
        }
        // Where the call was sent, and with which method, nobody says.
        let started = Started::new("", "", answered);
        preset
            .handle(&started)
            .ok_or_else(|| format!("this names no operation as the preset `{}` knows them", preset.name()))
    }

    /// What a server says.
    pub(super) fn of_server(location: &str, preset: &Preset) -> Result<Self, String> {
        Ok(Self { is_of_server: true, ..Self::parse(location, preset)? })
    }

    fn at(location: &str, preset: &Preset) -> Result<Self, String> {
        if location.contains("://") {
            Endpoint::of(location).map_err(|error| error.to_string())?;
        }
        if !preset.is_location(location) {
            let forms = preset.definition().location.join(" or ");
            return Err(format!("`{}` is not the location of an operation: {forms}", shown(location)));
        }
        let id = preset.typed(location);
        let id = id.map_or_else(|| shown(location), |typed| printable(&typed).into_owned());
        Ok(Self::new(id, location.to_owned(), preset))
    }

    fn new(id: String, location: String, preset: &Preset) -> Self {
        Self { id, location, preset: preset.clone(), is_of_server: false }
    }
}

/// A location as it may be told: without the query, where secrets are.
pub(super) fn shown(location: &str) -> String {
    let (path, query) = location.split_once('?').map_or((location, ""), |(path, _)| (path, "?…"));
    let path = printable(path);
    match path.char_indices().nth(LONGEST_SHOWN) {
        Some((end, _)) => format!("{}…{query}", &path[..end]),
        None => format!("{path}{query}"),
    }
}

fn no_reference(text: &str, preset: &Preset) -> String {
    let text = shown(text.rsplit_once('@').map_or(text, |(_, host)| host));
    let form = preset.reference_form();
    let forms = form.map_or_else(
        || "a path that starts with / nor a URL".to_owned(),
        |form| format!("{form}, nor a path that starts with /, nor a URL"),
    );
    format!("`{text}` is neither {forms}")
}
