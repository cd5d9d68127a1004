//! The tables themselves.

use super::*;
use crate::native::Returns;
use crate::native::Started;

#[test]
fn every_name_is_there_once() {
    let mut names = HashSet::new();
    for row in rows() {
        let is_global = row.forms.contains(&Form::Global);
        for name in [row.name].iter().chain(row.aliases) {
            assert!(names.insert((*name, is_global)), "{name}");
        }
    }
}

#[test]
fn every_row_is_documented() {
    for row in rows() {
        assert!(row.doc.ends_with('.'), "{}", row.name);
        assert!(!row.examples.is_empty() || row.name.starts_with("__"), "{}", row.name);
        assert!(!row.forms.is_empty(), "{}", row.name);
    }
}

#[test]
fn required_parameters_come_first() {
    for row in rows() {
        assert!(row.params.is_sorted_by_key(|param| !param.is_required), "{}", row.name);
        let needs_text = row.params.iter().any(|param| param.is_required);
        assert!(!needs_text || !row.requires.is_empty(), "{}", row.name);
    }
}

#[test]
fn what_reaches_outside_is_refused_to_the_sealed() {
    struct Sealed;
    impl Host for Sealed {
        fn write(&self, _: &str) -> Result<(), Fault> {
            Ok(())
        }

        fn note(&self, _: &str) {}

        fn started(&self) -> &Started {
            const SEALED: &Started =
                &Started { may_run: true, is_sealed: true, arguments: Vec::new() };
            SEALED
        }
    }
    let refused = |name: &str| {
        let row = registry().row(registry().any(name).unwrap_or_else(|| panic!("no row {name}")));
        Args::bind(row, &mut [t("a"), t("b"), t("c")], &Sealed).err().is_some_and(|fault| {
            fault.to_string().contains("may not") || fault.to_string().contains("denied")
        })
    };
    let pure = [
        "math.",
        "json.",
        "regex.",
        "url.",
        "path.",
        "time.",
        "crypto.",
        "npc.",
        "jwt.",
        "csv.parse",
        "csv.stringify",
        "toml.parse",
        "toml.stringify",
    ];
    for row in rows().filter(|row| row.forms.contains(&Form::Module)) {
        assert_eq!(
            refused(row.name),
            !pure.iter().any(|of| row.name.starts_with(of)),
            "{}",
            row.name
        );
    }
    for name in ["sh", "run_command", "pipe_to", "cd", "cwd", "which", "fetch", "__ask"] {
        assert!(refused(name), "{name}");
    }
}

#[test]
fn what_gives_back_has_a_first_argument() {
    assert!(rows().all(|row| !row.gives_back || !row.params.is_empty()));
}

#[test]
fn the_known_methods_are_those_of_the_specification() {
    let known = "map filter reduce sort reverse push pop len contains keys values enumerate split join replace find \
        flat_map has_key get pick omit merge entries from_entries starts_with ends_with upper lower trim substring \
        index_of last_index_of pad_start pad_end capitalize title repeat_str count sum min_of max_of any all unique zip \
        flatten group_by chunk slice slugify snake_case camel_case sample shuffle partition diff trim_start trim_end \
        is_empty is_numeric is_alpha is_alphanumeric char_at encode_uri decode_uri words bytes sort_by first last \
        compact take_n skip frequencies for_each";
    let known: HashSet<&str> = known.split_whitespace().collect();
    assert_eq!(known.len(), 75);
    let ours: HashSet<&str> =
        rows().filter(|row| row.forms.contains(&Form::Method)).map(|row| row.name).collect();
    assert_eq!(ours, known);
}

#[test]
fn global_names_mean_functions_and_methods_mean_methods() {
    let registry = registry();
    for name in ["upper", "lower", "trim"] {
        assert_ne!(registry.global(name), registry.method(name));
        assert_eq!(registry.any(&format!("String.{name}")), registry.method(name));
        assert_eq!(registry.intrinsic("String", name), registry.method(name));
        assert_eq!(registry.property(name), registry.method(name));
    }
    assert!(registry.global("is_empty").is_none() && registry.method("is_empty").is_some());
    assert!(registry.global("Map.set").is_none() && registry.any("Map.set").is_some());
    assert!(registry.property("char_at").is_none());
    assert!(!registry.names().any(|name| name.starts_with("__") || name.contains(['.', ':'])));
}

#[test]
fn every_prelude_function_is_documented_and_has_a_row() {
    let mut found = HashSet::new();
    for (file, text) in PRELUDE {
        let (mut previous, mut of) = ("", String::new());
        for line in text.lines() {
            if let Some(target) = line.strip_prefix("impl ") {
                of = format!("{}.", target.trim_end_matches(" {"));
            }
            let line = match of.is_empty() {
                true => line,
                false => line.strip_prefix("    ").unwrap_or(line),
            };
            if let Some((name, _)) = line.strip_prefix("fn ").and_then(|rest| rest.split_once('('))
            {
                let name = format!("{of}{name}");
                assert!(previous.starts_with("/// ") && previous.ends_with('.'), "{file}: {name}");
                assert!(registry().any(&name).is_some(), "{file}: {name}");
                assert!(found.insert(name.clone()), "{name}");
            }
            previous = line;
        }
    }
    for name in
        ["map", "filter", "reduce", "sort", "sort_by", "assert_throws", "slay", "Stream.find"]
    {
        assert!(found.contains(name), "{name}");
    }
}

#[test]
fn no_row_panics() {
    // Whatever it is called with, a row answers or fails.
    let samples = [
        Value::Null,
        Value::None,
        Value::Bool(false),
        i(-3),
        i(i64::MAX),
        i(i64::MIN),
        f(f64::NAN),
        t(""),
        t("añb%4"),
        a([]),
        a([i(1), t("x"), f(0.5), a([i(1), i(2)])]),
        Value::Tuple([i(1)].into_iter().collect()),
        Value::Set(Set::from_iter([i(1)])),
        Value::Map(Map::from_iter([(i(1), i(2))])),
        object([("a", i(1)), ("__type__", t("Option"))]),
        Value::Ok(Wrapped::new(i(1))),
        Value::Err(Wrapped::new(i(1))),
        frozen(a([i(1)])),
        frozen(Value::Set(Set::new())),
        frozen(t("x")),
    ];
    for row in rows() {
        tried(row, Vec::new());
        for first in &samples {
            tried(row, vec![first.clone()]);
            for second in &samples {
                tried(row, vec![first.clone(), second.clone()]);
                tried(row, vec![first.clone(), second.clone(), second.clone()]);
            }
        }
    }
}

/// Calls a row: what it gives is of the type that it promises.
fn tried(row: &Builtin, values: Vec<Value>) {
    let first = values.first().cloned();
    let Ok(Outcome::Value(value)) = outcome(row.name, values) else { return };
    let kind = match row.returns {
        Returns::Int => "Int",
        Returns::Float => "Float",
        Returns::String => "String",
        Returns::Bool | Returns::Is(_) => "Bool",
        Returns::Array => "Array",
        Returns::Object => "Object",
        Returns::Result => "Result",
        Returns::Some => "Option",
        Returns::Argument => first.as_ref().expect("it has an argument").kind(),
        Returns::Any | Returns::ArrayOrMap | Returns::Content | Returns::ContentOr => return,
    };
    assert_eq!(value.kind(), kind, "{}", row.name);
}

#[test]
fn the_prelude_and_the_examples_parse() {
    let examples =
        rows().flat_map(|row| row.examples.iter().map(|(program, _)| (row.name, *program)));
    for (name, text) in PRELUDE.iter().copied().chain(examples) {
        let parsed = crate::syntax::parse(crate::diag::SourceId(0), text);
        assert!(parsed.diagnostics.is_empty(), "{name}: {text}\n{:?}", parsed.diagnostics);
    }
}
