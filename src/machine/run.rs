//! The loop. Arms are one line where they can be; what is longer has a name of its own.
//!
//! Nothing but the loop's own state lives across a call in here: then the program counter and the registers keep
//! their machine registers (a quarter of the time of a float loop). So a slow path finishes its instruction itself,
//! and what is no part of a hot loop is in `rest.rs`.

use super::Exit;
use super::Frame;
use super::Image;
use super::Machine;
use super::WINDOW;
use super::access;
use super::calls;
use super::calls::Next;
use super::iterate;
use super::methods;
use super::own;
use super::parts;
use super::patterns;
use super::places;
use super::registers::*;
use super::rest;
use super::sorting;
use super::tries;
use super::variables;
use super::variables::Read;
use crate::diag::Fault;
use crate::program::BinaryOp;
use crate::program::Op;
use crate::value::Code;
use crate::value::Value;

impl Machine {
    /// Runs the frame on top until something stops it. The state is saved whenever it is left.
    pub(super) fn run(&mut self, image: &Image) -> Exit {
        let Machine { state, stack, frames, now, answer_to, .. } = self;
        let chunks = &image.program.chunks[..];
        let mut chunk: &Code = &chunks[now.chunk as usize];
        // What is left of the code. An iterator is two words; an index, a pointer and a length would be three.
        let mut ahead = chunk.code[now.pc as usize..].iter();
        // Plain numbers: a frame that is stored in parts and loaded whole stalls the processor.
        let mut id = now.chunk;
        let mut base = now.base;
        let mut regs = window(stack, base as usize);

        // The index of the next instruction.
        macro_rules! pc {
            () => {
                (chunk.code.len() - ahead.len()) as u32
            };
        }
        // The operand behind an instruction.
        macro_rules! data {
            () => {
                ahead.next().map_or(0, |op| op.value())
            };
        }
        macro_rules! leave {
            ($exit:expr) => {{
                let exit = $exit;
                *now = Frame { chunk: id, pc: pc!(), base, lender: 0, lent: 0 };
                return exit;
            }};
        }
        macro_rules! ok {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(stop) => leave!(Exit::from(stop)),
                }
            };
        }
        macro_rules! r {
            ($i:expr) => {
                regs[$i as usize]
            };
        }
        // Goes back to an instruction.
        macro_rules! back {
            ($high:expr, $low:expr) => {{
                ahead = chunk.code[usize::from($high) << 16 | usize::from($low)..].iter();
                state.meter.fuel -= 1;
                if state.meter.fuel == 0 {
                    leave!(Exit::OutOfFuel)
                }
            }};
        }
        // Takes the jump behind an instruction.
        macro_rules! jump {
            () => {
                match ahead.as_slice().first() {
                    Some(&Op::Back { high, low }) => back!(high, low),
                    jump => drop(ahead.nth(jump.map_or(0, |op| op.offset()) as usize)),
                }
            };
        }
        macro_rules! jump_if {
            ($holds:expr) => {
                if $holds {
                    jump!()
                } else {
                    ahead.next();
                }
            };
        }
        macro_rules! arith {
            ($dst:expr, $left:expr, const $k:expr, $int:ident, $float:tt, $op:ident) => {{
                let right = &chunk.constants[$k as usize];
                arith!(@ $dst, $left, right, $int, $float, binary_with(regs, BinaryOp::$op, $dst, $left, right, &mut state.meter))
            }};
            ($dst:expr, $left:expr, $right:expr, $int:ident, $float:tt, $op:ident) => {
                arith!(@ $dst, $left, &r!($right), $int, $float, binary(regs, BinaryOp::$op, $dst, $left, $right, &mut state.meter))
            };
            (@ $dst:expr, $left:expr, $right:expr, $checked:ident, $float:tt, $slow:expr) => {
                if let (Value::Int(a), Value::Int(b)) = (&r!($left), $right) {
                    match a.$checked(*b) {
                        Some(result) => put_int(&mut r!($dst), result),
                        None => {
                            let result = *a as f64 $float *b as f64;
                            put_float(&mut r!($dst), result)
                        }
                    }
                } else if let (Value::Float(a), Value::Float(b)) = (&r!($left), $right) {
                    let result = a $float b;
                    put_float(&mut r!($dst), result)
                } else {
                    ok!($slow)
                }
            };
        }
        // Zero and negative divisors have cases of their own.
        macro_rules! divide {
            ($dst:expr, $left:expr, const $k:expr, $int:ident, $float:tt, $op:ident) => {{
                let right = &chunk.constants[$k as usize];
                divide!(@ $dst, $left, right, $int, $float, binary_with(regs, BinaryOp::$op, $dst, $left, right, &mut state.meter))
            }};
            ($dst:expr, $left:expr, $right:expr, $int:ident, $float:tt, $op:ident) => {
                divide!(@ $dst, $left, &r!($right), $int, $float, binary(regs, BinaryOp::$op, $dst, $left, $right, &mut state.meter))
            };
            (@ $dst:expr, $left:expr, $right:expr, $int:ident, $float:tt, $slow:expr) => {
                if let (Value::Int(a), Value::Int(b)) = (&r!($left), $right)
                    && *b > 0
                {
                    let result = a.$int(*b);
                    put_int(&mut r!($dst), result)
                } else if let (Value::Float(a), Value::Float(b)) = (&r!($left), $right) {
                    let result = a $float b;
                    put_float(&mut r!($dst), result)
                } else {
                    ok!($slow)
                }
            };
        }
        macro_rules! arith_int {
            ($dst:expr, $left:expr, $value:expr, $checked:ident, $float:tt, $op:ident) => {
                if let Value::Int(a) = &r!($left)
                    && let Some(result) = a.$checked(i64::from($value))
                {
                    put_int(&mut r!($dst), result)
                } else if let Value::Float(a) = &r!($left) {
                    let result = a $float f64::from($value);
                    put_float(&mut r!($dst), result)
                } else {
                    ok!(binary_with(regs, BinaryOp::$op, $dst, $left, &Value::Int(i64::from($value)), &mut state.meter))
                }
            };
        }
        // A number before a register.
        macro_rules! arith_left {
            ($dst:expr, $k:expr, $right:expr, $checked:ident, $float:tt, $op:ident) => {{
                let left = &chunk.constants[$k as usize];
                if let (Value::Int(a), Value::Int(b)) = (left, &r!($right))
                    && *b != 0
                    && let Some(result) = a.$checked(*b)
                {
                    put_int(&mut r!($dst), result)
                } else if let (Value::Float(a), Value::Float(b)) = (left, &r!($right)) {
                    let result = a $float b;
                    put_float(&mut r!($dst), result)
                } else {
                    ok!(binary_before(regs, BinaryOp::$op, $dst, left, $right, &mut state.meter))
                }
            }};
        }
        macro_rules! compare {
            ($dst:expr, $left:expr, $right:expr, $test:tt, $op:ident) => {
                if let (Value::Int(a), Value::Int(b)) = (&r!($left), &r!($right)) {
                    let result = a $test b;
                    put_bool(&mut r!($dst), result)
                } else if let (Value::Float(a), Value::Float(b)) = (&r!($left), &r!($right)) {
                    let result = a $test b;
                    put_bool(&mut r!($dst), result)
                } else {
                    ok!(binary(regs, BinaryOp::$op, $dst, $left, $right, &mut state.meter))
                }
            };
        }
        macro_rules! branch {
            ($left:expr, const $k:expr, $want:expr, $test:tt, $op:ident) => {
                branch!(@ $left, &chunk.constants[$k as usize], $want, $test, $op)
            };
            ($left:expr, $right:expr, $want:expr, $test:tt, $op:ident) => {
                branch!(@ $left, &r!($right), $want, $test, $op)
            };
            (@ $left:expr, $right:expr, $want:expr, $test:tt, $op:ident) => {
                if let (Value::Int(a), Value::Int(b)) = (&r!($left), $right) {
                    jump_if!((a $test b) == $want)
                } else if let (Value::Float(a), Value::Float(b)) = (&r!($left), $right) {
                    jump_if!((a $test b) == $want)
                } else {
                    jump_if!(ok!(test(BinaryOp::$op, &r!($left), $right, $want, &mut state.meter)))
                }
            };
        }
        macro_rules! branch_int {
            ($left:expr, $value:expr, $want:expr, $test:tt, $op:ident) => {
                if let Value::Int(a) = &r!($left) {
                    jump_if!((*a $test i64::from($value)) == $want)
                } else if let Value::Float(a) = &r!($left) {
                    jump_if!((*a $test f64::from($value)) == $want)
                } else {
                    jump_if!(ok!(test(BinaryOp::$op, &r!($left), &Value::Int(i64::from($value)), $want, &mut state.meter)))
                }
            };
        }
        // Makes the frame of a call whose window starts at register `$at`, with `$count` arguments there.
        macro_rules! push_frame {
            ($at:expr, $lender:expr, $lent:expr) => {{
                if frames.len() >= state.max_depth {
                    leave!(Exit::Fault(Fault::TooDeep(image.max_depth)))
                }
                let (lender, lent) = ($lender, $lent);
                frames.push(Frame { chunk: id, pc: pc!(), base, lender, lent });
                base += u32::from($at);
                regs = window(stack, base as usize);
            }};
        }
        macro_rules! begin {
            ($count:expr) => {{
                ahead = chunk.code.iter();
                if $count as usize != usize::from(chunk.params) {
                    fit(regs, chunk, $count as usize);
                }
                state.meter.fuel -= 1;
                if state.meter.fuel == 0 {
                    leave!(Exit::OutOfFuel)
                }
            }};
        }
        // Enters the function of chunk `$to`.
        macro_rules! enter {
            ($to:expr, $at:expr, $count:expr) => {
                enter!($to, $at, $count, 0, 0)
            };
            ($to:expr, $at:expr, $count:expr, $lender:expr, $lent:expr) => {{
                let Some(callee) = chunks.get($to as usize) else {
                    leave!(Exit::Fault(calls::unknown()))
                };
                push_frame!($at, $lender, $lent);
                id = $to;
                chunk = callee;
                begin!($count)
            }};
        }
        macro_rules! go {
            ($next:expr, $at:expr) => {
                match ok!($next) {
                    Next::Value(value) => r!($at) = value,
                    Next::Enter(to, count) => enter!(to, $at, count),
                    Next::Stop(exit) => {
                        *answer_to = base as usize + $at as usize;
                        leave!(exit)
                    }
                }
            };
        }
        // Calls the value in register `$at`, which is no plain function.
        macro_rules! call {
            ($at:expr, $count:expr) => {
                go!(calls::call(image, regs, $at as usize, $count as usize, &mut state.meter), $at)
            };
        }
        // Calls the method of the receiver behind `$at`.
        macro_rules! call_method {
            ($site:expr, $at:expr, $count:expr) => {
                match methods::cached($site, &r!($at + 1), state.env.version()) {
                    Some(to) => enter!(to, $at, $count + 1),
                    None => {
                        let (first, count) = ($at as usize, $count as usize);
                        go!(methods::call($site, image, state, regs, first, count), $at)
                    }
                }
            };
        }
        // Leaves the function with what is in register `$src`.
        macro_rules! finish {
            ($src:expr) => {{
                let Some(frame) = frames.last() else {
                    let value = std::mem::take(&mut r!($src));
                    leave!(Exit::Done(value))
                };
                if frame.lender != 0 {
                    let lent = std::mem::take(&mut regs[usize::from(frame.lent)]);
                    put(&mut stack[frame.base as usize + usize::from(frame.lender)], lent);
                    regs = window(stack, base as usize);
                }
                match r!($src) {
                    Value::Int(value) => put_int(&mut regs[0], value),
                    Value::Float(value) => put_float(&mut regs[0], value),
                    Value::Bool(value) => put_bool(&mut regs[0], value),
                    _ => shift(regs, 0, $src),
                }
                for slot in &mut regs[1..=usize::from(chunk.locals)] {
                    if !slot.is_inline() {
                        put_null(slot);
                    }
                }
                let to = frame.chunk;
                let pc = frame.pc as usize;
                base = frame.base;
                frames.pop();
                if to != id {
                    id = to;
                    chunk = &chunks[id as usize];
                }
                ahead = chunk.code[pc..].iter();
                regs = window(stack, base as usize);
            }};
        }

        // Stores a number that was found, or does something else.
        macro_rules! number {
            ($dst:expr, $found:expr, $else:expr) => {{
                let found: Option<&Value> = $found;
                if let Some(Value::Int(value)) = found {
                    let value = *value;
                    put_int(&mut r!($dst), value)
                } else if let Some(Value::Float(value)) = found {
                    let value = *value;
                    put_float(&mut r!($dst), value)
                } else {
                    $else
                }
            }};
        }
        // Stores the part of a part, if it was found, and takes the jump over the two steps that would find it.
        macro_rules! part {
            ($dst:expr, $found:expr) => {
                if let Some(found) = $found {
                    number!($dst, Some(found), {
                        let value = another(found);
                        put(&mut r!($dst), value)
                    });
                    jump!()
                } else {
                    ahead.next();
                }
            };
        }

        loop {
            let Some(op) = ahead.next() else {
                unreachable!("every function ends with a return");
            };
            match *op {
                Op::Null { dst } => put_null(&mut r!(dst)),
                Op::Bool { dst, value } => put_bool(&mut r!(dst), value),
                Op::Int { dst, value } => put_int(&mut r!(dst), i64::from(value)),
                Op::Load { dst, k } => match &chunk.constants[k as usize] {
                    Value::Float(value) => put_float(&mut r!(dst), *value),
                    value => copy_from(&mut r!(dst), value),
                },
                Op::Copy { dst, src } => number!(dst, Some(&r!(src)), copy(regs, dst, src)),
                Op::Move { dst, src } => number!(dst, Some(&r!(src)), shift(regs, dst, src)),

                Op::Clear { first, count } => {
                    for slot in &mut regs[first as usize..first as usize + count as usize] {
                        put_null(slot)
                    }
                }

                Op::Capture { dst, index } => {
                    ok!(variables::read_capture(regs, dst, index, Read::Sure, state, image, chunk))
                }
                Op::SetCapture { index, src } => {
                    ok!(variables::write_capture(regs, index, src, state, chunk))
                }
                Op::AddCaptureInt { index, value } => {
                    let right = Value::Int(i64::from(value));
                    ok!(variables::add_capture(regs, index, &right, None, state, chunk))
                }
                Op::AddGetCaptureInt { dst, index, value } => {
                    match variables::count(&regs[0], index, i64::from(value), state) {
                        Some(sum) => put_int(&mut r!(dst), sum),
                        None => {
                            let right = Value::Int(i64::from(value));
                            ok!(variables::add_capture(
                                regs,
                                index,
                                &right,
                                Some(dst),
                                state,
                                chunk
                            ))
                        }
                    }
                }
                Op::AddCapture { index, src } => {
                    let right = r!(src).clone();
                    ok!(variables::add_capture(regs, index, &right, None, state, chunk))
                }
                Op::AddGetCapture { dst, index, src } => {
                    let right = r!(src).clone();
                    ok!(variables::add_capture(regs, index, &right, Some(dst), state, chunk))
                }
                Op::GetCell { dst, cell } => {
                    ok!(variables::read_cell(regs, dst, cell, Read::Sure, state, image, chunk))
                }
                Op::SetCell { cell, src } => variables::write_cell(regs, cell, src, state),
                Op::Global { dst, slot } => {
                    ok!(variables::read_global(
                        &mut r!(dst),
                        slot as usize,
                        Read::Sure,
                        state,
                        image
                    ))
                }

                Op::Add { dst, left, right } => arith!(dst, left, right, checked_add, +, Add),
                Op::Sub { dst, left, right } => arith!(dst, left, right, checked_sub, -, Sub),
                Op::Mul { dst, left, right } => arith!(dst, left, right, checked_mul, *, Mul),
                Op::Div { dst, left, right } => divide!(dst, left, right, wrapping_div, /, Div),
                Op::Mod { dst, left, right } => divide!(dst, left, right, wrapping_rem, %, Mod),
                Op::AddInt { dst, left, value } => {
                    arith_int!(dst, left, value, checked_add, +, Add)
                }
                Op::SubInt { dst, left, value } => {
                    arith_int!(dst, left, value, checked_sub, -, Sub)
                }
                Op::AddConst { dst, left, k } => arith!(dst, left, const k, checked_add, +, Add),
                Op::SubConst { dst, left, k } => arith!(dst, left, const k, checked_sub, -, Sub),
                Op::MulConst { dst, left, k } => arith!(dst, left, const k, checked_mul, *, Mul),
                Op::DivConst { dst, left, k } => divide!(dst, left, const k, wrapping_div, /, Div),
                Op::ModConst { dst, left, k } => divide!(dst, left, const k, wrapping_rem, %, Mod),
                Op::ConstAdd { dst, k, right } => arith_left!(dst, k, right, checked_add, +, Add),
                Op::ConstSub { dst, k, right } => arith_left!(dst, k, right, checked_sub, -, Sub),
                Op::ConstMul { dst, k, right } => arith_left!(dst, k, right, checked_mul, *, Mul),
                Op::ConstDiv { dst, k, right } => arith_left!(dst, k, right, checked_div, /, Div),
                Op::Lt { dst, left, right } => compare!(dst, left, right, <, Lt),
                Op::Gt { dst, left, right } => compare!(dst, left, right, >, Gt),
                Op::LtEq { dst, left, right } => compare!(dst, left, right, <=, LtEq),
                Op::GtEq { dst, left, right } => compare!(dst, left, right, >=, GtEq),
                Op::Eq { dst, left, right } => compare!(dst, left, right, ==, Eq),
                Op::NotEq { dst, left, right } => compare!(dst, left, right, !=, NotEq),
                Op::Not { dst, src } => {
                    let result = !r!(src).is_truthy();
                    put_bool(&mut r!(dst), result)
                }

                Op::Jump { .. } => {
                    if let Some(more) = (op.offset() as usize).checked_sub(1) {
                        ahead.nth(more);
                    }
                }
                Op::Back { high, low } => back!(high, low),
                Op::Test { src, want } => jump_if!(r!(src).is_truthy() == want),
                Op::TestLt { left, right, want } => branch!(left, right, want, <, Lt),
                Op::TestGt { left, right, want } => branch!(left, right, want, >, Gt),
                Op::TestLtEq { left, right, want } => branch!(left, right, want, <=, LtEq),
                Op::TestGtEq { left, right, want } => branch!(left, right, want, >=, GtEq),
                Op::TestEq { left, right, want } => branch!(left, right, want, ==, Eq),
                Op::TestLtInt { left, value, want } => branch_int!(left, value, want, <, Lt),
                Op::TestGtInt { left, value, want } => branch_int!(left, value, want, >, Gt),
                Op::TestLtEqInt { left, value, want } => branch_int!(left, value, want, <=, LtEq),
                Op::TestGtEqInt { left, value, want } => branch_int!(left, value, want, >=, GtEq),
                Op::TestEqInt { left, value, want } => branch_int!(left, value, want, ==, Eq),
                Op::TestLtConst { left, k, want } => branch!(left, const k, want, <, Lt),
                Op::TestGtConst { left, k, want } => branch!(left, const k, want, >, Gt),
                Op::TestLtEqConst { left, k, want } => branch!(left, const k, want, <=, LtEq),
                Op::TestGtEqConst { left, k, want } => branch!(left, const k, want, >=, GtEq),
                Op::TestEqConst { left, k, want } => branch!(left, const k, want, ==, Eq),
                Op::TestSet { src } => jump_if!(!matches!(r!(src), Value::Unset)),
                Op::TestArray { src } => jump_if!(matches!(r!(src).thawed(), Value::Array(_))),
                Op::TestWhen { left, right, op } => {
                    jump_if!(ok!(BinaryOp::TESTS[op as usize].matches(&r!(left), &r!(right))))
                }
                Op::Match { subject, base: to } => {
                    let pattern = &chunk.patterns[data!()];
                    jump_if!(!rest::matches(regs, pattern, subject, to, chunk))
                }
                Op::Dispatch { subject, k } => {
                    let arms = &chunk.arms[k as usize];
                    let to = match patterns::dispatched(arms, &r!(subject), state.env.version()) {
                        Some(to) => Some(to),
                        None => ok!(patterns::dispatch(arms, &r!(subject), &state.env)),
                    };
                    if let Some(to) = to {
                        ahead = chunk.code[to as usize..].iter();
                    }
                }
                Op::Propagate { dst, src } => jump_if!(ok!(access::propagate(regs, dst, src))),

                Op::Count { base: at } => jump_if!(!ok!(iterate::count(&mut regs[at as usize..]))),
                Op::CountNext { base: at } => {
                    let at = at as usize;
                    match (&regs[at], &regs[at + 1]) {
                        (Value::Int(i), Value::Int(limit)) if i + 1 < *limit => {
                            let next = i + 1;
                            put_int(&mut regs[at], next);
                            put_int(&mut regs[at + 2], next);
                            jump!()
                        }
                        _ => drop(ahead.next()),
                    }
                }
                Op::IterNext { base: at, vars } => {
                    if let Some(item) = iterate::element_of_array(regs, at, vars) {
                        number!(at + 2, Some(item), {
                            let value = another(item);
                            put(&mut r!(at + 2), value)
                        });
                        jump!()
                    } else {
                        match iterate::next(regs, at, vars) {
                            Some(found) => jump_if!(found),
                            None => leave!(Exit::At(*op)),
                        }
                    }
                }

                Op::Field { dst, object } => {
                    let site = &chunk.sites[data!()];
                    number!(
                        dst,
                        access::cached(site, &r!(object)),
                        ok!(access::field(regs, dst, object, site, state, image))
                    )
                }
                Op::Index { dst, object, index } => {
                    let found = access::element_at(&r!(object), &r!(index));
                    if let Some(Value::Bool(value)) = found {
                        let value = *value;
                        put_bool(&mut r!(dst), value)
                    } else {
                        number!(dst, found, {
                            if let Some(found) = found {
                                let value = another(found);
                                put(&mut r!(dst), value)
                            } else {
                                ok!(access::index(regs, dst, object, index, &mut state.meter))
                            }
                        })
                    }
                }
                Op::IndexField { dst, object, index } => {
                    part!(dst, parts::index_field(regs, chunk, ahead.as_slice(), object, index))
                }
                Op::FieldIndex { dst, object, index } => {
                    part!(dst, parts::field_index(regs, chunk, ahead.as_slice(), object, index))
                }
                Op::IndexIndex { dst, object, index } => {
                    part!(dst, parts::index_index(regs, ahead.as_slice(), object, index))
                }
                Op::FieldField { dst, object } => {
                    part!(dst, parts::field_field(regs, chunk, ahead.as_slice(), object))
                }
                Op::Part { dst, k } => {
                    let part = &chunk.parts[k as usize];
                    jump_if!(parts::part(regs, dst, part, chunk, state, image))
                }
                Op::SetIndex { list, index, value } => {
                    if own::set_index(regs, list, index, value) {
                        ahead.next();
                    } else {
                        let data = data!();
                        ok!(places::set_index(regs, list, index, value, data, chunk, image))
                    }
                }
                Op::SetField { object, value } => {
                    let place = &chunk.places[data!()];
                    if !own::set_field(regs, object, value, place) {
                        ok!(places::set_field(regs, object, value, place, image))
                    }
                }
                Op::Push { list, value } => {
                    if !own::push(regs, list, value) {
                        ok!(places::push(regs, list, value))
                    }
                }
                Op::Update { base: at, k } => {
                    ok!(places::update(&chunk.places[k as usize], regs, at as usize, state, image))
                }
                Op::TryUpdate { base: at, k } => {
                    let place = &chunk.places[k as usize];
                    jump_if!(ok!(tries::try_update(place, regs, at as usize, state, image)))
                }

                Op::Call { base: at, count } => match &r!(at) {
                    Value::Function(function) => {
                        let to = function.chunk.0;
                        enter!(to, at, count)
                    }
                    _ => call!(at, count),
                },
                Op::CallLocal { base: at, callee, count } => match &r!(callee) {
                    Value::Function(function) => {
                        let to = function.chunk.0;
                        // A function that does not look at itself need not be there.
                        let is_alone = chunks.get(to as usize).is_some_and(|to| !to.needs_itself);
                        let lender = if is_alone {
                            0
                        } else {
                            lend(regs, at, callee);
                            callee
                        };
                        enter!(to, at, count, lender, 0)
                    }
                    _ => {
                        copy(regs, at, callee);
                        call!(at, count)
                    }
                },
                Op::CallGlobal { base: at, count } => {
                    let slot = data!();
                    match state.env.global(slot) {
                        Value::Function(function) if function.captures.is_empty() => {
                            let to = function.chunk.0;
                            enter!(to, at, count)
                        }
                        _ => {
                            ok!(variables::read_global(
                                &mut r!(at),
                                slot,
                                Read::Sure,
                                state,
                                image
                            ));
                            call!(at, count)
                        }
                    }
                }
                Op::CallSelf { base: at, count } => {
                    if chunk.needs_itself {
                        copy(regs, at, 0);
                    }
                    push_frame!(at, 0, 0);
                    begin!(count)
                }
                Op::CallChunk { base: at, count } => {
                    let to = data!() as u32;
                    enter!(to, at, count)
                }
                Op::CallNative { base: at, count } => {
                    let native = data!();
                    let (from, count) = (at as usize, count as usize);
                    go!(calls::native(image, native, regs, from, count, &mut state.meter), at)
                }
                Op::Glance { base: at, count } => {
                    jump_if!(calls::glance_at(image, ahead.as_slice(), regs, at, count))
                }
                Op::CallMethod { base: at, count } => {
                    let site = &chunk.sites[data!()];
                    call_method!(site, at, count)
                }
                Op::CallMethodOn { base: at, count, receiver } => {
                    let site = &chunk.sites[data!()];
                    match methods::cached(site, &r!(receiver), state.env.version()) {
                        Some(to) if chunks.get(to as usize).is_some_and(|to| to.keeps_receiver) => {
                            lend(regs, at + 1, receiver);
                            enter!(to, at, count + 1, receiver, 1)
                        }
                        None if methods::glance(site, image, regs, receiver, at, count) => {}
                        _ => {
                            copy(regs, at + 1, receiver);
                            call_method!(site, at, count)
                        }
                    }
                }
                Op::CallMethodOf { base: at, count, receiver } => {
                    let site = &chunk.sites[data!()];
                    shift(regs, at + 1, receiver);
                    call_method!(site, at, count)
                }
                Op::Ask { base: at } => jump_if!(ok!(sorting::ask(regs, at, &mut state.meter))),
                Op::CallSpread { base: at } => {
                    let next =
                        calls::spread(image, stack, base as usize, at as usize, &mut state.meter);
                    regs = window(stack, base as usize);
                    go!(next, at)
                }
                Op::MethodSpread { base: at } => {
                    let site = &chunk.sites[data!()];
                    let from = base as usize;
                    let next = methods::spread(site, image, state, stack, from, at as usize);
                    regs = window(stack, from);
                    go!(next, at)
                }
                Op::Return { src } => finish!(src),
                Op::ReturnNull => {
                    regs[WINDOW - 1] = Value::Null;
                    finish!((WINDOW - 1) as u8)
                }

                Op::Spawn { .. } | Op::Await { .. } => leave!(Exit::At(*op)),
                Op::Schedule { .. } | Op::Watch { .. } => leave!(Exit::At(*op)),
                Op::Squad { .. } | Op::Join { .. } | Op::Disband { .. } => leave!(Exit::At(*op)),
                op @ (Op::Deadline { .. } | Op::EndDeadline) => leave!(Exit::At(op)),
                op @ (Op::Atomic { .. } | Op::Commit) => leave!(Exit::At(op)),
                Op::Raise { src } => leave!(Exit::Raised(rest::raised(&mut r!(src)))),
                // The operand of an instruction that `rest` ran.
                Op::Data { .. } => {}
                op => ok!(rest::step(
                    op,
                    ahead.as_slice().first().map_or(0, |op| op.value()),
                    regs,
                    chunk,
                    state,
                    image
                )),
            }
        }
    }
}
