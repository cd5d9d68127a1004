//! The programs of the property tests as a tree, and as Forge source.
//!
//! The first letter of a name tells what a variable holds. Every function takes the depth `d` that its calls may still
//! have and a value, so every program ends; it returns an Int, a factory a pair of functions.

use std::fmt;
use std::fmt::Display;
use std::fmt::Formatter;
use std::rc::Rc;

/// The name of a variable.
pub(crate) type Name = Rc<str>;

/// A step into a value.
#[derive(Clone, PartialEq)]
pub(crate) enum Step {
    /// `.name`
    Field(&'static str),
    /// `[i]`
    Index(usize),
    /// `["key"]` of a map
    Key(&'static str),
    /// `unwrap(...)`
    Unwrap,
}

/// A variable, or a part of what it holds.
#[derive(Clone, PartialEq)]
pub(crate) struct Place {
    pub(crate) name: Name,
    pub(crate) steps: Vec<Step>,
}

/// The first argument of a call: how deep it may call in turn.
#[derive(Clone)]
pub(crate) enum Depth {
    Literal(i64),
    /// `d - 1`
    OneLess,
}

#[derive(Clone)]
pub(crate) enum Expr {
    Int(i64),
    Read(Place),
    Len(Place),
    Add(Box<Expr>, Box<Expr>),
    Sub(Box<Expr>, Box<Expr>),
    Call { callee: Place, depth: Depth, arg: Box<Expr> },
    Lambda(Rc<Function>),
    Array(Vec<Expr>),
    Object(Vec<(&'static str, Expr)>),
    Map(Vec<(&'static str, Expr)>),
    Ok(Box<Expr>),
    Some(Box<Expr>),
}

/// `fn(d, param) { if d < 1 { return leaf } body; return result }`
pub(crate) struct Function {
    pub(crate) param: Name,
    pub(crate) leaf: Expr,
    pub(crate) body: Vec<Stmt>,
    pub(crate) result: Expr,
}

/// How an element is appended.
#[derive(Clone, Copy)]
pub(crate) enum Push {
    /// `push(xs, e)`
    Call,
    /// `xs.push(e)`
    Method,
    /// `xs = push(xs, e)`
    Assign,
}

#[derive(Clone)]
pub(crate) enum Stmt {
    Let(Name, Expr),
    Assign(Place, Expr),
    /// `place += value`
    Add(Place, Expr),
    Push(Name, Expr, Push),
    If(Expr, Vec<Stmt>, Vec<Stmt>),
    For(Name, Vec<Expr>, Vec<Stmt>),
    /// `for name in range(0, count)`
    Range(Name, i64, Vec<Stmt>),
    /// Counts the name up to the number.
    While(Name, i64, Vec<Stmt>),
    Define(Name, Rc<Function>),
    Do(Expr),
}

/// A whole program: top-level code, the functions that the test calls, and what `look` returns.
pub(crate) struct Program {
    /// The variables that all worlds share; each starts with 0.
    pub(crate) commons: Vec<Name>,
    pub(crate) setup: Vec<Stmt>,
    pub(crate) steps: Vec<Rc<Function>>,
    pub(crate) look: Rc<Function>,
}

/// Whether all worlds share the variable.
pub(crate) fn is_common(name: &str) -> bool {
    name.starts_with('g')
}

/// Whether the variable is declared without `mut`.
fn is_constant(name: &str) -> bool {
    name.starts_with(['c', 'k'])
}

impl Display for Program {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for name in &self.commons {
            writeln!(f, "shared {{ let mut {name} = 0 }}")?;
        }
        self.setup.iter().try_for_each(|stmt| stmt.write(f, 0))?;
        for (i, step) in self.steps.iter().enumerate() {
            step.write(f, &format!(" step{i}"), 0)?;
            writeln!(f)?;
        }
        self.look.write(f, " look", 0)?;
        writeln!(f)
    }
}

impl Function {
    fn write(&self, f: &mut Formatter<'_>, name: &str, indent: usize) -> fmt::Result {
        write!(f, "fn{name}(d, {}) {{ if d < 1 {{ return ", self.param)?;
        self.leaf.write(f, indent + 1)?;
        writeln!(f, " }}")?;
        self.body.iter().try_for_each(|stmt| stmt.write(f, indent + 1))?;
        write!(f, "{:1$}return ", "", 4 * (indent + 1))?;
        self.result.write(f, indent + 1)?;
        write!(f, " }}")
    }
}

fn block(f: &mut Formatter<'_>, body: &[Stmt], indent: usize) -> fmt::Result {
    writeln!(f, "{{")?;
    body.iter().try_for_each(|stmt| stmt.write(f, indent + 1))?;
    write!(f, "{:1$}}}", "", 4 * indent)
}

impl Stmt {
    fn write(&self, f: &mut Formatter<'_>, indent: usize) -> fmt::Result {
        write!(f, "{:1$}", "", 4 * indent)?;
        match self {
            Stmt::Let(name, value) => {
                write!(f, "let {}{name} = ", if is_constant(name) { "" } else { "mut " })?;
                value.write(f, indent)?;
            }
            Stmt::Assign(place, value) => {
                write!(f, "{place} = ")?;
                value.write(f, indent)?;
            }
            Stmt::Add(place, value) => {
                write!(f, "{place} += ")?;
                value.write(f, indent)?;
            }
            Stmt::Push(name, value, how) => {
                match how {
                    Push::Call => write!(f, "push({name}, ")?,
                    Push::Method => write!(f, "{name}.push(")?,
                    Push::Assign => write!(f, "{name} = push({name}, ")?,
                }
                value.write(f, indent)?;
                write!(f, ")")?;
            }
            Stmt::If(condition, then, otherwise) => {
                write!(f, "if ")?;
                condition.nested(f, indent)?;
                write!(f, " < 3 ")?;
                block(f, then, indent)?;
                if !otherwise.is_empty() {
                    write!(f, " else ")?;
                    block(f, otherwise, indent)?;
                }
            }
            Stmt::For(name, items, body) => {
                write!(f, "for {name} in ")?;
                list(f, items, indent)?;
                write!(f, " ")?;
                block(f, body, indent)?;
            }
            Stmt::Range(name, count, body) => {
                write!(f, "for {name} in range(0, {count}) ")?;
                block(f, body, indent)?;
            }
            Stmt::While(name, count, body) => {
                writeln!(f, "let mut {name} = 0")?;
                writeln!(f, "{:1$}while {name} < {count} {{", "", 4 * indent)?;
                body.iter().try_for_each(|stmt| stmt.write(f, indent + 1))?;
                write!(f, "{:1$}{name} += 1 }}", "", 4 * (indent + 1))?;
            }
            Stmt::Define(name, function) => function.write(f, &format!(" {name}"), indent)?,
            Stmt::Do(e) => e.write(f, indent)?,
        }
        writeln!(f)
    }
}

fn list(f: &mut Formatter<'_>, items: &[Expr], indent: usize) -> fmt::Result {
    write!(f, "[")?;
    for (i, item) in items.iter().enumerate() {
        write!(f, "{}", if i == 0 { "" } else { ", " })?;
        item.write(f, indent)?;
    }
    write!(f, "]")
}

impl Expr {
    fn write(&self, f: &mut Formatter<'_>, indent: usize) -> fmt::Result {
        match self {
            Expr::Int(n) => write!(f, "{n}"),
            Expr::Read(place) => write!(f, "{place}"),
            Expr::Len(place) => write!(f, "len({place})"),
            Expr::Add(left, right) | Expr::Sub(left, right) => {
                left.nested(f, indent)?;
                write!(f, "{}", if matches!(self, Expr::Add(..)) { " + " } else { " - " })?;
                right.nested(f, indent)
            }
            Expr::Call { callee, depth, arg } => {
                match depth {
                    Depth::Literal(n) => write!(f, "{callee}({n}, ")?,
                    Depth::OneLess => write!(f, "{callee}(d - 1, ")?,
                }
                arg.write(f, indent)?;
                write!(f, ")")
            }
            Expr::Lambda(function) => function.write(f, "", indent),
            Expr::Array(items) => list(f, items, indent),
            Expr::Object(fields) => {
                write!(f, "{{ ")?;
                for (i, (name, value)) in fields.iter().enumerate() {
                    write!(f, "{}{name}: ", if i == 0 { "" } else { ", " })?;
                    value.write(f, indent)?;
                }
                write!(f, " }}")
            }
            Expr::Map(entries) => {
                write!(f, "map([")?;
                for (i, (key, value)) in entries.iter().enumerate() {
                    write!(f, "{}(\"{key}\", ", if i == 0 { "" } else { ", " })?;
                    value.write(f, indent)?;
                    write!(f, ")")?;
                }
                write!(f, "])")
            }
            Expr::Ok(e) | Expr::Some(e) => {
                write!(f, "{}", if matches!(self, Expr::Ok(_)) { "Ok(" } else { "Some(" })?;
                e.write(f, indent)?;
                write!(f, ")")
            }
        }
    }

    /// As an operand.
    fn nested(&self, f: &mut Formatter<'_>, indent: usize) -> fmt::Result {
        match self {
            Expr::Add(..) | Expr::Sub(..) => {
                write!(f, "(")?;
                self.write(f, indent)?;
                write!(f, ")")
            }
            _ => self.write(f, indent),
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut text = self.name.to_string();
        for step in &self.steps {
            text = match step {
                Step::Field(name) => format!("{text}.{name}"),
                Step::Index(i) => format!("{text}[{i}]"),
                Step::Key(key) => format!("{text}[\"{key}\"]"),
                Step::Unwrap => format!("unwrap({text})"),
            };
        }
        write!(f, "{text}")
    }
}
