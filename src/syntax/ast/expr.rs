//! Expressions (language-core 2.2 with its additions).

use super::Block;
use super::Ident;
use super::Name;
use super::Pattern;
use super::Stmt;
use super::Type;
use crate::diag::Span;

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// All of it, parentheses excluded.
    pub span: Span,
}

/// The forms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// `42`
    Int(i64),
    /// `1.5`
    Float(f64),
    /// A string without interpolation, escapes already processed.
    Str(Name),
    /// `"a {b} c"`
    Interpolation(Vec<Part>),
    /// A variable.
    Name(Name),
    /// `[a, ...b]`
    Array(Vec<Item>),
    /// `(a, b)`, `(a,)`
    Tuple(Vec<Item>),
    /// `{ k: v, ...o, [e]: v }`; the shorthand `{ a, b }` arrives as fields.
    Object(Vec<Entry>),
    /// `Name { field: value }`, `craft name { ... }`
    Struct {
        /// The name before the brace.
        name: Ident,
        /// Fields as written.
        fields: Vec<(Ident, Expr)>,
    },
    /// `{ statements }` in expression position.
    Block(Block),
    /// `if c { } else { }`, as statement too.
    If(Box<If>),
    /// `when s { < 1 -> a }`, as statement too.
    When(Box<When>),
    /// `match s { p => body }`, as statement too.
    Match(Box<Match>),
    /// `try { } catch e { } finally { }`, as statement too.
    Try(Box<Try>),
    /// `safe { }`, as statement too.
    Safe(Block),
    /// `spawn { }`, as statement too.
    Spawn(Block),
    /// `squad { }`, as statement too.
    Squad(Block),
    /// `atomic { }`, as statement too.
    Atomic(Block),
    /// `fn(params) { body }`, `|params| expr`
    Lambda(Box<Lambda>),
    /// A prefix operator.
    Unary {
        /// Which one.
        op: UnaryOp,
        /// What it applies to.
        operand: Box<Expr>,
    },
    /// A binary operator, `&&` and `||` included.
    Binary {
        /// Which one.
        op: BinaryOp,
        /// Left operand.
        left: Box<Expr>,
        /// Right operand.
        right: Box<Expr>,
    },
    /// `a..b`
    Range {
        /// First value.
        start: Box<Expr>,
        /// The value after the last.
        end: Box<Expr>,
    },
    /// `callee(args)`
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// Arguments.
        args: Vec<Item>,
    },
    /// `receiver.name(args)`
    Method {
        /// Before the dot.
        receiver: Box<Expr>,
        /// After the dot.
        name: Ident,
        /// Arguments.
        args: Vec<Item>,
    },
    /// `object.name`
    Field {
        /// Before the dot.
        object: Box<Expr>,
        /// After the dot.
        name: Ident,
    },
    /// `object[index]`
    Index {
        /// Before the bracket.
        object: Box<Expr>,
        /// Between the brackets.
        index: Box<Expr>,
    },
    /// `e?`
    Propagate(Box<Expr>),
    /// `value |> step`
    Pipe {
        /// Left side.
        value: Box<Expr>,
        /// Right side.
        step: Box<Expr>,
    },
    /// `source where field op value`
    Where {
        /// The array.
        source: Box<Expr>,
        /// Field compared.
        field: Ident,
        /// `==` to `>=` only.
        op: BinaryOp,
        /// What it is compared with.
        value: Box<Expr>,
    },
    /// `source >> step`; a chain nests to the left.
    Query {
        /// Left side.
        source: Box<Expr>,
        /// What follows `>>`.
        step: Box<QueryStep>,
    },
    /// `say e`, `yell e`, `whisper e`, as statement too.
    Output {
        /// Which of the three.
        kind: OutputKind,
        /// What is printed.
        value: Box<Expr>,
    },
    /// `wait e [unit]`, as statement too.
    Wait(Box<Wait>),
    /// `download url [to path]`, as statement too.
    Download {
        /// What to fetch.
        url: Box<Expr>,
        /// Where to put it.
        path: Option<Box<Expr>>,
    },
    /// `crawl url`, as statement too.
    Crawl(Box<Expr>),
}

/// A piece of an interpolated string.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// Literal text, never empty.
    Text(Name),
    /// `{expr}`
    Expr(Expr),
}

/// An element of a list or an argument.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The value, without the dots.
    pub value: Expr,
    /// Whether `...` stands before it.
    pub spread: bool,
}

/// An entry of an object literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// `key: value`, `"key": value`
    Field(Ident, Expr),
    /// `[key]: value`
    Computed(Expr, Expr),
    /// `...object`
    Spread(Expr),
}

/// `if`; an `else if` is an `otherwise` block that holds only the second `if`.
#[derive(Clone, Debug, PartialEq)]
pub struct If {
    /// Condition.
    pub condition: Expr,
    /// When truthy.
    pub then: Block,
    /// When not.
    pub otherwise: Option<Block>,
}

/// `when subject { arms }`
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// What is compared.
    pub subject: Expr,
    /// In order.
    pub arms: Vec<WhenArm>,
}

/// One arm of a `when`.
#[derive(Clone, Debug, PartialEq)]
pub struct WhenArm {
    /// Operator (`==` when none is written) and operand; `None` for `else`.
    pub test: Option<(BinaryOp, Expr)>,
    /// The result: an expression statement or another statement.
    pub body: Stmt,
}

/// `match subject { arms }`
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// What is matched.
    pub subject: Expr,
    /// In order.
    pub arms: Vec<MatchArm>,
}

/// One arm of a `match`.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchArm {
    /// Pattern.
    pub pattern: Pattern,
    /// `if guard`
    pub guard: Option<Expr>,
    /// A block; a single statement arrives as a block of one.
    pub body: Block,
}

/// `try body catch name handler finally cleanup`
#[derive(Clone, Debug, PartialEq)]
pub struct Try {
    /// What may fail.
    pub body: Block,
    /// The variable after `catch`, if any.
    pub name: Option<Ident>,
    /// What runs on an error.
    pub handler: Block,
    /// What runs on every way out.
    pub cleanup: Option<Block>,
}

/// An anonymous function.
#[derive(Clone, Debug, PartialEq)]
pub struct Lambda {
    /// Parameters.
    pub params: Vec<Param>,
    /// Annotation after `->`.
    pub returns: Option<Type>,
    /// Body; that of `|x| e` is a block of one expression.
    pub body: Block,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// Name.
    pub name: Ident,
    /// Annotation.
    pub ty: Option<Type>,
    /// Value when the argument is missing.
    pub default: Option<Expr>,
}

/// Prefix operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnaryOp {
    /// `-e`
    Neg,
    /// `!e`, `not e`
    Not,
    /// `await e`, `hold e`
    Await,
    /// `must e`
    Must,
    /// `freeze e`
    Freeze,
    /// `ask e`
    Ask,
}

/// Binary operators, from tight to loose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `*`
    Mul,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `+`
    Add,
    /// `-`
    Sub,
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
    /// `&&`, `and`
    And,
    /// `||`, `or`
    Or,
}

/// A step after `>>`.
#[derive(Clone, Debug, PartialEq)]
pub enum QueryStep {
    /// `keep where field [op value]`
    Keep {
        /// Field of the element.
        field: Ident,
        /// Comparison; truthiness of the field without one.
        test: Option<(BinaryOp, Expr)>,
    },
    /// `sort [by field]`
    Sort(Option<Ident>),
    /// `take n`
    Take(Expr),
    /// Anything else: called with the value.
    Call(Expr),
}

/// The printing words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// As it is.
    Say,
    /// In capitals.
    Yell,
    /// In small letters.
    Whisper,
}

/// `wait amount [unit]`
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// How many.
    pub amount: Expr,
    /// Of what.
    pub unit: Unit,
}

/// Units of time after `wait`, `timeout` and `schedule`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// The default.
    Seconds,
    /// `milliseconds`, `ms`
    Milliseconds,
    /// `minutes`, `min`
    Minutes,
    /// `hours`
    Hours,
}
