//! Ways of writing words (builtins 10.1).

use super::METHOD;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Param;
use crate::native::Returns;
use crate::native::required;

const TEXT: &[Param] = &[required("text", Kind::String)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "capitalize",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "The first character in upper case, the rest in lower case.",
        examples: &[(r#"say capitalize("fORGE")"#, "Forge")],
        run: |args| Ok(capitalize(args.str(0)).into()),
        ..METHOD
    },
    Builtin {
        name: "title",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "Every word capitalized, with one space between words.",
        examples: &[(r#"say title("the  o'neil-x")"#, "The O'neil-x")],
        run: |args| Ok(title(args.str(0)).into()),
        ..METHOD
    },
    Builtin {
        name: "slugify",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "The letters and digits in lower case, with `-` for what is between them.",
        examples: &[(r#"say slugify(" Hello, World! ")"#, "hello-world")],
        run: |args| Ok(slugify(args.str(0)).into()),
        ..METHOD
    },
    Builtin {
        name: "snake_case",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "The words in lower case with `_` between them.",
        examples: &[(r#"say snake_case("XMLHttp Request")"#, "xml_http_request")],
        run: |args| Ok(snake_case(args.str(0)).into()),
        ..METHOD
    },
    Builtin {
        name: "camel_case",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "The words, separated by `_`, `-` or space, together: the first in lower case, the others capitalized.",
        examples: &[(r#"say camel_case("user_name-tag")"#, "userNameTag")],
        run: |args| Ok(camel_case(args.str(0)).into()),
        ..METHOD
    },
];

fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    out.push_str(&chars.as_str().to_lowercase());
    out
}

fn title(text: &str) -> String {
    text.split_whitespace().map(capitalize).collect::<Vec<_>>().join(" ")
}

fn slugify(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

fn snake_case(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut previous: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_uppercase() {
            let begins_word = previous.is_some_and(|p| p.is_lowercase() || p.is_numeric());
            let ends_capitals = previous.is_some_and(char::is_uppercase)
                && chars.peek().is_some_and(|next| next.is_lowercase());
            if begins_word || ends_capitals {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        } else {
            out.push(if matches!(c, ' ' | '-') { '_' } else { c });
        }
        previous = Some(c);
    }
    out
}

fn camel_case(text: &str) -> String {
    let mut words = text.split(['_', ' ', '-']).filter(|word| !word.is_empty());
    let mut out = words.next().unwrap_or_default().to_lowercase();
    words.for_each(|word| out.push_str(&capitalize(word)));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn snake_case_follows_the_capitals() {
        let cases = [
            ("a__b", "a__b"),
            (" x", "_x"),
            ("fooBAR", "foo_bar"),
            ("HTTP2Server", "http2_server"),
            ("XMLHttp", "xml_http"),
            ("", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(snake_case(text), expected);
        }
    }

    #[test]
    fn camel_case_does_not_look_into_words() {
        assert_eq!(camel_case("HelloWorld"), "helloworld");
        assert_eq!(camel_case("fooBar baz"), "foobarBaz");
        assert_eq!(camel_case("_-"), "");
    }

    #[test]
    fn slugs_have_no_dash_at_the_ends() {
        assert_eq!(slugify("--Añb_c.D--"), "añb-c-d");
    }
}
