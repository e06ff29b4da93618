//! Which value of a flag counts: that of the place that counts for most, unless it gives way to what another flag says
//! in a place that counts for more. Pure: nothing is read here.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::{Arg, Command};

use super::file::Layer;
use super::flag::{self, Said};
use super::source::{Passed, Setting, Source};
use super::yields::{To, YIELDS};

/// What is typed for a verb, by the id of each argument.
pub(crate) type Typed = BTreeMap<String, Vec<OsString>>;

/// What is said of the flags of a verb by whoever does not type them.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// What counts, in the order of the flags.
    pub(crate) settings: Vec<Setting>,
    pub(crate) passed: Vec<Passed>,
    /// What cannot be used; among what counts it says nothing.
    pub(crate) unusable: Vec<Unusable>,
}

/// A value that cannot be one of the flag, from wherever it is.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unusable {
    pub(crate) long: String,
    pub(crate) source: Source,
    pub(crate) why: String,
}

/// What was said, and how much it counts: more than whatever has a smaller number.
struct Claim<'a> {
    arg: &'a Arg,
    level: usize,
    /// None for what is typed.
    setting: Option<Setting>,
    values: Vec<OsString>,
}

/// What counts for this verb, beside what is typed. The layers of a file are those that may count, first the one that
/// counts for least.
pub(crate) fn resolve(
    verb: &Command,
    typed: &Typed,
    variable: &dyn Fn(&str) -> Option<OsString>,
    layers: &[&Layer],
) -> Resolved {
    let mut unusable = Vec::new();
    let of_variables = layers.len();
    let mut claims: Vec<_> = verb
        .get_arguments()
        .filter_map(|arg| {
            let values = typed.get(arg.get_id().as_str())?.clone();
            Some(Claim { arg, level: of_variables + 1, setting: None, values })
        })
        .collect();
    for arg in flag::of_verb(verb).filter(|arg| !typed.contains_key(arg.get_id().as_str())) {
        if let Some((level, setting)) = said(arg, variable, layers, &mut unusable) {
            let values = match &setting.said {
                Said::Values(values) => values.clone(),
                Said::Nothing | Said::Alone(_) => Vec::new(),
            };
            claims.push(Claim { arg, level, setting: Some(setting), values });
        }
    }
    // Whoever has given way is nothing that others would give way to.
    claims.sort_by_key(|claim| std::cmp::Reverse(claim.level));
    let mut kept: Vec<Claim<'_>> = Vec::new();
    let mut passed = Vec::new();
    for claim in claims {
        match given_way(verb, &claim, &kept, variable, of_variables) {
            Some((setting, because)) => passed.push(Passed { setting: setting.clone(), because }),
            None => kept.push(claim),
        }
    }
    // What needs another flag may have come before it.
    let mut settings = Vec::new();
    for claim in &kept {
        match lacking(verb, claim, &kept) {
            Some((setting, because)) => passed.push(Passed { setting: setting.clone(), because }),
            None => settings.extend(claim.setting.clone()),
        }
    }
    let order: Vec<_> = flag::of_verb(verb).map(flag::long).collect();
    settings.sort_by_key(|setting| order.iter().position(|long| *long == setting.long));
    Resolved { settings, passed, unusable }
}

/// What the place that counts for most says of a flag, and how much it counts.
fn said(
    arg: &Arg,
    variable: &dyn Fn(&str) -> Option<OsString>,
    layers: &[&Layer],
    unusable: &mut Vec<Unusable>,
) -> Option<(usize, Setting)> {
    let long = flag::long(arg).to_owned();
    let name = flag::variable(&long);
    let (level, source, said) = if let Some(value) = variable(&name) {
        (layers.len(), Source::Variable(name), flag::of_variable(arg, value))
    } else {
        let entry = |(level, layer): (usize, &&Layer)| {
            let (source, raw) = layer.entry(&long)?;
            Some((level, source, flag::of_file(arg, raw)))
        };
        layers.iter().enumerate().rev().find_map(entry)?
    };
    let said = said.unwrap_or_else(|why| {
        unusable.push(Unusable { long: long.clone(), source: source.clone(), why });
        Said::Nothing
    });
    Some((level, Setting { long, short: arg.get_short(), said, source }))
}

/// The setting, if it gives way, and what it gives way to.
fn given_way<'a>(
    verb: &Command,
    claim: &'a Claim<'_>,
    kept: &[Claim<'_>],
    variable: &dyn Fn(&str) -> Option<OsString>,
    of_variables: usize,
) -> Option<(&'a Setting, String)> {
    let setting = claim.given()?;
    let is_more = |other: &&Claim<'_>| other.level > claim.level && other.is_given();
    let by_flag = kept.iter().filter(is_more).find(|other| {
        are_in_conflict(verb, claim.arg, other.arg) || rows(claim.arg).any(|to| other.is_meant_by(to))
    });
    let by_variable = || {
        rows(claim.arg).find_map(|to| match to {
            To::Variable(name) if claim.level < of_variables && variable(name).is_some() => {
                Some(format!("the variable {name}"))
            }
            _ => None,
        })
    };
    by_flag.map(Claim::name).or_else(by_variable).map(|because| (setting, because))
}

/// The setting, if it wants something beside it that is not there, and what.
fn lacking<'a>(verb: &Command, claim: &'a Claim<'_>, kept: &[Claim<'_>]) -> Option<(&'a Setting, String)> {
    let setting = claim.given()?;
    let is_there = |flag: &str| kept.iter().any(|other| flag::long(other.arg) == flag && other.is_given());
    rows(claim.arg).find_map(|to| match to {
        To::Without(of, flag) if *of == verb.get_name() && !is_there(flag) => {
            let because = format!("the absence of --{flag}, without which --{} says nothing", setting.long);
            Some((setting, because))
        }
        _ => None,
    })
}

/// What a flag gives way to, by the table.
fn rows(arg: &Arg) -> impl Iterator<Item = &'static To> {
    let long = flag::long(arg).to_owned();
    YIELDS.iter().filter(move |row| row.flags.contains(&&*long)).map(|row| &row.to)
}

/// Whether clap would refuse both together.
fn are_in_conflict(verb: &Command, a: &Arg, b: &Arg) -> bool {
    let names =
        |a: &Arg, b: &Arg| verb.get_arg_conflicts_with(a).iter().any(|arg| arg.get_id() == b.get_id());
    names(a, b) || names(b, a)
}

impl Claim<'_> {
    /// What is said by who does not type it, unless that is nothing.
    fn given(&self) -> Option<&Setting> {
        self.setting.as_ref().filter(|setting| setting.said != Said::Nothing)
    }

    fn is_given(&self) -> bool {
        self.setting.is_none() || self.given().is_some()
    }

    fn is_meant_by(&self, to: &To) -> bool {
        match to {
            To::Flag(flag) => flag::long(self.arg) == *flag,
            To::Value(flag, values) => {
                let is_one = |value: &OsString| values.iter().any(|one| value == one);
                flag::long(self.arg) == *flag && self.values.iter().any(is_one)
            }
            To::Variable(_) | To::Without(..) => false,
        }
    }

    /// What others give way to, in a word or two.
    fn name(&self) -> String {
        match (&self.setting, self.arg.get_long()) {
            (Some(setting), Some(long)) => format!("--{long} of {}", setting.source.in_words()),
            (None, Some(long)) => format!("--{long}"),
            _ => self.arg.get_id().as_str().to_ascii_uppercase(),
        }
    }
}
