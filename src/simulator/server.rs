//! The running simulator: a task that serves, and the handle that keeps it alive.
//! What it serves is in the routes; how it is set up, in the builder.

use std::fmt;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::builder::Builder;
use super::clock::Clock;
use super::fault::Faults;
use super::line::{Cutter, Door};
use super::model::Model;
use super::routes::router;

/// The PLAS API on a socket, running.
///
/// Dropping it stops it: no connection is accepted any more, idle ones are closed, and a request that is being
/// answered is answered to its end.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), lro::simulator::StartError> {
/// let simulator = lro::simulator::Simulator::builder().seed(7).start().await?;
/// println!("listening on {}", simulator.url());
/// assert_eq!(simulator.requests(), 0);
/// # Ok(())
/// # }
/// ```
#[must_use = "a simulator that is dropped stops at once"]
pub struct Simulator {
    address: SocketAddr,
    pub(super) shared: Arc<Shared>,
    task: JoinHandle<()>,
    /// Its end is the sign to stop.
    _running: oneshot::Sender<()>,
}

/// What the requests of one simulator share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) clock: Clock,
    pub(super) token: Option<String>,
    pub(super) requests: AtomicU64,
    pub(super) faults: Mutex<Faults>,
    pub(super) model: Mutex<Model>,
}

impl Simulator {
    /// A simulator yet to be started, with every option at its default.
    pub fn builder() -> Builder {
        Builder::default()
    }

    pub(super) fn serve(listener: TcpListener, address: SocketAddr, shared: Shared) -> Self {
        let shared = Arc::new(shared);
        let (running, stopped) = oneshot::channel::<()>();
        let service = router(Arc::clone(&shared)).into_make_service_with_connect_info::<Cutter>();
        let task = tokio::spawn(async move {
            let server = axum::serve(Door(listener), service).with_graceful_shutdown(async {
                // Nothing is ever sent: it is the drop of the other end that is awaited.
                let _ = stopped.await;
            });
            // It has no error to give: one connection's trouble is its own.
            let _ = server.await;
        });
        Self { address, shared, task, _running: running }
    }

    /// Where it listens. The port is the one it was given, also when it asked for any (port 0).
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint to give to a client, such as `http://127.0.0.1:41234`: without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests it has seen so far, those answered by a fault or an error included. What is not HTTP is
    /// not a request.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.shared.requests.load(Ordering::Relaxed)
    }

    /// Waits until the server ends by itself: in practice, for ever.
    ///
    /// # Cancellation
    ///
    /// Dropping the future drops the simulator, and so stops it.
    pub async fn stopped(mut self) {
        // Its panic has been told by the panic hook; it has stopped either way.
        let _ = (&mut self.task).await;
    }
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator")
            .field("address", &self.address)
            .field("requests", &self.requests())
            .finish_non_exhaustive()
    }
}

/// No holder of these locks leaves anything half done, so that a panic of one is no reason to stop the others.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
