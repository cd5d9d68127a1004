//! Parts of parts, found without a handle on what lies between. `ahead` is the code behind the instruction: the jump over
//! the two steps that do the same, and these.

use super::access::cached;
use super::access::element_at;
use super::registers::Registers;
use crate::program::Op;
use crate::program::Reg;
use crate::program::Site;
use crate::value::Code;
use crate::value::Value;

/// `object[index].name`
#[inline(always)]
pub(super) fn index_field<'v>(
    regs: &'v Registers,
    chunk: &Code,
    ahead: &[Op],
    object: Reg,
    index: Reg,
) -> Option<&'v Value> {
    let part = element_at(&regs[object as usize], &regs[index as usize])?;
    cached(site(chunk, ahead, 3), part)
}

/// `object.name[index]`
#[inline(always)]
pub(super) fn field_index<'v>(
    regs: &'v Registers,
    chunk: &Code,
    ahead: &[Op],
    object: Reg,
    index: Reg,
) -> Option<&'v Value> {
    let part = cached(site(chunk, ahead, 2), &regs[object as usize])?;
    element_at(part, &regs[index as usize])
}

/// `object[index][second]`
#[inline(always)]
pub(super) fn index_index<'v>(
    regs: &'v Registers,
    ahead: &[Op],
    object: Reg,
    index: Reg,
) -> Option<&'v Value> {
    let part = element_at(&regs[object as usize], &regs[index as usize])?;
    match ahead.get(2) {
        Some(Op::Index { index: second, .. }) => element_at(part, &regs[*second as usize]),
        _ => None,
    }
}

/// `object.name.second`
#[inline(always)]
pub(super) fn field_field<'v>(
    regs: &'v Registers,
    chunk: &Code,
    ahead: &[Op],
    object: Reg,
) -> Option<&'v Value> {
    let part = cached(site(chunk, ahead, 2), &regs[object as usize])?;
    cached(site(chunk, ahead, 4), part)
}

/// The site whose number is `at` instructions ahead.
#[inline(always)]
fn site<'c>(chunk: &'c Code, ahead: &[Op], at: usize) -> &'c Site {
    &chunk.sites[ahead.get(at).map_or(0, |op| op.value())]
}
