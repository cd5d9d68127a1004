//! Handlers that read one row by its key, from SQLite and from PostgreSQL: Forge against native handlers with the same
//! drivers, as many connections, and statements that stay prepared.

#[path = "support/allocator.rs"]
mod allocator;
#[path = "support/load.rs"]
mod load;
#[path = "support/native.rs"]
mod native;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/server.rs"]
mod server;
#[path = "support/table.rs"]
mod table;

use actix_web::error::ErrorInternalServerError;
use actix_web::web;
use actix_web::web::Json;
use actix_web::web::Path;
use deadpool_postgres::Manager;
use deadpool_postgres::ManagerConfig;
use deadpool_postgres::Pool;
use deadpool_postgres::RecyclingMethod;
use load::best_loads;
use parking_lot::Mutex;
use rusqlite::Connection;
use serde_json::Value;
use serde_json::json;
use server::Server;
use std::sync::Arc;
use table::row;
use table::title;
use tokio::sync::Semaphore;
use tokio_postgres::NoTls;

/// Connections that Forge reads a file of SQLite with.
const READERS: usize = 8;

/// Connections that a pool of Forge opens to PostgreSQL.
const POOL: usize = 16;

const POSTGRES: &str = "host=127.0.0.1 user=postgres dbname=postgres";

/// Where the native server finds the name of the file.
const FILE: &str = "FORGE_BENCH_FILE";

const TABLE: &str = "CREATE TABLE forge_bench (id BIGINT PRIMARY KEY, name TEXT, score DOUBLE PRECISION);
    INSERT INTO forge_bench WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
    SELECT i, 'user ' || i, i + 0.5 FROM n;";

const BY_KEY: &str = "SELECT id, name, score FROM forge_bench WHERE id = ";

/// How a native handler uses a file of SQLite: away from the threads that serve, with connections that are kept.
struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Semaphore,
}

impl Readers {
    fn of(file: &str) -> Readers {
        let open = |_| Connection::open(file).expect("it can be opened");
        Readers {
            idle: Mutex::new((0..READERS).map(open).collect()),
            permits: Semaphore::new(READERS),
        }
    }

    async fn find(self: Arc<Self>, id: i64) -> actix_web::Result<Json<Value>> {
        let _permit = self.permits.acquire().await.map_err(ErrorInternalServerError)?;
        let readers = self.clone();
        let found = web::block(move || {
            let connection = readers.idle.lock().pop().expect("as many as there are permits");
            let found = by_key(&connection, id);
            readers.idle.lock().push(connection);
            found
        });
        Ok(Json(found.await?.map_err(ErrorInternalServerError)?))
    }
}

fn by_key(connection: &Connection, id: i64) -> rusqlite::Result<Value> {
    let mut statement = connection.prepare_cached(&format!("{BY_KEY}?"))?;
    statement.query_row([id], |row| {
        let (id, name, score): (i64, String, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(json!({ "id": id, "name": name, "score": score }))
    })
}

async fn find(pool: Pool, id: i64) -> actix_web::Result<Json<Value>> {
    let client = pool.get().await.map_err(ErrorInternalServerError)?;
    let statement = client.prepare_cached(&format!("{BY_KEY}$1")).await;
    let statement = statement.map_err(ErrorInternalServerError)?;
    let row = client.query_one(&statement, &[&id]).await.map_err(ErrorInternalServerError)?;
    let (id, name, score): (i64, String, f64) = (row.get(0), row.get(1), row.get(2));
    Ok(Json(json!({ "id": id, "name": name, "score": score })))
}

fn serve_native() {
    let readers = Arc::new(Readers::of(&std::env::var(FILE).expect("it is said")));
    let config = POSTGRES.parse().expect("parameters");
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(config, NoTls, recycling);
    let pool = Pool::builder(manager).max_size(POOL).build().expect("a pool without time-outs");
    native::serve(move |app| {
        let (readers, pool) = (readers.clone(), pool.clone());
        let sqlite = move |id: Path<i64>| readers.clone().find(*id);
        let postgres = move |id: Path<i64>| find(pool.clone(), *id);
        app.route("/sqlite/{id}", web::get().to(sqlite));
        app.route("/postgres/{id}", web::get().to(postgres));
    });
}

fn program(file: &str) -> String {
    format!(
        r#"
        db.open("{file}")
        try {{ pg.connect("{POSTGRES}", "disable", {{ pool: {POOL} }}) }} catch e {{ null }}
        @get("/sqlite/:id") fn of_file(id) {{ return db.query("{BY_KEY}?", [int(id)])[0] }}
        @get("/postgres/:id") fn of_server(id) {{ return pg.query("{BY_KEY}$1", [int(id)])[0] }}
        "#
    )
}

/// A table of PostgreSQL, for as long as this lives.
struct Table(tokio::runtime::Runtime);

impl Table {
    /// The table, if there is a server.
    fn new() -> Option<Table> {
        let made = Table(tokio::runtime::Runtime::new().expect("it starts"));
        made.run(&format!("DROP TABLE IF EXISTS forge_bench; {TABLE} ANALYZE forge_bench"))?;
        Some(made)
    }

    fn run(&self, sql: &str) -> Option<()> {
        self.0.block_on(async {
            let (client, connection) = tokio_postgres::connect(POSTGRES, NoTls).await.ok()?;
            tokio::spawn(connection);
            client.batch_execute(sql).await.ok()
        })
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        self.run("DROP TABLE forge_bench");
    }
}

fn compare(what: &str, path: &str, native: &Server, forge: &Server) {
    let answers = [native, forge].map(|server| server.client(path).ask());
    let [right, ours] = answers.map(|text| serde_json::from_str::<Value>(&text).expect("JSON"));
    assert_eq!(right, ours);
    for connections in [32, 256] {
        title(&format!("one row of {what} by its key, {connections} connections"));
        let Some([native, forge]) = best_loads([(native, path), (forge, path)], connections) else {
            println!("wrk is not installed");
            return;
        };
        row("native", format!("{:.0}/s", native.per_second), "");
        row("forge", format!("{:.0}/s", forge.per_second), "");
        let ratio = forge.per_second / native.per_second;
        row("  forge / native", format!("{ratio:.2}"), ">= 0.70");
        row("  p99, forge / native", format!("{:.2}", forge.p99 / native.p99), "");
    }
}

fn main() {
    if native::is_wanted() {
        return serve_native();
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("bench.db");
    let connection = Connection::open(&file).expect("a file");
    connection.pragma_update(None, "journal_mode", "WAL").expect("a file");
    connection.execute_batch(TABLE).expect("statements of SQLite");
    drop(connection);
    let file = file.to_str().expect("a name in UTF-8");
    let table = Table::new();
    let native = Server::native(&[(FILE, file)], "off");
    let forge = Server::program(&program(file), &[]);
    compare("SQLite", "/sqlite/500", &native, &forge);
    match table {
        Some(_) => compare("PostgreSQL", "/postgres/500", &native, &forge),
        None => println!("\nthere is no PostgreSQL at 127.0.0.1"),
    }
}
