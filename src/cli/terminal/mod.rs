//! What is known of the terminal on standard error, from the environment alone.
//! Nothing is written here, and what is told there is not known.

pub(crate) mod color;
pub(crate) mod gauge;
mod known;
pub(crate) mod notice;

use std::io::{self, IsTerminal};

use console::Term;

use known::Known;

/// A variable of the environment, if it is set and not empty.
pub(crate) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The variables of this process. One that is not text says nothing.
pub(crate) fn variables(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What the choice of how something is told goes by.
#[expect(clippy::struct_excessive_bools, reason = "each is something of its own")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Surroundings {
    pub(crate) is_terminal: bool,
    /// Whether nothing but text is understood there.
    pub(crate) is_dumb: bool,
    /// Whether escape sequences can be sent there at all; a console of Windows may be too old for that.
    pub(crate) takes_escapes: bool,
    pub(crate) is_ci: bool,
    /// Whether it shows more than ASCII.
    pub(crate) has_unicode: bool,
    /// Whether lines are broken anew when it is made narrower.
    pub(crate) reflows: bool,
    /// What passes between here and the screen.
    pub(crate) between: Between,
    pub(crate) known: Option<&'static Known>,
    /// Whether the program there shows progress by itself.
    pub(crate) has_gauge: bool,
}

/// What takes the output of this process and shows it on a terminal of its own choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Between {
    Nothing,
    Tmux,
    Screen,
}

impl Between {
    /// The sequence as it comes to the terminal behind. tmux hands it on if it is allowed to (`allow-passthrough`), and
    /// drops it if it is not.
    pub(crate) fn passed(self, sequence: &str) -> String {
        match self {
            Self::Tmux => format!("\u{1b}Ptmux;{}\u{1b}\\", sequence.replace('\u{1b}', "\u{1b}\u{1b}")),
            Self::Nothing | Self::Screen => sequence.to_owned(),
        }
    }
}

impl Surroundings {
    pub(crate) fn of_stderr() -> Self {
        let is_terminal = io::stderr().is_terminal();
        // Of Windows alone, where it is a setting of each console, and asking for it switches it on.
        let takes_escapes = !cfg!(windows) || is_terminal && Term::stderr().features().colors_supported();
        Self::of(is_terminal, takes_escapes, cfg!(windows), &variables)
    }

    /// The same, of whether it is a terminal, whether that takes escape sequences, and what the environment says.
    pub(crate) fn of(is_terminal: bool, takes_escapes: bool, is_windows: bool, of: Variables<'_>) -> Self {
        // A console of Windows has no TERM; elsewhere who says nothing understands nothing.
        let is_dumb = of("TERM").map_or(!is_windows, |term| term == "dumb");
        let between = between(of);
        let known = known::find(of).filter(|_| takes_escapes && !is_dumb);
        Self {
            is_terminal,
            is_dumb,
            takes_escapes,
            is_ci: of("CI").is_some_and(|ci| ci != "false"),
            has_unicode: has_unicode(is_windows, of),
            reflows: reflows(between, of),
            between,
            known,
            // What another terminal was begun in is still in the environment of what runs within it.
            has_gauge: between == Between::Nothing && known.is_some_and(|known| known.has_gauge(of)),
        }
    }

    /// Whether lines may move there.
    pub(crate) fn moves(&self) -> bool {
        self.is_terminal && !self.is_dumb && !self.is_ci
    }
}

fn between(of: Variables<'_>) -> Between {
    let begins = |with: &str| of("TERM").is_some_and(|term| term.starts_with(with));
    match () {
        () if of("TMUX").is_some() || begins("tmux") => Between::Tmux,
        // tmux calls itself so too, but then says who it is.
        () if of("STY").is_some() || begins("screen") => Between::Screen,
        () => Between::Nothing,
    }
}

/// Whether the terminal shows more than ASCII. Elsewhere the locale says so. A console of Windows takes any text, and has
/// a font for it where a newer terminal draws it.
fn has_unicode(is_windows: bool, of: Variables<'_>) -> bool {
    if is_windows && of("TERM").is_none() {
        return of("WT_SESSION").is_some() || of("TERM_PROGRAM").is_some() || of("ConEmuANSI").is_some();
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(of);
    locale.is_some_and(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// Nearly all do, but for a few old ones.
fn reflows(between: Between, of: Variables<'_>) -> bool {
    match between {
        Between::Tmux => true,
        Between::Screen => false,
        Between::Nothing => of("XTERM_VERSION").is_none() && of("TERM").is_none_or(|term| term != "linux"),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A terminal with these variables and no others.
    pub(crate) fn terminal(variables: &[(&str, &str)]) -> Surroundings {
        Surroundings::of(true, true, false, &lookup(variables))
    }

    pub(crate) fn lookup<'a>(variables: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + use<'a> {
        |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    }

    #[test]
    fn who_says_nothing_of_itself_understands_text_alone_but_for_a_console_of_windows() {
        for (is_windows, variables, is_dumb) in [
            (false, &[("TERM", "xterm")][..], false),
            (false, &[("TERM", "dumb")], true),
            (false, &[], true),
            (true, &[], false),
            (true, &[("TERM", "dumb")], true),
            (true, &[("TERM", "xterm")], false),
        ] {
            let around = Surroundings::of(true, true, is_windows, &lookup(variables));
            assert_eq!(around.is_dumb, is_dumb, "{is_windows} {variables:?}");
        }
    }

    #[test]
    fn the_first_word_of_the_locale_says_whether_there_is_more_than_ascii() {
        for (is_windows, variables, expected) in [
            (false, &[("LANG", "C.UTF-8")][..], true),
            (false, &[("LANG", "de_DE.utf8")], true),
            (false, &[("LANG", "C")], false),
            (false, &[("LANG", "de_DE.ISO-8859-1")], false),
            (false, &[], false),
            (false, &[("LANG", "C"), ("LC_CTYPE", "C.UTF-8")], true),
            (false, &[("LANG", "C.UTF-8"), ("LC_ALL", "POSIX")], false),
            (true, &[], false),
            (true, &[("WT_SESSION", "8a5c")], true),
            (true, &[("TERM", "xterm"), ("LANG", "C.UTF-8")], true),
        ] {
            let around = Surroundings::of(true, true, is_windows, &lookup(variables));
            assert_eq!(around.has_unicode, expected, "{is_windows} {variables:?}");
        }
    }

    #[test]
    fn who_stands_between_is_known_by_its_name_and_by_its_variable() {
        for (variables, expected, reflows) in [
            (&[("TERM", "xterm-256color")][..], Between::Nothing, true),
            (&[("TERM", "tmux-256color")], Between::Tmux, true),
            (&[("TERM", "screen-256color"), ("TMUX", "/tmp/t,1,0")], Between::Tmux, true),
            (&[("TERM", "screen.xterm-256color")], Between::Screen, false),
            (&[("TERM", "xterm"), ("STY", "12.pts")], Between::Screen, false),
            (&[("TERM", "xterm-256color"), ("XTERM_VERSION", "XTerm(379)")], Between::Nothing, false),
            (&[("TERM", "linux")], Between::Nothing, false),
        ] {
            let around = terminal(variables);
            assert_eq!((around.between, around.reflows), (expected, reflows), "{variables:?}");
        }
    }
}
