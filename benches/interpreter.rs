//! `benches/programs/` (the language) and `benches/builtins/` (collections and texts) against other interpreters, in one
//! run: NAME.lua, NAME.py and NAME.js beside NAME_top.fg (top-level code) and NAME_function.fg (the same in a function), or
//! NAME.fg where there is no difference.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/rounds.rs"]
mod rounds;

use clock::best;
use rounds::rounds;
use std::collections::BTreeMap;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The other interpreters: command and extension. The first one is what the target speaks of.
const OTHERS: [(&str, &str); 3] = [("lua5.4", "lua"), ("python3", "py"), ("node", "js")];

/// A program for one of the interpreters.
struct Run<'p> {
    command: &'p str,
    file: PathBuf,
    /// The shortest of its runs so far.
    best: Duration,
    /// What it printed; `None` when it failed.
    printed: Option<String>,
}

impl Run<'_> {
    fn new(command: &str, file: PathBuf) -> Run<'_> {
        let mut run = Run { command, file, best: Duration::MAX, printed: None };
        let output = run.process().output().ok().filter(|output| output.status.success());
        run.printed = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
        run
    }

    fn process(&self) -> Command {
        let mut process = Command::new(self.command);
        if Path::new(self.command).is_absolute() {
            process.arg("run");
        }
        process.arg(&self.file);
        process
    }

    fn again(&mut self) {
        if self.printed.is_some() {
            let mut process = self.process();
            self.best = self.best.min(best(1, || drop(process.output())));
        }
    }
}

/// The folders, and the mean of the ratios to Lua that each is to reach.
const FOLDERS: [(&str, &str); 2] = [("programs", "0.85, then 0.70"), ("builtins", "0.90")];

/// The programs of a folder by name, with the Forge files of each.
fn programs(folder: &str) -> BTreeMap<String, Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(folder);
    let mut found: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    let entries = std::fs::read_dir(folder).expect("the programs are there");
    for path in entries.map(|entry| entry.expect("it can be listed").path()) {
        let is_forge = path.extension().is_some_and(|extension| extension == "fg");
        let Some(stem) = path.file_stem().and_then(|stem| stem.to_str()).filter(|_| is_forge)
        else {
            continue;
        };
        let name = stem.trim_end_matches("_top").trim_end_matches("_function").to_owned();
        found.entry(name).or_default().push(path);
    }
    found.values_mut().for_each(|files| files.sort());
    found
}

fn compare(folder: &str, target: &str) {
    let forge = env!("CARGO_BIN_EXE_forge");
    println!("\n{:<28}{:>10}{:>10}{:>10}{:>10}", folder, "forge", "lua5.4", "python3", "node");
    let mut ratios: [Vec<f64>; 3] = Default::default();
    for (name, files) in programs(folder) {
        let folder = files[0].parent().expect("it is in a folder").to_owned();
        let beside = OTHERS.map(|(command, ext)| (command, folder.join(format!("{name}.{ext}"))));
        let others = beside.into_iter().filter(|(_, file)| file.exists());
        let own = files.into_iter().map(|file| (forge, file));
        let mut runs: Vec<Run> =
            own.chain(others).map(|(command, file)| Run::new(command, file)).collect();
        // In turns: what the machine does beside meets all of them.
        for _ in 0..rounds(21, 3) {
            runs.iter_mut().for_each(Run::again);
        }
        let (own, others): (Vec<Run>, Vec<Run>) =
            runs.into_iter().partition(|run| run.command == forge);
        for run in own {
            let label = run.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            if run.printed.is_none() {
                println!("{label:<28}{:>10}", "fails");
                continue;
            }
            print!("{label:<28}{:>7.0} ms", run.best.as_secs_f64() * 1e3);
            for ((command, _), ratios) in OTHERS.iter().zip(&mut ratios) {
                let other = others.iter().find(|other| other.command == *command);
                let Some(other) = other.filter(|other| other.printed.is_some()) else {
                    print!("{:>10}", "-");
                    continue;
                };
                let ratio = run.best.as_secs_f64() / other.best.as_secs_f64();
                let mark = if other.printed == run.printed { ' ' } else { '?' };
                print!("{ratio:>9.2}{mark}");
                ratios.push(ratio);
            }
            println!();
        }
    }
    print!("{:<38}", "geometric mean");
    for ratios in &ratios {
        let mean = (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp();
        print!("{mean:>9.2} ");
    }
    let most = ratios[0].iter().copied().fold(0.0, f64::max);
    println!("\nagainst lua5.4: target of the mean {target}; none above 1.3, here {most:.2}");
}

fn main() {
    println!("\ntime of Forge as a part of the other's: below 1 Forge is faster");
    println!("a question mark: the other printed something else");
    for (folder, target) in FOLDERS {
        compare(folder, target);
    }
}
