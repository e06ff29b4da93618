//! What to try after an end that is not a success, and what is known all the same.
//! Which exit code an end has is not known here.

use lro::auth::cloud::override_key;
use lro::auth::{AuthError, AuthErrorKind, KeystoneError};
use lro::http::HttpError;
use lro::http::Status;
use lro::{PollError, PollErrorKind, WaitError};

use super::connect::{Access, Who};
use super::exit::{Exit, http_error};
use super::failure::Failure;
use super::report::Ended;

const WRONG_TOKEN: &str = "the token may be wrong, expired, or for another project; a password, an application \
                           credential, --token-file or --token-command get fresh ones";

const OPEN: &str = "it is open whether the server carried out the call";

const LOOK: &str = "look whether it was carried out before you send it again; --retry-submit is for an API that \
                    tolerates a call twice";

const WAY_TO_IDENTITY: &str =
    "check the URL of the identity service (auth_url) and the way there: network, proxy, firewall";

/// What is told of a wait that ended without success.
pub(crate) fn of_wait(error: &WaitError<Status>, ended: &Ended, exit: Exit, access: &Access) -> Failure {
    let failure = Failure::of(exit, error);
    match error {
        WaitError::Failed(_) | WaitError::Cancelled(_) => failure.note(ended.effort()),
        WaitError::Blocked(_) => {
            again(failure.note(ended.effort()), "once somebody has acted, wait for it again", ended, access)
        }
        WaitError::TimedOut { .. } | WaitError::Interrupted(_) => {
            let silence = if ended.is_asking { silence(access) } else { None };
            let failure = failure.note(ended.last_known()).note(ended.last_error()).note(silence);
            if ended.is_open {
                return failure.note(OPEN.to_owned()).hint(LOOK.to_owned());
            }
            again(failure, "the operation may still be running; to wait for it again", ended, access)
        }
        WaitError::Poll { source, .. } if is_about_start(source) => {
            let what = http_error(source).map(ToString::to_string).unwrap_or_default();
            let failure = Failure::new(exit, format!("{}: {what}", ended.id));
            let cause = http_error(source).and_then(std::error::Error::source);
            let failure = cause.into_iter().fold(failure, Failure::because);
            of_poll_error(failure.note(ended.effort()), source, access, ended.is_asking)
        }
        WaitError::Poll { source, .. } => {
            of_poll_error(failure.note(ended.last_known()), source, access, ended.is_asking)
        }
        WaitError::Policy(_) => failure,
    }
}

/// With a hint that ends in the command to wait for the same operation again, if it can be told.
fn again(failure: Failure, hint: &str, ended: &Ended, access: &Access) -> Failure {
    match access.again(ended) {
        Some(command) => failure.hint(format!("{hint}:")).command(command),
        None => failure.hint(format!("{hint}, give the same arguments")),
    }
}

/// Whether it is the call that was to start an operation that came to nothing.
fn is_about_start(error: &PollError) -> bool {
    matches!(http_error(error), Some(HttpError::Refused(_) | HttpError::Open(_) | HttpError::NoHandle))
}

/// What is known, and what to try, after a poll that brought no usable answer. `is_asking`: whoever gives
/// credentials was asked and has not answered.
pub(crate) fn of_poll_error(
    failure: Failure,
    error: &PollError,
    access: &Access,
    is_asking: bool,
) -> Failure {
    let hint = match (http_error(error), error.kind()) {
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
        (Some(HttpError::Open(_)), _) => LOOK,
        (Some(HttpError::NoHandle), _) => {
            "name the API with --preset: lro presets lists those that say how their calls start"
        }
        (Some(HttpError::Misled(_)), _) => {
            "if that is the right place, say so with --allow-host HOST; it is asked there without credentials"
        }
        (_, PollErrorKind::Denied) => return of_denial(failure, access),
        (_, PollErrorKind::NotFound | PollErrorKind::Gone) => {
            "check the operation and the endpoint; an operation that was just started may not be known everywhere yet"
        }
        (Some(HttpError::Certificate { .. }), _) => {
            "--cacert FILE trusts the certificates of a private authority too"
        }
        (Some(HttpError::Redirect { .. }), _) => {
            "if that is the right place, ask there: give its URL as OPERATION, or its origin as --endpoint"
        }
        (Some(HttpError::Transport { .. }), _) => {
            "check the endpoint and the way there: network, proxy, firewall"
        }
        (Some(HttpError::Undecodable { .. } | HttpError::TooLong { .. }), _) => {
            "something else than the API may answer there: check the endpoint"
        }
        _ => return failure,
    };
    failure.hint(hint.to_owned())
}

/// After a request that was sent and not allowed.
fn of_denial(failure: Failure, access: &Access) -> Failure {
    let failure = failure.note(access.asked_as());
    let hint = match &access.who {
        Who::Nobody => {
            "no credentials were sent: name a cloud with --os-cloud, set LRO_TOKEN or the OS_* variables, or give \
             --token-file FILE or --token-command COMMAND; lro auth says what is found"
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
        Who::Nobody | Who::Header(_) => None,
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
        (Who::Cloud(_), AuthErrorKind::Transient | AuthErrorKind::Permanent) => WAY_TO_IDENTITY,
        _ => return failure,
    };
    failure.note(access.asked_as()).hint(hint.to_owned())
}
