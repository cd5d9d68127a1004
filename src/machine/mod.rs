//! Runs compiled code: registers and frames are data, so a machine stops anywhere and goes on later, on any thread.
//! Knows neither the compiler nor tokio.

mod access;
mod calls;
mod faults;
mod iterate;
mod literals;
mod methods;
mod patterns;
mod places;
mod registers;
mod rest;
mod run;
mod spawn;
mod squads;
mod stacks;
mod variables;

pub use spawn::Spawner;

use crate::diag::Error;
use crate::diag::Fault;
use crate::handles::Scope;
use crate::handles::Task;
use crate::native::Host;
use crate::native::Outcome;
use crate::native::Registry;
use crate::native::Waiting;
use crate::program::Op;
use crate::value::Program;
use crate::value::Value;
use crate::world::Environment;
use crate::world::Near;
use crate::world::Parcel;
use crate::world::World;
use calls::Pause;
use squads::Below;
use std::sync::Arc;

/// Registers that an instruction can name.
const WINDOW: usize = 256;

/// Calls that may be active at once, unless the limit is set otherwise.
pub const MAX_DEPTH: usize = 10_000;

/// What every machine of a program shares and none changes.
#[derive(Clone)]
pub struct Image {
    /// The code.
    pub program: Arc<Program>,
    /// The builtins.
    pub registry: &'static Registry,
    /// The process around it.
    pub host: Arc<dyn Host>,
    /// Calls that may be active at once.
    pub max_depth: usize,
    /// What all tasks hang below.
    pub scope: Arc<Scope>,
    /// Tasks that one run of the program, or one request, may have at once.
    pub max_tasks: usize,
    /// Who runs them.
    pub spawner: Arc<dyn Spawner>,
}

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
    /// What it has started; most machines start nothing.
    below: Option<Box<Below>>,
}

/// What a running program can change.
struct State {
    world: triomphe::Arc<World>,
    env: Environment,
    near: Near,
}

/// Where a function under way stands.
#[derive(Clone, Copy, Debug, Default)]
struct Frame {
    chunk: u32,
    /// The next instruction.
    pc: u32,
    /// Its register 0 in the stack.
    base: u32,
    /// The register that lent its function to the call under way; 0 when none did.
    lender: u8,
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
    Waiting(Pause),
    /// At an instruction that reaches beyond the running frame.
    At(Op),
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
            Value::Function(function) => function.chunk.0,
            other => return Err(Fault::NotCallable(other.kind())),
        };
        let mut machine = Machine::start(image, world, env, chunk);
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

    /// A machine that will run the chunk `chunk`, which takes no arguments.
    pub fn start(
        image: Arc<Image>,
        world: triomphe::Arc<World>,
        env: Environment,
        chunk: u32,
    ) -> Machine {
        world.enter();
        let stack = stacks::take();
        Machine {
            image,
            state: State { world, env, near: Near::default() },
            stack,
            frames: Vec::new(),
            now: Frame { chunk, pc: 0, base: 0, lender: 0 },
            answer_to: 0,
            below: None,
        }
    }

    /// Runs until the function returns or fails, a builtin waits, or `fuel` is used up. `answer` is what the
    /// future of [`Step::Waiting`] gave. Must not be called again after `Done` or `Failed`.
    pub fn resume(&mut self, fuel: Fuel, answer: Option<Result<Value, Fault>>) -> Step {
        let image = self.image.clone();
        let mut fuel = fuel.0.max(1);
        let mut exit = match answer {
            None => self.run(&image, &mut fuel),
            Some(Err(fault)) => Exit::Fault(fault),
            Some(Ok(value)) => {
                self.stack[self.answer_to] = value;
                self.run(&image, &mut fuel)
            }
        };
        loop {
            let caught = match exit {
                Exit::Done(value) => {
                    self.let_go();
                    return Step::Done(value);
                }
                Exit::OutOfFuel => return Step::OutOfFuel,
                Exit::Waiting(pause) => match self.pause(pause) {
                    Ok(None) => Ok(()),
                    Ok(Some(future)) => return Step::Waiting(future),
                    Err(fault) => self.catch(self.place(fault)),
                },
                Exit::At(op) => match self.act(op) {
                    Ok(None) => Ok(()),
                    Ok(Some(future)) => return Step::Waiting(future),
                    Err(fault) => self.catch(self.place(fault)),
                },
                Exit::Fault(fault) => self.catch(self.place(fault)),
                Exit::Raised(error) => self.catch(error),
            };
            match caught {
                Ok(()) => exit = self.run(&image, &mut fuel),
                Err(error) => {
                    self.let_go();
                    return Step::Failed(error);
                }
            }
        }
    }

    /// What a builtin that left the loop wants: its value goes where it belongs, or a future is to be awaited.
    fn pause(&mut self, pause: Pause) -> Result<Option<Waiting>, Fault> {
        let mut pause = pause;
        loop {
            let outcome = match pause {
                Pause::Future(future) => return Ok(Some(future)),
                Pause::InWorld(work) => work(&self.state.world)?,
            };
            pause = match outcome {
                Outcome::Value(value) => {
                    self.stack[self.answer_to] = value;
                    return Ok(None);
                }
                Outcome::Wait(future) => Pause::Future(future),
                Outcome::InWorld(work) => Pause::InWorld(work),
                Outcome::Prelude(_) => unreachable!("what needs the world is written in Rust"),
            };
        }
    }

    /// An instruction that reaches beyond the running frame.
    fn act(&mut self, op: Op) -> Result<Option<Waiting>, Fault> {
        match op {
            Op::IterNext { base, vars } => Ok(self.next_message(base, vars)),
            Op::Spawn { base, k } => self.spawn(base, k).map(|()| None),
            Op::Await { base } => self.wait_for(base),
            Op::Squad => {
                self.open_squad();
                Ok(None)
            }
            Op::Join { base } => Ok(self.join_squad(base)),
            Op::Disband { base } => Ok(self.disband_squad(base)),
            op => unreachable!("{op:?} belongs to the loop"),
        }
    }

    /// `value` as the result of `task`, which other worlds may ask for.
    pub fn result(&self, value: Value, task: &Task) -> Parcel {
        Parcel::new(&self.state.world, value, || task.handle())
    }

    /// The environment as the task sees it now.
    pub fn environment(&self) -> &Environment {
        &self.state.env
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        stacks::give_back(std::mem::take(&mut self.stack));
        self.state.world.leave();
    }
}
