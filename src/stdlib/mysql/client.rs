//! Runs statements on connections of a pool, or on the one of a transaction.

use super::columns;
use super::registry;
use super::registry::Guard;
use super::registry::InUse;
use super::registry::Server;
use super::words::words;
use crate::stdlib::migrations::CREATE;
use crate::stdlib::migrations::Migration;
use crate::stdlib::rows::Columns;
use crate::stdlib::tls;
use crate::value::Value;
use mysql_async::Conn;
use mysql_async::Error;
use mysql_async::Opts;
use mysql_async::Params;
use mysql_async::Pool;
use mysql_async::QueryResult;
use mysql_async::Value as Sql;
use mysql_async::prelude::Protocol;
use mysql_async::prelude::Queryable;
use mysql_common::named_params::ParsedNamedParams;
use std::sync::Weak;
use std::time::Duration;
use uuid::Uuid;

/// What a statement is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Its rows.
    Rows,
    /// How many rows it changed.
    Count,
}

/// A statement, and the pool or transaction that it runs on.
pub(super) struct Job {
    pub(super) id: String,
    pub(super) sql: String,
    pub(super) params: Vec<Sql>,
    pub(super) wanted: Wanted,
}

/// Opens a pool under an id, and one connection to see that it works.
///
/// # Errors
/// The text of the fault.
pub(super) async fn connect(id: String, opts: Opts, patience: Duration) -> Result<Value, String> {
    // The driver makes a configuration of its own, from what is the default of the process.
    tls::provider();
    let pool = Server { pool: Pool::new(opts.clone()), opts, patience };
    match InUse::take(&pool).await {
        Ok(first) => {
            drop(first);
            registry::add_pool(&id, pool);
            Ok(id.into())
        }
        Err(why) => {
            // There is nothing in it.
            let _ = pool.pool.disconnect().await;
            Err(format!("mysql.connect() error: {why}"))
        }
    }
}

/// Runs a statement.
///
/// # Errors
/// The text of the fault.
pub(super) async fn run(job: Job, name: &'static str) -> Result<Value, String> {
    if registry::is_transaction(&job.id) {
        let transaction = registry::transaction(&job.id)?;
        let mut connection = transaction.connection.lock().await;
        let gone = || format!("MySQL transaction '{}' not found", job.id);
        return execute(connection.as_mut().ok_or_else(gone)?, &job, name).await;
    }
    let pool = registry::pool(&job.id)?;
    let connection = InUse::take(&pool).await;
    let mut connection = connection.map_err(|why| format!("{name}() connection error: {why}"))?;
    execute(&mut connection, &job, name).await
}

async fn execute(on: &mut InUse, job: &Job, name: &str) -> Result<Value, String> {
    on.is_busy = true;
    let connection = on.connection();
    let result = match job.params.is_empty() {
        true => match connection.query_iter(job.sql.as_str()).await {
            Ok(result) => finish(result, job.wanted).await,
            Err(error) => Err(error),
        },
        false => {
            let (sql, params) = placed(&job.sql, &job.params);
            match connection.exec_iter(sql, params).await {
                Ok(result) => finish(result, job.wanted).await,
                Err(error) => Err(error),
            }
        }
    };
    on.is_busy = false;
    result.map_err(|error| format!("{name}() error: {}", words(&error)))
}

/// A statement with `?` for each `:name`, and its parameters: one for each name, or one for each place.
fn placed(sql: &str, params: &[Sql]) -> (String, Params) {
    let same = || (sql.to_owned(), Params::Positional(params.to_vec()));
    let Ok(parsed) = ParsedNamedParams::parse(sql.as_bytes()) else { return same() };
    if parsed.params().is_empty() {
        return same();
    }
    let mut names = Vec::new();
    let mut places = Vec::new();
    for name in parsed.params() {
        let at = names.iter().position(|known| known == name).unwrap_or(names.len());
        if at == names.len() {
            names.push(name.clone());
        }
        places.push(at);
    }
    let params = match names.len() == params.len() {
        true => places.into_iter().map(|at| params[at].clone()).collect(),
        false => params.to_vec(),
    };
    let sql = String::from_utf8_lossy(parsed.query()).into_owned();
    (sql, Params::Positional(params))
}

async fn finish<P: Protocol>(
    mut result: QueryResult<'_, 'static, P>,
    wanted: Wanted,
) -> Result<Value, Error> {
    if wanted == Wanted::Count {
        let count = result.affected_rows();
        result.drop_result().await?;
        return Ok(Value::Int(count as i64));
    }
    let kinds = result.columns();
    let kinds = kinds.as_deref().unwrap_or_default();
    let columns = Columns::new(kinds.iter().map(|column| column.name_str().into_owned()));
    let mut rows = Vec::new();
    while let Some(row) = result.next().await? {
        let values = row.unwrap().into_iter().zip(kinds);
        rows.push(columns.row(values.map(|(value, column)| columns::from_sql(value, column))));
    }
    result.drop_result().await?;
    Ok(Value::array(rows))
}

/// Begins a transaction, for as long as its guard lives.
///
/// # Errors
/// The text of the fault.
pub(super) async fn begin(
    guard: Weak<Guard>,
    pool: Server,
    pool_id: String,
) -> Result<Value, String> {
    let connection = InUse::take(&pool).await;
    let mut connection =
        connection.map_err(|why| format!("mysql.begin() connection error: {why}"))?;
    let begun = connection.connection().query_drop("BEGIN").await;
    begun.map_err(|error| format!("mysql.begin() error: {}", words(&error)))?;
    let Some(guard) = guard.upgrade() else {
        return Err("mysql.begin() error: cancelled".to_owned());
    };
    registry::add_transaction(&guard.0, &pool_id, connection);
    Ok(guard.0.as_str().into())
}

/// The id of a new transaction.
pub(super) fn transaction_id() -> String {
    format!("mysql_tx_{}", Uuid::new_v4())
}

/// Ends a transaction by `COMMIT` or `ROLLBACK`; it goes on when that fails.
///
/// # Errors
/// The text of the fault.
pub(super) async fn end(id: String, sql: &str, name: &str) -> Result<Value, String> {
    let transaction = registry::transaction(&id)?;
    let mut connection = transaction.connection.lock().await;
    let Some(on) = connection.as_mut() else {
        return Err(format!("MySQL transaction '{id}' not found"));
    };
    on.is_busy = true;
    let ended = on.connection().query_drop(sql).await;
    on.is_busy = false;
    ended.map_err(|error| format!("{name}() error: {}", words(&error)))?;
    drop(connection.take());
    registry::forget_transaction(&id);
    Ok(Value::Null)
}

/// The number that the last insertion of a transaction made.
///
/// # Errors
/// The text of the fault.
pub(super) async fn last_insert_id(id: String) -> Result<Value, String> {
    let transaction = registry::transaction(&id)?;
    let mut connection = transaction.connection.lock().await;
    let last = connection.as_mut().and_then(|on| on.connection().last_insert_id());
    Ok(Value::Int(last.unwrap_or(0) as i64))
}

/// Closes a pool: whether there was one.
///
/// # Errors
/// The text of the fault.
pub(super) async fn close(id: String) -> Result<Value, String> {
    let Some(pool) = registry::take_pool(&id)? else { return Ok(false.into()) };
    pool.pool
        .disconnect()
        .await
        .map_err(|error| format!("mysql.close() error: {}", words(&error)))?;
    Ok(true.into())
}

/// Runs what has not been run yet: the names of those. A server commits each change of a schema at once, so what a
/// file did before it failed stays.
///
/// # Errors
/// The file that failed, and why.
pub(super) async fn migrate(id: String, all: Vec<Migration>) -> Result<Vec<String>, String> {
    let pool = registry::pool(&id)?;
    let mut used = InUse::take(&pool).await?;
    used.is_busy = true;
    let on = used.connection();
    on.query_drop(CREATE).await.map_err(|error| words(&error))?;
    on.query_drop("SELECT GET_LOCK('forge_migrations', 60)")
        .await
        .map_err(|error| words(&error))?;
    let mut done = Vec::new();
    for migration in all {
        let applied = apply(on, &migration).await;
        if applied.map_err(|error| format!("{}: {}", migration.name, words(&error)))? {
            done.push(migration.name);
        }
    }
    used.is_busy = false;
    Ok(done)
}

/// Runs one, unless somebody has.
async fn apply(on: &mut Conn, migration: &Migration) -> Result<bool, Error> {
    let name = || (migration.name.as_str(),);
    let find = "SELECT 1 FROM forge_migrations WHERE name = ?";
    if on.exec_first::<u8, _, _>(find, name()).await?.is_some() {
        return Ok(false);
    }
    let mut result = on.query_iter(migration.sql.as_str()).await?;
    while !result.is_empty() {
        while result.next().await?.is_some() {}
    }
    result.drop_result().await?;
    on.exec_drop("INSERT INTO forge_migrations (name) VALUES (?)", name()).await?;
    Ok(true)
}
