//! Functions on arrays that call functions back on all cores (builtins 22): the arguments are checked here,
//! `prelude/parallel.fg` goes on, and the machine runs the parts, each on a fork of the caller's world.

use super::GLOBAL;
use super::INTERNAL;
use super::fail;
use super::prelude;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::InParallel;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::required;
use crate::value::Value;

const ARRAY_AND_FUNCTION: &[Param] =
    &[required("array", Kind::Array), required("function", Kind::Function)];

/// What the rows have in common.
const PARALLEL: Builtin = Builtin {
    params: ARRAY_AND_FUNCTION,
    requires: "(array, function)",
    work: Work::Little,
    run: prelude,
    ..GLOBAL
};

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "par_map",
        returns: Returns::Array,
        doc: "Like `map`, on all cores: parts of the array at once, each on a fork of the caller's variables. The function \
              sees them as they are at the call; what it assigns stays its own, and so do the variables of a function \
              that it gives back. The first failure in the order of the array is raised.",
        examples: &[
            ("say par_map([1, 2, 3], fn(x) { x * x })", "[1, 4, 9]"),
            ("let mut n = 0\npar_map([1, 2], fn(x) { n = n + x })\nsay n", "0"),
        ],
        ..PARALLEL
    },
    Builtin {
        name: "par_filter",
        returns: Returns::Array,
        doc: "Like `filter`, on all cores, as `par_map` has it.",
        examples: &[("say par_filter([1, 2, 3], fn(x) { x > 1 })", "[2, 3]")],
        ..PARALLEL
    },
    Builtin {
        name: "par_each",
        doc: "Like `for_each`, on all cores and in any order, as `par_map` has it.",
        examples: &[(
            "let ch = channel()\npar_each([1, 2], fn(x) { send(ch, x) })\nsay receive(ch) + receive(ch)",
            "3",
        )],
        ..PARALLEL
    },
    Builtin {
        name: "__in_parallel",
        params: &[
            required("part", Kind::String),
            required("array", Kind::Array),
            required("function", Kind::Function),
        ],
        requires: "(name, array, function)",
        doc: "What the prelude function of that name gives for each part of an array and a function.",
        run: in_parallel,
        ..INTERNAL
    },
    Builtin {
        name: "__verdicts",
        params: ARRAY_AND_FUNCTION,
        requires: "(array, function)",
        doc: "Whether the function gives something truthy, for each element.",
        work: Work::Little,
        run: prelude,
        ..INTERNAL
    },
    Builtin {
        name: "__picked",
        params: &[required("array", Kind::Array), required("verdicts", Kind::Array)],
        requires: "two arrays",
        doc: "The elements of an array at whose place there is something truthy in another.",
        run: picked,
        ..INTERNAL
    },
];

fn in_parallel(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let part = ["map", "for_each", "__verdicts"].into_iter().find(|part| *part == args.str(0));
    let Some(part) = part else {
        return fail(format!("there is no part of par_map called '{}'", args.str(0)));
    };
    let (items, function) = (args.take_list(1), args.take(2));
    Ok(Outcome::InParallel(InParallel { part, items, function }))
}

fn picked(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let both = args.list(0).iter().zip(args.list(1));
    let kept = both.filter(|(_, verdict)| verdict.is_truthy()).map(|(item, _)| item.clone());
    Ok(Value::array(kept.collect()).into())
}
