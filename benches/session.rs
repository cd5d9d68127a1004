//! How long `forge repl` takes to take an input back, with an array of a million elements in the session: it costs the
//! same after one input and after a thousand. The time is that between the line that asks and the line that answers.

#[path = "support/rounds.rs"]
mod rounds;
#[path = "support/table.rs"]
mod table;

use rounds::rounds;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Write;
use std::process::Child;
use std::process::ChildStdin;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;
use std::time::Duration;
use std::time::Instant;
use table::row;
use table::title;

struct Session {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Session {
    /// A session in which so many inputs have changed an element of the array.
    fn after(inputs: usize) -> Session {
        let mut command = Command::new(env!("CARGO_BIN_EXE_forge"));
        command.args(["repl", "--no-history"]).env("HOME", std::env::temp_dir());
        for name in ["FORGE_REPL_INIT", "FORGE_REPL_UNDO_LIMIT", "FORGE_REPL_NUMBERS"] {
            command.env_remove(name);
        }
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("forge starts");
        let input = process.stdin.take().expect("it is piped");
        let output = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut session = Session { process, input, output };
        session.tell("let mut big = range(0, 1000000)");
        (0..inputs).for_each(|number| session.tell(&format!("big[{number}] = -1")));
        assert_eq!(session.ask("len(big)"), "=> 1000000");
        session
    }

    fn tell(&mut self, line: &str) {
        writeln!(self.input, "{line}").expect("the session listens");
    }

    /// The line that answers a line.
    fn ask(&mut self, line: &str) -> String {
        self.tell(line);
        let mut answer = String::new();
        self.output.read_line(&mut answer).expect("the session answers");
        answer.trim_end().to_owned()
    }

    /// How long it takes to take an input back and to bring it again: the median.
    fn undo(&mut self) -> (Duration, Duration) {
        let (mut undo, mut redo) = (Vec::new(), Vec::new());
        for _ in 0..rounds(1000, 500) {
            for (command, said, times) in
                [(":undo", "undone: ", &mut undo), (":redo", "redone: ", &mut redo)]
            {
                let start = Instant::now();
                let answer = self.ask(command);
                times.push(start.elapsed());
                assert!(answer.starts_with(said), "{answer}");
            }
        }
        (median(undo), median(redo))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    format!("{:.3} ms", time.as_secs_f64() * 1e3)
}

fn main() {
    title("a session with an array of 1,000,000 elements");
    let all = [1, 1000].map(|inputs| (inputs, Session::after(inputs).undo()));
    for (inputs, (undo, redo)) in all {
        row(&format!(":undo, inputs before it: {inputs}"), shown(undo), "<= 1 ms");
        row(&format!(":redo, inputs before it: {inputs}"), shown(redo), "<= 1 ms");
    }
    let [(_, (few, _)), (_, (many, _))] = all;
    let ratio = many.as_secs_f64() / few.as_secs_f64();
    row("after 1000 inputs, compared with after 1", format!("{ratio:.2}x"), "~ 1x");
}
