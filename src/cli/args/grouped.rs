//! The flags of a verb in the order in which their groups stand in its help: first what everybody needs.
//! Which flags there are is not known here.

use clap::error::Error;
use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

/// The groups, first the one that is needed most. What is in no group comes before them.
const GROUPS: [&str; 11] = [
    "What is sent",
    "How long",
    "Output",
    "Where",
    "Who",
    "Which API",
    "Instead of a preset, or beside it",
    "Several operations",
    "How often",
    "Faults",
    "Network",
];

/// Arguments that are defined where they belong together, and told where they are looked for.
#[derive(Debug)]
pub(crate) struct Grouped<A>(pub(crate) A);

impl<A: Args> Args for Grouped<A> {
    fn augment_args(command: Command) -> Command {
        let mut args: Vec<Arg> = A::augment_args(Command::new("")).get_arguments().cloned().collect();
        let place = |arg: &Arg| {
            arg.get_help_heading().map(|heading| GROUPS.iter().position(|group| *group == heading))
        };
        args.sort_by_key(place);
        // Each has a number of where it was defined.
        command.args(args.into_iter().map(|arg| arg.display_order(None)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl<A: Args> FromArgMatches for Grouped<A> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        A::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::Cli;
    use clap::CommandFactory;

    #[test]
    fn the_help_begins_with_what_everybody_needs() {
        let mut command = Cli::command();
        command.build();
        let help = command.find_subcommand_mut("wait").expect("a verb").render_help().to_string();
        let places = [
            "<OPERATION>",
            "\nHow long:\n  -t, --timeout",
            "\nOutput:\n  -o, --output",
            "\nWhere:",
            "\nNetwork:",
        ];
        let places = places.map(|text| help.find(text).unwrap_or_else(|| panic!("no {text:?} in {help}")));
        assert!(places.is_sorted(), "{places:?} {help}");
        // The flags of all verbs stand below those of this one.
        let output =
            help.split_once("\nOutput:\n").and_then(|(_, rest)| rest.split_once("\n\n")).expect("a group").0;
        assert!(output.find("--color") > output.find("--github"), "{output}");
    }

    #[test]
    fn each_group_has_its_place() {
        let command = Cli::command();
        for verb in ["wait", "status", "submit", "auth", "presets"] {
            let verb = command.find_subcommand(verb).expect("a verb");
            for heading in verb.get_arguments().filter_map(Arg::get_help_heading) {
                assert!(GROUPS.contains(&heading), "{heading} of {}", verb.get_name());
            }
        }
    }
}
