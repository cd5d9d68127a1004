//! `pg.migrate`.

use super::client::Server;
use super::explained;
use crate::stdlib::migrations::CREATE;
use crate::stdlib::migrations::Migration;
use deadpool_postgres::Transaction;
use tokio_postgres::Error;

/// Keeps two processes from migrating at the same time.
const LOCK: &str = "LOCK TABLE forge_migrations IN EXCLUSIVE MODE";

/// Runs what has not been run yet: the names of those.
///
/// # Errors
/// The file that failed, and why. Nothing of it is left, and all before it is done.
pub(super) async fn migrate(server: &Server, all: Vec<Migration>) -> Result<Vec<String>, String> {
    let mut on = server.connection().await?;
    on.batch_execute(CREATE).await.map_err(|error| explained(&error))?;
    let mut done = Vec::new();
    for migration in all {
        let failed = |error: Error| format!("{}: {}", migration.name, explained(&error));
        let transaction = on.transaction().await.map_err(failed)?;
        if apply(&transaction, &migration).await.map_err(failed)? {
            transaction.commit().await.map_err(failed)?;
            done.push(migration.name);
        }
    }
    Ok(done)
}

/// Runs one, unless somebody has.
async fn apply(on: &Transaction<'_>, migration: &Migration) -> Result<bool, Error> {
    on.batch_execute(LOCK).await?;
    let name = &migration.name;
    let find = "SELECT 1 FROM forge_migrations WHERE name = $1";
    if on.query_opt(find, &[name]).await?.is_some() {
        return Ok(false);
    }
    on.batch_execute(&migration.sql).await?;
    on.execute("INSERT INTO forge_migrations (name) VALUES ($1)", &[name]).await?;
    Ok(true)
}
