//! The built-in modules, one file or folder each. A row called `math.sqrt` is the member `sqrt` of the module `math`.

mod blocking;
mod env;
mod exec;
mod files;
mod fs;
mod json;
mod math;
mod os;
mod path;
mod programs;
mod regex;
mod url;
mod write;

use crate::native::Builtin;
use crate::native::Form;
use crate::native::GLOBAL;
use crate::native::Work;

/// A module, for the reference and the registry.
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// Its members, in the order that `keys(module)` gives.
    pub table: &'static [Builtin],
}

/// All modules.
pub const MODULES: &[Module] = &[
    Module {
        name: "math",
        doc: "Numbers: roots, powers, rounding, angles, randomness.",
        table: math::TABLE,
    },
    Module {
        name: "fs",
        doc: "Files and folders. Relative paths begin at the working directory of the task (`cd`). Where `FORGE_FS_BASE` is \
              set, nothing outside of that folder is read or written.",
        table: fs::TABLE,
    },
    Module {
        name: "env",
        doc: "Environment variables. A request, a task and a test have their own: what one sets, no other sees.",
        table: env::TABLE,
    },
    Module {
        name: "json",
        doc: "JSON texts. The name can also be called: `json(text)` parses, `json(value)` writes.",
        table: json::TABLE,
    },
    Module {
        name: "regex",
        doc: "Patterns in texts: the text comes first, the pattern second. Matching takes time in proportion to the text, whatever the pattern.",
        table: regex::TABLE,
    },
    Module { name: "url", doc: "Addresses.", table: url::TABLE },
    Module { name: "os", doc: "The system that a program runs on.", table: os::TABLE },
    Module { name: "path", doc: "Paths.", table: path::TABLE },
];

/// Builtins that are no members of a module: the working directory, other programs.
pub const EXEC: &[Builtin] = exec::TABLE;

/// A function of a module.
const MEMBER: Builtin = Builtin { forms: &[Form::Module], work: Work::Little, ..GLOBAL };

/// A value of a module, which its row gives without arguments.
const CONSTANT: Builtin = Builtin { forms: &[Form::Constant], ..GLOBAL };
