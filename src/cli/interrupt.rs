//! SIGINT and SIGTERM: the first ends the wait and lets it tell what is known, the second ends the process at once.
//! What is told then is not known here.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::exit::Exit;

/// Listens for signals from its making on.
#[derive(Debug)]
pub(crate) struct Interrupt {
    signals: Signals,
    seen: Seen,
}

/// Which signal came, once one has come.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen(Arc<AtomicU8>);

impl Seen {
    /// The exit code for the signal that came.
    pub(crate) fn exit(&self) -> Exit {
        if self.0.load(Ordering::Relaxed) == Exit::Terminated.code() {
            Exit::Terminated
        } else {
            Exit::Interrupted
        }
    }
}

impl Interrupt {
    pub(crate) fn listen() -> io::Result<Self> {
        Ok(Self { signals: Signals::listen()?, seen: Seen::default() })
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.clone()
    }

    /// Completes with the first signal.
    pub(crate) async fn first(mut self) {
        let exit = self.signals.next().await;
        self.seen.0.store(exit.code(), Ordering::Relaxed);
    }
}

#[cfg(unix)]
#[derive(Debug)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::flag;
        use tokio::signal::unix::{SignalKind, signal};

        // In the signal handler itself, so that the second signal ends the process also while it hangs in a write.
        // The order matters: a signal is first taken for the second one, and only then remembered as the first.
        let armed = Arc::default();
        for (number, exit) in [(SIGINT, Exit::Interrupted), (SIGTERM, Exit::Terminated)] {
            flag::register_conditional_shutdown(number, i32::from(exit.code()), Arc::clone(&armed))?;
        }
        for number in [SIGINT, SIGTERM] {
            flag::register(number, Arc::clone(&armed))?;
        }
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }
}

#[cfg(not(unix))]
#[derive(Debug)]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Exit {
        // Without a handler there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        Exit::Interrupted
    }
}

/// Ends the process as the system ends one that writes to nobody.
pub(crate) fn broken_pipe() -> Exit {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGPIPE);
    Exit::NoAnswer
}
