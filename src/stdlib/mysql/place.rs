//! A pool, or a transaction on it, as `sql` holds it: both go with the last handle.

use super::client;
use super::client::Job;
use super::client::Wanted;
use super::columns;
use super::options;
use super::registry;
use super::registry::Guard;
use super::registry::PoolGuard;
use crate::stdlib::migrations::Migration;
use crate::stdlib::pools::Limits;
use crate::value::Value;
use std::sync::Arc;

/// Where statements run.
#[derive(Clone)]
pub(in crate::stdlib) struct Place {
    pool: Arc<PoolGuard>,
    transaction: Option<Arc<Guard>>,
}

impl Place {
    /// A new pool.
    ///
    /// # Errors
    /// The reason.
    pub(in crate::stdlib) async fn open(url: String, limits: Limits) -> Result<Place, String> {
        let opts = options::of_url(&url, limits.size).map_err(|error| error.to_string())?;
        let id = registry::next_id();
        client::connect(id.clone(), opts, limits.patience).await.map_err(short)?;
        Ok(Place { pool: Arc::new(PoolGuard(id)), transaction: None })
    }

    /// A new transaction.
    ///
    /// # Errors
    /// The reason.
    pub(in crate::stdlib) async fn begin(self) -> Result<Place, String> {
        let guard = Arc::new(Guard(client::transaction_id()));
        let pool = registry::pool(&self.pool.0)?;
        let begun = Arc::downgrade(&guard);
        client::begin(begun, pool, self.pool.0.clone()).await.map_err(short)?;
        Ok(Place { transaction: Some(guard), ..self })
    }

    /// Whether its transaction has not ended.
    pub(in crate::stdlib) fn is_open(&self) -> bool {
        self.transaction.as_ref().is_some_and(|guard| guard.is_open())
    }

    /// Ends the transaction.
    ///
    /// # Errors
    /// The reason.
    pub(in crate::stdlib) async fn end(self, sql: &'static str) -> Result<(), String> {
        client::end(self.id(), sql, "mysql").await.map(drop).map_err(short)
    }

    /// Runs a statement: its rows, or how many it changed.
    ///
    /// # Errors
    /// The reason.
    pub(in crate::stdlib) async fn run(
        self,
        sql: String,
        params: Vec<Value>,
        wants_rows: bool,
    ) -> Result<Value, String> {
        let params = params.iter().map(columns::to_sql).collect::<Result<Vec<_>, _>>()?;
        let wanted = if wants_rows { Wanted::Rows } else { Wanted::Count };
        client::run(Job { id: self.id(), sql, params, wanted }, "mysql").await.map_err(short)
    }

    /// Runs what has not been run yet: the names of those.
    ///
    /// # Errors
    /// The reason.
    pub(in crate::stdlib) async fn migrate(
        self,
        all: Vec<Migration>,
    ) -> Result<Vec<String>, String> {
        client::migrate(self.pool.0.clone(), all).await
    }

    fn id(&self) -> String {
        self.transaction.as_ref().map_or(&self.pool.0, |guard| &guard.0).clone()
    }
}

/// A reason without the name of a builtin that the program has not called.
fn short(why: String) -> String {
    let rest = ["mysql.connect() ", "mysql.begin() ", "mysql() "];
    let why = rest.iter().find_map(|name| why.strip_prefix(name)).unwrap_or(&why);
    let rest = ["error: ", "connection error: "];
    rest.iter().find_map(|head| why.strip_prefix(head)).unwrap_or(why).to_owned()
}
