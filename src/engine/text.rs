//! A program as it was written, and how it is wanted.

use super::bundle::Bundle;
use crate::compile::Origin;
use crate::diag::SourceId;
use crate::syntax;
use crate::syntax::Parsed;
use crate::syntax::ast;
use crate::value::Program;
use foldhash::HashMap;
use std::path::Path;
use std::path::PathBuf;

/// The text of a program, and what else it should do.
#[derive(Clone, Copy)]
pub struct Text<'a> {
    /// How reports call it.
    pub(super) name: &'a str,
    pub(super) text: &'a str,
    /// The file that it is, if it is one.
    pub(super) path: Option<&'a Path>,
    pub(super) origin: Origin,
    pub(super) is_checked: bool,
    /// The number of its first function.
    pub(super) first: usize,
    prints: bool,
    /// What its imports mean, if they are not files of the disk.
    pub(super) bundle: Option<&'a Bundle>,
    /// Texts that count instead of what their files hold, by full paths.
    pub(super) edited: Option<&'a HashMap<PathBuf, String>>,
}

impl<'a> Text<'a> {
    /// A text that is no file: what it imports is looked for from the working directory on.
    pub fn new(name: &'a str, text: &'a str) -> Text<'a> {
        let origin = Origin::User;
        Text {
            name,
            text,
            path: None,
            origin,
            is_checked: false,
            first: 0,
            prints: false,
            bundle: None,
            edited: None,
        }
    }

    /// The text of the file `path`, which need not exist: what it imports may stand beside it.
    pub fn in_file(self, path: &'a Path) -> Text<'a> {
        Text { path: Some(path), ..self }
    }

    /// What it imports is in the bundle, whose main program it is.
    pub fn in_bundle(self, bundle: &'a Bundle) -> Text<'a> {
        Text { bundle: Some(bundle), ..self }
    }

    /// What it imports is being edited: these texts count, by the full paths of the files they are of.
    pub fn beside(self, edited: &'a HashMap<PathBuf, String>) -> Text<'a> {
        Text { edited: Some(edited), ..self }
    }

    /// The checker looks at it, too.
    pub fn checked(self) -> Text<'a> {
        Text { is_checked: true, ..self }
    }

    /// It takes the place of `old`, with which it may share variables: its functions are none of that program's, and
    /// calling one of those fails.
    pub fn replacing(self, old: &Program) -> Text<'a> {
        Text { first: old.chunks.len(), ..self }
    }

    /// Each of its statements leaves a mark when it runs: see [`super::Template::executed`].
    pub fn marked(self) -> Text<'a> {
        Text { origin: Origin::Marked, ..self }
    }

    /// It prints the value of its last statement, when that is an expression.
    pub fn printing(self) -> Text<'a> {
        Text { prints: true, ..self }
    }

    pub(super) fn parse(&self, source: SourceId) -> Parsed {
        let mut parsed = syntax::parse(source, self.text);
        if self.prints
            && let Some(last) = parsed.program.statements.last_mut()
        {
            print_value(last);
        }
        parsed
    }
}

/// `EXPR` becomes `say EXPR`.
fn print_value(statement: &mut ast::Stmt) {
    let kind = std::mem::replace(&mut statement.kind, ast::StmtKind::Break);
    statement.kind = match kind {
        ast::StmtKind::Expr(value) if !matches!(value.kind, ast::ExprKind::Output { .. }) => {
            let span = value.span;
            let (kind, value) = (ast::OutputKind::Say, Box::new(value));
            ast::StmtKind::Expr(ast::Expr { kind: ast::ExprKind::Output { kind, value }, span })
        }
        other => other,
    };
}
