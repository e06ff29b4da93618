//! Which profile counts, who says so, and what is told of one that nobody has written.
//! What it says is not known here.

use std::ffi::OsString;

use super::file::File;
use super::flag;
use super::place::{Place, VARIABLE};
use crate::cli::failure::Failure;
use crate::cli::near::near;

/// The profile that counts when nobody names one, if there is one of this name.
const DEFAULT: &str = "default";

/// The profile that counts, and who says so. Without a name there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Chosen {
    pub(crate) name: Option<String>,
    pub(crate) by: By,
}

/// Who names a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    Flag,
    Variable,
    Nobody,
}

impl Chosen {
    /// None at all.
    pub(crate) fn none() -> Self {
        Self { name: None, by: By::Nobody }
    }

    /// The one that is typed, else that of the variable, else the usual one. An empty name stands for none.
    pub(super) fn of(
        typed: Option<String>,
        variable: Option<OsString>,
        file: Option<&File>,
    ) -> Result<Self, Failure> {
        let some = |name: String| Some(name).filter(|name| !name.is_empty());
        Ok(match (typed, variable) {
            (Some(name), _) => Self { name: some(name), by: By::Flag },
            (None, Some(name)) => {
                let name = name.into_string().map_err(|_| {
                    let variable = flag::variable("profile");
                    Failure::usage(format!("the variable {variable} cannot be used: it is not text"))
                })?;
                Self { name: some(name), by: By::Variable }
            }
            (None, None) => {
                let is_there = file.is_some_and(|file| file.profiles().contains(DEFAULT));
                Self { name: is_there.then(|| DEFAULT.to_owned()), by: By::Nobody }
            }
        })
    }

    /// Refuses one that does not stand in the file.
    pub(crate) fn check(&self, place: &Place, file: Option<&File>) -> Result<(), Failure> {
        let Some(name) = self.name.as_deref() else { return Ok(()) };
        if file.is_some_and(|file| file.profiles().contains(name)) {
            return Ok(());
        }
        let failure = Failure::usage(format!("there is no profile `{name}`"));
        let failure = failure.note(match self.by {
            By::Variable => Some("the name is that of the variable LRO_PROFILE".to_owned()),
            By::Flag | By::Nobody => None,
        });
        let profiles: Vec<String> = file.iter().flat_map(|file| file.profiles().iter().cloned()).collect();
        Err(match (file, place.path()) {
            (Some(file), _) if profiles.is_empty() => {
                failure.caused_by(format!("there is no table [profile.NAME] in `{}`", file.path.display()))
            }
            (Some(file), _) => {
                let near = near(name, profiles.iter().cloned());
                let perhaps = (!near.is_empty()).then(|| format!("perhaps {}", near.join(", ")));
                failure
                    .caused_by(format!(
                        "the profiles in `{}` are {}",
                        file.path.display(),
                        profiles.join(", ")
                    ))
                    .hint(perhaps)
            }
            (None, Some(path)) => failure.caused_by(format!("there is no file `{}`", path.display())),
            (None, None) if *place == Place::Off => {
                failure.caused_by(format!("the variable {VARIABLE} says that there is no configuration file"))
            }
            (None, None) => failure
                .caused_by("there is no home folder to look for a configuration file in")
                .hint(format!("set HOME, or {VARIABLE} to the file")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_without_a_file_is_told_with_why_there_is_none() {
        let chosen = Chosen { name: Some("x".to_owned()), by: By::Flag };
        for (place, told) in [
            (Place::Off, "the variable LRO_CONFIG says that there is no configuration file"),
            (Place::Homeless, "there is no home folder to look for a configuration file in"),
            (Place::Usual("/c".into()), "there is no file `/c`"),
        ] {
            let failure = chosen.check(&place, None).expect_err("there is no file");
            assert_eq!(failure.cause(), told);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_no_text_is_refused_unless_a_profile_is_typed() {
        use std::os::unix::ffi::OsStringExt;

        let variable = || Some(OsString::from_vec(vec![0xff]));
        let wrong = Chosen::of(None, variable(), None).expect_err("no text");
        assert!(wrong.mentions("the variable LRO_PROFILE cannot be used: it is not text"), "{wrong:?}");
        let typed = Chosen::of(Some("x".to_owned()), variable(), None).expect("the one that is typed");
        assert_eq!(typed, Chosen { name: Some("x".to_owned()), by: By::Flag });
    }
}
