//! `mysql`: MySQL and MariaDB (stdlib 7).

mod client;
mod columns;
mod place;
mod registry;
mod words;

pub(super) use place::Place;

use super::MEMBER;
use super::files::Files;
use super::migrations;
use super::network::blocking;
use super::network::on_network;
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
use crate::value::Handle;
use crate::value::Value;
use client::Job;
use client::Wanted;
use mysql_async::Opts;
use mysql_async::OptsBuilder;
use mysql_async::UrlError;
use registry::Begun;
use registry::Guard;
use std::sync::Arc;

/// What `Surroundings` calls the transactions of a task.
const KIND: &str = "mysql";

const DEFAULT_PORT: u16 = 3306;

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

fn with_caller(
    work: impl FnOnce(&mut Caller<'_>) -> Result<Outcome, Fault> + Send + 'static,
) -> Result<Outcome, Fault> {
    Ok(Outcome::InWorld(Box::new(work)))
}

/// A task that waits for `work` on the network's runtime, to which all connections belong.
fn waits(
    work: impl Future<Output = Result<Value, String>> + Send + 'static,
) -> Result<Outcome, Fault> {
    Ok(Outcome::Wait(Box::pin(async move { on_network(work).await.map_err(Fault::message) })))
}

fn connect(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let opts = match args.len() {
        1 => by_url(args),
        4 | 5 => by_parts(args),
        _ => fail("mysql.connect() requires 1 arg (url) or 4 args (host, user, pass, db)"),
    };
    // Those that fail count, too.
    let id = registry::next_id();
    waits(client::connect(id, opts?))
}

fn by_url(args: &Args<'_>) -> Result<Opts, Fault> {
    let Value::Str(url) = args.get(0) else {
        return fail("mysql.connect() requires a connection string or (host, user, pass, db)");
    };
    opts_of(url).map_err(|error| Fault::message(format!("mysql.connect() invalid URL: {error}")))
}

/// What a connection string says. Not a socket file beside the port, which the driver would take on its own: behind a
/// port of this machine there may be a tunnel, and at the file another server.
fn opts_of(url: &str) -> Result<Opts, UrlError> {
    let opts = Opts::from_url(url)?;
    match url.contains("prefer_socket=") {
        true => Ok(opts),
        false => Ok(OptsBuilder::from_opts(opts).prefer_socket(false).into()),
    }
}

fn by_parts(args: &Args<'_>) -> Result<Opts, Fault> {
    let part = |i: usize, what: &str| match args.get(i) {
        Value::Str(text) => Ok(text.as_str().to_owned()),
        _ => fail(format!("mysql.connect() {what} must be a string")),
    };
    let (host, user) = (part(0, "host")?, part(1, "user")?);
    let (password, database) = (part(2, "password")?, part(3, "database")?);
    let port = match args.get(4) {
        Value::Int(port) => u16::try_from(*port).ok(),
        Value::Null if args.len() == 4 => Some(DEFAULT_PORT),
        _ => None,
    };
    let Some(port) = port else { return fail("mysql.connect() port must be an integer") };
    let opts = OptsBuilder::default()
        .ip_or_hostname(host)
        .tcp_port(port)
        .prefer_socket(false)
        .user(Some(user))
        .pass(Some(password))
        .db_name(Some(database).filter(|name| !name.is_empty()));
    Ok(opts.into())
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
        let folder = Files::of(caller).locate(&folder)?;
        waits(async move {
            let all = blocking(move || migrations::read(&folder)).await;
            let done = match all {
                Ok(all) => client::migrate(id, all).await,
                Err(error) => Err(error.to_string()),
            };
            let done = done.map_err(|why| format!("mysql.migrate() error: {why}"))?;
            Ok(Value::array(done.into_iter().map(Value::from).collect()))
        })
    })
}
