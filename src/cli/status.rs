//! `lro status`: asks once how operations stand.
//! What an answer means is the library's to say.

use std::collections::HashSet;
use std::time::Duration;

use lro::http::{Operation, Status};

use super::args::{Output, OutputOfWait, StatusArgs};
use super::connect::Access;
use super::exit::Exit;
use super::failure::Failure;
use super::once::{self, Once};
use super::report::{self, Ended};
use super::tally::Tally;
use super::{connect, hint};

pub(crate) async fn status(args: StatusArgs, color: bool) -> Result<Exit, Failure> {
    let (operations, access) = connect::operations(&args.at, args.many.skip_invalid, false)?;
    if !args.quiet {
        report::introduce(&access, &args.at.access.network, color);
        operations.tell(color);
    }
    let operations = operations.listed.into_iter();
    let operations: Vec<_> =
        operations.map(|operation| operation.require_result(args.require_result)).collect();
    let (asked, elapsed) = ask(&operations, &args).await?;
    let stranger = access.stranger();
    let mut hints = HashSet::new();
    let (mut ends, mut tally) = (Vec::new(), Tally::default());
    for (operation, once) in operations.iter().zip(asked) {
        let (ended, exit) = ended(operation, once);
        let is_elsewhere = access.is_elsewhere(ended.endpoint.as_ref());
        if let Some(failure) = failure(&ended, exit, if is_elsewhere { &stranger } else { &access }) {
            failure.with_new_hint(&mut hints).tell(color);
        }
        tally.add(ended.outcome, exit);
        ends.push(ended);
    }
    let output = match args.output {
        Output::Text => OutputOfWait::Text,
        Output::Json => OutputOfWait::Json,
        Output::None => OutputOfWait::None,
    };
    let (outcome, exit) = tally.worst().unwrap_or_else(|| unreachable!("there is an operation"));
    report::print_ends(&ends, outcome, elapsed, output, exit, color);
    Ok(exit)
}

/// What came of asking each, and how long it took in all.
async fn ask(operations: &[Operation], args: &StatusArgs) -> Result<(Vec<Once<Status>>, Duration), Failure> {
    let asked = match operations {
        [operation] => once::ask(operation.clone(), args.poll_timeout.0).await.map(|once| {
            let elapsed = once.elapsed;
            (vec![once], elapsed)
        }),
        _ => once::ask_all(operations.iter().cloned(), args.poll_timeout.0, &args.many).await,
    };
    asked.map_err(|error| Failure::of(Exit::Usage, &error))
}

/// What is known of an operation that was asked once, and the exit code if it is the only one.
fn ended(operation: &Operation, once: Once<Status>) -> (Ended, Exit) {
    let mut ended = Ended {
        outcome: "error",
        id: lro::Operation::id(operation).into_owned(),
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
            ended.transient_errors = u32::from(error.kind() == lro::PollErrorKind::Transient);
            ended.last_error = Some(error);
            exit
        }
    };
    (ended, exit)
}

/// What is told of an operation whose state could not be learned.
fn failure(ended: &Ended, exit: Exit, access: &Access) -> Option<Failure> {
    let error = ended.last_error.as_ref()?;
    let what = format!("the state of operation {} could not be learned", ended.id);
    Some(hint::of_poll_error(Failure::new(exit, what).because(&**error), error, access, ended.is_asking))
}
