//! `forge doc NAME`: help from the rows of builtins and modules.

use super::failed;
use super::printed;
use super::run;

#[test]
fn doc_tells_what_a_builtin_does() {
    let told = "starts_with(text: String, prefix: String) → Bool  ·  text.starts_with(prefix: String) → Bool

  Whether the text begins with `prefix`. Every text begins with the empty one.
  Otherwise: starts_with() requires (string, prefix_string)

    say starts_with(\"forge\", \"fo\")
    // prints: true
";
    assert_eq!(run(&["doc", "starts_with"]), printed(&told.replace('`', "")));
}

#[test]
fn doc_finds_aliases_methods_of_one_kind_and_members_of_modules() {
    let begins = |name: &str, line: &str| {
        let ended = run(&["doc", name]);
        assert_eq!((ended.code, ended.out.lines().next()), (0, Some(line)), "{name}");
    };
    begins("type", "typeof(value) → String  ·  type");
    begins("Set.has", "set.has(value?)");
    begins("math.sqrt", "math.sqrt(x: Int | Float) → Float");
    begins("math", "math");
    begins("len", "len(collection) → Int  ·  collection.len() → Int");
    let both = run(&["doc", "has"]).out;
    assert!(both.contains("map.has(key?)") && both.contains("set.has(value?)"), "{both}");
}

#[test]
fn doc_without_a_name_lists_all() {
    let list = run(&["doc"]);
    assert_eq!(list.code, 0);
    for entry in forge::builtins::entries().iter().filter(|it| it.name.starts_with("par_")) {
        assert!(list.out.contains(&entry.name) && !entry.signature.is_empty());
    }
    assert!(list.out.starts_with("Texts\n  camel_case capitalize "), "{}", list.out);
}

#[test]
fn doc_of_an_unknown_name_fails_and_says_what_may_be_meant() {
    let text = "error: there is no 'pusj'. Did you mean 'push'?\n";
    assert_eq!(run(&["doc", "pusj"]), failed(text));
    assert_eq!(
        run(&["doc", "zzzzz"]),
        failed("error: there is no 'zzzzz'. `forge doc` lists all names\n")
    );
    assert_eq!(run(&["doc", "__fail"]).code, 1);
}
