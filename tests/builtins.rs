//! The table of builtins: every example runs and prints what its row says; every name of the language has a row.
//! `UPDATE=1 cargo test --test builtins` writes docs/reference/ anew.

#[path = "builtins/index.rs"]
mod index;
#[expect(dead_code, reason = "what fails here is no program")]
#[path = "support/programs.rs"]
mod programs;
#[path = "support/snippet.rs"]
mod snippet;
#[path = "builtins/usage.rs"]
mod usage;

use forge::builtins;

#[test]
fn every_example_prints_what_its_row_says() {
    let mut wrong = Vec::new();
    for row in builtins::registry().rows() {
        for (program, expected) in row.examples {
            let (printed, errors) = snippet::run("example.fg", program);
            let printed = printed.strip_suffix('\n').unwrap_or(&printed);
            // An example of a failure shows its text, hints included.
            let shown = match errors.as_slice() {
                [] => printed.to_owned(),
                errors => format!("error: {}", errors.join("\n")),
            };
            if shown != *expected {
                wrong.push(format!(
                    "{}: {program}\n  says   {expected}\n  prints {shown}",
                    row.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_row_is_documented() {
    for row in builtins::registry().rows() {
        assert!(row.doc.ends_with('.'), "{} has no sentence", row.name);
        let is_hidden = row.name.starts_with("__");
        assert!(is_hidden || !row.examples.is_empty(), "{} has no example", row.name);
    }
}
