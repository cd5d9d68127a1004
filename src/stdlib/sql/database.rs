//! A database or a transaction on it, whichever server it is.

use super::placeholders;
use crate::stdlib::current::WorldId;
use crate::stdlib::db;
use crate::stdlib::files::Files;
use crate::stdlib::migrations::Migration;
use crate::stdlib::mysql;
use crate::stdlib::network::on_network;
use crate::stdlib::pg;
use crate::stdlib::pools::Limits;
use crate::value::Object;
use crate::value::Resource;
use crate::value::Value;
use std::sync::Arc;

/// A handle on a database, or on a transaction.
#[derive(Clone)]
pub(super) struct Database(Arc<Inner>);

struct Inner {
    server: Server,
    is_transaction: bool,
}

enum Server {
    Sqlite(db::Current),
    Postgres(pg::Current),
    Mysql(mysql::Place),
}

/// What a statement is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Its rows.
    Rows,
    /// How many rows it changed.
    Count,
}

/// How connections are opened.
#[derive(Default)]
pub(super) struct Options {
    tls: Option<String>,
    limits: Limits,
}

impl Options {
    /// What an object says.
    pub(super) fn of(options: &Object) -> Options {
        let tls = match options.get("tls").map(Value::thawed) {
            Some(Value::Str(tls)) => Some(tls.as_str().to_owned()),
            _ => None,
        };
        Options { tls, limits: Limits::of(options) }
    }
}

impl Database {
    /// Opens what a URL names.
    ///
    /// # Errors
    /// The reason.
    pub(super) async fn open(
        url: &str,
        options: Options,
        files: Files,
    ) -> Result<Database, String> {
        let scheme = url.split(':').next().unwrap_or_default();
        let server = match scheme {
            "sqlite" => {
                let path = url[scheme.len() + 1..].trim_start_matches("//");
                Server::Sqlite(db::Current::new(
                    WorldId::NOBODY,
                    Some(db::open_for_sql(path.to_owned(), files).await?),
                ))
            }
            "postgres" | "postgresql" => {
                let tls = options.tls.as_deref().unwrap_or_default();
                let server = pg::open_for_sql(url, tls, options.limits).await?;
                Server::Postgres(pg::Current::new(WorldId::NOBODY, Some(server)))
            }
            "mysql" | "mariadb" => {
                let url = format!("mysql{}", &url[scheme.len()..]);
                Server::Mysql(on_network(mysql::Place::open(url, options.limits)).await?)
            }
            other => {
                return Err(format!(
                    "unknown kind of database '{other}': sqlite, postgres and mysql are known"
                ));
            }
        };
        Ok(Database(Arc::new(Inner { server, is_transaction: false })))
    }

    /// Which database it is.
    pub(super) fn kind_of_server(&self) -> &'static str {
        match &self.0.server {
            Server::Sqlite(_) => "sqlite",
            Server::Postgres(_) => "postgres",
            Server::Mysql(_) => "mysql",
        }
    }

    /// Whether it is a transaction.
    pub(super) fn is_transaction(&self) -> bool {
        self.0.is_transaction
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// The reason.
    pub(super) async fn begin(&self) -> Result<Database, String> {
        if self.is_transaction() {
            return Err("a transaction is under way".to_owned());
        }
        let server = match &self.0.server {
            Server::Sqlite(current) => {
                Server::Sqlite(db::Current::new(WorldId::ANYBODY, current.database()))
            }
            Server::Postgres(current) => {
                Server::Postgres(pg::Current::new(WorldId::ANYBODY, current.database()))
            }
            Server::Mysql(place) => Server::Mysql(on_network(place.clone().begin()).await?),
        };
        let begun = Database(Arc::new(Inner { server, is_transaction: true }));
        match &begun.0.server {
            Server::Sqlite(current) => db::control_for_sql(current.clone(), "BEGIN").await?,
            Server::Postgres(current) => pg::control_for_sql(current.clone(), "BEGIN").await?,
            Server::Mysql(_) => {}
        }
        Ok(begun)
    }

    /// Ends a transaction.
    ///
    /// # Errors
    /// The reason.
    pub(super) async fn end(&self, sql: &'static str) -> Result<Value, String> {
        self.check()?;
        match &self.0.server {
            Server::Sqlite(current) => db::control_for_sql(current.clone(), sql).await?,
            Server::Postgres(current) => pg::control_for_sql(current.clone(), sql).await?,
            Server::Mysql(place) => on_network(place.clone().end(sql)).await?,
        }
        Ok(Value::Null)
    }

    /// That a transaction has not ended.
    fn check(&self) -> Result<(), String> {
        let is_open = match &self.0.server {
            _ if !self.is_transaction() => true,
            Server::Sqlite(current) => current.is_begun(WorldId::ANYBODY),
            Server::Postgres(current) => current.is_begun(WorldId::ANYBODY),
            Server::Mysql(place) => place.is_open(),
        };
        match is_open {
            true => Ok(()),
            false => Err("the transaction has ended".to_owned()),
        }
    }

    /// Runs a statement.
    ///
    /// # Errors
    /// The reason.
    pub(super) async fn run(
        &self,
        sql: &str,
        params: Vec<Value>,
        wanted: Wanted,
    ) -> Result<Value, String> {
        self.check()?;
        let wants_rows = wanted == Wanted::Rows;
        match &self.0.server {
            Server::Sqlite(current) => {
                db::run_for_sql(current.clone(), &placeholders::plain(sql), &params, wants_rows)
                    .await
            }
            Server::Postgres(current) => {
                pg::run_for_sql(current.clone(), &placeholders::numbered(sql), params, wants_rows)
                    .await
            }
            Server::Mysql(place) => {
                let sql = placeholders::plain(sql);
                on_network(place.clone().run(sql, params, wants_rows)).await
            }
        }
    }

    /// Runs what has not been run yet: the names of those.
    ///
    /// # Errors
    /// The reason.
    pub(super) async fn migrate(&self, all: Vec<Migration>) -> Result<Vec<String>, String> {
        match &self.0.server {
            Server::Sqlite(current) => db::migrate_for_sql(current.clone(), all).await,
            Server::Postgres(current) => pg::migrate_for_sql(current.clone(), all).await,
            Server::Mysql(place) => on_network(place.clone().migrate(all)).await,
        }
    }
}

impl Resource for Database {
    fn kind(&self) -> &'static str {
        if self.is_transaction() { "Transaction" } else { "Database" }
    }

    fn shown(&self) -> &'static str {
        if self.is_transaction() { "<transaction>" } else { "<database>" }
    }

    fn address(&self) -> usize {
        Arc::as_ptr(&self.0) as usize
    }
}
