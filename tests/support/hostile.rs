//! Texts full of what means something somewhere.

use proptest::prelude::*;

/// Signs of SQL, shells, paths, tables and JSON, and words that would do harm.
pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[\"'\\\\,;:{}\\[\\]\\n\\r\\t\u{0}\u{1f}$`|&a1 é\u{2028}😀/.*~?=@%#<>()!-]{0,12}",
        1 => any::<String>(),
        1 => prop::sample::select(&WORDS[..]).prop_map(str::to_owned),
        1 => prop::collection::vec(prop::sample::select(&WORDS[..]), 1..4).prop_map(|all| all.concat()),
    ]
}

const WORDS: [&str; 24] = [
    "' OR '1'='1",
    "'; DROP TABLE t; --",
    "\\'; DROP TABLE t; -- ",
    "\u{bf}' OR 1=1 -- ",
    "/*",
    "*/",
    "?1",
    ":a",
    "$1",
    "$$",
    "$(touch gone)",
    "`touch gone`",
    "; touch gone",
    "| touch gone",
    "> gone",
    "\n touch gone \n",
    "-n",
    "--",
    "../",
    "/etc/passwd",
    "up/",
    "=1+1",
    "\"}",
    "\u{feff}",
];
