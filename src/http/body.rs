//! A body, read up to a bound.
//! What it says is not looked at here.

use std::time::Duration;

use tokio::time::timeout;

use super::endpoint::Endpoint;
use super::error::HttpError;
use super::transport::transport_error;

/// The whole body, or an error as soon as it is known to be longer than the bound. A compressed body is counted as it
/// comes out.
pub(super) async fn whole(
    response: &mut reqwest::Response,
    limit: usize,
    endpoint: &Endpoint,
) -> Result<Vec<u8>, HttpError> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).unwrap_or(usize::MAX) > limit {
        return Err(HttpError::TooLong { limit });
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| transport_error(&error, endpoint))? {
        if body.len() + chunk.len() > limit {
            return Err(HttpError::TooLong { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// How long the body of an error may take. Its status says what to do; the body only says it in words.
const PATIENCE: Duration = Duration::from_secs(2);

/// The beginning of a body that only helps to say what went wrong: whatever of it came within the bound, soon enough.
pub(super) async fn beginning(response: &mut reqwest::Response, limit: usize) -> Vec<u8> {
    let mut body = Vec::new();
    // An error that is known must not be lost to a poll timeout because its words are slow.
    let _ = timeout(PATIENCE, append_beginning(&mut body, response, limit)).await;
    body
}

async fn append_beginning(body: &mut Vec<u8>, response: &mut reqwest::Response, limit: usize) {
    while let Ok(Some(chunk)) = response.chunk().await {
        let room = limit - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if chunk.len() >= room {
            break;
        }
    }
}
