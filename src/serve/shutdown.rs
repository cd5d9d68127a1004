//! The end of serving: stop accepting, let requests finish, drop the rest (server 5.6).

use super::server::Server;
use super::worker::Latest;
use super::worker::Premises;
use crate::diag::Diagnostic;
use crate::task::Signals;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;
use tokio::time::timeout;
use tokio::time::timeout_at;
use tracing::info;
use tracing::warn;

/// How long connections may stay open on which no handler runs any more.
const CLOSING: Duration = Duration::from_secs(1);

/// Stops a server, and tells how busy it is.
#[derive(Clone)]
pub struct Handle {
    pub(super) premises: Arc<Premises>,
    pub(super) latest: Latest,
}

impl Handle {
    /// Begins to stop it: [`Server::run`] returns when the requests under way have ended.
    pub fn stop(&self) {
        self.premises.stop.notify_one();
    }

    /// How many handlers run or wait.
    pub fn in_flight(&self) -> usize {
        self.premises.machines.now()
    }

    /// How many tasks of the program, its requests and connections live.
    pub fn tasks(&self) -> usize {
        self.latest.borrow().template.image.scope.live()
    }

    /// Returns when no handler runs or waits.
    pub async fn idle(&self) {
        self.premises.machines.none().await;
    }
}

impl Server {
    /// Answers requests until it is stopped.
    ///
    /// # Errors
    /// When it cannot go on.
    pub async fn run(self) -> Result<(), Vec<Diagnostic>> {
        let Server { premises, latest, runtime, actix, socket: _socket, .. } = self;
        let control = actix.handle();
        let mut actix = std::pin::pin!(actix);
        tokio::select! {
            ended = &mut actix => return ended.map_err(|error| failed(&error)),
            () = premises.stop.notified() => {}
        }
        let shared = latest.borrow().clone();
        premises.stopping.send_replace(true);
        let in_flight = premises.machines.now();
        info!(target: "forge.server", in_flight, "shutdown signal received, draining");
        shared.blocks.iter().for_each(|blocks| blocks.cancel());
        let deadline = Instant::now() + shared.options.drain;
        let stopped = control.stop(true);
        tokio::select! {
            _ = async { tokio::join!(actix, stopped) } => {}
            () = drained(&premises, deadline) => {}
        }
        let remaining = premises.machines.now();
        if remaining > 0 {
            warn!(target: "forge.server", remaining, "drain deadline reached");
        }
        let scope = &shared.template.image.scope;
        let tasks = scope.live();
        if tasks > 0 {
            info!(target: "forge.server", tasks, "spawned tasks dropped");
        }
        scope.cancel();
        drop(runtime);
        Ok(())
    }

    /// Answers requests until SIGINT or SIGTERM; the exit code of the process. A second signal waits for nothing.
    ///
    /// # Errors
    /// When it cannot go on.
    pub async fn run_until_signal(self) -> Result<u8, Vec<Diagnostic>> {
        let mut signals = Signals::new().map_err(|error| failed(&error))?;
        let handle = self.handle();
        let second = async {
            signals.next().await;
            handle.stop();
            signals.next().await
        };
        tokio::select! {
            ended = self.run() => ended.map(|()| 0),
            code = second => Ok(code),
        }
    }
}

/// A server that cannot go on.
pub(super) fn failed(error: &io::Error) -> Vec<Diagnostic> {
    vec![Diagnostic::error("E0809", format!("server error: {error}"))]
}

/// Returns when the last handler has ended and its answer is on its way, or at the deadline.
async fn drained(premises: &Premises, deadline: Instant) {
    let closed = async {
        premises.machines.none().await;
        // What is open now is idle, half read, or being written.
        let _ = timeout(CLOSING, premises.connections.none()).await;
    };
    let _ = timeout_at(deadline, closed).await;
}
