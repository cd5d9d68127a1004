//! Random programs and histories, made from choices that shrink: fewer statements, smaller numbers, simpler forms.

use super::program::Depth;
use super::program::Expr;
use super::program::Function;
use super::program::Name;
use super::program::Place;
use super::program::Program;
use super::program::Push;
use super::program::Step;
use super::program::Stmt;
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

/// What a variable holds; every name of a kind starts with the same letter.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Int,
    Function,
    /// `{ f: function, g: function }`
    Pair,
    /// Two ints or more.
    Ints,
    /// `{ n: int, xs: [int, int] }`
    Data,
    /// Something else that holds functions.
    Holder(usize),
    /// A function that makes pairs.
    Factory,
}

/// The holders: the letter of the name, and the way to a function in it.
const HOLDERS: [(char, &[Step]); 5] = [
    ('b', &[Step::Index(0)]),
    ('m', &[Step::Key("f")]),
    ('r', &[Step::Unwrap]),
    ('s', &[Step::Unwrap]),
    ('h', &[Step::Index(0), Step::Field("f")]),
];

impl Kind {
    fn of(name: &str) -> Kind {
        let first = name.chars().next().expect("a name is not empty");
        match first {
            'n' | 'c' | 'p' | 'd' | 'w' | 'g' => Kind::Int,
            'f' | 'k' => Kind::Function,
            'o' => Kind::Pair,
            'a' => Kind::Ints,
            't' => Kind::Data,
            'q' => Kind::Factory,
            _ => Kind::Holder(HOLDERS.iter().position(|(of, _)| *of == first).expect("a kind")),
        }
    }

    /// The names that programs give to variables of the kind: few, so that they shadow and redefine one another.
    fn names(self) -> Vec<String> {
        let names = match self {
            Kind::Int => "n0 n1 n2 p0 p1 c0 c1",
            Kind::Function => "f0 f1 f2 k0 k1",
            Kind::Pair => "o0 o1",
            Kind::Ints => "a0 a1",
            Kind::Data => "t0",
            Kind::Factory => "q0 q1",
            Kind::Holder(i) => return vec![format!("{}0", HOLDERS[i].0)],
        };
        names.split(' ').map(String::from).collect()
    }
}

/// Whether programs assign the variable.
fn is_assigned(name: &str) -> bool {
    !name.starts_with(['c', 'k', 'd', 'w'])
}

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

    fn block(&mut self, names: &[Name], depth: u32) -> Vec<Stmt> {
        let outside = self.function_places();
        self.scopes.push(names.to_vec());
        let count = self.draw(4);
        let mut body: Vec<Stmt> = (0..count).map(|_| self.stmt(depth)).collect();
        // A closure over the variables of the block that outlives it.
        let kept = outside
            .iter()
            .filter(|place| is_assigned(&place.name) && !place.steps.contains(&Step::Unwrap));
        let kept: Vec<Place> = kept.cloned().collect();
        if self.draw(3) > 0
            && let Some(place) = self.pick(&kept)
        {
            body.push(Stmt::Assign(place, self.lambda(depth.max(1))));
        }
        self.scopes.pop();
        body
    }

    fn stmt(&mut self, depth: u32) -> Stmt {
        let deeper = depth.saturating_sub(1);
        let kind = self.draw(34);
        match kind {
            0..=2 => self.add(deeper),
            3..=5 => self.let_stmt(Kind::Int, deeper),
            6..=8 => self.let_stmt(Kind::Function, deeper),
            9..=10 => self.let_stmt(Kind::Pair, deeper),
            11 => self.let_stmt(Kind::Ints, deeper),
            12 => self.let_stmt(Kind::Data, deeper),
            13..=14 => {
                let holder = self.draw(HOLDERS.len());
                self.let_stmt(Kind::Holder(holder), deeper)
            }
            15 => self.assign(Kind::Int, deeper),
            16..=17 => self.assign(Kind::Function, deeper),
            18..=19 => self.write_part(deeper),
            20 => self.push(deeper),
            21 => {
                let (body, otherwise) = (self.int(deeper), Vec::new());
                let then = if depth > 0 { self.block(&[], deeper) } else { Vec::new() };
                let otherwise = if depth > 0 { self.block(&[], deeper) } else { otherwise };
                Stmt::If(body, then, otherwise)
            }
            22..=25 if depth > 0 => self.loop_stmt(deeper),
            26..=27 if depth > 0 => {
                let name = self.fresh(Kind::Function).expect("there are names");
                // Not a constant: a definition can be assigned.
                let name = Name::from(name.replace('k', "f"));
                self.declare(&name);
                Stmt::Define(name, Rc::new(self.function(deeper)))
            }
            28..=29 if depth > 0 => {
                let name = self.fresh(Kind::Factory).expect("there are names");
                let factory = self.factory(deeper);
                self.declare(&name);
                Stmt::Define(name, Rc::new(factory))
            }
            _ => match self.call(deeper) {
                Some(call) => Stmt::Do(call),
                None => self.let_stmt(Kind::Function, deeper),
            },
        }
    }

    fn let_stmt(&mut self, kind: Kind, depth: u32) -> Stmt {
        let own: Vec<Name> = self.scopes.last().into_iter().flatten().cloned().collect();
        let own: Vec<Name> =
            own.into_iter().filter(|name| self.is_redeclared(name, kind)).collect();
        let again = if self.draw(3) == 2 { self.pick(&own) } else { None };
        let name = again.or_else(|| self.fresh(kind)).expect("there are names");
        let value = self.value(kind, depth);
        self.declare(&name);
        Stmt::Let(name, value)
    }

    /// Whether a `let` may declare the name again: not what keeps loops and calls finite, nor what all worlds share.
    fn is_redeclared(&self, name: &Name, kind: Kind) -> bool {
        Kind::of(name) == kind && !name.starts_with(['d', 'w', 'g'])
    }

    fn add(&mut self, depth: u32) -> Stmt {
        let Some(name) = self.assigned(Kind::Int) else { return self.let_stmt(Kind::Int, depth) };
        let (place, value) = (Place { name, steps: Vec::new() }, self.int(depth));
        match self.draw(3) {
            0 => Stmt::Add(place, value),
            1 => Stmt::Assign(place.clone(), Expr::Add(Box::new(Expr::Read(place)), value.into())),
            _ => Stmt::Assign(place.clone(), Expr::Sub(Box::new(Expr::Read(place)), value.into())),
        }
    }

    fn assign(&mut self, kind: Kind, depth: u32) -> Stmt {
        let name = match self.is_astray() {
            true => self.fresh(kind).filter(|name| is_assigned(name)),
            false => self.assigned(kind),
        };
        let Some(name) = name else { return self.let_stmt(kind, depth) };
        let value = self.value(kind, depth);
        Stmt::Assign(Place { name, steps: Vec::new() }, value)
    }

    /// Writes into what a variable holds.
    fn write_part(&mut self, depth: u32) -> Stmt {
        let mut functions = self.function_places();
        functions.retain(|place| !place.steps.is_empty() && !place.steps.contains(&Step::Unwrap));
        let mut ints = self.int_places();
        ints.retain(|place| !place.steps.is_empty());
        if self.draw(2) == 0
            && let Some(place) = self.pick(&functions)
        {
            let value = self.value(Kind::Function, depth);
            return Stmt::Assign(place, value);
        }
        match self.pick(&ints) {
            Some(place) if self.draw(2) == 0 => Stmt::Add(place, self.int(depth)),
            Some(place) => Stmt::Assign(place, self.int(depth)),
            None => self.let_stmt(Kind::Data, depth),
        }
    }

    fn push(&mut self, depth: u32) -> Stmt {
        let Some(name) = self.assigned(Kind::Ints) else { return self.let_stmt(Kind::Ints, depth) };
        let how = [Push::Call, Push::Method, Push::Assign][self.draw(3)];
        Stmt::Push(name, self.int(depth), how)
    }

    fn loop_stmt(&mut self, depth: u32) -> Stmt {
        match self.draw(3) {
            0 => {
                let name = self.fresh(Kind::Int).expect("there are names");
                let items = vec![self.int(1), self.int(1)];
                Stmt::For(name.clone(), items, self.block(&[name], depth))
            }
            1 => {
                let name = self.fresh(Kind::Int).expect("there are names");
                let count = 1 + self.draw(3) as i64;
                Stmt::Range(name.clone(), count, self.block(&[name], depth))
            }
            _ => {
                self.loops += 1;
                let name = Name::from(format!("w{}", self.loops));
                let count = 1 + self.draw(3) as i64;
                self.declare(&name);
                Stmt::While(name, count, self.block(&[], depth))
            }
        }
    }

    fn value(&mut self, kind: Kind, depth: u32) -> Expr {
        match kind {
            Kind::Int => self.int(depth),
            Kind::Function => self.function_value(depth),
            Kind::Pair | Kind::Factory => self.pair(depth),
            Kind::Ints => Expr::Array(vec![self.int(depth), self.int(depth)]),
            Kind::Data => {
                let n = self.int(depth);
                let xs = vec![self.int(1), self.int(1)];
                Expr::Object(vec![("n", n), ("xs", Expr::Array(xs))])
            }
            Kind::Holder(0) => {
                Expr::Array(vec![self.function_value(depth), self.function_value(depth)])
            }
            Kind::Holder(1) => Expr::Map(vec![("f", self.function_value(depth))]),
            Kind::Holder(2) => Expr::Ok(self.function_value(depth).into()),
            Kind::Holder(3) => Expr::Some(self.function_value(depth).into()),
            Kind::Holder(_) => Expr::Array(vec![self.pair(depth)]),
        }
    }

    fn int(&mut self, depth: u32) -> Expr {
        let kind = self.draw(14);
        let deeper = depth.saturating_sub(1);
        match kind {
            7 | 8 if depth > 0 => {
                let (left, right) = (self.int(deeper), self.int(deeper));
                match kind {
                    7 => Expr::Add(left.into(), right.into()),
                    _ => Expr::Sub(left.into(), right.into()),
                }
            }
            9..=11 if depth > 0 => self.call(deeper).unwrap_or(Expr::Int(2)),
            12 => {
                let places: Vec<Name> = self.visible(Kind::Ints);
                match self.pick(&places) {
                    Some(name) => Expr::Len(Place { name, steps: Vec::new() }),
                    None => Expr::Int(3),
                }
            }
            1..=6 | 13 => {
                if self.is_astray() {
                    let name = self.fresh(Kind::Int).expect("there are names");
                    return Expr::Read(Place { name, steps: Vec::new() });
                }
                let places = self.int_places();
                self.pick(&places).map_or(Expr::Int(4), Expr::Read)
            }
            _ => Expr::Int(self.draw(7) as i64),
        }
    }

    /// Where ints are.
    fn int_places(&self) -> Vec<Place> {
        let mut places = self.places(Kind::Int, &[&[]]);
        places.extend(self.places(Kind::Ints, &[&[Step::Index(0)], &[Step::Index(1)]]));
        let xs = [Step::Field("xs"), Step::Index(1)];
        places.extend(self.places(Kind::Data, &[&[Step::Field("n")], &xs]));
        places
    }

    /// Where functions are.
    fn function_places(&self) -> Vec<Place> {
        let mut places = self.places(Kind::Function, &[&[]]);
        places.extend(self.places(Kind::Pair, &[&[Step::Field("f")], &[Step::Field("g")]]));
        for (i, (_, steps)) in HOLDERS.iter().enumerate() {
            places.extend(self.places(Kind::Holder(i), &[steps]));
        }
        places
    }

    fn places(&self, kind: Kind, ways: &[&[Step]]) -> Vec<Place> {
        let names = self.visible(kind);
        let place = |name: &Name, way: &[Step]| Place { name: name.clone(), steps: way.to_vec() };
        names.iter().flat_map(|name| ways.iter().map(|way| place(name, way))).collect()
    }

    /// A call of a function that is there.
    fn call(&mut self, depth: u32) -> Option<Expr> {
        let places = self.function_places();
        let callee = match self.is_astray() {
            true => self.fresh(Kind::Function).map(|name| Place { name, steps: Vec::new() }),
            false => self.pick(&places),
        }?;
        Some(Expr::Call { callee, depth: self.depth(), arg: self.int(depth).into() })
    }

    fn depth(&self) -> Depth {
        if self.level > 0 { Depth::OneLess } else { Depth::Literal(2) }
    }

    fn function_value(&mut self, depth: u32) -> Expr {
        let places = self.function_places();
        if depth == 0 || self.draw(3) == 2 {
            let place = match self.name(Kind::Function) {
                Some(name) if self.draw(2) == 1 => Some(Place { name, steps: Vec::new() }),
                _ => self.pick(&places),
            };
            if let Some(place) = place {
                return Expr::Read(place);
            }
        }
        Expr::Lambda(Rc::new(self.function(depth.saturating_sub(1))))
    }

    fn pair(&mut self, depth: u32) -> Expr {
        let factories = self.visible(Kind::Factory);
        let pairs = self.places(Kind::Pair, &[&[]]);
        match self.draw(4) {
            2 => {
                if let Some(name) = self.pick(&factories) {
                    let callee = Place { name, steps: Vec::new() };
                    let arg = self.int(1).into();
                    return Expr::Call { callee, depth: self.depth(), arg };
                }
            }
            3 => {
                if let Some(place) = self.pick(&pairs) {
                    return Expr::Read(place);
                }
            }
            _ => {}
        }
        Expr::Object(vec![("f", self.function_value(depth)), ("g", self.function_value(depth))])
    }

    fn function(&mut self, depth: u32) -> Function {
        self.body(depth, |maker, param| (Expr::Read(param), maker.int(depth.min(2))))
    }

    /// A function that makes two functions over its variables.
    fn factory(&mut self, depth: u32) -> Function {
        self.body(depth, |maker, _| {
            let simple = |n| {
                let (param, leaf) = ("p9".into(), Expr::Int(n));
                let result = Expr::Read(place("p9"));
                Expr::Lambda(Rc::new(Function { param, leaf, body: Vec::new(), result }))
            };
            let leaf = vec![("f", simple(5)), ("g", simple(6))];
            let pair = ["f", "g"].map(|name| (name, maker.lambda(depth)));
            (Expr::Object(leaf), Expr::Object(pair.to_vec()))
        })
    }

    fn lambda(&mut self, depth: u32) -> Expr {
        Expr::Lambda(Rc::new(self.function(depth)))
    }

    fn body(
        &mut self,
        depth: u32,
        ends: impl FnOnce(&mut Maker<'c>, Place) -> (Expr, Expr),
    ) -> Function {
        let param = self.enter();
        let count = self.draw(4);
        let body = (0..count).map(|_| self.stmt(depth)).collect();
        let (leaf, result) = ends(self, place(&param));
        self.leave();
        Function { param, leaf, body, result }
    }

    /// Everything that can be seen, and what every function returns now.
    fn look(&mut self) -> Function {
        let whole = |kind| self.places(kind, &[&[]]).into_iter().map(Expr::Read);
        let mut seen: Vec<Expr> = whole(Kind::Int).chain(whole(Kind::Ints)).collect();
        seen.extend(
            self.places(Kind::Data, &[&[Step::Field("n")], &[Step::Field("xs")]])
                .into_iter()
                .map(Expr::Read),
        );
        let call = |callee| Expr::Call { callee, depth: Depth::OneLess, arg: Expr::Int(1).into() };
        seen.extend(self.function_places().into_iter().take(10).map(call));
        let param = "p0".into();
        Function { param, leaf: Expr::Int(0), body: Vec::new(), result: Expr::Array(seen) }
    }
}

fn place(name: &str) -> Place {
    Place { name: name.into(), steps: Vec::new() }
}
