//! `db`: SQLite (stdlib 5).

mod database;
mod migrate;
mod run;
mod statement;
mod values;

use super::MEMBER;
use super::current;
use super::current::WorldId;
use super::files::Files;
use super::migrations;
use super::network::blocking;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Caller;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::native::with_caller;
use crate::value::List;
use crate::value::Value;
use database::Database;
pub(super) use run::Current;
use run::Job;
use run::Open;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

/// What `Surroundings` calls the current database.
const KIND: &str = "db";

const CLOSED: &str = "no database connection open (call db.open() first)";

const SQL: &[Param] = &[required("sql", Kind::String), optional("params", Kind::Array)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "db.open",
        params: &[required("path", Kind::String)],
        returns: Returns::Bool,
        requires: "a path string (use ':memory:' for in-memory)",
        doc: "Opens a database, which becomes the current one of this task and of those that come from it: a file, made if it is \
              missing, or `:memory:`.",
        examples: &[("say db.open(\":memory:\")", "true")],
        run: open,
        ..MEMBER
    },
    Builtin {
        name: "db.query",
        params: SQL,
        returns: Returns::Array,
        requires: "a SQL string",
        doc: "The rows that one statement gives, as objects. Parameters stand for `?`, `?1` or `:name` in the text; they are \
              never part of it.",
        examples: &[(
            "db.open(\":memory:\")\nsay db.query(\"SELECT ? AS a, 1.5 AS b\", [\"x\"])",
            "[{ \"a\": \"x\", \"b\": 1.5 }]",
        )],
        work: Work::Parts,
        run: query,
        ..MEMBER
    },
    Builtin {
        name: "db.execute",
        params: SQL,
        requires: "a SQL string",
        doc: "Runs one statement with parameters, or, without any, all statements of a text.",
        examples: &[(
            "db.open(\":memory:\")\ndb.execute(\"CREATE TABLE t (n)\")\ndb.execute(\"INSERT INTO t VALUES (?)\", [1])\n\
             say db.query(\"SELECT n FROM t\")",
            "[{ \"n\": 1 }]",
        )],
        work: Work::Parts,
        run: execute,
        ..MEMBER
    },
    Builtin {
        name: "db.close",
        doc: "Closes the current database for this task; a transaction under way is rolled back.",
        examples: &[("say db.close()", "null")],
        run: |_| current::forget(KIND),
        ..MEMBER
    },
    Builtin {
        name: "db.last_insert_rowid",
        returns: Returns::Int,
        doc: "The number of the row that this task has inserted last; 0 before the first.",
        examples: &[("db.open(\":memory:\")\nsay db.last_insert_rowid()", "0")],
        run: |_| {
            with_caller(|caller| match current(caller) {
                Some((_, open)) => Ok(open.last_rowid.load(SeqCst).into()),
                None => fail(CLOSED),
            })
        },
        ..MEMBER
    },
    Builtin {
        name: "db.begin",
        doc: "Begins a transaction of this task. It is rolled back if the task ends without `db.commit()`; others wait until it \
              is over.",
        examples: &[(
            "db.open(\":memory:\")\ndb.execute(\"CREATE TABLE t (n)\")\ndb.begin()\ndb.execute(\"INSERT INTO t VALUES (1)\")\n\
             db.rollback()\nsay db.query(\"SELECT n FROM t\")",
            "[]",
        )],
        run: |_| transact("BEGIN", "db.begin error"),
        ..MEMBER
    },
    Builtin {
        name: "db.commit",
        doc: "Makes what a transaction has changed lasting, and seen by others.",
        examples: &[(
            "db.open(\":memory:\")\ntry { db.commit() } catch e { say e.message }",
            "db.commit error: cannot commit - no transaction is active",
        )],
        run: |_| transact("COMMIT", "db.commit error"),
        ..MEMBER
    },
    Builtin {
        name: "db.rollback",
        doc: "Takes back what a transaction has changed.",
        examples: &[(
            "db.open(\":memory:\")\ntry { db.rollback() } catch e { say e.message }",
            "db.rollback error: cannot rollback - no transaction is active",
        )],
        run: |_| transact("ROLLBACK", "db.rollback error"),
        ..MEMBER
    },
    Builtin {
        name: "db.migrate",
        examples: &[(
            "db.open(\":memory:\")\ntry { db.migrate(\"/no/such/folder\") } catch e { say e.message }",
            "db.migrate error: No such file or directory (os error 2)",
        )],
        run: migrate,
        ..migrations::MIGRATE
    },
];

/// The current database, if one is open.
fn current(caller: &mut Caller<'_>) -> Option<(Current, Open)> {
    let current: Current = current::find(caller, KIND)?;
    let open = current.database()?;
    Some((current, open))
}

/// What runs `sql` for the task that calls.
///
/// # Errors
/// When no database is open.
fn job(caller: &mut Caller<'_>, sql: Arc<str>, failed: &'static str) -> Result<Job, Fault> {
    let world = WorldId::of(caller.world);
    let Some((mut current, mut open)) = current(caller) else { return fail(CLOSED) };
    let begins = database::mentions(&sql, &["begin", "savepoint"]);
    let inserts = !current.is_of(world) && database::mentions(&sql, &["insert", "replace"]);
    if begins || inserts {
        current = current::own(caller, KIND, Open::fork);
        open = current.database().unwrap_or(open);
    }
    Ok(Job { current, open, world, sql, failed })
}

/// A task that waits for `work`.
fn waits<T: Into<Value>>(
    work: impl Future<Output = Result<T, String>> + Send + 'static,
) -> Result<Outcome, Fault> {
    Ok(Outcome::Wait(Box::pin(async move { work.await.map(Into::into).map_err(Fault::message) })))
}

fn open(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let path = args.str(0).to_owned();
    with_caller(move |caller| {
        let files = Files::of(caller);
        let path = located(&path, &files)?;
        let files = files.is_confined().then_some(files);
        let current: Current = current::own(caller, KIND, Open::fork);
        waits(async move {
            let opened = blocking(move || Database::open(&path, files)).await;
            let database = opened.map_err(|error| format!("db.open error: {error}"))?;
            current.set(Open::new(database)).await;
            Ok(true)
        })
    })
}

/// The path as SQLite takes it.
///
/// # Errors
/// When it is confined and leads out.
fn located(path: &str, files: &Files) -> Result<String, Fault> {
    if path.is_empty() || path == ":memory:" {
        return Ok(path.to_owned());
    }
    let Some(uri) = path.strip_prefix("file:") else {
        return Ok(files.locate(path)?.to_string_lossy().into_owned());
    };
    let (file, options) = uri.split_at(uri.find(['?', '#']).unwrap_or(uri.len()));
    if file.starts_with(":memory:") || file.is_empty() || options.contains("mode=memory") {
        return Ok(path.to_owned());
    }
    let file = file.strip_prefix("//localhost").or(file.strip_prefix("//")).unwrap_or(file);
    let file = percent_encoding::percent_decode_str(file).decode_utf8_lossy();
    let file = files.locate(&file)?.to_string_lossy().into_owned();
    let file = file.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    Ok(format!("file:{file}{options}"))
}

/// Opens a database for `sql`.
///
/// # Errors
/// The reason.
pub(super) async fn open_for_sql(path: String, files: Files) -> Result<Open, String> {
    let path = located(&path, &files).map_err(|fault| fault.to_string())?;
    let files = files.is_confined().then_some(files);
    let opened = blocking(move || Database::open(&path, files)).await;
    opened.map(Open::new).map_err(|error| error.to_string())
}

/// A job of whoever holds `current`.
fn job_for_sql(current: Current, sql: &str) -> Result<Job, String> {
    let open = current.database().ok_or(CLOSED)?;
    Ok(Job { current, open, world: WorldId::ANYBODY, sql: sql.into(), failed: "db.query error" })
}

/// Runs a statement for `sql`: its rows, or how many it changed.
///
/// # Errors
/// The reason.
pub(super) async fn run_for_sql(
    current: Current,
    sql: &str,
    params: &[Value],
    wants_rows: bool,
) -> Result<Value, String> {
    let params = params.iter().map(values::to_sql).collect::<Result<Vec<_>, _>>()?;
    let job = job_for_sql(current, sql)?;
    let sql = job.sql.clone();
    let result = match wants_rows {
        true => job.read(move |on| statement::query(on, &sql, &params)).await,
        false => {
            job.run(move |on| Ok(Value::Int(statement::execute(on, &sql, &params)? as i64))).await
        }
    };
    result.map_err(|why| {
        let reason =
            why.strip_prefix("db.query error: ").or(why.strip_prefix("db.query row error: "));
        reason.unwrap_or(&why).to_owned()
    })
}

/// Begins or ends a transaction for `sql`.
///
/// # Errors
/// The reason.
pub(super) async fn control_for_sql(current: Current, sql: &'static str) -> Result<(), String> {
    let work = job_for_sql(current, sql)?
        .run(move |on| on.execute_batch(sql).map_err(|error| error.to_string()));
    work.await
}

/// Runs what has not been run yet, for `sql`.
///
/// # Errors
/// The reason.
pub(super) async fn migrate_for_sql(
    current: Current,
    all: Vec<migrations::Migration>,
) -> Result<Vec<String>, String> {
    job_for_sql(current, "")?.run(move |on| migrate::migrate(on, &all)).await
}

/// Parameters as SQLite takes them.
fn bound(params: &List) -> Result<Vec<rusqlite::types::Value>, Fault> {
    params.iter().map(|value| values::to_sql(value).map_err(Fault::message)).collect()
}

fn query(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let sql: Arc<str> = args.str(0).into();
    let params = match args.given(1) {
        Some(Value::Array(params)) => bound(params)?,
        _ => Vec::new(),
    };
    with_caller(move |caller| {
        let job = job(caller, sql.clone(), "db.query error")?;
        waits(job.read(move |on| statement::query(on, &sql, &params)))
    })
}

fn execute(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let sql: Arc<str> = args.str(0).into();
    let params = match args.given(1) {
        Some(Value::Array(params)) => Some(bound(params)?),
        _ => None,
    };
    with_caller(move |caller| {
        let job = job(caller, sql.clone(), "db.execute error")?;
        waits(job.run(move |on| {
            let done = match &params {
                Some(params) => statement::execute(on, &sql, params).map(drop),
                None => statement::batch(on, &sql),
            };
            done.map(|()| Value::Null).map_err(|why| format!("db.execute error: {why}"))
        }))
    })
}

fn transact(sql: &'static str, failed: &'static str) -> Result<Outcome, Fault> {
    with_caller(move |caller| {
        let job = job(caller, sql.into(), failed)?;
        waits(job.run(move |on| match on.execute_batch(sql) {
            Ok(()) => Ok(Value::Null),
            Err(error) => Err(format!("{failed}: {error}")),
        }))
    })
}

fn migrate(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let folder = args.str(0).to_owned();
    with_caller(move |caller| {
        let job = job(caller, "".into(), "db.migrate error")?;
        migrations::migrate(caller, &folder, job.failed, |all| {
            job.run(move |on| migrate::migrate(on, &all))
        })
    })
}
