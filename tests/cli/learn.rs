//! `forge learn`: every lesson does what it says, every exercise can be solved and not by nothing.

use super::Ended;
use super::ended;
use super::forge;
use super::repl::session;
use regex_lite::Regex;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;
use tempfile::TempDir;

/// The folders of the lessons.
fn lessons() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/learn/lessons");
    let mut found: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    assert_eq!(found.len(), 30);
    found
}

fn number(lesson: &Path) -> String {
    let name = lesson.file_name().unwrap().to_str().unwrap();
    name.split('-').next().unwrap().trim_start_matches('0').to_owned()
}

/// Somebody who learns, with a home of their own.
struct Learner(TempDir);

impl Learner {
    fn new() -> Learner {
        Learner(tempfile::tempdir().unwrap())
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = forge(&["learn"]);
        command.args(args).env("HOME", self.0.path()).current_dir(self.0.path());
        for name in ["FORGE_HOME", "VISUAL", "EDITOR"] {
            command.env_remove(name);
        }
        command
    }

    fn learn(&self, args: &[&str]) -> Ended {
        ended(self.command(args).output().unwrap())
    }

    /// A lesson with these keys.
    fn presses(&self, mut command: Command, keys: &str) -> Ended {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(keys.as_bytes()).unwrap();
        ended(child.wait_with_output().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.0.path().join(name), text).unwrap();
        name.to_owned()
    }

    fn progress(&self) -> String {
        fs::read_to_string(self.0.path().join(".forge/learn.toml")).unwrap_or_default()
    }
}

/// Without colours, and without what depends on how fast the machine is.
fn lasting(text: &str) -> String {
    let plain = Regex::new("\u{1b}\\[[0-9;]*m").unwrap().replace_all(text, "");
    let plain = Regex::new(r"\(\d+ms\)").unwrap().replace_all(&plain, "(1ms)");
    let plain = Regex::new(r"done in .*").unwrap().replace_all(&plain, "done in a moment");
    Regex::new(r"\d+\.\d+ms").unwrap().replace_all(&plain, "1ms").into_owned()
}

#[test]
fn every_lesson_prints_what_it_says() {
    for lesson in lessons() {
        let folder = tempfile::tempdir().unwrap();
        let text = fs::read_to_string(lesson.join("lesson.fg")).unwrap();
        fs::write(folder.path().join("lesson.fg"), &text).unwrap();
        let run = match text.contains("@test\n") {
            true => &["test", "--nocapture", "lesson.fg"][..],
            false => &["run", "--strict", "--allow-run", "lesson.fg"],
        };
        let did = ended(forge(run).current_dir(folder.path()).output().unwrap());
        assert_eq!(did.code, 0, "{}: {did:?}", lesson.display());
        let expected = fs::read_to_string(lesson.join("lesson.out")).unwrap();
        assert_eq!(lasting(&(did.err + &did.out)), lasting(&expected), "{}", lesson.display());
        assert!(!expected.trim().is_empty(), "{} prints nothing", lesson.display());
        let left = fs::read_dir(folder.path()).unwrap().count();
        assert_eq!(left, 1, "{} leaves files", lesson.display());
    }
}

#[test]
fn programs_are_formatted_and_without_warnings() {
    let files: Vec<String> = lessons()
        .iter()
        .flat_map(|lesson| [lesson.join("lesson.fg"), lesson.join("solution.fg")])
        .map(|file| file.to_str().unwrap().to_owned())
        .collect();
    let args = |first: &'static [&str]| {
        first.iter().copied().chain(files.iter().map(String::as_str)).collect::<Vec<_>>()
    };
    let formatted = super::run(&args(&["fmt", "--check"]));
    assert_eq!(formatted.code, 0, "{formatted:?}");
    assert_eq!(super::run(&args(&["check", "--strict"])), super::printed(""));
}

#[test]
fn every_exercise_can_be_solved_and_not_by_nothing() {
    let all = lessons();
    std::thread::scope(|scope| {
        for half in all.chunks(all.len().div_ceil(2)) {
            scope.spawn(|| half.iter().for_each(|lesson| solve(lesson)));
        }
    });
}

fn solve(lesson: &Path) {
    let (learner, number) = (Learner::new(), number(lesson));
    let check = |file: &str| learner.learn(&["--allow-run", &number, "--check", file]);
    let solution = fs::read_to_string(lesson.join("solution.fg")).unwrap();
    let solved = check(&learner.file("solution.fg", &solution));
    assert!(solved.code == 0 && solved.err.is_empty(), "{}: {solved:?}", lesson.display());
    assert!(!solved.out.contains("FAIL") && solved.out.contains("\n  Solved! "), "{solved:?}");
    assert!(learner.progress().contains(&format!("solved = [{number}]")), "{solved:?}");

    let unsolved = check(&learner.file("empty.fg", ""));
    let text = format!("{}: {}", lesson.display(), unsolved.out);
    assert!(unsolved.code == 1 && unsolved.err.is_empty(), "{text}");
    let hint = format!("Not yet. forge learn {number} shows the exercise.");
    for part in ["    FAIL  ", " should ", "The file is empty: write your answer into it.", &hint] {
        assert!(unsolved.out.contains(part), "{text}");
    }
}

#[test]
fn a_wrong_answer_hears_what_is_wrong() {
    let learner = Learner::new();
    let check = |number: &str, answer: &str| {
        let did = learner.learn(&[number, "--check", &learner.file("my.fg", answer)]);
        assert_eq!((did.code, did.err.as_str()), (1, ""), "{did:?}");
        did.out
    };
    let out = check("4", "fn area(width, height = 1) { return width * height }");
    let wanted = "
  Lesson 4: Functions

    ok    `area(3, 4)` gives `12`
    FAIL  `area(5)` should give `25`, it gives `5`

  Not yet. forge learn 4 shows the exercise.

";
    assert_eq!(out, wanted);
    let out = check("4", "fn size() { 1 }");
    assert!(out.contains(", it fails: undefined variable: 'area'\n"), "{out}");
    let out = check("1", "say \"Hello, Forge!\"\nsay 144 // 12 * 12");
    assert!(out.contains("FAIL  it should use `*`\n"), "{out}");
    let out = check("1", "say \"Hello, Forge!\"\nsay 12 *\n");
    assert!(out.contains("FAIL  it should run to its end, it fails\n"), "{out}");
    assert!(out.contains("error[E0201]") && out.contains("--> my.fg:"), "{out}");
    let out = check("1", "while true { say \"Hello, Forge!\" }");
    assert!(out.contains("FAIL  line 2 should be `144`, it is `Hello, Forge!`\n"), "{out}");
    let out = check("14", "fn is_even(number) { number % 2 == 0 }\n@test\nfn one() { is_even(2) }");
    assert!(out.contains("FAIL  it should have 2 tests, it has 1\n"), "{out}");
    let weak = "@test\nfn one() { is_even(2) }\n@test\nfn two() { assert(!is_even(3)) }";
    let out = check("14", &format!("fn is_even(number) {{ number % 2 == 0 }}\n{weak}"));
    let wrong = "a test should fail with `fn is_even(number) { return false }`, none does";
    assert!(out.contains(wrong), "{out}");
    let out = check(
        "14",
        "fn is_even(n) { n % 2 == 0 }\n@test\nfn a() { 1 }\n@test\nfn b() { bruh(\"x\") }",
    );
    assert!(out.contains("FAIL  its tests should pass, they do not\n"), "{out}");
    let solution = lessons()[17].join("solution.fg");
    let out = check("18", &fs::read_to_string(solution).unwrap());
    assert!(out.contains("The check needs a permission: add --allow-run."), "{out}");
    assert_eq!(learner.progress(), "");
}

#[test]
fn an_answer_that_cannot_be_read() {
    let did = Learner::new().learn(&["4", "--check", "no.fg"]);
    let text = "error: could not read 'no.fg': No such file or directory (os error 2)\n";
    assert_eq!(did, super::failed(text));
}

#[test]
fn lessons_are_listed() {
    let learner = Learner::new();
    let list = learner.learn(&["--list"]);
    assert_eq!((list.code, list.err.as_str()), (0, ""));
    let lines: Vec<&str> = list.out.lines().collect();
    assert_eq!((lines.len(), lines[0]), (30, "     1  Hello World"));
    assert_eq!(lines[29], "    30  File Path Utils");
    let welcome = learner.learn(&[]);
    for part in ["│  Learn Forge  │", "30 lessons: 0 seen, 0 of", "Go on with: forge learn 1\n"]
    {
        assert!(welcome.out.contains(part), "{welcome:?}");
    }
    assert!(welcome.out.contains(&list.out));
    assert_eq!(learner.progress(), "");
    learner.learn(&["1"]);
    learner.learn(&["2"]);
    let answer = learner.file("my.fg", "say \"Hello, Forge!\"\nsay 12 * 12");
    assert_eq!(learner.learn(&["1", "--check", &answer]).code, 0);
    let list = learner.learn(&["--list"]).out;
    assert!(list.starts_with("  ✓  1  Hello World\n  ·  2  Variables\n     3"), "{list}");
    assert!(learner.learn(&[]).out.contains("Go on with: forge learn 3\n"));
    let json = learner.learn(&["--list", "--json"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let first =
        serde_json::json!({ "number": 1, "title": "Hello World", "seen": true, "solved": true });
    assert_eq!((json.as_array().unwrap().len(), &json[0]), (30, &first));
    assert_eq!((&json[1]["seen"], &json[1]["solved"]), (&true.into(), &false.into()));
    assert_eq!(json[2]["seen"], false);
}

#[test]
fn a_lesson_that_there_is_not() {
    let learner = Learner::new();
    for number in ["0", "31", "99999"] {
        let text = format!("error: there is no lesson {number}: they are 1 to 30\n");
        let did = learner.learn(&[number]);
        assert_eq!(did, Ended { code: 2, out: String::new(), err: text });
        assert_eq!(learner.learn(&[number, "--check", "my.fg"]), did);
    }
    for args in [&["one"][..], &["-1"], &["--check", "my.fg"], &["--json"], &["1", "--list"]] {
        let did = learner.learn(args);
        assert!(did.code == 2 && did.err.starts_with("error: "), "{args:?} {did:?}");
    }
    assert_eq!(learner.progress(), "");
}

#[test]
fn a_page_says_all_of_a_lesson() {
    let page = Learner::new().learn(&["4"]);
    assert_eq!((page.code, page.err.as_str()), (0, ""));
    let parts = [
        "\nLesson 4 of 30: Functions\n\n  `define name(parameters) { ... }` makes a function",
        "\n  The program\n\n    define greet(name, greeting = \"Hello\") {\n        return",
        "\n  It prints\n\n    Hello, Ada!\n    Welcome, Ada!\n    81\n",
        "\n  Exercise\n\n  Write a function `area(width, height)`",
        "\n  forge learn 4 --check my.fg\n",
    ];
    for part in parts {
        assert!(page.out.contains(part), "{part}\n{}", page.out);
    }
    for lesson in lessons() {
        let page = Learner::new().learn(&[&number(&lesson)]).out;
        let text = page.lines().take_while(|line| !line.contains("The program"));
        assert!(text.into_iter().all(|line| line.chars().count() <= 80), "{page}");
    }
}

#[test]
fn colours_only_on_terminals_or_when_wanted() {
    let learner = Learner::new();
    let is_coloured = |env: &[(&str, &str)], args: &[&str]| {
        let mut command = learner.command(args);
        ended(command.envs(env.iter().copied()).output().unwrap()).out.contains('\x1b')
    };
    let forced = ("CLICOLOR_FORCE", "1");
    for args in [&["4"][..], &[]] {
        assert!(!is_coloured(&[], args));
        assert!(is_coloured(&[forced], args));
        assert!(!is_coloured(&[forced, ("NO_COLOR", "1")], args));
    }
    assert!(is_coloured(&[("NO_COLOR", "1")], &["4", "--color", "always"]));
    assert!(!is_coloured(&[forced], &["--list", "--json"]));
    let mut command = learner.command(&["4"]);
    command.env("CLICOLOR_FORCE", "1");
    let page = ended(command.output().unwrap()).out;
    assert!(page.contains("\x1b[33mdefine name(parameters) { ... }\x1b[0m makes"), "{page}");
}

#[test]
fn keys_go_through_the_lessons() {
    let learner = Learner::new();
    let with = |number: &str, keys: &str| {
        let did = learner.presses(learner.command(&[number]), keys);
        assert_eq!((did.code, did.err.as_str()), (0, ""), "{did:?}");
        did.out
    };
    let page = with("1", "q\n");
    assert_eq!(page, learner.learn(&["1"]).out);
    let ran = with("1", "\nq\n");
    let shown = ran.strip_prefix(&page).unwrap();
    assert!(shown.starts_with("Hello, World!\n5\n"), "{ran}");
    assert!(shown.ends_with("\n  Next: forge learn 2 (Variables)\n\n"), "{ran}");
    assert_eq!(with("1", "r\n"), ran);
    assert_eq!(with("1", "n\nn\np\n").matches("Lesson 2 of 30").count(), 2);
    assert!(with("1", "p\n").ends_with("\n  there is no lesson 0: they are 1 to 30\n"));
    assert!(with("1", "what?\n").contains("  Enter runs it, n next, p previous"));
    assert!(with("30", "\n").contains("Congratulations! That was the last lesson."));
    assert!(with("30", "n\n").ends_with("\n  there is no lesson 31: they are 1 to 30\n"));
    // Its tests run, and so do other programs.
    assert!(with("14", "\n").contains("    ok    a_cart_is_empty_at_first ("));
    assert!(with("18", "\n").contains("hello from the shell\n"));
    assert!(with("1", "e\n").contains("no editor: set $VISUAL or $EDITOR\n"));
    assert_eq!(
        learner.progress(),
        "# What `forge learn` remembers.\nseen = [1, 2, 3, 14, 18, 30]\n"
    );
}

#[cfg(unix)]
#[test]
fn a_program_that_was_edited_runs_and_may_not_run_others() {
    let learner = Learner::new();
    let with = |args: &[&str], line: &str, keys: &str| {
        let script = learner.file("editor.sh", &format!("printf '%s\\n' '{line}' > $1\n"));
        let mut command = learner.command(args);
        command.env("EDITOR", format!("sh {script}"));
        learner.presses(command, keys)
    };
    let edited = with(&["2"], "say 6 * 7", "e\nr\nn\n\n");
    assert_eq!(edited.out.matches("\n42\n").count(), 2, "{edited:?}");
    assert!(edited.out.contains("Lesson 3 of 30") && edited.out.contains("2 curious\n"));
    let refused = with(&["18"], "say sh(\"echo hi\")", "e\n");
    assert!(refused.err.contains("Shell execution denied."), "{refused:?}");
    let allowed = with(&["18", "--allow-run"], "say sh(\"echo hi\")", "e\n");
    assert!(allowed.err.is_empty() && allowed.out.contains("\nhi\n"), "{allowed:?}");
}

#[test]
fn progress_is_kept_where_it_belongs() {
    let learner = Learner::new();
    let elsewhere = learner.0.path().join("elsewhere");
    let mut command = learner.command(&["7"]);
    ended(command.env("FORGE_HOME", &elsewhere).output().unwrap());
    assert_eq!(learner.progress(), "");
    let kept = fs::read_to_string(elsewhere.join("learn.toml")).unwrap();
    assert_eq!(kept, "# What `forge learn` remembers.\nseen = [7]\n");
    // What others have written there stays.
    fs::write(elsewhere.join("learn.toml"), "theme = \"dark\"\nseen = [7]\n").unwrap();
    let mut command = learner.command(&["3"]);
    ended(command.env("FORGE_HOME", &elsewhere).output().unwrap());
    let kept = fs::read_to_string(elsewhere.join("learn.toml")).unwrap();
    assert_eq!(kept, "# What `forge learn` remembers.\ntheme = \"dark\"\nseen = [3, 7]\n");
    // A file that is none is left alone, and the lessons go on.
    fs::write(elsewhere.join("learn.toml"), "seen = [").unwrap();
    let mut command = learner.command(&["3"]);
    let did = ended(command.env("FORGE_HOME", &elsewhere).output().unwrap());
    assert!(did.code == 0 && did.out.contains("Lesson 3 of 30"), "{did:?}");
    assert!(did.err.starts_with("note: progress is not kept: could not read '"), "{did:?}");
    assert_eq!(fs::read_to_string(elsewhere.join("learn.toml")).unwrap(), "seen = [");
    // Neither has somebody without a home to be told.
    let mut command = learner.command(&["3"]);
    for name in ["HOME", "USERPROFILE"] {
        command.env_remove(name);
    }
    let did = ended(command.output().unwrap());
    assert!(did.code == 0 && did.err.is_empty(), "{did:?}");
}

#[test]
fn a_session_has_lessons_in_branches() {
    let did = session(
        "let book = \"mine\"\nlearn 7\nbook.author\n:switch main\nbook\n:learn 7\n:branches\n:undo\nlearn\n",
    );
    assert_eq!((did.code, did.err.as_str()), (0, ""), "{}", did.out);
    for part in [
        "\nLesson 7 of 30: Objects\n",
        "\nnow in lesson7; :switch main goes back\n=> \"Jane Austen\"\nnow in main\n=> \"mine\"\n",
        "\nnow in lesson7_2; :switch main goes back\n",
        "  lesson7\n* lesson7_2\n  main\n",
        "  ·  7  Objects\n",
    ] {
        assert!(did.out.contains(part), "{part}\n{}", did.out);
    }
    let files = session(
        "learn 15\nfs.write(\"here.txt\", \"\")\n:switch main\nfs.exists(\"here.txt\")\nlearn 14\ntotal()\n",
    );
    assert!(files.out.contains("\n3. figs\n") && files.out.contains("=> false\n"), "{files:?}");
    assert!(files.out.ends_with("forge learn 14 runs its tests\n=> 0\nGoodbye!\n"), "{files:?}");
    let wrong = session("learn 31\n:learn x\n");
    let text =
        "error: there is no lesson 31: they are 1 to 30\nerror: 'x' is no number of a lesson\n";
    assert_eq!((wrong.code, wrong.err.as_str()), (1, text));
    // A variable of that name is meant.
    assert!(session("let learn = 3\nlearn\n").out.starts_with("=> 3\n"));
}
