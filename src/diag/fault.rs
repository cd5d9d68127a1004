//! What can go wrong while a program runs: data first, the text made once, here, word for word as the specification has it.

use super::Advice;
use super::ImportFailure;
use super::ImportFault;
use super::Span;
use super::foreign;
use std::fmt;

/// A runtime failure, without a place: the machine adds that.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// `x / 0`
    DivisionByZero,
    /// `x % 0`
    ModuloByZero,
    /// `-"x"`
    NegateNonNumber,
    /// An operator on operands it does not take.
    Operator(Box<Operation>),
    /// Reading a name that is not defined, with the closest visible name.
    Undefined {
        /// The name.
        name: String,
        /// What may have been meant.
        suggestion: Option<String>,
    },
    /// Assigning a name that is not defined.
    AssignUndefined(String),
    /// Assigning a field or element of a name that is not defined.
    PlaceUndefined(String),
    /// Assigning a variable made without `mut`.
    Immutable(String),
    /// An element or field write that met a frozen value.
    FrozenWrite {
        /// The root variable.
        root: Box<str>,
        /// The field, or `None` for an element.
        field: Option<Box<str>>,
    },
    /// A missing field.
    NoField {
        /// The field.
        name: String,
        /// What may have been meant.
        advice: Advice,
    },
    /// An unknown method or property of a value that has some.
    NoMethod(Box<NoMethod>),
    /// The same of a type itself.
    NoStaticMethod(Box<NoMethod>),
    /// The same of a stream.
    NoStreamMethod(Box<NoMethod>),
    /// A field of a value that has none.
    FieldOf {
        /// The field.
        name: String,
        /// Its `typeof`.
        kind: &'static str,
    },
    /// An index beyond the end.
    OutOfBounds {
        /// As written.
        index: i64,
        /// `array`, `tuple`, `string`.
        on: &'static str,
        /// How many elements there are.
        len: usize,
    },
    /// A missing key.
    NoKey {
        /// The key.
        key: String,
        /// What may have been meant.
        advice: Advice,
    },
    /// Calling the name of a struct.
    NoConstructor(String),
    /// Calling what cannot be called.
    NotCallable(&'static str),
    /// `of[by]`, where such a value has no such elements.
    NoElement {
        /// `typeof` of the value.
        of: &'static str,
        /// `typeof` of what stands in the brackets.
        by: &'static str,
    },
    /// `x?` of a value that is neither `Ok` nor `Err`.
    NoResult,
    /// A method on a value that has none of that name.
    CannotCall(Box<NoMethod>),
    /// Too many frames.
    TooDeep(usize),
    /// `?` on an `Err` with nobody to take it: its payload in display form.
    Unhandled(String),
    /// The text of a value would be longer than a text can be.
    TextTooLong,
    /// `assert_eq` on values that differ. Boxed: faults travel through the machine's loop.
    Unequal(Box<Unequal>),
    /// What was waited for was cancelled: what it was.
    Cancelled(&'static str),
    /// An import.
    Import(Box<ImportFault>),
    /// A failure that has its place already: it was raised in another machine.
    Placed(Box<Error>),
    /// What another failure did to whoever waited: `task error: ...`
    Within(Box<Within>),
    /// Any other failure whose text stands at one place in the source.
    Message(String),
}

// Every step of the machine's loop hands one on.
const _: () = assert!(size_of::<Fault>() <= 48);

/// A failure as whoever waited for something else sees it. However many waited for one another, this is flat: a chain of
/// boxes, as long as a program likes, would be shown, copied and dropped by recursion.
#[derive(Clone, Debug, PartialEq)]
pub struct Within {
    /// What was waited for, the outermost first: `task error: task error`.
    heading: String,
    /// What failed first; neither `Within` nor `Placed`.
    cause: Fault,
    /// Where that was, if it is known to be elsewhere.
    place: Option<Span>,
}

impl Within {
    /// The same for whoever waited for the one that waited.
    fn behind(self, heading: &str) -> Within {
        Within { heading: format!("{heading}: {}", self.heading), ..self }
    }
}

/// An operation that there is not.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// `Add`, `Sub` ...
    pub op: &'static str,
    /// `typeof` of the left operand.
    pub left: &'static str,
    /// `typeof` of the right operand.
    pub right: &'static str,
}

/// A method or property that is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct NoMethod {
    /// Its name.
    pub name: String,
    /// What it was looked for on: a `typeof` or a type.
    pub on: String,
    /// What may have been meant.
    pub advice: Advice,
}

/// Two values that should be equal.
#[derive(Clone, Debug, PartialEq)]
pub struct Unequal {
    /// What the test says about them; may be empty.
    pub message: String,
    /// The wanted value in display form.
    pub expected: String,
    /// The value that was there.
    pub actual: String,
}

impl Unequal {
    /// What stands before the values: `assertion failed: ` and the message.
    pub fn heading(&self) -> String {
        match self.message.as_str() {
            "" => "assertion failed: ".to_owned(),
            message => format!("assertion failed: {message}: "),
        }
    }
}

/// A failure with its place: what an uncaught fault becomes.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// What went wrong.
    pub fault: Fault,
    /// The failing expression.
    pub span: Span,
    /// Functions under way, innermost first, each with the place it had reached.
    pub trace: Vec<(std::sync::Arc<str>, Span)>,
}

impl Fault {
    /// A failure with a text of its own.
    pub fn message(text: impl Into<String>) -> Fault {
        Fault::Message(text.into())
    }

    /// The failure of an import of `path`.
    pub fn import(path: &str, why: ImportFailure) -> Fault {
        Fault::Import(Box::new(ImportFault { path: path.to_string(), why }))
    }

    /// This failure, as whoever waited for something else sees it.
    pub fn within(self, heading: impl Into<String>) -> Fault {
        let heading = heading.into();
        Fault::Within(Box::new(match self {
            Fault::Within(inner) => inner.behind(&heading),
            Fault::Placed(error) => match error.fault {
                Fault::Within(inner) => inner.behind(&heading),
                cause => Within { heading, cause, place: Some(error.span) },
            },
            cause => Within { heading, cause, place: None },
        }))
    }

    /// The failure that others follow from, and its place if that is known to be another one.
    pub fn cause(&self) -> (&Fault, Option<Span>) {
        match self {
            Fault::Within(within) => (&within.cause, within.place),
            fault => (fault, None),
        }
    }

    /// Advice that is no part of the text, which programs can see.
    pub fn hint(&self) -> Option<String> {
        match self {
            Fault::NoField { name, advice } => advice.about(name),
            Fault::NoMethod(missing)
            | Fault::NoStaticMethod(missing)
            | Fault::NoStreamMethod(missing)
            | Fault::CannotCall(missing) => missing.advice.about(&missing.name),
            Fault::NoKey { key, advice } => {
                Some(advice.about(key).unwrap_or_else(|| foreign::NO_KEY.to_owned()))
            }
            Fault::Undefined { name, .. } => foreign::word(name).map(str::to_string),
            Fault::AssignUndefined(name) => Some(format!("declare it first: let mut {name} = ...")),
            Fault::NoConstructor(name) => {
                Some(format!("an instance is written {name} {{ field: value }}"))
            }
            Fault::Operator(operation) => foreign::operation(operation).map(str::to_string),
            Fault::NoElement { of, by } => foreign::element(of, by).map(str::to_string),
            Fault::NoResult => Some(foreign::NO_RESULT.to_owned()),
            Fault::FieldOf { name, kind } => foreign::field_of(name, kind),
            Fault::Placed(error) => error.fault.hint(),
            Fault::Within(within) => within.cause.hint(),
            _ => None,
        }
    }

    /// All advice in one line, that of the text too: for logs.
    pub fn hints(&self) -> Option<String> {
        let text = self.to_string();
        let inside = text.lines().filter_map(|line| line.trim().strip_prefix("hint: "));
        let hints: Vec<String> = inside.map(str::to_string).chain(self.hint()).collect();
        (!hints.is_empty()).then(|| hints.join("; "))
    }

    /// What `catch` shows as `type` (language-core 7.3), read off the whole text.
    pub fn category(text: &str) -> &'static str {
        const TABLE: &[(&[&str], &str)] = &[
            (&["type", "Type"], "TypeError"),
            (&["division by zero"], "ArithmeticError"),
            (&["assertion"], "AssertionError"),
            (&["index", "out of bounds"], "IndexError"),
            (&["not found", "undefined"], "ReferenceError"),
            (&["immutable", "cannot reassign"], "TypeError"),
        ];
        TABLE
            .iter()
            .find(|(words, _)| words.iter().any(|word| text.contains(word)))
            .map_or("RuntimeError", |(_, category)| category)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::DivisionByZero => f.write_str(
                "division by zero\n  hint: check that the divisor is not zero before dividing",
            ),
            Fault::ModuloByZero => f.write_str(
                "modulo by zero\n  hint: check that the divisor is not zero before using %",
            ),
            Fault::NegateNonNumber => f.write_str("cannot negate non-number"),
            Fault::Operator(operation) => operator(f, operation),
            Fault::Undefined { name, suggestion: Some(other) } => {
                write!(f, "undefined variable: '{name}'\n  hint: did you mean '{other}'?")
            }
            Fault::Undefined { name, suggestion: None } => write!(
                f,
                "undefined variable: '{name}'\n  hint: make sure the variable is defined before use"
            ),
            Fault::AssignUndefined(name) => write!(f, "undefined variable: {name}"),
            Fault::PlaceUndefined(name) => write!(f, "undefined: {name}"),
            Fault::Immutable(name) => write!(
                f,
                "cannot reassign immutable variable '{name}' (use 'let mut' to make it mutable)"
            ),
            Fault::FrozenWrite { root, field: Some(field) } => {
                write!(f, "cannot modify frozen value '{root}': field '{field}'")
            }
            Fault::FrozenWrite { root, field: None } => {
                write!(f, "cannot modify frozen value '{root}': index assignment")
            }
            Fault::NoField { name, .. } => write!(f, "no field '{name}' on object"),
            Fault::NoMethod(it) => write!(f, "no method '{}' on {}", it.name, it.on),
            Fault::NoStaticMethod(it) => write!(f, "no static method '{}' on {}", it.name, it.on),
            Fault::NoStreamMethod(it) => write!(f, "unknown Stream method '{}'", it.name),
            Fault::FieldOf { name, kind } => write!(f, "cannot access field '{name}' on {kind}"),
            Fault::OutOfBounds { index, on, len } => {
                write!(f, "index out of bounds: index {index} on {on} of length {len}")
            }
            Fault::NoKey { key, .. } => write!(f, "key '{key}' not found"),
            Fault::NoConstructor(name) => write!(f, "unknown builtin: struct:{name}"),
            Fault::NotCallable(kind) => write!(f, "cannot call {kind}"),
            Fault::NoElement { .. } => f.write_str("invalid index operation"),
            Fault::NoResult => f.write_str("`?` expects Result value (Ok(...) or Err(...))"),
            Fault::CannotCall(it) => write!(f, "cannot call '{}' on {}", it.name, it.on),
            Fault::TooDeep(limit) => write!(
                f,
                "maximum recursion depth exceeded ({limit} frames)\n  hint: check for infinite recursion, or restructure to use iteration"
            ),
            Fault::Unhandled(payload) => write!(f, "unhandled error: {payload}"),
            Fault::Cancelled(heading) => write!(f, "{heading}: cancelled"),
            Fault::TextTooLong => f.write_str("the text is too long: more than 1 GiB"),
            Fault::Unequal(values) => {
                let Unequal { expected, actual, .. } = &**values;
                write!(f, "{}expected `{expected}`, got `{actual}`", values.heading())
            }
            Fault::Import(fault) => fault.fmt(f),
            Fault::Placed(error) => error.fault.fmt(f),
            Fault::Within(within) => write!(f, "{}: {}", within.heading, within.cause),
            Fault::Message(text) => f.write_str(text),
        }
    }
}

/// The texts of language-core 3.5: the first row that fits.
fn operator(f: &mut fmt::Formatter<'_>, operation: &Operation) -> fmt::Result {
    let Operation { op, left, right } = operation;
    match (*left, *right) {
        ("String", "String") => f.write_str("invalid operator for String"),
        ("Bool", "Bool") => f.write_str("invalid operator for Bool"),
        ("String", _) | (_, "String") => f.write_str("invalid operator"),
        ("Null", _) | (_, "Null") => f.write_str("cannot perform arithmetic on null"),
        ("Option", "Option") => f.write_str("invalid operator for Option"),
        ("Tuple", "Tuple") => f.write_str("tuples only support == and != operators"),
        ("Set", "Set") => f.write_str("sets only support == and != operators"),
        ("Map", "Map") => f.write_str("maps only support == and != operators"),
        _ => write!(f, "cannot apply {op} to {left} and {right}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_those_who_waited_is_shown_and_dropped_without_recursion() {
        let mut fault = Fault::NoResult;
        for i in 0..20_000 {
            let error = Error { fault, span: Span::default(), trace: Vec::new() };
            let failed = if i % 2 == 0 { Fault::Placed(Box::new(error)) } else { error.fault };
            fault = failed.within("t");
        }
        let shown = fault.clone().to_string();
        assert!(shown.starts_with("t: t: "), "{}", &shown[..20]);
        assert!(shown.ends_with(&format!("t: {}", Fault::NoResult)));
        assert_eq!(fault.cause(), (&Fault::NoResult, Some(Span::default())));
        assert_eq!(fault.hint(), Fault::NoResult.hint());
    }
}
