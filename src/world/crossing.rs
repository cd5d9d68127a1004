//! Values that leave their world (design 2, "Crossing").
//!
//! Invariant: no world holds a cell of another that is not its ancestor. What may hold cells is copied into a little
//! world of its own when it is sent, with one fresh cell for each old one, and from there into the world that takes it.
//! Within one world it is handed over as it is. Plain data is never walked.

use super::Near;
use super::World;
use super::isolation::WorldId;
use crate::value::Capture;
use crate::value::Cell;
use crate::value::CellId;
use crate::value::Contents;
use crate::value::Function;
use crate::value::Identity;
use crate::value::List;
use crate::value::Map;
use crate::value::Object;
use crate::value::Set;
use crate::value::Value;
use crate::value::Wrapped;
use crate::value::drop_all;
use foldhash::fast::FixedState;
use std::collections::HashMap;
use std::sync::Arc;

/// A value on its way to whoever takes it.
pub struct Parcel {
    /// The value itself, for its own world.
    value: Value,
    home: WorldId,
    /// What other worlds copy.
    copy: Option<Box<(triomphe::Arc<World>, Value)>>,
}

impl Parcel {
    /// `value` of `world` as it is now.
    pub fn new(world: &World, value: Value) -> Parcel {
        let copy = value.contents().has(Contents::CELLS).then(|| {
            let between = World::new();
            let copy = copy(&value, world, &between);
            Box::new((between, copy))
        });
        Parcel { value, home: world.id(), copy }
    }

    /// The value in `world`.
    pub fn value(&self, world: &World) -> Value {
        match &self.copy {
            Some(foreign) if self.home != world.id() => copy(&foreign.1, &foreign.0, world),
            _ => self.value.clone(),
        }
    }

    /// The value in `world`, taken out.
    pub fn into_value(mut self, world: &World) -> Value {
        match &self.copy {
            Some(_) if self.home != world.id() => self.value(world),
            _ => std::mem::take(&mut self.value),
        }
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        let copy = self.copy.as_mut().map(|copy| std::mem::take(&mut copy.1));
        drop_all([std::mem::take(&mut self.value)].into_iter().chain(copy));
    }
}

/// A copy in the world `to` of what `value` is in the world `from`.
fn copy(value: &Value, from: &World, to: &World) -> Value {
    let mut copier = Copier {
        from,
        to,
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
    result
}

struct Copier<'w> {
    from: &'w World,
    to: &'w World,
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

    /// The copy of what holds no cells or has been copied; anything else is opened.
    fn begin(&mut self, value: Value, frames: &mut Vec<Frame>) -> Option<Value> {
        if !value.contents().has(Contents::CELLS) {
            return Some(value);
        }
        if let Some(known) = value.identity().and_then(|identity| self.parts.get(&identity)) {
            return Some(known.clone());
        }
        let inside = inside(&value);
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
            other => unreachable!("{} has nothing inside", other.kind()),
        }
    }

    fn function(&mut self, function: &Function, mut parts: impl Iterator<Item = Value>) -> Value {
        let captures = function.captures.iter().map(|capture| match capture {
            Capture::Value(_) => Capture::Value(parts.next().unwrap_or_default()),
            Capture::Cell(cell) => Capture::Cell(self.cell(cell)),
        });
        let captures = captures.collect();
        let copy = Function::new(function.chunk, function.name.clone(), captures);
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

/// The values right inside of one, in order.
fn inside(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(list) | Value::Tuple(list) => list.to_vec(),
        Value::Set(set) => set.iter().cloned().collect(),
        Value::Map(map) => {
            map.iter().flat_map(|(key, value)| [key.clone(), value.clone()]).collect()
        }
        Value::Object(object) => object.iter().map(|(_, value)| value.clone()).collect(),
        Value::Ok(inner) | Value::Err(inner) | Value::Some(inner) | Value::Frozen(inner) => {
            vec![inner.get().clone()]
        }
        Value::Function(function) => {
            let captures = function.captures.iter();
            captures
                .filter_map(|capture| match capture {
                    Capture::Value(value) => Some(value.clone()),
                    Capture::Cell(_) => None,
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

fn wrapped(mut parts: impl Iterator<Item = Value>) -> Wrapped {
    Wrapped::new(parts.next().unwrap_or_default())
}
