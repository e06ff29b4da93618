//! The variables: what they say by themselves, and which blank of a cloud in a file they may fill.
//! Whether they are asked at all is not decided here.

use secrecy::ExposeSecret;

use super::key::{Key, PAIRS, ROWS};
use super::method::{Method, Plan};
use super::origin::Origin;
use super::settings::{Settings, Word, all_of};
use super::surroundings::Surroundings;

/// All that the variables say.
pub(super) fn read(around: &Surroundings) -> Settings {
    let is_single = |key: Key| !matches!(key, Key::AccessKeyId | Key::AccessKeySecret);
    let single = ROWS.iter().filter(|row| is_single(row.key)).filter_map(|row| {
        let word = row.variables.iter().find_map(|variable| word(around, variable))?;
        Some((row.key, word))
    });
    let mut settings: Settings = single.collect();
    let is_set = |name: &str| around.get(name).is_some();
    let whole = PAIRS.iter().find(|pair| pair.iter().all(|name| is_set(name)));
    let begun = || PAIRS.iter().find(|[key, _]| is_set(key));
    if let Some([key, secret]) = whole.or_else(begun) {
        for (key, variable) in [(Key::AccessKeyId, key), (Key::AccessKeySecret, secret)] {
            if let Some(word) = word(around, variable) {
                settings.insert(key, word);
            }
        }
    }
    settings
}

/// The same settings of a file with the secrets of this way of asking that they do not have, as far as the variables
/// are about nobody else. What was passed over for that reason is written down.
pub(super) fn fill(
    settings: &Settings,
    plan: &Plan,
    around: &Surroundings,
    variables: &Settings,
    notes: &mut Vec<String>,
) -> Settings {
    let mut filled = settings.clone();
    let blank: Vec<Key> = plan.secrets.iter().copied().filter(|key| !settings.has(*key)).collect();
    if plan.method == Method::AccessKey {
        if blank.contains(&Key::AccessKeySecret) {
            fill_secret_key(&mut filled, around, variables, notes);
        }
        return filled;
    }
    let found: Vec<(Key, &Word)> =
        blank.iter().filter_map(|key| Some((*key, variables.get(*key)?))).collect();
    let strangers = strangers(settings, plan, variables);
    if strangers.is_empty() {
        for (key, word) in found {
            filled.insert(key, word.clone());
        }
    } else if !found.is_empty() {
        let names: Vec<String> =
            found.iter().filter_map(|(_, word)| variable(word)).map(str::to_owned).collect();
        notes.push(format!("{} is not used: {} may be of somebody else", all_of(&names), all_of(&strangers)));
    }
    filled
}

/// The variables that say that the others are about somebody else than these settings.
fn strangers(settings: &Settings, plan: &Plan, variables: &Settings) -> Vec<String> {
    let is_stranger = |key: &Key, must_be_known: bool| {
        let theirs = variables.get(*key)?;
        let is_same = match (settings.get(*key), &theirs.text) {
            (Some(Word { text: Some(ours), .. }), Some(theirs)) => {
                ours.expose_secret() == theirs.expose_secret()
            }
            (Some(_), _) => false,
            (None, _) => !must_be_known,
        };
        if is_same { None } else { variable(theirs).map(str::to_owned) }
    };
    let who = plan.who.iter().filter_map(|key| is_stranger(key, true));
    let domain = plan.domain.iter().filter_map(|key| is_stranger(key, false));
    who.chain(domain).collect()
}

/// Adds the secret of the access key of these settings: of a pair without a key, or with the same one. The token of a
/// temporary key belongs to its secret.
fn fill_secret_key(
    settings: &mut Settings,
    around: &Surroundings,
    variables: &Settings,
    notes: &mut Vec<String>,
) {
    let ours = settings.get(Key::AccessKeyId).and_then(|word| word.text.clone());
    for [key, secret] in PAIRS {
        let Some(word) = word(around, secret) else { continue };
        let is_same = around.get(key).is_none_or(|theirs| match (theirs.text(), &ours) {
            (Some(theirs), Some(ours)) => theirs.expose_secret() == ours.expose_secret(),
            _ => false,
        });
        if !is_same {
            notes.push(format!("{secret} is not used: {key} may be of somebody else"));
            continue;
        }
        settings.insert(Key::AccessKeySecret, word);
        if let (false, Some(token)) = (settings.has(Key::SecurityToken), variables.get(Key::SecurityToken)) {
            settings.insert(Key::SecurityToken, token.clone());
        }
        return;
    }
}

/// The variables that are set and have a meaning, but are not used by these settings.
pub(super) fn unused(around: &Surroundings, used: &[Origin]) -> Vec<String> {
    let known = ROWS.iter().flat_map(|row| row.variables);
    let is_unused =
        |name: &&&'static str| around.get(name).is_some() && !used.contains(&Origin::Variable(name));
    known.filter(is_unused).map(|name| (*name).to_owned()).collect()
}

fn word(around: &Surroundings, name: &'static str) -> Option<Word> {
    around.get(name).map(|variable| Word { text: variable.text().cloned(), origin: Origin::Variable(name) })
}

fn variable(word: &Word) -> Option<&'static str> {
    match word.origin {
        Origin::Variable(name) => Some(name),
        _ => None,
    }
}
