//! Runs SQL text on one connection (stdlib 5.1).

use super::values;
use crate::stdlib::rows::Columns;
use crate::value::Value;
use rusqlite::Connection;
use rusqlite::Error;
use rusqlite::Statement;
use rusqlite::fallible_iterator::FallibleIterator;
use rusqlite::types::Value as Sql;

/// What SQLite says of a text in which nothing is to be done.
const EMPTY: &str = "bad parameter or other API misuse";

/// Runs one statement and gives its rows.
///
/// # Errors
/// The text of the fault.
pub(super) fn query(on: &Connection, sql: &str, params: &[Sql]) -> Result<Value, String> {
    let failed = |error: Error| match error {
        Error::Empty => format!("db.query row error: {EMPTY}"),
        error => format!("db.query error: {error}"),
    };
    let mut statement = on.prepare_cached(sql).map_err(failed)?;
    bind(&mut statement, params).map_err(failed)?;
    let names = statement.column_names();
    let columns = Columns::new(names.into_iter().map(str::to_owned));
    let mut rows = statement.raw_query();
    let mut found = Vec::new();
    let failed = |error: Error| format!("db.query row error: {error}");
    while let Some(row) = rows.next().map_err(failed)? {
        let values = (0..columns.len()).map(|i| row.get_ref(i).map(values::from_sql));
        found.push(columns.row(values.collect::<Result<Vec<_>, _>>().map_err(failed)?));
    }
    Ok(Value::array(found))
}

/// Runs one statement that gives no rows: how many rows it changed.
///
/// # Errors
/// What SQLite says.
pub(super) fn execute(on: &Connection, sql: &str, params: &[Sql]) -> Result<usize, String> {
    let failed = |error: Error| match error {
        Error::Empty => EMPTY.to_owned(),
        error => error.to_string(),
    };
    let mut statement = on.prepare_cached(sql).map_err(failed)?;
    bind(&mut statement, params).map_err(failed)?;
    statement.raw_execute().map_err(failed)
}

/// Runs all statements of a text; rows are dropped.
///
/// # Errors
/// What SQLite says of the first that fails; those before it have been run.
pub(super) fn batch(on: &Connection, sql: &str) -> Result<(), String> {
    run_all(on, sql).map_err(|error| error.to_string())
}

fn run_all(on: &Connection, sql: &str) -> Result<(), Error> {
    let mut statements = rusqlite::Batch::new(on, sql);
    while let Some(mut statement) = statements.next()? {
        bind(&mut statement, &[])?;
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
    }
    Ok(())
}

fn bind(statement: &mut Statement<'_>, params: &[Sql]) -> Result<(), Error> {
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(Error::InvalidParameterCount(params.len(), wanted));
    }
    for (i, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(i + 1, param)?;
    }
    Ok(())
}
