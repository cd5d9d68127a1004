//! Output, conversions and texts.

use super::*;

#[test]
fn output_is_joined_by_spaces() {
    let host = Recorder::default();
    for name in ["print", "println", "yell"] {
        let row = registry().row(registry().global(name).unwrap());
        let mut values = [t("ß"), i(1)];
        let mut args = Args::bind(row, &mut values, &host).unwrap();
        assert!((row.run)(&mut args).is_ok());
    }
    assert_eq!(*host.0.lock().unwrap(), "ß 1ß 1\nSS 1\n");
}

#[test]
fn conversions_take_what_they_can_read() {
    assert_eq!(shown("int", vec![t("+5")]), "5");
    assert_eq!(shown("int", vec![f(1e30)]), i64::MAX.to_string());
    assert_eq!(shown("int", vec![f(f64::NAN)]), "0");
    assert_eq!(shown("int", vec![t(" 4 ")]), "cannot convert ' 4 ' to Int");
    assert_eq!(shown("int", vec![t("1_000")]), "cannot convert '1_000' to Int");
    assert_eq!(shown("int", vec![]), "int() requires number, bool, or string");
    assert_eq!(shown("float", vec![t("1.")]), "1");
    assert_eq!(shown("float", vec![t("Infinity")]), "inf");
    assert_eq!(shown("float", vec![t(" 1.5 ")]), "cannot convert ' 1.5 ' to Float");
    assert_eq!(shown("float", vec![Value::Null]), "float() requires number or string");
    assert_eq!(shown("float", vec![Value::Bool(true)]), "1");
    assert_eq!(shown("str", vec![]), "");
    assert_eq!(shown("type", vec![]), "typeof() requires an argument");
    assert_eq!(shown("typeof", vec![frozen(i(1))]), "Int");
}

#[test]
fn text_positions_count_characters() {
    assert_eq!(shown("len", vec![t("日本語")]), "3");
    assert_eq!(shown("index_of", vec![t("日本語"), t("語")]), "2");
    assert_eq!(shown("index_of", vec![t("日本語"), t("")]), "0");
    assert_eq!(shown("last_index_of", vec![t("日本"), t("")]), "2");
    assert_eq!(shown("last_index_of", vec![t("日本日"), t("日")]), "2");
    assert_eq!(shown("substring", vec![t("日本語"), i(1)]), "本語");
    assert_eq!(shown("substring", vec![t("hello"), i(3), i(1)]), "");
    assert_eq!(shown("substring", vec![t("hello"), i(9)]), "");
    assert_eq!(shown("substring", vec![t("hello"), i(-1)]), "");
    assert_eq!(shown("substring", vec![t("hello"), i(1), i(-1)]), "ello");
    assert_eq!(shown("substring", vec![t("hello"), i(1), t("x")]), "ello");
    assert_eq!(shown("substring", vec![t("hello")]), "substring() requires (string, start, end?)");
    assert_eq!(shown("substring", vec![i(1)]), "substring() requires a string as first argument");
    assert_eq!(shown("slice", vec![t("日本語"), i(-2)]), "本語");
    assert_eq!(shown("pad_start", vec![t("é"), i(3), t("→x")]), "→→é");
    assert_eq!(shown("pad_end", vec![t("é"), i(3), t("")]), "é  ");
    assert_eq!(shown("pad_start", vec![t("abc"), i(-9)]), "abc");
    assert_eq!(
        shown("pad_start", vec![t("abc"), i(i64::MAX)]),
        "pad_start() makes a text that is too long"
    );
    assert_eq!(shown("String.char_at", vec![t("日本"), i(1)]), "本");
    assert_eq!(shown("String.char_at", vec![t("日本"), i(2)]), "null");
    assert_eq!(shown("String.char_at", vec![t("a")]), "char_at() requires an integer index");
}

#[test]
fn texts_split_and_join() {
    assert_eq!(shown("split", vec![t(""), t("")]), "[]");
    assert_eq!(shown("len", vec![call("split", vec![t(""), t(",")]).unwrap()]), "1");
    assert_eq!(shown("split", vec![t("añ"), t("")]), "[a, ñ]");
    assert_eq!(shown("split", vec![t("a")]), "split() requires (string, delimiter_string)");
    assert_eq!(shown("join", vec![a([i(1), Value::Null])]), "1null");
    assert_eq!(shown("join", vec![a([]), i(1)]), "join() requires (array[, separator_string])");
    assert_eq!(shown("replace", vec![t("ab"), t(""), t("-")]), "-a-b-");
    assert_eq!(shown("count", vec![t("ab"), t("")]), "3");
    assert_eq!(shown("lines", vec![t("")]), "[]");
    assert_eq!(shown("lines", vec![t("\n\n")]), "[, ]");
    assert_eq!(shown("lines", vec![t("a\r\nb\rc")]), "[a, b\rc]");
    assert_eq!(shown("repeat_str", vec![t("a"), i(0)]), "");
    assert_eq!(shown("repeat_str", vec![t("a"), i(-1)]), "repeat_str() count must be non-negative");
    assert_eq!(shown("String.is_numeric", vec![t("")]), "false");
    assert_eq!(shown("String.is_numeric", vec![t("1-.2")]), "true");
}

#[test]
fn names_of_text_methods_are_unknown_elsewhere() {
    let method = |name: &str, receiver: Value| {
        let row = registry().row(registry().method(name).unwrap());
        let mut values = [receiver];
        let host = Recorder::default();
        let mut args = Args::bind(row, &mut values, &host).unwrap();
        (row.run)(&mut args).err().unwrap().to_string()
    };
    assert_eq!(method("upper", i(5)), "unknown method 'upper'");
    assert_eq!(method("is_empty", i(5)), "unknown method 'is_empty'");
    assert_eq!(shown("upper", vec![i(5)]), "upper() requires a string");
    assert_eq!(shown("is_empty", vec![a([])]), "true");
}
