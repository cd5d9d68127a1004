//! An open database: one connection that writes, and others that only read a file.
//!
//! Whatever may write waits its turn at the gate, in the order of arrival, so SQLite never meets a lock that somebody in
//! this process holds. Reading a file needs no turn: the write-ahead log shows each reader what was last committed.

use crate::stdlib::files::Files;
use crate::stdlib::statements::first_word;
use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::OpenFlags;
use rusqlite::hooks::AuthAction;
use rusqlite::hooks::Authorization;
use std::collections::HashMap;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::Weak;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;
use tokio::sync::Semaphore;

/// How long a statement waits for others to end.
pub(super) const PATIENCE: Duration = Duration::from_millis(5000);

/// Connections that read at the same time; they compute, so more would only take turns.
const READERS: usize = 8;

/// Prepared statements that a connection keeps.
const STATEMENTS: usize = 128;

/// The right to write.
pub(super) type Turn = OwnedMutexGuard<()>;

/// An open database.
pub(super) struct Database {
    /// The connection that writes. It is locked by who has the turn only.
    writer: Mutex<Connection>,
    gate: Arc<tokio::sync::Mutex<()>>,
    readers: Option<Readers>,
    files: Option<Files>,
}

/// Connections that read a file.
struct Readers {
    path: String,
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
    /// Whether the writing connection sees just what is in the file: nothing temporary, nothing attached.
    are_alike: AtomicBool,
}

impl Database {
    /// Opens a database; blocks. What it attaches is confined as `files` say.
    ///
    /// # Errors
    /// What SQLite says.
    pub(super) fn open(path: &str, files: Option<Files>) -> Result<Database, rusqlite::Error> {
        let writer = connect(path, files.clone())?;
        // Not for a database in memory, nor one that may only be read.
        let mode = writer
            .pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        let is_file = !path.is_empty() && path != ":memory:" && !path.starts_with("file:");
        let readers = (is_file && mode.as_deref() == Ok("wal")).then(|| Readers {
            path: path.to_owned(),
            idle: Mutex::default(),
            permits: Semaphore::new(READERS),
            are_alike: AtomicBool::new(true),
        });
        let gate = match is_file {
            true => gate_of(Path::new(path)),
            false => Arc::default(),
        };
        Ok(Database { writer: Mutex::new(writer), gate, readers, files })
    }

    /// Waits for the turn to write; `None` when that takes too long.
    pub(super) async fn turn(&self) -> Option<Turn> {
        tokio::time::timeout(PATIENCE, self.gate.clone().lock_owned()).await.ok()
    }

    /// Uses the connection that writes; blocks.
    pub(super) fn with_writer<T>(&self, _: &Turn, work: impl FnOnce(&Connection) -> T) -> T {
        work(&self.writer.lock())
    }

    /// A connection that reads, if `sql` can run on one and gives the same there.
    pub(super) async fn reader(self: &Arc<Self>, sql: &str) -> Option<Reader> {
        let readers = self.readers.as_ref().filter(|readers| readers.are_alike.load(Relaxed))?;
        reads_only(sql).then_some(())?;
        let permit = readers.permits.acquire().await.ok()?;
        permit.forget();
        let connection = readers.idle.lock().pop();
        Some(Reader { database: self.clone(), connection })
    }

    /// Notes what a statement does to the connection that writes.
    pub(super) fn note(&self, sql: &str) {
        if let Some(readers) = &self.readers
            && changes_connection(sql)
        {
            readers.are_alike.store(false, Relaxed);
        }
    }
}

/// A connection that reads, for as long as this lives.
pub(super) struct Reader {
    database: Arc<Database>,
    connection: Option<Connection>,
}

impl Reader {
    /// Uses it; blocks. `None` when it cannot be opened or `work` does not want to be done here.
    pub(super) fn with<T>(&mut self, work: impl FnOnce(&Connection) -> Option<T>) -> Option<T> {
        if self.connection.is_none() {
            let path = &self.readers().path;
            let connection = connect(path, self.database.files.clone()).ok()?;
            connection.pragma_update(None, "query_only", true).ok()?;
            self.connection = Some(connection);
        }
        work(self.connection.as_ref()?)
    }

    fn readers(&self) -> &Readers {
        self.database.readers.as_ref().expect("it comes from there")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let connection = self.connection.take();
        self.readers().idle.lock().extend(connection);
        self.readers().permits.add_permits(1);
    }
}

fn connect(path: &str, files: Option<Files>) -> Result<Connection, rusqlite::Error> {
    let mut connection = match path {
        ":memory:" => Connection::open_in_memory(),
        path => Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_URI
                | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        ),
    }?;
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    if let Some(files) = files {
        connection.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| {
            match context.action {
                AuthAction::Attach { filename } if may_attach(filename, &files) => {
                    Authorization::Allow
                }
                // A name that is computed is not known here.
                AuthAction::Attach { .. } => Authorization::Deny,
                AuthAction::Unknown { code: ATTACH, .. } => Authorization::Deny,
                _ => Authorization::Allow,
            }
        }))?;
    }
    Ok(connection)
}

/// `SQLITE_ATTACH`
const ATTACH: i32 = 24;

/// Whether a file may be attached; none at all is no file.
fn may_attach(name: &str, files: &Files) -> bool {
    let is_file = !name.is_empty() && name != ":memory:";
    // SQLite looks for it from the working directory of the process.
    !is_file || (files.absolute(name) == Path::new(name) && files.locate(name).is_ok())
}

/// The gate of a file: the same for everybody who opens it.
fn gate_of(path: &Path) -> Arc<tokio::sync::Mutex<()>> {
    static GATES: OnceLock<Mutex<HashMap<PathBuf, Weak<tokio::sync::Mutex<()>>>>> = OnceLock::new();
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let mut gates = GATES.get_or_init(Mutex::default).lock();
    if let Some(gate) = gates.get(&path).and_then(Weak::upgrade) {
        return gate;
    }
    gates.retain(|_, gate| gate.strong_count() > 0);
    let gate = Arc::default();
    gates.insert(path, Arc::downgrade(&gate));
    gate
}

/// Whether a statement reads, and depends on nothing but the file.
pub(super) fn reads_only(sql: &str) -> bool {
    let sql = sql.to_ascii_lowercase();
    let is_query = ["select", "with", "values"].contains(&first_word(&sql));
    is_query && !sql.contains("last_insert_rowid") && !sql.contains("changes(")
}

/// Whether statements may change what only the connection that runs them sees.
fn changes_connection(sql: &str) -> bool {
    mentions(sql, &["temp", "attach", "detach", "pragma"])
}

/// Whether one of the words, which are in lower case, stands in a text.
pub(super) fn mentions(sql: &str, words: &[&str]) -> bool {
    let sql = sql.to_ascii_lowercase();
    words.iter().any(|word| sql.contains(word))
}
