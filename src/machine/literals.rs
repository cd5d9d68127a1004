//! Making values: arrays, objects, text, functions, declared types.

use super::registers::put_null;
use crate::diag::Fault;
use crate::program::CaptureFrom;
use crate::program::ClosureCode;
use crate::program::InstanceCode;
use crate::program::Layout;
use crate::program::TypeCode;
use crate::value::Capture;
use crate::value::ChunkId;
use crate::value::Function;
use crate::value::List;
use crate::value::Marker;
use crate::value::Object;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;
use crate::value::Variant;
use crate::world::Environment;
use crate::world::TypeInfo;
use std::sync::Arc;

fn take_all(regs: &mut [Value]) -> Vec<Value> {
    regs.iter_mut().map(std::mem::take).collect()
}

/// `[...]` of all registers given.
pub(super) fn array(regs: &mut [Value]) -> Value {
    Value::Array(List::from(take_all(regs)))
}

/// Appends registers to the array in register `list`.
pub(super) fn append(regs: &mut [Value], list: u8, from: u8, count: u8) {
    let items = take_all(&mut regs[from as usize..from as usize + count as usize]);
    if let Value::Array(list) = &mut regs[list as usize] {
        for item in items {
            list.push(item);
        }
    }
}

/// Appends the elements of a sequence, or the value itself.
pub(super) fn spread(regs: &mut [Value], list: u8, src: u8) {
    let source = std::mem::take(&mut regs[src as usize]);
    let Value::Array(list) = &mut regs[list as usize] else { return };
    match source.thawed() {
        Value::Array(items) | Value::Tuple(items) => {
            items.iter().for_each(|item| list.push(item.clone()))
        }
        Value::Set(items) => items.iter().for_each(|item| list.push(item.clone())),
        _ => list.push(source),
    }
}

/// Turns an array into a tuple.
pub(super) fn tuple(slot: &mut Value) {
    if let Value::Array(list) = std::mem::take(slot) {
        *slot = Value::Tuple(list);
    }
}

/// An object of a known shape.
pub(super) fn object(shape: &Arc<Shape>, regs: &mut [Value]) -> Value {
    let values = take_all(&mut regs[..shape.names.len()]);
    Value::Object(Object::shaped(shape.clone(), values))
}

/// `[key]: value` in an object literal.
pub(super) fn set_key(regs: &mut [Value], object: u8, key: u8, value: u8) -> Result<(), Fault> {
    let value = std::mem::take(&mut regs[value as usize]);
    let key = std::mem::take(&mut regs[key as usize]);
    let Value::Str(name) = key.thawed() else {
        return Err(Fault::message(format!("object keys must be strings, got {}", key.kind())));
    };
    if let Value::Object(object) = &mut regs[object as usize] {
        object.set(name, value);
    }
    Ok(())
}

/// `...object` in an object literal.
pub(super) fn spread_object(regs: &mut [Value], object: u8, src: u8) -> Result<(), Fault> {
    let source = std::mem::take(&mut regs[src as usize]);
    let Value::Object(entries) = source.thawed() else {
        return Err(Fault::message(format!("cannot spread {} into an object", source.kind())));
    };
    if let Value::Object(object) = &mut regs[object as usize] {
        for (key, value) in entries.iter() {
            object.set(key, value.clone());
        }
    }
    Ok(())
}

/// Puts the defaults of a struct before the given fields; the type tag is among them already.
pub(super) fn instance(slot: &mut Value, code: &InstanceCode<Arc<Shape>>, env: &Environment) {
    let Value::Object(given) = &*slot else { return };
    let Some(info) = env.type_info(&code.name).filter(|info| !info.defaults.is_empty()) else {
        return;
    };
    if let Some(shape) = given.shape() {
        let layout = code.layout.get_or_init(|| layout(shape, info));
        if (layout.declared, layout.given) == (info.declared, shape.id) {
            let values = layout.sources.iter().map(|source| match source {
                Ok(slot) => given.slot(*slot).clone(),
                Err(at) => info.defaults[*at].1.clone(),
            });
            *slot = Value::Object(Object::shaped(layout.shape.clone(), values.collect()));
            return;
        }
    }
    let mut object = Object::new();
    for (field, value) in &info.defaults {
        object.set(&Text::from(field), value.clone());
    }
    for (field, value) in given.iter() {
        object.set(field, value.clone());
    }
    *slot = Value::Object(object);
}

/// The defaults first, in order, then the other fields that are given.
fn layout(given: &Shape, info: &TypeInfo) -> Layout<Arc<Shape>> {
    let defaults = info
        .defaults
        .iter()
        .enumerate()
        .map(|(at, (name, _))| (Text::from(name), given.slot_of(name).ok_or(at)));
    let is_default = |name: &Text| info.defaults.iter().any(|(known, _)| **known == **name);
    let more = given.names.iter().enumerate().filter(|(_, name)| !is_default(name));
    let more = more.map(|(slot, name)| (name.clone(), Ok(slot)));
    let (names, sources) = defaults.chain(more).unzip();
    Layout { declared: info.declared, given: given.id, shape: Shape::typed(names), sources }
}

/// The display texts of all registers given, in a row.
pub(super) fn concat(regs: &mut [Value]) -> Result<Value, Fault> {
    let text = Text::of_all(&*regs)?;
    regs.iter_mut().for_each(put_null);
    Ok(Value::Str(text))
}

/// A function value with what it captures.
pub(super) fn closure(code: &ClosureCode, regs: &[Value], env: &Environment) -> Value {
    let captures = code.captures.iter().map(|from| match from {
        CaptureFrom::Cell(reg) => held(&regs[*reg as usize]),
        CaptureFrom::Value(reg) => Capture::Value(regs[*reg as usize].clone()),
        CaptureFrom::Itself => Capture::Value(regs[0].clone()),
        CaptureFrom::Global(slot) => held(env.global(*slot as usize)),
        CaptureFrom::Capture(index) => match &regs[0] {
            Value::Function(outer) => match &outer.captures[*index as usize] {
                Capture::Value(value) => Capture::Value(value.clone()),
                Capture::Cell(cell) => Capture::Cell(cell.clone()),
            },
            other => unreachable!("register 0 holds the running function, not {other:?}"),
        },
    });
    let function = Function::new(ChunkId(code.chunk), code.label.clone(), captures.collect());
    Value::Function(triomphe::Arc::new(function))
}

/// A variable as a capture.
fn held(slot: &Value) -> Capture {
    match slot {
        Value::Cell(cell) => Capture::Cell(cell.clone()),
        value => Capture::Value(value.clone()),
    }
}

/// Adds a method: `names` are the type, the method, and whether it is an instance method.
pub(super) fn method(env: &mut Environment, names: &[Value], function: Value) {
    let [Value::Str(ty), Value::Str(name), Value::Bool(is_instance), ..] = names else { return };
    let (ty, name) = (Arc::from(ty.as_str()), Arc::from(name.as_str()));
    let mut info = env.type_info(&ty).cloned().unwrap_or_default();
    info.instance_methods.retain(|known| *known != name);
    if *is_instance {
        info.instance_methods.push(Arc::clone(&name));
    }
    env.set_type(&ty, info);
    env.set_method(&ty, &name, function);
}

/// Declares a type. A struct leaves its marker in the first register; an algebraic type its marker and then its
/// variants, one register each.
pub(super) fn declare(env: &mut Environment, code: &TypeCode<Arc<Shape>>, regs: &mut [Value]) {
    // A definition replaces what the name meant before; methods stay, whichever came first.
    let methods_of = |name: &str| TypeInfo {
        instance_methods: env
            .type_info(name)
            .map(|info| info.instance_methods.clone())
            .unwrap_or_default(),
        ..TypeInfo::default()
    };
    match code {
        TypeCode::Struct { name, id, defaults, embeds } => {
            let values = regs.iter_mut().map(std::mem::take);
            let info = TypeInfo {
                declared: *id,
                defaults: defaults.iter().cloned().zip(values).collect(),
                embeds: embeds.clone(),
                ..methods_of(name)
            };
            env.set_type(name, info);
            regs[0] = Value::Marker(triomphe::Arc::new(Marker::Struct(name.clone())));
        }
        TypeCode::Variants { name, variants } => {
            let names = variants.iter().map(|variant| variant.name.clone()).collect();
            let info = TypeInfo { variants: names, ..methods_of(name) };
            env.set_type(name, info);
            regs[0] = Value::Marker(triomphe::Arc::new(Marker::Type(name.clone())));
            let ty = Text::from(name);
            for (slot, code) in regs[1..].iter_mut().zip(variants) {
                let variant = Variant {
                    ty: ty.clone(),
                    name: Text::from(&code.name),
                    arity: code.arity.unwrap_or(0),
                    shape: code.shape.clone(),
                };
                *slot = match code.arity {
                    None => variant.value([]),
                    Some(_) => Value::Marker(triomphe::Arc::new(Marker::Variant(variant))),
                };
            }
        }
    }
}
