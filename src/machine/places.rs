//! Assigning a place from itself: one read-modify-write of the variable at its root (language-core 3.2 and 4.9).

use super::Image;
use super::State;
use super::access;
use super::act::act;
use super::advice;
use super::commons;
use super::delegated;
use super::meter::Meter;
use super::meter::Stop;
use super::own;
use super::registers::Registers;
use crate::diag::Advice;
use crate::diag::Fault;
use crate::native::depth;
use crate::program::Action;
use crate::program::BinaryOp;
use crate::program::KEEPS_VALUE;
use crate::program::Place;
use crate::program::Reg;
use crate::program::Root;
use crate::program::SiteCache;
use crate::program::Step;
use crate::value::Capture;
use crate::value::Code;
use crate::value::Contents;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use crate::value::write_display;

/// `target := target op right`
pub(super) fn apply_in_place(
    op: BinaryOp,
    target: &mut Value,
    right: &Value,
    name: &str,
    meter: &mut Meter,
) -> Result<(), Stop> {
    if matches!(target, Value::Unset) {
        return Err(Fault::Undefined { name: name.to_string(), suggestion: None }.into());
    }
    if op == BinaryOp::Add && matches!(target, Value::Str(_)) {
        return append(target, right, meter);
    }
    *target = meter.apply(op, target, right)?;
    Ok(())
}

/// `target := target + right` for text: in place when nobody else holds it.
pub(super) fn append(target: &mut Value, right: &Value, meter: &mut Meter) -> Result<(), Stop> {
    let Value::Str(text) = target else { unreachable!("only text is appended to") };
    let right = right.thawed();
    match text.own() {
        Some(own) => {
            meter.pay_for(|limit| depth(right, limit))?;
            write_display(right, own)?
        }
        None => *target = meter.apply(BinaryOp::Add, target, right)?,
    }
    Ok(())
}

/// Changes a place with the operands from register `at` on; the result of the action goes to `at`.
#[inline(never)]
pub(super) fn update(
    place: &Place,
    regs: &mut Registers,
    at: usize,
    cx: &mut State,
    image: &Image,
) -> Result<(), Stop> {
    let (low, operands) = regs.split_at_mut(at);
    if let Root::Register(reg) = place.root
        && own::change(place, &mut low[usize::from(reg)], operands)
    {
        operands[0] = Value::Null;
        return Ok(());
    }
    let State { world, near, env, meter, transaction, .. } = cx;
    if let Root::Global(slot) = place.root
        && let Value::Common(_) = env.global(slot as usize)
    {
        // What lies behind them in the registers is of no concern.
        operands[..place.operands()].iter().try_for_each(commons::admit)?;
    }
    let mut change = |target: &mut Value| {
        if own::change(place, target, operands) {
            return Ok(Value::Null);
        }
        match change(place, target, operands, image, meter) {
            Err(Stop::Fault(fault)) => {
                let fault = advice::with(fault, place, target, operands);
                match delegated::may_be(place) {
                    true => delegated::change(place, target, operands, image, (env, meter), fault),
                    false => Err(fault.into()),
                }
            }
            result => result,
        }
    };
    let result = match place.root {
        Root::Register(reg) => change(&mut low[reg as usize])?,
        Root::Cell(reg) => match &low[reg as usize] {
            Value::Cell(cell) => world.update(cell, near, change)?,
            _ => return Err(unset(place).into()),
        },
        Root::Capture(index) => match &low[0] {
            Value::Function(function) => match &function.captures[index as usize] {
                Capture::Cell(cell) => world.update(cell, near, change)?,
                Capture::Value(_) => unreachable!("a captured variable that is assigned is a cell"),
            },
            other => unreachable!("register 0 holds the running function, not {other:?}"),
        },
        Root::Global(slot) => match env.global(slot as usize) {
            Value::Common(common) => {
                let result = commons::update(common, transaction, change)?;
                meter.has_effect = true;
                result
            }
            Value::Cell(cell) => world.update(cell, near, change)?,
            value => {
                let mut value = value.clone();
                let result = change(&mut value)?;
                env.set_global(slot as usize, value);
                result
            }
        },
    };
    operands[0] = result;
    Ok(())
}

/// Appends to the array of a variable in a register.
#[inline(never)]
pub(super) fn push(regs: &mut Registers, list: Reg, value: Reg) -> Result<(), Fault> {
    let new = std::mem::take(&mut regs[value as usize]);
    match &mut regs[list as usize] {
        Value::Array(items) => items.push(new),
        _ => return Err(Fault::message("push() first argument must be array")),
    }
    Ok(())
}

/// `list[index] := value` for a variable in a register.
#[inline(never)]
pub(super) fn set_index(
    regs: &mut Registers,
    list: Reg,
    index: Reg,
    value: Reg,
    data: usize,
    chunk: &Code,
    image: &Image,
) -> Result<(), Stop> {
    if own::set_other(regs, list, index, value) {
        return Ok(());
    }
    let place = &chunk.places[data as u16 as usize];
    let mut new = match data as u32 & KEEPS_VALUE {
        0 => std::mem::take(&mut regs[value as usize]),
        _ => regs[value as usize].clone(),
    };
    // Numbers have been tried.
    let is_new = !matches!(new, Value::Int(_) | Value::Float(_) | Value::Bool(_));
    if is_new && own::set_element(regs, list, index, &mut new) {
        return Ok(());
    }
    if let Ok([target, key]) = regs.get_disjoint_mut([list as usize, index as usize]) {
        match target {
            Value::Array(items) => {
                if let Value::Int(i) = key
                    && (*i as usize) < items.len()
                {
                    items.set(*i as usize, new);
                    return Ok(());
                }
            }
            Value::Object(object) if !is_module(object) => {
                if let Value::Str(key) = key {
                    object.set(key, new);
                    return Ok(());
                }
            }
            _ => {}
        }
    }
    let key = regs[index as usize].clone();
    // Storing one element costs nothing.
    change(place, &mut regs[list as usize], &mut [key, new], image, &mut Meter::default())?;
    Ok(())
}

/// `object.name := value` for a variable in a register.
#[inline(never)]
pub(super) fn set_field(
    regs: &mut Registers,
    object: Reg,
    value: Reg,
    place: &Place,
    image: &Image,
) -> Result<(), Stop> {
    let new = std::mem::take(&mut regs[value as usize]);
    if let Value::Object(fields) = &mut regs[object as usize]
        && let [Step::Field(_, cache)] = &place.steps[..]
        && let shape @ 1.. = fields.shape_id()
        && let Some(slot) = cache.get(shape, 0)
    {
        let adds = Contents::of(&new);
        *fields.slot_mut(slot as usize, adds) = new;
        return Ok(());
    }
    // Storing one field costs nothing.
    change(place, &mut regs[object as usize], &mut [new], image, &mut Meter::default())?;
    Ok(())
}

fn unset(place: &Place) -> Fault {
    match place.steps.is_empty() {
        true => Fault::AssignUndefined(place.name.to_string()),
        false => Fault::PlaceUndefined(place.name.to_string()),
    }
}

/// Changes what `target` holds: follows the path, then acts. No user code runs.
pub(super) fn change(
    place: &Place,
    target: &mut Value,
    operands: &mut [Value],
    image: &Image,
    meter: &mut Meter,
) -> Result<Value, Stop> {
    if matches!(target, Value::Unset) {
        return Err(match place.action {
            Action::Set => unset(place),
            _ => Fault::Undefined { name: place.name.to_string(), suggestion: None },
        }
        .into());
    }
    let (keys, operands) = operands.split_at_mut(place.keys());
    let mut keys = keys.iter();
    let Some((last, path)) = place.steps.split_last() else {
        return act(place, target, operands, image, meter);
    };
    let adds = adds(place, operands);
    let mut target = target;
    for step in path {
        target = descend(place, target, step, &mut keys, adds)?;
    }
    match place.action {
        Action::Set => store(place, target, last, keys.next(), std::mem::take(&mut operands[0]))?,
        _ => {
            let target = descend(place, target, last, &mut keys, adds)?;
            act(place, target, operands, image, meter)?;
        }
    }
    Ok(Value::Null)
}

/// What the operands of its action may bring into the variable.
pub(super) fn adds(place: &Place, operands: &[Value]) -> Contents {
    let operands = &operands[..place.action.operands()];
    operands.iter().fold(Contents::NESTED, |adds, operand| adds.with(operand.contents()))
}

fn frozen(place: &Place, step: &Step) -> Fault {
    let field = match step {
        Step::Field(name, _) => Some((&**name).into()),
        Step::Index => None,
    };
    Fault::FrozenWrite { root: (&*place.name).into(), field }
}

fn is_module(object: &Object) -> bool {
    object.shape().is_some_and(|shape| shape.is_module)
}

fn module(place: &Place) -> Fault {
    Fault::message(format!("cannot modify built-in module '{}'", place.name))
}

/// One step down a path, to a part that exists.
pub(super) fn descend<'v, 'k>(
    place: &Place,
    target: &'v mut Value,
    step: &Step,
    keys: &mut impl Iterator<Item = &'k Value>,
    adds: Contents,
) -> Result<&'v mut Value, Fault> {
    match (step, target) {
        (_, Value::Frozen(_)) => Err(frozen(place, step)),
        (_, Value::Object(object)) if is_module(object) => Err(module(place)),
        (Step::Field(name, cache), Value::Object(object)) => field(object, name, cache, adds)
            .ok_or_else(|| Fault::NoField { name: name.to_string(), advice: Advice::default() }),
        (Step::Field(name, _), other) => Err(access::no_field(name, other, None)),
        (Step::Index, target) => {
            let key = keys.next().map_or(&Value::Null, Value::thawed);
            match (target, key) {
                (Value::Array(list), Value::Int(i)) => {
                    let len = list.len();
                    let at = access::position(*i, len).ok_or(Fault::OutOfBounds {
                        index: *i,
                        on: "array",
                        len,
                    })?;
                    Ok(list.get_mut(at, adds).expect("the position is inside"))
                }
                (Value::Object(object), Value::Str(key)) => object
                    .get_mut(key, adds)
                    .ok_or_else(|| access::no_key(key.to_string(), Advice::default())),
                (Value::Map(map), key) => map
                    .get_mut(key, adds)
                    .ok_or_else(|| access::no_key(key.to_string(), Advice::default())),
                // It can be read, but not changed.
                (Value::Tuple(_), Value::Int(_)) => Err(Fault::message("cannot mutate a tuple")),
                (Value::Str(_), Value::Int(_)) => Err(Fault::message("invalid index assignment")),
                _ => Err(access::no_element()),
            }
        }
    }
}

/// The field of an object, to change.
fn field<'v>(
    object: &'v mut Object,
    name: &str,
    cache: &SiteCache,
    adds: Contents,
) -> Option<&'v mut Value> {
    let id = object.shape_id();
    if id == 0 {
        return object.get_mut(name, adds);
    }
    if let Some(slot) = cache.get(id, 0) {
        return Some(object.slot_mut(slot as usize, adds));
    }
    if let Some(shape) = object.shape().filter(|shape| !shape.is_tag(name))
        && let Some(slot) = shape.slot_of(name)
    {
        cache.put(id, 0, slot as u32);
    }
    object.get_mut(name, adds)
}

fn index_set() -> Fault {
    Fault::message("cannot index-assign a set; use .add() and .remove()")
}

/// The last step of a path: what is there is replaced, or a key is added.
fn store(
    place: &Place,
    target: &mut Value,
    step: &Step,
    key: Option<&Value>,
    value: Value,
) -> Result<(), Fault> {
    match (step, target) {
        (_, Value::Frozen(_)) => return Err(frozen(place, step)),
        (_, Value::Object(object)) if is_module(object) => return Err(module(place)),
        (Step::Field(name, cache), Value::Object(object)) => {
            let adds = Contents::of(&value).with(Contents::NESTED);
            match field(object, name, cache, adds) {
                Some(slot) => *slot = value,
                None => object.set(&Text::from(name), value),
            }
        }
        (Step::Field(name, _), other) => {
            return Err(Fault::message(format!("cannot set field '{name}' on {}", other.kind())));
        }
        (Step::Index, target) => match (target, key.map_or(&Value::Null, Value::thawed)) {
            (Value::Array(list), Value::Int(i)) => {
                let at = access::position(*i, list.len())
                    .ok_or_else(|| Fault::message("index out of bounds"))?;
                list.set(at, value);
            }
            (Value::Object(object), Value::Str(key)) => object.set(key, value),
            (Value::Map(map), key) => map.set(key.clone(), value),
            (Value::Tuple(_), _) => return Err(Fault::message("cannot mutate a tuple")),
            (Value::Set(_), _) => return Err(index_set()),
            _ => return Err(Fault::message("invalid index assignment")),
        },
    }
    Ok(())
}
