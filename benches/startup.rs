//! How long a program of one line takes, from the shell's point of view.

#[path = "support/clock.rs"]
mod clock;
#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/table.rs"]
mod table;

use clock::best;
use rounds::rounds;
use std::process::Command;
use std::process::Stdio;
use table::row;
use table::title;

fn main() {
    title("start-up, the shortest of several");
    let commands: [(&str, &[&str]); 4] = [
        (env!("CARGO_BIN_EXE_forge"), &["-e", "say 1"]),
        ("lua5.4", &["-e", "print(1)"]),
        ("python3", &["-c", "print(1)"]),
        ("node", &["-e", "console.log(1)"]),
    ];
    for (i, (program, args)) in commands.into_iter().enumerate() {
        let mut command = Command::new(program);
        command.args(args).stdout(Stdio::null()).stderr(Stdio::null());
        if !command.status().is_ok_and(|status| status.success()) {
            continue;
        }
        let took = best(rounds(100, 20), || drop(command.status()));
        let name = if i == 0 { "forge" } else { program };
        let target = if i == 0 { "<= 5 ms" } else { "" };
        let what = format!("{name} {} '{}'", args[0], args[1]);
        row(&what, format!("{:.1} ms", took.as_secs_f64() * 1e3), target);
    }
}
