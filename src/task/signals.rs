//! The signals that end a process, SIGINT and SIGTERM, and SIGHUP, which ends none that listens for it.

use std::io;

/// The exit code of a process that the next SIGINT or SIGTERM would end.
pub struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Watches from now on: one that comes before anybody waits is not lost, and ends no process by itself.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn new() -> io::Result<Signals> {
        Ok(Signals {
            #[cfg(unix)]
            interrupt: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?,
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?,
        })
    }

    /// Returns at the next one.
    pub async fn next(&mut self) -> u8 {
        #[cfg(unix)]
        let (interrupted, terminated) = (self.interrupt.recv(), self.terminate.recv());
        #[cfg(not(unix))]
        let (interrupted, terminated) = (tokio::signal::ctrl_c(), std::future::pending::<()>());
        tokio::select! {
            _ = interrupted => 130,
            _ = terminated => 143,
        }
    }
}

/// The hangups that a process is told of.
pub struct Hangups {
    #[cfg(unix)]
    signal: Option<tokio::signal::unix::Signal>,
}

impl Hangups {
    /// Listens from now on, if the system lets us: then none ends the process.
    pub fn listen() -> Hangups {
        Hangups {
            #[cfg(unix)]
            signal: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::hangup()).ok(),
        }
    }

    /// Returns at the next one.
    pub async fn next(&mut self) {
        #[cfg(unix)]
        if let Some(signal) = &mut self.signal
            && signal.recv().await.is_some()
        {
            return;
        }
        std::future::pending().await
    }
}
