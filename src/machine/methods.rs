//! `receiver.name(args)`: the rules of language-core 5.5, in their order.

use super::Image;
use super::access;
use super::calls;
use super::calls::Next;
use crate::diag::Fault;
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

/// Calls a method: `regs[at + 1]` is the receiver, its `count` arguments follow. `regs[at]` is the variable of the
/// method's name when a user's is visible.
#[inline(never)]
pub(super) fn call(
    site: &Site,
    image: &Image,
    env: &Environment,
    regs: &mut [Value],
    at: usize,
    count: usize,
) -> Result<Next, Fault> {
    let shadow = match site.is_shadowed {
        true => std::mem::take(&mut regs[at]),
        false => Value::Null,
    };
    if let Value::Frozen(inner) = &regs[at + 1] {
        // Changing methods still refuse: they look at the frozen receiver itself.
        if !matches!(inner.get(), Value::Set(_) | Value::Map(_) | Value::Array(_)) {
            regs[at + 1] = inner.get().clone();
        }
    }
    let name = &*site.name;
    let mut hidden_by = None;
    match regs[at + 1].thawed() {
        Value::Object(object) => {
            if let Some(field) = object.get(name) {
                if calls::is_callable(field) {
                    regs[at] = field.clone();
                    // A field is called without the receiver.
                    regs[at + 1..at + 2 + count].rotate_left(1);
                    regs[at + 1 + count] = Value::Null;
                    return calls::call(image, regs, at, count);
                }
                hidden_by = Some(field.kind());
            }
            if let Some(Value::Str(ty)) = object.get("__type__") {
                let ty = ty.clone();
                if let Some(method) = env.method(&ty, name) {
                    remember(site, object, method, env);
                }
                if let Some((method, receiver)) = find_method(object, &ty, name, env) {
                    regs[at] = method;
                    regs[at + 1] = receiver;
                    return calls::call(image, regs, at, count + 1);
                }
                if site.builtin.is_none() {
                    return Err(match hidden_by {
                        Some(kind) => Fault::NotCallable(kind),
                        None => Fault::NoMethod { name: name.to_string(), on: ty.to_string() },
                    });
                }
            }
        }
        Value::Marker(marker) => {
            if let Marker::Struct(ty) | Marker::Type(ty) = &**marker {
                let Some(method) = env.method(ty, name).filter(|_| is_static(env, ty, name)) else {
                    return Err(Fault::message(format!("no static method '{name}' on {ty}")));
                };
                regs[at] = method.clone();
                regs[at + 1..at + 2 + count].rotate_left(1);
                regs[at + 1 + count] = Value::Null;
                return calls::call(image, regs, at, count);
            }
        }
        _ => {}
    }
    let receiver = regs[at + 1].thawed();
    if let Some(id) = intrinsic(receiver, name, image) {
        return calls::native(image, id, regs, at, count + 1);
    }
    if let Some(id) = site.builtin {
        let row = image.registry.row(id as usize);
        if row.forms.contains(&crate::native::Form::Method) {
            if calls::is_callable(&shadow) {
                regs[at] = shadow;
                return calls::call(image, regs, at, count + 1);
            }
            return calls::native(image, id as usize, regs, at, count + 1);
        }
        let is_result =
            matches!(receiver, Value::Ok(_) | Value::Err(_) | Value::Some(_) | Value::None);
        if is_result {
            return calls::native(image, id as usize, regs, at, count + 1);
        }
    }
    Err(match (hidden_by, receiver) {
        (Some(kind), _) => Fault::NotCallable(kind),
        (None, Value::Object(_)) => {
            Fault::NoMethod { name: name.to_string(), on: "object".to_string() }
        }
        (None, other) => Fault::CannotCall { name: name.to_string(), kind: other.kind() },
    })
}

/// Calls a method with the elements of the array behind its receiver, register `at + 1` of the frame at `base`.
pub(super) fn spread(
    site: &Site,
    image: &Image,
    env: &Environment,
    stack: &mut Vec<Value>,
    base: usize,
    at: usize,
) -> Result<Next, Fault> {
    let first = base + at + 1;
    let count = calls::unpack_arguments(stack, first + 1);
    let next = call(site, image, env, &mut stack[base..], at, count);
    calls::settle(image, stack, first, count + 1, next)
}

/// The builtin that is a method of this kind of receiver only.
fn intrinsic(receiver: &Value, name: &str, image: &Image) -> Option<usize> {
    let kind = match receiver {
        Value::Str(_) => "String",
        Value::Set(_) => "Set",
        Value::Map(_) => "Map",
        _ => return None,
    };
    image.registry.intrinsic(kind, name)
}

/// A method of the type `ty`, or of what it embeds, with the receiver it gets.
fn find_method(object: &Object, ty: &str, name: &str, env: &Environment) -> Option<(Value, Value)> {
    if let Some(method) = env.method(ty, name) {
        return Some((method.clone(), Value::Object(object.clone())));
    }
    access::embedded(object, env, |inner| {
        let Value::Str(ty) = inner.get("__type__")? else { return None };
        Some((env.method(ty, name)?.clone(), Value::Object(inner.clone())))
    })
}

/// Whether a method can be called on the type itself.
fn is_static(env: &Environment, ty: &str, name: &str) -> bool {
    !env.type_info(ty).is_some_and(|info| info.instance_methods.iter().any(|own| &**own == name))
}
