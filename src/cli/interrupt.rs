//! SIGINT and SIGTERM: the first ends the wait and lets it tell what is known, the second ends the process at once.
//! What is told then is not known here.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::exit::Exit;

/// Listens for signals from its making on.
#[derive(Debug)]
pub(crate) struct Interrupt {
    signals: Signals,
    seen: Seen,
}

/// Which signal came last, as its exit code; 0 while none has come. The signal handler itself says so, and nothing
/// that the program is busy with can make it miss one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen(Arc<AtomicUsize>);

impl Seen {
    /// The exit code for the signal that came, if one came.
    pub(crate) fn exit(&self) -> Option<Exit> {
        match self.0.load(Ordering::Relaxed) {
            0 => None,
            code if code == usize::from(Exit::Terminated.code()) => Some(Exit::Terminated),
            _ => Some(Exit::Interrupted),
        }
    }
}

impl Interrupt {
    pub(crate) fn listen() -> io::Result<Self> {
        let seen = Seen::default();
        Ok(Self { signals: Signals::listen(&seen)?, seen })
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.clone()
    }

    /// Completes with the first signal.
    pub(crate) async fn first(mut self) {
        self.signals.next(&self.seen).await;
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
    fn listen(seen: &Seen) -> io::Result<Self> {
        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::flag;
        use tokio::signal::unix::{SignalKind, signal};

        // In the signal handler itself, so that the second signal ends the process also while it hangs in a write.
        // The order matters: a signal is first taken for the second one, and only then remembered as the first.
        // What the terminal itself shows of the progress stays then: nothing can be written from within a handler without
        // `unsafe`. The first signal takes it away, unless what hangs is the terminal.
        let armed = Arc::default();
        let ends = [(SIGINT, Exit::Interrupted), (SIGTERM, Exit::Terminated)];
        for (number, exit) in ends {
            flag::register_conditional_shutdown(number, i32::from(exit.code()), Arc::clone(&armed))?;
        }
        for (number, exit) in ends {
            flag::register(number, Arc::clone(&armed))?;
            flag::register_usize(number, Arc::clone(&seen.0), usize::from(exit.code()))?;
        }
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self, _: &Seen) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
#[derive(Debug)]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    #[expect(clippy::unnecessary_wraps, reason = "on Unix it can fail")]
    fn listen(_: &Seen) -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self, seen: &Seen) {
        // Without a handler there is nothing to wait for.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        seen.0.store(usize::from(Exit::Interrupted.code()), Ordering::Relaxed);
        // The first is told by its end; whoever presses the key again does not want to wait for that.
        tokio::spawn(async {
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(i32::from(Exit::Interrupted.code()));
            }
        });
    }
}

/// Ends the process as the system ends one that writes to nobody.
pub(crate) fn broken_pipe() -> Exit {
    #[cfg(unix)]
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGPIPE);
    Exit::NoAnswer
}
