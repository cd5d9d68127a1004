//! P-8: the functions that change the wording of a text do what plain characters do.

use super::calls::*;
use super::isolation::config;
use forge::value::Value;
use proptest::prelude::*;

fn upper(c: char) -> String {
    c.to_uppercase().collect()
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(upper).unwrap_or_default();
    first + &chars.as_str().chars().flat_map(char::to_lowercase).collect::<String>()
}

fn snake_case(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (i, c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| chars[i]);
        let is_before_lower = chars.get(i + 1).is_some_and(|c| c.is_lowercase());
        if c.is_uppercase() {
            let is_start = before.is_some_and(|before| {
                before.is_lowercase()
                    || before.is_numeric()
                    || (before.is_uppercase() && is_before_lower)
            });
            out.push_str(if is_start { "_" } else { "" });
            out.extend(c.to_lowercase());
        } else {
            out.push(if " -".contains(*c) { '_' } else { *c });
        }
    }
    out
}

fn camel_case(text: &str) -> String {
    let mut parts = text.split(['_', ' ', '-']).filter(|part| !part.is_empty());
    let first = parts.next().map(str::to_lowercase).unwrap_or_default();
    first + &parts.map(capitalized).collect::<String>()
}

fn slug(text: &str) -> String {
    let text: String = text.chars().flat_map(char::to_lowercase).collect();
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// A function and what it should give.
type Model<T> = (&'static str, fn(&str) -> T);

/// What changes a text, and how.
const CHANGES: [Model<String>; 14] = [
    ("upper", |text| text.to_uppercase()),
    ("lower", |text| text.to_lowercase()),
    ("trim", |text| text.trim().to_owned()),
    ("String.upper", |text| text.to_uppercase()),
    ("String.lower", |text| text.to_lowercase()),
    ("String.trim", |text| text.trim().to_owned()),
    ("String.trim_start", |text| text.trim_start().to_owned()),
    ("String.trim_end", |text| text.trim_end().to_owned()),
    ("capitalize", capitalized),
    ("title", |text| text.split_whitespace().map(capitalized).collect::<Vec<_>>().join(" ")),
    ("snake_case", snake_case),
    ("camel_case", camel_case),
    ("slugify", slug),
    ("str", str::to_owned),
];

fn texts<'a>(parts: impl Iterator<Item = &'a str>) -> Value {
    array(parts.map(Value::text))
}

/// What asks a text, and the answer.
const QUESTIONS: [Model<Value>; 8] = [
    ("lines", |text| texts(text.lines())),
    ("String.words", |text| texts(text.split_whitespace())),
    ("String.bytes", |text| array(text.bytes().map(|byte| Value::Int(byte.into())))),
    ("String.chars", |text| array(text.chars().map(|c| Value::text(c.to_string())))),
    ("String.is_empty", |text| text.is_empty().into()),
    ("String.is_alpha", |text| (!text.is_empty() && text.chars().all(char::is_alphabetic)).into()),
    ("String.is_alphanumeric", |text| {
        (!text.is_empty() && text.chars().all(char::is_alphanumeric)).into()
    }),
    ("String.is_numeric", |text| {
        (!text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || ".-".contains(c))).into()
    }),
];

proptest! {
    #![proptest_config(config())]

    #[test]
    fn wordings_do_what_characters_do(
        text in prop_oneof!["[abZÉé日ß7 \t\r\n_.%+-]{0,14}", "[aBé7]{0,5}", "[0-9.-]{0,3}"],
        is_frozen in any::<bool>(),
    ) {
        let forge = maybe_frozen(&Value::text(text.clone()), is_frozen);
        for (name, change) in CHANGES {
            prop_assert_eq!(call(name, vec![forge.clone()]).to_string(), change(&text), "{}", name);
        }
        for (name, answer) in QUESTIONS {
            let found = call(name, vec![forge.clone()]);
            prop_assert_eq!(found.to_string(), answer(&text).to_string(), "{}", name);
        }
        let encoded = call("String.encode_uri", vec![forge]);
        let is_safe = |c: char| c.is_ascii_alphanumeric() || "-_.~%".contains(c);
        prop_assert!(encoded.to_string().chars().all(is_safe));
        prop_assert_eq!(call("String.decode_uri", vec![encoded]).to_string(), text);
    }
}
