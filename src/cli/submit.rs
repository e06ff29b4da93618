//! `lro submit`: sends the call that starts an operation, then waits for it as `lro wait` does.
//! What may be sent twice is the library's to say.

use std::io::Read;

use lro::http::{Operation, Start};

use super::args::{OutputOfWait, SubmitArgs};
use super::chronicle::Chronicle;
use super::connect;
use super::exit::Exit;
use super::failure::Failure;
use super::file;
use super::wait::{self, Plan};

/// How long the body of a call may be.
const LONGEST_MIB: u64 = 16;

pub(crate) async fn submit(args: SubmitArgs, color: bool) -> Result<Exit, Failure> {
    let plan = Plan::of(&args.manner)?;
    let chronicle = Chronicle::of(&args.manner.told, color)?;
    let start = start(&args)?;
    let (operation, access) = connect::start(start, &args.location, &args.shape, &args.access)?;
    let access = access.waiting(&args.manner, None);
    wait::introduce(&args.manner, &access, &args.access.network, color);
    if args.call.print_location {
        return wait::located(operation, plan, &args.manner, &access, color).await;
    }
    let output = args.manner.told.output.unwrap_or(OutputOfWait::Result);
    let is_wanted = matches!(
        wait::printed(&args.manner, output),
        OutputOfWait::Result | OutputOfWait::Json | OutputOfWait::Jsonl
    );
    let operation: Operation = operation.fetch_result(is_wanted);
    wait::follow(operation, plan, &args.manner, output, chronicle, &access, color).await
}

fn start(args: &SubmitArgs) -> Result<Start, Failure> {
    let start = Start::new(&args.method, &*args.location).map_err(|error| {
        Failure::usage(error.to_string()).hint("write it as in lro submit POST /path".to_owned())
    })?;
    let start = start.retry(args.call.retry_submit);
    match &args.call.json {
        None => Ok(start),
        Some(said) => {
            let body = body(said)?;
            if let Err(error) = serde_json::from_slice::<serde::de::IgnoredAny>(&body) {
                return Err(Failure::usage("the body of --json is not JSON").caused_by(error));
            }
            Ok(start.body(body))
        }
    }
}

/// The body as it is said: itself, or where it stands.
fn body(said: &str) -> Result<Vec<u8>, Failure> {
    let cannot_read = |what: &str, why: &dyn std::fmt::Display| {
        Failure::usage(format!("the body of --json cannot be read from {what}")).caused_by(why)
    };
    if said == "-" {
        let mut input = Vec::new();
        let most = LONGEST_MIB * 1024 * 1024;
        let read = std::io::stdin().lock().take(most + 1).read_to_end(&mut input);
        read.map_err(|error| cannot_read("standard input", &error))?;
        if input.len() as u64 > most {
            return Err(cannot_read("standard input", &format!("it is longer than {LONGEST_MIB} MiB")));
        }
        return Ok(input);
    }
    match said.strip_prefix('@') {
        None => Ok(said.as_bytes().to_vec()),
        Some(said) => {
            file::read(said.as_ref(), LONGEST_MIB).map_err(|error| cannot_read(&format!("`{said}`"), &error))
        }
    }
}
