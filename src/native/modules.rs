//! The names of the built-in modules: they are there without an import.

use super::Registry;

/// All of them. An import of one does nothing: a file of that name is reached as `./name`.
pub const MODULES: &[&str] = &[
    "math", "fs", "io", "crypto", "db", "pg", "env", "json", "regex", "log", "term", "http", "csv",
    "exec", "os", "path", "time", "url", "toml", "npc", "ws", "jwt", "mysql",
];

impl Registry {
    /// The builtin that is the member `name` of the built-in module `module`: the row `module.name`.
    pub fn member(&self, module: &str, name: &str) -> Option<usize> {
        self.any(&format!("{module}.{name}"))
    }

    /// The names of the members of a built-in module, in no order.
    pub fn members<'r>(&'r self, module: &'r str) -> impl Iterator<Item = &'static str> + 'r {
        self.rows().iter().filter_map(move |row| row.name.strip_prefix(module)?.strip_prefix('.'))
    }
}
