//! Changes of a schema: the `*.sql` files of a folder, each run once, in the order of their names.

use std::io;
use std::path::Path;

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

/// The files of a folder; blocks.
///
/// # Errors
/// When they cannot be read.
pub(super) fn read(folder: &Path) -> io::Result<Vec<Migration>> {
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
