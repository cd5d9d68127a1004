//! `car.hp += 1` where `car` has no `hp` of its own but embeds an engine that has one (language-statements 11.4): the
//! engine's is read, and the result becomes a field of the car, which hides it.

use super::Image;
use super::access;
use super::act::act;
use super::meter::Meter;
use super::meter::Stop;
use super::places;
use crate::diag::Fault;
use crate::program::Action;
use crate::program::Place;
use crate::program::Step;
use crate::value::Text;
use crate::value::Value;
use crate::world::Environment;

/// Whether what a place is changed from may be a field of an embedded object.
pub(super) fn may_be(place: &Place) -> bool {
    place.action != Action::Set && matches!(place.steps.last(), Some(Step::Field(..)))
}

/// Does what failed with `fault` for want of a field, from the field of an embedded object if there is one.
pub(super) fn change(
    place: &Place,
    target: &mut Value,
    operands: &mut [Value],
    image: &Image,
    (env, meter): (&Environment, &mut Meter),
    fault: Fault,
) -> Result<Value, Stop> {
    let (Fault::NoField { .. }, Some((Step::Field(name, _), path))) =
        (&fault, place.steps.split_last())
    else {
        return Err(fault.into());
    };
    let (keys, operands) = operands.split_at_mut(place.keys());
    let mut keys = keys.iter();
    let adds = places::adds(place, operands);
    let mut owner = target;
    for step in path {
        owner = places::descend(place, owner, step, &mut keys, adds)?;
    }
    let Value::Object(object) = owner else { return Err(fault.into()) };
    let found = access::embedded(object, env, |_, inner| inner.get(name).cloned());
    let Some(mut value) = found else { return Err(fault.into()) };
    let result = act(place, &mut value, operands, image, meter)?;
    object.set(&Text::from(name), value);
    Ok(result)
}
