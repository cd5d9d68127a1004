//! `url`: taking addresses apart and putting them together (stdlib 19).

use super::PURE;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::Param;
use crate::native::Returns;
use crate::native::Work;
use crate::native::fail;
use crate::native::required;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use percent_encoding::AsciiSet;
use percent_encoding::NON_ALPHANUMERIC;
use percent_encoding::percent_decode_str;
use percent_encoding::utf8_percent_encode;
use url::Url;

/// What RFC 3986 does not call unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

const TEXT: &[Param] = &[required("text", Kind::String)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "url.parse",
        params: TEXT,
        returns: Returns::Object,
        requires: "a URL string",
        doc: "The parts of a URL: scheme, host, port, path, query, fragment, params, origin, username, password.",
        examples: &[(
            "let u = url.parse(\"http://h:81/p?x=1\")\nsay [u.port, u.params.x]",
            "[81, 1]",
        )],
        work: Work::Arguments,
        run: parse,
        ..PURE
    },
    Builtin {
        name: "url.encode",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "A text as a part of a URL: all but letters, digits and `-_.~` as `%XX`.",
        examples: &[(r#"say url.encode("a b/é")"#, "a%20b%2F%C3%A9")],
        work: Work::Arguments,
        run: |args| Ok(encoded(args.str(0)).into()),
        ..PURE
    },
    Builtin {
        name: "url.decode",
        params: TEXT,
        returns: Returns::String,
        requires: "a string",
        doc: "The text that a part of a URL stands for; `+` is a space.",
        examples: &[(r#"say url.decode("a%20b+%C3%A9")"#, "a b é")],
        work: Work::Arguments,
        run: |args| Ok(decoded(args.str(0)).into()),
        ..PURE
    },
    Builtin {
        name: "url.build",
        params: &[required("parts", Kind::Object)],
        returns: Returns::String,
        requires: "an options object",
        doc: "A URL of its parts: host, and if given scheme, port, path, params, query, fragment.",
        examples: &[(
            "say url.build({ host: \"x.com\", path: \"/a\", params: { q: \"b c\" } })",
            "https://x.com/a?q=b%20c",
        )],
        work: Work::Parts,
        run: build,
        ..PURE
    },
];

fn parse(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let url = match Url::parse(args.str(0)) {
        Ok(url) => url,
        Err(error) => return fail(format!("URL parse error: {error}")),
    };
    let or_null = |text: Option<&str>| text.map_or(Value::Null, Value::from);
    let username = Some(url.username()).filter(|name| !name.is_empty());
    let params = url.query_pairs();
    let params = params.map(|(key, value)| (Text::from(key), Value::from(&*value)));
    let parts = [
        ("scheme", url.scheme().into()),
        ("host", or_null(url.host_str())),
        ("port", url.port().map_or(Value::Null, |port| Value::Int(i64::from(port)))),
        ("path", url.path().into()),
        ("query", or_null(url.query())),
        ("fragment", or_null(url.fragment())),
        ("params", Value::Object(params.collect())),
        ("origin", url.origin().ascii_serialization().into()),
        ("username", or_null(username)),
        ("password", or_null(url.password())),
    ];
    let named = parts.into_iter().map(|(name, part)| (Text::from(name), part));
    Ok(Value::Object(named.collect()).into())
}

/// `%XX` for each byte that is not unreserved.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Bytes that are no UTF-8 are the characters of Latin-1: so they were once written.
fn decoded(text: &str) -> String {
    let bytes: Vec<u8> = percent_decode_str(&text.replace('+', " ")).collect();
    let mut decoded = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        decoded.push_str(chunk.valid());
        decoded.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    decoded
}

fn build(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let parts = args.object(0);
    let text = |name: &str| match parts.get(name).map(Value::thawed) {
        Some(Value::Str(text)) => Some(text.as_str()),
        _ => None,
    };
    let Some(host) = text("host") else {
        return fail("url.build() requires a 'host' field");
    };
    let mut url = format!("{}://{host}", text("scheme").unwrap_or("https"));
    if let Some(Value::Int(port)) = parts.get("port").map(Value::thawed) {
        match u16::try_from(*port) {
            Ok(port) => url.push_str(&format!(":{port}")),
            Err(_) => {
                return fail(format!("url.build() port must be between 0 and 65535, got {port}"));
            }
        }
    }
    let path = text("path").unwrap_or("/");
    if !path.is_empty() && !path.starts_with('/') {
        url.push('/');
    }
    url.push_str(path);
    let mut query = match parts.get("params").map(Value::thawed) {
        Some(Value::Object(params)) => pairs(params)?,
        _ => Vec::new(),
    };
    query.extend(text("query").filter(|query| !query.is_empty()).map(str::to_owned));
    if !query.is_empty() {
        url.push('?');
        url.push_str(&query.join("&"));
    }
    if let Some(fragment) = text("fragment") {
        url.push('#');
        url.push_str(fragment);
    }
    Ok(url.into())
}

/// `key=value` of each field.
fn pairs(params: &Object) -> Result<Vec<String>, Fault> {
    let pair = |(key, value): (&Text, &Value)| {
        Ok(format!("{}={}", encoded(key), encoded(&value.to_text()?)))
    };
    params.iter().map(pair).collect()
}
