//! The working directory, running other programs (builtins 12, stdlib 16). These rows are globals.

use super::blocking::blocking;
use super::blocking::on_pool;
use super::files::Files;
use super::files::with_files;
use super::programs::Place;
use super::programs::output;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::GLOBAL;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Permission;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::native::with_caller;
use crate::value::Text;
use crate::value::Value;
use crate::value::from_json;
use std::io;
use std::path::PathBuf;
use std::process::Output;
use tokio::process::Command;

const COMMAND: &[Param] = &[required("command", Kind::String)];

/// What runs a command in the shell.
const SHELL: Builtin = Builtin {
    params: COMMAND,
    requires: "a command string",
    needs: Some(Permission::Run),
    work: Work::Little,
    ..GLOBAL
};

/// What examples print where nobody has given the permission.
const DENIED: &str =
    "error: Shell execution denied. Use --allow-run to enable sh/shell/run_command.";

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "sh",
        returns: Returns::String,
        doc: "Runs a command in the shell; what it wrote to its standard output, without the white space at the end. That it \
              failed is no error. Needs `--allow-run`.",
        examples: &[(r#"sh("echo hello")"#, DENIED)],
        run: |args| run(args, "sh", |output| Ok(text(&output.stdout).into())),
        ..SHELL
    },
    Builtin {
        name: "shell",
        returns: Returns::Object,
        doc: "Runs a command in the shell; an object with `stdout`, `stderr`, `status` and `ok`. Needs `--allow-run`.",
        examples: &[(r#"shell("ls").ok"#, DENIED)],
        run: |args| run(args, "shell", |output| Ok(report(&output))),
        ..SHELL
    },
    Builtin {
        name: "sh_lines",
        returns: Returns::Array,
        doc: "Runs a command in the shell; the lines that it wrote, without empty ones. Needs `--allow-run`.",
        examples: &[(r#"sh_lines("ls")"#, DENIED)],
        run: |args| run(args, "sh_lines", |output| Ok(lines(&output))),
        ..SHELL
    },
    Builtin {
        name: "sh_json",
        doc: "Runs a command in the shell; the value of the JSON that it wrote. Needs `--allow-run`.",
        examples: &[(r#"sh_json("cat data.json")"#, DENIED)],
        run: |args| run(args, "sh_json", json),
        ..SHELL
    },
    Builtin {
        name: "sh_ok",
        returns: Returns::Bool,
        doc: "Runs a command in the shell; whether it succeeded. Needs `--allow-run`.",
        examples: &[(r#"sh_ok("true")"#, DENIED)],
        run: |args| run(args, "sh_ok", |output| Ok(output.status.success().into())),
        ..SHELL
    },
    Builtin {
        name: "pipe_to",
        params: &[required("data", Kind::String), required("command", Kind::String)],
        returns: Returns::Object,
        requires: "(data_string, command_string)",
        doc: "Runs a command in the shell with a text as its standard input; an object like that of `shell`. Needs \
              `--allow-run`.",
        examples: &[(r#"pipe_to("b\na\n", "sort")"#, DENIED)],
        work: Work::Arguments,
        run: pipe_to,
        ..SHELL
    },
    Builtin {
        name: "run_command",
        params: &[required("command", Kind::String), optional("arguments", Kind::Array)],
        returns: Returns::Object,
        doc: "Runs a program without a shell: the words of the text, or a program with an array of arguments; an object like \
              that of `shell`. Needs `--allow-run`.",
        examples: &[(r#"run_command("git", ["log", "-1"])"#, DENIED)],
        work: Work::Parts,
        run: run_command,
        ..SHELL
    },
    Builtin {
        name: "which",
        params: &[required("name", Kind::String)],
        requires: "a command name",
        doc: "The path of the program that a command name means; null when there is none.",
        examples: &[(r#"say which("sh") != null"#, "true")],
        work: Work::Little,
        run: which,
        needs: Some(Permission::Outside),
        ..GLOBAL
    },
    Builtin {
        name: "cwd",
        returns: Returns::String,
        doc: "The working directory of this task.",
        examples: &[("cd(\"/\")\nsay cwd()", "/")],
        work: Work::Little,
        run: |_| {
            with_files(|files| Ok(files.folder().or_else(failed("cwd"))?.display().to_string()))
        },
        needs: Some(Permission::Outside),
        ..GLOBAL
    },
    Builtin {
        name: "cd",
        params: &[required("path", Kind::String)],
        returns: Returns::String,
        requires: "a path string",
        doc: "Changes the working directory of this task, of the tasks that it starts and of the programs that they run; \
              gives the path.",
        examples: &[("say cd(\"/\")", "/")],
        work: Work::Little,
        run: cd,
        needs: Some(Permission::Outside),
        ..GLOBAL
    },
];

/// `NAME error: DETAIL`
fn failed<T>(name: &str) -> impl FnOnce(io::Error) -> Result<T, Fault> {
    move |error| fail(format!("{name} error: {error}"))
}

/// Runs the command that is the first argument in the shell.
fn run(
    args: &mut Args<'_>,
    name: &'static str,
    result: fn(Output) -> Result<Value, Fault>,
) -> Result<Outcome, Fault> {
    let command = args.str(0).to_owned();
    started(name, move |place| place.shell(&command), None, result)
}

fn pipe_to(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (data, command) = (Text::from(args.str(0)), args.str(1).to_owned());
    started("pipe_to", move |place| place.shell(&command), Some(data), |output| Ok(report(&output)))
}

fn run_command(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let command = args.str(0);
    let words: Vec<String> = match args.given(1) {
        Some(Value::Array(list)) => {
            let rest = list.iter().map(Value::to_text);
            std::iter::once(Ok(command.to_owned())).chain(rest).collect::<Result<_, _>>()?
        }
        _ => command.split_whitespace().map(str::to_owned).collect(),
    };
    if words.first().is_none_or(|program| program.trim().is_empty()) {
        return fail("run_command() requires a non-empty command");
    }
    let program = move |place: &Place| {
        let mut command = place.program(&words[0]);
        command.args(&words[1..]);
        command
    };
    started("command", program, None, |output| Ok(report(&output)))
}

/// Runs what `command` makes where the caller is; what prevents it follows `NAME error: `.
fn started(
    name: &'static str,
    command: impl FnOnce(&Place) -> Command + Send + 'static,
    input: Option<Text>,
    result: fn(Output) -> Result<Value, Fault>,
) -> Result<Outcome, Fault> {
    with_caller(move |caller| {
        let command = command(&Place::of(caller));
        Ok(Outcome::Wait(Box::pin(async move {
            result(output(command, input).await.or_else(failed(name))?)
        })))
    })
}

/// Output as text, without the white space at its end.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim_end().to_owned()
}

fn report(output: &Output) -> Value {
    let status = output.status.code().unwrap_or(-1);
    let fields = [
        ("stdout", text(&output.stdout).into()),
        ("stderr", text(&output.stderr).into()),
        ("status", Value::Int(i64::from(status))),
        ("ok", output.status.success().into()),
    ];
    Value::Object(fields.map(|(name, value)| (Text::from(name), value)).into_iter().collect())
}

fn lines(output: &Output) -> Value {
    let text = text(&output.stdout);
    Value::array(text.lines().filter(|line| !line.is_empty()).map(Value::from).collect())
}

fn json(output: Output) -> Result<Value, Fault> {
    from_json(text(&output.stdout).as_bytes())
        .or_else(|error| fail(format!("sh_json parse error: {error}")))
}

fn which(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let name = args.str(0).to_owned();
    with_caller(move |caller| {
        let files = Files::of(caller);
        let paths = caller.surroundings().variable("PATH");
        Ok(blocking(move || {
            let folder = files.folder().or_else(failed("which"))?;
            let found = which::which_in(&name, paths.as_ref().map(|paths| paths.as_str()), folder);
            Ok(found.map_or(Value::Null, |path| path.display().to_string().into()))
        }))
    })
}

fn cd(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let path = args.str(0).to_owned();
    with_caller(move |caller| {
        let files = Files::of(caller);
        let to = path.clone();
        let entered = async move {
            let folder = on_pool(move || entered(&files, &to)).await?.or_else(failed("cd"))?;
            Ok(folder.display().to_string().into())
        };
        Ok(Outcome::WaitThen(
            Box::pin(entered),
            Box::new(|folder, caller| {
                caller.surroundings().set_folder(folder.to_string().into());
                Ok(path.into())
            }),
        ))
    })
}

/// The full path of a directory that can be entered.
fn entered(files: &Files, path: &str) -> io::Result<PathBuf> {
    // Nothing is no path, although beside the current folder it would be that one.
    let path = if path.is_empty() { PathBuf::new() } else { files.absolute(path) };
    let folder = path.canonicalize()?;
    std::fs::read_dir(&folder)?;
    Ok(folder)
}
