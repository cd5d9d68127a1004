//! What each instruction does to registers.
//!
//! Reading too much and writing too little is always right: it only keeps a handle for longer. So an instruction that
//! may leave a register as it was does not write it here, and one that changes what a register holds reads it.

use super::registers::Registers;
use crate::program::CaptureFrom;
use crate::program::Look;
use crate::program::Op;
use crate::program::Part;
use crate::program::Place;
use crate::program::Reg;
use crate::program::Root;
use crate::program::SORT_REGISTERS;
use crate::program::Then;
use crate::program::TypeCode;
use crate::program::UnpackCode;
use crate::value::Code;

/// The registers that an instruction reads and those that it writes in any case. Register 0 is in neither: it
/// belongs to the call.
#[derive(Default)]
pub(super) struct Effect {
    pub(super) reads: Registers,
    pub(super) writes: Registers,
}

impl Effect {
    /// The effect of instruction number `at`.
    pub(super) fn of(code: &Code, at: usize) -> Effect {
        let none = Effect::default();
        let data = || code.code.get(at + 1).map_or(0, |op| op.value());
        match code.code[at] {
            // Whoever takes the jump behind these has written; on the other way a `finally` may read the old value.
            Op::Jump { .. } => match at.checked_sub(1).map(|test| code.code[test]) {
                Some(
                    Op::Propagate { dst, .. }
                    | Op::IndexField { dst, .. }
                    | Op::FieldIndex { dst, .. }
                    | Op::IndexIndex { dst, .. }
                    | Op::FieldField { dst, .. }
                    | Op::Part { dst, .. }
                    | Op::Glance { base: dst, .. },
                ) => none.write(dst),
                _ => none,
            },
            // Made only when this is over.
            Op::Back { .. } => none,
            Op::Data { .. } => none,
            Op::Fail { .. } | Op::ReturnNull | Op::AddCaptureInt { .. } => none,
            // A squad without tasks leaves the register of `Disband` alone.
            Op::Squad { .. } | Op::Disband { .. } => none,
            Op::NeedGlobal { .. } | Op::Mark | Op::EndDeadline => none,
            Op::Atomic { .. } | Op::Commit => none,
            Op::NeedMethod { base } => none.arguments(base, 1),

            Op::Null { dst }
            | Op::Unset { dst }
            | Op::Bool { dst, .. }
            | Op::Int { dst, .. }
            | Op::Load { dst, .. }
            | Op::Capture { dst, .. }
            | Op::PeekCapture { dst, .. }
            | Op::AddGetCaptureInt { dst, .. }
            | Op::Global { dst, .. }
            | Op::PeekGlobal { dst, .. }
            | Op::Join { base: dst } => none.write(dst),
            Op::Clear { first, count } => none.write_row(first, count.into()),

            Op::Copy { dst, src }
            | Op::Move { dst, src }
            | Op::AddGetCapture { dst, src, .. }
            | Op::NewCell { reg: dst, src }
            | Op::GetCell { dst, cell: src }
            | Op::PeekCell { dst, cell: src }
            | Op::Neg { dst, src }
            | Op::Not { dst, src }
            | Op::Truth { dst, src }
            | Op::Must { dst, src }
            | Op::Freeze { dst, src }
            | Op::Field { dst, object: src }
            | Op::AddInt { dst, left: src, .. }
            | Op::SubInt { dst, left: src, .. }
            | Op::AddConst { dst, left: src, .. }
            | Op::SubConst { dst, left: src, .. }
            | Op::MulConst { dst, left: src, .. }
            | Op::DivConst { dst, left: src, .. }
            | Op::ModConst { dst, left: src, .. }
            | Op::ConstAdd { dst, right: src, .. }
            | Op::ConstSub { dst, right: src, .. }
            | Op::ConstMul { dst, right: src, .. }
            | Op::ConstDiv { dst, right: src, .. } => none.read(src).write(dst),

            Op::Add { dst, left, right }
            | Op::Sub { dst, left, right }
            | Op::Mul { dst, left, right }
            | Op::Div { dst, left, right }
            | Op::Mod { dst, left, right }
            | Op::Lt { dst, left, right }
            | Op::Gt { dst, left, right }
            | Op::LtEq { dst, left, right }
            | Op::GtEq { dst, left, right }
            | Op::Eq { dst, left, right }
            | Op::NotEq { dst, left, right }
            | Op::Index { dst, object: left, index: right } => {
                none.read(left).read(right).write(dst)
            }

            Op::SetCapture { src, .. }
            | Op::AddCapture { src, .. }
            | Op::Define { src, .. }
            | Op::SetGlobal { src, .. }
            | Op::Propagate { src, .. }
            | Op::FieldField { object: src, .. }
            | Op::Test { src, .. }
            | Op::TestLtInt { left: src, .. }
            | Op::TestGtInt { left: src, .. }
            | Op::TestLtEqInt { left: src, .. }
            | Op::TestGtEqInt { left: src, .. }
            | Op::TestEqInt { left: src, .. }
            | Op::TestLtConst { left: src, .. }
            | Op::TestGtConst { left: src, .. }
            | Op::TestLtEqConst { left: src, .. }
            | Op::TestGtEqConst { left: src, .. }
            | Op::TestEqConst { left: src, .. }
            | Op::TestSet { src }
            | Op::TestArray { src }
            | Op::Match { subject: src, .. }
            | Op::Dispatch { subject: src, .. }
            | Op::Tuple { list: src }
            | Op::Instance { object: src, .. }
            | Op::Method { src, .. }
            | Op::Return { src }
            | Op::Unhandled { src }
            | Op::Raise { src }
            | Op::Deadline { limit: src }
            | Op::Fulfils { power: src, .. } => none.read(src),

            Op::SetCell { cell: left, src: right }
            | Op::IndexField { object: left, index: right, .. }
            | Op::FieldIndex { object: left, index: right, .. }
            | Op::TestLt { left, right, .. }
            | Op::TestGt { left, right, .. }
            | Op::TestLtEq { left, right, .. }
            | Op::TestGtEq { left, right, .. }
            | Op::TestEq { left, right, .. }
            | Op::TestWhen { left, right, .. }
            | Op::Spread { list: left, src: right }
            | Op::SpreadObject { object: left, src: right }
            | Op::SetField { object: left, value: right }
            | Op::Push { list: left, value: right } => none.read(left).read(right),
            Op::SetKey { object: a, key: b, value: c }
            | Op::SetIndex { list: a, index: b, value: c } => none.read(a).read(b).read(c),

            Op::IndexIndex { object, index, .. } => match code.code.get(at + 3) {
                Some(Op::Index { index: second, .. }) => {
                    none.read(object).read(index).read(*second)
                }
                _ => unreachable!("the two steps follow"),
            },

            Op::Part { k, .. } => none.part(&code.parts[usize::from(k)]),

            Op::Count { base } => none.read_row(base, 2).write_row(base, 3),
            Op::Iter { base } => none.read(base).write_row(base, 3),
            Op::CountNext { base } | Op::IterNext { base, .. } => none.read_row(base, 2),

            Op::Array { dst, base, count } | Op::Concat { dst, base, count } => {
                none.read_row(base, count.into()).write(dst)
            }
            Op::Append { list, base, count } => none.read(list).read_row(base, count.into()),
            Op::Object { base, k } => {
                none.read_row(base, code.shapes[usize::from(k)].names.len()).write(base)
            }
            Op::Await { base } => none.read(base).write(base),
            Op::Where { base, .. } => none.read_row(base, 2).write(base),

            Op::Update { base, k } => none.update(base, &code.places[usize::from(k)]).write(base),
            Op::TryUpdate { base, k } => none.update(base, &code.places[usize::from(k)]),

            Op::Glance { count, .. } => {
                let regs = code.code.get(at + 3).map_or(0, |op| op.value());
                argument_registers(regs).take(count.into()).fold(none, Effect::read)
            }
            Op::Call { base, count } => none.read_row(base, 1 + usize::from(count)).write(base),
            Op::CallLocal { base, callee, count } => {
                none.read(callee).arguments(base, count.into()).write(base)
            }
            Op::CallGlobal { base, count }
            | Op::CallSelf { base, count }
            | Op::CallChunk { base, count }
            | Op::CallNative { base, count } => none.arguments(base, count.into()).write(base),
            Op::CallMethod { base, count }
            | Op::CallMethodOn { base, count, .. }
            | Op::CallMethodOf { base, count, .. } => {
                let effect = match code.code[at] {
                    Op::CallMethodOn { receiver, .. } | Op::CallMethodOf { receiver, .. } => {
                        none.read(receiver).arguments(base + 1, count.into())
                    }
                    _ => none.arguments(base, 1 + usize::from(count)),
                };
                match code.sites[data()].is_shadowed {
                    true => effect.read(base).write(base),
                    false => effect.write(base),
                }
            }
            Op::Sort { base } => none.read_row(base, 2).write_row(base + 2, SORT_REGISTERS - 2),
            Op::Ask { base } => none.read_row(base, SORT_REGISTERS),
            Op::HasMethod { base } => none.arguments(base, 2).write(base),
            Op::CallSpread { base } => none.read_row(base, 2).write(base),
            Op::MethodSpread { base } => none.read_row(base, 3).write(base),

            Op::Closure { dst, k } | Op::Spawn { base: dst, k } => {
                none.captures(code, k).write(dst)
            }
            Op::Schedule { base, k } | Op::Watch { base, k } => none.captures(code, k).read(base),
            Op::Declare { base, k } => match &code.types[usize::from(k)] {
                TypeCode::Struct { defaults, .. } => {
                    none.read_row(base, defaults.len()).write(base)
                }
                TypeCode::Variants { variants, .. } => none.write_row(base, 1 + variants.len()),
            },
            Op::Unpack { base, src } => {
                let count = match &code.unpacks[data()] {
                    UnpackCode::Object(names) => names.len(),
                    UnpackCode::Array { count, rest } => usize::from(*count) + usize::from(*rest),
                    UnpackCode::Tuple(count) => (*count).into(),
                };
                none.read(src).write_row(base, count)
            }
        }
    }

    /// What the function over `functions[k]` captures.
    fn captures(self, code: &Code, k: u16) -> Effect {
        let captures = &code.functions[usize::from(k)].captures;
        captures.iter().fold(self, |effect, from| match from {
            CaptureFrom::Cell(reg) | CaptureFrom::Value(reg) => effect.read(*reg),
            CaptureFrom::Capture(_) | CaptureFrom::Global(_) | CaptureFrom::Itself => effect,
        })
    }

    fn read(mut self, reg: Reg) -> Effect {
        self.reads.insert(reg);
        self
    }

    fn write(mut self, reg: Reg) -> Effect {
        self.writes.insert(reg);
        self
    }

    fn read_row(self, first: Reg, count: usize) -> Effect {
        row(first, count).fold(self, Effect::read)
    }

    fn write_row(self, first: Reg, count: usize) -> Effect {
        row(first, count).fold(self, Effect::write)
    }

    /// The arguments of a call, behind `base`.
    fn arguments(self, base: Reg, count: usize) -> Effect {
        self.read_row(base.saturating_add(1), count)
    }

    /// The keys of a path, the register of the variable's cell, and what else a builtin takes.
    fn part(self, part: &Part) -> Effect {
        let effect = match part.root {
            Root::Register(reg) | Root::Cell(reg) => self.read(reg),
            Root::Capture(_) | Root::Global(_) => self,
        };
        let effect = part.steps.iter().fold(effect, |effect, step| match step {
            Look::Index(key) => effect.read(*key),
            Look::Field(_) => effect,
        });
        match &part.then {
            Then::Nothing => effect,
            Then::Builtin(_, more) | Then::Method(_, more) => {
                more.iter().copied().fold(effect, Effect::read)
            }
        }
    }

    /// The variable of a place in a register, and the operands from `base` on.
    fn update(self, base: Reg, place: &Place) -> Effect {
        let effect = self.read_row(base, place.operands());
        match place.root {
            Root::Register(reg) | Root::Cell(reg) => effect.read(reg),
            Root::Capture(_) | Root::Global(_) => effect,
        }
    }
}

/// The registers in the operand of `Glance`.
fn argument_registers(data: usize) -> impl Iterator<Item = Reg> {
    [data >> 16, data >> 8, data].into_iter().map(|reg| reg as Reg)
}

/// `count` registers from `first` on.
fn row(first: Reg, count: usize) -> impl Iterator<Item = Reg> {
    (first..=Reg::MAX).take(count)
}
