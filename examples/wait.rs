//! The plain case: wait until an operation is done, ten minutes at most, and say how it ended.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod simulated;

use std::time::Duration;

use lro::WaitError;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (_api, [operation]) = simulated::operations(Duration::from_secs(2)).await?;

    match lro::wait_for_completion(operation).timeout(Duration::from_secs(600)).await {
        Ok(done) => println!("succeeded after {} polls", done.report.polls),
        Err(error @ (WaitError::Failed(_) | WaitError::Cancelled(_))) => println!("it is over: {error}"),
        Err(error) if error.is_timeout() => println!("it may still be running: {error}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
