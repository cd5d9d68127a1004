//! Pools and transactions by their ids, which are the same for the whole process (stdlib 7).

use super::words::words;
use crate::stdlib::network::runtime;
use crate::stdlib::pools::exhausted;
use crate::value::Resource;
use mysql_async::Conn;
use mysql_async::Opts;
use mysql_async::Pool;
use mysql_async::prelude::Queryable;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

/// How long it may take to end a statement that nobody wants.
const KILL_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Registry {
    pools: Mutex<HashMap<String, Server>>,
    transactions: Mutex<HashMap<String, Arc<Transaction>>>,
    attempts: AtomicU64,
}

/// A server: the pool of its connections, how more of them are opened, and how long one is waited for.
#[derive(Clone)]
pub(super) struct Server {
    pub(super) pool: Pool,
    pub(super) opts: Opts,
    pub(super) patience: Duration,
}

/// A connection taken out of a pool, on which a transaction was begun.
pub(super) struct Transaction {
    /// The id of its pool.
    pub(super) pool: String,
    pub(super) connection: tokio::sync::Mutex<Option<InUse>>,
}

fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(Registry::default)
}

/// The id of the next pool.
pub(super) fn next_id() -> String {
    format!("mysql_{}", registry().attempts.fetch_add(1, SeqCst) + 1)
}

/// Keeps a pool.
pub(super) fn add_pool(id: &str, pool: Server) {
    registry().pools.lock().insert(id.to_owned(), pool);
}

/// The pool of an id.
///
/// # Errors
/// When there is none.
pub(super) fn pool(id: &str) -> Result<Server, String> {
    let found = registry().pools.lock().get(id).cloned();
    found.ok_or_else(|| format!("MySQL connection '{id}' not found"))
}

/// Takes a pool out, unless transactions are under way; `None` when there is none.
///
/// # Errors
/// When there are some.
pub(super) fn take_pool(id: &str) -> Result<Option<Server>, String> {
    let transactions = registry().transactions.lock();
    let mut active: Vec<&str> = transactions
        .iter()
        .filter(|(_, transaction)| transaction.pool == id)
        .map(|(id, _)| id.as_str())
        .collect();
    active.sort_unstable();
    match active.is_empty() {
        true => Ok(registry().pools.lock().remove(id)),
        false => Err(format!(
            "mysql.close() refused: active transactions for {id}: {}",
            active.join(", ")
        )),
    }
}

/// The transaction of an id.
///
/// # Errors
/// When there is none.
pub(super) fn transaction(id: &str) -> Result<Arc<Transaction>, String> {
    let found = registry().transactions.lock().get(id).cloned();
    found.ok_or_else(|| format!("MySQL transaction '{id}' not found"))
}

/// Whether an id is that of a transaction.
pub(super) fn is_transaction(id: &str) -> bool {
    id.starts_with("mysql_tx_")
}

/// Keeps a transaction under an id.
pub(super) fn add_transaction(id: &str, pool: &str, connection: InUse) {
    let connection = tokio::sync::Mutex::new(Some(connection));
    let transaction = Transaction { pool: pool.to_owned(), connection };
    registry().transactions.lock().insert(id.to_owned(), Arc::new(transaction));
}

/// Forgets a transaction.
pub(super) fn forget_transaction(id: &str) {
    registry().transactions.lock().remove(id);
}

/// A connection that is not in its pool. Dropped while a statement runs, that is ended by the server; whatever was
/// begun on it is rolled back when the pool takes it back.
pub(super) struct InUse {
    opts: Opts,
    connection: Option<Conn>,
    /// Whether a statement runs.
    pub(super) is_busy: bool,
}

impl InUse {
    /// A connection of `pool`.
    ///
    /// # Errors
    /// When none becomes free, or none can be opened.
    pub(super) async fn take(server: &Server) -> Result<InUse, String> {
        let connection = tokio::time::timeout(server.patience, server.pool.get_conn()).await;
        let connection = connection.map_err(|_| exhausted(server.patience))?;
        let connection = connection.map_err(|error| words(&error))?;
        Ok(InUse { opts: server.opts.clone(), connection: Some(connection), is_busy: false })
    }

    /// The connection.
    pub(super) fn connection(&mut self) -> &mut Conn {
        self.connection.as_mut().expect("it is there until this is dropped")
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let (opts, is_busy) = (self.opts.clone(), self.is_busy);
        runtime().spawn(async move {
            if is_busy {
                // Not one of the pool, which may have none left.
                let kill = async {
                    let mut other = Conn::new(opts).await?;
                    other.query_drop(format!("KILL QUERY {}", connection.id())).await?;
                    other.disconnect().await
                };
                // A server that does not answer will not go on with the statement either.
                let _ = tokio::time::timeout(KILL_TIMEOUT, kill).await;
            }
            drop(connection);
        });
    }
}

/// Closes the pool of an id when it is dropped.
pub(super) struct PoolGuard(pub(super) String);

impl Drop for PoolGuard {
    fn drop(&mut self) {
        registry().pools.lock().remove(&self.0);
    }
}

/// The transactions that a task has begun: those that are still open when the last handle on this goes are rolled back.
pub(super) struct Begun(pub(super) Vec<Arc<Guard>>);

/// Ends the transaction of an id when it is dropped; nothing is left to do when the program has.
pub(super) struct Guard(pub(super) String);

impl Guard {
    /// Whether its transaction is under way.
    pub(super) fn is_open(&self) -> bool {
        registry().transactions.lock().contains_key(&self.0)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        forget_transaction(&self.0);
    }
}

impl Resource for Begun {
    fn kind(&self) -> &'static str {
        "Transactions"
    }

    fn shown(&self) -> &'static str {
        "<transactions>"
    }

    fn address(&self) -> usize {
        self.0.as_ptr() as usize
    }
}
