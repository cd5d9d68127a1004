//! The signals that end a process: SIGINT and SIGTERM.

use std::io;

/// The exit code of a process that the next SIGINT or SIGTERM would end.
pub struct Signals {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Signals {
    /// Watches from now on.
    ///
    /// # Errors
    /// When the system does not let us.
    pub fn new() -> io::Result<Signals> {
        Ok(Signals {
            #[cfg(unix)]
            terminate: tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?,
        })
    }

    /// Returns at the next one.
    pub async fn next(&mut self) -> u8 {
        #[cfg(unix)]
        let terminated = self.terminate.recv();
        #[cfg(not(unix))]
        let terminated = std::future::pending::<()>();
        tokio::select! {
            _ = tokio::signal::ctrl_c() => 130,
            _ = terminated => 143,
        }
    }
}
