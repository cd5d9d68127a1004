//! Runs statements on connections of a pool, or on the one of the transaction under way.

use super::columns;
use super::columns::Column;
use super::connect;
use super::connect::Mode;
use super::explained;
use super::params::Param;
use crate::stdlib::current;
use crate::stdlib::current::WorldId;
use crate::stdlib::network::runtime;
use crate::stdlib::pools::exhausted;
use crate::stdlib::rows::Columns;
use crate::stdlib::statements::Effect;
use crate::value::Value;
use deadpool_postgres::Object;
use deadpool_postgres::Pool;
use deadpool_postgres::PoolError;
use futures_util::TryStreamExt;
use std::error::Error as _;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio_postgres::Error;
use tokio_postgres::Statement;
use tokio_postgres::error::DbError;
use tokio_postgres::error::Severity;
use tokio_postgres::error::SqlState;

/// Rows that are read before others get a turn.
const ROWS_OF_TURN: usize = 256;

/// How long the end of a query that nobody wants is waited for.
const CANCEL_TIMEOUT: Duration = Duration::from_secs(10);

/// The current server, with the transaction on it.
pub(in crate::stdlib) type Current = current::Current<Arc<Server>, Pinned>;

/// A server.
pub(in crate::stdlib) struct Server {
    pub(super) pool: Pool,
    pub(super) mode: Mode,
    pub(super) patience: Duration,
}

/// What a statement is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Its rows.
    Rows,
    /// How many rows it met.
    Count,
    /// All statements of a text, for their effect.
    Batch,
}

/// A statement and what it is run for.
pub(super) struct Job {
    pub(super) sql: Arc<str>,
    pub(super) params: Vec<Value>,
    pub(super) wanted: Wanted,
}

impl Server {
    /// A connection of the pool.
    ///
    /// # Errors
    /// When none becomes free, or none can be opened.
    pub(super) async fn connection(&self) -> Result<Object, String> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Backend(error) => explained(&error),
            PoolError::Timeout(_) => exhausted(self.patience),
            error => error.to_string(),
        })
    }
}

/// Runs a statement for a task of `world`.
///
/// # Errors
/// What went wrong, without the name of the builtin.
pub(super) async fn run(
    server: Arc<Server>,
    current: Current,
    world: WorldId,
    job: Job,
) -> Result<Value, String> {
    let effect = Effect::of(&job.sql);
    if current.is_begun(world) {
        let Some(mut slot) = current.begun(world, server.patience).await else {
            return Err("the transaction is in use by another task".to_owned());
        };
        let Some(pinned) = slot.content.take() else {
            return Err("the transaction has ended".to_owned());
        };
        let mut used = InUse::new(pinned.release(), server.mode);
        let result = execute(&mut used, &job, true).await;
        let connection = used.done();
        match effect {
            Effect::Ends => give_back(connection, &result),
            _ => *slot.content = Some(Pinned { connection: Some(connection), mode: server.mode }),
        }
        return result.map_err(|error| explained(&error));
    }
    let connection = server.connection().await?;
    let mut used = InUse::new(connection, server.mode);
    let result = execute(&mut used, &job, false).await;
    let connection = used.done();
    if effect == Effect::Begins && result.is_ok() {
        let pinned = Pinned { connection: Some(connection), mode: server.mode };
        if current.is_of(world) {
            *current.slot().await.content = Some(pinned);
        }
    } else {
        give_back(connection, &result);
    }
    result.map_err(|error| explained(&error))
}

/// Lets others use a connection, unless the server has closed it, which the pool may not have noticed yet.
fn give_back(connection: Object, result: &Result<Value, Error>) {
    if result.as_ref().is_err_and(is_last) {
        drop(Object::take(connection));
    }
}

/// Whether nothing comes after it on its connection.
fn is_last(error: &Error) -> bool {
    let severity = error.as_db_error().and_then(DbError::parsed_severity);
    error.is_closed()
        || matches!(severity, Some(Severity::Fatal | Severity::Panic))
        || error.source().is_some_and(|source| source.is::<std::io::Error>())
}

async fn execute(used: &mut InUse, job: &Job, in_transaction: bool) -> Result<Value, Error> {
    let on = used.connection();
    match try_execute(on, job).await {
        // A table has changed since the statement was prepared.
        Err(error) if is_stale(&error) => {
            on.statement_cache.clear();
            match in_transaction {
                true => Err(error),
                false => try_execute(on, job).await,
            }
        }
        result => result,
    }
}

fn is_stale(error: &Error) -> bool {
    error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
        && error.as_db_error().is_some_and(|error| error.message().contains("cached plan"))
}

async fn try_execute(on: &Object, job: &Job) -> Result<Value, Error> {
    if job.wanted == Wanted::Batch {
        return on.batch_execute(&job.sql).await.map(|()| Value::Null);
    }
    let statement = on.prepare_cached(&job.sql).await?;
    let params = || job.params.iter().cloned().map(Param).collect::<Vec<_>>();
    if job.wanted == Wanted::Count {
        let count = on.execute_raw(&statement, params()).await?;
        return Ok(Value::Int(count as i64));
    }
    let names = statement.columns().iter().map(|column| column.name().to_owned());
    let columns = Columns::new(names);
    let readable = readable(on, &job.sql, &statement).await;
    let rows = on.query_raw(readable.as_ref().unwrap_or(&statement), params()).await?;
    let mut rows = pin!(rows);
    let mut found = Vec::new();
    while let Some(row) = rows.try_next().await? {
        let values = (0..columns.len()).map(|i| row.try_get(i).map(|Column(value)| value));
        found.push(columns.row(values.collect::<Result<Vec<_>, _>>()?));
        if found.len().is_multiple_of(ROWS_OF_TURN) {
            tokio::task::yield_now().await;
        }
    }
    Ok(Value::array(found))
}

/// The same statement with columns that can be read, when it has others: those as the server writes them.
async fn readable(on: &Object, sql: &str, statement: &Statement) -> Option<Statement> {
    let columns = statement.columns();
    if columns.iter().all(|column| columns::is_known(column.type_())) {
        return None;
    }
    let names: Vec<String> = (0..columns.len()).map(|i| format!("c{i}")).collect();
    let wanted = columns.iter().zip(&names).map(|(column, name)| {
        match (columns::is_known(column.type_()), column.type_().kind()) {
            (true, _) => name.clone(),
            (false, tokio_postgres::types::Kind::Array(_)) => format!("{name}::text[]"),
            (false, _) => format!("{name}::text"),
        }
    });
    let wanted: Vec<String> = wanted.collect();
    let sql = sql.trim_end().trim_end_matches(';');
    let wrapped = format!(
        "WITH forge_rows({}) AS (\n{sql}\n) SELECT {} FROM forge_rows",
        names.join(", "),
        wanted.join(", ")
    );
    on.prepare_cached(&wrapped).await.ok()
}

/// A connection while a statement runs on it. Dropped before it is done, the statement is cancelled and the connection
/// closed: nobody else may meet what is left of it.
struct InUse {
    connection: Option<Object>,
    mode: Mode,
}

impl InUse {
    fn new(connection: Object, mode: Mode) -> InUse {
        InUse { connection: Some(connection), mode }
    }

    fn connection(&self) -> &Object {
        self.connection.as_ref().expect("it is there until it is done")
    }

    fn done(mut self) -> Object {
        self.connection.take().expect("it is done once")
    }
}

impl Drop for InUse {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let connection = Object::take(connection);
        let mode = self.mode;
        runtime().spawn(async move {
            let cancel = connect::cancel(connection.cancel_token(), mode);
            let _ = tokio::time::timeout(CANCEL_TIMEOUT, cancel).await;
            drop(connection);
        });
    }
}

/// A connection with a transaction. Dropped, that is rolled back.
pub(in crate::stdlib) struct Pinned {
    connection: Option<Object>,
    mode: Mode,
}

impl Pinned {
    fn release(mut self) -> Object {
        self.connection.take().expect("it is released once")
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let used = InUse::new(connection, self.mode);
        runtime().spawn(async move {
            let rollback = used.connection().batch_execute("ROLLBACK");
            let ended = tokio::time::timeout(CANCEL_TIMEOUT, rollback).await;
            if matches!(ended, Ok(Ok(()))) {
                drop(used.done());
            }
        });
    }
}
