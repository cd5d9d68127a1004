//! `fs`: files and folders (stdlib 2). What touches the disk does so on the blocking pool.

mod names;
mod work;

pub(super) use names::basename;
pub(super) use names::dirname;
pub(super) use names::part;

use super::MEMBER;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;

const PATH: &[Param] = &[required("path", Kind::String)];
const CONTENT: &[Param] = &[required("path", Kind::String), required("content", Kind::Any)];

/// A function of the path of a file.
const OF_FILE: Builtin = Builtin { params: PATH, requires: "a file path string", ..MEMBER };

/// A function of any path.
const OF_PATH: Builtin = Builtin { params: PATH, requires: "a path string", ..MEMBER };

/// A function of the path of a folder.
const OF_FOLDER: Builtin = Builtin { params: PATH, requires: "a directory path string", ..MEMBER };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "fs.read",
        returns: Returns::String,
        doc: "The whole text of a file.",
        examples: &[(
            "fs.write(\"/tmp/forge-example-1\", \"hello\")\nsay fs.read(\"/tmp/forge-example-1\")\nfs.remove(\"/tmp/forge-example-1\")",
            "hello",
        )],
        run: work::read,
        ..OF_FILE
    },
    Builtin {
        name: "fs.write",
        params: CONTENT,
        requires: "(path, content) strings",
        doc: "Makes a text, or the bytes of `{ type: \"binary\", data: HEX }`, the content of a file. The file is \
              replaced at once: nobody sees half of it.",
        examples: &[(
            "fs.write(\"/tmp/forge-example-2\", \"one\\ntwo\\n\")\nsay fs.lines(\"/tmp/forge-example-2\")\nfs.remove(\"/tmp/forge-example-2\")",
            "[one, two]",
        )],
        work: Work::Arguments,
        run: work::write,
        ..MEMBER
    },
    Builtin {
        name: "fs.append",
        params: CONTENT,
        requires: "(path, content) strings",
        doc: "Adds a text, or the bytes of `{ type: \"binary\", data: HEX }`, to the end of a file, which is made if it is \
              missing.",
        examples: &[(
            "fs.append(\"/tmp/forge-example-3\", \"a\")\nfs.append(\"/tmp/forge-example-3\", \"b\")\nsay fs.read(\"/tmp/forge-example-3\")\nfs.remove(\"/tmp/forge-example-3\")",
            "ab",
        )],
        work: Work::Arguments,
        run: work::append,
        ..MEMBER
    },
    Builtin {
        name: "fs.exists",
        returns: Returns::Bool,
        doc: "Whether there is something at a path; links are followed.",
        examples: &[(r#"say fs.exists("/no/such/file")"#, "false")],
        run: |args| work::ask(args, |path| path.exists()),
        ..OF_FILE
    },
    Builtin {
        name: "fs.list",
        returns: Returns::Array,
        doc: "The names of what is in a folder, sorted.",
        examples: &[(
            "fs.mkdir(\"/tmp/forge-example-4/b\")\nfs.write(\"/tmp/forge-example-4/a.txt\", \"\")\nsay fs.list(\"/tmp/forge-example-4\")\nfs.remove(\"/tmp/forge-example-4\")",
            "[a.txt, b]",
        )],
        run: work::list,
        ..OF_FOLDER
    },
    Builtin {
        name: "fs.remove",
        doc: "Removes a file, or a folder with all that is in it. A link is removed, not what it leads to.",
        examples: &[(
            "fs.write(\"/tmp/forge-example-5\", \"\")\nfs.remove(\"/tmp/forge-example-5\")\nsay fs.exists(\"/tmp/forge-example-5\")",
            "false",
        )],
        run: work::remove,
        ..OF_FILE
    },
    Builtin {
        name: "fs.mkdir",
        doc: "Makes a folder and those that it is in; it is no error when it is there.",
        examples: &[(
            "fs.mkdir(\"/tmp/forge-example-6/a/b\")\nsay fs.is_dir(\"/tmp/forge-example-6/a/b\")\nfs.remove(\"/tmp/forge-example-6\")",
            "true",
        )],
        run: work::mkdir,
        ..OF_FOLDER
    },
    Builtin {
        name: "fs.copy",
        params: &[required("source", Kind::String), required("destination", Kind::String)],
        returns: Returns::Int,
        requires: "(source, destination) strings",
        doc: "Copies a file with its permissions over another; how many bytes it has.",
        examples: &[(
            "fs.write(\"/tmp/forge-example-7\", \"four\")\nsay fs.copy(\"/tmp/forge-example-7\", \"/tmp/forge-example-8\")\nfs.remove(\"/tmp/forge-example-7\")\nfs.remove(\"/tmp/forge-example-8\")",
            "4",
        )],
        run: work::copy,
        ..MEMBER
    },
    Builtin {
        name: "fs.rename",
        params: &[required("old", Kind::String), required("new", Kind::String)],
        requires: "(old_path, new_path) strings",
        doc: "Gives a file or folder another name, on the same disk; a file of that name is replaced.",
        examples: &[(
            "fs.write(\"/tmp/forge-example-9\", \"x\")\nfs.rename(\"/tmp/forge-example-9\", \"/tmp/forge-example-10\")\nsay fs.read(\"/tmp/forge-example-10\")\nfs.remove(\"/tmp/forge-example-10\")",
            "x",
        )],
        run: work::rename,
        ..MEMBER
    },
    Builtin {
        name: "fs.size",
        returns: Returns::Int,
        doc: "How many bytes a file has.",
        examples: &[(
            "fs.write(\"/tmp/forge-example-11\", \"four\")\nsay fs.size(\"/tmp/forge-example-11\")\nfs.remove(\"/tmp/forge-example-11\")",
            "4",
        )],
        run: work::size,
        ..OF_FILE
    },
    Builtin {
        name: "fs.ext",
        returns: Returns::String,
        doc: "What stands behind the last dot of a file's name; empty when there is none.",
        examples: &[(r#"say [fs.ext("a.tar.gz"), fs.ext(".bashrc")]"#, "[gz, ]")],
        run: |args| Ok(part(args.str(0), names::ext).into()),
        ..OF_FILE
    },
    Builtin {
        name: "fs.read_json",
        doc: "The value of a JSON file.",
        examples: &[(
            "fs.write_json(\"/tmp/forge-example-12\", { a: [1] })\nsay fs.read_json(\"/tmp/forge-example-12\").a\nfs.remove(\"/tmp/forge-example-12\")",
            "[1]",
        )],
        run: work::read_json,
        ..OF_FILE
    },
    Builtin {
        name: "fs.write_json",
        params: &[required("path", Kind::String), required("value", Kind::Any)],
        requires: "(path, value)",
        doc: "Writes a value as JSON, a line for each element, into a file.",
        examples: &[(
            "fs.write_json(\"/tmp/forge-example-13\", [1])\nsay fs.lines(\"/tmp/forge-example-13\")\nfs.remove(\"/tmp/forge-example-13\")",
            "[[,   1, ]]",
        )],
        work: Work::Parts,
        run: work::write_json,
        ..MEMBER
    },
    Builtin {
        name: "fs.lines",
        returns: Returns::Array,
        doc: "The lines of a file, without what ends them.",
        examples: &[(
            "fs.write(\"/tmp/forge-example-14\", \"a\\r\\nb\\n\")\nsay fs.lines(\"/tmp/forge-example-14\")\nfs.remove(\"/tmp/forge-example-14\")",
            "[a, b]",
        )],
        run: work::lines,
        ..OF_FILE
    },
    Builtin {
        name: "fs.dirname",
        returns: Returns::String,
        doc: "The path of the folder that something is in.",
        examples: &[(r#"say fs.dirname("/a/b/c.txt")"#, "/a/b")],
        run: |args| Ok(part(args.str(0), names::dirname).into()),
        ..OF_PATH
    },
    Builtin {
        name: "fs.basename",
        returns: Returns::String,
        doc: "The last name of a path.",
        examples: &[(r#"say fs.basename("/a/b/c.txt")"#, "c.txt")],
        run: |args| Ok(part(args.str(0), names::basename).into()),
        ..OF_PATH
    },
    Builtin {
        name: "fs.join_path",
        params: &[
            required("a", Kind::String),
            required("b", Kind::String),
            optional("more", Kind::String),
        ],
        returns: Returns::String,
        requires: "two path strings",
        doc: "Two or more paths, one below the other; an absolute one begins anew.",
        examples: &[(r#"say fs.join_path("a", "b", "c.txt")"#, "a/b/c.txt")],
        run: names::join,
        ..MEMBER
    },
    Builtin {
        name: "fs.is_dir",
        returns: Returns::Bool,
        doc: "Whether a path leads to a folder.",
        examples: &[(r#"say fs.is_dir("/tmp")"#, "true")],
        run: |args| work::ask(args, |path| path.is_dir()),
        ..OF_PATH
    },
    Builtin {
        name: "fs.is_file",
        returns: Returns::Bool,
        doc: "Whether a path leads to a file.",
        examples: &[(r#"say fs.is_file("/tmp")"#, "false")],
        run: |args| work::ask(args, |path| path.is_file()),
        ..OF_PATH
    },
    Builtin {
        name: "fs.temp_dir",
        returns: Returns::String,
        doc: "The folder for temporary files: `TMPDIR`, or else `/tmp`.",
        examples: &[("env.set(\"TMPDIR\", \"/var/tmp\")\nsay fs.temp_dir()", "/var/tmp")],
        run: work::temp_dir,
        ..MEMBER
    },
];
