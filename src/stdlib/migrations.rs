//! Changes of a schema: the `*.sql` files of a folder, each run once, in the order of their names.

use super::MEMBER;
use super::files::Files;
use super::network::blocking;
use crate::diag::Fault;
use crate::native::Builtin;
use crate::native::Caller;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::fail;
use crate::native::required;
use crate::value::Value;
use std::io;
use std::path::Path;

/// `migrate` of the current database.
pub(super) const MIGRATE: Builtin = Builtin {
    params: &[required("folder", Kind::String)],
    returns: Returns::Array,
    requires: "a folder path string",
    doc: "Runs the `*.sql` files of a folder that have not been run on this database, in the order of their names: the names \
          of those. Each is a transaction.",
    ..MEMBER
};

/// The table that remembers which have been run.
pub(super) const CREATE: &str = "CREATE TABLE IF NOT EXISTS forge_migrations (\
    name VARCHAR(255) PRIMARY KEY, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)";

/// A file.
pub(super) struct Migration {
    /// Its name.
    pub(super) name: String,
    /// Its statements.
    pub(super) sql: String,
}

/// Runs those of a folder by `run`, which gives the names of those that had not been run; `failed` begins what is said
/// when one cannot be.
///
/// # Errors
/// When it is confined and leads out.
pub(super) fn migrate<F>(
    caller: &mut Caller<'_>,
    folder: &str,
    failed: &'static str,
    run: impl FnOnce(Vec<Migration>) -> F + Send + 'static,
) -> Result<Outcome, Fault>
where
    F: Future<Output = Result<Vec<String>, String>> + Send,
{
    let folder = Files::of(caller).locate(folder)?;
    Ok(Outcome::Wait(Box::pin(async move {
        let done = match blocking(move || read(&folder)).await {
            Ok(all) => run(all).await,
            Err(error) => Err(error.to_string()),
        };
        match done {
            Ok(names) => Ok(Value::array(names.into_iter().map(Value::from).collect())),
            Err(why) => fail(format!("{failed}: {why}")),
        }
    })))
}

/// The files of a folder; blocks.
///
/// # Errors
/// When they cannot be read.
fn read(folder: &Path) -> io::Result<Vec<Migration>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.filter(|name| name.ends_with(".sql")) {
            found.push(Migration { name: name.to_owned(), sql: std::fs::read_to_string(&path)? });
        }
    }
    found.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(found)
}
