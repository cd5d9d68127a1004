//! `npc`: made-up people, companies and sentences (stdlib 22).

mod words;

use super::PURE;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::optional;
use crate::value::Text;
use crate::value::Value;
use rand::RngExt;
use words::ADJECTIVES;
use words::COMPANIES;
use words::DOMAINS;
use words::FIRST_NAMES;
use words::LAST_NAMES;
use words::NOUNS;
use words::PAGES;
use words::WORDS;

/// More words no sentence has.
const MOST_WORDS: i64 = 1 << 20;

/// What makes a text up.
const TEXT: Builtin = Builtin { returns: Returns::String, ..PURE };

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "npc.name",
        doc: "A first and a last name.",
        examples: &[("say len(split(npc.name(), \" \"))", "2")],
        run: |_| made(format!("{} {}", one_of(FIRST_NAMES), one_of(LAST_NAMES))),
        ..TEXT
    },
    Builtin {
        name: "npc.first_name",
        doc: "A first name.",
        examples: &[("say len(npc.first_name()) > 0", "true")],
        run: |_| made(one_of(FIRST_NAMES)),
        ..TEXT
    },
    Builtin {
        name: "npc.last_name",
        doc: "A last name.",
        examples: &[("say len(npc.last_name()) > 0", "true")],
        run: |_| made(one_of(LAST_NAMES)),
        ..TEXT
    },
    Builtin {
        name: "npc.email",
        doc: "A mail address that reaches nobody.",
        examples: &[("say contains(npc.email(), \"@example.\")", "true")],
        run: |_| {
            let (first, last) = (one_of(FIRST_NAMES), one_of(LAST_NAMES));
            let name = format!("{first}.{last}{:02}", number(1, 99)).to_lowercase();
            made(format!("{name}@{}", one_of(DOMAINS)))
        },
        ..TEXT
    },
    Builtin {
        name: "npc.username",
        doc: "A name for an account.",
        examples: &[(r#"say regex.test(npc.username(), "^[a-z]+_[a-z]+[0-9]+$")"#, "true")],
        run: |_| made(format!("{}_{}{}", one_of(ADJECTIVES), one_of(NOUNS), number(1, 999))),
        ..TEXT
    },
    Builtin {
        name: "npc.number",
        params: &[optional("min", Kind::Int), optional("max", Kind::Int)],
        returns: Returns::Int,
        doc: "A number from 0 to 100, or in another range, both ends included.",
        examples: &[("let n = npc.number(1, 6)\nsay n >= 1 && n <= 6", "true")],
        run: |args| {
            let (min, max) = (int_or(args, 0, 0), int_or(args, 1, 100));
            Ok(Value::Int(if min >= max { min } else { number(min, max) }).into())
        },
        ..PURE
    },
    Builtin {
        name: "npc.pick",
        params: &[optional("items", Kind::Any)],
        doc: "One of the elements of an array.",
        examples: &[("say npc.pick([7, 7])", "7")],
        run: |args| match args.get(0) {
            Value::Array(list) if !list.is_empty() => {
                let at = number(0, list.len() as i64 - 1);
                Ok(list.get(at as usize).cloned().unwrap_or_default().into())
            }
            _ => fail("npc.pick() requires a non-empty array"),
        },
        ..PURE
    },
    Builtin {
        name: "npc.sentence",
        params: &[optional("words", Kind::Int)],
        doc: "A sentence of five to twelve words, or of as many as are wanted.",
        examples: &[("say len(split(npc.sentence(4), \" \"))", "4")],
        work: Work::By(|args, _| match args.first() {
            Some(Value::Int(count)) => (*count).clamp(0, MOST_WORDS) as usize,
            _ => 0,
        }),
        run: sentence,
        ..TEXT
    },
    Builtin {
        name: "npc.id",
        doc: "An identifier in groups of 8, 4, 4, 4 and 12 letters and digits. It is no UUID.",
        examples: &[("say len(npc.id())", "36")],
        run: |_| {
            let groups = [8, 4, 4, 4, 12].map(letters);
            made(groups.join("-"))
        },
        ..TEXT
    },
    Builtin {
        name: "npc.bool",
        returns: Returns::Bool,
        doc: "True or false.",
        examples: &[("say typeof(npc.bool())", "Bool")],
        run: |_| Ok((number(0, 1) == 1).into()),
        ..PURE
    },
    Builtin {
        name: "npc.phone",
        doc: "A phone number.",
        examples: &[("say len(npc.phone())", "14")],
        run: |_| {
            let (area, middle, end) = (number(200, 999), number(100, 999), number(1000, 9999));
            made(format!("({area}) {middle}-{end}"))
        },
        ..TEXT
    },
    Builtin {
        name: "npc.color",
        doc: "A colour, as `#rrggbb`.",
        examples: &[("say len(npc.color())", "7")],
        run: |_| made(format!("#{:06x}", number(0, 0xff_ffff))),
        ..TEXT
    },
    Builtin {
        name: "npc.ip",
        doc: "An IPv4 address.",
        examples: &[("say len(split(npc.ip(), \".\"))", "4")],
        run: |_| {
            let byte = |min, max| number(min, max);
            made(format!("{}.{}.{}.{}", byte(1, 254), byte(0, 255), byte(0, 255), byte(1, 254)))
        },
        ..TEXT
    },
    Builtin {
        name: "npc.url",
        doc: "The address of a page of a company.",
        examples: &[(r#"say url.parse(npc.url()).scheme"#, "https")],
        run: |_| made(format!("https://{}.io/{}", one_of(COMPANIES).to_lowercase(), one_of(PAGES))),
        ..TEXT
    },
    Builtin {
        name: "npc.company",
        doc: "The name of a company.",
        examples: &[("say len(npc.company()) > 0", "true")],
        run: |_| made(one_of(COMPANIES)),
        ..TEXT
    },
    Builtin {
        name: "npc.word",
        doc: "A word.",
        examples: &[("say len(npc.word()) > 0", "true")],
        run: |_| made(one_of(WORDS)),
        ..TEXT
    },
];

fn made(text: impl Into<Text>) -> Result<Outcome, Fault> {
    Ok(Value::text(text).into())
}

/// A random number, both ends included.
fn number(min: i64, max: i64) -> i64 {
    rand::rng().random_range(min..=max)
}

fn one_of(words: &'static [&'static str]) -> &'static str {
    words[rand::rng().random_range(0..words.len())]
}

fn letters(length: usize) -> String {
    const ALL: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789";
    (0..length).map(|_| char::from(ALL[rand::rng().random_range(0..ALL.len())])).collect()
}

fn int_or(args: &Args<'_>, i: usize, otherwise: i64) -> i64 {
    match args.given(i) {
        Some(Value::Int(value)) => *value,
        _ => otherwise,
    }
}

fn sentence(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let count = match args.given(0) {
        Some(Value::Int(count)) => (*count).clamp(0, MOST_WORDS),
        _ => number(5, 12),
    };
    let words: Vec<&str> = (0..count).map(|_| one_of(WORDS)).collect();
    let mut text = words.join(" ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    made(text + ".")
}
