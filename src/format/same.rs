//! Whether two trees are the same but for the places of their parts.
//!
//! Trees are compared as the texts that `Debug` makes of them. Those of a long file have dozens of megabytes, nearly all
//! of them places: they are cut out while the text is made.

use crate::syntax::ast::Program;
use std::fmt;
use std::fmt::Write;

/// How much text is looked through at once.
const WINDOW: usize = 64 << 10;

/// How the text of a place begins; it ends with the next brace.
const PLACE: &str = "Span {";

/// Whether the trees differ in nothing but places.
pub(super) fn is_same(one: &Program, other: &Program) -> bool {
    let mut text = String::new();
    cut(one, |piece| {
        text.push_str(piece);
        true
    });
    let mut rest = text.as_str();
    let is_prefix = cut(other, |piece| match rest.strip_prefix(piece) {
        Some(behind) => {
            rest = behind;
            true
        }
        None => false,
    });
    is_prefix && rest.is_empty()
}

/// Hands the text of a tree to `take`, piece by piece and without places, until that is false; whether it never was.
fn cut(tree: &Program, take: impl FnMut(&str) -> bool) -> bool {
    let mut cutter = Cutter { window: String::with_capacity(2 * WINDOW), take };
    let written = write!(cutter, "{:?}", tree.statements).and_then(|()| cutter.pass(0));
    written.is_ok()
}

struct Cutter<F> {
    window: String,
    take: F,
}

impl<F: FnMut(&str) -> bool> Cutter<F> {
    /// Hands on what is in the window, but for an open place and the last bytes, of which `kept` may be the beginning of
    /// one.
    fn pass(&mut self, kept: usize) -> fmt::Result {
        let mut start = 0;
        loop {
            let rest = &self.window[start..];
            let Some(at) = rest.find(PLACE) else {
                let mut end = rest.len().saturating_sub(kept);
                while !rest.is_char_boundary(end) {
                    end -= 1;
                }
                self.hand_on(start, start + end)?;
                start += end;
                break;
            };
            self.hand_on(start, start + at)?;
            start += at;
            match self.window[start..].find('}') {
                Some(end) => start += end + 1,
                None => break,
            }
        }
        self.window.drain(..start);
        Ok(())
    }

    fn hand_on(&mut self, start: usize, end: usize) -> fmt::Result {
        if (self.take)(&self.window[start..end]) { Ok(()) } else { Err(fmt::Error) }
    }
}

impl<F: FnMut(&str) -> bool> Write for Cutter<F> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.window.push_str(text);
        if self.window.len() < WINDOW { Ok(()) } else { self.pass(PLACE.len() - 1) }
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
