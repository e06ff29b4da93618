//! What is owed to an answer when the clock was heard late, because the process or its runtime stood still.
//! Which limit it was that passed is not known here.

use std::pin::Pin;
use std::time::Duration;

use tokio::time::{Instant, timeout};

/// An alarm that is heard this much after its time was missed by all: whoever brings the answer stood still too.
const LATE: Duration = Duration::from_millis(20);

/// How long an answer that lies in the socket takes to be read.
const GRACE: Duration = Duration::from_millis(50);

/// What has arrived while time ran out and nobody was there to look. None when the alarm was heard in time: then there
/// was nothing.
pub(crate) async fn arrived<T>(due: Instant, work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    if Instant::now() < due + LATE {
        return None;
    }
    timeout(GRACE, work).await.ok()
}
