//! The built-in modules, one file or folder each. A row called `math.sqrt` is the member `sqrt` of the module `math`.

mod blocking;
mod carried;
mod crypto;
mod csv;
mod current;
mod db;
mod env;
mod exec;
mod files;
mod fs;
mod http;
mod io;
mod json;
mod jwt;
mod log;
mod math;
mod migrations;
mod mysql;
mod network;
mod npc;
mod os;
mod path;
mod pg;
mod pools;
mod programs;
mod redis;
mod regex;
mod rows;
mod sql;
mod statements;
mod term;
mod terminal;
mod time;
mod tls;
mod toml;
mod url;
mod write;
mod ws;

pub use carried::Carried;
pub use carried::carry_on;
pub use carried::carrying;
pub use carried::carrying_now;
pub use network::is_always_polled;

use crate::native::Builtin;
use crate::native::Form;
use crate::native::GLOBAL;
use crate::native::Permission;
use crate::native::Work;

/// A module, for the reference and the registry.
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// Its members, in the order that `keys(module)` gives.
    pub table: &'static [Builtin],
}

/// All modules.
pub const MODULES: &[Module] = &[
    Module {
        name: "math",
        doc: "Numbers: roots, powers, rounding, angles, randomness.",
        table: math::TABLE,
    },
    Module {
        name: "fs",
        doc: "Files and folders. Relative paths begin at the working directory of the task (`cd`). Where `FORGE_FS_BASE` is \
              set, nothing outside of that folder is read or written.",
        table: fs::TABLE,
    },
    Module { name: "io", doc: "The terminal, and the arguments of the program.", table: io::TABLE },
    Module {
        name: "crypto",
        doc: "Digests, encodings, random bytes. Texts count as their UTF-8 bytes.",
        table: crypto::TABLE,
    },
    Module {
        name: "db",
        doc: "SQLite. The current database is that of a task and of those that come from it; a transaction belongs to the task \
              that begins it.",
        table: db::TABLE,
    },
    Module {
        name: "env",
        doc: "Environment variables. A request, a task and a test have their own: what one sets, no other sees.",
        table: env::TABLE,
    },
    Module {
        name: "json",
        doc: "JSON texts. The name can also be called: `json(text)` parses, `json(value)` writes.",
        table: json::TABLE,
    },
    Module {
        name: "regex",
        doc: "Patterns in texts: the text comes first, the pattern second. Matching takes time in proportion to the text, \
              whatever the pattern.",
        table: regex::TABLE,
    },
    Module {
        name: "log",
        doc: "Log lines on the error output; those of a request handler carry the request's fields. `FORGE_LOG` says what is \
              logged, `FORGE_LOG_FORMAT` how: `json`, `pretty` or `compact`.",
        table: log::TABLE,
    },
    Module {
        name: "pg",
        doc: "PostgreSQL, by a pool of connections. The current server is that of a task and of those that come from it.",
        table: pg::TABLE,
    },
    Module {
        name: "term",
        doc: "Colours, tables, bars and questions for whoever sits at a terminal. What is printed goes to the error output.",
        table: term::TABLE,
    },
    Module {
        name: "http",
        doc: "Requests to other servers. Private addresses are refused unless `FORGE_HTTP_ALLOW_PRIVATE` is `1`.",
        table: http::TABLE,
    },
    Module { name: "csv", doc: "Tables as texts.", table: csv::TABLE },
    Module {
        name: "time",
        doc: "Instants, calendars and zones. The name can also be called: `time()` is `time.now()`. A function takes a time \
              object or a number of seconds since 1970; of an object only its `unix` and `unix_ms` count.",
        table: time::TABLE,
    },
    Module { name: "npc", doc: "Made-up data for tests and demonstrations.", table: npc::TABLE },
    Module { name: "url", doc: "Addresses.", table: url::TABLE },
    Module { name: "toml", doc: "Configuration files.", table: toml::TABLE },
    Module { name: "ws", doc: "WebSockets, as a client.", table: ws::TABLE },
    Module {
        name: "jwt",
        doc: "Signed claims (RFC 7519): HS256, HS384, HS512, RS256, RS384, RS512, ES256, ES384. Keys of RS and ES are PEM texts.",
        table: jwt::TABLE,
    },
    Module { name: "os", doc: "The system that a program runs on.", table: os::TABLE },
    Module { name: "path", doc: "Paths.", table: path::TABLE },
    Module {
        name: "mysql",
        doc: "MySQL and MariaDB, by pools of connections that are named by their ids.",
        table: mysql::TABLE,
    },
    Module {
        name: "redis",
        doc: "Keys, lists, hashes and messages of a Redis server.",
        table: redis::TABLE,
    },
    Module {
        name: "sql",
        doc: "One interface over SQLite, PostgreSQL, MySQL and MariaDB.",
        table: sql::TABLE,
    },
    Module {
        name: "test",
        doc: "Requests of a test to the handlers of its own program, as they would come from the network, without one. They fail \
              outside of `forge test`.",
        table: http::TESTS,
    },
];

/// Builtins that are no members of a module: the working directory, other programs.
pub const EXEC: &[Builtin] = exec::TABLE;

/// Functions that send requests and need no module.
pub const REQUESTS: &[Builtin] = http::GLOBALS;

/// A function of a module that computes, and reaches nothing else.
const PURE: Builtin = Builtin { forms: &[Form::Module], work: Work::Little, ..GLOBAL };

/// A function of a module.
const MEMBER: Builtin = Builtin { needs: Some(Permission::Outside), ..PURE };

/// A value of a module, which its row gives without arguments.
const CONSTANT: Builtin = Builtin { forms: &[Form::Constant], ..GLOBAL };
