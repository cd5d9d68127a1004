//! Reading and writing 10 MB of JSON, against what Python's `json` takes for the same text.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/table.rs"]
mod table;

use clock::best;
use forge::value::JsonStyle;
use forge::value::from_json;
use forge::value::json_text;
use rounds::rounds;
use std::process::Command;
use table::row;
use table::title;

const PYTHON: &str = "
import json, sys, time
text = open(sys.argv[1]).read()
best = [9e9, 9e9]
for _ in range(int(sys.argv[2])):
    start = time.perf_counter(); value = json.loads(text); best[0] = min(best[0], time.perf_counter() - start)
    start = time.perf_counter(); json.dumps(value); best[1] = min(best[1], time.perf_counter() - start)
print(*best)
";

/// Records as a service has them.
fn document() -> String {
    let record = |i: usize| {
        format!(
            r#"{{"id": {i}, "name": "user {i}", "mail": "user{i}@example.com", "score": {}.5, "tags": ["a", "b\n", "é"], "active": true, "parent": null}}"#,
            i % 1000
        )
    };
    let mut text = String::from("[");
    for i in 0.. {
        text.push_str(&record(i));
        if text.len() >= 10_000_000 {
            break;
        }
        text.push_str(", ");
    }
    text + "]"
}

fn main() {
    let text = document();
    let times = rounds(10, 3);
    title("10 MB of JSON");
    let value = from_json(text.as_bytes()).expect("it is JSON");
    let read = best(times, || drop(from_json(text.as_bytes()))).as_secs_f64();
    let write = best(times, || drop(json_text(&value, JsonStyle::Spaced))).as_secs_f64();
    let file = std::env::temp_dir().join(format!("forge-bench-{}.json", std::process::id()));
    std::fs::write(&file, &text).expect("a temporary file");
    let python =
        Command::new("python3").arg("-c").arg(PYTHON).arg(&file).arg(times.to_string()).output();
    let _ = std::fs::remove_file(&file);
    let python = python.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let python: Vec<f64> =
        python.unwrap_or_default().split_whitespace().filter_map(|it| it.parse().ok()).collect();
    for (i, (what, ours)) in
        [("json.parse", read), ("json.stringify", write)].into_iter().enumerate()
    {
        row(what, format!("{:.0} ms", ours * 1e3), "");
        if let Some(theirs) = python.get(i) {
            row(
                &format!("{what} against Python's json"),
                format!("{:.2}x", ours / theirs),
                "<= 1.5x",
            );
        }
    }
}
