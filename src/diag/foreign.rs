//! Names and habits of other languages, and what stands for them here.

use super::Operation;

/// Methods and properties with what may be meant by them; the first that a value has is.
const MEMBERS: &[(&str, &[&str])] = &[
    ("append", &["push", "add"]),
    ("add", &["push"]),
    ("at", &["get", "char_at"]),
    ("charAt", &["char_at"]),
    ("concat", &["push", "merge"]),
    ("containsKey", &["has", "has_key"]),
    ("count", &["len"]),
    ("distinct", &["unique"]),
    ("each", &["for_each"]),
    ("extend", &["push", "merge"]),
    ("fold", &["reduce"]),
    ("has", &["has_key", "contains"]),
    ("hasOwnProperty", &["has_key"]),
    ("includes", &["contains", "has"]),
    ("insert", &["add", "set", "push"]),
    ("items", &["entries", "to_array"]),
    ("length", &["len"]),
    ("lowercase", &["lower"]),
    ("lstrip", &["trim_start"]),
    ("map_values", &["map"]),
    ("max", &["max_of"]),
    ("min", &["min_of"]),
    ("put", &["set"]),
    ("repeat", &["repeat_str"]),
    ("replaceAll", &["replace"]),
    ("rstrip", &["trim_end"]),
    ("size", &["len"]),
    ("some", &["any"]),
    ("every", &["all"]),
    ("strip", &["trim"]),
    ("substr", &["substring"]),
    ("take", &["take_n"]),
    ("toLowerCase", &["lower"]),
    ("toString", &["str"]),
    ("toUpperCase", &["upper"]),
    ("to_lowercase", &["lower"]),
    ("to_string", &["str"]),
    ("to_uppercase", &["upper"]),
    ("uniq", &["unique"]),
    ("uppercase", &["upper"]),
    ("decode", &["parse"]),
    ("dump", &["write_json", "stringify"]),
    ("dumps", &["stringify"]),
    ("encode", &["stringify"]),
    ("findall", &["find_all"]),
    ("getenv", &["get"]),
    ("load", &["read_json", "parse"]),
    ("loads", &["parse"]),
    ("match", &["find", "test"]),
    ("randint", &["random_int"]),
    ("readFile", &["read"]),
    ("readFileSync", &["read"]),
    ("search", &["find"]),
    ("sub", &["replace"]),
    ("unlink", &["remove"]),
    ("write_text", &["write"]),
    ("read_text", &["read"]),
    ("writeFile", &["write"]),
    ("writeFileSync", &["write"]),
];

/// What may be meant by a method or property of another language.
pub(super) fn members(name: &str) -> &'static [&'static str] {
    MEMBERS.iter().find(|(foreign, _)| *foreign == name).map_or(&[], |(_, ours)| *ours)
}

/// Names that are there without a declaration elsewhere.
const WORDS: &[(&str, &str)] = &[
    ("nil", NULL),
    ("NULL", NULL),
    ("Null", NULL),
    ("undefined", NULL),
    ("nullptr", NULL),
    ("True", "the truth values are 'true' and 'false'"),
    ("TRUE", "the truth values are 'true' and 'false'"),
    ("False", "the truth values are 'true' and 'false'"),
    ("FALSE", "the truth values are 'true' and 'false'"),
    ("console", "say prints a line: say \"x is {x}\""),
    ("printf", "say prints a line: say \"x is {x}\""),
    ("echo", "say prints a line: say \"x is {x}\""),
    ("Math", "the module is called 'math'"),
    ("JSON", "the module is called 'json'"),
    ("Date", "the module 'time' tells the time: time.now()"),
    ("process", "see the modules 'env' and 'os'"),
    ("require", "write import { name } from \"file\""),
    ("parseInt", "int(text) makes a number of a text"),
    ("Number", "int(text) and float(text) make numbers of a text"),
    ("parseFloat", "float(text) makes a number of a text"),
    ("toString", "str(value) makes a text of a value"),
    ("String", "str(value) makes a text of a value"),
    ("string", "str(value) makes a text of a value"),
    ("strlen", "len(text) counts its characters"),
    ("sizeof", "len(value) counts its elements"),
    ("size", "len(value) counts its elements"),
    ("format", "braces in a text take expressions: \"x is {x}\""),
    ("sprintf", "braces in a text take expressions: \"x is {x}\""),
    ("isinstance", "typeof(value) tells the type of a value"),
    ("dict", "an object is written { key: value }, a Map is made by map()"),
    ("open", "the module 'fs' reads and writes files: fs.read(path)"),
    ("this", SELF),
    ("self", SELF),
    ("setTimeout", "wait 2 seconds waits; schedule after 2 seconds { ... } goes on meanwhile"),
    ("function", LAMBDA),
    ("lambda", LAMBDA),
    ("new", "an object is made without 'new': NAME { field: value }"),
    ("module", "every top-level name of a file can be imported"),
    ("exports", "every top-level name of a file can be imported"),
    ("pass", "a block may be empty: { }"),
    ("in", "contains(list, value) tells whether a value is in a list"),
    ("foreach", "write for x in list { ... }"),
    ("end", "a block ends with '}'"),
    ("elif", "write 'else if'"),
    ("Map", "map() makes a Map"),
    ("Set", "set([1, 2]) makes a Set"),
    ("max", "math.max(a, b), or max_of(list)"),
    ("min", "math.min(a, b), or min_of(list)"),
    ("Exception", "use bruh(\"message\") or return an Err value"),
    ("Error", "use bruh(\"message\") or return an Err value"),
    ("sleep", "write wait 2 seconds"),
    ("panic", "use bruh(\"message\") or return an Err value"),
    ("die", "use bruh(\"message\"), or exit(1)"),
    ("super", "there is no inheritance: a struct may hold another one"),
    ("with", "files need no closing: fs.read(path)"),
    ("as", "int(value), float(value) and str(value) convert"),
    ("readline", "input() reads a line: input(\"name? \")"),
    ("raw_input", "input() reads a line: input(\"name? \")"),
    ("gets", "input() reads a line: input(\"name? \")"),
    ("__name__", "a program runs from its first line to its last; what is imported runs, too"),
    ("stdin", "input() is all of standard input: input().lines()"),
    ("setInterval", EVERY),
    ("cron", EVERY),
    ("render", PAGE),
    ("render_template", PAGE),
    ("template", PAGE),
    ("round", "math.round(x) is the nearest Int; math.round(x * 100.0) / 100.0 keeps two digits"),
    ("goto", "loops are left with 'break', functions with 'return'"),
];

/// For `counts[word] += 1`.
pub(super) const NO_KEY: &str =
    "get(object, key, default) reads a key that may be missing: get(counts, word, 0) + 1";
/// For `a?.b` of other languages.
pub(super) const NO_RESULT: &str =
    "there is no '?.'; where something may be missing, get(object, \"a.b\", default) reads it";
const EVERY: &str = "schedule every 5 minutes { ... } repeats a block";
const PAGE: &str = "braces in a text take expressions; html(text) answers with a page";
const LAMBDA: &str = "a function without a name is written fn(x) { x * 2 } or |x| x * 2";
const NULL: &str = "what is not there is null";
const SELF: &str = "a method names its object as its first parameter: fn area(self) { ... }";

/// What stands for a name of another language.
pub(super) fn word(name: &str) -> Option<&'static str> {
    WORDS.iter().find(|(foreign, _)| *foreign == name).map(|(_, hint)| *hint)
}

/// What may have been meant by an operation that there is not.
pub(super) fn operation(operation: &Operation) -> Option<&'static str> {
    Some(match (operation.op, operation.left, operation.right) {
        ("Mod", "String", _) => "braces in a text take expressions: \"x is {x}\"",
        ("Mul", "String", _) | ("Mul", _, "String") => "repeat_str(text, times) repeats a text",
        ("Add", "Array", "Array") => "[...a, ...b] joins arrays",
        ("Add", "Array", _) => "[...list, value] adds a value to a list",
        ("Add", "Object", "Object") => "{ ...a, ...b } joins objects",
        ("Lt" | "Gt" | "LtEq" | "GtEq", "Bool", _) => "comparisons are not chained: a < b && b < c",
        (_, "String", "Int" | "Float") | (_, "Int" | "Float", "String") => {
            "int(text) and float(text) make numbers of a text"
        }
        _ => return None,
    })
}

/// How to get at what may have been meant by the element `by` of a value of the kind `of`.
pub(super) fn element(of: &str, by: &str) -> Option<&'static str> {
    Some(match (of, by) {
        ("Array" | "String" | "Tuple", "String") => "elements have numbers, from 0: list[0]",
        ("Array" | "String", "Array") => "slice(list, start, end) takes a part",
        ("Object", "Int") => "fields have names: object.name or object[\"name\"]",
        ("Null", _) => "what is indexed is null",
        ("Result", _) => "take the value out first: with 'match', '?' or unwrap_or",
        ("Option", _) => "take the value out first: with 'match' or unwrap_or",
        ("TaskHandle", _) => "wait for its result first: await",
        ("BuiltIn" | "Function" | "Lambda", _) => "a call has parentheses: f(x)",
        ("Set" | "Stream", _) => "to_array() makes an array of it",
        _ => return None,
    })
}

/// How to get at what may have been meant by a field of a value that has no fields.
pub(super) fn field_of(name: &str, kind: &str) -> Option<String> {
    Some(match kind {
        "Result" => "take the value out first: with 'match', '?' or unwrap_or".to_owned(),
        "Option" => "take the value out first: with 'match' or unwrap_or".to_owned(),
        "TaskHandle" => "wait for its result first: await".to_owned(),
        "Map" => format!("the entry of a Map is read with [\"{name}\"] or get(\"{name}\")"),
        _ => return None,
    })
}
