//! The names that a value has, for the advice about one that it has not. The program may well catch the fault, a
//! million times: names are handed on as they are, and compared when the error is shown.

use super::Image;
use super::access;
use super::calls;
use super::tries;
use crate::diag::Advice;
use crate::diag::Adviser;
use crate::diag::Fault;
use crate::diag::Member;
use crate::native::Registry;
use crate::program::Place;
use crate::value::Name;
use crate::value::Object;
use crate::value::Shape;
use crate::value::Text;
use crate::value::Value;
use crate::world::Environment;
use std::sync::Arc;

/// What has more keys of its own is a table, not a record: they are not looked through.
const MOST: usize = 64;

/// The names of a value.
struct Names {
    sought: Member,
    /// The shapes of the object and of what it embeds.
    shapes: Vec<Arc<Shape>>,
    /// Keys that are no shape's.
    keys: Vec<Text>,
    /// Methods of its type.
    methods: Vec<Name>,
    /// All builtins and the kind of the value, if builtins are its methods.
    builtins: Option<(&'static Registry, &'static str)>,
}

impl Names {
    fn new(sought: Member) -> Names {
        let (shapes, keys, methods) = Default::default();
        Names { sought, shapes, keys, methods, builtins: None }
    }

    /// With the fields of an object that `wanted` admits.
    fn add_fields(&mut self, object: &Object, wanted: impl Fn(&Value) -> bool) {
        match object.shape() {
            Some(shape) if self.sought == Member::Field || shape.is_module => {
                self.shapes.push(shape.clone());
            }
            _ if object.len() > MOST => {}
            _ => {
                let fields = object.iter().filter(|(_, value)| wanted(value));
                self.keys.extend(fields.map(|(key, _)| key.clone()));
            }
        }
    }

    /// With the methods of the type of an object.
    fn add_methods(&mut self, object: &Object, env: &Environment) {
        if let Some(Value::Str(ty)) = object.get("__type__") {
            self.methods.extend(env.method_names(ty).cloned());
        }
    }

    /// With the builtins that are methods of a kind. A module has them too, but nobody means them.
    fn add_builtins(&mut self, kind: &'static str, image: &Image) {
        if !self.shapes.iter().any(|shape| shape.is_module) {
            self.builtins = Some((image.registry, kind));
        }
    }

    fn add_all(&mut self, object: &Object, env: &Environment, wanted: impl Fn(&Value) -> bool) {
        self.add_fields(object, &wanted);
        self.add_methods(object, env);
        access::embedded(object, env, |_, part| -> Option<()> {
            self.add_fields(part, &wanted);
            self.add_methods(part, env);
            None
        });
    }
}

impl Adviser for Names {
    fn advise(&self, missing: &str) -> Option<String> {
        let shaped = self.shapes.iter().flat_map(|shape| &shape.names);
        let fields = shaped.chain(&self.keys).map(Text::as_str);
        let fields: Vec<&str> = fields.filter(|name| !name.starts_with("__")).collect();
        let mut methods: Vec<&str> = self.methods.iter().map(|name| &**name).collect();
        if let Some((registry, kind)) = self.builtins {
            registry.methods_of(kind).for_each(|name| methods.push(name));
        }
        self.sought.advise(missing, &fields, &methods)
    }
}

/// About a field that an object does not have.
#[cold]
pub(super) fn field(object: &Object, env: &Environment, image: &Image) -> Advice {
    let mut names = Names::new(Member::Field);
    names.add_all(object, env, |_| true);
    names.add_builtins("Object", image);
    Advice::of(names)
}

/// About a key that an object does not have.
#[cold]
pub(super) fn key(object: &Object) -> Advice {
    let mut names = Names::new(Member::Field);
    names.add_fields(object, |_| true);
    Advice::of(names)
}

/// The fault of changing a place: with the names of the object that lacks the field, if that is what is wrong.
#[cold]
pub(super) fn with(fault: Fault, place: &Place, target: &Value, operands: &[Value]) -> Fault {
    let Fault::NoField { name, .. } = fault else { return fault };
    // The longest way that leads somewhere ends there.
    let mut ways = (0..=place.steps.len()).rev().map(|n| &place.steps[..n]);
    let mut names = Names::new(Member::Field);
    if let Some(Value::Object(object)) = ways.find_map(|way| tries::part(way, target, operands)) {
        names.add_fields(object, |_| true);
    }
    Fault::NoField { name, advice: Advice::of(names) }
}

/// About a property that a value which is no object does not have.
#[cold]
pub(super) fn property(value: &Value, image: &Image) -> Advice {
    let builtins = Some((image.registry, value.kind()));
    Advice::of(Names { builtins, ..Names::new(Member::Field) })
}

/// About a method that a value does not have.
#[cold]
pub(super) fn method(receiver: &Value, env: &Environment, image: &Image) -> Advice {
    let mut names = Names::new(Member::Method);
    if let Value::Object(object) = receiver {
        names.add_all(object, env, calls::is_callable);
    }
    names.add_builtins(receiver.kind(), image);
    Advice::of(names)
}

/// About a method that a type itself does not have.
#[cold]
pub(super) fn static_method(ty: &str, env: &Environment) -> Advice {
    let methods = env.method_names(ty).cloned().collect();
    Advice::of(Names { methods, ..Names::new(Member::Method) })
}
