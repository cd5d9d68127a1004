//! Cookies as servers set them.

use super::GLOBAL;
use super::fail;
use crate::diag::Fault;
use crate::native::Args;
use crate::native::Builtin;
use crate::native::Kind;
use crate::native::Outcome;
use crate::native::optional;
use crate::native::required;
use crate::value::Value;
use percent_encoding::AsciiSet;
use percent_encoding::CONTROLS;
use percent_encoding::utf8_percent_encode;

pub(super) const TABLE: &[Builtin] = &[Builtin {
    name: "cookie",
    params: &[
        required("name", Kind::String),
        required("value", Kind::String),
        optional("options", Kind::Object),
    ],
    requires: "(name, value, options?)",
    doc: "The text of a `set-cookie` header: for all paths of this host, for as long as the browser runs, not for \
          scripts, and not for requests that other sites cause, unless `options` say otherwise: `path`, `domain`, \
          `max_age` in seconds (0 takes the cookie away), `secure`, `http_only`, `same_site`.",
    examples: &[
        (
            r#"say cookie("session", "a b", { max_age: 3600 })"#,
            "session=a%20b; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax",
        ),
        (r#"cookie("a;b", "c")"#, "error: invalid cookie name: 'a;b'"),
    ],
    run: cookie,
    ..GLOBAL
}];

/// What the value of a cookie cannot hold.
const UNSAFE: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// What options ask for.
#[derive(Default)]
struct Options {
    path: Option<String>,
    domain: Option<String>,
    max_age: Option<i64>,
    secure: bool,
    is_open: bool,
    same_site: Option<String>,
}

fn cookie(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let name = args.str(0);
    if name.is_empty() || !name.bytes().all(is_token) {
        return fail(format!("invalid cookie name: '{name}'"));
    }
    let mut options = Options::default();
    if let Some(Value::Object(given)) = args.given(2) {
        for (key, value) in given {
            options
                .set(key, value)
                .ok_or_else(|| Fault::message(format!("invalid cookie option '{key}': {value}")))?;
        }
    }
    let mut text = format!("{name}={}", utf8_percent_encode(args.str(1), UNSAFE));
    let mut add = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            text.push_str("; ");
            text.push_str(name);
            text.push_str(&value);
        }
    };
    add("Path=", Some(options.path.unwrap_or_else(|| "/".to_owned())));
    add("Domain=", options.domain);
    add("Max-Age=", options.max_age.map(|seconds| seconds.to_string()));
    add("Secure", options.secure.then(String::new));
    add("HttpOnly", (!options.is_open).then(String::new));
    add("SameSite=", Some(options.same_site.unwrap_or_else(|| "Lax".to_owned())));
    Ok(Value::text(text).into())
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

impl Options {
    /// `None` when there is no such option, or it takes no such value.
    fn set(&mut self, name: &str, value: &Value) -> Option<()> {
        match (name, value.thawed()) {
            ("path", Value::Str(text)) => self.path = Some(attribute(text)?),
            ("domain", Value::Str(text)) => self.domain = Some(attribute(text)?),
            ("max_age", Value::Int(seconds)) => self.max_age = Some(*seconds),
            ("secure", Value::Bool(is_it)) => self.secure = *is_it,
            ("http_only", Value::Bool(is_it)) => self.is_open = !is_it,
            ("same_site", Value::Str(text)) => {
                let known = ["Strict", "Lax", "None"];
                let found = known.into_iter().find(|known| known.eq_ignore_ascii_case(text))?;
                self.same_site = Some(found.to_owned());
            }
            _ => return None,
        }
        Some(())
    }
}

/// A text that ends no attribute.
fn attribute(text: &str) -> Option<String> {
    let is_fine = text.bytes().all(|byte| byte != b';' && !byte.is_ascii_control());
    is_fine.then(|| text.to_owned())
}
