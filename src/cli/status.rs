//! `lro status`: asks once how an operation stands.
//! It is a wait that is left after its first answer.

use std::time::Duration;

use lro::{EventKind, wait_for_completion};

use super::args::{Output, OutputOfWait, StatusArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::report::{self, Ended};
use super::{connect, hint};

pub(crate) async fn status(args: StatusArgs, color: bool) -> Result<Exit, Failure> {
    let (operation, has_token) = connect::operation(&args.at)?;
    let operation = operation.require_result(args.require_result);
    if args.at.network.insecure && !args.quiet {
        report::warn_of_insecure(color);
    }
    let asked = operation.clone();
    let mut ended = Ended {
        outcome: "error",
        id: operation.reference().to_string(),
        url: operation.url(),
        answer: None,
        last_error: None,
        polls: 1,
        transient_errors: 0,
        elapsed: Duration::ZERO,
    };
    let wait = wait_for_completion(operation).poll_timeout(args.poll_timeout.0).without_timeout();
    let mut events = wait.events();
    let exit = loop {
        let Some(event) = events.next().await else {
            unreachable!("the last event of a wait is its outcome")
        };
        ended.elapsed = event.elapsed;
        ended.url = asked.url();
        match event.kind {
            EventKind::Answered { answer, .. } => {
                ended.outcome = answer.verdict.as_str();
                let exit = Exit::of_verdict(answer.verdict);
                ended.answer = Some(answer);
                break exit;
            }
            EventKind::Erred { error, .. } => {
                let exit = Exit::of_poll_error(&error);
                let what = format!("the state of operation {} could not be learned", ended.id);
                Failure::new(exit, what)
                    .because(&*error)
                    .hint(hint::of_poll_error(&error, has_token))
                    .tell(color);
                ended.transient_errors = u32::from(error.kind() == lro::PollErrorKind::Transient);
                ended.last_error = Some(error);
                break exit;
            }
            EventKind::Finished(Err(error)) => return Err(Failure::of(Exit::Usage, &error)),
            _ => {}
        }
    };
    let output = match args.output {
        Output::Text => OutputOfWait::Text,
        Output::Json => OutputOfWait::Json,
        Output::None => OutputOfWait::None,
    };
    report::print_end(&ended, output, exit, color);
    Ok(exit)
}
