//! The work of builtins, as their rows have it.

use super::super::registry;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Work;
use crate::value::List;
use crate::value::Map;
use crate::value::Object;
use crate::value::Set;
use crate::value::Text;
use crate::value::Value;

const LIMIT: usize = 1_000_000;

/// Rows of modules that only pass on a path, a name or an address: what it stands for is done elsewhere, on the pool of
/// threads that may block or by a server.
const ELSEWHERE: &[&str] = &[
    "cd",
    "csv.read",
    "db.migrate",
    "db.open",
    "env.get",
    "env.has",
    "env.load",
    "env.set",
    "fs.basename",
    "fs.copy",
    "fs.dirname",
    "fs.exists",
    "fs.ext",
    "fs.is_dir",
    "fs.is_file",
    "fs.join_path",
    "fs.lines",
    "fs.list",
    "fs.mkdir",
    "fs.read",
    "fs.read_json",
    "fs.remove",
    "fs.rename",
    "fs.size",
    "mysql.begin",
    "mysql.close",
    "mysql.commit",
    "mysql.connect",
    "mysql.last_insert_id",
    "mysql.migrate",
    "mysql.rollback",
    "pg.connect",
    "pg.migrate",
    "sh",
    "sh_json",
    "sh_lines",
    "sh_ok",
    "shell",
    "sql.begin",
    "sql.close",
    "sql.commit",
    "sql.kind",
    "sql.migrate",
    "sql.open",
    "sql.rollback",
    "toml.read",
    "which",
    "ws.close",
    "ws.connect",
    "ws.receive",
];

/// Rows that take the same time for collections of any size: they look at one element, or a prelude function goes on.
const LITTLE: &[&str] = &[
    "par_map",
    "par_filter",
    "par_each",
    "__verdicts",
    "io.args_get",
    "io.args_has",
    "term.progress",
    "time",
    "time.now",
    "time.parse",
    "time.format",
    "time.diff",
    "time.add",
    "time.sub",
    "time.zone",
    "time.zones",
    "time.is_before",
    "time.is_after",
    "time.start_of",
    "time.end_of",
    "time.date",
    "time.is_weekend",
    "time.is_weekday",
    "time.day_of_week",
    "time.days_in_month",
    "time.is_leap_year",
    "npc.pick",
    "Any.stream",
    "Stream.reduce",
    "__sum",
    "Err",
    "Map.len",
    "Ok",
    "Some",
    "__between",
    "__fail",
    "__is_empty",
    "all",
    "any",
    "assert",
    "assert_throws",
    "await_all",
    "await_timeout",
    "bet",
    "bruh",
    "close",
    "cook",
    "filter",
    "find",
    "first",
    "flat_map",
    "for_each",
    "ghost",
    "group_by",
    "html",
    "ick",
    "is_empty",
    "is_err",
    "is_none",
    "is_ok",
    "is_some",
    "last",
    "partition",
    "pop",
    "push",
    "receive",
    "reduce",
    "select",
    "send",
    "slay",
    "sort_by",
    "try_receive",
    "try_send",
    "typeof",
    "unwrap",
    "unwrap_or",
    "yolo",
];

fn steps(name: &str, args: &[Value]) -> usize {
    let row = registry().row(registry().any(name).unwrap());
    row.work.steps(args, LIMIT)
}

fn ints(len: i64) -> Value {
    Value::array((0..len).map(Value::Int).collect())
}

/// A value of this kind with so many parts.
fn sized(kind: Kind, len: i64) -> Value {
    match kind {
        Kind::String => Value::text("a".repeat(len as usize)),
        Kind::Array | Kind::Any => ints(len),
        Kind::Object => Value::Object(
            (0..len).map(|i| (Text::from(format!("k{i}")), Value::Int(i))).collect::<Object>(),
        ),
        Kind::Set => Value::Set((0..len).map(Value::Int).collect::<Set>()),
        Kind::Map => {
            let mut map = Map::new();
            (0..len).for_each(|i| map.set(Value::Int(i), Value::Int(i)));
            Value::Map(map)
        }
        Kind::Int | Kind::Number => Value::Int(len / 2),
        Kind::Bool => Value::Bool(true),
        Kind::Function | Kind::Stream => Value::Null,
    }
}

/// Whether the work of a call grows a hundred times with its arguments: all of them, or those that must be there.
/// `any` is what a first and a further parameter get that take anything.
fn grows(row: &Builtin, all: bool, any: (Kind, Kind)) -> bool {
    let chosen = row.params.iter().filter(|param| all || param.is_required);
    let kinds = chosen.map(|param| param.kind).filter(|kind| *kind != Kind::Function);
    let kinds: Vec<Kind> = kinds
        .enumerate()
        .map(|(i, kind)| match kind {
            Kind::Any if i == 0 => any.0,
            Kind::Any => any.1,
            kind => kind,
        })
        .collect();
    let steps = |len| {
        let args: Vec<Value> = kinds.iter().map(|kind| sized(*kind, len)).collect();
        row.work.steps(&args, LIMIT)
    };
    steps(100_000) >= 100 * steps(100).max(1)
}

#[test]
fn work_grows_with_the_arguments() {
    let mut wrong = Vec::new();
    for row in registry().rows() {
        if let Work::Little = row.work {
            continue;
        }
        let is_number = |kind| matches!(kind, Kind::Int | Kind::Number);
        let is_sized = row.params.iter().any(|param| !is_number(param.kind));
        // What takes anything means collections, or texts, or a collection and a number.
        let any =
            [(Kind::Array, Kind::Array), (Kind::String, Kind::String), (Kind::Array, Kind::Int)];
        let grows =
            [true, false].into_iter().any(|all| any.iter().any(|any| grows(row, all, *any)));
        if is_sized && !grows {
            wrong.push(row.name);
        }
    }
    assert!(wrong.is_empty(), "their work does not grow: {wrong:?}");
}

#[test]
fn little_work_is_chosen_knowingly() {
    let is_sized = |kind| {
        matches!(
            kind,
            Kind::Any | Kind::String | Kind::Array | Kind::Object | Kind::Set | Kind::Map
        )
    };
    let little = registry().rows().iter().filter(|row| matches!(row.work, Work::Little));
    let sized = little.filter(|row| row.params.iter().any(|param| is_sized(param.kind)));
    let names = sized.map(|row| row.name);
    let unknown: Vec<&str> =
        names.filter(|name| !LITTLE.contains(name) && !ELSEWHERE.contains(name)).collect();
    assert!(unknown.is_empty(), "large arguments, little work? {unknown:?}");
}

#[test]
fn numbers_of_elements_count() {
    let int = Value::Int;
    assert_eq!(steps("range", &[int(1000)]), 1000);
    assert_eq!(steps("range", &[int(0), int(1000), int(-10)]), 100);
    assert_eq!(steps("range", &[int(i64::MIN), int(i64::MAX)]), usize::MAX);
    assert_eq!(steps("repeat_str", &[Value::text("ab"), int(800)]), 100);
    assert_eq!(steps("repeat_str", &[Value::text("ab"), int(-1)]), 0);
    assert_eq!(steps("pad_start", &[Value::text("a"), int(1599)]), 100);
    assert_eq!(steps("replace", &["aaaa", "a", &"b".repeat(16)].map(Value::text)), 4);
    assert_eq!(steps("sample", &[ints(3), int(70)]), 70);
    assert_eq!(steps("take_n", &[ints(1000), int(3)]), 3);
    assert_eq!(steps("skip", &[ints(1000), int(990)]), 10);
    assert_eq!(steps("slice", &[ints(1000), int(-10)]), 10);
    assert_eq!(steps("slice", &[ints(1000), int(5), int(8)]), 3);
    assert_eq!(steps("flatten", &[Value::array(vec![ints(10), ints(20)])]), 32);
}

#[test]
fn sorting_takes_more_than_its_elements() {
    assert!(steps("sort", &[ints(1 << 16)]) > 30 << 16);
    assert_eq!(steps("sort", &[ints(1 << 16), Value::Null]), 0, "the comparator pays");
}

#[test]
fn what_is_inside_counts() {
    let nested = Value::array(vec![Value::array(vec![ints(10_000)])]);
    assert!(steps("str", std::slice::from_ref(&nested)) > 10_000);
    assert!(steps("assert_eq", &[nested.clone(), nested.clone()]) > 20_000);
    let key = Value::Tuple([nested].into_iter().collect::<List>());
    assert!(steps("Set.has", &[Value::Null, key]) > 10_000);
    assert_eq!(steps("Set.has", &[Value::Null, Value::Int(1)]), 0);
    assert_eq!(steps("len", &[ints(10_000)]), 0);
    assert_eq!(steps("len", &[Value::text("a".repeat(1600))]), 100);
    assert_eq!(steps("print", &[Value::Int(1), Value::Bool(true)]), 0);
}
