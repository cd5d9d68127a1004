//! `path`: paths as texts, and what they lead to (stdlib 18).

use super::CONSTANT;
use super::PURE;
use super::files::with_files;
use super::fs::basename;
use super::fs::dirname;
use super::fs::part;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::value::Value;
use std::ffi::OsStr;
use std::path::Component;
use std::path::MAIN_SEPARATOR_STR;
use std::path::Path;
use std::path::PathBuf;

/// Their kinds are checked here: the failures of this module say which argument is wrong.
const PATH: &[Param] = &[optional("path", Kind::Any)];

const OF_PATH: Builtin = Builtin { params: PATH, work: Work::Parts, ..PURE };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "path.join",
        params: &[optional("parts", Kind::Any)],
        returns: Returns::String,
        doc: "Any number of paths, one below the other; an absolute one begins anew.",
        examples: &[(r#"say path.join("out", "a", "b.txt")"#, "out/a/b.txt")],
        run: |args| {
            let texts = texts(args, args.len())?;
            Ok(shown(&texts.iter().collect::<PathBuf>()).into())
        },
        ..OF_PATH
    },
    Builtin {
        name: "path.resolve",
        returns: Returns::String,
        doc: "The full path of something that exists, without links.",
        examples: &[(r#"say path.resolve("/usr/../usr/bin/..")"#, "/usr")],
        run: resolve,
        ..OF_PATH
    },
    Builtin {
        name: "path.relative",
        params: &[optional("from", Kind::Any), optional("to", Kind::Any)],
        returns: Returns::String,
        doc: "The way from a folder to something else; both exist.",
        examples: &[(r#"say path.relative("/usr/bin", "/usr/lib")"#, "../lib")],
        run: relative,
        ..OF_PATH
    },
    Builtin {
        name: "path.is_absolute",
        returns: Returns::Bool,
        doc: "Whether a path begins at the root.",
        examples: &[(r#"say path.is_absolute("/etc") && !path.is_absolute("etc")"#, "true")],
        run: |args| Ok(Path::new(&texts(args, 1)?[0]).is_absolute().into()),
        ..OF_PATH
    },
    Builtin {
        name: "path.dirname",
        returns: Returns::String,
        doc: "The path of the folder that something is in.",
        examples: &[(r#"say path.dirname("/a/b/c.txt")"#, "/a/b")],
        run: |args| texts(args, 1).map(|texts| part(&texts[0], dirname).into()),
        ..OF_PATH
    },
    Builtin {
        name: "path.basename",
        returns: Returns::String,
        doc: "The last name of a path.",
        examples: &[(r#"say path.basename("/a/b/c.txt")"#, "c.txt")],
        run: |args| texts(args, 1).map(|texts| part(&texts[0], basename).into()),
        ..OF_PATH
    },
    Builtin {
        name: "path.extname",
        returns: Returns::String,
        doc: "The last dot of a file's name and what stands behind it; empty when there is none.",
        examples: &[(r#"say path.extname("a.tar.gz")"#, ".gz")],
        run: |args| {
            let texts = texts(args, 1)?;
            let extension = Path::new(&texts[0]).extension().and_then(OsStr::to_str);
            Ok(extension.map_or(String::new(), |extension| format!(".{extension}")).into())
        },
        ..OF_PATH
    },
    Builtin {
        name: "path.separator",
        returns: Returns::String,
        doc: "What stands between the names of a path on this system.",
        examples: &[("say path.separator", "/")],
        run: |_| Ok(MAIN_SEPARATOR_STR.into()),
        ..CONSTANT
    },
];

/// The first `count` arguments.
fn texts(args: &Args<'_>, count: usize) -> Result<Vec<String>, Fault> {
    let name = args.name();
    if args.len() < count {
        return fail(format!("{name}() requires at least {count} argument(s)"));
    }
    let text = |i: usize| match args.get(i) {
        Value::Str(text) => Ok(text.to_string()),
        other => {
            fail(format!("{name}() argument {} must be a string, got {}", i + 1, other.kind()))
        }
    };
    (0..count).map(text).collect()
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn resolve(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let path = texts(args, 1)?.remove(0);
    with_files(move |files| match files.locate(&path)?.canonicalize() {
        Ok(full) => Ok(shown(&full)),
        Err(error) => fail(format!("path.resolve('{path}') failed: {error}")),
    })
}

fn relative(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let ends = texts(args, 2)?;
    with_files(move |files| {
        let full = |path: &String| match files.locate(path)?.canonicalize() {
            Ok(full) => Ok(full),
            Err(error) => fail(format!("path.relative(): cannot resolve '{path}': {error}")),
        };
        Ok(shown(&between(&full(&ends[0])?, &full(&ends[1])?)))
    })
}

/// The way between two full paths.
fn between(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let up = from.components().skip(common).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to.components().skip(common)).collect();
    if way.as_os_str().is_empty() { PathBuf::from(".") } else { way }
}
