//! The programs about tasks, squads and channels, with their tasks driven by hand in many orders: always the same
//! output, and nobody sleeps for ever. Programs that look at a clock are left out.

#[path = "support/schedule.rs"]
mod schedule;

use forge::diag::Sources;
use forge::engine;
use forge::engine::Output;
use forge::engine::Text;
use forge::machine::Machine;
use schedule::Schedule;
use std::fs;
use std::io;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

/// Orders for each program; `SEEDS=1000 cargo test --test schedules` tries more.
const SEEDS: u64 = 20;

/// What needs a clock, or a task that is ahead of others.
const TIMED: &[&str] = &["await_timeout", "timeout ", " wait ", "], 0)", "schedule "];

/// The programs below the folders, sorted; `ONLY=text` keeps those whose path has the text.
fn programs() -> Vec<PathBuf> {
    let only = std::env::var("ONLY").unwrap_or_default();
    let language = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/language");
    let mut found: Vec<PathBuf> = ["tasks", "squads", "channels", "shared"]
        .iter()
        .flat_map(|folder| fs::read_dir(language.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.to_string_lossy().contains(&only))
        .collect();
    found.sort();
    found
}

#[derive(Clone, Default)]
struct Printed(Arc<Mutex<Vec<u8>>>);

impl io::Write for Printed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What the program prints when its tasks run in the order of `seed`.
fn run(text: &str, seed: u64) -> Result<String, String> {
    let printed = Printed::default();
    let output = Arc::new(Output::to(Box::new(printed.clone()), true));
    let mut loaded = engine::load(&mut Sources::new(), Text::new("test.fg", text), output)
        .map_err(|found| format!("{found:?}"))?;
    let schedule = Schedule::new(seed);
    schedule.drives(&mut loaded);
    let template = loaded.template();
    let main = template.image.program.main;
    let machine = Machine::start(template.image.clone(), template.world, template.env, main);
    let result = schedule.finish(machine);
    loaded.image.scope.cancel();
    schedule.settle();
    if schedule.len() > 0 {
        return Err(format!("{} tasks are left after all were cancelled", schedule.len()));
    }
    result.ok_or("all tasks sleep")?.ok();
    let bytes = std::mem::take(&mut *printed.0.lock().unwrap());
    Ok(String::from_utf8(bytes).unwrap())
}

#[test]
fn every_order_gives_the_same() {
    let seeds = std::env::var("SEEDS").map_or(SEEDS, |seeds| seeds.parse().unwrap());
    for path in programs() {
        let text = fs::read_to_string(&path).unwrap();
        if TIMED.iter().any(|word| text.contains(word)) {
            continue;
        }
        let expected: String = text
            .lines()
            .filter_map(|line| line.rsplit_once("// expect:"))
            .map(|(_, line)| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
            .collect();
        for seed in 0..seeds {
            let found = run(&text, seed);
            assert_eq!(found.as_ref(), Ok(&expected), "{} with seed {seed}", path.display());
        }
    }
}
