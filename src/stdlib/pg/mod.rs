//! `pg`: PostgreSQL (stdlib 6).

mod client;
mod columns;
mod connect;
mod migrate;
mod params;

use super::MEMBER;
use super::current;
use super::current::WorldId;
use super::migrations;
use super::pools::Limits;
use super::statements::Effect;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Caller;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::native::with_caller;
use crate::value::Value;
pub(super) use client::Current;
use client::Job;
use client::Server;
use client::Wanted;
use connect::Mode;
use std::error::Error as _;
use std::sync::Arc;

/// What `Surroundings` calls the current server.
const KIND: &str = "pg";

const CLOSED: &str = "no pg connection open";

/// Connections that a pool opens at most, unless the options say otherwise.
const POOL: usize = 16;

const SQL: &[Param] = &[required("sql", Kind::String), optional("params", Kind::Array)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "pg.connect",
        params: &[
            required("connection", Kind::String),
            optional("tls", Kind::String),
            optional("options", Kind::Object),
        ],
        returns: Returns::Bool,
        requires: "a connection string",
        doc: "Connects to a server, which becomes the current one of this task and of those that come from it. With TLS unless \
              the second argument is `disable`, or `no-verify` for TLS with any certificate. Option `pool`: how many \
              connections are opened at most; `wait`: for how many seconds one is waited for.",
        examples: &[(
            "try { pg.connect(\"nonsense\") } catch e { say e.message }",
            "pg.connect (TLS) error: invalid connection string: unexpected EOF",
        )],
        run: connect,
        ..MEMBER
    },
    Builtin {
        name: "pg.query",
        params: SQL,
        returns: Returns::Array,
        requires: "a SQL string",
        doc: "The rows that one statement gives, as objects. Parameters stand for `$1`, `$2` in the text; they are never part \
              of it.",
        examples: &[("try { pg.query(\"SELECT 1\") } catch e { say e.message }", CLOSED)],
        work: Work::Parts,
        run: |args| statement(args, Wanted::Rows, "pg.query error"),
        ..MEMBER
    },
    Builtin {
        name: "pg.execute",
        params: SQL,
        returns: Returns::Int,
        requires: "a SQL string",
        doc: "Runs one statement: how many rows it met.",
        examples: &[("try { pg.execute(\"SELECT 1\") } catch e { say e.message }", CLOSED)],
        work: Work::Parts,
        run: |args| statement(args, Wanted::Count, "pg.execute error"),
        ..MEMBER
    },
    Builtin {
        name: "pg.close",
        doc: "Closes the current connection for this task; a transaction under way is rolled back.",
        examples: &[("say pg.close()", "null")],
        run: |_| current::forget(KIND),
        ..MEMBER
    },
    Builtin {
        name: "pg.begin",
        doc: "Begins a transaction of this task. It is rolled back if the task ends without `pg.commit()`.",
        examples: &[("try { pg.begin() } catch e { say e.message }", CLOSED)],
        run: |_| with_caller(|caller| run(caller, plain("BEGIN"), "pg.begin error")),
        ..MEMBER
    },
    Builtin {
        name: "pg.commit",
        doc: "Makes what a transaction has changed lasting, and seen by others.",
        examples: &[("try { pg.commit() } catch e { say e.message }", CLOSED)],
        run: |_| with_caller(|caller| run(caller, plain("COMMIT"), "pg.commit error")),
        ..MEMBER
    },
    Builtin {
        name: "pg.rollback",
        doc: "Takes back what a transaction has changed.",
        examples: &[("try { pg.rollback() } catch e { say e.message }", CLOSED)],
        run: |_| with_caller(|caller| run(caller, plain("ROLLBACK"), "pg.rollback error")),
        ..MEMBER
    },
    Builtin {
        name: "pg.migrate",
        examples: &[("try { pg.migrate(\"migrations\") } catch e { say e.message }", CLOSED)],
        run: migrate,
        ..migrations::MIGRATE
    },
];

/// A statement without parameters, for its effect.
fn plain(sql: &str) -> Job {
    Job { sql: sql.into(), params: Vec::new(), wanted: Wanted::Batch }
}

/// An error with its reasons: what the server says, and its code.
fn explained(error: &tokio_postgres::Error) -> String {
    if let Some(server) = error.as_db_error() {
        return format!("{error}: {server} (SQLSTATE {})", server.code().code());
    }
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}

fn connect(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let text = args.str(0).to_owned();
    let mode = match args.given(1) {
        Some(Value::Str(mode)) => Mode::of(mode),
        _ => Mode::Tls,
    };
    let limits = match args.given(2) {
        Some(Value::Object(options)) => Limits::of(options),
        _ => Limits::default(),
    };
    with_caller(move |caller| {
        let current: Current = current::own(caller, KIND, |server| server);
        Ok(Outcome::Wait(Box::pin(async move {
            let server = opened(&text, mode, limits).await;
            let failed = |why| Fault::message(format!("{} error: {why}", mode.call()));
            current.set(server.map_err(failed)?).await;
            Ok(true.into())
        })))
    })
}

/// Connects once, to see that it works.
async fn opened(text: &str, mode: Mode, limits: Limits) -> Result<Arc<Server>, String> {
    let size = limits.size.unwrap_or(POOL);
    let pool = connect::pool(text, mode, size, limits.patience);
    let pool = pool.map_err(|error| explained(&error))?;
    let server = Server { pool, mode, patience: limits.patience };
    drop(server.connection().await?);
    Ok(Arc::new(server))
}

/// Connects for `sql`.
///
/// # Errors
/// The reason.
pub(super) async fn open_for_sql(
    text: &str,
    tls: &str,
    limits: Limits,
) -> Result<Arc<Server>, String> {
    opened(text, Mode::of(tls), limits).await
}

/// Runs a statement for `sql`: its rows, or how many it met.
///
/// # Errors
/// The reason.
pub(super) async fn run_for_sql(
    current: Current,
    sql: &str,
    params: Vec<Value>,
    wants_rows: bool,
) -> Result<Value, String> {
    let server = current.database().ok_or(CLOSED)?;
    let wanted = if wants_rows { Wanted::Rows } else { Wanted::Count };
    let job = Job { sql: sql.into(), params, wanted };
    client::run(server, current, WorldId::ANYBODY, job).await
}

/// Begins or ends a transaction for `sql`.
///
/// # Errors
/// The reason.
pub(super) async fn control_for_sql(current: Current, sql: &str) -> Result<(), String> {
    let server = current.database().ok_or(CLOSED)?;
    client::run(server, current, WorldId::ANYBODY, plain(sql)).await.map(drop)
}

/// Runs what has not been run yet, for `sql`.
///
/// # Errors
/// The reason.
pub(super) async fn migrate_for_sql(
    current: Current,
    all: Vec<migrations::Migration>,
) -> Result<Vec<String>, String> {
    migrate::migrate(&*current.database().ok_or(CLOSED)?, all).await
}

fn statement(args: &mut Args<'_>, wanted: Wanted, failed: &'static str) -> Result<Outcome, Fault> {
    let params = match args.given(1) {
        Some(Value::Array(params)) => params.to_vec(),
        _ => Vec::new(),
    };
    let job = Job { sql: args.str(0).into(), params, wanted };
    with_caller(move |caller| run(caller, job, failed))
}

/// Runs a statement for the task that calls.
fn run(caller: &mut Caller<'_>, job: Job, failed: &'static str) -> Result<Outcome, Fault> {
    let world = WorldId::of(caller.world);
    let (mut current, server) = current(caller)?;
    if Effect::of(&job.sql) == Effect::Begins {
        current = current::own(caller, KIND, |server| server);
    }
    Ok(Outcome::Wait(Box::pin(async move {
        let result = client::run(server, current, world, job).await;
        result.map_err(|why| Fault::message(format!("{failed}: {why}")))
    })))
}

/// The current server.
///
/// # Errors
/// When there is none.
fn current(caller: &mut Caller<'_>) -> Result<(Current, Arc<Server>), Fault> {
    let current: Option<Current> = current::find(caller, KIND);
    let open = current.and_then(|current| Some((current.clone(), current.database()?)));
    open.ok_or_else(|| Fault::message(CLOSED))
}

fn migrate(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let folder = args.str(0).to_owned();
    with_caller(move |caller| {
        let (_, server) = current(caller)?;
        migrations::migrate(caller, &folder, "pg.migrate error", async move |all| {
            migrate::migrate(&server, all).await
        })
    })
}
