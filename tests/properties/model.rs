//! What programs mean, written without any cleverness: variables live in scopes, a fork copies every scope there is.
//! Knows nothing of cells, epochs or overlays.

use super::program::Depth;
use super::program::Expr;
use super::program::Function;
use super::program::Name;
use super::program::Place;
use super::program::Program;
use super::program::Step;
use super::program::Stmt;
use super::program::is_common;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a variable holds.
#[derive(Clone)]
pub(crate) enum Value {
    Int(i64),
    List(Vec<Value>),
    /// An object or a map.
    Fields(Vec<(&'static str, Value)>),
    /// Ok or Some.
    Wrapped(Box<Value>),
    /// The code, and the scope it was made in.
    Function(Rc<Function>, usize),
}

/// Why a program stops early.
#[derive(Debug, PartialEq)]
pub(crate) enum Stop {
    /// The name is not declared when it is used.
    Undefined(Name),
    /// It takes too long, or numbers leave the range of Int: nothing to learn from it.
    TooMuch,
}

/// What happened in all worlds of a case: what the generator must reach.
#[derive(Debug, Default)]
pub(crate) struct Stats {
    /// A function wrote a variable of another function's call.
    pub(crate) captured_writes: u64,
    /// A top-level function wrote a top-level variable.
    pub(crate) plain_writes: u64,
    /// A function read what another one had written last.
    pub(crate) shared_reads: u64,
    /// A function touched a variable of a loop that was over, or of another call.
    pub(crate) captured_loop_variables: u64,
    /// A variable that closures had seen was declared again in its scope.
    pub(crate) second_lets: u64,
    /// A variable got a function that can reach it.
    pub(crate) cycles: u64,
    /// A variable was written through a path.
    pub(crate) part_writes: u64,
    /// A fork wrote a variable that it has from its parent.
    pub(crate) foreign_writes: u64,
    /// A world wrote a variable after it had been forked.
    pub(crate) parent_writes: u64,
    /// Worlds so far.
    pub(crate) forks: usize,
    /// A world that is a fork was forked.
    pub(crate) nested_forks: u64,
    /// A state was brought back that had been written over.
    pub(crate) restores: u64,
    /// A world read a shared variable that another one had written last.
    pub(crate) common_reads: u64,
    /// A step ended with a fault.
    pub(crate) faults: u64,
    /// A case was cut short.
    pub(crate) too_much: u64,
}

/// One world: all scopes that were ever opened in it; the first is the top level.
#[derive(Clone)]
pub(crate) struct World {
    scopes: Vec<Scope>,
    /// The variables that all worlds share, and which world wrote each last: the one thing that no fork copies.
    commons: Rc<RefCell<BTreeMap<Name, (Value, usize)>>>,
    /// Tells it from the others.
    number: usize,
    /// How many scopes it has from its parent.
    inherited: usize,
    /// How many scopes it had when it was last forked.
    forked: usize,
    /// Writes since its last snapshot.
    writes: u64,
}

#[derive(Clone)]
struct Scope {
    variables: BTreeMap<Name, Variable>,
    parent: Option<usize>,
    /// The call that opened it.
    call: u64,
    is_loop: bool,
}

#[derive(Clone)]
struct Variable {
    value: Value,
    /// The function that wrote it last, by its code and scope.
    writer: Option<Writer>,
    is_seen: bool,
}

type Writer = (*const Function, usize);

/// Steps that a program may take.
const PATIENCE: u32 = 4_000;

/// A program under way in a world.
struct Run<'w> {
    world: &'w mut World,
    stats: &'w mut Stats,
    patience: u32,
    /// Calls so far, and the one that runs.
    calls: u64,
    call: u64,
    function: Option<Writer>,
}

impl World {
    /// The world that the top-level code leaves.
    pub(crate) fn new(program: &Program, stats: &mut Stats) -> Result<World, Stop> {
        let top = Scope { variables: BTreeMap::new(), parent: None, call: 0, is_loop: false };
        let commons = program.commons.iter().map(|name| (name.clone(), (Value::Int(0), 0)));
        let commons = Rc::new(RefCell::new(commons.collect()));
        let mut world =
            World { scopes: vec![top], commons, number: 0, inherited: 0, forked: 0, writes: 0 };
        world.run(stats).statements(0, &program.setup)?;
        Ok(world)
    }

    /// A world of its own with the same state.
    pub(crate) fn fork(&mut self, stats: &mut Stats) -> World {
        stats.nested_forks += u64::from(self.inherited > 0);
        self.forked = self.scopes.len();
        stats.forks += 1;
        let number = stats.forks;
        World { number, inherited: self.scopes.len(), forked: 0, writes: 0, ..self.clone() }
    }

    /// A state to come back to.
    pub(crate) fn snapshot(&mut self) -> World {
        self.writes = 0;
        self.clone()
    }

    /// Brings a state back.
    pub(crate) fn restore(&mut self, snapshot: &World, stats: &mut Stats) {
        stats.restores += u64::from(self.writes > 0);
        let forked = self.forked;
        *self = snapshot.clone();
        self.forked = forked.min(self.scopes.len());
    }

    /// What the top-level function returns.
    pub(crate) fn call(
        &mut self,
        function: &Rc<Function>,
        args: [i64; 2],
        stats: &mut Stats,
    ) -> Result<Value, Stop> {
        let result = self.run(stats).call(function, 0, args.map(Value::Int));
        stats.faults += u64::from(matches!(result, Err(Stop::Undefined(_))));
        stats.too_much += u64::from(matches!(result, Err(Stop::TooMuch)));
        result
    }

    fn run<'w>(&'w mut self, stats: &'w mut Stats) -> Run<'w> {
        let calls = self.scopes.iter().map(|scope| scope.call).max().unwrap_or(0);
        Run { world: self, stats, patience: PATIENCE, calls, call: 0, function: None }
    }
}

impl Run<'_> {
    fn tick(&mut self) -> Result<(), Stop> {
        self.patience = self.patience.checked_sub(1).ok_or(Stop::TooMuch)?;
        Ok(())
    }

    fn open(&mut self, parent: usize, is_loop: bool) -> usize {
        let (variables, call) = (BTreeMap::new(), self.call);
        self.world.scopes.push(Scope { variables, parent: Some(parent), call, is_loop });
        self.world.scopes.len() - 1
    }

    /// The scope that has the name, looking outwards.
    fn find(&self, mut scope: usize, name: &Name) -> Result<usize, Stop> {
        loop {
            let of = &self.world.scopes[scope];
            if of.variables.contains_key(name) {
                return Ok(scope);
            }
            scope = of.parent.ok_or_else(|| Stop::Undefined(name.clone()))?;
        }
    }

    fn declare(&mut self, scope: usize, name: &Name, value: Value) {
        let old = self.world.scopes[scope].variables.get(name);
        let is_seen = old.is_some_and(|old| old.is_seen);
        self.stats.second_lets += u64::from(is_seen);
        self.note_write(scope, &value);
        let variable = Variable { value, writer: self.function, is_seen };
        self.world.scopes[scope].variables.insert(name.clone(), variable);
    }

    fn note_write(&mut self, scope: usize, value: &Value) {
        let of = &self.world.scopes[scope];
        if self.function.is_some_and(|(_, made_in)| made_in == 0) && scope == 0 {
            self.stats.plain_writes += 1;
        } else if of.call != self.call {
            self.stats.captured_writes += 1;
        }
        self.stats.captured_loop_variables += u64::from(of.is_loop && of.call != self.call);
        self.stats.foreign_writes += u64::from(scope < self.world.inherited);
        self.stats.parent_writes += u64::from(scope < self.world.forked);
        self.stats.cycles += u64::from(self.reaches(value, scope));
        self.world.writes += 1;
    }

    /// Whether a function in `value` was made where it sees the scope.
    fn reaches(&self, value: &Value, scope: usize) -> bool {
        match value {
            Value::Int(_) => false,
            Value::List(items) => items.iter().any(|item| self.reaches(item, scope)),
            Value::Fields(fields) => fields.iter().any(|(_, value)| self.reaches(value, scope)),
            Value::Wrapped(inner) => self.reaches(inner, scope),
            Value::Function(_, made_in) => {
                let mut next = Some(*made_in);
                while let Some(at) = next.filter(|at| *at != scope) {
                    next = self.world.scopes[at].parent;
                }
                next.is_some() && scope > 0
            }
        }
    }

    /// The variable, which the running function reads or changes.
    fn variable(&mut self, scope: usize, name: &Name) -> Result<&mut Variable, Stop> {
        let at = self.find(scope, name)?;
        let of = &mut self.world.scopes[at];
        let is_captured = of.call != self.call;
        self.stats.captured_loop_variables += u64::from(of.is_loop && is_captured);
        let variable = of.variables.get_mut(name).expect("it was found there");
        variable.is_seen |= is_captured;
        self.stats.shared_reads +=
            u64::from(is_captured && variable.writer.is_some() && variable.writer != self.function);
        Ok(variable)
    }

    fn read(&mut self, scope: usize, place: &Place) -> Result<Value, Stop> {
        if is_common(&place.name) {
            let commons = self.world.commons.borrow();
            let (value, writer) = &commons[&place.name];
            self.stats.common_reads += u64::from(*writer != self.world.number);
            return Ok(value.clone());
        }
        let variable = self.variable(scope, &place.name)?;
        Ok(part(&mut variable.value, &place.steps).clone())
    }

    fn change(
        &mut self,
        scope: usize,
        place: &Place,
        change: impl FnOnce(&mut Value) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        if is_common(&place.name) {
            let mut commons = self.world.commons.borrow_mut();
            let (value, writer) = commons.get_mut(&place.name).expect("it was declared");
            *writer = self.world.number;
            return change(value);
        }
        let at = self.find(scope, &place.name)?;
        let function = self.function;
        let variable = self.variable(scope, &place.name)?;
        change(part(&mut variable.value, &place.steps))?;
        variable.writer = function;
        let value = variable.value.clone();
        self.stats.part_writes += u64::from(!place.steps.is_empty());
        self.note_write(at, &value);
        Ok(())
    }

    fn statements(&mut self, scope: usize, statements: &[Stmt]) -> Result<(), Stop> {
        statements.iter().try_for_each(|stmt| self.statement(scope, stmt))
    }

    fn statement(&mut self, scope: usize, stmt: &Stmt) -> Result<(), Stop> {
        self.tick()?;
        match stmt {
            Stmt::Let(name, value) => {
                let value = self.eval(scope, value)?;
                self.declare(scope, name, value);
            }
            // A place that is assigned from itself is one update: the operand comes first (language-core 3.2).
            Stmt::Assign(place, Expr::Add(left, right)) if is_read_of(left, place) => {
                self.add(scope, place, right, 1)?;
            }
            Stmt::Assign(place, Expr::Sub(left, right)) if is_read_of(left, place) => {
                self.add(scope, place, right, -1)?;
            }
            Stmt::Add(place, value) => self.add(scope, place, value, 1)?,
            Stmt::Assign(place, value) => {
                let value = self.eval(scope, value)?;
                self.change(scope, place, |slot| {
                    *slot = value;
                    Ok(())
                })?;
            }
            Stmt::Push(name, value, _) => {
                let value = self.eval(scope, value)?;
                let place = Place { name: name.clone(), steps: Vec::new() };
                self.change(scope, &place, |slot| {
                    let Value::List(items) = slot else { unreachable!("only lists are pushed to") };
                    items.push(value);
                    Ok(())
                })?;
            }
            Stmt::If(condition, then, otherwise) => {
                let holds = int(&self.eval(scope, condition)?) < 3;
                let inner = self.open(scope, false);
                self.statements(inner, if holds { then } else { otherwise })?;
            }
            Stmt::For(name, items, body) => {
                let items: Result<Vec<Value>, Stop> =
                    items.iter().map(|item| self.eval(scope, item)).collect();
                self.rounds(scope, name, items?, body)?;
            }
            Stmt::Range(name, count, body) => {
                self.rounds(scope, name, (0..*count).map(Value::Int).collect(), body)?;
            }
            Stmt::While(name, count, body) => {
                self.declare(scope, name, Value::Int(0));
                let counter = Place { name: name.clone(), steps: Vec::new() };
                while int(&self.read(scope, &counter)?) < *count {
                    let inner = self.open(scope, false);
                    self.statements(inner, body)?;
                    self.add(inner, &counter, &Expr::Int(1), 1)?;
                }
            }
            Stmt::Define(name, function) => {
                self.declare(scope, name, Value::Function(function.clone(), scope));
            }
            Stmt::Do(e) => drop(self.eval(scope, e)?),
        }
        Ok(())
    }

    fn rounds(
        &mut self,
        scope: usize,
        name: &Name,
        items: Vec<Value>,
        body: &[Stmt],
    ) -> Result<(), Stop> {
        for item in items {
            let round = self.open(scope, true);
            self.declare(round, name, item);
            let inner = self.open(round, false);
            self.statements(inner, body)?;
        }
        Ok(())
    }

    /// `place += sign * value`
    fn add(&mut self, scope: usize, place: &Place, value: &Expr, sign: i64) -> Result<(), Stop> {
        let value = int(&self.eval(scope, value)?);
        self.change(scope, place, |slot| {
            let sum = value.checked_mul(sign).and_then(|value| int(slot).checked_add(value));
            *slot = Value::Int(sum.ok_or(Stop::TooMuch)?);
            Ok(())
        })
    }

    fn eval(&mut self, scope: usize, e: &Expr) -> Result<Value, Stop> {
        self.tick()?;
        Ok(match e {
            Expr::Int(n) => Value::Int(*n),
            Expr::Read(place) => self.read(scope, place)?,
            Expr::Len(place) => match self.read(scope, place)? {
                Value::List(items) => Value::Int(items.len() as i64),
                _ => unreachable!("only lists are measured"),
            },
            Expr::Add(left, right) | Expr::Sub(left, right) => {
                let left = int(&self.eval(scope, left)?);
                let right = int(&self.eval(scope, right)?);
                let result = match e {
                    Expr::Add(..) => left.checked_add(right),
                    _ => left.checked_sub(right),
                };
                Value::Int(result.ok_or(Stop::TooMuch)?)
            }
            Expr::Call { callee, depth, arg } => {
                let callee = self.read(scope, callee)?;
                let depth = match depth {
                    Depth::Literal(n) => Value::Int(*n),
                    Depth::OneLess => {
                        let d = Place { name: "d".into(), steps: Vec::new() };
                        Value::Int(int(&self.read(scope, &d)?) - 1)
                    }
                };
                let arg = self.eval(scope, arg)?;
                let Value::Function(function, made_in) = callee else {
                    unreachable!("only functions are called")
                };
                self.call(&function, made_in, [depth, arg])?
            }
            Expr::Lambda(function) => Value::Function(function.clone(), scope),
            Expr::Array(items) => {
                let items: Result<_, Stop> =
                    items.iter().map(|item| self.eval(scope, item)).collect();
                Value::List(items?)
            }
            Expr::Object(fields) | Expr::Map(fields) => {
                let fields: Result<_, Stop> = fields
                    .iter()
                    .map(|(name, value)| Ok((*name, self.eval(scope, value)?)))
                    .collect();
                Value::Fields(fields?)
            }
            Expr::Ok(inner) | Expr::Some(inner) => {
                Value::Wrapped(Box::new(self.eval(scope, inner)?))
            }
        })
    }

    fn call(
        &mut self,
        function: &Rc<Function>,
        made_in: usize,
        [depth, arg]: [Value; 2],
    ) -> Result<Value, Stop> {
        self.calls += 1;
        let caller = (self.call, self.function);
        (self.call, self.function) = (self.calls, Some((Rc::as_ptr(function), made_in)));
        let scope = self.open(made_in, false);
        let is_leaf = int(&depth) < 1;
        self.declare(scope, &"d".into(), depth);
        self.declare(scope, &function.param, arg);
        let result = match is_leaf {
            true => self.eval(scope, &function.leaf)?,
            false => {
                self.statements(scope, &function.body)?;
                self.eval(scope, &function.result)?
            }
        };
        (self.call, self.function) = caller;
        Ok(result)
    }
}

fn is_read_of(e: &Expr, place: &Place) -> bool {
    matches!(e, Expr::Read(read) if read == place)
}

fn int(value: &Value) -> i64 {
    match value {
        Value::Int(n) => *n,
        _ => unreachable!("the programs are well typed"),
    }
}

/// The part that the steps lead to.
fn part<'v>(value: &'v mut Value, steps: &[Step]) -> &'v mut Value {
    steps.iter().fold(value, |value, step| match (step, value) {
        (Step::Index(i), Value::List(items)) => &mut items[*i],
        (Step::Field(name) | Step::Key(name), Value::Fields(fields)) => {
            let field = fields.iter_mut().find(|(of, _)| of == name);
            &mut field.expect("objects have the fields of their kind").1
        }
        (Step::Unwrap, Value::Wrapped(inner)) => inner,
        _ => unreachable!("the programs are well typed"),
    })
}

impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Int(n) => write!(f, "{n}"),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(Value::to_string).collect();
                write!(f, "[{}]", items.join(", "))
            }
            _ => unreachable!("steps return ints and lists of them"),
        }
    }
}
