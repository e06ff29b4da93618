//! What to try after an end that is not a success, and what is known all the same.
//! Which exit code an end has is not known here.

mod way;

use std::error::Error;

use lro::auth::cloud::override_key;
use lro::auth::{AuthError, AuthErrorKind, KeystoneError};
use lro::http::{HttpError, LocationError, Status};
use lro::{PollError, PollErrorKind, WaitError};

use super::connect::{Access, Who};
use super::exit::{Exit, http_error};
use super::failure::Failure;
use super::report::Ended;

const WRONG_TOKEN: &str = "the token may be wrong, expired, or for another project; a password, an application \
                           credential, --token-file or --token-command get fresh ones";

const OPEN: &str = "it is open whether the server carried out the call";

const LOOK: &str = "look whether it was carried out before you send it again";

const WAY_TO_IDENTITY: &str =
    "check the URL of the identity service (auth_url) and the way there: network, proxy, firewall";

/// What is told of a wait that ended without success.
pub(crate) fn of_wait(error: &WaitError<Status>, ended: &Ended, exit: Exit, access: &Access) -> Failure {
    if let Some((poll_error, inner)) = ended.no_result() {
        let what = format!("operation {} succeeded; its result could not be fetched", ended.id);
        let end = match error {
            WaitError::TimedOut { .. } => Some("gave up fetching it: the limit of the wait comes first"),
            WaitError::Interrupted(_) => Some("fetching it was interrupted"),
            _ => None,
        };
        let failure = Failure::new(exit, what).because(inner);
        let failure = failure.note(end.map(str::to_owned)).note(ended.effort());
        return of_poll_error(failure, poll_error, access, ended.is_asking);
    }
    let failure = Failure::of(exit, error);
    match error {
        WaitError::Failed(_) | WaitError::Cancelled(_) => failure.note(ended.effort()),
        WaitError::Blocked(_) => again(
            failure.note(ended.effort()),
            "once somebody has acted, to wait for it again",
            ended,
            access,
        ),
        WaitError::TimedOut { .. } | WaitError::Interrupted(_) => {
            let silence = if ended.is_asking { silence(access) } else { None };
            let failure = failure.note(ended.last_known()).note(ended.last_error()).note(silence);
            if ended.is_open {
                failure.note(OPEN.to_owned()).hint(LOOK.to_owned())
            } else if ended.is_submitted && ended.answer.is_none() {
                failure.note("the call has not reached the server, so nothing was started".to_owned())
            } else {
                again(failure, "the operation may still be running; to wait for it again", ended, access)
            }
        }
        WaitError::Poll { source, .. } if ended.is_submitted && ended.answer.is_none() => {
            of_start(source, ended, exit, access)
        }
        WaitError::Poll { source, .. } => {
            let failure = of_poll_error(failure.note(ended.last_known()), source, access, ended.is_asking);
            // Whoever only sent a call does not know where its operation is.
            if ended.is_submitted { again(failure, "to wait for it again", ended, access) } else { failure }
        }
        WaitError::Policy(_) => failure,
    }
}

/// What is told of those of several operations that have not ended: the first of them by name, and how to go on.
pub(crate) fn of_unfinished(failure: Failure, first: &[Ended], count: usize, access: &Access) -> Failure {
    let known = |ended: &Ended| {
        let error = ended.last_error().map(|error| format!("; {error}")).unwrap_or_default();
        format!("{}: {}{error}", ended.id, ended.known())
    };
    let failure = first.iter().map(known).fold(failure, Failure::note);
    let more = count - first.len();
    let command = if more == 0 { access.again(first) } else { None };
    failure.note((more > 0).then(|| format!("and {more} more"))).also(
        if count == 1 {
            "the operation may still be running; to wait for it again"
        } else {
            "the operations may still be running; to wait for them again"
        },
        command,
        "give the same ones: what is done is told at once",
    )
}

/// What to type to wait for the same operation again.
fn again(failure: Failure, what: &str, ended: &Ended, access: &Access) -> Failure {
    let otherwise = match &ended.url {
        Some(url) if ended.is_submitted => format!("give lro wait the same flags and {url}"),
        _ => "give the same arguments".to_owned(),
    };
    failure.also(what, access.again(std::slice::from_ref(ended)), &otherwise)
}

/// What is told of a call that started nothing, or nothing that can be waited for.
fn of_start(error: &PollError, ended: &Ended, exit: Exit, access: &Access) -> Failure {
    let cause = error.source().unwrap_or(error);
    let failure = Failure::new(exit, format!("{}: {cause}", ended.id));
    let failure = cause.source().into_iter().fold(failure, Failure::because);
    let failure = match http_error(error) {
        // These say themselves what became of it.
        Some(HttpError::Open(_) | HttpError::NoHandle { .. } | HttpError::Misled(_)) => failure,
        _ if ended.is_open => failure.note(ended.effort()).note(OPEN.to_owned()),
        _ => failure.note(ended.effort()),
    };
    of_poll_error(failure, error, access, ended.is_asking)
}

/// What is known, and what to try, after a poll that brought no usable answer. `is_asking`: whoever gives
/// credentials was asked and has not answered.
pub(crate) fn of_poll_error(
    failure: Failure,
    error: &PollError,
    access: &Access,
    is_asking: bool,
) -> Failure {
    let is_refused = matches!(http_error(error), Some(HttpError::Refused(_)));
    let http = match http_error(error) {
        Some(HttpError::NoResult(inner) | HttpError::Refused(inner)) => Some(&**inner),
        http => http,
    };
    let hint = match (http, error.kind()) {
        (None, _) if is_asking => return of_silence(failure, access),
        (Some(HttpError::Credentials(error) | HttpError::Renewal(error)), _) => {
            return of_credentials(failure, error, access);
        }
        (Some(HttpError::Nowhere(_)), _) => {
            let key = override_key(&access.service);
            return failure
                .note(access.asked_as())
                .hint(format!("give --endpoint URL, or {key} in clouds.yaml"));
        }
        (Some(HttpError::Open(_)), _) => {
            "look whether it was carried out before you send it again; --retry-submit is for an API that tolerates a \
             call twice"
        }
        (Some(HttpError::NoHandle { .. }), _) => {
            "the operation may be running: look for it before you send the call again. How an API names its operations \
             is for --preset to say, and lro presets lists those that know it"
        }
        (Some(HttpError::Misled(LocationError::Unencrypted { .. })), _) => {
            "the server should lead to https://; without --require-https it is asked all the same"
        }
        (Some(HttpError::Misled(_)), _) => {
            "if that is the right place, say so with --allow-host HOST; it is asked there without credentials"
        }
        (_, PollErrorKind::Denied) => return of_denial(failure, access),
        (_, PollErrorKind::NotFound | PollErrorKind::Gone) => {
            "check the operation and the endpoint; an operation that was just started may not be known everywhere yet"
        }
        (Some(HttpError::Redirect { .. }), _) if is_refused => "if that is the right place, send it there",
        (Some(HttpError::Redirect { .. }), _) => {
            "if that is the right place, ask there: give its URL as OPERATION, or its origin as --endpoint"
        }
        (Some(HttpError::Undecodable { .. } | HttpError::TooLong { .. }), _) => {
            "something else than the API may answer there: check the endpoint"
        }
        (Some(error), _) => match way::hint(error) {
            Some(hint) => hint,
            None => return failure,
        },
        _ => return failure,
    };
    failure.hint(hint.to_owned())
}

/// After a request that was sent and not allowed.
fn of_denial(failure: Failure, access: &Access) -> Failure {
    let failure = failure.note(access.asked_as()).note(way::of_denial(&access.place()));
    let hint = match &access.who {
        Who::Nobody => {
            "no credentials were sent: name a cloud with --os-cloud, set LRO_TOKEN or the OS_* variables, or give \
             --token-file FILE or --token-command COMMAND; lro auth says what is found"
        }
        Who::Stranger => {
            "it is not at the endpoint, so no credentials were sent: ask for it with an lro of its own"
        }
        Who::Token(..) | Who::Header(_) => WRONG_TOKEN,
        Who::Cloud(credentials) if credentials.method() == "token" => WRONG_TOKEN,
        Who::Cloud(credentials) if credentials.method() == "access key" => {
            "check the key, its secret and the project id; the API may also want the other form of a signature \
             (--signature), which is not tried by itself, because a key is locked after a few failures"
        }
        Who::Cloud(_) => {
            "the identity may lack a role, or work in another project or region; lro auth says where each is from"
        }
    };
    failure.hint(hint.to_owned())
}

/// When whoever gives credentials has not answered in time.
fn of_silence(failure: Failure, access: &Access) -> Failure {
    let hint = matches!(access.who, Who::Cloud(_)).then(|| WAY_TO_IDENTITY.to_owned());
    failure.note(silence(access)).note(access.asked_as()).hint(hint)
}

/// Who has not answered.
fn silence(access: &Access) -> Option<String> {
    match &access.who {
        Who::Cloud(credentials) => {
            credentials.auth_url().map(|url| format!("the identity service {url} has not answered"))
        }
        Who::Token(_, from) => Some(format!("{from} has not given a token")),
        Who::Nobody | Who::Stranger | Who::Header(_) => None,
    }
}

/// When there was nothing to ask with, from the beginning or any more.
fn of_credentials(failure: Failure, error: &AuthError, access: &Access) -> Failure {
    let second_factor = error
        .get_ref()
        .downcast_ref()
        .is_some_and(|error| matches!(error, KeystoneError::SecondFactor { .. }));
    let hint = match (&access.who, error.kind()) {
        (Who::Cloud(_), _) if second_factor => {
            "name the cloud with --os-cloud, and give the one-time passcode in the variable OS_PASSCODE"
        }
        (Who::Cloud(_), AuthErrorKind::Denied) => {
            "check who asks, and the secret; it was asked once only, because accounts are locked after a few \
             failures. lro auth says where each part is from"
        }
        (Who::Cloud(_), AuthErrorKind::Transient | AuthErrorKind::Permanent) => {
            way::of(error.get_ref()).unwrap_or(WAY_TO_IDENTITY)
        }
        _ => return failure,
    };
    failure.note(access.asked_as()).hint(hint.to_owned())
}
