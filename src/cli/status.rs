//! `lro status`: asks once how an operation stands.
//! What an answer means is the library's to say.

use super::args::{Output, OutputOfWait, StatusArgs};
use super::exit::Exit;
use super::failure::Failure;
use super::report::{self, Ended};
use super::{connect, hint, once};

pub(crate) async fn status(args: StatusArgs, color: bool) -> Result<Exit, Failure> {
    let (mut operations, access) = connect::operations(&args.at, args.many.skip_invalid, false)?;
    if !args.quiet {
        operations.tell(color);
    }
    let operation = match operations.listed.pop() {
        Some(operation) if operations.listed.is_empty() => operation,
        _ => return Err(Failure::usage("lro asks for one operation")),
    };
    let operation = operation.require_result(args.require_result);
    if !args.quiet {
        report::introduce(&access, &args.at.access.network, color);
    }
    let id = lro::Operation::id(&operation).into_owned();
    let asked = once::ask(operation.clone(), args.poll_timeout.0).await;
    let once = asked.map_err(|error| Failure::of(Exit::Usage, &error))?;
    let mut ended = Ended {
        outcome: "error",
        id,
        url: operation.url(),
        answer: None,
        last_error: None,
        polls: 1,
        transient_errors: 0,
        elapsed: once.elapsed,
        is_open: false,
        is_submitted: false,
        endpoint: operation.http().endpoint().cloned(),
        is_asking: operation.http().standing().is_asking,
    };
    let exit = match once.outcome {
        Ok(answer) => {
            let exit = Exit::of_verdict(answer.verdict);
            ended.outcome = answer.verdict.as_str();
            ended.answer = Some(answer);
            exit
        }
        Err(error) => {
            let exit = Exit::of_poll_error(&error);
            let what = format!("the state of operation {} could not be learned", ended.id);
            hint::of_poll_error(Failure::new(exit, what).because(&*error), &error, &access, ended.is_asking)
                .tell(color);
            ended.transient_errors = u32::from(error.kind() == lro::PollErrorKind::Transient);
            ended.last_error = Some(error);
            exit
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
