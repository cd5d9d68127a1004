//! `mysql`: MySQL and MariaDB (stdlib 7).

mod client;
mod columns;
mod options;
mod place;
mod registry;
mod words;

pub(super) use place::Place;

use super::MEMBER;
use super::migrations;
use super::network::on_network;
use super::pools::Limits;
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
use client::Job;
use client::Wanted;
use registry::Begun;
use registry::Guard;
use std::sync::Arc;

/// What `Surroundings` calls the transactions of a task.
const KIND: &str = "mysql";

const ID: Param = optional("connection", Kind::Any);

const SQL: &[Param] = &[ID, optional("sql", Kind::Any), optional("params", Kind::Any)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "mysql.connect",
        params: &[
            optional("url", Kind::Any),
            optional("user", Kind::Any),
            optional("password", Kind::Any),
            optional("database", Kind::Any),
            optional("port", Kind::Any),
        ],
        returns: Returns::String,
        doc: "Opens a pool of connections, by a URL or by host, user, password, database and perhaps port: its id.",
        examples: &[(
            "try { mysql.connect(1) } catch e { say e.message }",
            "mysql.connect() requires a connection string or (host, user, pass, db)",
        )],
        run: connect,
        ..MEMBER
    },
    Builtin {
        name: "mysql.query",
        params: SQL,
        returns: Returns::Array,
        doc: "The rows that a statement gives, as objects. Parameters stand for `?` in the text; they are never part of it. \
              The first argument is the id of a pool or of a transaction.",
        examples: &[(
            "try { mysql.query(\"mysql_0\", \"SELECT 1\") } catch e { say e.message }",
            "MySQL connection 'mysql_0' not found",
        )],
        work: Work::Parts,
        run: |args| statement(args, Wanted::Rows, "mysql.query"),
        ..MEMBER
    },
    Builtin {
        name: "mysql.execute",
        params: SQL,
        returns: Returns::Int,
        doc: "Runs a statement: how many rows it changed.",
        examples: &[(
            "try { mysql.execute(\"mysql_0\") } catch e { say e.message }",
            "mysql.execute() requires a SQL string as second argument",
        )],
        work: Work::Parts,
        run: |args| statement(args, Wanted::Count, "mysql.execute"),
        ..MEMBER
    },
    Builtin {
        name: "mysql.close",
        params: &[required("connection", Kind::String)],
        returns: Returns::Bool,
        requires: "a connection ID",
        doc: "Closes a pool: whether there was one. One with transactions under way is not closed.",
        examples: &[("say mysql.close(\"mysql_0\")", "false")],
        run: |args| waits(client::close(args.str(0).to_owned())),
        ..MEMBER
    },
    Builtin {
        name: "mysql.begin",
        params: &[required("connection", Kind::String)],
        returns: Returns::String,
        requires: "a connection ID",
        doc: "Begins a transaction on a connection of its own: its id. It is rolled back if the task ends without \
              `mysql.commit`.",
        examples: &[(
            "try { mysql.begin(\"mysql_0\") } catch e { say e.message }",
            "MySQL connection 'mysql_0' not found",
        )],
        run: begin,
        ..MEMBER
    },
    Builtin {
        name: "mysql.commit",
        params: &[required("transaction", Kind::String)],
        requires: "a transaction ID",
        doc: "Makes what a transaction has changed lasting, and ends it.",
        examples: &[(
            "try { mysql.commit(\"mysql_tx_0\") } catch e { say e.message }",
            "MySQL transaction 'mysql_tx_0' not found",
        )],
        run: |args| waits(client::end(args.str(0).to_owned(), "COMMIT", "mysql.commit")),
        ..MEMBER
    },
    Builtin {
        name: "mysql.rollback",
        params: &[required("transaction", Kind::String)],
        requires: "a transaction ID",
        doc: "Takes back what a transaction has changed, and ends it.",
        examples: &[(
            "try { mysql.rollback(5) } catch e { say e.message }",
            "mysql.rollback() requires a transaction ID",
        )],
        run: |args| waits(client::end(args.str(0).to_owned(), "ROLLBACK", "mysql.rollback")),
        ..MEMBER
    },
    Builtin {
        name: "mysql.last_insert_id",
        params: &[required("transaction", Kind::String)],
        returns: Returns::Int,
        requires: "a transaction ID",
        doc: "The number that the last insertion of a transaction made; 0 if none did.",
        examples: &[(
            "try { mysql.last_insert_id(\"mysql_tx_0\") } catch e { say e.message }",
            "MySQL transaction 'mysql_tx_0' not found",
        )],
        run: |args| waits(client::last_insert_id(args.str(0).to_owned())),
        ..MEMBER
    },
    Builtin {
        name: "mysql.migrate",
        params: &[required("connection", Kind::String), required("folder", Kind::String)],
        returns: Returns::Array,
        requires: "(connection, folder) strings",
        doc: "Runs the `*.sql` files of a folder that have not been run on this database, in the order of their names: the \
              names of those.",
        examples: &[(
            "try { mysql.migrate(5, 5) } catch e { say e.message }",
            "mysql.migrate() requires (connection, folder) strings",
        )],
        run: migrate,
        ..MEMBER
    },
];

/// A task that waits for `work` on the network's runtime, to which all connections belong.
fn waits(
    work: impl Future<Output = Result<Value, String>> + Send + 'static,
) -> Result<Outcome, Fault> {
    Ok(Outcome::Wait(Box::pin(async move { on_network(work).await.map_err(Fault::message) })))
}

fn connect(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let opts = match args.len() {
        1 => options::by_url(args),
        4 | 5 => options::by_parts(args),
        _ => fail("mysql.connect() requires 1 arg (url) or 4 args (host, user, pass, db)"),
    };
    // Those that fail count, too.
    let id = registry::next_id();
    waits(client::connect(id, opts?, Limits::default().patience))
}

fn statement(args: &mut Args<'_>, wanted: Wanted, name: &'static str) -> Result<Outcome, Fault> {
    let Value::Str(id) = args.get(0) else {
        return fail(format!("{name}() requires a connection ID as first argument"));
    };
    let Value::Str(sql) = args.get(1) else {
        return fail(format!("{name}() requires a SQL string as second argument"));
    };
    let params = match args.get(2) {
        Value::Array(params) => params.iter().map(columns::to_sql).collect(),
        Value::Null if args.len() < 3 => Ok(Vec::new()),
        _ => return fail(format!("{name}() third argument must be an array of parameters")),
    };
    let (id, sql) = (id.as_str().to_owned(), sql.as_str().to_owned());
    let job = Job { id, sql, params: params.map_err(Fault::message)?, wanted };
    waits(client::run(job, name))
}

fn begin(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let pool_id = args.str(0).to_owned();
    with_caller(move |caller| {
        let pool = registry::pool(&pool_id).map_err(Fault::message)?;
        // Before it begins, so that it does not outlive a task that is dropped meanwhile.
        let mut all = match caller.surroundings().current(KIND).and_then(Handle::get::<Begun>) {
            Some(Begun(all)) => all.iter().filter(|guard| guard.is_open()).cloned().collect(),
            None => Vec::new(),
        };
        let guard = Arc::new(Guard(client::transaction_id()));
        let begun = Arc::downgrade(&guard);
        all.push(guard);
        caller.surroundings().set_current(KIND, Some(Handle::new(Begun(all))));
        waits(client::begin(begun, pool, pool_id))
    })
}

fn migrate(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (id, folder) = (args.str(0).to_owned(), args.str(1).to_owned());
    with_caller(move |caller| {
        migrations::migrate(caller, &folder, "mysql.migrate() error", |all| {
            on_network(client::migrate(id, all))
        })
    })
}
