//! Statements (language-statements 15).

use super::BinaryOp;
use super::Block;
use super::Destructure;
use super::Expr;
use super::Ident;
use super::Lambda;
use super::Name;
use super::Param;
use super::Type;
use super::Unit;
use crate::diag::Span;

/// A statement and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// All of it.
    pub span: Span,
}

/// The forms of a statement. `if`, `match`, `when`, `try`, `safe`, `spawn`, `squad`, `atomic`, output and `wait`
/// arrive as expression statements.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// An expression for its value or effect.
    Expr(Expr),
    /// `let [mut] name [: type] = value`, `set [mut] name to value`
    Let {
        /// What is bound.
        name: Ident,
        /// Whether it may be assigned.
        mutable: bool,
        /// Annotation.
        ty: Option<Type>,
        /// Initial value.
        value: Expr,
    },
    /// `let (a, b) = value`, `unpack {a, b} from value` ...
    Unpack {
        /// Left side.
        target: Destructure,
        /// Right side.
        value: Expr,
    },
    /// `target = value`, `target op= value`, `change target to value`
    Assign {
        /// Any expression; validated when compiled.
        target: Expr,
        /// The operator of a compound assignment.
        op: Option<BinaryOp>,
        /// Right side.
        value: Expr,
    },
    /// `fn name(params) { body }` with its decorators.
    Function(FunctionDef),
    /// `return [value]`
    Return(Option<Expr>),
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `while condition { body }`
    While {
        /// Condition.
        condition: Expr,
        /// Body.
        body: Block,
    },
    /// `loop { body }`
    Loop(Block),
    /// `for [each] name[, second] in source { body }`
    For {
        /// First variable.
        name: Ident,
        /// Second variable.
        second: Option<Ident>,
        /// What is iterated.
        source: Expr,
        /// Body.
        body: Block,
    },
    /// `repeat count [times] { body }`
    Repeat {
        /// How often.
        count: Expr,
        /// Body.
        body: Block,
    },
    /// `struct name { fields }`, `thing name { fields }`
    Struct(StructDef),
    /// `type name = variants`
    Type(TypeDef),
    /// `interface name { methods }`, `power name { methods }`
    Interface(InterfaceDef),
    /// `impl [power for] name { methods }`, `give name [the power p] { methods }`
    Impl(ImplDef),
    /// `import ...`
    Import(Import),
    /// A decorator that decorates nothing, `@server(...)` above all.
    Decorator(Decorator),
    /// `check value [form]`
    Check {
        /// What is checked.
        value: Expr,
        /// How.
        test: CheckTest,
        /// Whether `not` stands before the test.
        negated: bool,
    },
    /// `retry count [times] { body }`
    Retry {
        /// How often.
        count: Expr,
        /// Body.
        body: Block,
    },
    /// `timeout amount [unit] { body }`
    Timeout {
        /// How long.
        amount: Expr,
        /// In what.
        unit: Unit,
        /// Body.
        body: Block,
    },
    /// `schedule [every] amount [unit] { body }`
    Schedule {
        /// How often.
        amount: Expr,
        /// In what.
        unit: Unit,
        /// Body.
        body: Block,
    },
    /// `watch path { body }`
    Watch {
        /// What is watched.
        path: Expr,
        /// Body.
        body: Block,
    },
    /// `shared { let ... }`
    Shared(Block),
    /// `yield e`, `emit e`
    Yield(Expr),
    /// `grab name from url [with options]`
    Grab {
        /// What is bound.
        name: Ident,
        /// What is fetched.
        url: Expr,
        /// Options.
        options: Option<Expr>,
    },
    /// `prompt name(params) { key: "text" }`
    Prompt(PromptDef),
    /// `agent name(params) { tools, goal, max_steps }`
    Agent(AgentDef),
}

/// What `check` asks.
#[derive(Clone, Debug, PartialEq)]
pub enum CheckTest {
    /// Truthiness.
    Truthy,
    /// `is empty`
    Empty,
    /// `is true`
    True,
    /// `is false`
    False,
    /// `is null`
    Null,
    /// `between low and high`
    Between(Expr, Expr),
    /// `contains needle`
    Contains(Expr),
}

/// A named function.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDef {
    /// Its name.
    pub name: Ident,
    /// `<A, B>`
    pub generics: Vec<Ident>,
    /// Parameters, return annotation, body.
    pub lambda: Lambda,
    /// In source order.
    pub decorators: Vec<Decorator>,
}

/// `@name(args)`
#[derive(Clone, Debug, PartialEq)]
pub struct Decorator {
    /// After the `@`.
    pub name: Ident,
    /// Arguments with their key, if any.
    pub args: Vec<(Option<Ident>, Expr)>,
    /// All of it.
    pub span: Span,
}

impl Decorator {
    /// Those that make a function the handler of a route, with the method of the requests.
    pub const ROUTES: [(&str, &str); 9] = [
        ("get", "GET"),
        ("post", "POST"),
        ("put", "PUT"),
        ("delete", "DELETE"),
        ("patch", "PATCH"),
        ("head", "HEAD"),
        ("options", "OPTIONS"),
        ("any", "ANY"),
        ("ws", "WS"),
    ];

    /// Others that mean something.
    pub const OTHERS: [&str; 6] = ["server", "static", "test", "skip", "before", "after"];
}

/// A record type.
#[derive(Clone, Debug, PartialEq)]
pub struct StructDef {
    /// Its name.
    pub name: Ident,
    /// Type parameters.
    pub generics: Vec<Ident>,
    /// In order.
    pub fields: Vec<StructField>,
}

/// A field of a record type.
#[derive(Clone, Debug, PartialEq)]
pub struct StructField {
    /// Its name.
    pub name: Ident,
    /// Annotation.
    pub ty: Option<Type>,
    /// Default.
    pub default: Option<Expr>,
    /// Whether `has` stands before it.
    pub embeds: bool,
}

/// An algebraic type.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeDef {
    /// Its name.
    pub name: Ident,
    /// In order.
    pub variants: Vec<Variant>,
}

/// A variant of an algebraic type.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its name.
    pub name: Ident,
    /// Types of its fields; `None` without parentheses.
    pub fields: Option<Vec<Type>>,
}

/// An interface.
#[derive(Clone, Debug, PartialEq)]
pub struct InterfaceDef {
    /// Its name.
    pub name: Ident,
    /// In order.
    pub methods: Vec<Signature>,
}

/// A method that an interface asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Signature {
    /// Its name.
    pub name: Ident,
    /// Parameters.
    pub params: Vec<Param>,
    /// Return annotation.
    pub returns: Option<Type>,
}

/// Methods for a type.
#[derive(Clone, Debug, PartialEq)]
pub struct ImplDef {
    /// The type that gets them.
    pub target: Ident,
    /// The interface it promises to satisfy.
    pub power: Option<Ident>,
    /// In order.
    pub methods: Vec<FunctionDef>,
}

/// An import.
#[derive(Clone, Debug, PartialEq)]
pub enum Import {
    /// `import "path"`
    All(Name),
    /// `import name`
    Module(Ident),
    /// `import { a, b } from "path"`
    Names(Vec<Ident>, Name),
}

impl Import {
    /// The path as written.
    pub fn path(&self) -> &Name {
        match self {
            Import::All(path) | Import::Names(_, path) => path,
            Import::Module(name) => &name.name,
        }
    }
}

/// A prompt definition.
#[derive(Clone, Debug, PartialEq)]
pub struct PromptDef {
    /// Its name.
    pub name: Ident,
    /// Parameters.
    pub params: Vec<Param>,
    /// Keys and texts as written.
    pub entries: Vec<(Ident, Name)>,
}

/// An agent definition.
#[derive(Clone, Debug, PartialEq)]
pub struct AgentDef {
    /// Its name.
    pub name: Ident,
    /// Parameters.
    pub params: Vec<Param>,
    /// `tools: [...]`
    pub tools: Vec<Name>,
    /// `goal: "..."`
    pub goal: Option<Name>,
    /// `max_steps: n`
    pub max_steps: Option<i64>,
}
