//! All builtins, numbered: what dispatch, help and completion read.

use super::Builtin;
use super::Form;
use super::Kind;
use super::Module;
use super::modules;
use crate::value::Native;
use crate::value::Value;
use foldhash::HashMap;
use foldhash::HashMapExt;

/// The builtins of a process. Made once and kept for its life, so that a builtin as a value is a plain reference.
pub struct Registry {
    rows: Vec<&'static Builtin>,
    values: Vec<Value>,
    modules: Vec<Module>,
    globals: HashMap<&'static str, usize>,
    methods: HashMap<&'static str, usize>,
    intrinsics: HashMap<&'static str, HashMap<&'static str, usize>>,
}

impl Registry {
    /// A registry of `tables`, in their order.
    pub fn new(tables: &[&'static [Builtin]]) -> Registry {
        let count = tables.iter().map(|table| table.len()).sum();
        // Many have an alias.
        let names = 2 * count;
        let mut registry = Registry {
            rows: Vec::with_capacity(count),
            values: Vec::with_capacity(count),
            modules: Vec::new(),
            globals: HashMap::with_capacity(names),
            methods: HashMap::with_capacity(names),
            intrinsics: HashMap::default(),
        };
        for row in tables.iter().flat_map(|table| table.iter()) {
            let id = registry.rows.len();
            registry.rows.push(row);
            registry.values.push(match row.forms.contains(&Form::Constant) {
                true => modules::constant(row),
                false => Value::Native(Box::leak(Box::new(Native { id, name: row.name }))),
            });
            for &name in [row.name].iter().chain(row.aliases) {
                if row.forms.contains(&Form::Method) || row.forms.contains(&Form::ResultMethod) {
                    registry.methods.insert(name, id);
                }
                registry.globals.insert(name, id);
                if let Some((kind, method)) = name.split_once('.')
                    && row.forms.contains(&Form::Internal)
                {
                    registry.intrinsics.entry(kind).or_default().insert(method, id);
                }
            }
        }
        registry.modules = modules::modules(&registry.rows, &registry.values, |name| {
            registry.globals.get(name).copied()
        });
        registry
    }

    /// The built-in modules.
    pub fn modules(&self) -> &[Module] {
        &self.modules
    }

    /// The builtin numbered `id`.
    #[inline(always)]
    pub fn row(&self, id: usize) -> &'static Builtin {
        self.rows[id]
    }

    /// The builtin numbered `id` as a value; numbers behind the last row are those of modules.
    pub fn value(&self, id: usize) -> Value {
        match self.values.get(id) {
            Some(value) => value.clone(),
            None => Value::Object(self.modules[id - self.rows.len()].object.clone()),
        }
    }

    /// What the global name `name` means in a program, for [`Registry::value`]: a builtin or a module.
    pub fn named(&self, name: &str) -> Option<usize> {
        match self.modules.iter().position(|module| module.name == name) {
            Some(at) => Some(self.rows.len() + at),
            None => self.global(name),
        }
    }

    /// The builtin that the global name `name` means in a program.
    pub fn global(&self, name: &str) -> Option<usize> {
        let id = *self.globals.get(name)?;
        self.rows[id].forms.contains(&Form::Global).then_some(id)
    }

    /// The builtin `name`, internal ones included.
    pub fn any(&self, name: &str) -> Option<usize> {
        self.globals.get(name).copied()
    }

    /// The builtin that `x.name()` means.
    pub fn method(&self, name: &str) -> Option<usize> {
        self.methods.get(name).copied()
    }

    /// The builtin that is the method `name` of `kind` only: the row `KIND.NAME`.
    pub fn intrinsic(&self, kind: &str, name: &str) -> Option<usize> {
        self.intrinsics.get(kind)?.get(name).copied()
    }

    /// The builtin that a property of a String is.
    pub fn property(&self, name: &str) -> Option<usize> {
        let is_property = |id: &usize| self.rows[*id].forms.contains(&Form::Property);
        self.intrinsic("String", name).filter(is_property)
    }

    /// Names of methods, in no order.
    pub fn method_names(&self) -> impl Iterator<Item = &'static str> {
        self.methods.keys().copied()
    }

    /// Names of the methods of values of a kind, in no order.
    pub fn methods_of(&self, kind: &str) -> impl Iterator<Item = &'static str> {
        let is_outcome = matches!(kind, "Result" | "Option");
        let general = self.methods.iter().filter(move |(name, id)| {
            let row = self.rows[**id];
            let first = row.params.first().map_or(Kind::Any, |first| first.kind);
            let suits = match row.forms.contains(&Form::Method) {
                true => first.suits(kind),
                false => is_outcome,
            };
            suits && !name.contains('.')
        });
        let own = ["Any", kind].into_iter().filter_map(|kind| self.intrinsics.get(kind));
        let own = own.flat_map(|own| own.keys().copied());
        general.map(|(name, _)| *name).chain(own)
    }

    /// All builtins.
    pub fn rows(&self) -> &[&'static Builtin] {
        &self.rows
    }

    /// Global names, aliases and modules included, in no order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.globals
            .iter()
            .filter(|(_, id)| self.rows[**id].forms.contains(&Form::Global))
            .map(|(name, _)| *name)
            .chain(self.modules.iter().map(|module| module.name))
    }
}
