//! The shape of a builtin: one row a builtin, everything else derived from it.

mod args;
mod caller;
mod modules;
mod registry;
mod seen;
mod served;
mod work;

pub use args::Args;
pub use caller::Caller;
pub use caller::InWorld;
pub use caller::Then;
pub use modules::MODULES;
pub use modules::Module;
pub use registry::Registry;
pub use seen::Glance;
pub use seen::Seen;
pub use served::Answered;
pub use served::Answering;
pub use served::Asked;
pub use served::Served;
pub use work::BYTES;
pub use work::Work;
pub use work::depth;
pub use work::length;
pub use work::parts;

use crate::diag::Fault;
use crate::value::List;
use crate::value::Value;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

/// A builtin function.
#[derive(Debug)]
pub struct Builtin {
    /// Its global name.
    pub name: &'static str,
    /// Other global names.
    pub aliases: &'static [&'static str],
    /// How it can be called.
    pub forms: &'static [Form],
    /// Its parameters.
    pub params: &'static [Param],
    /// What it gives, as far as that is certain before it runs.
    pub returns: Returns,
    /// What follows `name() requires ` when the arguments do not fit `params`.
    pub requires: &'static str,
    /// One or two sentences, each with its full stop.
    pub doc: &'static str,
    /// Programs and what they print; `error: ` and the text, if they fail.
    pub examples: &'static [(&'static str, &'static str)],
    /// Whether its result is its first argument, changed: then `x = name(x, ...)` changes `x` in place. Such a
    /// builtin leaves its arguments alone when it fails.
    pub gives_back: bool,
    /// How much work a call is, which is paid for before it starts.
    pub work: Work,
    /// Whether it does something that cannot be undone: it fails in an `atomic` block. Waiting fails there anyway.
    pub has_effect: bool,
    /// What the process must permit, which is looked at before the arguments are.
    pub needs: Option<Permission>,
    /// The result of a call, when it shows at a glance and costs next to nothing: then nobody counts handles on the
    /// arguments. `None` for anything else, failures too: the call is made.
    pub glance: Option<Glance>,
    /// The same for `x = name(x, ...)` where the first argument is changed without any work: whether it did so.
    pub patch: Option<Patch>,
    /// The function. It may take its arguments out of [`Args`]; nothing else sees them afterwards.
    pub run: Run,
}

/// What rows have in common: each ends in `..GLOBAL`, or in one made of it.
pub const GLOBAL: Builtin = Builtin {
    name: "",
    aliases: &[],
    forms: &[Form::Global],
    params: &[],
    returns: Returns::Any,
    requires: "",
    doc: "",
    examples: &[],
    gives_back: false,
    work: Work::Arguments,
    has_effect: false,
    glance: None,
    patch: None,
    needs: None,
    run: |_| Ok(Outcome::Value(Value::Null)),
};

/// A failure with a text of its own.
///
/// # Errors
/// Always.
pub fn fail<T>(text: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::message(text))
}

/// A number as a Float; NaN for anything else.
pub fn to_float(value: &Value) -> f64 {
    match value.thawed() {
        Value::Int(value) => *value as f64,
        Value::Float(value) => *value,
        _ => f64::NAN,
    }
}

/// What a process may forbid its programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Running other programs: `--allow-run`.
    Run,
    /// Reaching what is not the program's own: files, servers, the system.
    Outside,
}

impl Permission {
    /// The fault of a program that has it not.
    fn denied(self) -> Fault {
        match self {
            Permission::Run => Fault::message(
                "Shell execution denied. Use --allow-run to enable sh/shell/run_command.",
            ),
            Permission::Outside => {
                Fault::message("this program may not reach files, servers or the system")
            }
        }
    }
}

/// What a program was started with.
#[derive(Clone, Debug, Default)]
pub struct Started {
    /// Whether it may run other programs.
    pub may_run: bool,
    /// Whether it must keep to itself: no files, no servers, nothing of the system.
    pub is_sealed: bool,
    /// Its file, and the arguments that were given to it.
    pub arguments: Vec<String>,
}

impl Started {
    fn permits(&self, permission: Permission) -> bool {
        match permission {
            Permission::Run => self.may_run && !self.is_sealed,
            Permission::Outside => !self.is_sealed,
        }
    }
}

/// The Rust function of a builtin.
pub type Run = fn(&mut Args<'_>) -> Result<Outcome, Fault>;

/// What changes the first argument of a call, given the others; it may take them if it does.
pub type Patch = fn(&mut Value, &mut [Value]) -> bool;

/// How a builtin can be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `name(x)`
    Global,
    /// `x.name()` on any receiver (language-core 5.5, rule 9)
    Method,
    /// `x.name()` on a Result or an Option only
    ResultMethod,
    /// `x.name` without a call, on a String only
    Property,
    /// `module.name()`: the row is called `module.name`
    Module,
    /// `module.name`, a value: what the row gives without arguments
    Constant,
    /// Called by the compiler and the prelude only.
    Internal,
}

/// A parameter of a builtin.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// Whether it must be there.
    pub is_required: bool,
}

/// A parameter that must be there.
pub const fn required(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, is_required: true }
}

/// A parameter that may be missing; an argument of another kind counts as missing.
pub const fn optional(name: &'static str, kind: Kind) -> Param {
    Param { name, kind, is_required: false }
}

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Anything.
    Any,
    /// `Int`
    Int,
    /// `Int` or `Float`
    Number,
    /// `String`
    String,
    /// `Bool`
    Bool,
    /// `Array`
    Array,
    /// `Object`
    Object,
    /// `Map`
    Map,
    /// `Set`
    Set,
    /// `Stream`
    Stream,
    /// Anything that can be called; checked when it is.
    Function,
}

impl Kind {
    /// Whether values whose `typeof` is `kind` may be of this kind.
    pub fn suits(self, kind: &str) -> bool {
        match self {
            Kind::Any => true,
            Kind::Int => kind == "Int",
            Kind::Number => matches!(kind, "Int" | "Float"),
            Kind::String => kind == "String",
            Kind::Bool => kind == "Bool",
            Kind::Array => kind == "Array",
            Kind::Object => kind == "Object",
            Kind::Map => kind == "Map",
            Kind::Set => kind == "Set",
            Kind::Stream => kind == "Stream",
            Kind::Function => matches!(kind, "Function" | "Lambda" | "BuiltIn"),
        }
    }

    /// Whether `value` is of this kind; a frozen value counts as its content.
    pub fn admits(self, value: &Value) -> bool {
        matches!(
            (self, value.thawed()),
            (Kind::Any | Kind::Function, _)
                | (Kind::Int | Kind::Number, Value::Int(_))
                | (Kind::Number, Value::Float(_))
                | (Kind::String, Value::Str(_))
                | (Kind::Bool, Value::Bool(_))
                | (Kind::Array, Value::Array(_))
                | (Kind::Object, Value::Object(_))
                | (Kind::Map, Value::Map(_))
                | (Kind::Set, Value::Set(_))
                | (Kind::Stream, Value::Stream(_))
        )
    }
}

/// What a builtin gives when it does not fail: what the checker knows of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Returns {
    /// Anything.
    Any,
    /// `Int`
    Int,
    /// `Float`
    Float,
    /// `String`
    String,
    /// `Bool`
    Bool,
    /// `Array`
    Array,
    /// `Object`
    Object,
    /// `Array` with a second argument, else a Map.
    ArrayOrMap,
    /// `Ok` or `Err`
    Result,
    /// `Some` of its first argument.
    Some,
    /// The same type as its first argument.
    Argument,
    /// What is in its first argument, a Result or an Option.
    Content,
    /// The same, or its second argument when there is nothing in it.
    ContentOr,
    /// `Bool`: whether its first argument is this.
    Is(Case),
}

/// The four cases of a Result and an Option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// `Ok(_)`
    Ok,
    /// `Err(_)`
    Err,
    /// `Some(_)`
    Some,
    /// `None`
    None,
}

/// What a builtin wants to happen.
pub enum Outcome {
    /// It is done.
    Value(Value),
    /// The prelude function of its name goes on with these arguments.
    Prelude(Vec<Value>),
    /// It waits: the future does nothing before its first poll.
    Wait(Waiting),
    /// It waits, and then goes on where it can see its caller.
    WaitThen(Waiting, Then),
    /// It goes on where it can see its caller: the world, the surroundings.
    InWorld(InWorld),
    /// Machines of their own go on, each with a part of the elements.
    InParallel(InParallel),
}

/// Goes on with `work` where it can see its caller.
///
/// # Errors
/// Never; it is what a builtin gives.
pub fn with_caller(
    work: impl FnOnce(&mut Caller<'_>) -> Result<Outcome, Fault> + Send + 'static,
) -> Result<Outcome, Fault> {
    Ok(Outcome::InWorld(Box::new(work)))
}

/// The call of a function for the elements of an array, in parts that run at once: each on a fork of the caller's
/// world. The results of the parts, in order, are the result.
pub struct InParallel {
    /// The builtin whose prelude function runs a part: it takes the elements and the function.
    pub part: &'static str,
    /// The elements.
    pub items: List,
    /// What is called with them.
    pub function: Value,
}

/// A builtin that waits.
pub type Waiting = Pin<Box<dyn Future<Output = Result<Value, Fault>> + Send>>;

impl<T: Into<Value>> From<T> for Outcome {
    fn from(value: T) -> Outcome {
        Outcome::Value(value.into())
    }
}

/// What the process around a program offers.
pub trait Host: Send + Sync {
    /// Writes program output.
    ///
    /// # Errors
    /// When it cannot be written: the program sees it.
    fn write(&self, text: &str) -> Result<(), Fault>;

    /// Makes sure that what was written is seen.
    ///
    /// # Errors
    /// When it cannot be written.
    fn flush(&self) -> Result<(), Fault> {
        Ok(())
    }

    /// Ends the process, once all that was written is seen.
    ///
    /// # Errors
    /// When the program that asks for it may not.
    fn exit(&self, code: i32) -> Result<Infallible, Fault> {
        // There is nobody left to tell when it cannot be written.
        let _ = self.flush();
        crate::logs::flush_otel();
        std::process::exit(code)
    }

    /// What the program was started with.
    fn started(&self) -> &Started {
        const BARE: &Started = &Started { may_run: false, is_sealed: false, arguments: Vec::new() };
        BARE
    }

    /// The handlers of the program, if it may ask them itself: tests may.
    fn served(&self) -> Option<Arc<dyn Served>> {
        None
    }

    /// Writes a note to the error output; one that cannot be written is lost.
    fn note(&self, text: &str) {
        use std::io::Write;
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
}
