//! Runs statements for a task: in its transaction, on a connection that reads, or in turn on the one that writes.

use super::database;
use super::database::Database;
use super::database::PATIENCE;
use super::database::Turn;
use crate::stdlib::current;
use crate::stdlib::current::WorldId;
use crate::stdlib::network::blocking;
use crate::stdlib::network::runtime;
use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::InterruptHandle;
use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::SeqCst;

/// What a task is told that waited too long.
const LOCKED: &str = "database is locked";

/// The current database of a task.
pub(in crate::stdlib) type Current = current::Current<Open, Transaction>;

/// An open database as a task knows it.
#[derive(Clone)]
pub(in crate::stdlib) struct Open {
    pub(super) database: Arc<Database>,
    /// The row that the task has inserted last.
    pub(super) last_rowid: Arc<AtomicI64>,
}

/// A transaction under way. Dropped, it is rolled back.
pub(in crate::stdlib) struct Transaction {
    database: Arc<Database>,
    turn: Option<Turn>,
}

/// What is to be run, and for whom.
pub(super) struct Job {
    pub(super) current: Current,
    pub(super) open: Open,
    pub(super) world: WorldId,
    /// The statements.
    pub(super) sql: Arc<str>,
    /// How errors begin that are not about them.
    pub(super) failed: &'static str,
}

impl Open {
    /// A database that has just been opened.
    pub(super) fn new(database: Database) -> Open {
        Open { database: Arc::new(database), last_rowid: Arc::default() }
    }

    /// The same for a task that will insert rows of its own.
    pub(super) fn fork(self) -> Open {
        let last_rowid = Arc::new(AtomicI64::new(self.last_rowid.load(SeqCst)));
        Open { last_rowid, ..self }
    }
}

impl Job {
    /// Runs `work` on the connection that writes.
    ///
    /// # Errors
    /// What `work` says, or that the database is locked for too long.
    pub(super) async fn run<T: Send + 'static>(
        self,
        work: impl FnOnce(&Connection) -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let is_own = self.current.is_of(self.world);
        let mut slot = None;
        let mut turn = None;
        if self.current.is_begun(self.world) {
            let begun = self.current.begun(self.world, PATIENCE).await;
            let mut begun = begun.ok_or_else(|| format!("{}: {LOCKED}", self.failed))?;
            turn = begun.content.take().map(Transaction::into_turn);
            slot = Some(begun);
        }
        let turn = match turn {
            Some(turn) => turn,
            None => {
                let turn = self.open.database.turn().await;
                turn.ok_or_else(|| format!("{}: {LOCKED}", self.failed))?
            }
        };
        if slot.is_none() && is_own {
            slot = Some(self.current.slot().await);
        }
        interruptible(move |running| {
            let (result, begun) = self.work(turn, running, work);
            match &mut slot {
                Some(slot) => *slot.content = begun,
                // A fork has nowhere to keep one: it is rolled back.
                None => drop(begun),
            }
            result
        })
        .await
    }

    /// Runs `work`, and gives the transaction that is under way behind it.
    fn work<T>(
        &self,
        turn: Turn,
        running: &Running,
        work: impl FnOnce(&Connection) -> Result<T, String>,
    ) -> (Result<T, String>, Option<Transaction>) {
        let Open { database, last_rowid } = &self.open;
        database.note(&self.sql);
        // The connection's own answer may be about a row of another task.
        let inserts = database::mentions(&self.sql, &["insert", "replace"]);
        let (result, is_open) = database.with_writer(&turn, |connection| {
            if !running.begin(connection) {
                return (Err("cancelled".to_owned()), !connection.is_autocommit());
            }
            let before = connection.total_changes();
            let result = work(connection);
            running.end();
            if inserts && connection.total_changes() != before {
                last_rowid.store(connection.last_insert_rowid(), SeqCst);
            }
            (result, !connection.is_autocommit())
        });
        let database = database.clone();
        (result, is_open.then_some(Transaction { database, turn: Some(turn) }))
    }

    /// Runs a query, beside others if it only reads.
    ///
    /// # Errors
    /// What `work` says.
    pub(super) async fn read<T: Send + 'static>(
        self,
        work: impl Fn(&Connection) -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        if self.current.is_begun(self.world) {
            return self.run(work).await;
        }
        let Some(mut reader) = self.open.database.reader(&self.sql).await else {
            return self.run(work).await;
        };
        let (result, work) = interruptible(move |running| {
            let result = reader.with(|connection| {
                running.begin(connection).then_some(())?;
                let result = work(connection);
                running.end();
                // What fails here may be known to the connection that writes.
                result.ok()
            });
            (result, work)
        })
        .await;
        match result {
            Some(result) => Ok(result),
            None => self.run(work).await,
        }
    }
}

impl Transaction {
    /// Its turn; it is no longer rolled back.
    fn into_turn(mut self) -> Turn {
        self.turn.take().expect("it is taken once")
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        let Some(turn) = self.turn.take() else { return };
        let database = self.database.clone();
        runtime().spawn_blocking(move || {
            database.with_writer(&turn, |connection| {
                if !connection.is_autocommit() {
                    // One that fails has been rolled back by SQLite itself.
                    let _ = connection.execute_batch("ROLLBACK");
                }
            });
        });
    }
}

/// Blocking work that is interrupted when nobody waits for it any more.
async fn interruptible<T: Send + 'static>(work: impl FnOnce(&Running) -> T + Send + 'static) -> T {
    let running = Arc::new(Running::default());
    let _waiting = Waiting(running.clone());
    blocking(move || work(&running)).await
}

/// What runs on a connection, so that it can be interrupted, and nothing that comes after it.
#[derive(Default)]
struct Running(Mutex<Phase>);

#[derive(Default)]
enum Phase {
    #[default]
    Outside,
    Inside(InterruptHandle),
    Unwanted,
}

impl Running {
    /// From here on it can be interrupted; `false` when nobody wants it.
    fn begin(&self, connection: &Connection) -> bool {
        let mut phase = self.0.lock();
        if matches!(*phase, Phase::Unwanted) {
            return false;
        }
        *phase = Phase::Inside(connection.get_interrupt_handle());
        true
    }

    /// Up to here.
    fn end(&self) {
        *self.0.lock() = Phase::Outside;
    }
}

struct Waiting(Arc<Running>);

impl Drop for Waiting {
    fn drop(&mut self) {
        let mut phase = self.0.0.lock();
        if let Phase::Inside(handle) = &*phase {
            handle.interrupt();
        }
        *phase = Phase::Unwanted;
    }
}
