//! `env`: the environment variables of the calling task (stdlib 9).

mod dotenv;

use super::MEMBER;
use super::blocking::on_pool;
use super::files::Files;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Caller;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::fail;
use crate::native::optional;
use crate::native::required;
use crate::native::with_caller;
use crate::value::Text;
use crate::value::Value;

/// The file that is read unless a program names one.
const DEFAULT: &str = ".env";

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "env.get",
        params: &[required("key", Kind::String), optional("default", Kind::Any)],
        requires: "a string key",
        doc: "An environment variable; the default, or else null, when there is none.",
        examples: &[(r#"say env.get("NO_SUCH_VARIABLE", 8080)"#, "8080")],
        run: get,
        ..MEMBER
    },
    Builtin {
        name: "env.set",
        params: &[required("key", Kind::String), required("value", Kind::String)],
        requires: "(key, value) strings",
        doc: "Sets an environment variable for this task, the tasks that it starts and the programs that they run.",
        examples: &[("env.set(\"MODE\", \"test\")\nsay env.get(\"MODE\")", "test")],
        run: set,
        ..MEMBER
    },
    Builtin {
        name: "env.keys",
        returns: Returns::Array,
        doc: "The names of all environment variables.",
        examples: &[("env.set(\"MODE\", \"test\")\nsay contains(env.keys(), \"MODE\")", "true")],
        run: |_| {
            with(|caller| {
                let all = caller.surroundings().variables();
                Ok(Value::array(all.iter().map(|(name, _)| Value::Str(name.clone())).collect()))
            })
        },
        ..MEMBER
    },
    Builtin {
        name: "env.has",
        params: &[required("key", Kind::String)],
        returns: Returns::Bool,
        requires: "a string key",
        doc: "Whether there is an environment variable of that name.",
        examples: &[(r#"say env.has("NO_SUCH_VARIABLE")"#, "false")],
        run: |args| {
            let key = args.str(0).to_owned();
            with(move |caller| Ok(caller.surroundings().variable(&key).is_some().into()))
        },
        ..MEMBER
    },
    Builtin {
        name: "env.load",
        params: &[optional("path", Kind::String)],
        returns: Returns::Bool,
        doc: "Sets the variables of a file, `.env` unless given, that are not set yet. The file is looked for in the working \
              directory and in those around it. False when there is no `.env` that can be read.",
        examples: &[(
            "fs.write(\"/tmp/forge-example.env\", \"GREETING='hello there'\\n\")\nenv.load(\"/tmp/forge-example.env\")\nsay env.get(\"GREETING\")\nfs.remove(\"/tmp/forge-example.env\")",
            "hello there",
        )],
        run: load,
        ..MEMBER
    },
    Builtin {
        name: "env.all",
        returns: Returns::Object,
        doc: "All environment variables: their names and values.",
        examples: &[("env.set(\"MODE\", \"test\")\nsay env.all().MODE", "test")],
        run: |_| with(|caller| Ok(Value::Object(caller.surroundings().variables()))),
        ..MEMBER
    },
];

/// Goes on where the caller's surroundings can be seen.
fn with(
    work: impl FnOnce(&mut Caller<'_>) -> Result<Value, Fault> + Send + 'static,
) -> Result<Outcome, Fault> {
    with_caller(move |caller| work(caller).map(Outcome::Value))
}

fn get(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (key, default) = (args.str(0).to_owned(), args.take_as_is(1));
    with(move |caller| Ok(caller.surroundings().variable(&key).map_or(default, Value::Str)))
}

fn set(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (key, value) = (args.str(0).to_owned(), args.str(1).to_owned());
    // A process could not be given it.
    if key.is_empty() || key.contains(['=', '\0']) {
        return fail(format!("env.set() invalid variable name: '{key}'"));
    }
    if value.contains('\0') {
        return fail(format!("env.set() invalid value for '{key}': it contains a NUL character"));
    }
    with(move |caller| {
        caller.surroundings().set_variable(&Text::from(key), value.into());
        Ok(Value::Null)
    })
}

fn load(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let path = match args.given(0) {
        Some(Value::Str(path)) => path.to_string(),
        _ => DEFAULT.to_owned(),
    };
    with_caller(move |caller| {
        let files = Files::of(caller);
        let name = path.clone();
        let read = async move {
            let read = on_pool(move || read(&files, &name)).await?;
            Ok(read?.map_or(Value::Null, Value::from))
        };
        Ok(Outcome::WaitThen(
            Box::pin(read),
            Box::new(move |text, caller| apply(&path, &text, caller).map(Outcome::Value)),
        ))
    })
}

/// Sets what the text of the file at `path` says, if there is one.
fn apply(path: &str, text: &Value, caller: &mut Caller<'_>) -> Result<Value, Fault> {
    let applied = match text {
        Value::Str(text) => {
            let before = caller.surroundings().clone();
            let known = |name: &str| before.variable(name).map(|value| value.to_string());
            dotenv::load(text, known, |name, value| {
                if caller.surroundings().variable(name).is_none() {
                    caller.surroundings().set_variable(&Text::from(name), value.into());
                }
            })
        }
        _ => fail("path not found"),
    };
    match applied {
        Ok(()) => Ok(true.into()),
        Err(_) if path == DEFAULT => Ok(false.into()),
        Err(fault) => fail(format!("env.load() error: {fault}")),
    }
}

/// The text of the file, which is in the working directory or in one around it.
fn read(files: &Files, path: &str) -> Result<Option<String>, Fault> {
    let Ok(folder) = files.folder() else { return Ok(None) };
    for folder in folder.ancestors() {
        let place = folder.join(path);
        if !place.is_file() {
            continue;
        }
        let located = match place.to_str() {
            Some(place) => files.locate(place)?,
            None => return Ok(None),
        };
        return Ok(std::fs::read_to_string(located).ok());
    }
    Ok(None)
}
