//! `db.migrate`.

use crate::stdlib::migrations::CREATE;
use crate::stdlib::migrations::Migration;
use rusqlite::Connection;
use rusqlite::Error;
use rusqlite::OptionalExtension;

/// Runs what has not been run yet: the names of those.
///
/// # Errors
/// The file that failed, and why. Nothing of it is left, and all before it is done.
pub(super) fn migrate(on: &Connection, all: &[Migration]) -> Result<Vec<String>, String> {
    if !on.is_autocommit() {
        return Err("a transaction is under way".to_owned());
    }
    on.execute_batch(CREATE).map_err(|error| error.to_string())?;
    let mut done = Vec::new();
    for migration in all {
        match apply(on, migration) {
            Ok(true) => done.push(migration.name.clone()),
            Ok(false) => {}
            Err(error) => {
                // Unless SQLite has rolled back already.
                let _ = on.execute_batch("ROLLBACK");
                return Err(format!("{}: {error}", migration.name));
            }
        }
    }
    Ok(done)
}

/// Runs one in a transaction of its own, unless somebody has.
fn apply(on: &Connection, migration: &Migration) -> Result<bool, Error> {
    on.execute_batch("BEGIN IMMEDIATE")?;
    let name = [&migration.name];
    let mut find = on.prepare_cached("SELECT 1 FROM forge_migrations WHERE name = ?")?;
    let is_done = find.query_row(name, |_| Ok(())).optional()?.is_some();
    if !is_done {
        on.execute_batch(&migration.sql)?;
        on.execute("INSERT INTO forge_migrations (name) VALUES (?)", name)?;
    }
    on.execute_batch("COMMIT")?;
    Ok(!is_done)
}
