//! That a wait has ended, as a terminal is told so that a person hears or sees it: the bell, or a notification of the
//! desktop that the terminal shows. It needs nothing but the terminal, so it works over ssh too.
//! When that is told is not known here.

use lro::http::printable;

use super::known::Notice;
use super::{Between, Surroundings};
use crate::cli::args::Notify;
use crate::cli::paint::shortened;

const BELL: &str = "\u{7}";

/// How many columns of text are told; a desktop shows about as much.
const LONGEST: usize = 200;

/// What is written to a terminal so that it tells this; nothing where there is none. A terminal that is not known to show
/// notifications rings: somebody asked to be told.
pub(crate) fn sequence(asked: Notify, title: &str, body: &str, around: &Surroundings) -> String {
    if !around.is_terminal || asked == Notify::None {
        return String::new();
    }
    let notice = match asked {
        Notify::Desktop => around.known.map_or(Notice::Bell, |known| known.notice),
        Notify::Bell | Notify::None => Notice::Bell,
    };
    let (title, body) = (fit(title), fit(body));
    let shown = match notice {
        Notice::Bell => return BELL.to_owned(),
        Notice::Osc9 => format!("\u{1b}]9;{title}: {body}\u{1b}\\"),
        // Two parts of one notification, of which one more would replace this.
        Notice::Osc99 => {
            format!("\u{1b}]99;i=lro:d=0;{title}\u{1b}\\\u{1b}]99;i=lro:p=body;{body}\u{1b}\\")
        }
        Notice::Osc777 => format!("\u{1b}]777;notify;{title};{body}\u{1b}\\"),
    };
    match around.between {
        Between::Nothing => shown,
        // Whether it is handed on is not to be known; the bell is.
        Between::Tmux => around.between.passed(&shown) + BELL,
        Between::Screen => BELL.to_owned(),
    }
}

/// Text that ends no sequence and begins none, and has no mark between fields in it.
fn fit(text: &str) -> String {
    shortened(&printable(text), LONGEST, "…").replace(';', ",")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{lookup, terminal};
    use super::*;

    fn told(asked: Notify, variables: &[(&str, &str)]) -> String {
        sequence(asked, "lro: failed", "c/o; no \u{1b}]0;line\u{7}", &terminal(variables))
    }

    #[test]
    fn each_terminal_is_told_as_it_understands_it_and_rings_where_it_would_not() {
        let xterm = ("TERM", "xterm-256color");
        let ghostty = [xterm, ("TERM_PROGRAM", "ghostty")];
        let osc777 = "\u{1b}]777;notify;lro: failed;c/o, no ]0,line \u{1b}\\";
        for (asked, variables, expected) in [
            (Notify::None, &ghostty[..], ""),
            (Notify::Bell, &ghostty, "\u{7}"),
            (Notify::Desktop, &ghostty, osc777),
            (
                Notify::Desktop,
                &[xterm, ("TERM_PROGRAM", "iTerm.app")],
                "\u{1b}]9;lro: failed: c/o, no ]0,line \u{1b}\\",
            ),
            (
                Notify::Desktop,
                &[("TERM", "xterm-kitty")],
                "\u{1b}]99;i=lro:d=0;lro: failed\u{1b}\\\u{1b}]99;i=lro:p=body;c/o, no ]0,line \u{1b}\\",
            ),
            (Notify::Desktop, &[xterm], "\u{7}"),
            (Notify::Desktop, &[xterm, ("WT_SESSION", "1")], "\u{7}"),
            (Notify::Desktop, &[("TERM", "dumb"), ("TERM_PROGRAM", "ghostty")], "\u{7}"),
            (Notify::Desktop, &[("TERM", "screen"), ("TERM_PROGRAM", "ghostty")], "\u{7}"),
            (Notify::Desktop, &[("TERM", "tmux"), ("TERM_PROGRAM", "tmux")], "\u{7}"),
            (
                Notify::Desktop,
                &[("TERM", "tmux"), ("TMUX", "t"), ("LC_TERMINAL", "iTerm2")],
                "\u{1b}Ptmux;\u{1b}\u{1b}]9;lro: failed: c/o, no ]0,line \u{1b}\u{1b}\\\u{1b}\\\u{7}",
            ),
        ] {
            assert_eq!(told(asked, variables), expected, "{asked:?} {variables:?}");
        }
    }

    #[test]
    fn without_a_terminal_nothing_is_told() {
        let of = lookup(&[("TERM", "xterm-kitty")]);
        let around = Surroundings::of(false, true, false, &of);
        assert_eq!(sequence(Notify::Bell, "a", "b", &around), "");
        assert_eq!(sequence(Notify::Desktop, "a", "b", &around), "");
    }

    #[test]
    fn a_long_text_is_cut() {
        let long = "行".repeat(300);
        let told = sequence(Notify::Desktop, "lro", &long, &terminal(&[("TERM", "foot")]));
        assert_eq!(told, format!("\u{1b}]777;notify;lro;{}…\u{1b}\\", "行".repeat(99)));
    }
}
