//! `forge learn` (tooling 12): lessons, one after another, and what becomes of exercises.

use super::answer;
use super::args::Global;
use super::report::wants_color;
use super::run::complain;
use super::show;
use crate::learn;
use crate::learn::Lesson;
use crate::learn::Look;
use crate::learn::Progress;
use crate::repl::in_editor;
use std::io::BufRead;
use std::io::IsTerminal;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;
use std::process::ExitCode;
use std::process::Stdio;

/// Flags of `forge learn`.
#[derive(clap::Args)]
pub(super) struct LearnArgs {
    /// The lesson, by its number; how to begin unless given
    number: Option<usize>,
    /// Tell whether FILE solves the exercise of the lesson
    #[arg(long, value_name = "FILE", requires = "number")]
    check: Option<PathBuf>,
    /// List the lessons
    #[arg(long, conflicts_with = "number")]
    list: bool,
    /// List them as a JSON array
    #[arg(long, requires = "list")]
    json: bool,
}

/// A word that there is no lesson for is a mistake of the command line.
const BAD_NUMBER: u8 = 2;

/// What a key does, for who presses another one.
const KEYS: &str = "Enter runs it, n next, p previous, r run again, e edit, q leave";

/// Shows the lessons, or one of them, or looks at an answer.
pub(super) fn run(args: &LearnArgs, global: &Global) -> ExitCode {
    let mut kept = Kept::of_user();
    let look = Look { has_colors: wants_color(global, &std::io::stdout()) };
    let Some(number) = args.number else {
        return show(&match (args.list, args.json) {
            (_, true) => learn::list_as_json(&kept.progress),
            (true, false) => learn::list(&kept.progress, look),
            (false, false) => learn::welcome(&kept.progress, look),
        });
    };
    let lesson = match learn::lesson(number) {
        Ok(lesson) => lesson,
        Err(why) => {
            complain(&why);
            return BAD_NUMBER.into();
        }
    };
    match &args.check {
        None => Tour { lesson, program: None, look, kept, global }.go(),
        Some(file) => match answer::check(lesson, file, global) {
            Ok(verdict) => {
                if verdict.is_solved {
                    kept.keep(|progress| progress.solve(number));
                }
                let code = show(&verdict.shown(lesson, look));
                if verdict.is_solved { code } else { ExitCode::FAILURE }
            }
            Err(why) => complain(&why),
        },
    }
}

/// What is kept of somebody's progress, as long as that can be done; otherwise the lessons go on without.
struct Kept {
    progress: Progress,
    is_broken: bool,
}

impl Kept {
    fn of_user() -> Kept {
        match Progress::of_user() {
            Ok(progress) => Kept { progress, is_broken: false },
            Err(why) => {
                eprintln!("note: progress is not kept: {why}");
                Kept { progress: Progress::default(), is_broken: true }
            }
        }
    }

    fn keep(&mut self, change: impl FnOnce(&mut Progress) -> Result<(), String>) {
        if let Err(why) = change(&mut self.progress)
            && !self.is_broken
        {
            eprintln!("note: progress is not kept: {why}");
            self.is_broken = true;
        }
    }
}

/// Somebody goes from lesson to lesson.
struct Tour<'a> {
    lesson: &'static Lesson,
    /// The program of the lesson as they have changed it.
    program: Option<String>,
    look: Look,
    kept: Kept,
    global: &'a Global,
}

impl Tour<'_> {
    /// Reads keys, a line each. Without a terminal there is no prompt; who reads the page elsewhere is asked nothing.
    fn go(mut self) -> ExitCode {
        let stdin = std::io::stdin();
        let is_asked = stdin.is_terminal() && std::io::stdout().is_terminal();
        let code = self.turn_to(self.lesson);
        if code != ExitCode::SUCCESS || stdin.is_terminal() && !is_asked {
            return code;
        }
        let mut line = String::new();
        loop {
            if is_asked {
                print!("  {KEYS} > ");
                // A terminal that cannot be written to shows nothing else either.
                let _ = std::io::stdout().flush();
            }
            line.clear();
            match stdin.lock().read_line(&mut line) {
                Ok(0) | Err(_) => return show(if is_asked { "\n" } else { "" }),
                Ok(_) => {}
            }
            let code = match line.trim() {
                "" | "r" => self.run(),
                "n" => self.step(|number| number + 1),
                "p" => self.step(|number| number - 1),
                "e" => self.edit(),
                "q" => return ExitCode::SUCCESS,
                _ => show(&format!("  {KEYS}\n")),
            };
            if code != ExitCode::SUCCESS {
                return code;
            }
        }
    }

    fn turn_to(&mut self, lesson: &'static Lesson) -> ExitCode {
        self.lesson = lesson;
        self.program = None;
        self.kept.keep(|progress| progress.see(lesson.number()));
        show(&learn::page(lesson, self.look))
    }

    fn step(&mut self, to: impl Fn(usize) -> usize) -> ExitCode {
        match learn::lesson(to(self.lesson.number())) {
            Ok(lesson) => self.turn_to(lesson),
            Err(why) => show(&format!("  {why}\n")),
        }
    }

    fn edit(&mut self) -> ExitCode {
        let text = self.program.as_deref().unwrap_or(self.lesson.program);
        match in_editor(text) {
            Ok(text) => {
                self.program = Some(text);
                self.run()
            }
            Err(why) => show(&format!("  {why}\n")),
        }
    }

    fn run(&self) -> ExitCode {
        let number = self.lesson.number();
        if let Err(why) = self.run_program() {
            return complain(&format!("could not run the program: {why}"));
        }
        show(&match learn::lesson(number + 1) {
            Ok(next) => format!("\n  Next: forge learn {} ({})\n\n", next.number(), next.title()),
            Err(_) => "\n  Congratulations! That was the last lesson.\n\n".to_owned(),
        })
    }

    /// As `forge run` or `forge test` does, in a process and a folder of its own: nothing of the user's is touched.
    fn run_program(&self) -> std::io::Result<()> {
        let folder = tempfile::tempdir()?;
        let program = self.program.as_deref().unwrap_or(self.lesson.program);
        std::fs::write(folder.path().join(FILE), program)?;
        // Lessons are ours, so they may run other programs; what somebody has made of them may if they say so.
        let may_run = self.program.is_none() || self.global.allow_run;
        let mut command = forge(self.lesson.has_tests(), may_run)?;
        if !std::io::stdin().is_terminal() {
            // The rest of the input is keys.
            command.stdin(Stdio::null());
        }
        command.arg(FILE).current_dir(folder.path()).status()?;
        Ok(())
    }
}

/// How the program of a lesson is called.
const FILE: &str = "lesson.fg";

/// The command that runs a program, or its tests; the program comes next.
pub(super) fn forge(has_tests: bool, may_run: bool) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(if has_tests { &["test", "--nocapture"][..] } else { &["run"] });
    command.args(may_run.then_some("--allow-run"));
    Ok(command)
}
