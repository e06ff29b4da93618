//! References that come one after another on standard input, for as long as somebody writes them there.
//! How they are awaited is not known here.

use std::io;
use std::ops::ControlFlow;

use lro::http;
use lro::preset::Preset;

use super::gather::{Gathered, Gatherer, Refused};
use super::input::{self, Entry};
use super::invalid::InvalidLine;
use super::reference::Reference;
use crate::cli::failure::Failure;

/// Standard input, and what it takes to make operations of its lines. What is remembered of each is a number, so that
/// none is awaited twice.
#[derive(Debug)]
pub(crate) struct Follow {
    pub(super) gatherer: Gatherer,
    pub(super) preset: Preset,
}

/// What a line has become.
#[derive(Debug)]
pub(crate) enum Followed {
    /// It is to be awaited.
    Operation(http::Operation),
    /// The next operation is at this origin, which is no endpoint of ours: it is asked without credentials. Told once
    /// for an origin.
    Elsewhere(String),
    /// There was a line for the same operation.
    Duplicate,
    /// It names no operation.
    Invalid(InvalidLine),
}

impl Follow {
    /// Reads standard input to its end, or until it is told to break off, and hands on what becomes of each line as soon
    /// as that is there. It blocks: it is for a thread of its own, and ends only when somebody writes another line or
    /// stops writing.
    ///
    /// # Errors
    ///
    /// When standard input cannot be read.
    pub(crate) fn read(mut self, mut each: impl FnMut(Followed) -> ControlFlow<()>) -> Result<(), Failure> {
        let mut stdin = io::stdin().lock();
        let mut line = Vec::new();
        for number in 1.. {
            let read = input::next_line(&mut stdin, &mut line);
            if !read.map_err(|error| input::cannot_read(&error))? {
                break;
            }
            let mut entries = Vec::new();
            input::on_line(number, &line, &mut entries);
            for entry in entries {
                if self.followed(entry, &mut each).is_break() {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn followed(
        &mut self,
        entry: Entry<'_>,
        each: &mut impl FnMut(Followed) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let reference = entry.word.and_then(|word| Reference::of_word(&word, &self.preset));
        let gathered = reference.and_then(|reference| {
            self.gatherer.gather(reference).map_err(|refused| match refused {
                Refused::Location(error) => error.to_string(),
                Refused::Client(failure) => failure.cause().to_owned(),
            })
        });
        match gathered {
            Ok(Gathered::Here(operation)) => each(Followed::Operation(operation)),
            Ok(Gathered::Elsewhere(operation, elsewhere)) => {
                if let Some(origin) = elsewhere.origin {
                    each(Followed::Elsewhere(origin))?;
                }
                each(Followed::Operation(operation))
            }
            Ok(Gathered::Duplicate) => each(Followed::Duplicate),
            Err(why) => each(Followed::Invalid(InvalidLine::new(entry.spot, &why))),
        }
    }
}
