//! `par_map` of a function that only computes, against `map`, in one program.

#[path = "support/table.rs"]
mod table;

use std::process::Command;
use table::row;
use table::title;

/// The time of `par_map` for one second of `map`, each the shortest of several runs.
const PROGRAM: &str = "
fn work(x) {
    let mut s = 0
    for i in range(0, 20000) { s = s + i * x % 7 }
    return s
}
let xs = range(1000)
fn sequential() { map(xs, work) }
fn parallel() { par_map(xs, work) }
let alone = slay(sequential, 5)
say slay(parallel, 5).min_ms / alone.min_ms";

fn main() {
    title("par_map against map, 1,000 calls that only compute");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let output = Command::new(env!("CARGO_BIN_EXE_forge")).args(["-e", PROGRAM]).output();
    let output = output.expect("the program runs");
    let ratio = String::from_utf8_lossy(&output.stdout);
    let what = format!("wall time of par_map on {cores} cores, of map's");
    row(&what, format!("{:.4}x", ratio.trim()), "<= 0.6x on two cores");
}
