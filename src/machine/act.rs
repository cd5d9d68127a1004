//! What is done with the part that a path led to.

use super::Image;
use super::meter::Meter;
use super::meter::Stop;
use super::places::apply_in_place;
use super::tries;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Outcome;
use crate::native::depth;
use crate::program::Action;
use crate::program::Place;
use crate::value::Value;

/// The action itself, on the part that the path led to.
pub(super) fn act(
    place: &Place,
    target: &mut Value,
    operands: &mut [Value],
    image: &Image,
    meter: &mut Meter,
) -> Result<Value, Stop> {
    match place.action {
        Action::Set => *target = std::mem::take(&mut operands[0]),
        Action::Apply(op) => apply_in_place(op, target, &operands[0], &place.name, meter)?,
        Action::Push => match target {
            Value::Array(list) => {
                list.push(std::mem::take(&mut operands[0]));
                return Ok(Value::Null);
            }
            _ => return Err(Fault::message("push() first argument must be array").into()),
        },
        Action::Pop => match target {
            Value::Array(list) => return Ok(list.pop().unwrap_or_default()),
            _ => return Err(Fault::message("pop() requires array").into()),
        },
        Action::Add => match target {
            Value::Set(set) => {
                meter.pay_for(|limit| depth(&operands[0], limit))?;
                set.add(std::mem::take(&mut operands[0]));
            }
            _ => return Err(Fault::message("cannot add to a frozen set").into()),
        },
        Action::Remove => match target {
            Value::Set(set) => drop(set.remove(&operands[0])),
            _ => return Err(Fault::message("cannot remove from a frozen set").into()),
        },
        Action::Native { id, count } => {
            apply_builtin(id, target, &mut operands[..usize::from(count)], image, meter)?
        }
        Action::Method { count, .. } => {
            let id = tries::method_builtin(place.action, target)
                .ok_or_else(|| tries::cannot_call(place.action, target, image))?;
            apply_builtin(id, target, &mut operands[..usize::from(count)], image, meter)?;
        }
    }
    Ok(Value::Null)
}

/// `target := builtin(target, operands)`; an error leaves the target as it was.
fn apply_builtin(
    id: u32,
    target: &mut Value,
    operands: &mut [Value],
    image: &Image,
    meter: &mut Meter,
) -> Result<(), Stop> {
    let row = image.registry.row(id as usize);
    if row.patch.is_some_and(|patch| patch(target, operands)) {
        return Ok(());
    }
    let count = operands.len();
    let mut few = [const { Value::Null }; 4];
    let mut many = Vec::new();
    let args = if count < few.len() {
        &mut few[..=count]
    } else {
        many.resize(count + 1, Value::Null);
        &mut many[..]
    };
    args[0] = std::mem::take(target);
    args[1..].swap_with_slice(operands);
    if let Err(stop) = meter.pay_for(|limit| row.work.steps(args, limit)) {
        *target = std::mem::take(&mut args[0]);
        args[1..].swap_with_slice(operands);
        return Err(stop);
    }
    let outcome = Args::bind(row, args, &*image.host).and_then(|mut args| (row.run)(&mut args));
    match outcome {
        Ok(Outcome::Value(value)) => *target = value,
        Ok(_) => {
            unreachable!("a builtin that gives back its receiver neither waits nor calls back")
        }
        Err(fault) => {
            *target = std::mem::take(&mut args[0]);
            return Err(fault.into());
        }
    }
    Ok(())
}
