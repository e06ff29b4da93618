//! Progress that the terminal itself shows, on its tab or in the task bar: the sequence OSC 9;4 of `ConEmu`.
//! When it is sent, and whether the terminal knows it, is not known here.

/// How far it is, as such a terminal shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gauge {
    pub(crate) tone: Tone,
    /// How far it is, where that is known.
    pub(crate) percent: Option<u8>,
}

/// How it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// It goes on.
    Well,
    /// It goes on, and there is no answer, or a person has to act.
    Warning,
    /// It failed, or one of many did.
    Failed,
}

/// Nothing is shown any more.
pub(crate) const REMOVED: &str = "\u{1b}]9;4;0;\u{1b}\\";

impl Gauge {
    pub(crate) fn new(tone: Tone, percent: Option<f64>) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 100")]
        let percent =
            percent.filter(|percent| !percent.is_nan()).map(|percent| percent.clamp(0.0, 100.0) as u8);
        Self { tone, percent }
    }

    /// As the terminal is told. Some want no other end of it than this one. What is wrong is shown in full where it is
    /// not known how far it is, because of nothing nothing would be seen.
    pub(crate) fn sequence(self) -> String {
        let (state, percent) = match (self.tone, self.percent) {
            (Tone::Well, None) => (3, String::new()),
            (Tone::Well, Some(percent)) => (1, percent.to_string()),
            (Tone::Failed, percent) => (2, percent.unwrap_or(100).max(1).to_string()),
            (Tone::Warning, percent) => (4, percent.unwrap_or(100).max(1).to_string()),
        };
        format!("\u{1b}]9;4;{state};{percent}\u{1b}\\")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_state_has_its_number_and_a_percentage_is_a_whole_one() {
        for (tone, percent, expected) in [
            (Tone::Well, None, "\u{1b}]9;4;3;\u{1b}\\"),
            (Tone::Well, Some(0.0), "\u{1b}]9;4;1;0\u{1b}\\"),
            (Tone::Well, Some(41.9), "\u{1b}]9;4;1;41\u{1b}\\"),
            (Tone::Well, Some(250.0), "\u{1b}]9;4;1;100\u{1b}\\"),
            (Tone::Well, Some(-3.0), "\u{1b}]9;4;1;0\u{1b}\\"),
            (Tone::Well, Some(f64::NAN), "\u{1b}]9;4;3;\u{1b}\\"),
            (Tone::Failed, Some(40.0), "\u{1b}]9;4;2;40\u{1b}\\"),
            (Tone::Failed, None, "\u{1b}]9;4;2;100\u{1b}\\"),
            (Tone::Warning, Some(0.0), "\u{1b}]9;4;4;1\u{1b}\\"),
            (Tone::Warning, None, "\u{1b}]9;4;4;100\u{1b}\\"),
        ] {
            assert_eq!(Gauge::new(tone, percent).sequence(), expected, "{tone:?} {percent:?}");
        }
    }
}
