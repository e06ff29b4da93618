//! A closure as an operation: wait for anything that can be asked. Here it is a file that somebody is to write.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]
#![expect(clippy::disallowed_methods, reason = "the time of the example's own world")]

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use lro::operation::{Answer, PollError, from_fn};
use lro::schedule::Fixed;

/// Success is that the file is there, with its size as the status.
async fn look(path: PathBuf) -> Result<Answer<u64>, PollError> {
    match tokio::fs::metadata(&path).await {
        Ok(file) => Ok(Answer::succeeded(file.len())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Answer::pending(0)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(PollError::permanent(error)),
        Err(error) => Err(PollError::transient(error)),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::temp_dir().join(format!("lro-example-{}", std::process::id()));

    let somebody = tokio::spawn({
        let path = path.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(700)).await;
            tokio::fs::write(path, "here it is").await
        }
    });

    let file = from_fn({
        let path = path.clone();
        move || look(path.clone())
    });
    let done = lro::wait_for_completion(file.named("file"))
        .schedule(Fixed::new(Duration::from_millis(200))?)
        .timeout(Duration::from_secs(10))
        .await?;
    println!("the {} is there: {} bytes", done.report.id, done.status());

    somebody.await??;
    tokio::fs::remove_file(path).await?;
    Ok(())
}
