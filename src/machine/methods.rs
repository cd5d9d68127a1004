//! `receiver.name(args)`: the rules of language-core 5.5, in their order.

use super::Exit;
use super::Image;
use super::State;
use super::access;
use super::advice;
use super::calls;
use super::calls::Next;
use super::registers::Registers;
use crate::diag::Fault;
use crate::diag::NoMethod;
use crate::native::Form;
use crate::native::length;
use crate::program::Reg;
use crate::program::Site;
use crate::value::Marker;
use crate::value::Object;
use crate::value::Value;
use crate::world::Environment;

/// The code of the method that the site called last, if the receiver has the same shape: it captures nothing, so that
/// it needs no function value.
#[inline(always)]
pub(super) fn cached(site: &Site, receiver: &Value, version: u32) -> Option<u32> {
    let Value::Object(object) = receiver else { return None };
    match object.shape_id() {
        0 => None,
        shape => site.cache.get(shape, version),
    }
}

/// Keeps the code of the method of an instance for the next call from this site.
fn remember(site: &Site, object: &Object, method: &Value, env: &Environment) {
    if let Some(shape) = object.shape().filter(|shape| shape.is_typed)
        && shape.slot_of(&site.name).is_none()
        && let Value::Function(function) = method
        && function.captures.is_empty()
    {
        site.cache.put(shape.id, env.version(), function.chunk.0);
    }
}

/// The builtin that the site called last for a receiver of this kind.
#[inline(always)]
pub(super) fn builtin(site: &Site, receiver: &Value) -> Option<usize> {
    site.cache.get(kind(receiver)?, 0).map(|id| id as usize)
}

/// The number of a kind of receivers that have builtin methods only; no shape has it.
#[inline(always)]
fn kind(receiver: &Value) -> Option<u32> {
    match receiver {
        Value::Array(_) => Some(1),
        Value::Str(_) => Some(2),
        Value::Map(_) => Some(3),
        Value::Set(_) => Some(4),
        _ => None,
    }
}

/// Calls a builtin method whose result shows at a glance, for a receiver in a variable; whether it did.
#[inline(never)]
pub(super) fn glance(
    site: &Site,
    image: &Image,
    regs: &mut Registers,
    receiver: Reg,
    at: Reg,
    count: u8,
) -> bool {
    let Some(id) = builtin(site, &regs[receiver as usize]) else { return false };
    let from = [receiver, at.saturating_add(2), at.saturating_add(3)];
    calls::glance(image, id, regs, at.into(), from, usize::from(count) + 1)
}

/// Calls a method: `regs[at + 1]` is the receiver, its `count` arguments follow. `regs[at]` is the variable of the
/// method's name when a user's is visible.
#[inline(never)]
pub(super) fn call(
    site: &Site,
    image: &Image,
    cx: &mut State,
    regs: &mut [Value],
    at: usize,
    count: usize,
) -> Result<Next, Fault> {
    let State { env, meter, .. } = cx;
    if let Some(id) = builtin(site, &regs[at + 1]) {
        return calls::native(image, id, regs, at, count + 1, meter);
    }
    let shadow = match site.is_shadowed {
        true => std::mem::take(&mut regs[at]),
        false => Value::Null,
    };
    match find(site, &regs[at + 1], env, image)? {
        Found::Alone(function) => {
            regs[at] = function;
            regs[at + 1..at + 2 + count].rotate_left(1);
            regs[at + 1 + count] = Value::Null;
            calls::call(image, regs, at, count, meter)
        }
        Found::Method(method, receiver) => {
            regs[at] = method;
            regs[at + 1] = receiver;
            calls::call(image, regs, at, count + 1, meter)
        }
        Found::Known(_) if calls::is_callable(&shadow) => {
            regs[at] = shadow;
            calls::call(image, regs, at, count + 1, meter)
        }
        Found::Known(id) | Found::Intrinsic(id) => {
            if let Some(kind) = kind(&regs[at + 1]).filter(|_| !site.is_shadowed) {
                site.cache.put(kind, 0, id as u32);
            }
            if let Value::Frozen(inner) = &regs[at + 1] {
                // Changing methods still refuse: they look at the frozen receiver itself.
                if !matches!(inner.get(), Value::Set(_) | Value::Map(_) | Value::Array(_)) {
                    regs[at + 1] = inner.get().clone();
                }
            }
            calls::native(image, id, regs, at, count + 1, meter)
        }
    }
}

/// Fails when `receiver` has no method of the site's name.
#[inline(never)]
pub(super) fn need(
    site: &Site,
    receiver: &Value,
    env: &Environment,
    image: &Image,
) -> Result<(), Fault> {
    match builtin(site, receiver) {
        Some(_) => Ok(()),
        None => find(site, receiver, env, image).map(drop),
    }
}

/// What a method call calls.
enum Found {
    /// A field or a static method: it gets no receiver.
    Alone(Value),
    /// A method of the receiver's type, and the receiver that it gets.
    Method(Value, Value),
    /// A builtin of this kind of receiver only.
    Intrinsic(usize),
    /// A builtin of the known-method list, which a user's function of its name hides.
    Known(usize),
}

/// The first rule that fits the receiver.
#[inline(always)]
fn find(site: &Site, receiver: &Value, env: &Environment, image: &Image) -> Result<Found, Fault> {
    let name = &*site.name;
    let mut hidden_by = None;
    let whole = receiver;
    let receiver = whole.thawed();
    match receiver {
        Value::Object(object) => {
            if let Some(field) = object.get(name) {
                if calls::is_callable(field) {
                    return Ok(Found::Alone(field.clone()));
                }
                hidden_by = Some(field.kind());
            }
            if let Some(Value::Str(ty)) = object.get("__type__") {
                if let Some(method) = env.method(ty, name) {
                    remember(site, object, method, env);
                }
                if let Some((method, receiver)) = find_method(whole, object, ty, name, env) {
                    return Ok(Found::Method(method, receiver));
                }
                if !site.is_shadowed && !is_global_method(site, image) {
                    return Err(match hidden_by {
                        Some(kind) => Fault::NotCallable(kind),
                        None => Fault::NoMethod(missing(name, ty, receiver, env, image)),
                    });
                }
            }
        }
        Value::Marker(marker) => {
            if let Marker::Struct(ty) | Marker::Type(ty) = &**marker {
                return match env.method(ty, name).filter(|_| is_static(env, ty, name)) {
                    Some(method) => Ok(Found::Alone(method.clone())),
                    None => Err(Fault::NoStaticMethod(Box::new(NoMethod {
                        name: name.to_string(),
                        on: ty.to_string(),
                        advice: advice::static_method(ty, env),
                    }))),
                };
            }
        }
        _ => {}
    }
    if let Some(id) = intrinsic(receiver, name, image) {
        return Ok(Found::Intrinsic(id));
    }
    if let Value::Stream(_) = receiver {
        return Err(Fault::NoStreamMethod(missing(name, "Stream", receiver, env, image)));
    }
    if let Some(id) = site.builtin {
        let id = id as usize;
        if image.registry.row(id).forms.contains(&Form::Method) {
            return Ok(Found::Known(id));
        }
        if matches!(receiver, Value::Ok(_) | Value::Err(_) | Value::Some(_) | Value::None) {
            return Ok(Found::Intrinsic(id));
        }
    }
    Err(match (hidden_by, receiver) {
        (Some(kind), _) => Fault::NotCallable(kind),
        (None, Value::Object(_)) => Fault::NoMethod(missing(name, "object", receiver, env, image)),
        (None, other) => Fault::CannotCall(missing(name, other.kind(), receiver, env, image)),
    })
}

/// The method `name`, which is not there.
#[cold]
fn missing(
    name: &str,
    on: &str,
    receiver: &Value,
    env: &Environment,
    image: &Image,
) -> Box<NoMethod> {
    let advice = advice::method(receiver, env, image);
    Box::new(NoMethod { name: name.to_string(), on: on.to_string(), advice })
}

/// Calls a method with the elements of the array behind its receiver, register `at + 1` of the frame at `base`.
pub(super) fn spread(
    site: &Site,
    image: &Image,
    cx: &mut State,
    stack: &mut Vec<Value>,
    base: usize,
    at: usize,
) -> Result<Next, Fault> {
    let first = base + at + 1;
    if cx.meter.pay(length(&stack[first + 1])).is_err() {
        return Ok(Next::Stop(Exit::Unpaid));
    }
    let count = calls::unpack_arguments(stack, first + 1);
    let next = call(site, image, cx, &mut stack[base..], at, count);
    calls::settle(image, stack, first, count + 1, next)
}

/// Whether the site names a method of any receiver that is a global function too: an instance has those beside its
/// own, and says `no method` for the others.
fn is_global_method(site: &Site, image: &Image) -> bool {
    let Some(id) = site.builtin else { return false };
    let forms = image.registry.row(id as usize).forms;
    forms.contains(&Form::Method) && !forms.contains(&Form::Internal)
}

/// The builtin that is a method of this kind of receiver only; `stream` is one of all kinds.
fn intrinsic(receiver: &Value, name: &str, image: &Image) -> Option<usize> {
    let kind = match receiver {
        _ if name == "stream" => "Any",
        Value::Stream(_) => "Stream",
        Value::Str(_) => "String",
        Value::Set(_) => "Set",
        Value::Map(_) => "Map",
        _ => return None,
    };
    image.registry.intrinsic(kind, name)
}

/// A method of the type `ty`, or of what it embeds, with the receiver it gets: `whole`, which is `object` or freezes it,
/// or the part, which is not frozen just because the whole is.
fn find_method(
    whole: &Value,
    object: &Object,
    ty: &str,
    name: &str,
    env: &Environment,
) -> Option<(Value, Value)> {
    if let Some(method) = env.method(ty, name) {
        return Some((method.clone(), whole.clone()));
    }
    access::embedded(object, env, |part, inner| {
        let Value::Str(ty) = inner.get("__type__")? else { return None };
        Some((env.method(ty, name)?.clone(), part.clone()))
    })
}

/// Whether a method can be called on the type itself.
fn is_static(env: &Environment, ty: &str, name: &str) -> bool {
    !env.type_info(ty).is_some_and(|info| info.instance_methods.iter().any(|own| &**own == name))
}

/// Whether `value.name(...)` would call something of the value's own: a field, or a method of its type or of what
/// that embeds.
pub(super) fn has(value: &Value, name: &Value, env: &Environment) -> bool {
    let (Value::Object(object), Value::Str(name)) = (value.thawed(), name) else { return false };
    if object.get(name).is_some_and(calls::is_callable) {
        return true;
    }
    match object.get("__type__") {
        Some(Value::Str(ty)) => find_method(value, object, ty, name, env).is_some(),
        _ => false,
    }
}

/// Fails unless a type has every method that an interface asks for; `names` are the type and the interface. What is
/// no interface asks for none.
pub(super) fn check_power(power: &Value, names: &[Value], env: &Environment) -> Result<(), Fault> {
    let Value::Object(power) = power.thawed() else { return Ok(()) };
    let (Some(Value::Array(wanted)), [Value::Str(ty), Value::Str(interface), ..]) =
        (power.get("methods").map(Value::thawed), names)
    else {
        return Ok(());
    };
    for method in wanted.iter() {
        let Value::Object(method) = method.thawed() else { continue };
        let Some(Value::Str(name)) = method.get("name") else { continue };
        if env.method(ty, name).is_none() {
            return Err(Fault::message(format!(
                "'{ty}' does not implement '{name}' required by power '{interface}'"
            )));
        }
    }
    Ok(())
}
