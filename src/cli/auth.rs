//! `lro auth`: says who would ask, where, and how that was found; and asks the cloud, if it is to.
//! How it is found is known elsewhere.

use lro::http::HttpError;
use lro::operation::from_fn;
use lro::{Answer, PollError, plas};

use super::args::{AuthArgs, Output, Shape};
use super::connect::{self, Access, Who};
use super::exit::{Exit, http_error};
use super::failure::Failure;
use super::report::{self, Asker};
use super::{hint, once, preset};

pub(crate) async fn auth(args: AuthArgs, color: bool) -> Result<Exit, Failure> {
    let api = preset::find(&Shape { named: args.named, ..Shape::default() })?;
    let access = Access::find(&args.access, &api, None)?;
    for warning in access.warnings(&args.access.network) {
        report::say(&report::warning(&warning, color));
    }
    let mut told = Asker::of(&access);
    // A wait with this would not begin.
    let mut failure = match access.who {
        Who::Nobody | Who::Stranger => Some(nobody(&access)),
        Who::Token(..) | Who::Header(_) | Who::Cloud(_) => {
            access.placed().err().or_else(|| access.refused(&args.access.network))
        }
    };
    if args.check && failure.is_none() {
        let client = plas::Client::new(connect::client(&access, &args.access.network)?);
        let asked = client.clone();
        let check = from_fn(move || {
            let client = asked.clone();
            async move { client.check().await.map(Answer::succeeded) }
        });
        let once = once::ask(check, args.poll_timeout.0).await;
        let once = once.map_err(|error| Failure::of(Exit::Usage, &error))?;
        told.learn(client.http(), &access, once.outcome.is_ok());
        let is_asking = client.http().standing().is_asking;
        failure = once.outcome.err().map(|error| refusal(&error, &access, is_asking));
    }
    let exit = failure.as_ref().map_or(Exit::Succeeded, |failure| failure.exit);
    let text = match args.output {
        Output::Text => told.text(),
        Output::Json => told.json(),
        Output::None => String::new(),
    };
    report::print(text.as_bytes(), exit, color);
    if let Some(failure) = failure {
        failure.tell(color);
    }
    Ok(exit)
}

fn refusal(error: &PollError, access: &Access, is_asking: bool) -> Failure {
    // There is no operation that could be unknown.
    let exit = match Exit::of_poll_error(error) {
        Exit::NotFound => Exit::NoAnswer,
        exit => exit,
    };
    let failure = Failure::new(exit, "the cloud was asked, without success");
    match http_error(error) {
        // What it means for a wait is not what it means here.
        Some(cause @ HttpError::Status { .. }) if exit == Exit::NoAnswer => {
            let hint = "something else than the API may answer there: check the endpoint";
            failure.because(cause).note(access.asked_as()).hint(hint.to_owned())
        }
        Some(cause) => hint::of_poll_error(failure.because(cause), error, access, is_asking),
        None => hint::of_poll_error(failure.because(error), error, access, is_asking),
    }
}

fn nobody(access: &Access) -> Failure {
    Failure::usage("there is nobody to ask as").note(access.asked_as()).hint(
        "name a cloud of clouds.yaml with --os-cloud NAME, set LRO_TOKEN or the OS_* variables, or give --token-file \
         FILE or --token-command COMMAND"
            .to_owned(),
    )
}
