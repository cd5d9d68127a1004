//! Whether two trees are the same but for the places of their parts: as the texts that `Debug` makes of them without
//! places. Those of a long file have megabytes, so the second is compared while it is made.

use crate::syntax::ast::Program;
use std::fmt;
use std::fmt::Write;

/// Whether the trees differ in nothing but places.
pub(super) fn is_same(one: &Program, other: &Program) -> bool {
    let text = format!("{:-?}", one.statements);
    let mut rest = Rest(&text);
    write!(rest, "{:-?}", other.statements).is_ok() && rest.0.is_empty()
}

/// What is still to be written of a text; anything else is refused.
struct Rest<'t>(&'t str);

impl Write for Rest<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0 = self.0.strip_prefix(text).ok_or(fmt::Error)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourceId;
    use crate::syntax;

    fn tree(text: &str) -> Program {
        syntax::parse(SourceId(0), text).program
    }

    #[test]
    fn only_places_may_differ() {
        let line = "let name_{ö} = [1, \"Span {\", f(2)]\n".replace("{ö}", "ö");
        let (one, other) = (line.repeat(2000), line.replace(", ", ",   ").repeat(2000));
        assert!(is_same(&tree(&one), &tree(&other)));
        assert!(!is_same(&tree(&one), &tree(&format!("{other}say 1"))));
        assert!(!is_same(&tree(&format!("{one}say 1")), &tree(&other)));
        assert!(!is_same(&tree(&one), &tree(&other.replacen("f(2)", "f(3)", 1))));
    }
}
