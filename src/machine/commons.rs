//! Shared variables as a machine reads and writes them, in a transaction or not.

use super::atomic::Transaction;
use super::meter::Stop;
use crate::diag::Fault;
use crate::value::Common;
use crate::value::Value;
use crate::world::is_free;
use std::sync::Arc;

/// What a shared variable holds.
pub(super) fn read(
    common: &Arc<Common>,
    transaction: &mut Option<Box<Transaction>>,
) -> Result<Value, Stop> {
    match transaction {
        Some(transaction) => transaction.read(common),
        None => Ok(common.get()),
    }
}

/// Changes it in one step. What is put into it has been admitted. A transaction that goes first passes before.
pub(super) fn update<R>(
    common: &Arc<Common>,
    transaction: &mut Option<Box<Transaction>>,
    change: impl FnOnce(&mut Value) -> Result<R, Stop>,
) -> Result<R, Stop> {
    match transaction {
        Some(transaction) => transaction.update(common, change),
        None if common.all.is_taken() => Err(Stop::Held(common.all.clone())),
        None => common.update(change),
    }
}

/// Puts what is in `src`, which is empty afterwards, into it; `missing` says what is wrong if it has no value yet.
pub(super) fn write(
    common: &Arc<Common>,
    src: &mut Value,
    transaction: &mut Option<Box<Transaction>>,
    missing: impl FnOnce() -> Result<(), Fault>,
) -> Result<(), Stop> {
    admit(src)?;
    let value = src.clone();
    let old = update(common, transaction, |slot| {
        if matches!(slot, Value::Unset) {
            missing()?;
        }
        Ok(std::mem::replace(slot, value))
    })?;
    drop(old);
    *src = Value::Null;
    Ok(())
}

/// What goes into a shared variable is the same for all worlds.
pub(super) fn admit(value: &Value) -> Result<(), Fault> {
    match is_free(value) {
        true => Ok(()),
        false => Err(Fault::message("a shared variable cannot hold a closure over variables")),
    }
}
