//! Runs compiled code: registers and frames are data, so a machine stops anywhere and goes on later, on any thread.
//! Knows neither the compiler nor tokio.

mod access;
mod act;
mod advice;
mod atomic;
mod background;
mod budget;
mod calls;
mod commons;
mod deadlines;
mod delegated;
mod faults;
mod image;
mod iterate;
mod literals;
mod meter;
mod methods;
mod own;
mod parallel;
mod parts;
mod patterns;
mod places;
mod pull;
mod registers;
mod rest;
mod run;
mod sorting;
mod spawn;
mod squads;
mod stacks;
mod stages;
mod succession;
mod tries;
mod variables;

pub use background::Background;
pub use background::Planned;
pub use background::Trigger;
pub use budget::Budget;
pub use budget::Limits;
pub use image::Image;
pub use meter::STEPS_OF_SLICE;
pub use spawn::Spawner;

use crate::diag::Error;
use crate::diag::Fault;
use crate::handles::Task;
use crate::native::Caller;
use crate::native::InParallel;
use crate::native::InWorld;
use crate::native::Outcome;
use crate::native::Then;
use crate::native::Waiting;
use crate::program::Op;
use crate::value::Commons;
use crate::value::Value;
use crate::world::Environment;
use crate::world::Near;
use crate::world::Parcel;
use crate::world::World;
use atomic::Transaction;
use calls::Next;
use deadlines::Deadline;
use meter::Meter;
use squads::Below;
use std::sync::Arc;
use std::time::Instant;

/// Registers that an instruction can name.
const WINDOW: usize = 256;

/// Calls that may be active at once, unless the limit is set otherwise.
pub const MAX_DEPTH: usize = 10_000;

/// A running piece of a program.
pub struct Machine {
    image: Arc<Image>,
    state: State,
    /// Registers of all frames; the running frame sees a window of it.
    stack: Vec<Value>,
    /// Callers, outermost first.
    frames: Vec<Frame>,
    /// The running frame.
    now: Frame,
    /// Where the answer of a waiting builtin goes.
    answer_to: usize,
    /// What a waiting builtin does with what it waits for.
    then: Option<Then>,
    /// Of the `timeout` blocks under way, outermost first.
    deadlines: Vec<Deadline>,
    /// The number of arguments behind `answer_to`, when what is there is to be called as soon as it is paid for.
    unpaid_call: Option<usize>,
    /// What it has started; most machines start nothing.
    below: Option<Box<Below>>,
    /// Of the top-level run: blocks that start when it ends or first waits. Other machines start theirs at once.
    planned: Option<Vec<Planned>>,
}

/// What a running program can change.
struct State {
    /// Before the world, which looks at its end who holds what.
    env: Environment,
    world: triomphe::Arc<World>,
    near: Near,
    meter: Meter,
    budget: Budget,
    transaction: Option<Box<Transaction>>,
    /// Calls that may be active at once: those that its caller left to the machine of a part.
    max_depth: usize,
}

/// Where a function under way stands.
#[derive(Clone, Copy, Debug, Default)]
struct Frame {
    chunk: u32,
    /// The next instruction.
    pc: u32,
    /// Its register 0 in the stack.
    base: u32,
    /// The register that lent its value to the call under way; 0 when none did.
    lender: u8,
    /// The register of the call that holds what was lent: the function or the receiver.
    lent: u8,
}

/// Calls and backward jumps that a machine may still make in this slice.
#[derive(Clone, Copy, Debug)]
pub struct Fuel(pub u32);

impl Fuel {
    /// About half a millisecond of plain code.
    pub const SLICE: Fuel = Fuel(20_000);
}

/// Why a machine stopped.
pub enum Step {
    /// The function returned.
    Done(Value),
    /// A fault that nobody caught.
    Failed(Error),
    /// The slice is used up.
    OutOfFuel,
    /// Something waits; its answer is the argument of the next `resume`.
    Waiting(Waiting),
}

/// How the loop was left.
enum Exit {
    Done(Value),
    Fault(Fault),
    Raised(Error),
    OutOfFuel,
    Waiting(Waiting),
    /// A builtin needs the world.
    InWorld(InWorld),
    /// A builtin goes on in several machines.
    InParallel(InParallel),
    /// At an instruction that reaches beyond the running frame.
    At(Op),
    /// The instruction begins anew in the next slice.
    Unpaid,
    /// The transaction begins anew.
    Conflict,
    /// The instruction begins anew when a transaction that goes first has ended.
    Held(Arc<Commons>),
    /// The call of the value at `answer_to`, with so many arguments, begins anew in the next slice.
    UnpaidCall(usize),
}

impl From<Fault> for Exit {
    fn from(fault: Fault) -> Exit {
        Exit::Fault(fault)
    }
}

impl Machine {
    /// A machine that will call `function` with `args` in `world`.
    ///
    /// # Errors
    /// When `function` is nothing that the program can call.
    pub fn new(
        image: Arc<Image>,
        world: triomphe::Arc<World>,
        env: Environment,
        function: Value,
        args: Vec<Value>,
    ) -> Result<Machine, Fault> {
        let chunk = match function.thawed() {
            Value::Function(function) => {
                match image.program.chunks.get(function.chunk.0 as usize) {
                    Some(_) => function.chunk.0,
                    None => return Err(calls::unknown()),
                }
            }
            other => return Err(Fault::NotCallable(other.kind())),
        };
        let mut machine = Machine::start(image, world, env, chunk);
        machine.planned = None;
        let code = &machine.image.program.chunks[chunk as usize];
        let missing = if code.has_defaults { Value::Unset } else { Value::Null };
        let params = usize::from(code.params);
        machine.stack[0] = function;
        for (i, value) in
            args.into_iter().chain(std::iter::repeat(missing)).take(params).enumerate()
        {
            machine.stack[i + 1] = value;
        }
        Ok(machine)
    }

    /// A machine that will run the chunk `chunk`, top-level code, which takes no arguments.
    pub fn start(
        image: Arc<Image>,
        world: triomphe::Arc<World>,
        env: Environment,
        chunk: u32,
    ) -> Machine {
        world.enter();
        let (near, meter, max_depth) = (Near::default(), Meter::default(), image.max_depth);
        let budget = Budget::default();
        Machine {
            image,
            state: State { world, env, near, meter, budget, max_depth, transaction: None },
            stack: stacks::take(),
            frames: Vec::new(),
            now: Frame { chunk, ..Frame::default() },
            answer_to: 0,
            then: None,
            deadlines: Vec::new(),
            unpaid_call: None,
            below: None,
            planned: Some(Vec::new()),
        }
    }

    /// What [`Machine::resume`] does, whatever it costs.
    fn slice(&mut self, fuel: Fuel, answer: Option<Result<Value, Fault>>) -> Step {
        self.state.world.tidy();
        let image = self.image.clone();
        let is_over = self.deadline().is_some() && self.expire(Instant::now())
            // What a body waited for comes first, if it is there.
            || matches!(answer, None | Some(Err(Fault::Cancelled(_)))) && self.leave_failed_squad();
        self.state.meter.refill(fuel);
        self.count_precedence();
        let then = self.then.take();
        let mut exit = match (answer.filter(|_| !is_over), self.unpaid_call.take()) {
            (None, None) => self.run(&image),
            (None, Some(count)) => self.call_again(&image, count),
            (Some(Err(fault)), _) => Exit::Fault(fault),
            (Some(Ok(value)), _) => match then {
                Some(then) => Exit::InWorld(Box::new(|caller| then(value, caller))),
                None => {
                    self.stack[self.answer_to] = value;
                    self.run(&image)
                }
            },
        };
        loop {
            let caught = match exit {
                Exit::Done(value) => {
                    self.let_go();
                    return Step::Done(value);
                }
                Exit::Unpaid => {
                    self.rewind();
                    return Step::OutOfFuel;
                }
                Exit::Conflict => {
                    self.begin_again();
                    match self.state.meter.fuel > 1 {
                        true => {
                            self.state.meter.fuel -= 1;
                            Ok(())
                        }
                        false => return Step::OutOfFuel,
                    }
                }
                Exit::Held(commons) => {
                    self.rewind();
                    self.answer_to = self.scratch();
                    let step = self.waits(Box::pin(async move {
                        commons.is_free().await;
                        Ok(Value::Null)
                    }));
                    return self.pauses(step);
                }
                Exit::Waiting(_) if self.state.transaction.is_some() => {
                    self.raise(atomic::not_allowed("waiting"))
                }
                Exit::At(Op::Commit) => match self.commit() {
                    Ok(()) => Ok(()),
                    Err(stop) => {
                        exit = Exit::from(stop);
                        continue;
                    }
                },
                Exit::UnpaidCall(count) => {
                    self.unpaid_call = Some(count);
                    return Step::OutOfFuel;
                }
                Exit::Waiting(future) => {
                    self.state.meter.has_effect = true;
                    let step = self.waits(future);
                    return self.pauses(step);
                }
                Exit::OutOfFuel => return Step::OutOfFuel,
                Exit::InWorld(work) => match self.in_world(work) {
                    Ok(None) => Ok(()),
                    Ok(Some(future)) => {
                        let step = self.waits(future);
                        return self.pauses(step);
                    }
                    Err(fault) => self.raise(fault),
                },
                Exit::InParallel(work) => match self.in_parallel(work) {
                    Ok(None) => Ok(()),
                    Ok(Some(future)) => return self.waits(future),
                    Err(fault) => self.raise(fault),
                },
                Exit::At(Op::IterNext { base, vars }) if self.is_pulling(base) => {
                    match self.pull(&image, base, vars) {
                        None => Ok(()),
                        Some(next) => {
                            exit = next;
                            continue;
                        }
                    }
                }
                // What a squad's end waits for ends by itself when a squad around it fails.
                Exit::At(Op::Join { base }) => match self.join_squad(base) {
                    None => Ok(()),
                    Some(future) => return self.pauses(Step::Waiting(future)),
                },
                Exit::At(Op::Disband { base }) => match self.disband_squad(base) {
                    None => Ok(()),
                    Some(future) => return self.pauses(Step::Waiting(future)),
                },
                Exit::At(op) => match self.act(op) {
                    Ok(None) => Ok(()),
                    Ok(Some(future)) => {
                        let step = self.waits(future);
                        return self.pauses(step);
                    }
                    Err(fault) => self.raise(fault),
                },
                Exit::Fault(fault) => self.raise(fault),
                Exit::Raised(error) => self.catch(error),
            };
            match caught {
                Ok(()) => exit = self.run(&image),
                Err(error) => {
                    self.let_go();
                    return Step::Failed(error);
                }
            }
        }
    }

    /// Goes on with a builtin that needs the world: its value goes where it belongs, or a future is to be awaited.
    fn in_world(&mut self, work: InWorld) -> Result<Option<Waiting>, Fault> {
        let span = self.here();
        let State { world, env, .. } = &mut self.state;
        match work(&mut Caller::new(world, env, &self.image.sources, span))? {
            Outcome::Value(value) => {
                self.stack[self.answer_to] = value;
                Ok(None)
            }
            Outcome::Wait(_) | Outcome::WaitThen(..) if self.state.transaction.is_some() => {
                Err(atomic::not_allowed("waiting"))
            }
            Outcome::Wait(future) => Ok(Some(future)),
            Outcome::WaitThen(future, then) => {
                self.then = Some(then);
                Ok(Some(future))
            }
            Outcome::InWorld(work) => self.in_world(work),
            Outcome::Prelude(_) | Outcome::InParallel(_) => {
                unreachable!("what needs the world is written in Rust")
            }
        }
    }

    /// An instruction that reaches beyond the running frame.
    fn act(&mut self, op: Op) -> Result<Option<Waiting>, Fault> {
        match op {
            Op::IterNext { base, vars } => {
                self.refuse_effect("receiving")?;
                return Ok(self.next_message(base, vars));
            }
            Op::Spawn { base, k } => {
                self.refuse_effect("spawn")?;
                self.spawn(base, k)?
            }
            op @ (Op::Schedule { base, k } | Op::Watch { base, k }) => {
                self.background(op, base, k)?;
            }
            Op::Await { base } => {
                self.refuse_effect("await")?;
                return self.wait_for(base);
            }
            Op::Atomic { own } => self.begin_atomic(own),
            Op::Squad { limit } => self.open_squad(limit),
            Op::Deadline { limit } => self.set_deadline(limit),
            Op::EndDeadline => self.end_deadline(),
            op => unreachable!("{op:?} belongs to the loop"),
        }
        Ok(None)
    }

    /// `value` as the result of `task`, which other worlds may ask for.
    pub fn result(&self, value: Value, task: &Task) -> Parcel {
        task.parcel(&self.state.world, value)
    }

    /// Whether the next slice begins with work that takes longer than a slice.
    pub fn is_heavy(&self) -> bool {
        self.state.meter.is_heavy()
    }

    /// Back to the beginning of the instruction under way.
    fn rewind(&mut self) {
        let code = &self.image.program.chunks[self.now.chunk as usize].code;
        self.now.pc -= 1;
        if matches!(code[self.now.pc as usize], Op::Data { .. }) {
            self.now.pc -= 1;
        }
    }

    /// Makes a call that has been paid for now, and goes on.
    fn call_again(&mut self, image: &Image, count: usize) -> Exit {
        self.begin_call(image, count).unwrap_or_else(|| self.run(image))
    }

    /// Begins the call of the value at `answer_to` with the `count` arguments behind it; its result goes where it is.
    /// What stops the machine, if anything.
    fn begin_call(&mut self, image: &Image, count: usize) -> Option<Exit> {
        let base = self.now.base as usize;
        let at = self.answer_to - base;
        let meter = &mut self.state.meter;
        let next = calls::call(image, &mut self.stack[base..], at, count, meter);
        match calls::settle(image, &mut self.stack, self.answer_to + 1, count, next) {
            Ok(Next::Value(value)) => self.stack[self.answer_to] = value,
            Ok(Next::Enter(to, count)) => {
                if self.frames.len() >= self.state.max_depth {
                    return Some(Exit::Fault(Fault::TooDeep(image.max_depth)));
                }
                let Some(chunk) = image.program.chunks.get(to as usize) else {
                    return Some(Exit::Fault(calls::unknown()));
                };
                self.frames.push(self.now);
                self.now = Frame { chunk: to, base: self.answer_to as u32, ..Frame::default() };
                registers::fit(registers::window(&mut self.stack, self.answer_to), chunk, count);
            }
            Ok(Next::Stop(exit)) => return Some(exit),
            Err(fault) => return Some(Exit::Fault(fault)),
        }
        None
    }

    /// The registers that may own memory, counted only when that is easy: no call has been made.
    fn used(&self) -> usize {
        let chunk = self.image.program.chunks.get(self.now.chunk as usize);
        let is_easy = self.frames.capacity() == 0 && self.unpaid_call.is_none();
        chunk.filter(|_| is_easy).map_or(usize::MAX, |chunk| chunk.registers.into())
    }

    /// The environment as the task sees it now.
    pub fn environment(&self) -> &Environment {
        &self.state.env
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.on_account(|machine| {
            let used = machine.used();
            stacks::give_back(std::mem::take(&mut machine.stack), used);
            drop((std::mem::take(&mut machine.frames), std::mem::take(&mut machine.deadlines)));
            drop((machine.below.take(), machine.then.take()));
        });
        self.state.end_transaction();
        self.state.world.leave();
    }
}
