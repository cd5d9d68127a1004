//! Comments as documentation (tooling 11.2): what stands right above a place, and what a file says of itself.

/// The comment above the line that `offset` is in, its decorators left out. A blank line cuts the link.
pub fn above(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or_default();
    let lines = before.rsplit('\n').skip(1).map(str::trim);
    let lines = lines.skip_while(|line| line.starts_with('@'));
    let mut lines: Vec<&str> = lines.map_while(said).collect();
    lines.reverse();
    lines.join("\n")
}

/// What the `//!` lines at the beginning of a file say.
pub fn of_file(text: &str) -> String {
    let lines = text.lines().skip_while(|line| line.starts_with("#!") || line.trim().is_empty());
    let lines = lines.map_while(|line| Some(content(line.trim().strip_prefix("//!")?)));
    lines.collect::<Vec<_>>().join("\n")
}

/// What a line says, if it is a comment about what follows.
fn said(line: &str) -> Option<&str> {
    let comment = line.strip_prefix("//").filter(|rest| !rest.starts_with('!'))?;
    Some(content(comment.trim_start_matches('/')))
}

/// The text behind the mark; what is indented further stays so, for it may be code.
fn content(text: &str) -> &str {
    text.strip_prefix(' ').unwrap_or(text).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn above_f(text: &str) -> String {
        above(text, text.find("fn f").unwrap())
    }

    #[test]
    fn comments_stand_right_above() {
        assert_eq!(above_f("// Adds.\n//\n//     f(1)\nfn f() { }"), "Adds.\n\n    f(1)");
        assert_eq!(above_f("/// Adds.\n@get(\"/\")\n@test\n  fn f() { }"), "Adds.");
        assert_eq!(above_f("@get(\"/\")\n// Adds.\nfn f() { }"), "Adds.");
        for text in
            ["// Old.\n\nfn f() { }", "//! The file.\nfn f() { }", "say 1 // one\nfn f() { }"]
        {
            assert_eq!(above_f(text), "", "{text}");
        }
    }

    #[test]
    fn files_speak_at_their_beginning() {
        assert_eq!(
            of_file("#!/usr/bin/env forge\n//! Shop.\n//!\n//! Sells.\nlet a = 1"),
            "Shop.\n\nSells."
        );
        assert_eq!(of_file("// A comment.\n//! Not the first.\n"), "");
    }
}
