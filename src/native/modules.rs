//! Built-in modules: objects that hold the rows called `module.name`. They are there without an import.

use super::Args;
use super::Builtin;
use super::Form;
use super::Host;
use super::Outcome;
use super::Registry;
use crate::diag::Fault;
use crate::value::Object;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;

/// The names of all modules. An import of one does nothing: a file of that name is reached as `./name`.
pub const MODULES: &[&str] = &[
    "math", "fs", "io", "crypto", "db", "pg", "env", "json", "regex", "log", "term", "http", "csv",
    "exec", "os", "path", "time", "url", "toml", "npc", "ws", "jwt", "mysql", "redis", "sql",
    "test",
];

/// A built-in module.
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// What the name holds.
    pub object: Object,
    /// The builtin that a call of the module itself is: the global of its name.
    pub function: Option<usize>,
}

impl Registry {
    /// The module that the global name `name` means in a program, unless it declares that itself.
    pub fn module(&self, name: &str) -> Option<&Module> {
        self.modules().iter().find(|module| module.name == name)
    }

    /// The builtin that a call of `object` is, when that is a module.
    pub fn module_function(&self, object: &Object) -> Option<usize> {
        let module = self.modules().iter().find(|module| module.object.ptr_eq(object))?;
        module.function
    }

    /// The builtin that is the member `name` of the built-in module `module`: the row `module.name`.
    pub fn member(&self, module: &str, name: &str) -> Option<usize> {
        self.any(&format!("{module}.{name}"))
    }

    /// The names of the members of a built-in module.
    pub fn members<'r>(&'r self, module: &'r str) -> impl Iterator<Item = &'static str> + 'r {
        self.rows().iter().filter_map(move |row| row.name.strip_prefix(module)?.strip_prefix('.'))
    }
}

/// The modules whose members are among `rows`, which have these `values`; `function` finds globals.
pub(super) fn modules(
    rows: &[&'static Builtin],
    values: &[Value],
    function: impl Fn(&str) -> Option<usize>,
) -> Vec<Module> {
    let mut found: Vec<(&str, Vec<Text>, Vec<Value>)> = Vec::new();
    for (row, value) in rows.iter().zip(values) {
        let is_member = row.forms.iter().any(|form| matches!(form, Form::Module | Form::Constant));
        let Some((module, name)) = row.name.split_once('.').filter(|_| is_member) else { continue };
        if found.last().is_none_or(|(last, ..)| *last != module) {
            found.push((module, Vec::new(), Vec::new()));
        }
        let (_, names, values) = found.last_mut().expect("it has just been pushed");
        names.push(Text::from(name));
        values.push(value.clone());
    }
    let module = |(name, names, values)| Module {
        name,
        object: Object::shaped(Shape::module(names), values),
        function: function(name),
    };
    found.into_iter().map(module).collect()
}

/// The value of a constant.
pub(super) fn constant(row: &'static Builtin) -> Value {
    let args = Args::bind(row, &mut [], &Nobody).map(|mut args| (row.run)(&mut args));
    match args {
        Ok(Ok(Outcome::Value(value))) => value,
        _ => panic!("{} is no value", row.name),
    }
}

/// Where constants are made: nobody listens.
struct Nobody;

impl Host for Nobody {
    fn write(&self, _: &str) -> Result<(), Fault> {
        Ok(())
    }
}
