//! Values that leave their world (design 2, "Crossing").
//!
//! Invariant: no world holds a cell of another that is not its ancestor. What may hold cells is copied into a little
//! world of its own when it is sent, with one fresh cell for each old one, and from there into the world that takes it.
//! Within one world it is handed over as it is. Plain data is never walked.
//!
//! Invariant: a copy holds its variables as they were together at one moment (`tests/isolation/crossing.rs`).

use super::Carrier;
use super::Near;
use super::World;
use super::isolation::WorldId;
use crate::value::Capture;
use crate::value::Cell;
use crate::value::CellId;
use crate::value::Contents;
use crate::value::Counted;
use crate::value::Function;
use crate::value::Handle;
use crate::value::Identity;
use crate::value::List;
use crate::value::Map;
use crate::value::Object;
use crate::value::Resource;
use crate::value::Set;
use crate::value::Value;
use crate::value::Wrapped;
use crate::value::drop_all;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::OnceLock;

/// A value on its way to whoever takes it, in a channel or a task: its carrier. What names the carrier itself is left
/// out meanwhile, or the two would hold each other for ever.
#[derive(Default)]
pub struct Parcel {
    /// The value, for all worlds alike or for others than its own.
    value: Value,
    /// Whether the carrier was left out of it.
    has_hole: bool,
    inside: Option<Box<Inside>>,
}

/// For a value that may hold handles or cells.
struct Inside {
    /// The handles in the value.
    handles: Vec<Counted>,
    original: Option<Original>,
}

/// For a value with functions or streams: they are the same in the world that they come from.
struct Original {
    home: WorldId,
    /// A variable of that world: it holds the value itself, and ends with the world.
    own: Arc<Cell>,
    /// The world that the value for others lives in.
    between: triomphe::Arc<World>,
}

impl Parcel {
    /// `value` of `world` as it is now, for `carrier`, on which `handle` is a handle.
    pub fn new(
        world: &World,
        value: Value,
        carrier: &Arc<impl Carrier + 'static>,
        handle: impl FnOnce() -> Handle,
    ) -> Parcel {
        if !value.contents().may_cycle() {
            return Parcel { value, has_hole: false, inside: None };
        }
        let swap = Swap { from: handle().address(), to: Value::Handle(hole().clone()) };
        let has_cells = value.contents().has(Contents::CELLS);
        let between = has_cells.then(World::new);
        // Other tasks of this world write meanwhile: the variables are read as they were at one moment.
        let cut = if has_cells { world.cut() } else { None };
        let (from, to) = (cut.as_ref().unwrap_or(world), between.as_deref().unwrap_or(world));
        let copy = copy(&value, from, to, swap);
        if !copy.handles.is_empty() {
            world.note(carrier);
        }
        let original = (has_cells || copy.has_function).then(|| Original {
            home: world.id(),
            own: world.cell(value),
            between: between.unwrap_or_else(World::new),
        });
        let inside = Inside { handles: copy.handles, original };
        Parcel { value: copy.value, has_hole: copy.has_swapped, inside: Some(Box::new(inside)) }
    }

    /// The handles in it.
    pub(super) fn handles(&self) -> &[Counted] {
        self.inside.as_ref().map_or(&[], |inside| &inside.handles)
    }

    /// The value in `world`. What is around handles is copied again: nobody else holds what is in a parcel.
    pub fn value(&self, world: &World, carrier: impl FnOnce() -> Handle) -> Value {
        let Some(inside) = &self.inside else { return self.value.clone() };
        let from = match &inside.original {
            Some(original) if original.home == world.id() => {
                return world.get(&original.own, &mut Near::default());
            }
            Some(original) => &original.between,
            None => world,
        };
        let swap = Swap { from: hole().address(), to: Value::Handle(carrier()) };
        copy(&self.value, from, world, swap).value
    }

    /// The value in `world`, taken out.
    pub fn into_value(mut self, world: &World, carrier: impl FnOnce() -> Handle) -> Value {
        let is_own = self.inside.as_ref().is_none_or(|inside| inside.original.is_none());
        match is_own && !self.has_hole {
            true => std::mem::take(&mut self.value),
            false => self.value(world, carrier),
        }
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        drop_all([std::mem::take(&mut self.value)]);
    }
}

/// What stands for the carrier in what it carries.
struct Hole;

impl Resource for Hole {
    fn kind(&self) -> &'static str {
        "Null"
    }

    fn shown(&self) -> &'static str {
        "null"
    }

    fn address(&self) -> usize {
        // No resource of a program is there.
        0
    }
}

fn hole() -> &'static Handle {
    static HOLE: OnceLock<Handle> = OnceLock::new();
    HOLE.get_or_init(|| Handle::new(Hole))
}

/// A handle that becomes another value in the copy.
struct Swap {
    from: usize,
    to: Value,
}

struct Copy {
    value: Value,
    /// Whether a handle was swapped in it.
    has_swapped: bool,
    has_function: bool,
    /// All others.
    handles: Vec<Counted>,
}

/// A copy in the world `to` of what `value` is in the world `from`.
fn copy(value: &Value, from: &World, to: &World, swap: Swap) -> Copy {
    let mut copier = Copier {
        from,
        to,
        swap,
        has_swapped: false,
        has_function: false,
        handles: Vec::new(),
        near: Near::default(),
        cells: HashMap::default(),
        parts: HashMap::default(),
        seen: Vec::new(),
        pending: Vec::new(),
    };
    let result = copier.value(value.clone());
    // What a variable holds is looked at after the value that holds the variable: so cycles end.
    while let Some((old, fresh)) = copier.pending.pop() {
        let held = copier.from.get(&old, &mut copier.near);
        let held = copier.value(held);
        to.set(&fresh, held, &mut Near::default());
    }
    let Copier { has_swapped, has_function, handles, .. } = copier;
    Copy { value: result, has_swapped, has_function, handles }
}

struct Copier<'w> {
    from: &'w World,
    to: &'w World,
    swap: Swap,
    has_swapped: bool,
    has_function: bool,
    handles: Vec<Counted>,
    near: Near,
    cells: HashMap<CellId, Arc<Cell>, FixedState>,
    /// Copies of parts, so that what was one thing stays one.
    parts: HashMap<Identity, Value, FixedState>,
    /// The originals: an identity means something only while somebody holds the part.
    seen: Vec<Value>,
    /// Variables whose copies have no value yet.
    pending: Vec<(Arc<Cell>, Arc<Cell>)>,
}

/// A part under way: what is inside, still to be copied and already copied.
struct Frame {
    original: Value,
    inside: std::vec::IntoIter<Value>,
    copied: Vec<Value>,
}

impl Copier<'_> {
    fn value(&mut self, value: Value) -> Value {
        let mut frames: Vec<Frame> = Vec::new();
        let mut ready = self.begin(value, &mut frames);
        loop {
            let Some(top) = frames.last_mut() else {
                return ready.expect("the outermost value has just been copied");
            };
            top.copied.extend(ready.take());
            if let Some(next) = top.inside.next() {
                ready = self.begin(next, &mut frames);
                continue;
            }
            let done = frames.pop().expect("looked at above");
            let copy = self.rebuild(&done.original, done.copied);
            if let Some(identity) = done.original.identity() {
                self.parts.insert(identity, copy.clone());
                self.seen.push(done.original);
            }
            ready = Some(copy);
        }
    }

    /// The copy of plain data, of handles and of what has been copied; anything else is opened.
    fn begin(&mut self, value: Value, frames: &mut Vec<Frame>) -> Option<Value> {
        if !value.contents().may_cycle() {
            return Some(value);
        }
        if let Value::Handle(handle) = &value {
            let is_swapped = handle.address() == self.swap.from;
            if is_swapped {
                self.has_swapped = true;
                return Some(self.swap.to.clone());
            }
            self.handles.push(handle.counted());
            return Some(value);
        }
        if let Some(known) = value.identity().and_then(|identity| self.parts.get(&identity)) {
            return Some(known.clone());
        }
        let inside = value.inside();
        let copied = Vec::with_capacity(inside.len());
        frames.push(Frame { original: value, inside: inside.into_iter(), copied });
        None
    }

    /// The same value with other parts.
    fn rebuild(&mut self, original: &Value, parts: Vec<Value>) -> Value {
        let mut parts = parts.into_iter();
        match original {
            Value::Array(_) => Value::Array(List::from(parts.collect::<Vec<_>>())),
            Value::Tuple(_) => Value::Tuple(List::from(parts.collect::<Vec<_>>())),
            Value::Set(_) => {
                let mut set = Set::new();
                for part in parts {
                    set.add(part);
                }
                Value::Set(set)
            }
            Value::Map(_) => {
                let mut map = Map::new();
                while let (Some(key), Some(value)) = (parts.next(), parts.next()) {
                    map.set(key, value);
                }
                Value::Map(map)
            }
            Value::Object(object) => Value::Object(match object.shape() {
                Some(shape) => Object::shaped(shape.clone(), parts.collect()),
                None => Object::from_pairs(object.iter().map(|(key, _)| key.clone()).zip(parts)),
            }),
            Value::Ok(_) => Value::Ok(wrapped(parts)),
            Value::Err(_) => Value::Err(wrapped(parts)),
            Value::Some(_) => Value::Some(wrapped(parts)),
            Value::Frozen(_) => Value::Frozen(wrapped(parts)),
            Value::Function(function) => self.function(function, parts),
            Value::Stream(stream) => stream.rebuilt(parts, self.cell(stream.cursor())).into(),
            other => unreachable!("{} has nothing inside", other.kind()),
        }
    }

    fn function(&mut self, function: &Function, mut parts: impl Iterator<Item = Value>) -> Value {
        let captures = function.captures.iter().map(|capture| match capture {
            Capture::Value(_) => Capture::Value(parts.next().unwrap_or_default()),
            Capture::Cell(cell) => Capture::Cell(self.cell(cell)),
        });
        let captures = captures.collect();
        self.has_function = true;
        let copy = Function::new(function.chunk, function.label.clone(), captures);
        Value::Function(triomphe::Arc::new(copy))
    }

    fn cell(&mut self, cell: &Arc<Cell>) -> Arc<Cell> {
        let Copier { to, cells, pending, .. } = self;
        let fresh = cells.entry(cell.id).or_insert_with(|| {
            let fresh = to.cell(Value::Unset);
            pending.push((cell.clone(), fresh.clone()));
            fresh
        });
        fresh.clone()
    }
}

/// Whether no variable and nothing captured hangs on `value`: it is the same for all worlds. What is known to hold no
/// closure is not walked.
pub fn is_free(value: &Value) -> bool {
    all_inside(value, |value| match value {
        value if !value.contents().is_bound() => Look::Fine,
        Value::Function(function) if !function.captures.is_empty() => Look::Wrong,
        Value::Stream(_) => Look::Wrong,
        _ => Look::Open,
    })
}

/// Whether `value` is or holds a function of a program, at any depth.
pub fn holds_function(value: &Value) -> bool {
    !all_inside(value, |value| match value {
        Value::Function(_) => Look::Wrong,
        value if value.is_inline() => Look::Fine,
        _ => Look::Open,
    })
}

/// What a look at one value says of all.
enum Look {
    Fine,
    Wrong,
    /// It depends on what is inside.
    Open,
}

/// Whether nothing in `value`, at any depth, is wrong.
fn all_inside(value: &Value, look: impl Fn(&Value) -> Look) -> bool {
    let mut open = vec![value.clone()];
    let mut known: HashSet<Identity, FixedState> = HashSet::default();
    let mut held = Vec::new();
    while let Some(value) = open.pop() {
        match look(&value) {
            Look::Fine => continue,
            Look::Wrong => return false,
            Look::Open => {}
        }
        if value.identity().is_none_or(|identity| known.insert(identity)) {
            open.extend(value.inside());
            // An identity means something only while somebody holds the part.
            held.push(value);
        }
    }
    true
}

fn wrapped(mut parts: impl Iterator<Item = Value>) -> Wrapped {
    Wrapped::new(parts.next().unwrap_or_default())
}
