//! Whether there are colors: who asked for what, and which word counts for more.
//! What the colors are is not known here.

use std::ffi::OsString;

use clap::ValueEnum;

use super::{Surroundings, Variables};
use crate::cli::args::Color;

/// What the environment says of colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wish {
    Never,
    Always,
    None,
}

/// By the conventions of <https://no-color.org>, <https://bixense.com/clicolors> and <https://force-color.org>, in this
/// order.
fn wish(of: Variables<'_>) -> Wish {
    let forces = |name| of(name).is_some_and(|value| value != "0" && value != "false");
    match () {
        () if of("NO_COLOR").is_some() => Wish::Never,
        () if forces("CLICOLOR_FORCE") || forces("FORCE_COLOR") => Wish::Always,
        () if of("CLICOLOR").is_some_and(|value| value == "0") => Wish::Never,
        () => Wish::None,
    }
}

/// Whether what is told there has colors: what was typed counts for more than the environment, and that for more than
/// what it is told on.
pub(crate) fn has_color(asked: Color, around: &Surroundings, of: Variables<'_>) -> bool {
    match (asked, wish(of)) {
        (Color::Always, _) | (Color::Auto, Wish::Always) => true,
        (Color::Never, _) | (Color::Auto, Wish::Never) => false,
        (Color::Auto, Wish::None) => around.is_terminal && !around.is_dumb && around.takes_escapes,
    }
}

/// What is said by `--color` among these words, else by its variable, where they could not be understood as a whole.
pub(crate) fn said(words: &[OsString], of: Variables<'_>) -> Color {
    let mut asked = None;
    let mut words = words.iter().map(|word| word.to_string_lossy()).take_while(|word| word != "--");
    while let Some(word) = words.next() {
        let value = match word.strip_prefix("--color") {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('=').map(|value| value.to_owned().into()),
            None => None,
        };
        asked = value.and_then(|value| Color::from_str(&value, false).ok()).or(asked);
    }
    let of_variable = || Color::from_str(&of("LRO_COLOR")?, false).ok();
    asked.or_else(of_variable).unwrap_or(Color::Auto)
}

#[cfg(test)]
mod tests {
    use super::super::tests::lookup;
    use super::*;
    use Color::{Always, Auto, Never};

    #[test]
    fn what_is_typed_counts_for_more_than_the_environment_and_that_for_more_than_the_terminal() {
        let xterm = ("TERM", "xterm");
        for (asked, is_terminal, variables, expected) in [
            (Auto, true, &[xterm][..], true),
            (Auto, false, &[xterm], false),
            (Auto, true, &[("TERM", "dumb")], false),
            (Auto, true, &[], false),
            (Auto, true, &[xterm, ("NO_COLOR", "1")], false),
            (Auto, true, &[xterm, ("NO_COLOR", "0")], false),
            (Auto, true, &[xterm, ("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
            (Auto, false, &[("CLICOLOR_FORCE", "1")], true),
            (Auto, true, &[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], true),
            (Auto, false, &[("CLICOLOR_FORCE", "0")], false),
            (Auto, true, &[xterm, ("CLICOLOR_FORCE", "0")], true),
            (Auto, false, &[("FORCE_COLOR", "1")], true),
            (Auto, false, &[("FORCE_COLOR", "0")], false),
            (Auto, false, &[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], true),
            (Auto, true, &[xterm, ("CLICOLOR", "0")], false),
            (Auto, true, &[xterm, ("CLICOLOR", "1")], true),
            (Auto, false, &[xterm, ("CLICOLOR", "1")], false),
            (Always, false, &[("NO_COLOR", "1"), ("CLICOLOR", "0")], true),
            (Never, true, &[xterm, ("CLICOLOR_FORCE", "1")], false),
        ] {
            let of = lookup(variables);
            let around = Surroundings::of(is_terminal, true, false, &of);
            assert_eq!(has_color(asked, &around, &of), expected, "{asked:?} {is_terminal} {variables:?}");
        }
    }

    #[test]
    fn a_console_that_is_too_old_has_colors_only_for_who_insists() {
        let of = lookup(&[]);
        let around = |takes_escapes| Surroundings::of(true, takes_escapes, true, &of);
        assert!(has_color(Auto, &around(true), &of));
        assert!(!has_color(Auto, &around(false), &of));
        assert!(has_color(Always, &around(false), &of));
    }

    #[test]
    fn what_was_typed_is_found_also_where_nothing_else_is_understood() {
        for (line, variable, expected) in [
            ("lro --color never --help", "", Never),
            ("lro wait --bogus --color=always", "", Always),
            ("lro wait --color always --color never", "", Never),
            ("lro wait --colour never", "", Auto),
            ("lro --color", "", Auto),
            ("lro --color blue", "", Auto),
            ("lro wait x -- ls --color=always", "", Auto),
            ("lro --help", "never", Never),
            ("lro --color blue --help", "never", Never),
            ("lro --color auto --help", "never", Auto),
            ("lro --color always --help", "never", Always),
            ("lro --help", "blue", Auto),
        ] {
            let words: Vec<_> = line.split(' ').map(OsString::from).collect();
            let of = |name: &str| Some(variable.to_owned()).filter(|_| name == "LRO_COLOR");
            assert_eq!(said(&words, &of), expected, "{line} {variable}");
        }
    }
}
