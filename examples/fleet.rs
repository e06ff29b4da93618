//! Many operations as one wait: each is told as it ends, and one more joins on the way.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

mod simulated;

use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (_api, [late, operations @ ..]) = simulated::operations::<21>(Duration::from_secs(2)).await?;

    let mut fleet = lro::wait_for_all(operations).timeout(Duration::from_secs(60)).rate(20.0);
    let mut late = Some((fleet.adder(), late));
    let (mut succeeded, mut ended) = (0, 0);
    let mut completions = fleet.completions()?;
    while let Some((index, outcome)) = completions.next().await {
        ended += 1;
        succeeded += u32::from(outcome.is_ok());
        match outcome {
            Ok(done) => println!("{index}: succeeded after {} polls", done.report.polls),
            Err(error) => println!("{index}: {error}"),
        }
        // The fleet is over when the last adder is dropped, and each operation has ended.
        if let Some((adder, operation)) = late.take() {
            adder.add(operation)?;
        }
    }
    println!("{succeeded} of {ended} succeeded");
    Ok(())
}
