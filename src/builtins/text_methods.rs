//! The methods and properties that only texts have (language-core 4.8 and 5.5, builtins 10.2).
//!
//! `String.upper` is the method of a text, and its property if the row says so. A row named plainly is in the list
//! of known methods too, and says `unknown method` on another receiver.

use super::INTERNAL;
use super::fail;
use super::number;
use super::work;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Form;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Work;
use crate::native::optional;
use crate::value::Value;

const TEXT: &[Param] = &[optional("text", Kind::Any)];

/// A known method that is no global function, and a property.
const KNOWN: Builtin =
    Builtin { forms: &[Form::Method, Form::Property, Form::Internal], params: TEXT, ..INTERNAL };

/// A known method that is neither a global function nor a property.
const KNOWN_METHOD: Builtin = Builtin { forms: &[Form::Method, Form::Internal], ..KNOWN };

/// A method and property of texts that is not in the list of known methods, or is a global function there.
const ONLY_HERE: Builtin = Builtin { forms: &[Form::Property, Form::Internal], ..KNOWN };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "upper",
        aliases: &["String.upper"],
        doc: "The text in upper case.",
        examples: &[(r#"say "straße".upper()"#, "STRASSE")],
        run: |args| Ok(text(args)?.to_uppercase().into()),
        ..KNOWN
    },
    Builtin {
        name: "lower",
        aliases: &["String.lower"],
        doc: "The text in lower case.",
        examples: &[(r#"say "ÀB".lower"#, "àb")],
        run: |args| Ok(text(args)?.to_lowercase().into()),
        ..KNOWN
    },
    Builtin {
        name: "trim",
        aliases: &["String.trim"],
        doc: "The text without white space around it.",
        examples: &[(r#"say "[" + "  a b ".trim() + "]""#, "[a b]")],
        run: |args| Ok(text(args)?.trim().into()),
        ..KNOWN
    },
    Builtin {
        name: "trim_start",
        aliases: &["String.trim_start"],
        doc: "The text without white space before it.",
        examples: &[(r#"say "[" + "  a ".trim_start() + "]""#, "[a ]")],
        run: |args| Ok(text(args)?.trim_start().into()),
        ..KNOWN
    },
    Builtin {
        name: "trim_end",
        aliases: &["String.trim_end"],
        doc: "The text without white space after it.",
        examples: &[(r#"say "[" + "  a ".trim_end() + "]""#, "[  a]")],
        run: |args| Ok(text(args)?.trim_end().into()),
        ..KNOWN
    },
    Builtin {
        name: "is_empty",
        aliases: &["String.is_empty"],
        doc: "Whether a text has no characters, or a collection no elements.",
        examples: &[(r#"say ["".is_empty(), " ".is_empty, [].is_empty()]"#, "[true, false, true]")],
        work: Work::Little,
        run: is_empty,
        ..KNOWN
    },
    Builtin {
        name: "is_numeric",
        aliases: &["String.is_numeric"],
        doc: "Whether there are characters and all are ASCII digits, `.` or `-`.",
        examples: &[(r#"say ["-1.5".is_numeric(), "1a".is_numeric()]"#, "[true, false]")],
        run: |args| Ok(every(text(args)?, |c| c.is_ascii_digit() || c == '.' || c == '-').into()),
        ..KNOWN
    },
    Builtin {
        name: "is_alpha",
        aliases: &["String.is_alpha"],
        doc: "Whether there are characters and all are letters.",
        examples: &[(r#"say ["añ".is_alpha(), "a1".is_alpha()]"#, "[true, false]")],
        run: |args| Ok(every(text(args)?, char::is_alphabetic).into()),
        ..KNOWN
    },
    Builtin {
        name: "is_alphanumeric",
        aliases: &["String.is_alphanumeric"],
        doc: "Whether there are characters and all are letters or digits.",
        examples: &[(r#"say ["a1".is_alphanumeric(), "a_1".is_alphanumeric()]"#, "[true, false]")],
        run: |args| Ok(every(text(args)?, char::is_alphanumeric).into()),
        ..KNOWN
    },
    Builtin {
        name: "words",
        aliases: &["String.words"],
        doc: "The pieces between white space.",
        examples: &[(r#"say " to  be ".words()"#, "[to, be]")],
        work: Work::By(work::pieces),
        run: |args| Ok(array(text(args)?.split_whitespace().map(Value::from)).into()),
        ..KNOWN
    },
    Builtin {
        name: "bytes",
        aliases: &["String.bytes"],
        doc: "The bytes of the text in UTF-8.",
        examples: &[(r#"say "aé".bytes()"#, "[97, 195, 169]")],
        work: Work::By(work::pieces),
        run: |args| Ok(array(text(args)?.bytes().map(|byte| Value::Int(byte.into()))).into()),
        ..KNOWN
    },
    Builtin {
        name: "char_at",
        aliases: &["String.char_at"],
        params: &[optional("text", Kind::Any), optional("index", Kind::Int)],
        doc: "The character at an index, or null when there is none.",
        examples: &[(r#"say ["日本".char_at(1), "a".char_at(-1)]"#, "[本, null]")],
        run: char_at,
        ..KNOWN_METHOD
    },
    Builtin {
        name: "encode_uri",
        aliases: &["String.encode_uri"],
        doc: "The text with every byte but ASCII letters, digits and `-_.~` as `%` and two hex digits.",
        examples: &[(r#"say "a b/é".encode_uri()"#, "a%20b%2F%C3%A9")],
        run: |args| Ok(encode_uri(text(args)?).into()),
        ..KNOWN_METHOD
    },
    Builtin {
        name: "decode_uri",
        aliases: &["String.decode_uri"],
        doc: "Undoes `encode_uri`, and makes every `+` a space.",
        examples: &[(r#"say "a+b%2F%C3%A9".decode_uri()"#, "a b/é")],
        run: |args| Ok(decode_uri(text(args)?).into()),
        ..KNOWN_METHOD
    },
    Builtin {
        name: "String.len",
        doc: "How many characters there are.",
        examples: &[(r#"say "naïve".len"#, "5")],
        run: |args| Ok(number(text(args)?.chars().count()).into()),
        ..ONLY_HERE
    },
    Builtin {
        name: "String.chars",
        doc: "The characters, each a text.",
        examples: &[(r#"say "añb".chars()"#, "[a, ñ, b]")],
        work: Work::By(work::pieces),
        run: |args| Ok(chars(text(args)?).into()),
        ..ONLY_HERE
    },
    Builtin {
        name: "String.reverse",
        doc: "The characters from last to first.",
        examples: &[(r#"say "añb".reverse"#, "bña")],
        run: |args| Ok(text(args)?.chars().rev().collect::<String>().into()),
        ..ONLY_HERE
    },
    Builtin {
        name: "String.lines",
        doc: "The lines, without their ends; the last newline begins no line.",
        examples: &[(r#"say "a\nb\n".lines()"#, "[a, b]")],
        work: Work::By(work::pieces),
        run: |args| Ok(lines(text(args)?).into()),
        ..ONLY_HERE
    },
];

/// The receiver, which must be a text.
fn text<'a>(args: &'a Args<'_>) -> Result<&'a str, Fault> {
    match args.get(0) {
        Value::Str(text) => Ok(text),
        _ => unknown(args),
    }
}

fn unknown<T>(args: &Args<'_>) -> Result<T, Fault> {
    fail(format!("unknown method '{}'", args.name()))
}

fn is_empty(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    Ok(match args.get(0) {
        Value::Str(text) => text.is_empty(),
        Value::Array(list) | Value::Tuple(list) => list.is_empty(),
        Value::Set(set) => set.is_empty(),
        Value::Map(map) => map.is_empty(),
        Value::Object(object) => object.is_empty(),
        _ => return unknown(args),
    }
    .into())
}

fn char_at(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let text = text(args)?;
    let Some(Value::Int(index)) = args.given(1) else {
        return fail("char_at() requires an integer index");
    };
    let found = usize::try_from(*index).ok().and_then(|index| text.chars().nth(index));
    Ok(found.map_or(Value::Null, Value::text).into())
}

fn every(text: &str, test: impl FnMut(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(test)
}

fn array(items: impl Iterator<Item = Value>) -> Value {
    Value::array(items.collect())
}

/// The characters of `text`, each a text.
pub(super) fn chars(text: &str) -> Value {
    array(text.chars().map(Value::text))
}

/// The lines of `text`.
pub(super) fn lines(text: &str) -> Value {
    array(text.lines().map(Value::from))
}

fn encode_uri(text: &str) -> String {
    const HEX: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte.into());
        } else {
            out.extend(['%', HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
        }
    }
    out
}

fn decode_uri(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let run = escapes(rest);
        if run.is_empty() {
            out.push(if c == '+' { ' ' } else { c });
            rest = &rest[c.len_utf8()..];
        } else {
            rest = decode_run(rest, &run, &mut out);
        }
    }
    out
}

/// The bytes of the escapes that `text` begins with. `%4` at the very end of the text is one too.
fn escapes(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [b'%', high, after @ ..] = rest
        && let Some(high) = hex(*high)
    {
        match after {
            [low, after @ ..] if hex(*low).is_some() => {
                bytes.push(high << 4 | hex(*low).unwrap_or_default());
                rest = after;
            }
            [] => {
                bytes.push(high);
                rest = after;
            }
            _ => break,
        }
    }
    bytes
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

/// Appends the text that a run of escapes means, bytes that mean none as they are written; gives what follows them.
fn decode_run<'a>(text: &'a str, bytes: &[u8], out: &mut String) -> &'a str {
    let written = |count: usize| (count * 3).min(text.len());
    let mut done = 0;
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        done += chunk.valid().len();
        let end = done + chunk.invalid().len();
        if end > done {
            out.push_str(&text[written(done)..written(end)]);
        }
        done = end;
    }
    &text[written(bytes.len())..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_decoded_stays() {
        let cases = [
            ("%C3%A9+%41", "é A"),
            ("%C3%28", "%C3("),
            ("%FF%FEx", "%FF%FEx"),
            ("%zz%", "%zz%"),
            ("a%4", "a\u{4}"),
            ("%4é", "%4é"),
            ("%C3", "%C3"),
            ("100%", "100%"),
        ];
        for (text, expected) in cases {
            assert_eq!(decode_uri(text), expected, "{text}");
        }
        assert_eq!(decode_uri(&encode_uri("日本 +%")), "日本 +%");
    }
}
