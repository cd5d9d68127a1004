//! `env`: the environment variables of the calling task (stdlib 9).

use super::MEMBER;
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
use crate::value::Text;
use crate::value::Value;

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
    Ok(Outcome::InWorld(Box::new(move |caller| work(caller).map(Outcome::Value))))
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
        caller.surroundings().set_variable(&Text::new(key), value.into());
        Ok(Value::Null)
    })
}
