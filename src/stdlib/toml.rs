//! `toml`: configuration files (stdlib 20).

use super::MEMBER;
use super::PURE;
use super::files::with_files;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::required;
use crate::value::Text;
use crate::value::Value;
use toml::Table;

/// Tables and arrays may be nested so deep.
const MOST_LEVELS: usize = 128;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "toml.parse",
        params: &[required("text", Kind::String)],
        returns: Returns::Object,
        requires: "a string",
        doc: "The tables of a TOML text as objects; dates and times are texts.",
        examples: &[(r#"say toml.parse("[server]\nport = 80").server.port"#, "80")],
        work: Work::Arguments,
        run: |args| Ok(parsed(args.str(0))?.into()),
        ..PURE
    },
    Builtin {
        name: "toml.stringify",
        params: &[required("value", Kind::Any)],
        returns: Returns::String,
        requires: "a value",
        doc: "An object as TOML. A field that is null is left out.",
        examples: &[("print(toml.stringify({ port: 80 }))", "port = 80")],
        work: Work::Parts,
        run: stringify,
        ..PURE
    },
    Builtin {
        name: "toml.read",
        params: &[required("path", Kind::String)],
        returns: Returns::Object,
        requires: "a file path string",
        doc: "The tables of a TOML file as objects.",
        examples: &[(
            "fs.write(\"/tmp/forge-example.toml\", \"a = 1\")\nsay toml.read(\"/tmp/forge-example.toml\")\nfs.remove(\"/tmp/forge-example.toml\")",
            "{ \"a\": 1 }",
        )],
        run: read,
        ..MEMBER
    },
];

fn parsed(text: &str) -> Result<Value, Fault> {
    match text.parse::<Table>() {
        Ok(table) => Ok(object(table)),
        Err(error) => fail(format!("TOML parse error: {error}")),
    }
}

fn object(table: Table) -> Value {
    let fields = table.into_iter().map(|(name, value)| (Text::from(name), of_toml(value)));
    Value::Object(fields.collect())
}

/// A value of a text, which the parser keeps from being nested too deep.
fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(value) => Value::Int(value),
        toml::Value::Float(value) => Value::Float(value),
        toml::Value::Boolean(value) => Value::Bool(value),
        toml::Value::Datetime(at) => at.to_string().into(),
        toml::Value::Array(items) => Value::array(items.into_iter().map(of_toml).collect()),
        toml::Value::Table(table) => object(table),
    }
}

fn read(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let path = args.str(0).to_owned();
    with_files(move |files| match std::fs::read_to_string(files.locate(&path)?) {
        Ok(text) => parsed(&text),
        Err(error) => fail(format!("file read error: {error}")),
    })
}

fn stringify(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let value = to_toml(args.get(0), MOST_LEVELS)?;
    match toml::to_string_pretty(&value) {
        Ok(text) => Ok(text.into()),
        Err(error) => fail(format!("TOML stringify error: {error}")),
    }
}

fn to_toml(value: &Value, levels: usize) -> Result<toml::Value, Fault> {
    if levels == 0 {
        return fail("TOML stringify error: recursion limit exceeded");
    }
    let item = |item: &Value| to_toml(item, levels - 1);
    let entry = |(key, value): (&str, &Value)| match value.thawed() {
        Value::Null | Value::None => None,
        value => Some(item(value).map(|value| (key.to_owned(), value))),
    };
    Ok(match value.thawed() {
        Value::Bool(value) => toml::Value::Boolean(*value),
        Value::Int(value) => toml::Value::Integer(*value),
        Value::Float(value) => toml::Value::Float(*value),
        Value::Str(text) => toml::Value::String(text.to_string()),
        Value::Array(list) | Value::Tuple(list) => {
            toml::Value::Array(list.iter().map(item).collect::<Result<_, _>>()?)
        }
        Value::Set(set) => toml::Value::Array(set.iter().map(item).collect::<Result<_, _>>()?),
        Value::Object(object) => {
            let fields = object.iter().map(|(key, value)| (key.as_str(), value));
            toml::Value::Table(fields.filter_map(entry).collect::<Result<_, _>>()?)
        }
        Value::Map(map) => {
            let entries: Option<Vec<(&str, &Value)>> = map
                .iter()
                .map(|(key, value)| match key.thawed() {
                    Value::Str(key) => Some((key.as_str(), value)),
                    _ => None,
                })
                .collect();
            let Some(entries) = entries else { return cannot(value) };
            toml::Value::Table(entries.into_iter().filter_map(entry).collect::<Result<_, _>>()?)
        }
        other => return cannot(other),
    })
}

fn cannot<T>(value: &Value) -> Result<T, Fault> {
    fail(format!("cannot convert {value} to TOML"))
}
