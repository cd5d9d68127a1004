//! The code of one function, with the tables that its instructions number.

use super::Op;
use super::Part;
use super::Place;
use super::Reg;
use super::SiteCache;
use crate::diag::Span;
use std::sync::Arc;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

type Name = Arc<str>;

/// The code of one function. `C` is a constant, `S` the shape of an object literal.
#[derive(Clone, Debug)]
pub struct Chunk<C, S> {
    /// Its name in traces.
    pub name: Name,
    /// The file that it is of; 0 is the main one.
    pub module: u32,
    /// Number of parameters; they arrive in the registers from 1 on.
    pub params: u8,
    /// Whether a missing argument arrives unset (a default follows) rather than null.
    pub has_defaults: bool,
    /// Registers in use, register 0 included.
    pub registers: u16,
    /// Registers that may hold a variable when the function returns.
    pub locals: u8,
    /// Whether it reads register 0: it captures something, or names itself other than to call itself.
    pub needs_itself: bool,
    /// Whether it leaves its first parameter alone: a caller's variable may lend it.
    pub keeps_receiver: bool,
    /// Whether it is part of the prelude: its frames never show.
    pub is_prelude: bool,
    /// The slot that says how far the module has run, for top-level code of one: it is emptied when the code fails.
    pub progress: Option<Slot>,
    /// Instructions.
    pub code: Vec<Op>,
    /// Where each instruction comes from.
    pub spans: Vec<Span>,
    /// Constants.
    pub constants: Vec<C>,
    /// Shapes of object literals.
    pub shapes: Vec<S>,
    /// Functions made here.
    pub functions: Vec<ClosureCode>,
    /// Reads of fields and calls of methods.
    pub sites: Vec<Site>,
    /// Assignments to more than a plain variable.
    pub places: Vec<Place>,
    /// Reads of variables and of parts of them, and what is made of them.
    pub parts: Vec<Part>,
    /// Patterns.
    pub patterns: Vec<Pattern>,
    /// Where to begin with the arms of a `match`.
    pub arms: Vec<Arms>,
    /// Struct literals.
    pub instances: Vec<InstanceCode<S>>,
    /// Who catches what, inner ranges first.
    pub catches: Vec<Catch>,
    /// Arguments of method calls whose faults come after that of a missing method.
    pub choices: Vec<Choice>,
    /// Declarations of types.
    pub types: Vec<TypeCode<S>>,
    /// Names and destructurings.
    pub unpacks: Vec<UnpackCode>,
    /// Statements that leave a mark when they run; none unless somebody asks for coverage.
    pub marks: Vec<Mark>,
    /// Names of captures, for errors.
    pub capture_names: Vec<Name>,
    /// Names of variables in cells, by register, for errors.
    pub cell_names: Vec<(Reg, Name)>,
}

impl<C, S> Default for Chunk<C, S> {
    fn default() -> Self {
        Chunk {
            name: Name::from(""),
            module: 0,
            params: 0,
            has_defaults: false,
            registers: 0,
            locals: 0,
            needs_itself: false,
            keeps_receiver: false,
            is_prelude: false,
            progress: None,
            code: Vec::new(),
            spans: Vec::new(),
            constants: Vec::new(),
            shapes: Vec::new(),
            functions: Vec::new(),
            sites: Vec::new(),
            places: Vec::new(),
            parts: Vec::new(),
            patterns: Vec::new(),
            arms: Vec::new(),
            instances: Vec::new(),
            catches: Vec::new(),
            choices: Vec::new(),
            types: Vec::new(),
            unpacks: Vec::new(),
            marks: Vec::new(),
            capture_names: Vec::new(),
            cell_names: Vec::new(),
        }
    }
}

/// A statement, and whether it ever ran.
#[derive(Debug)]
pub struct Mark {
    /// Where it begins.
    pub span: Span,
    /// Set by the machine; it holds nothing of the program's state.
    pub has_run: AtomicBool,
}

impl Clone for Mark {
    fn clone(&self) -> Mark {
        Mark { span: self.span, has_run: AtomicBool::new(self.has_run.load(Relaxed)) }
    }
}

/// How a function value is made.
#[derive(Clone, Debug)]
pub struct ClosureCode {
    /// Its chunk.
    pub chunk: u32,
    /// How it shows.
    pub label: Label,
    /// What it captures.
    pub captures: Vec<CaptureFrom>,
}

/// How a function shows, and what `typeof` says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Label {
    /// `<lambda>`
    Lambda,
    /// `<fn NAME>`
    Function(Name),
    /// `<builtin TAG>`: a prompt or an agent.
    BuiltIn(Name),
}

/// Where a capture comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CaptureFrom {
    /// The cell in a register.
    Cell(Reg),
    /// The value in a register.
    Value(Reg),
    /// A capture of the function that makes it.
    Capture(u8),
    /// The cell of a top-level name.
    Global(u16),
    /// The running function itself.
    Itself,
}

/// A place in the program that reads a field or calls a method.
#[derive(Clone, Debug)]
pub struct Site {
    /// The name after the dot.
    pub name: Name,
    /// The builtin of that name, if it is a known method.
    pub builtin: Option<u32>,
    /// Whether a user's variable of that name is visible: it is in the base register of the call.
    pub is_shadowed: bool,
    /// The slot of the field, or the chunk of the method.
    pub cache: SiteCache,
}

/// Operators on two values; what they mean is `value::ops`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `<`
    Lt,
    /// `>`
    Gt,
    /// `<=`
    LtEq,
    /// `>=`
    GtEq,
    /// `==`
    Eq,
    /// `!=`
    NotEq,
}

/// A global or a capture numbered for `Slot` operands.
pub type Slot = u16;

/// What `Match` tests. Bindings are offsets from its base register.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// Matches anything.
    Any,
    /// Matches anything and binds it.
    Bind(u8),
    /// The constant of that number, same type and equal.
    Constant(u16),
    /// `null`
    Null,
    /// `None`
    None,
    /// `Ok`, `Err` or `Some` around what matches.
    Wrapped(Wrapper, Box<Pattern>),
    /// An object with this variant name, and the shape of the last that had it.
    Variant(Name, SiteCache),
    /// An object whose variant, or else whose type, has this name.
    Constructor {
        /// The name.
        name: Name,
        /// What its fields match.
        parts: Vec<Pattern>,
        /// The slot of the first field in the shape that matched last.
        cache: SiteCache,
    },
    /// A tuple of exactly these.
    Tuple(Vec<Pattern>),
    /// The first that matches.
    Or(Vec<Pattern>),
    /// Matches nothing.
    Never,
}

/// The wrappers a pattern can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrapper {
    /// `Ok`
    Ok,
    /// `Err`
    Err,
    /// `Some`
    Some,
}

/// A range of instructions whose faults are caught.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Catch {
    /// First instruction.
    pub start: u32,
    /// After the last instruction.
    pub end: u32,
    /// Where execution goes on.
    pub target: u32,
    /// Receives the error.
    pub reg: Reg,
    /// In which form.
    pub kind: CatchKind,
}

/// A range of instructions that compute arguments of a method call. The method is chosen before them: when one fails,
/// the machine looks first whether the receiver has the method. So a call whose arguments only compute pays nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// First instruction.
    pub start: u32,
    /// After the last instruction.
    pub end: u32,
    /// Holds the receiver.
    pub receiver: Reg,
    /// The number of the call in `sites`.
    pub site: u32,
}

/// What a catch makes of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchKind {
    /// The object `{ message, type }`.
    Object,
    /// Null: `safe`.
    Null,
    /// The error itself, to be raised again: `finally`.
    Error,
    /// Nothing: the fault goes on, and the deadline of the `timeout` that it leaves is forgotten.
    Deadline,
    /// Nothing: the fault goes on, and what the `atomic` block did is undone.
    Atomic,
}

/// A type that a program declares.
#[derive(Clone, Debug)]
pub enum TypeCode<S> {
    /// A struct: names of the fields with defaults, whose values are in registers, and its embedded fields.
    Struct {
        /// Its name.
        name: Name,
        /// Its number: no other declaration of any program has it.
        id: u32,
        /// Fields with a default, in order.
        defaults: Vec<Name>,
        /// Embedded fields and their types.
        embeds: Vec<(Name, Name)>,
    },
    /// An algebraic type and its variants.
    Variants {
        /// Its name.
        name: Name,
        /// Its variants.
        variants: Vec<VariantCode<S>>,
    },
}

/// A variant of an algebraic type.
#[derive(Clone, Debug)]
pub struct VariantCode<S> {
    /// Its name.
    pub name: Name,
    /// Its number of fields; `None` without parentheses.
    pub arity: Option<usize>,
    /// The shape of its values.
    pub shape: S,
}

/// A struct literal.
#[derive(Clone, Debug)]
pub struct InstanceCode<S> {
    /// The name of its struct.
    pub name: Name,
    /// Where its fields go beside the defaults, found when it first runs.
    pub layout: OnceLock<Layout<S>>,
}

/// How the fields that a struct literal gives and the defaults of one declaration make an instance.
#[derive(Clone, Debug)]
pub struct Layout<S> {
    /// The declaration.
    pub declared: u32,
    /// The shape of the literal.
    pub given: u32,
    /// The shape of the instance.
    pub shape: S,
    /// Where the value of each field comes from: the literal, or else the defaults.
    pub sources: Vec<Result<usize, usize>>,
}

/// Where to begin with the arms of a `match` on a variant: the first arm whose pattern can take it.
#[derive(Clone, Debug)]
pub struct Arms {
    /// The variants that the arms name, which must be all of the subject's type; `None` when an arm takes everything.
    pub covers: Option<Vec<Name>>,
    /// The arms, in order.
    pub heads: Vec<Head>,
    /// Where to go on when no arm can match.
    pub otherwise: u32,
    /// The place in the code for the shapes that came last, each in its place by its number.
    pub caches: [SiteCache; 4],
}

/// What an arm begins with.
#[derive(Clone, Debug)]
pub struct Head {
    /// The variants or types that it takes; none for a pattern that must be tried.
    pub takes: Vec<Name>,
    /// Where its code begins.
    pub at: u32,
}

/// A destructuring.
#[derive(Clone, Debug, PartialEq)]
pub enum UnpackCode {
    /// Fields of an object.
    Object(Vec<Name>),
    /// That many elements of an array, and the rest.
    Array {
        /// Plain names.
        count: u8,
        /// Whether the rest is wanted.
        rest: bool,
    },
    /// That many parts of a tuple or array.
    Tuple(u8),
}

impl BinaryOp {
    /// The operators that `TestWhen` and `Where` number.
    pub const TESTS: [BinaryOp; 6] =
        [BinaryOp::Eq, BinaryOp::NotEq, BinaryOp::Lt, BinaryOp::Gt, BinaryOp::LtEq, BinaryOp::GtEq];

    /// Its number in [`BinaryOp::TESTS`]; zero for arithmetic, which the parser never puts there.
    pub fn test_number(self) -> u8 {
        Self::TESTS.iter().position(|test| *test == self).unwrap_or_default() as u8
    }
}
