//! Why an import fails, and the text that says so (language-statements 13).

use super::Diagnostic;
use std::fmt;

/// An import that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportFault {
    /// The path as written.
    pub path: String,
    /// Why.
    pub why: ImportFailure,
}

/// Why an import failed.
#[derive(Clone, Debug, PartialEq)]
pub enum ImportFailure {
    /// There is no such file.
    NotFound,
    /// The file cannot be read.
    Unreadable(String),
    /// The file is no program: the first finding in it.
    Broken(Stage, Box<Diagnostic>),
    /// The module has no such name; what may have been meant.
    NotExported(String, Option<String>),
    /// The module is still being loaded.
    Circular,
}

/// What found a module broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Its text is no row of tokens.
    Lexer,
    /// Its tokens are no program.
    Parser,
    /// It cannot be compiled.
    Compiler,
}

impl ImportFault {
    /// The code of its report.
    pub fn code(&self) -> &'static str {
        match self.why {
            ImportFailure::NotFound => "E0601",
            ImportFailure::Unreadable(_) => "E0602",
            ImportFailure::Broken(..) => "E0603",
            ImportFailure::NotExported(..) => "E0604",
            ImportFailure::Circular => "E0605",
        }
    }
}

impl Stage {
    /// What found a module with that first finding broken.
    pub fn of(found: &Diagnostic) -> Stage {
        if found.code.starts_with("E01") { Stage::Lexer } else { Stage::Parser }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Lexer => "lex",
            Stage::Parser => "parse",
            Stage::Compiler => "compile",
        })
    }
}

impl fmt::Display for ImportFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.why {
            ImportFailure::NotFound => write!(
                f,
                "cannot import '{path}': file not found (checked {path}.fg, forge_modules/{path}/main.fg)"
            ),
            ImportFailure::Unreadable(why) => write!(f, "cannot import '{path}': {why}"),
            ImportFailure::Broken(stage, found) => {
                write!(f, "import '{path}' {stage} error: {}", found.headline())
            }
            ImportFailure::NotExported(name, _) => {
                write!(f, "import '{path}' does not export '{name}'")
            }
            ImportFailure::Circular => write!(f, "circular import: '{path}'"),
        }
    }
}
