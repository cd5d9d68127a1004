//! `sql`: one interface over SQLite, PostgreSQL, MySQL and MariaDB.

mod database;
mod placeholders;

use super::MEMBER;
use super::files::Files;
use super::migrations;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::native::with_caller;
use crate::value::Handle;
use crate::value::Value;
use database::Database;
use database::Wanted;

const DATABASE: Param = required("database", Kind::Any);

const SQL: &[Param] = &[DATABASE, required("sql", Kind::String), optional("params", Kind::Array)];

/// A function of a database or a transaction.
const OF_DATABASE: Builtin =
    Builtin { params: &[DATABASE], requires: "a database or a transaction", ..MEMBER };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "sql.open",
        params: &[required("url", Kind::String), optional("options", Kind::Object)],
        requires: "a URL string",
        doc: "Opens a database: `sqlite:PATH`, `sqlite::memory:`, `postgres://...` or `mysql://...`. Option `tls` as of \
              `pg.connect`; of servers `pool`: how many connections are opened at most, and `wait`: for how many seconds one is \
              waited for.",
        examples: &[
            (
                "say sql.query(sql.open(\"sqlite::memory:\"), \"SELECT ? AS a\", [1])",
                "[{ \"a\": 1 }]",
            ),
            (
                "try { sql.open(\"ftp://x\") } catch e { say e.message }",
                "sql.open error: unknown kind of database 'ftp': sqlite, postgres and mysql are known",
            ),
        ],
        run: open,
        ..MEMBER
    },
    Builtin {
        name: "sql.query",
        params: SQL,
        returns: Returns::Array,
        requires: "(database, sql)",
        doc: "The rows that one statement gives, as objects. Parameters stand for `?` in the text, whatever the database is; \
              `??` is a question mark. The first argument is a database or a transaction.",
        examples: &[(
            "let d = sql.open(\"sqlite::memory:\")\nsay sql.query(d, \"SELECT 1 + ? AS n\", [2])[0].n",
            "3",
        )],
        work: Work::Parts,
        run: |args| statement(args, Wanted::Rows),
        ..OF_DATABASE
    },
    Builtin {
        name: "sql.execute",
        params: SQL,
        returns: Returns::Int,
        requires: "(database, sql)",
        doc: "Runs one statement: how many rows it changed.",
        examples: &[(
            concat!(
                "let d = sql.open(\"sqlite::memory:\")\nsql.execute(d, \"CREATE TABLE t (n INTEGER)\")\n",
                "say sql.execute(d, \"INSERT INTO t VALUES (?), (2)\", [1])"
            ),
            "2",
        )],
        work: Work::Parts,
        run: |args| statement(args, Wanted::Count),
        ..OF_DATABASE
    },
    Builtin {
        name: "sql.begin",
        doc: "Begins a transaction and gives it: what is run on it is seen by others once `sql.commit` has been called. It is \
              rolled back when nothing holds it any more.",
        examples: &[(
            "let d = sql.open(\"sqlite::memory:\")\nlet t = sql.begin(d)\nsql.execute(t, \"CREATE TABLE t (n INTEGER)\")\nsql.commit(t)\nsay sql.query(d, \"SELECT * FROM t\")",
            "[]",
        )],
        run: |args| {
            let database = database(args)?.clone();
            waits("sql.begin", async move { Ok(database.begin().await?.value()) })
        },
        ..OF_DATABASE
    },
    Builtin {
        name: "sql.commit",
        params: &[required("transaction", Kind::Any)],
        requires: "a transaction",
        doc: "Makes what a transaction has changed lasting, and ends it.",
        examples: &[(
            "try { sql.commit(sql.open(\"sqlite::memory:\")) } catch e { say e.message }",
            "sql.commit() requires a transaction",
        )],
        run: |args| end(args, "COMMIT", "sql.commit"),
        ..OF_DATABASE
    },
    Builtin {
        name: "sql.rollback",
        params: &[required("transaction", Kind::Any)],
        requires: "a transaction",
        doc: "Takes back what a transaction has changed, and ends it.",
        examples: &[(
            "let d = sql.open(\"sqlite::memory:\")\nlet t = sql.begin(d)\nsql.execute(t, \"CREATE TABLE t (n INTEGER)\")\nsql.rollback(t)\ntry { sql.query(t, \"SELECT 1\") } catch e { say e.message }",
            "sql.query error: the transaction has ended",
        )],
        run: |args| end(args, "ROLLBACK", "sql.rollback"),
        ..OF_DATABASE
    },
    Builtin {
        name: "sql.migrate",
        params: &[DATABASE, required("folder", Kind::String)],
        returns: Returns::Array,
        requires: "(database, folder)",
        doc: "Runs the `*.sql` files of a folder that have not been run on this database, in the order of their names: the \
              names of those.",
        examples: &[(
            "try { sql.migrate(sql.open(\"sqlite::memory:\"), \"/no/such/folder\") } catch e { say e.message }",
            "sql.migrate error: No such file or directory (os error 2)",
        )],
        run: migrate,
        ..OF_DATABASE
    },
    Builtin {
        name: "sql.kind",
        returns: Returns::String,
        doc: "Which database it is: `sqlite`, `postgres` or `mysql`.",
        examples: &[("say sql.kind(sql.open(\"sqlite::memory:\"))", "sqlite")],
        run: |args| Ok(database(args)?.kind_of_server().into()),
        ..OF_DATABASE
    },
];

/// The database or transaction that is the first argument.
fn database<'a>(args: &'a Args<'_>) -> Result<&'a Database, Fault> {
    let database = match args.get(0) {
        Value::Handle(handle) => handle.get::<Database>(),
        _ => None,
    };
    database.ok_or_else(|| args.requires())
}

fn waits(
    name: &'static str,
    work: impl Future<Output = Result<Value, String>> + Send + 'static,
) -> Result<Outcome, Fault> {
    Ok(Outcome::Wait(Box::pin(async move {
        work.await.map_err(|why| Fault::message(format!("{name} error: {why}")))
    })))
}

fn open(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let url = args.str(0).to_owned();
    let options = match args.given(1) {
        Some(Value::Object(options)) => database::Options::of(options),
        _ => database::Options::default(),
    };
    with_caller(move |caller| {
        let files = Files::of(caller);
        waits("sql.open", async move { Ok(Database::open(&url, options, files).await?.value()) })
    })
}

fn statement(args: &mut Args<'_>, wanted: Wanted) -> Result<Outcome, Fault> {
    let database = database(args)?.clone();
    let sql = args.str(1).to_owned();
    let params = match args.given(2) {
        Some(Value::Array(params)) => params.to_vec(),
        _ => Vec::new(),
    };
    waits(args.name(), async move { database.run(&sql, params, wanted).await })
}

fn end(args: &mut Args<'_>, sql: &'static str, name: &'static str) -> Result<Outcome, Fault> {
    let database = database(args)?.clone();
    if !database.is_transaction() {
        return Err(args.requires());
    }
    waits(name, async move { database.end(sql).await })
}

fn migrate(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let database = database(args)?.clone();
    let folder = args.str(1).to_owned();
    if database.is_transaction() {
        return fail("sql.migrate error: a transaction is under way");
    }
    with_caller(move |caller| {
        migrations::migrate(caller, &folder, "sql.migrate error", async move |all| {
            database.migrate(all).await
        })
    })
}

impl Database {
    fn value(self) -> Value {
        Value::Handle(Handle::new(self))
    }
}
