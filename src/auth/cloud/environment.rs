//! The variables: what they say by themselves, and which blank of a cloud in a file they may fill.
//! Whether they are asked at all is not decided here.

use secrecy::ExposeSecret;

use super::key::{Key, PAIRS, ROWS, Topic};
use super::method::{Method, Plan};
use super::origin::Origin;
use super::place;
use super::settings::{Settings, Word, all_of};
use super::surroundings::Surroundings;
use crate::http::printable;

/// All that the variables say.
pub(super) fn read(around: &Surroundings) -> Settings {
    let is_single = |key: Key| !matches!(key, Key::AccessKeyId | Key::AccessKeySecret);
    let single = ROWS.iter().filter(|row| is_single(row.key)).filter_map(|row| {
        let word = row.variables.iter().find_map(|variable| word(around, variable))?;
        Some((Topic::Key(row.key), word))
    });
    let overrides = around.names().filter_map(|name| Some((Topic::of_variable(name)?, word(around, name)?)));
    let mut settings: Settings = single.chain(overrides).collect();
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
///
/// A cloud that is `implied`, which nobody named, gets none: a file that came with somebody's sources into the current
/// directory would send them where it likes.
pub(super) fn fill(
    settings: &Settings,
    plan: &Plan,
    around: &Surroundings,
    variables: &Settings,
    implied: Option<&str>,
    notes: &mut Vec<String>,
) -> Settings {
    let mut filled = settings.clone();
    let blank: Vec<Key> = plan.secrets.iter().copied().filter(|key| !settings.has(*key)).collect();
    let is_pair = plan.method == Method::AccessKey;
    // The token of a temporary key belongs to its secret.
    if is_pair && !blank.contains(&Key::AccessKeySecret) {
        return filled;
    }
    let strangers = strangers(settings, plan, variables);
    let reason = match implied {
        Some(name) => Some(format!("nobody named cloud `{}`", printable(name))),
        None if strangers.is_empty() => None,
        None => Some(format!("{} may be of somebody else", all_of(&strangers))),
    };
    if let Some(reason) = reason {
        let known = blank.iter().flat_map(|key| key.row().variables);
        let set: Vec<String> =
            known.filter(|name| around.get(name).is_some()).map(ToString::to_string).collect();
        let verb = if set.len() == 1 { "is" } else { "are" };
        if !set.is_empty() {
            notes.push(format!("{} {verb} not used: {reason}", all_of(&set)));
        }
    } else if is_pair {
        fill_secret_key(&mut filled, around, variables, notes);
    } else {
        for key in blank {
            if let Some(word) = variables.get(key) {
                filled.insert(key, word.clone());
            }
        }
    }
    filled
}

/// The variables that say that the others are about somebody else than these settings: of another identity service,
/// another user, or a domain that is another one when both say it in the same way.
fn strangers(settings: &Settings, plan: &Plan, variables: &Settings) -> Vec<String> {
    let elsewhere = variables.get(Key::AuthUrl).filter(|url| is_elsewhere(settings, url));
    let who = plan.who.iter().filter_map(|key| {
        let theirs = variables.get(*key)?;
        let is_same = settings.get(*key).is_some_and(|ours| is_same(ours, theirs));
        (!is_same).then_some(theirs)
    });
    let domain = user_domain(variables).into_iter().filter(|(is_id, theirs)| {
        let mut ours = user_domain(settings).into_iter().filter(|ours| ours.0 == *is_id);
        ours.any(|(_, ours)| !is_same(ours, theirs))
    });
    let words = elsewhere.into_iter().chain(who).chain(domain.map(|(_, word)| word));
    words.filter_map(variable).map(str::to_owned).collect()
}

/// Whether the identity service with this URL is not known to be the one of these settings.
fn is_elsewhere(settings: &Settings, url: &Word) -> bool {
    let mut theirs = settings.clone();
    theirs.insert(Key::AuthUrl, url.clone());
    match (place::identity_service(settings), place::identity_service(&theirs)) {
        (Some(ours), Some(theirs)) => ours != theirs,
        _ => true,
    }
}

/// What says the domain of the user, and whether by an id: what is said of the user, or else for all, or else by
/// default.
fn user_domain(settings: &Settings) -> Vec<(bool, &Word)> {
    const RANKS: [&[(bool, Key)]; 3] = [
        &[(false, Key::UserDomainName), (true, Key::UserDomainId)],
        &[(false, Key::DomainName), (true, Key::DomainId)],
        &[(true, Key::DefaultDomain)],
    ];
    let said = |rank: &&[(bool, Key)]| -> Vec<(bool, &Word)> {
        rank.iter().filter_map(|(is_id, key)| Some((*is_id, settings.get(*key)?))).collect()
    };
    RANKS.iter().map(said).find(|said| !said.is_empty()).unwrap_or_default()
}

fn is_same(ours: &Word, theirs: &Word) -> bool {
    match (&ours.text, &theirs.text) {
        (Some(ours), Some(theirs)) => ours.expose_secret() == theirs.expose_secret(),
        _ => false,
    }
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
        |name: &&&str| around.get(name).is_some() && !used.contains(&Origin::Variable(name.to_string()));
    known.filter(is_unused).map(|name| (*name).to_owned()).collect()
}

fn word(around: &Surroundings, name: &str) -> Option<Word> {
    let origin = Origin::Variable(name.to_owned());
    around.get(name).map(|variable| Word { text: variable.text().cloned(), origin })
}

fn variable(word: &Word) -> Option<&str> {
    match &word.origin {
        Origin::Variable(name) => Some(name),
        _ => None,
    }
}
