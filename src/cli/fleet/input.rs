//! Operations that come while others are waited for, a line of standard input each.
//! What a line means is known where references are read.

use std::ops::ControlFlow;
use std::time::Duration;

use lro::fleet::Adder;
use lro::http::Operation;
use tokio::sync::mpsc::{Receiver, channel};

use super::asked::Asked;
use crate::cli::connect::{Follow, Followed, InvalidLine, told_elsewhere};
use crate::cli::duration::human;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::report::{self, FleetReporter};

/// How much may be said of standard input before it is heard: whoever writes there faster waits.
const MOST_UNHEARD: usize = 64;

/// Standard input while it is followed, and what was wrong with it so far.
#[derive(Debug, Default)]
pub(super) struct Input {
    said: Option<Receiver<Said>>,
    duplicates: usize,
    invalid: usize,
    is_broken: bool,
}

/// What is to be told of standard input.
#[derive(Debug)]
pub(super) enum Said {
    Elsewhere(String),
    Duplicate,
    Invalid(InvalidLine),
    Broken(Failure),
}

impl Input {
    /// Adds what comes on standard input. It is read on a thread of its own, because reading it blocks for as long as
    /// nobody writes; whoever wants to end does not wait for that.
    pub(super) fn follow(follow: Follow, adder: Adder<Operation>, asked: Asked) -> Self {
        let (sender, said) = channel(MOST_UNHEARD);
        std::thread::spawn(move || {
            let hear = |said| match sender.blocking_send(said) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            };
            let read = follow.read(|followed| match followed {
                Followed::Operation(operation) => match adder.add(asked.join(operation)) {
                    Ok(()) => ControlFlow::Continue(()),
                    Err(_) => ControlFlow::Break(()),
                },
                Followed::Elsewhere(origin) => hear(Said::Elsewhere(origin)),
                Followed::Duplicate => hear(Said::Duplicate),
                Followed::Invalid(line) => hear(Said::Invalid(line)),
            });
            if let Err(failure) = read {
                let _ = hear(Said::Broken(failure));
            }
            // In this order: a fleet that is over because nothing can come any more finds standard input at its end.
            drop(sender);
            drop(adder);
        });
        Self { said: Some(said), ..Self::default() }
    }

    /// What is said next; nothing when there is nothing more to come.
    pub(super) async fn next(&mut self) -> Option<Said> {
        self.said.as_mut()?.recv().await
    }

    /// What was said and not heard when the wait was over.
    pub(super) fn left(&mut self) -> Option<Said> {
        self.said.as_mut()?.try_recv().ok()
    }

    pub(super) fn hear(&mut self, said: Said, reporter: &FleetReporter, color: bool) {
        let warn = |text: &str| reporter.say(&report::warning(text, color));
        match said {
            Said::Elsewhere(origin) => warn(&told_elsewhere(&origin)),
            Said::Duplicate => self.duplicates += 1,
            Said::Invalid(line) => {
                self.invalid += 1;
                // The run will not end with 0 for it.
                reporter.fail(&line.failure());
            }
            Said::Broken(failure) => {
                self.is_broken = true;
                reporter.fail(&failure);
            }
        }
    }

    /// How many lines named an operation that was there before.
    pub(super) fn duplicates(&self) -> usize {
        self.duplicates
    }

    /// What was wrong with it, if that is to be the end of an otherwise good run, and the word for it.
    pub(super) fn unread(
        &self,
        is_reached: bool,
        signal: Option<Exit>,
        timeout: Option<Duration>,
    ) -> Option<(&'static str, Failure)> {
        // Whoever writes there may not have named all yet.
        if self.is_open() && !is_reached {
            return Some(match (signal, timeout) {
                (None, Some(timeout)) => {
                    let what =
                        format!("gave up reading standard input: it did not end within {}", human(timeout));
                    ("timed_out", Failure::new(Exit::TimedOut, what))
                }
                (signal, _) => {
                    let exit = signal.unwrap_or(Exit::Interrupted);
                    ("interrupted", Failure::new(exit, "reading standard input was interrupted"))
                }
            });
        }
        let what = match self.invalid {
            _ if self.is_broken => "standard input was not read to its end".to_owned(),
            0 => return None,
            1 => "1 line of standard input named no operation".to_owned(),
            count => format!("{count} lines of standard input named no operation"),
        };
        Some(("error", Failure::usage(what)))
    }

    /// Whether more may come.
    fn is_open(&self) -> bool {
        self.said.as_ref().is_some_and(|said| !said.is_closed())
    }
}
