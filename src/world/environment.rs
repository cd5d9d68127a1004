//! The top-level names as one task sees them, and beside them everything else that a program can set.

use super::Surroundings;
use crate::program::KEYS;
use crate::value::Cell;
use crate::value::Name;
use crate::value::Value;
use std::sync::Arc as StdArc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;
use triomphe::Arc;

type Map<V> =
    im::GenericHashMap<Name, V, foldhash::fast::FixedState, im::shared_ptr::DefaultSharedPtr>;

/// An immutable environment: cloning is copying a pointer, defining a name makes a new one (in place while nobody
/// else holds this one).
///
/// Top-level names are numbered when the program is compiled, so they stand in one block that is read by index. Only
/// the top-level run, or a task that gets its own copies of the variables it names, writes it.
#[derive(Clone)]
pub struct Environment {
    names: Arc<Data>,
    /// What it sees of the process.
    pub surroundings: Surroundings,
}

#[derive(Clone, Default)]
struct Data {
    globals: Vec<Value>,
    methods: Map<Map<Value>>,
    types: Map<Arc<TypeInfo>>,
    /// Another one whenever `methods` or `types` change; [`KEYS`] when there have been too many.
    version: u32,
}

static NEXT_VERSION: AtomicU32 = AtomicU32::new(1);

/// What is known about a declared type.
#[derive(Clone, Default, Debug)]
pub struct TypeInfo {
    /// The number of the struct declaration; 0 when there is none.
    pub declared: u32,
    /// Defaults of a struct, in declaration order.
    pub defaults: Vec<(Name, Value)>,
    /// Embedded fields and their types.
    pub embeds: Vec<(Name, Name)>,
    /// Variants of an algebraic type, in declaration order.
    pub variants: Vec<Name>,
    /// Methods whose first parameter is `it`: they cannot be called on the type itself.
    pub instance_methods: Vec<Name>,
}

impl Environment {
    /// An environment without names.
    pub fn new() -> Environment {
        Environment { names: Arc::new(Data::default()), surroundings: Surroundings::default() }
    }

    /// What the slot holds: a value, a cell, or unset.
    #[inline(always)]
    pub fn global(&self, slot: usize) -> &Value {
        self.names.globals.get(slot).unwrap_or(&Value::Unset)
    }

    /// Puts a value or a cell into the slot.
    pub fn set_global(&mut self, slot: usize, value: Value) {
        let data = Arc::make_mut(&mut self.names);
        if slot >= data.globals.len() {
            data.globals.resize(slot + 1, Value::Unset);
        }
        data.globals[slot] = value;
    }

    /// The same with other cells: `fresh` gives the one that takes the place of each.
    pub fn with_cells(&self, mut fresh: impl FnMut(&StdArc<Cell>) -> StdArc<Cell>) -> Environment {
        let mut own = self.clone();
        if self.names.globals.iter().any(|value| matches!(value, Value::Cell(_))) {
            for value in &mut Arc::make_mut(&mut own.names).globals {
                if let Value::Cell(cell) = value {
                    *cell = fresh(cell);
                }
            }
        }
        own
    }

    /// The same behind pointers of its own.
    pub fn replica(&self) -> Environment {
        Environment {
            names: Arc::new((*self.names).clone()),
            surroundings: self.surroundings.replica(),
        }
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.names.globals.len()
    }

    /// Whether it has no slots.
    pub fn is_empty(&self) -> bool {
        self.names.globals.is_empty()
    }

    /// What is known about types and methods is the same in all environments with this version, unless it is [`KEYS`].
    #[inline(always)]
    pub fn version(&self) -> u32 {
        self.names.version
    }

    /// The method `name` of the type `ty`.
    pub fn method(&self, ty: &str, name: &str) -> Option<&Value> {
        self.names.methods.get(ty)?.get(name)
    }

    /// The names of the methods of the type `ty`, in no order.
    pub fn method_names(&self, ty: &str) -> impl Iterator<Item = &Name> {
        self.names.methods.get(ty).into_iter().flat_map(|table| table.keys())
    }

    /// Gives the type `ty` a method.
    pub fn set_method(&mut self, ty: &Name, name: &Name, function: Value) {
        let data = self.change_types();
        let mut table = data.methods.get(ty).cloned().unwrap_or_default();
        table.insert(name.clone(), function);
        data.methods.insert(ty.clone(), table);
    }

    /// What is known about the type `ty`.
    pub fn type_info(&self, ty: &str) -> Option<&TypeInfo> {
        self.names.types.get(ty).map(|info| &**info)
    }

    /// Declares the type `ty`, replacing what was known.
    pub fn set_type(&mut self, ty: &Name, info: TypeInfo) {
        self.change_types().types.insert(ty.clone(), Arc::new(info));
    }

    fn change_types(&mut self) -> &mut Data {
        let data = Arc::make_mut(&mut self.names);
        let next = NEXT_VERSION.fetch_update(Relaxed, Relaxed, |it| (it < KEYS).then_some(it + 1));
        data.version = next.unwrap_or(KEYS);
        data
    }
}

impl Default for Environment {
    fn default() -> Self {
        Environment::new()
    }
}
