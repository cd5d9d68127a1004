//! The builtins that need no module: one table a topic, and the prelude written in Forge.

mod access;
mod aggregates;
mod arrays;
mod asserts;
mod attempts;
mod cases;
mod channels;
mod checks;
mod convert;
mod cookies;
mod debug;
mod execution;
mod functional;
mod glance;
mod help;
mod intrinsics;
mod objects;
mod output;
mod parallel;
mod reference;
mod responses;
mod results;
mod sorting;
mod streams;
mod strings;
mod system;
mod tasks;
mod text_methods;
mod work;

#[cfg(test)]
mod tests;

pub use help::Entry;
pub use help::class_of;
pub use help::contents;
pub use help::entries;
pub use help::help;
pub use reference::reference;
pub use responses::Response;
pub use responses::response;

use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Form;
use crate::native::GLOBAL;
use crate::native::Outcome;
use crate::native::Registry;
use crate::native::fail;
use crate::native::to_float;
use crate::stdlib;
use crate::value::MOST_BYTES;
use crate::value::Value;
use std::sync::OnceLock;

/// All tables, and what they are about. The methods of texts come first: `upper` the method and `upper` the function are
/// two rows, and the later one is what the global name means.
const TOPICS: &[(&str, &[Builtin])] = &[
    ("Texts", text_methods::TABLE),
    ("Sets and maps", intrinsics::TABLE),
    ("Output", output::TABLE),
    ("Conversion", convert::TABLE),
    ("Arrays", access::TABLE),
    ("Arrays", arrays::TABLE),
    ("Arrays", aggregates::TABLE),
    ("Functions on arrays", functional::TABLE),
    ("Functions on arrays", sorting::TABLE),
    ("Functions on arrays", parallel::TABLE),
    ("Streams", streams::TABLE),
    ("Texts", strings::TABLE),
    ("Texts", cases::TABLE),
    ("Objects", objects::TABLE),
    ("Results and Options", results::TABLE),
    ("Assertions", asserts::TABLE),
    ("Debugging", debug::TABLE),
    ("Running functions", execution::TABLE),
    ("System", system::TABLE),
    ("Other programs", stdlib::EXEC),
    ("Tasks and channels", tasks::TABLE),
    ("Tasks and channels", channels::TABLE),
    ("Attempts", attempts::TABLE),
    ("Checks", checks::TABLE),
    ("Network", stdlib::REQUESTS),
    ("Responses", responses::TABLE),
    ("Responses", cookies::TABLE),
];

/// The builtins of every program.
pub fn registry() -> &'static Registry {
    static REGISTRY: OnceLock<Registry> = OnceLock::new();
    REGISTRY.get_or_init(|| {
        let tables: Vec<&'static [Builtin]> = TOPICS
            .iter()
            .map(|(_, table)| *table)
            .chain(stdlib::MODULES.iter().map(|module| module.table))
            .collect();
        Registry::new(&tables)
    })
}

/// The builtins written in Forge: file name and text.
pub const PRELUDE: &[(&str, &str)] = &[
    ("arrays.fg", include_str!("../prelude/arrays.fg")),
    ("calls.fg", include_str!("../prelude/calls.fg")),
    ("parallel.fg", include_str!("../prelude/parallel.fg")),
    ("sort.fg", include_str!("../prelude/sort.fg")),
    ("streams.fg", include_str!("../prelude/streams.fg")),
    ("term.fg", include_str!("../prelude/term.fg")),
];

/// A function that is also a method.
const METHOD: Builtin = Builtin { forms: &[Form::Global, Form::Method], ..GLOBAL };

/// What only the compiler, the machine and the prelude call.
const INTERNAL: Builtin = Builtin { forms: &[Form::Internal], ..GLOBAL };

/// More elements than this (2 GiB of them) no builtin makes out of a number.
const MOST_ELEMENTS: usize = 1 << 27;

/// A length or position as a value.
fn number(count: usize) -> Value {
    Value::Int(count as i64)
}

/// The prelude function of the row's name goes on; its first argument comes thawed.
fn prelude(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let first = args.take(0);
    let mut values = args.take_all();
    values[0] = first;
    Ok(Outcome::Prelude(values))
}
