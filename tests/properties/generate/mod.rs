//! Random programs and histories, made from choices that shrink: fewer statements, smaller numbers, simpler forms.

mod exprs;
mod kinds;
mod stmts;

use super::program::Depth;
use super::program::Expr;
use super::program::Function;
use super::program::Name;
use super::program::Place;
use super::program::Program;
use super::program::Push;
use super::program::Step;
use super::program::Stmt;
use kinds::HOLDERS;
use kinds::Kind;
use kinds::is_assigned;
use proptest::collection::vec;
use proptest::prelude::*;
use std::fmt;
use std::fmt::Debug;
use std::fmt::Formatter;
use std::rc::Rc;

/// What the test does with the worlds of a program, in order.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// Calls a step in a world.
    Call { world: usize, step: usize, arg: i64 },
    /// The same, stopped at every call and jump, where a fork is taken.
    CallWithForks { world: usize, step: usize, arg: i64 },
    /// A new world.
    Fork { world: usize },
    /// A state to come back to.
    Snapshot { world: usize },
    /// Brings back one of the world's snapshots, if it has any.
    Restore { world: usize, which: usize },
    /// Drops a world, unless it is the last.
    Drop { world: usize },
}

/// A program and its history. Numbers of worlds, steps and snapshots are taken modulo how many there are.
pub(crate) struct Case {
    pub(crate) program: Program,
    pub(crate) history: Vec<Event>,
}

impl Debug for Case {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "\n{}", self.program)?;
        self.history.iter().try_for_each(|event| writeln!(f, "{event:?}"))
    }
}

/// The choices behind one statement; a choice that is missing is 0, the simplest.
type Choices = Vec<u32>;

/// Programs and histories.
pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let statement = || vec(any::<u32>(), 0..80);
    let setup = vec(statement(), 2..16);
    let steps = vec(vec(statement(), 1..5), 1..4);
    let history = vec((any::<u8>(), any::<u8>(), any::<u8>()), 1..30);
    (setup, steps, history, 0..4).prop_map(|(setup, steps, history, has_commons)| Case {
        program: program(&setup, &steps, has_commons == 3),
        history: history.into_iter().map(event).collect(),
    })
}

fn event((kind, world, other): (u8, u8, u8)) -> Event {
    let (world, which) = (usize::from(world), usize::from(other));
    let (step, arg) = (which, i64::from(other % 5));
    match kind % 20 {
        0..=7 => Event::Call { world, step, arg },
        8..=9 => Event::CallWithForks { world, step, arg },
        10..=12 => Event::Fork { world },
        13..=15 => Event::Snapshot { world },
        16..=18 => Event::Restore { world, which },
        _ => Event::Drop { world },
    }
}

fn program(setup: &[Choices], steps: &[Vec<Choices>], has_commons: bool) -> Program {
    let commons: Vec<Name> = if has_commons { vec!["g0".into(), "g1".into()] } else { Vec::new() };
    let mut maker = Maker { choices: &[], scopes: vec![commons.clone()], level: 0, loops: 0 };
    let setup =
        setup.iter().map(|choices| maker.with(choices, |maker| maker.stmt(DEPTH))).collect();
    let top = maker.scopes.clone();
    let mut functions = Vec::new();
    for statements in steps {
        maker.scopes = top.clone();
        let param = maker.enter();
        let body = statements
            .iter()
            .map(|choices| maker.with(choices, |maker| maker.stmt(DEPTH - 1)))
            .collect();
        let result = maker.with(&statements[0], |maker| {
            Expr::Array(vec![maker.int(1), maker.int(1), maker.int(1)])
        });
        maker.leave();
        functions.push(Rc::new(Function { param, leaf: Expr::Int(0), body, result }));
    }
    maker.scopes = top;
    Program { commons, setup, steps: functions, look: Rc::new(maker.look()) }
}

/// How deep statements and expressions nest.
const DEPTH: u32 = 4;

/// Makes statements that name what is there.
struct Maker<'c> {
    choices: &'c [u32],
    /// The names that are surely declared, innermost scope last.
    scopes: Vec<Vec<Name>>,
    /// How many functions are around.
    level: usize,
    /// Loops so far: each counter has a name of its own, or an inner loop could reset an outer one.
    loops: usize,
}

impl<'c> Maker<'c> {
    /// Makes something from choices of its own.
    fn with<T>(&mut self, choices: &'c [u32], make: impl FnOnce(&mut Maker<'c>) -> T) -> T {
        self.choices = choices;
        make(self)
    }

    /// A number below `n`.
    fn draw(&mut self, n: usize) -> usize {
        let Some((first, rest)) = self.choices.split_first() else { return 0 };
        self.choices = rest;
        *first as usize % n
    }

    /// One of them; half of the time one of the last, which are the innermost variables.
    fn pick<T: Clone>(&mut self, from: &[T]) -> Option<T> {
        if from.is_empty() {
            return None;
        }
        let last = if self.draw(2) == 1 { from.len().saturating_sub(2) } else { 0 };
        Some(from[last + self.draw(from.len() - last)].clone())
    }

    /// The visible names of the kind, inner ones last; what the function need not capture to have it comes first.
    fn visible(&self, kind: Kind) -> Vec<Name> {
        let mut names: Vec<Name> = Vec::new();
        for name in self.scopes.iter().flatten().rev() {
            if Kind::of(name) == kind && !names.contains(name) {
                names.push(name.clone());
            }
        }
        names.reverse();
        let own = format!("p{}", self.level.saturating_sub(1));
        names.sort_by_key(|name| **name != *"d" && **name != *own);
        names
    }

    /// Whether the next name is one that may not be there: rarely, and hardly ever where it ends the whole program.
    fn is_astray(&mut self) -> bool {
        let rarely = if self.level == 0 { 400 } else { 40 };
        self.draw(rarely) == rarely - 1
    }

    /// A visible name of the kind, once in a while one that may not be there.
    fn name(&mut self, kind: Kind) -> Option<Name> {
        if self.is_astray() {
            return self.fresh(kind);
        }
        let visible = self.visible(kind);
        self.pick(&visible)
    }

    /// Any name of the kind.
    fn fresh(&mut self, kind: Kind) -> Option<Name> {
        let names = kind.names();
        self.pick(&names).map(Name::from)
    }

    fn assigned(&mut self, kind: Kind) -> Option<Name> {
        let visible: Vec<Name> =
            self.visible(kind).into_iter().filter(|name| is_assigned(name)).collect();
        self.pick(&visible)
    }

    fn declare(&mut self, name: &Name) {
        self.scopes.last_mut().expect("there is a scope").push(name.clone());
    }

    /// The scope of a function; the name of its parameter, which inner functions have another name for.
    fn enter(&mut self) -> Name {
        let param = Name::from(format!("p{}", self.level));
        self.scopes.push(vec!["d".into(), param.clone()]);
        self.level += 1;
        param
    }

    fn leave(&mut self) {
        self.scopes.pop();
        self.level -= 1;
    }
}
