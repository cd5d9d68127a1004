//! `csv`: tables as texts (stdlib 14).

mod read;
mod write;

use super::MEMBER;
use super::PURE;
use super::files::with_files;
use super::write::write as write_file;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::required;
use crate::value::Value;

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "csv.parse",
        params: &[required("text", Kind::String)],
        returns: Returns::Array,
        requires: "a string",
        doc: "The rows of a table as objects; the first line names their fields. Numbers and Bools are taken for such.",
        examples: &[(r#"say csv.parse("k,v\na,1")"#, "[{ \"k\": \"a\", \"v\": 1 }]")],
        work: Work::Arguments,
        run: |args| Ok(read::rows(args.str(0)).into()),
        ..PURE
    },
    Builtin {
        name: "csv.stringify",
        params: &[required("rows", Kind::Array)],
        returns: Returns::String,
        requires: "an array of objects",
        doc: "A table of objects; the fields of the first are the columns.",
        examples: &[(r#"print(csv.stringify([{ k: "a, b", v: 1 }]))"#, "k,v\n\"a, b\",1")],
        work: Work::Parts,
        run: |args| Ok(write::table(args.list(0))?.into()),
        ..PURE
    },
    Builtin {
        name: "csv.read",
        params: &[required("path", Kind::String)],
        returns: Returns::Array,
        requires: "a file path",
        doc: "The rows of a file; the inverse of `csv.write`.",
        examples: &[(
            "csv.write(\"/tmp/forge-example.csv\", [{ n: 1 }])\nsay csv.read(\"/tmp/forge-example.csv\")\nfs.remove(\"/tmp/forge-example.csv\")",
            "[{ \"n\": 1 }]",
        )],
        run: read_file,
        ..MEMBER
    },
    Builtin {
        name: "csv.write",
        params: &[required("path", Kind::String), required("rows", Kind::Array)],
        requires: "(path, array)",
        doc: "Writes the table of some objects into a file.",
        examples: &[(
            "csv.write(\"/tmp/forge-example-2.csv\", [{ n: 1 }])\nsay fs.lines(\"/tmp/forge-example-2.csv\")\nfs.remove(\"/tmp/forge-example-2.csv\")",
            "[n, 1]",
        )],
        work: Work::Parts,
        run: write_rows,
        ..MEMBER
    },
];

fn read_file(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let path = args.str(0).to_owned();
    with_files(move |files| match std::fs::read_to_string(files.locate(&path)?) {
        Ok(text) => Ok(read::rows(&text)),
        Err(error) => fail(format!("csv.read error: {error}")),
    })
}

fn write_rows(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let (path, text) = (args.str(0).to_owned(), write::table(args.list(1))?);
    with_files(move |files| match write_file(&files.locate(&path)?, text.as_bytes()) {
        Ok(()) => Ok(Value::Null),
        Err(error) => fail(format!("csv.write error: {error}")),
    })
}
