//! Which terminal it is, by what it leaves in the environment, and what that one can do. This is a table.
//! What is sent to it is not known here.

use super::Variables;

/// A terminal that is known by one of its marks.
#[derive(Debug)]
pub(crate) struct Known {
    /// Variables, each with its value, or with none where any will do.
    marks: &'static [(&'static str, Option<&'static str>)],
    gauge: Gauge,
    pub(crate) notice: Notice,
}

/// Whether it shows progress by itself when it is told so (OSC 9;4).
#[derive(Debug)]
enum Gauge {
    No,
    Yes,
    /// From this version on, which stands in that variable. Older ones may take it for the text of a notification.
    Since(&'static str, &'static [u32]),
}

/// What makes it show a notification of the desktop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Notice {
    /// Nothing but the bell.
    Bell,
    Osc9,
    Osc99,
    Osc777,
}

/// Of `ssh` only TERM and, by most configurations, `LC_…` come along.
static KNOWN: [Known; 12] = [
    Known {
        marks: &[("TERM_PROGRAM", Some("ghostty")), ("TERM", Some("xterm-ghostty"))],
        gauge: Gauge::Yes,
        notice: Notice::Osc777,
    },
    Known {
        // Which version it is says nothing, and older ones notify of each OSC 9.
        marks: &[("TERM", Some("xterm-kitty")), ("KITTY_WINDOW_ID", None)],
        gauge: Gauge::No,
        notice: Notice::Osc99,
    },
    Known {
        marks: &[("TERM_PROGRAM", Some("WezTerm"))],
        gauge: Gauge::Since("TERM_PROGRAM_VERSION", &[20_250_209]),
        notice: Notice::Osc777,
    },
    Known {
        marks: &[("TERM_PROGRAM", Some("iTerm.app"))],
        gauge: Gauge::Since("TERM_PROGRAM_VERSION", &[3, 6, 6]),
        notice: Notice::Osc9,
    },
    Known {
        marks: &[("LC_TERMINAL", Some("iTerm2"))],
        gauge: Gauge::Since("LC_TERMINAL_VERSION", &[3, 6, 6]),
        notice: Notice::Osc9,
    },
    Known {
        marks: &[("TERM", Some("foot")), ("TERM", Some("foot-extra"))],
        gauge: Gauge::No,
        notice: Notice::Osc777,
    },
    Known { marks: &[("TERM_PROGRAM", Some("WarpTerminal"))], gauge: Gauge::No, notice: Notice::Osc9 },
    Known {
        marks: &[("TERM_PROGRAM", Some("mintty"))],
        gauge: Gauge::Since("TERM_PROGRAM_VERSION", &[3, 4, 2]),
        notice: Notice::Bell,
    },
    Known { marks: &[("ConEmuANSI", Some("ON"))], gauge: Gauge::Yes, notice: Notice::Bell },
    Known { marks: &[("WT_SESSION", None)], gauge: Gauge::Yes, notice: Notice::Bell },
    Known {
        marks: &[("KONSOLE_VERSION", None)],
        gauge: Gauge::Since("KONSOLE_VERSION", &[250_400]),
        notice: Notice::Bell,
    },
    // GNOME's terminal, Ptyxis and others that are made with the same library.
    Known {
        marks: &[("VTE_VERSION", None)],
        gauge: Gauge::Since("VTE_VERSION", &[8000]),
        notice: Notice::Bell,
    },
];

/// The first that has a mark here. Who says its name stands before who leaves a variable to all that it starts.
pub(super) fn find(of: Variables<'_>) -> Option<&'static Known> {
    let is_there = |(name, value): &(&str, Option<&str>)| {
        of(name).is_some_and(|is| value.is_none_or(|value| is == value))
    };
    KNOWN.iter().find(|known| known.marks.iter().any(is_there))
}

impl Known {
    pub(super) fn has_gauge(&self, of: Variables<'_>) -> bool {
        match self.gauge {
            Gauge::No => false,
            Gauge::Yes => true,
            Gauge::Since(variable, first) => {
                of(variable).is_some_and(|version| numbers(&version) >= first.to_vec())
            }
        }
    }
}

/// The numbers that a version begins with: `20250209-182623-44866cc1` is `[20250209, 182623, 44866]`.
fn numbers(version: &str) -> Vec<u32> {
    let digits =
        |part: &str| part.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default().parse().ok();
    version.split(['.', '-']).map_while(digits).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::terminal;
    use super::*;

    #[test]
    fn progress_is_shown_by_those_that_are_known_to_and_notices_as_they_take_them() {
        use Notice::{Bell, Osc9, Osc99, Osc777};
        let xterm = ("TERM", "xterm-256color");
        for (variables, has_gauge, notice) in [
            (&[xterm][..], false, None),
            (&[xterm, ("TERM_PROGRAM", "ghostty")], true, Some(Osc777)),
            (&[("TERM", "xterm-ghostty")], true, Some(Osc777)),
            (&[("TERM", "xterm-kitty")], false, Some(Osc99)),
            (&[xterm, ("KITTY_WINDOW_ID", "1")], false, Some(Osc99)),
            (
                &[xterm, ("TERM_PROGRAM", "WezTerm"), ("TERM_PROGRAM_VERSION", "20240203-110809-5046fc22")],
                false,
                Some(Osc777),
            ),
            (
                &[xterm, ("TERM_PROGRAM", "WezTerm"), ("TERM_PROGRAM_VERSION", "20250209-182623-44866cc1")],
                true,
                Some(Osc777),
            ),
            (&[xterm, ("TERM_PROGRAM", "WezTerm")], false, Some(Osc777)),
            (&[xterm, ("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.6.5")], false, Some(Osc9)),
            (&[xterm, ("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.6.6")], true, Some(Osc9)),
            (
                &[xterm, ("TERM_PROGRAM", "iTerm.app"), ("TERM_PROGRAM_VERSION", "3.10.0beta1")],
                true,
                Some(Osc9),
            ),
            (&[xterm, ("LC_TERMINAL", "iTerm2"), ("LC_TERMINAL_VERSION", "3.6.9")], true, Some(Osc9)),
            (&[("TERM", "foot")], false, Some(Osc777)),
            (&[xterm, ("TERM_PROGRAM", "WarpTerminal")], false, Some(Osc9)),
            (&[xterm, ("TERM_PROGRAM", "mintty"), ("TERM_PROGRAM_VERSION", "3.7.8")], true, Some(Bell)),
            (&[("TERM_PROGRAM", "Apple_Terminal"), xterm], false, None),
            (&[xterm, ("TERM_PROGRAM", "vscode")], false, None),
            (&[xterm, ("WT_SESSION", "8a5c")], true, Some(Bell)),
            (&[xterm, ("ConEmuANSI", "ON")], true, Some(Bell)),
            (&[xterm, ("ConEmuANSI", "OFF")], false, None),
            (&[xterm, ("KONSOLE_VERSION", "241203")], false, Some(Bell)),
            (&[xterm, ("KONSOLE_VERSION", "250400")], true, Some(Bell)),
            (&[xterm, ("VTE_VERSION", "7803")], false, Some(Bell)),
            (&[xterm, ("VTE_VERSION", "8000")], true, Some(Bell)),
            (&[xterm, ("VTE_VERSION", "new")], false, Some(Bell)),
            // What a terminal leaves behind counts for nothing within another.
            (&[("TERM", "tmux-256color"), ("TMUX", "t"), ("WT_SESSION", "8a5c")], false, Some(Bell)),
            (&[("TERM", "screen"), ("TERM_PROGRAM", "ghostty")], false, Some(Osc777)),
            (&[("TERM", "dumb"), ("TERM_PROGRAM", "ghostty")], false, None),
        ] {
            let around = terminal(variables);
            let seen = (around.has_gauge, around.known.map(|known| known.notice));
            assert_eq!(seen, (has_gauge, notice), "{variables:?}");
        }
    }

    #[test]
    fn the_page_for_users_names_each_mark_and_each_version() {
        let page = include_str!("../../../docs/terminal.md");
        for known in &KNOWN {
            let told = |(name, value): &(&str, Option<&str>)| {
                page.contains(&value.map_or(format!("`{name}`"), |value| format!("`{name}={value}`")))
            };
            match known.gauge {
                Gauge::No => {}
                Gauge::Yes => assert!(known.marks.iter().all(told), "{known:?}"),
                Gauge::Since(variable, _) => {
                    assert!(known.marks.iter().all(told), "{known:?}");
                    assert!(page.contains(&format!("`{variable}`")), "{known:?}");
                }
            }
        }
    }

    #[test]
    fn a_console_that_takes_no_escapes_is_sent_none() {
        let of = super::super::tests::lookup(&[("WT_SESSION", "8a5c")]);
        assert!(super::super::Surroundings::of(true, true, true, &of).has_gauge);
        let around = super::super::Surroundings::of(true, false, true, &of);
        assert!(!around.has_gauge && around.known.is_none());
    }
}
