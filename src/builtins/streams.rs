//! Lazy streams (builtins 5): what makes them, and the checks of what drains them; `prelude/streams.fg` goes on.
//!
//! The receiver is the first argument. Error texts have the plain name of the method: `map() requires one argument`.

use super::INTERNAL;
use super::fail;
use super::intrinsics::one_argument;
use super::intrinsics::plain_name;
use super::prelude;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::optional;
use crate::native::required;
use crate::program::BinaryOp;
use crate::value::Recipe;
use crate::value::Stream;
use crate::value::Value;

/// What the rows have in common: they pull nothing, or as the prelude goes on.
const METHOD: Builtin = Builtin {
    params: &[required("stream", Kind::Stream)],
    requires: "a stream",
    work: Work::Little,
    ..INTERNAL
};

const WITH_FUNCTION: &[Param] =
    &[required("stream", Kind::Stream), optional("function", Kind::Function)];
const WITH_COUNT: &[Param] = &[required("stream", Kind::Stream), optional("count", Kind::Int)];
const WITH_STREAM: &[Param] = &[required("stream", Kind::Stream), optional("other", Kind::Stream)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "Any.stream",
        params: &[required("items", Kind::Any)],
        requires: "a collection or a text",
        doc: "A stream of the elements of an array, a tuple or a set, of the entries of a map as tuples, or of the \
              characters of a text.",
        examples: &[
            ("say [1, 2, 3].stream().map(fn(x) { x * x }).collect()", "[1, 4, 9]"),
            (r#"say map([("a", 1)]).stream().first()"#, "Some((a, 1))"),
        ],
        run: stream,
        ..METHOD
    },
    Builtin {
        name: "Stream.filter",
        params: WITH_FUNCTION,
        doc: "A stream of the elements for which the function gives something truthy.",
        examples: &[("say [1, 2, 3].stream().filter(fn(x) { x > 1 }).collect()", "[2, 3]")],
        run: |args| with_function(args, Recipe::Filter),
        ..METHOD
    },
    Builtin {
        name: "Stream.map",
        params: WITH_FUNCTION,
        doc: "A stream of what the function gives for each element.",
        examples: &[("say [1, 2].stream().map(fn(x) { x * 10 }).collect()", "[10, 20]")],
        run: |args| with_function(args, Recipe::Map),
        ..METHOD
    },
    Builtin {
        name: "Stream.take",
        params: WITH_COUNT,
        doc: "A stream of at most so many elements; it pulls no further.",
        examples: &[(
            "let s = [1, 2, 3].stream()\nsay s.take(2).collect()\nsay s.collect()",
            "[1, 2]\n[3]",
        )],
        run: |args| with_count(args, Recipe::Take),
        ..METHOD
    },
    Builtin {
        name: "Stream.skip",
        params: WITH_COUNT,
        doc: "A stream without the first so many elements, which the first pull drops.",
        examples: &[("say [1, 2, 3].stream().skip(2).collect()", "[3]")],
        run: |args| with_count(args, Recipe::Skip),
        ..METHOD
    },
    Builtin {
        name: "Stream.chain",
        params: WITH_STREAM,
        doc: "A stream of all elements of this one, then all of the other.",
        examples: &[("say [1].stream().chain([2, 3].stream()).collect()", "[1, 2, 3]")],
        run: |args| with_stream(args, Recipe::Chain),
        ..METHOD
    },
    Builtin {
        name: "Stream.zip",
        params: WITH_STREAM,
        doc: "A stream of tuples with an element of each side; it ends with the shorter side.",
        examples: &[(r#"say [1, 2, 3].stream().zip("ab".stream()).collect()"#, "[(1, a), (2, b)]")],
        run: |args| with_stream(args, Recipe::Zip),
        ..METHOD
    },
    Builtin {
        name: "Stream.enumerate",
        doc: "A stream of tuples `(number, element)`, counted from 0.",
        examples: &[(r#"say "ab".stream().enumerate().collect()"#, "[(0, a), (1, b)]")],
        run: |args| {
            alone(args)?;
            made(Recipe::Enumerate(receiver(args)), 0)
        },
        ..METHOD
    },
    Builtin {
        name: "Stream.collect",
        returns: Returns::Array,
        doc: "An array of the remaining elements.",
        examples: &[("let s = [1, 2].stream()\nsay s.collect()\nsay s.collect()", "[1, 2]\n[]")],
        run: drained,
        ..METHOD
    },
    Builtin {
        name: "Stream.to_array",
        returns: Returns::Array,
        doc: "The same as `collect`.",
        examples: &[("say (1, 2).stream().to_array()", "[1, 2]")],
        run: drained,
        ..METHOD
    },
    Builtin {
        name: "Stream.count",
        returns: Returns::Int,
        doc: "How many elements remain.",
        examples: &[("say [7, 8].stream().count()", "2")],
        run: drained,
        ..METHOD
    },
    Builtin {
        name: "Stream.first",
        doc: "`Some` of the next element, or `None`.",
        examples: &[("let s = [7].stream()\nsay s.first()\nsay s.first()", "Some(7)\nNone")],
        run: drained,
        ..METHOD
    },
    Builtin {
        name: "Stream.reduce",
        params: &[
            required("stream", Kind::Stream),
            optional("initial", Kind::Any),
            optional("function", Kind::Function),
        ],
        doc: "Folds the remaining elements with `function(result_so_far, element)`.",
        examples: &[("say [1, 2, 3].stream().reduce(10, fn(acc, x) { acc + x })", "16")],
        run: |args| match args.len() {
            3 => prelude(args),
            _ => fail("reduce() requires (initial, function)"),
        },
        ..METHOD
    },
    Builtin {
        name: "Stream.sum",
        doc: "The sum of the remaining numbers: an Int if all are Ints and it fits, else a Float; 0 without any.",
        examples: &[("say [1, 2, 3.5].stream().sum()", "6.5")],
        run: drained,
        ..METHOD
    },
    Builtin {
        name: "Stream.find",
        params: WITH_FUNCTION,
        doc: "`Some` of the first element for which the function gives something truthy, or `None`.",
        examples: &[(
            "let s = [1, 2, 3].stream()\nsay s.find(fn(x) { x > 1 })\nsay s.collect()",
            "Some(2)\n[3]",
        )],
        run: drained_with,
        ..METHOD
    },
    Builtin {
        name: "Stream.any",
        params: WITH_FUNCTION,
        returns: Returns::Bool,
        doc: "Whether the function gives something truthy for some element.",
        examples: &[("say [1, 2].stream().any(fn(x) { x > 1 })", "true")],
        run: drained_with,
        ..METHOD
    },
    Builtin {
        name: "Stream.all",
        params: WITH_FUNCTION,
        returns: Returns::Bool,
        doc: "Whether the function gives something truthy for every element.",
        examples: &[("say [1, 2].stream().all(fn(x) { x > 1 })", "false")],
        run: drained_with,
        ..METHOD
    },
    Builtin {
        name: "Stream.for_each",
        params: WITH_FUNCTION,
        doc: "Calls the function with each remaining element.",
        examples: &[("[1, 2].stream().for_each(println)", "1\n2")],
        run: drained_with,
        ..METHOD
    },
    Builtin {
        name: "__sum",
        params: &[required("total", Kind::Number), required("element", Kind::Any)],
        requires: "(a number, an element)",
        doc: "The total of a stream's `sum` with one more element.",
        run: |args| match args.get(1) {
            Value::Int(_) | Value::Float(_) => {
                Ok(BinaryOp::Add.apply(args.get(0), args.get(1))?.into())
            }
            other => fail(format!("sum() expects numeric values, got {}", other.kind())),
        },
        ..METHOD
    },
];

/// A new stream; `count` is how many elements it takes or skips.
fn made(recipe: Recipe, count: i64) -> Result<Outcome, Fault> {
    Ok(Outcome::InWorld(Box::new(move |caller| {
        let cursor = caller.world.cell(recipe.start(count));
        Ok(Value::from(Stream::new(recipe, cursor)).into())
    })))
}

fn stream(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    alone(args)?;
    match args.take(0) {
        items @ (Value::Array(_)
        | Value::Tuple(_)
        | Value::Set(_)
        | Value::Map(_)
        | Value::Str(_)) => made(Recipe::Items(items), 0),
        other => fail(format!("stream() not supported on {}", other.kind())),
    }
}

fn with_function(
    args: &mut Args<'_>,
    recipe: fn(Stream, Value) -> Recipe,
) -> Result<Outcome, Fault> {
    one_argument(args)?;
    let function = args.take_as_is(1);
    made(recipe(receiver(args), function), 0)
}

fn with_count(args: &mut Args<'_>, recipe: fn(Stream) -> Recipe) -> Result<Outcome, Fault> {
    one_argument(args)?;
    let name = plain_name(args);
    match args.get(1) {
        Value::Int(count) if *count < 0 => fail(format!("{name}() argument must be non-negative")),
        Value::Int(count) => {
            let count = *count;
            made(recipe(receiver(args)), count)
        }
        _ => fail(format!("{name}() argument must be an integer")),
    }
}

fn with_stream(
    args: &mut Args<'_>,
    recipe: fn(Stream, Stream) -> Recipe,
) -> Result<Outcome, Fault> {
    one_argument(args)?;
    match args.take(1) {
        Value::Stream(other) => made(recipe(receiver(args), other), 0),
        other => fail(format!("{}() expects a Stream, got {}", plain_name(args), other.kind())),
    }
}

/// The prelude goes on if there is no argument.
fn drained(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    alone(args)?;
    prelude(args)
}

/// The prelude goes on if there is one argument.
fn drained_with(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    one_argument(args)?;
    prelude(args)
}

fn alone(args: &Args<'_>) -> Result<(), Fault> {
    match args.len() {
        1 => Ok(()),
        _ => fail(format!("{}() takes no arguments", plain_name(args))),
    }
}

/// The stream that the method is called on.
fn receiver(args: &mut Args<'_>) -> Stream {
    match args.take(0) {
        Value::Stream(stream) => stream,
        other => unreachable!("the row asks for a stream, not for {other:?}"),
    }
}
