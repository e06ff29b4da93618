//! A wait that its caller ends: with any future, here a timer. The operation itself goes on.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(clippy::disallowed_methods, reason = "the time of the example's own world")]

mod simulated;

use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (_api, [operation]) = simulated::operations(Duration::from_secs(60)).await?;
    let again = operation.clone();

    let enough = tokio::time::sleep(Duration::from_millis(1500));
    let error = lro::wait_for_completion(operation)
        .cancel_on(enough)
        .await
        .err()
        .ok_or("the operation was done before the caller had enough")?;
    println!("{}: {error}", if error.is_interrupted() { "interrupted" } else { "ended otherwise" });

    // What was known by then is kept, and waiting again is always safe: dropping a wait is another way to end it.
    let known = error.report().and_then(|report| report.answer.as_ref()).map(|answer| answer.verdict);
    println!("last known: {known:?}");
    let short =
        tokio::time::timeout(Duration::from_millis(500), lro::wait_for_completion(again).into_future());
    println!("dropped: {}", short.await.is_err());
    Ok(())
}
