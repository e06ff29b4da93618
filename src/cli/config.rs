//! `lro config show`: each flag of a verb with its value, and where that is from. Nothing is asked, and no secret told.
//! Which value counts is decided elsewhere.

mod document;
mod row;

use std::ffi::OsString;

use clap::error::ErrorKind;
use clap::{Arg, Command, CommandFactory};
use lro::http::printable;

use super::args::{Cli, Output, ShowArgs, own_output};
use super::exit::Exit;
use super::failure::Failure;
use super::near::near;
use super::report;
use super::settings::{self, Chosen, Known, Resolved, Settings, Surroundings, Unusable};
use document::Document;

/// The verb that is meant when none is named.
const USUAL: &str = "wait";

pub(crate) fn show(args: &ShowArgs, profile: Option<String>, color: bool) -> Result<Exit, Failure> {
    let command = Cli::command();
    let asked = match Asked::of(&command, args) {
        Ok(asked) => asked,
        Err(error) if error.use_stderr() => return Err(refused(&error)),
        Err(help) => {
            report::print(help.render().to_string().as_bytes(), Exit::Succeeded, color);
            return Ok(Exit::Succeeded);
        }
    };
    let around = Surroundings::here();
    // What is wrong is told, but not instead of what is right.
    let mut wrong: Vec<Failure> = Vec::new();
    let file = around.file(&command).unwrap_or_else(|failure| {
        wrong.push(failure);
        None
    });
    let typed = asked.profile.clone().or(profile);
    let profile = around.profile(typed, file.as_ref()).unwrap_or_else(|failure| {
        wrong.push(failure);
        Chosen::none()
    });
    if wrong.is_empty() {
        wrong.extend(profile.check(&around.place, file.as_ref()).err());
    }
    let resolved = around.resolve(&asked.verb, &asked.typed, &profile, file.as_ref());
    wrong.extend(resolved.unusable.iter().map(Unusable::failure));
    let document = Document {
        verb: &asked.verb,
        typed: &asked.typed,
        profile: &profile,
        place: &around.place,
        is_found: around.place.is_there(),
        resolved: &resolved,
        unknown: unknown(&command),
        has_token: (around.variable)("LRO_TOKEN").is_some(),
    };
    let text = match asked.output.unwrap_or(args.output) {
        Output::Text => document.text(),
        Output::Json => document.json(),
        Output::None => String::new(),
    };
    wrong.extend(asked.refused(&command, resolved));
    let exit = wrong.first().map_or(Exit::Succeeded, |failure| failure.exit);
    report::print(text.as_bytes(), exit, color);
    for failure in &wrong {
        failure.tell(color);
    }
    Ok(exit)
}

/// What it is asked about.
struct Asked {
    verb: Command,
    typed: settings::Typed,
    /// The same, before clap has looked at it.
    reader: Command,
    profile: Option<String>,
    output: Option<Output>,
}

impl Asked {
    /// What the words say. `--output` is the one of this verb here, wherever it stands.
    fn of(command: &Command, args: &ShowArgs) -> Result<Self, clap::Error> {
        let named = args.words.first().and_then(|word| word.to_str()).filter(|word| !word.starts_with('-'));
        let words = &args.words[usize::from(named.is_some())..];
        let name = named.unwrap_or(USUAL);
        let known = Known::of(command);
        let Some(verb) = command.find_subcommand(name).filter(|_| known.verbs().any(|verb| verb == name))
        else {
            let verbs = known.verbs().collect::<Vec<_>>().join(", ");
            let what = format!("there are no settings of a verb `{name}`; the verbs are {verbs}");
            return Err(clap::Error::raw(ErrorKind::InvalidSubcommand, what));
        };
        let of_all = command.get_arguments().filter(|arg| arg.is_global_set()).cloned();
        let reader = verb.clone().args(of_all);
        let reader = reader.mut_args(|arg| if arg.is_positional() { arg.required(false) } else { arg });
        let has_output = reader.get_arguments().any(|arg| arg.get_id() == "output");
        let with_own = reader.clone().bin_name(format!("lro config show {name}"));
        let with_own = if has_output {
            with_own.mut_arg("output", |_| own_output())
        } else {
            with_own.arg(own_output())
        };
        let words = std::iter::once(OsString::from(name)).chain(words.iter().cloned());
        let matches = with_own.try_get_matches_from(words)?;
        let mut typed = settings::typed(&matches);
        let own = typed.remove("output").and_then(|_| matches.get_one::<Output>("output").copied());
        let profile = settings::typed_profile(&matches);
        let mut verb = reader.clone();
        verb.build();
        Ok(Self { verb, typed, reader, profile, output: own })
    }

    /// What the verb would refuse of the values that nobody typed.
    fn refused(&self, whole: &Command, resolved: Resolved) -> Option<Failure> {
        let words = std::iter::once(OsString::from(self.verb.get_name()));
        let words = words.chain(settings::again(&self.verb, &self.typed)).collect();
        let settings = Settings::with(words, 1, resolved);
        let error = self.reader.clone().try_get_matches_from(settings.words()).err()?;
        let at_fault = settings.at_fault(&self.reader, whole, &error);
        (!at_fault.is_empty()).then(|| at_fault.into_iter().fold(refused(&error), Failure::note))
    }
}

/// What clap says, without the way in which it says it.
fn refused(error: &clap::Error) -> Failure {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    Failure::usage(first.strip_prefix("error: ").unwrap_or(first))
}

/// The variables that look like ours and are of no flag, each with those that may be meant.
fn unknown(command: &Command) -> Vec<(String, Vec<String>)> {
    let known = Known::of(command);
    let variables: Vec<String> = known.flags().map(settings::variable).collect();
    let others = ["LRO_CONFIG", "LRO_PROFILE", "LRO_TOKEN"];
    let names = std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned());
    let mut unknown: Vec<_> = names
        .filter(|name| {
            name.starts_with(settings::PREFIX) && !others.contains(&&**name) && !variables.contains(name)
        })
        .map(|name| {
            // What all of them begin with would make each like the other.
            let flag = name[settings::PREFIX.len()..].replace('_', "-");
            let near = near(&flag, known.flags().map(str::to_owned));
            (printable(&name).into_owned(), near.iter().map(|long| settings::variable(long)).collect())
        })
        .collect();
    unknown.sort();
    unknown
}

/// Whether a flag can be set without being typed.
fn is_settable(verb: &Command, arg: &Arg) -> bool {
    settings::of_verb(verb).any(|other| other.get_id() == arg.get_id())
}
