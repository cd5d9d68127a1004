//! What is asked of the answer to an exercise.
//!
//! `checks.txt` of a lesson says it, a line each:
//!
//! - `// prints: TEXT` is a line that the program prints; all of them are all that it prints.
//! - `// uses: TOKEN` must occur in it, outside of texts and comments.
//! - `CODE // gives: TEXT` runs code behind the program; its value is shown like this.
//! - `// tests: N` so many tests must be there, and pass.
//! - `// catches: CODE` is a wrong definition, which must make one of the tests fail.

use std::fmt::Write;

/// What is asked of an answer.
#[derive(Default)]
pub struct Checks {
    prints: Vec<&'static str>,
    uses: Vec<&'static str>,
    probes: Vec<(&'static str, &'static str)>,
    /// So many tests are wanted.
    pub tests: usize,
    /// Definitions that tests must not let pass.
    pub catches: Vec<&'static str>,
}

/// Whether an answer does one of the things that are asked.
#[derive(Debug, PartialEq, Eq)]
pub enum Finding {
    /// What it does.
    Good(String),
    /// What it should do, and what it does.
    Bad(String),
}

/// These lines stand around the value of a probe. They are long enough not to be printed by an answer.
const VALUE: &str = "<forge learn: the value of probe";
const END: &str = "<forge learn: its end>";

/// What the value of one that failed begins with.
const FAILURE: &str = "<forge learn: a failure> ";

impl Checks {
    /// What `checks.txt` says.
    pub fn of(text: &'static str) -> Checks {
        let mut checks = Checks::default();
        for line in text.lines() {
            let (code, comment) = line.rsplit_once("// ").unwrap_or((line, ""));
            let (key, value) = comment.split_once(": ").unwrap_or((comment, ""));
            match key {
                "prints" => checks.prints.push(value),
                "uses" => checks.uses.push(value),
                "gives" => checks.probes.push((code.trim(), value)),
                "tests" => checks.tests = value.parse().expect("a number of tests"),
                "catches" => checks.catches.push(value),
                _ => panic!("no check is called '{key}'"),
            }
        }
        checks
    }

    /// Whether the probes send requests to the handlers of the answer: only a test may.
    pub fn asks_handlers(&self) -> bool {
        self.probes.iter().any(|(code, _)| code.contains("test."))
    }

    /// Whether there are probes at all.
    pub fn has_probes(&self) -> bool {
        !self.probes.is_empty()
    }

    /// The answer with the probes behind it.
    pub fn probing(&self, answer: &str) -> String {
        let mut program = format!("{answer}\n");
        let mut calls = String::new();
        for (i, (code, _)) in self.probes.iter().enumerate() {
            let _ = writeln!(program, "fn __probe_{i}() {{ {code} }}");
            let _ = writeln!(
                calls,
                "let __value_{i} = try {{ str(__probe_{i}()) }} catch e {{ \"{FAILURE}\" + e.message }}\n\
                 println(\"{VALUE} {i}>\")\nprintln(__value_{i})\nprintln(\"{END}\")"
            );
        }
        match self.asks_handlers() {
            true => format!("{program}@test\nfn {PROBES}() {{\n{calls}}}\n"),
            false => program + &calls,
        }
    }

    /// What the program prints by itself.
    pub fn printed(&self, output: &str) -> Vec<Finding> {
        if self.prints.is_empty() {
            return Vec::new();
        }
        let lines: Vec<&str> = output.lines().map(str::trim_end).collect();
        let wanted = self.prints.iter().enumerate().map(|(i, wanted)| match lines.get(i) {
            Some(line) if line == wanted => Finding::Good(format!("it prints `{wanted}`")),
            Some(line) => {
                Finding::Bad(format!("line {} should be `{wanted}`, it is `{line}`", i + 1))
            }
            None => Finding::Bad(format!("line {} should be `{wanted}`, it is missing", i + 1)),
        });
        let surplus = lines.get(self.prints.len());
        let surplus = surplus.map(|line| Finding::Bad(format!("it should not print `{line}`")));
        wanted.chain(surplus).collect()
    }

    /// The words and signs that occur in it.
    pub fn used(&self, tokens: &[String]) -> Vec<Finding> {
        let one = |token: &&str| match tokens.iter().any(|it| it == token) {
            true => Finding::Good(format!("it uses `{token}`")),
            false => Finding::Bad(format!("it should use `{token}`")),
        };
        self.uses.iter().map(one).collect()
    }

    /// What the answer with the probes behind it printed.
    pub fn probed(&self, output: &str) -> Vec<Finding> {
        let one = |(i, (code, wanted)): (usize, &(&str, &str))| {
            let does = match value(output, i) {
                Some(value) if value == *wanted => {
                    return Finding::Good(format!("`{code}` gives `{wanted}`"));
                }
                Some(value) => match value.strip_prefix(FAILURE) {
                    Some(why) => format!("it fails: {}", why.lines().next().unwrap_or_default()),
                    None => format!("it gives `{value}`"),
                },
                None => "the program ends before that".to_owned(),
            };
            Finding::Bad(format!("`{code}` should give `{wanted}`, {does}"))
        };
        self.probes.iter().enumerate().map(one).collect()
    }
}

/// The test that has the probes in it.
pub const PROBES: &str = "__probes";

/// The value of a probe.
fn value(output: &str, probe: usize) -> Option<&str> {
    let (_, rest) = output.split_once(&format!("{VALUE} {probe}>\n"))?;
    Some(rest.split_once(&format!("\n{END}"))?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bad(text: &str) -> Finding {
        Finding::Bad(text.to_owned())
    }

    #[test]
    fn what_is_missing_is_told() {
        let checks = Checks::of("// prints: a\n// prints: b\n// uses: mut\nf(1)  // gives: 2\n");
        let printed = checks.printed("a\n");
        assert_eq!(printed[0], Finding::Good("it prints `a`".to_owned()));
        assert_eq!(printed[1], bad("line 2 should be `b`, it is missing"));
        assert_eq!(checks.printed("a\nc\n")[1], bad("line 2 should be `b`, it is `c`"));
        assert_eq!(checks.printed("a\nb\nc\n")[2], bad("it should not print `c`"));
        assert_eq!(checks.used(&["let".to_owned()]), [bad("it should use `mut`")]);
        let output = format!("a\n{VALUE} 0>\nnull\n{END}\n");
        assert_eq!(checks.probed(&output), [bad("`f(1)` should give `2`, it gives `null`")]);
        let ended = "`f(1)` should give `2`, the program ends before that";
        assert_eq!(checks.probed("a\n"), [bad(ended)]);
    }
}
