//! How long `forge lsp` takes to answer about a file of 5,000 lines: each question comes right after a change, so that
//! the server has to read the whole text anew before it can say anything.

#[path = "../tests/support/editor.rs"]
mod editor;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/table.rs"]
mod table;

use editor::Editor;
use rounds::rounds;
use serde_json::Value;
use serde_json::json;
use std::fmt::Write;
use std::time::Duration;
use std::time::Instant;
use table::row;
use table::title;

const FILE: &str = "main.fg";
const LINES: usize = 5_000;
const TARGET: &str = "<= 50 ms";

/// What a part of the file looks like; `$` is its number.
const PART: &str = r#"
// What is known of a customer of part $.
struct Customer$ { name: String, age: Int, tags: [String], address: Address$ }
struct Address$ { street: String, city: String, zip: String }

impl Customer$ {
    fn greet(self, greeting = "Hello") {
        return "{greeting}, {self.name} of {self.address.city}!"
    }
    fn is_adult(self) { return self.age >= 18 }
}

// All customers that are grown up, by the cities where they live.
fn by_city$(customers: [Customer$]) {
    let mut found = {}
    for customer in customers {
        if !customer.is_adult() { continue }
        let city = customer.address.city
        let others = if found.has_key(city) { found[city] } else { [] }
        found[city] = others.push(customer)
    }
    return found
}

fn total$(orders, discount = 0.1) {
    let open = orders |> filter(|order| !order.paid) |> map(|order| order.price)
    let sum = open.reduce(0, |sum, price| sum + price)
    match sum {
        0 => "nothing to pay"
        1 => "almost nothing"
        _ => "{sum - sum * discount} after a discount of {discount * 100} %"
    }
}

@get("/customers/$/:id")
fn show$(id: Int) {
    let ada = Customer$ {
        name: "Ada", age: 36, tags: ["math", "poetry"],
        address: Address$ { street: "Main", city: "London", zip: "1" }
    }
    try {
        let text = ada.greet("Good day")
        return { id: id, text: text, total: total$([]), cities: by_city$([ada]) }
    } catch problem {
        log.warn("customer {id}: {problem.message}")
        return { id: id, error: problem.message }
    }
}
"#;

/// The line that is being written, in a function at the end of the file.
const WRITTEN: &str = "    let written = ";

fn text() -> String {
    let mut text = String::new();
    let part = PART.lines().count();
    for number in 0..LINES / part {
        text.push_str(&PART.replace('$', &number.to_string()));
    }
    let _ = writeln!(text, "\nfn last() {{\n{WRITTEN}0\n}}");
    text
}

/// The zero-based line of the first text `wanted`, and where it ends there.
fn place(text: &str, wanted: &str) -> (u32, u32) {
    let found = text.lines().enumerate().find_map(|(line, it)| Some((line, it.find(wanted)?)));
    let (line, column) = found.expect("the text has it");
    (line as u32, (column + wanted.len()) as u32)
}

/// Median and longest.
fn figures(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    format!("{:.1} / {:.1} ms", ms(median), ms(longest))
}

struct Bench {
    editor: Editor,
    text: String,
    /// Where the line that is being written ends.
    end: (u32, u32),
}

impl Bench {
    fn new() -> Bench {
        let (mut editor, text) = (Editor::new(), text());
        std::fs::write(editor.path(FILE), &text).unwrap();
        let found = editor.open(FILE, &text);
        assert!(found.iter().all(|it| it["severity"] != 1), "{found:?}");
        let end = place(&text, WRITTEN);
        Bench { editor, text, end }
    }

    /// What stands behind `WRITTEN` is this from now on.
    fn write(&mut self, text: &str) {
        let (line, column) = self.end;
        let start = json!({ "line": line, "character": column });
        let end = json!({ "line": line, "character": 1000 });
        let change = json!({ "range": { "start": start, "end": end }, "text": text });
        self.editor.change(FILE, json!([change]));
    }

    /// The answers to a request, each after a change and at a place.
    fn measure(&mut self, what: &str, method: &str, at: (u32, u32), more: Value) {
        let params = self.editor.params(FILE, at, more);
        let mut times = Vec::new();
        for round in 0..rounds(20, 5) {
            self.write(&format!("total0(by_city{round}, 1)"));
            let start = Instant::now();
            let answer = self.editor.ask(&format!("textDocument/{method}"), params.clone());
            times.push(start.elapsed());
            assert!(!answer.is_null() && answer != json!([]), "{method}: {answer}");
            // The diagnostics that the change brings are no part of it.
            self.editor.reports();
        }
        row(what, figures(times), TARGET);
    }
}

fn main() {
    let mut bench = Bench::new();
    let lines = bench.text.lines().count();
    title(&format!("forge lsp, {lines} lines, right after a change: median / longest"));
    let (none, middle) = (json!({}), place(&bench.text, "let text = ada"));
    let behind_dot = (middle.0, middle.1 + 1);
    let call = (bench.end.0, bench.end.1 + 7);
    let declared = place(&bench.text, "fn total0");
    let references = json!({ "context": { "includeDeclaration": true } });
    bench.measure("completion of a name", "completion", bench.end, none.clone());
    bench.measure("completion behind a dot", "completion", behind_dot, none.clone());
    bench.measure("hover", "hover", declared, none.clone());
    bench.measure("definition", "definition", (call.0, call.1 - 4), none.clone());
    bench.measure("references", "references", declared, references);
    bench.measure("highlights", "documentHighlight", declared, none.clone());
    bench.measure("rename", "rename", declared, json!({ "newName": "whole" }));
    bench.measure("symbols", "documentSymbol", (0, 0), none.clone());
    bench.measure("signature help", "signatureHelp", call, none);
    let options = json!({ "options": { "tabSize": 4, "insertSpaces": true } });
    let mut times = Vec::new();
    for round in 0..rounds(20, 5) {
        bench.write(&format!("{round}"));
        let params = bench.editor.params(FILE, (0, 0), options.clone());
        let start = Instant::now();
        let edits = bench.editor.ask("textDocument/formatting", params);
        times.push(start.elapsed());
        assert!(edits.is_array());
        bench.editor.reports();
    }
    row("formatting", figures(times), TARGET);
    let mut times = Vec::new();
    for round in 0..rounds(20, 5) {
        let start = Instant::now();
        bench.write(&format!("missing{round}"));
        let found = bench.editor.reports();
        // The server waits for the next key first.
        times.push(start.elapsed().saturating_sub(Duration::from_millis(150)));
        assert!(found.iter().any(|it| it["code"] == "E0301"), "{found:?}");
    }
    row("diagnostics of a change, beyond the pause of 150 ms", figures(times), TARGET);
}
