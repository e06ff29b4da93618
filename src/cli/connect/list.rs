//! All the operations that the arguments speak of: what is typed, and what stands on standard input.
//! What a reference looks like is not known here, nor who asks.

use lro::http::{self, Client, Endpoint};
use lro::preset::Preset;

use super::follow::Follow;
use super::gather::{Gathered, Gatherer, Refused};
use super::input::{self, EXPECTED, Entry, Spot, Word};
use super::invalid::Invalid;
use super::reference::Reference;
use crate::cli::args::Network;
use crate::cli::failure::Failure;
use crate::cli::preset::Found;
use crate::cli::report;

/// What to try when the operation is none of the API that is asked unless told otherwise.
const OTHER_API: &str = "that is how otc-plas has it, the preset that counts when none is given; for another API give \
                         --preset NAME (lro presets lists them), or flags that describe it";

/// Standard input as an OPERATION.
const STDIN: &str = "-";

/// How many other origins are told one by one.
const MOST_ORIGINS: usize = 10;

/// What is to be asked, in the order given, and what a person should know of it before that.
#[derive(Debug)]
pub(crate) struct Operations {
    /// At least one, unless standard input is followed.
    pub(crate) listed: Vec<http::Operation>,
    /// Who asks at the endpoint.
    pub(crate) client: Client,
    /// Other origins than the endpoint, which are asked without credentials.
    pub(crate) elsewhere: Vec<String>,
    /// How many references named an operation that was there before.
    pub(crate) duplicates: usize,
    /// Where more come from.
    pub(crate) follow: Option<Follow>,
    invalid: Invalid,
}

impl Operations {
    /// Tells what was not taken as it was given.
    pub(crate) fn tell(&self, color: bool) {
        let warn = |text: &str| report::say(&report::warning(text, color));
        self.invalid.told().for_each(|line| warn(&format!("passed over {line}")));
        for origin in self.elsewhere.iter().take(MOST_ORIGINS) {
            warn(&told_elsewhere(origin));
        }
        match self.elsewhere.len().saturating_sub(MOST_ORIGINS) {
            0 => {}
            more => warn(&format!("and so are {more} more origins")),
        }
        if let Some(text) = told_duplicates(self.duplicates) {
            report::say(&text);
        }
    }
}

/// What a person should know of so many references to operations that were there before.
pub(crate) fn told_duplicates(count: usize) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 reference names an operation that was named before: it is asked once".to_owned()),
        many => Some(format!("{many} references name operations that were named before: each is asked once")),
    }
}

/// What a person should know of an origin where they have operations and no credentials are sent.
pub(crate) fn told_elsewhere(origin: &str) -> String {
    let is_private = Endpoint::parse(origin).is_ok_and(|endpoint| endpoint.is_private());
    let and = if is_private {
        ""
    } else {
        ", and without encryption: whoever is in between can change the outcome"
    };
    format!("{origin} is not the endpoint: it is asked without credentials{and}")
}

/// References as they were given.
pub(super) struct Said {
    /// What stands in a list has a spot there.
    references: Vec<(Option<Spot>, Reference)>,
    /// The first that is typed and names its origin itself. Where credentials go is for a person to say.
    pub(super) url: Option<Reference>,
    invalid: Invalid,
    skip_invalid: bool,
    is_followed: bool,
}

impl Said {
    /// What these say; standard input is read to its end, unless it is to be followed.
    pub(super) fn read(
        texts: &[String],
        api: &Found,
        skip_invalid: bool,
        is_followed: bool,
    ) -> Result<Self, Failure> {
        let count = texts.iter().filter(|text| *text == STDIN).count();
        if count > 1 {
            return Err(Failure::usage(
                "- is given more than once, and standard input can be read only once",
            ));
        }
        if is_followed && count == 0 {
            let what = "--follow has nothing to follow: standard input is none of the operations";
            return Err(Failure::usage(what).hint("give - as an OPERATION".to_owned()));
        }
        let other_api = |failure: Failure| failure.or_hint(api.is_default.then_some(OTHER_API));
        // What is typed is looked at before anybody waits for what is not there yet.
        let typed = texts.iter().map(|text| match text.as_str() {
            STDIN => Ok(None),
            text => Reference::parse(text, &api.preset).map(Some),
        });
        let typed: Vec<_> = typed.collect::<Result<_, _>>().map_err(|why| other_api(Failure::usage(why)))?;
        let url = typed.iter().flatten().find(|reference| reference.is_url()).cloned();
        let mut said =
            Self { references: Vec::new(), url, invalid: Invalid::default(), skip_invalid, is_followed };
        for reference in typed {
            match reference {
                Some(reference) => said.references.push((None, reference)),
                None if is_followed => {}
                None => said.add_all(&input::read()?, &api.preset)?,
            }
        }
        said.check(said.references.len()).map_err(other_api)?;
        Ok(said)
    }

    fn add_all(&mut self, input: &[u8], preset: &Preset) -> Result<(), Failure> {
        for Entry { spot, word } in input::entries(input)? {
            if spot == Spot::Alone {
                let reference = alone(word, preset).map_err(|failure| failure.hint(EXPECTED.to_owned()))?;
                self.references.push((None, reference));
                continue;
            }
            match word.and_then(|word| Reference::of_word(&word, preset)) {
                Ok(reference) => self.references.push((Some(spot), reference)),
                Err(why) => self.invalid.add(spot, &why),
            }
        }
        Ok(())
    }

    /// Whether it may go on, when this many are left.
    fn check(&self, left: usize) -> Result<(), Failure> {
        if self.invalid.count > 0 && !self.skip_invalid {
            Err(self.invalid.failure(left == 0))
        } else if left == 0 && !self.is_followed {
            Err(self.invalid.nothing_left())
        } else {
            Ok(())
        }
    }

    /// The operations, each once.
    pub(super) fn gathered(
        mut self,
        client: Client,
        preset: Preset,
        network: &Network,
    ) -> Result<Operations, Failure> {
        let mut gatherer = Gatherer::new(client.clone(), network);
        let (mut listed, mut origins, mut duplicates, mut elsewhere) = (Vec::new(), Vec::new(), 0, None);
        for (spot, reference) in std::mem::take(&mut self.references) {
            match (gatherer.gather(reference), spot) {
                (Ok(Gathered::Here(operation)), _) => listed.push(operation),
                (Ok(Gathered::Elsewhere(operation, there)), _) => {
                    listed.push(operation);
                    origins.extend(there.origin);
                    elsewhere.get_or_insert(there.why);
                }
                (Ok(Gathered::Duplicate), _) => duplicates += 1,
                (Err(Refused::Location(why)), Some(spot)) => self.invalid.add(spot, &why.to_string()),
                (Err(Refused::Location(why)), None) => return Err(super::elsewhere(&why)),
                (Err(Refused::Client(failure)), _) => return Err(failure),
            }
        }
        match elsewhere {
            // Then it is the endpoint that is wrong.
            Some(why) if !gatherer.is_home && !self.is_followed => return Err(super::elsewhere(&why)),
            _ => {}
        }
        self.check(listed.len())?;
        Ok(Operations {
            listed,
            client,
            elsewhere: origins,
            duplicates,
            follow: self.is_followed.then_some(Follow { gatherer, preset }),
            invalid: self.invalid,
        })
    }
}

/// What is alone on standard input.
fn alone(word: Result<Word<'_>, String>, preset: &Preset) -> Result<Reference, Failure> {
    let none = |why| Failure::usage("there is no operation on standard input").caused_by(why);
    match word.map_err(none)? {
        Word::Reference(text) => Reference::parse(&text, preset).map_err(Failure::usage),
        Word::Answer(answer) => {
            let (location, preset) = Reference::handle(answer, preset).map_err(none)?;
            Reference::of_server(&location, &preset).map_err(Failure::usage)
        }
    }
}
