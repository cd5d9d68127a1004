//! The loop. Arms are one line where they can be; what is longer has a name of its own.

use super::Exit;
use super::Frame;
use super::Image;
use super::Machine;
use super::WINDOW;
use super::access;
use super::calls;
use super::calls::Next;
use super::iterate;
use super::literals;
use super::methods;
use super::patterns;
use super::places;
use crate::diag::Fault;
use crate::program::BinaryOp;
use crate::program::Op;
use crate::value::Capture;
use crate::value::Code;
use crate::value::Unary;
use crate::value::Value;

/// Overwrites a register; dropping nothing costs nothing. Every fast path stores its own variant: a value that is
/// built first and stored later goes through memory in odd pieces (it doubled the time of a loop over ints).
#[inline(always)]
fn put(slot: &mut Value, value: Value) {
    if !slot.is_inline() {
        empty(slot);
    }
    std::mem::forget(std::mem::replace(slot, value));
}

/// `slot := value`
#[inline(always)]
fn put_int(slot: &mut Value, value: i64) {
    if !slot.is_inline() {
        empty(slot);
    }
    std::mem::forget(std::mem::replace(slot, Value::Int(value)));
}

/// `slot := value`
#[inline(always)]
fn put_float(slot: &mut Value, value: f64) {
    if !slot.is_inline() {
        empty(slot);
    }
    std::mem::forget(std::mem::replace(slot, Value::Float(value)));
}

/// `slot := value`
#[inline(always)]
fn put_bool(slot: &mut Value, value: bool) {
    if !slot.is_inline() {
        empty(slot);
    }
    std::mem::forget(std::mem::replace(slot, Value::Bool(value)));
}

/// Drops what a register holds.
#[cold]
#[inline(never)]
fn empty(slot: &mut Value) {
    *slot = Value::Null;
}

/// `slot := value`, both hold it.
#[inline(always)]
fn copy(slot: &mut Value, value: &Value) {
    match value {
        Value::Int(value) => put_int(slot, *value),
        Value::Float(value) => put_float(slot, *value),
        Value::Bool(value) => put_bool(slot, *value),
        Value::Null => put(slot, Value::Null),
        other => copy_handle(slot, other),
    }
}

#[inline(never)]
fn copy_handle(slot: &mut Value, value: &Value) {
    *slot = value.clone();
}

/// The registers of the frame at `base`.
#[inline(always)]
fn window(stack: &mut Vec<Value>, base: usize) -> &mut [Value; WINDOW] {
    if stack.len() < base + WINDOW {
        grow(stack, base + WINDOW);
    }
    (&mut stack[base..base + WINDOW]).try_into().expect("a window has a fixed length")
}

#[cold]
#[inline(never)]
fn grow(stack: &mut Vec<Value>, needed: usize) {
    stack.resize_with((needed + needed / 2).max(2 * WINDOW), Value::default);
}

/// `left op right` for what the fast paths do not know.
#[cold]
#[inline(never)]
fn apply(op: BinaryOp, left: &Value, right: &Value) -> Result<Value, Fault> {
    op.apply(left, right)
}

/// A comparison of operands that are not two numbers of one kind.
#[cold]
#[inline(never)]
fn compare(op: BinaryOp, left: &Value, right: &Value) -> Result<bool, Fault> {
    op.apply(left, right).map(|value| matches!(value, Value::Bool(true)))
}

/// `dst := dst + right` for text that nobody else holds, else the plain sum.
#[cold]
#[inline(never)]
fn add(regs: &mut [Value; WINDOW], dst: u8, left: u8, right: u8) -> Result<Value, Fault> {
    if dst == left && dst != right && matches!(regs[left as usize], Value::Str(_)) {
        let mut text = std::mem::take(&mut regs[left as usize]);
        return match places::append(&mut text, &regs[right as usize]) {
            Ok(()) => Ok(text),
            Err(fault) => {
                regs[left as usize] = text;
                Err(fault)
            }
        };
    }
    BinaryOp::Add.apply(&regs[left as usize], &regs[right as usize])
}

impl Machine {
    /// Runs the frame on top until something stops it. The state is saved whenever it is left.
    pub(super) fn run(&mut self, image: &Image, fuel: &mut u32) -> Exit {
        let Machine { world, env, near, stack, frames, now, answer_to, .. } = self;
        let world = &**world;
        // Few locals: what the loop does not need at every instruction stays in memory, so that the program counter
        // keeps its register (25 % on mandelbrot).
        let mut chunk: &Code = &image.program.chunks[now.chunk as usize];
        let mut code = &chunk.code[..];
        let mut pc = now.pc as usize;
        let mut regs = window(stack, now.base as usize);

        macro_rules! leave {
            ($exit:expr) => {{
                now.pc = pc as u32;
                return $exit;
            }};
        }
        macro_rules! ok {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(fault) => leave!(Exit::Fault(fault)),
                }
            };
        }
        macro_rules! r {
            ($i:expr) => {
                regs[$i as usize]
            };
        }
        macro_rules! set {
            ($dst:expr, $value:expr) => {{
                let value = $value;
                put(&mut r!($dst), value);
            }};
        }
        // Takes the jump at `pc`; a backward one costs fuel.
        macro_rules! jump {
            () => {{
                let offset = code[pc].offset();
                pc = (pc + 1).wrapping_add_signed(offset);
                if offset < 0 {
                    *fuel -= 1;
                    if *fuel == 0 {
                        leave!(Exit::OutOfFuel)
                    }
                }
            }};
        }
        macro_rules! jump_if {
            ($holds:expr) => {
                if $holds { jump!() } else { pc += 1 }
            };
        }
        macro_rules! arith {
            ($dst:expr, $left:expr, $right:expr, $checked:ident, $float:tt, $op:expr) => {{
                match (&r!($left), $right) {
                    (Value::Int(a), Value::Int(b)) => match a.$checked(*b) {
                        Some(result) => put_int(&mut r!($dst), result),
                        None => {
                            let result = *a as f64 $float *b as f64;
                            put_float(&mut r!($dst), result)
                        }
                    },
                    (Value::Float(a), Value::Float(b)) => {
                        let result = a $float b;
                        put_float(&mut r!($dst), result)
                    }
                    (a, b) => {
                        let result = ok!(apply($op, a, b));
                        r!($dst) = result;
                    }
                }
            }};
        }
        // Division and remainder of ints have cases of their own; floats stay here.
        macro_rules! divide {
            ($dst:expr, $left:expr, $right:expr, $checked:ident, $float:tt, $op:expr) => {{
                match (&r!($left), $right) {
                    (Value::Int(a), Value::Int(b)) if *b > 0 => {
                        let result = a.$checked(*b);
                        put_int(&mut r!($dst), result)
                    }
                    (Value::Float(a), Value::Float(b)) => {
                        let result = a $float b;
                        put_float(&mut r!($dst), result)
                    }
                    (a, b) => {
                        let result = ok!(apply($op, a, b));
                        r!($dst) = result;
                    }
                }
            }};
        }
        macro_rules! arith_int {
            ($dst:expr, $left:expr, $value:expr, $checked:ident, $float:tt, $op:expr) => {{
                match &r!($left) {
                    Value::Int(a) => match a.$checked(i64::from($value)) {
                        Some(result) => put_int(&mut r!($dst), result),
                        None => {
                            let result = *a as f64 $float f64::from($value);
                            put_float(&mut r!($dst), result)
                        }
                    },
                    Value::Float(a) => {
                        let result = a $float f64::from($value);
                        put_float(&mut r!($dst), result)
                    }
                    a => {
                        let result = ok!(apply($op, a, &Value::Int(i64::from($value))));
                        r!($dst) = result;
                    }
                }
            }};
        }
        macro_rules! holds {
            ($left:expr, $right:expr, $op:tt, $name:expr) => {
                match (&r!($left), &r!($right)) {
                    (Value::Int(a), Value::Int(b)) => a $op b,
                    (Value::Float(a), Value::Float(b)) => a $op b,
                    (a, b) => ok!(compare($name, a, b)),
                }
            };
        }
        macro_rules! holds_int {
            ($left:expr, $value:expr, $op:tt, $name:expr) => {
                match &r!($left) {
                    Value::Int(a) => *a $op i64::from($value),
                    Value::Float(a) => *a $op f64::from($value),
                    a => ok!(compare($name, a, &Value::Int(i64::from($value)))),
                }
            };
        }
        // Enters the function of chunk `$to` whose window starts at register `$at`, with `$count` arguments there.
        macro_rules! enter {
            ($to:expr, $at:expr, $count:expr) => {
                enter!($to, $at, $count, 0)
            };
            ($to:expr, $at:expr, $count:expr, $lender:expr) => {{
                if frames.len() >= image.max_depth {
                    leave!(Exit::Fault(Fault::TooDeep(image.max_depth)))
                }
                frames.push(Frame { pc: pc as u32, lender: $lender, ..*now });
                now.base += u32::from($at);
                now.chunk = $to;
                chunk = &image.program.chunks[now.chunk as usize];
                code = &chunk.code[..];
                pc = 0;
                regs = window(stack, now.base as usize);
                if $count as usize != usize::from(chunk.params) {
                    fit(regs, chunk, $count as usize);
                }
                *fuel -= 1;
                if *fuel == 0 {
                    leave!(Exit::OutOfFuel)
                }
            }};
        }
        macro_rules! go {
            ($next:expr, $at:expr) => {
                match ok!($next) {
                    Next::Value(value) => set!($at, value),
                    Next::Enter(to, count) => enter!(to, $at, count),
                    Next::Wait(future) => {
                        *answer_to = now.base as usize + $at as usize;
                        leave!(Exit::Waiting(future))
                    }
                }
            };
        }
        // Leaves the function with what is in register `$src`.
        macro_rules! finish {
            ($src:expr) => {{
                let Some(frame) = frames.pop() else {
                    let value = std::mem::take(&mut r!($src));
                    leave!(Exit::Done(value))
                };
                if frame.lender != 0 {
                    let lent = std::mem::take(&mut regs[0]);
                    stack[frame.base as usize + usize::from(frame.lender)] = lent;
                    regs = window(stack, now.base as usize);
                }
                match r!($src) {
                    Value::Int(value) => put_int(&mut regs[0], value),
                    Value::Float(value) => put_float(&mut regs[0], value),
                    _ => {
                        let value = std::mem::take(&mut r!($src));
                        regs[0] = value;
                    }
                }
                for slot in &mut regs[1..=usize::from(chunk.locals)] {
                    if !slot.is_inline() {
                        empty(slot);
                    }
                }
                now.chunk = frame.chunk;
                now.base = frame.base;
                chunk = &image.program.chunks[now.chunk as usize];
                code = &chunk.code[..];
                pc = frame.pc as usize;
                regs = window(stack, now.base as usize);
            }};
        }

        loop {
            let op = code[pc];
            pc += 1;
            match op {
                Op::Null { dst } => set!(dst, Value::Null),
                Op::Unset { dst } => set!(dst, Value::Unset),
                Op::Bool { dst, value } => put_bool(&mut r!(dst), value),
                Op::Int { dst, value } => put_int(&mut r!(dst), i64::from(value)),
                Op::Load { dst, k } => copy(&mut r!(dst), &chunk.constants[k as usize]),
                Op::Copy { dst, src } => match r!(src) {
                    Value::Int(value) => put_int(&mut r!(dst), value),
                    Value::Float(value) => put_float(&mut r!(dst), value),
                    _ => {
                        let value = r!(src).clone();
                        r!(dst) = value;
                    }
                },
                Op::Move { dst, src } => match r!(src) {
                    Value::Int(value) => put_int(&mut r!(dst), value),
                    Value::Float(value) => put_float(&mut r!(dst), value),
                    _ => {
                        let value = std::mem::take(&mut r!(src));
                        r!(dst) = value;
                    }
                },
                Op::Clear { first, count } => {
                    for i in first..first + count {
                        set!(i, Value::Null);
                    }
                }
                Op::Capture { dst, index } => {
                    let value = match capture(&regs[0], index) {
                        Capture::Value(value) => value.clone(),
                        Capture::Cell(cell) => world.get(cell, near),
                    };
                    if matches!(value, Value::Unset) {
                        leave!(Exit::Fault(undefined(
                            image,
                            env,
                            &chunk.capture_names[index as usize]
                        )))
                    }
                    put(&mut r!(dst), value);
                }
                Op::PeekCapture { dst, index } => {
                    let value = match capture(&regs[0], index) {
                        Capture::Value(value) => value.clone(),
                        Capture::Cell(cell) => world.get(cell, near),
                    };
                    put(&mut r!(dst), value);
                }
                Op::SetCapture { index, src } => {
                    let value = std::mem::take(&mut r!(src));
                    if let Capture::Cell(cell) = capture(&regs[0], index) {
                        ok!(places::assign(world, cell, value, near, || {
                            chunk.capture_names[index as usize].to_string()
                        }));
                    }
                }
                Op::AddCapture { index, src } => {
                    if let Capture::Cell(cell) = capture(&regs[0], index) {
                        let right = &r!(src);
                        ok!(world.update(cell, near, |slot| match (&mut *slot, right) {
                            (Value::Int(a), Value::Int(b)) if a.checked_add(*b).is_some() => {
                                *a += b;
                                Ok(())
                            }
                            _ => places::apply_in_place(
                                BinaryOp::Add,
                                slot,
                                right,
                                &chunk.capture_names[index as usize]
                            ),
                        }));
                    }
                }
                Op::AddGetCapture { dst, index, src } => {
                    if let Capture::Cell(cell) = capture(&regs[0], index) {
                        let right = &r!(src);
                        let sum = ok!(world.update(cell, near, |slot| match (&mut *slot, right) {
                            (Value::Int(a), Value::Int(b)) if a.checked_add(*b).is_some() => {
                                *a += b;
                                Ok(Value::Int(*a))
                            }
                            _ => places::apply_in_place(
                                BinaryOp::Add,
                                slot,
                                right,
                                &chunk.capture_names[index as usize]
                            )
                            .map(|()| slot.clone()),
                        }));
                        put(&mut r!(dst), sum);
                    }
                }
                Op::NewCell { reg, src } => {
                    let value = std::mem::take(&mut r!(src));
                    set!(reg, Value::Cell(world.cell(value)));
                }
                Op::GetCell { dst, cell } => {
                    let value = match &r!(cell) {
                        Value::Cell(cell) => world.get(cell, near),
                        _ => Value::Unset,
                    };
                    if matches!(value, Value::Unset) {
                        leave!(Exit::Fault(undefined(image, env, cell_name(chunk, cell))))
                    }
                    put(&mut r!(dst), value);
                }
                Op::PeekCell { dst, cell } => {
                    let value = match &r!(cell) {
                        Value::Cell(cell) => world.get(cell, near),
                        _ => Value::Unset,
                    };
                    put(&mut r!(dst), value);
                }
                Op::SetCell { cell, src } => {
                    let value = std::mem::take(&mut r!(src));
                    if let Value::Cell(cell) = &r!(cell) {
                        world.set(cell, value, near);
                    }
                }
                Op::Global { dst, slot } => {
                    let value = match env.global(slot as usize) {
                        Value::Cell(cell) => world.get(cell, near),
                        value => value.clone(),
                    };
                    if matches!(value, Value::Unset) {
                        leave!(Exit::Fault(undefined(
                            image,
                            env,
                            &image.program.globals[slot as usize].name
                        )))
                    }
                    put(&mut r!(dst), value);
                }
                Op::PeekGlobal { dst, slot } => {
                    let value = match env.global(slot as usize) {
                        Value::Cell(cell) => world.get(cell, near),
                        value => value.clone(),
                    };
                    put(&mut r!(dst), value);
                }
                Op::Define { src, slot } => {
                    let value = std::mem::take(&mut r!(src));
                    match env.global(slot as usize) {
                        Value::Cell(cell) => world.set(cell, value, near),
                        _ => env.set_global(slot as usize, value),
                    }
                }
                Op::SetGlobal { src, slot } => {
                    let value = std::mem::take(&mut r!(src));
                    let name = || image.program.globals[slot as usize].name.to_string();
                    match env.global(slot as usize) {
                        Value::Cell(cell) => ok!(places::assign(world, cell, value, near, name)),
                        Value::Unset => leave!(Exit::Fault(Fault::AssignUndefined(name()))),
                        _ => env.set_global(slot as usize, value),
                    }
                }

                Op::Add { dst, left, right } => match (&r!(left), &r!(right)) {
                    (Value::Int(a), Value::Int(b)) => match a.checked_add(*b) {
                        Some(sum) => put_int(&mut r!(dst), sum),
                        None => {
                            let sum = *a as f64 + *b as f64;
                            put_float(&mut r!(dst), sum)
                        }
                    },
                    (Value::Float(a), Value::Float(b)) => {
                        let sum = a + b;
                        put_float(&mut r!(dst), sum)
                    }
                    _ => {
                        let sum = ok!(add(regs, dst, left, right));
                        r!(dst) = sum;
                    }
                },
                Op::Sub { dst, left, right } => {
                    arith!(dst, left, &r!(right), checked_sub, -, BinaryOp::Sub)
                }
                Op::Mul { dst, left, right } => {
                    arith!(dst, left, &r!(right), checked_mul, *, BinaryOp::Mul)
                }
                Op::Div { dst, left, right } => {
                    divide!(dst, left, &r!(right), wrapping_div, /, BinaryOp::Div)
                }
                Op::Mod { dst, left, right } => {
                    divide!(dst, left, &r!(right), wrapping_rem, %, BinaryOp::Mod)
                }
                Op::AddInt { dst, left, value } => {
                    arith_int!(dst, left, value, checked_add, +, BinaryOp::Add)
                }
                Op::SubInt { dst, left, value } => {
                    arith_int!(dst, left, value, checked_sub, -, BinaryOp::Sub)
                }
                Op::AddConst { dst, left, k } => {
                    arith!(dst, left, &chunk.constants[k as usize], checked_add, +, BinaryOp::Add)
                }
                Op::SubConst { dst, left, k } => {
                    arith!(dst, left, &chunk.constants[k as usize], checked_sub, -, BinaryOp::Sub)
                }
                Op::MulConst { dst, left, k } => {
                    arith!(dst, left, &chunk.constants[k as usize], checked_mul, *, BinaryOp::Mul)
                }
                Op::DivConst { dst, left, k } => {
                    divide!(dst, left, &chunk.constants[k as usize], wrapping_div, /, BinaryOp::Div)
                }
                Op::ModConst { dst, left, k } => {
                    divide!(dst, left, &chunk.constants[k as usize], wrapping_rem, %, BinaryOp::Mod)
                }
                Op::Lt { dst, left, right } => {
                    let result = holds!(left, right, <, BinaryOp::Lt);
                    put_bool(&mut r!(dst), result)
                }
                Op::Gt { dst, left, right } => {
                    let result = holds!(left, right, >, BinaryOp::Gt);
                    put_bool(&mut r!(dst), result)
                }
                Op::LtEq { dst, left, right } => {
                    let result = holds!(left, right, <=, BinaryOp::LtEq);
                    put_bool(&mut r!(dst), result)
                }
                Op::GtEq { dst, left, right } => {
                    let result = holds!(left, right, >=, BinaryOp::GtEq);
                    put_bool(&mut r!(dst), result)
                }
                Op::Eq { dst, left, right } => {
                    let result = holds!(left, right, ==, BinaryOp::Eq);
                    put_bool(&mut r!(dst), result)
                }
                Op::NotEq { dst, left, right } => {
                    let result = holds!(left, right, !=, BinaryOp::NotEq);
                    put_bool(&mut r!(dst), result)
                }
                Op::Neg { dst, src } => set!(dst, ok!(Unary::Neg.apply(r!(src).clone()))),
                Op::Not { dst, src } => set!(dst, Value::Bool(!r!(src).is_truthy())),
                Op::Truth { dst, src } => set!(dst, Value::Bool(r!(src).is_truthy())),
                Op::Must { dst, src } => set!(dst, ok!(Unary::Must.apply(r!(src).clone()))),
                Op::Freeze { dst, src } => set!(dst, ok!(Unary::Freeze.apply(r!(src).clone()))),
                Op::Propagate { dst, src } => match ok!(access::propagate(&r!(src))) {
                    Some(value) => {
                        put(&mut r!(dst), value);
                        jump!()
                    }
                    None => pc += 1,
                },

                Op::Jump { .. } => {
                    pc -= 1;
                    jump!()
                }
                Op::Test { src, want } => jump_if!(r!(src).is_truthy() == want),
                Op::TestLt { left, right, want } => {
                    jump_if!(holds!(left, right, <, BinaryOp::Lt) == want)
                }
                Op::TestGt { left, right, want } => {
                    jump_if!(holds!(left, right, >, BinaryOp::Gt) == want)
                }
                Op::TestLtEq { left, right, want } => {
                    jump_if!(holds!(left, right, <=, BinaryOp::LtEq) == want)
                }
                Op::TestGtEq { left, right, want } => {
                    jump_if!(holds!(left, right, >=, BinaryOp::GtEq) == want)
                }
                Op::TestEq { left, right, want } => {
                    jump_if!(holds!(left, right, ==, BinaryOp::Eq) == want)
                }
                Op::TestLtInt { left, value, want } => {
                    jump_if!(holds_int!(left, value, <, BinaryOp::Lt) == want)
                }
                Op::TestGtInt { left, value, want } => {
                    jump_if!(holds_int!(left, value, >, BinaryOp::Gt) == want)
                }
                Op::TestLtEqInt { left, value, want } => {
                    jump_if!(holds_int!(left, value, <=, BinaryOp::LtEq) == want)
                }
                Op::TestGtEqInt { left, value, want } => {
                    jump_if!(holds_int!(left, value, >=, BinaryOp::GtEq) == want)
                }
                Op::TestEqInt { left, value, want } => {
                    jump_if!(holds_int!(left, value, ==, BinaryOp::Eq) == want)
                }
                Op::TestSet { src } => jump_if!(!matches!(r!(src), Value::Unset)),
                Op::TestArray { src } => jump_if!(matches!(r!(src).thawed(), Value::Array(_))),
                Op::TestWhen { left, right, op } => {
                    jump_if!(BinaryOp::TESTS[op as usize].matches(&r!(left), &r!(right)))
                }
                Op::Match { subject, base: to } => {
                    let pattern = &chunk.patterns[code[pc].value()];
                    pc += 1;
                    let subject = r!(subject).clone();
                    let matched = patterns::matches(
                        pattern,
                        &subject,
                        &chunk.constants,
                        &mut regs[to as usize..],
                    );
                    jump_if!(!matched);
                }
                Op::Exhaustive { subject, k } => {
                    ok!(patterns::check_exhaustive(&r!(subject), &chunk.patterns[k as usize], env))
                }

                Op::Count { base: at } => jump_if!(!ok!(iterate::count(&mut regs[at as usize..]))),
                Op::CountNext { base: at } => {
                    let at = at as usize;
                    match (&regs[at], &regs[at + 1]) {
                        (Value::Int(i), Value::Int(limit)) if i + 1 < *limit => {
                            let next = i + 1;
                            regs[at] = Value::Int(next);
                            put_int(&mut regs[at + 2], next);
                            jump!()
                        }
                        _ => pc += 1,
                    }
                }
                Op::Iter { base: at } => ok!(iterate::start(&mut regs[at as usize..])),
                Op::IterNext { base: at, vars } => {
                    jump_if!(iterate::next(&mut regs[at as usize..], vars))
                }

                Op::Array { dst, base: at, count } => {
                    set!(dst, literals::array(&mut regs[at as usize..at as usize + count as usize]))
                }
                Op::Append { list, base: at, count } => literals::append(regs, list, at, count),
                Op::Spread { list, src } => literals::spread(regs, list, src),
                Op::Tuple { list } => literals::tuple(&mut r!(list)),
                Op::Object { base: at, k } => {
                    set!(at, literals::object(&chunk.shapes[k as usize], &mut regs[at as usize..]))
                }
                Op::SetKey { object, key, value } => {
                    ok!(literals::set_key(regs, object, key, value))
                }
                Op::SpreadObject { object, src } => ok!(literals::spread_object(regs, object, src)),
                Op::Instance { object, k } => {
                    literals::instance(&mut r!(object), &chunk.constants[k as usize], env)
                }
                Op::Concat { dst, base: at, count } => {
                    set!(
                        dst,
                        literals::concat(&mut regs[at as usize..at as usize + count as usize])
                    )
                }

                Op::Field { dst, object } => {
                    let site = &chunk.sites[code[pc].value()];
                    pc += 1;
                    let value = match access::cached(site, &r!(object)) {
                        Some(value) => value.clone(),
                        None => ok!(access::field(site, &r!(object), env, image)),
                    };
                    put(&mut r!(dst), value);
                }
                Op::Index { dst, object, index } => {
                    let found = match (&r!(object), &r!(index)) {
                        (Value::Array(list), Value::Int(i)) => list.get(*i as usize),
                        _ => None,
                    };
                    match found {
                        Some(Value::Bool(value)) => {
                            let value = *value;
                            put_bool(&mut r!(dst), value)
                        }
                        Some(Value::Int(value)) => {
                            let value = *value;
                            put_int(&mut r!(dst), value)
                        }
                        Some(Value::Float(value)) => {
                            let value = *value;
                            put_float(&mut r!(dst), value)
                        }
                        _ => {
                            let value = ok!(access::index(&r!(object), &r!(index)));
                            r!(dst) = value;
                        }
                    }
                }
                Op::SetIndex { list, index, value } => {
                    let new = std::mem::take(&mut r!(value));
                    let at = match r!(index) {
                        Value::Int(i) => i as usize,
                        _ => usize::MAX,
                    };
                    match &mut r!(list) {
                        Value::Array(items) if at < items.len() => items.set(at, new),
                        _ => {
                            let key = r!(index).clone();
                            let place = &chunk.places[code[pc].value()];
                            let target = &mut r!(list);
                            ok!(places::change(place, target, &mut [key, new], image));
                        }
                    }
                    pc += 1;
                }
                Op::Update { base: at, k } => {
                    let place = &chunk.places[k as usize];
                    ok!(places::update(place, regs, at as usize, world, env, near, image))
                }
                Op::TryUpdate { base: at, k } => {
                    let place = &chunk.places[k as usize];
                    jump_if!(ok!(places::try_update(
                        place,
                        regs,
                        at as usize,
                        world,
                        env,
                        near,
                        image
                    )))
                }

                Op::Call { base: at, count } => match &r!(at) {
                    Value::Function(function) => enter!(function.chunk.0, at, count),
                    _ => go!(calls::call(image, regs, at as usize, count as usize), at),
                },
                Op::CallLocal { base: at, callee, count } => match &r!(callee) {
                    Value::Function(function) => {
                        let to = function.chunk.0;
                        let lent = std::mem::take(&mut r!(callee));
                        r!(at) = lent;
                        enter!(to, at, count, callee)
                    }
                    other => {
                        let other = other.clone();
                        set!(at, other);
                        go!(calls::call(image, regs, at as usize, count as usize), at)
                    }
                },
                Op::CallGlobal { base: at, count } => {
                    let slot = code[pc].value();
                    pc += 1;
                    match env.global(slot) {
                        Value::Function(function) => {
                            let to = function.chunk.0;
                            if !function.captures.is_empty() {
                                r!(at) = Value::Function(function.clone());
                            }
                            enter!(to, at, count)
                        }
                        other => {
                            let callee = match other {
                                Value::Cell(cell) => world.get(cell, near),
                                value => value.clone(),
                            };
                            if matches!(callee, Value::Unset) {
                                leave!(Exit::Fault(undefined(
                                    image,
                                    env,
                                    &image.program.globals[slot].name
                                )))
                            }
                            set!(at, callee);
                            go!(calls::call(image, regs, at as usize, count as usize), at)
                        }
                    }
                }
                Op::CallSelf { base: at, count } => {
                    if !chunk.capture_names.is_empty() {
                        set!(at, regs[0].clone());
                    }
                    enter!(now.chunk, at, count)
                }
                Op::CallChunk { base: at, count } => {
                    let to = code[pc].value() as u32;
                    pc += 1;
                    enter!(to, at, count)
                }
                Op::CallNative { base: at, count } => {
                    let native = code[pc].value();
                    pc += 1;
                    go!(calls::native(image, native, regs, at as usize, count as usize), at)
                }
                Op::CallMethod { base: at, count } => {
                    let site = &chunk.sites[code[pc].value()];
                    pc += 1;
                    go!(methods::call(site, image, env, regs, at as usize, count as usize), at)
                }
                Op::CallSpread { base: at } => {
                    let first = now.base as usize + at as usize + 1;
                    let count = calls::unpack_arguments(stack, first);
                    let next = calls::call(image, &mut stack[now.base as usize..], at as usize, count);
                    let next = calls::settle(image, stack, first, count, next);
                    regs = window(stack, now.base as usize);
                    go!(next, at)
                }
                Op::MethodSpread { base: at } => {
                    let site = &chunk.sites[code[pc].value()];
                    pc += 1;
                    let first = now.base as usize + at as usize + 1;
                    let count = calls::unpack_arguments(stack, first + 1);
                    let regs_on = &mut stack[now.base as usize..];
                    let next = methods::call(site, image, env, regs_on, at as usize, count);
                    let next = calls::settle(image, stack, first, count + 1, next);
                    regs = window(stack, now.base as usize);
                    go!(next, at)
                }
                Op::Closure { dst, k } => {
                    let closure = literals::closure(&chunk.functions[k as usize], regs, env);
                    set!(dst, closure)
                }
                Op::Return { src } => finish!(src),
                Op::ReturnNull => {
                    regs[WINDOW - 1] = Value::Null;
                    finish!(WINDOW - 1)
                }

                Op::Where { base: at, op } => {
                    let name = &chunk.constants[code[pc].value()];
                    pc += 1;
                    set!(
                        at,
                        ok!(access::filter(
                            &regs[at as usize..],
                            BinaryOp::TESTS[op as usize],
                            name
                        ))
                    )
                }
                Op::Method { src, k } => {
                    let function = std::mem::take(&mut r!(src));
                    literals::method(env, &chunk.constants[k as usize..], function)
                }
                Op::Declare { base: at, k } => {
                    literals::declare(env, &chunk.types[k as usize], &mut regs[at as usize..])
                }
                Op::Unpack { base: at, src } => {
                    let how = &chunk.unpacks[code[pc].value()];
                    pc += 1;
                    let source = r!(src).clone();
                    ok!(patterns::unpack(how, &source, &mut regs[at as usize..]))
                }
                Op::Unhandled { src } => {
                    leave!(Exit::Fault(Fault::Unhandled(access::payload(&r!(src)))))
                }
                Op::Fail { k } => match &chunk.constants[k as usize] {
                    Value::Raised(error) => leave!(Exit::Fault(error.fault.clone())),
                    other => unreachable!("a fault constant, not {other:?}"),
                },
                Op::Raise { src } => match std::mem::take(&mut r!(src)) {
                    Value::Raised(error) => leave!(Exit::Raised((*error).clone())),
                    other => unreachable!("an error to raise again, not {other:?}"),
                },
                Op::Data { .. } => unreachable!("an operand is read by its instruction"),
            }
        }
    }
}

/// Capture `index` of the running function.
#[inline(always)]
fn capture(function: &Value, index: u8) -> &Capture {
    match function {
        Value::Function(function) => &function.captures[index as usize],
        other => unreachable!("register 0 holds the running function, not {other:?}"),
    }
}

/// The name of the variable whose cell is in a register.
#[cold]
fn cell_name(chunk: &Code, reg: u8) -> &str {
    chunk.cell_names.iter().rev().find(|(of, _)| *of == reg).map_or("", |(_, name)| name)
}

/// The fault of reading a name that has no value, with what may have been meant.
#[cold]
fn undefined(image: &Image, env: &crate::world::Environment, name: &str) -> Fault {
    let globals = image
        .program
        .globals
        .iter()
        .enumerate()
        .filter(|(slot, _)| !matches!(env.global(*slot), Value::Unset | Value::Cell(_)))
        .map(|(_, global)| &*global.name);
    let mut builtins: Vec<&str> = image.registry.names().collect();
    builtins.sort_unstable();
    let suggestion = crate::diag::suggest(name, [globals.collect(), builtins]).map(str::to_string);
    Fault::Undefined { name: name.to_string(), suggestion }
}

/// Makes the arguments fit the parameters: missing ones are unset or null, surplus ones are dropped.
#[inline(never)]
fn fit(regs: &mut [Value; WINDOW], chunk: &Code, count: usize) {
    let params = usize::from(chunk.params);
    for slot in &mut regs[params.min(count) + 1..=params.max(count)] {
        *slot = if chunk.has_defaults && count < params { Value::Unset } else { Value::Null };
    }
}
