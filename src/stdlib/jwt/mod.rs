//! `jwt`: signed claims (stdlib 8).

mod algorithm;
mod der;
mod keys;
mod token;

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
use crate::native::optional;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use algorithm::Algorithm;
use std::time::SystemTime;
use std::time::UNIX_EPOCH;

/// Their kinds are checked here: the failures of this module say which argument is wrong.
const TOKEN: &[Param] =
    &[optional("token", Kind::Any), optional("key", Kind::Any), optional("options", Kind::Object)];

pub(super) const TABLE: &[Builtin] = &[
    Builtin {
        name: "jwt.sign",
        params: &[
            optional("claims", Kind::Any),
            optional("key", Kind::Any),
            optional("options", Kind::Object),
        ],
        returns: Returns::String,
        doc: "A token with claims. The options are `algorithm` (HS256 unless given), `expires` and `not_before` (`\"15m\"`, or \
              seconds), `issuer`, `audience`, `subject`.",
        examples: &[(
            "let token = jwt.sign({ uid: 7 }, \"secret\", { expires: \"15m\" })\nsay jwt.verify(token, \"secret\").uid",
            "7",
        )],
        work: Work::Parts,
        run: sign,
        ..PURE
    },
    Builtin {
        name: "jwt.verify",
        params: TOKEN,
        returns: Returns::Object,
        doc: "The claims of a token; a failure when it is not signed with the key, has expired or is not valid yet. The option \
              `algorithm` says which one must have been used, `issuer` and `audience` what must be claimed.",
        examples: &[(
            "jwt.verify(jwt.sign({}, \"secret\"), \"other\")",
            "error: JWT signature verification failed",
        )],
        work: Work::Arguments,
        run: |args| Ok(Value::Object(verified(args)?).into()),
        ..PURE
    },
    Builtin {
        name: "jwt.decode",
        params: &[optional("token", Kind::Any)],
        returns: Returns::Object,
        doc: "What a token says, `header` and `payload`, whoever signed it.",
        examples: &[(
            "say jwt.decode(jwt.sign({}, \"k\")).header",
            "{ \"typ\": \"JWT\", \"alg\": \"HS256\" }",
        )],
        work: Work::Arguments,
        run: |args| match args.get(0) {
            Value::Str(token) => Ok(token::decoded(token)?.into()),
            _ => fail("jwt.decode() requires a string as first argument (token)"),
        },
        ..PURE
    },
    Builtin {
        name: "jwt.valid",
        params: TOKEN,
        returns: Returns::Bool,
        doc: "Whether `jwt.verify` would give the claims.",
        examples: &[("say jwt.valid(\"nonsense\", \"secret\")", "false")],
        work: Work::Arguments,
        run: |args| Ok(verified(args).is_ok().into()),
        ..PURE
    },
];

/// The options that are the third argument.
struct Options<'a>(Option<&'a Object>);

impl<'a> Options<'a> {
    fn of(args: &'a Args<'_>) -> Options<'a> {
        match args.given(2) {
            Some(Value::Object(options)) => Options(Some(options)),
            _ => Options(None),
        }
    }

    fn value(&self, name: &str) -> Option<&'a Value> {
        self.0?.get(name).map(Value::thawed)
    }

    fn text(&self, name: &str) -> Option<&'a Text> {
        match self.value(name) {
            Some(Value::Str(text)) => Some(text),
            _ => None,
        }
    }

    fn algorithm(&self) -> Result<Option<Algorithm>, Fault> {
        self.text("algorithm").map(|name| Algorithm::named(name)).transpose()
    }

    /// A moment that is a duration away from now.
    fn moment(&self, name: &str) -> Result<Option<i64>, Fault> {
        let seconds = match self.value(name) {
            Some(Value::Int(seconds)) => *seconds,
            Some(Value::Str(text)) => seconds(text)?,
            _ => return Ok(None),
        };
        Ok(Some(now().saturating_add(seconds)))
    }
}

/// Seconds since 1970.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs() as i64
}

/// A duration: a number and a unit.
fn seconds(text: &str) -> Result<i64, Fault> {
    const UNITS: &[(&str, i64)] =
        &[("ms", 0), ("s", 1), ("m", 60), ("h", 3600), ("d", 86400), ("w", 604_800)];
    let text = text.trim();
    if text.is_empty() {
        return fail("empty duration string");
    }
    let found = UNITS.iter().find_map(|(unit, length)| Some((text.strip_suffix(unit)?, length)));
    let Some((number, length)) = found else {
        return fail(format!("invalid duration unit in '{text}'"));
    };
    let number = number.parse::<i64>().ok();
    let seconds = match *length {
        0 => number.map(|millis| millis / 1000),
        length => number.and_then(|number| number.checked_mul(length)),
    };
    match seconds {
        Some(seconds) => Ok(seconds),
        None => fail(format!("invalid duration number in '{text}'")),
    }
}

fn sign(args: &mut Args<'_>) -> Result<Outcome, Fault> {
    let Value::Object(claims) = args.get(0) else {
        return fail("jwt.sign() requires an object as first argument (claims)");
    };
    let Value::Str(key) = args.get(1) else {
        return fail("jwt.sign() requires a string as second argument (secret)");
    };
    let options = Options::of(args);
    let algorithm = options.algorithm()?.unwrap_or(Algorithm::HS256);
    let mut claims = claims.clone();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            claims.set(&Text::from(name), value);
        }
    };
    set("exp", options.moment("expires")?.map(Value::Int));
    set("nbf", options.moment("not_before")?.map(Value::Int));
    let text = |name: &str| options.text(name).cloned().map(Value::Str);
    set("iss", text("issuer"));
    set("aud", text("audience"));
    set("sub", text("subject"));
    if claims.get("iat").is_none() {
        claims.set(&Text::from("iat"), Value::Int(now()));
    }
    Ok(token::signed(claims, algorithm, key)?.into())
}

fn verified(args: &Args<'_>) -> Result<Object, Fault> {
    let text = |i: usize, which: &str| match args.get(i) {
        Value::Str(text) => Ok(text),
        _ => fail(format!("jwt.verify() requires a string as {which}")),
    };
    let (token, key) = (text(0, "first argument (token)")?, text(1, "second argument (secret)")?);
    let options = Options::of(args);
    let claims = token::verified(token, key, options.algorithm()?)?;
    check_times(&claims)?;
    check_parties(&claims, &options)?;
    Ok(claims)
}

fn check_times(claims: &Object) -> Result<(), Fault> {
    let time = |name: &str| match claims.get(name) {
        None => Ok(None),
        Some(Value::Int(at)) => Ok(Some(*at as f64)),
        Some(Value::Float(at)) => Ok(Some(*at)),
        Some(_) => fail(format!("JWT verification error: the {name} claim is not a number")),
    };
    let now = now() as f64;
    if time("exp")?.is_some_and(|at| at < now) {
        return fail("JWT expired");
    }
    match time("nbf")?.is_some_and(|at| at > now) {
        true => fail("JWT not yet valid"),
        false => Ok(()),
    }
}

fn check_parties(claims: &Object, options: &Options<'_>) -> Result<(), Fault> {
    let is = |value: &Value, wanted: &Text| matches!(value, Value::Str(text) if text == wanted);
    if let Some(wanted) = options.text("issuer")
        && !claims.get("iss").is_some_and(|issuer| is(issuer, wanted))
    {
        return fail("JWT issuer mismatch");
    }
    let Some(wanted) = options.text("audience") else { return Ok(()) };
    let is_meant = match claims.get("aud") {
        Some(Value::Array(all)) => all.iter().any(|audience| is(audience, wanted)),
        Some(audience) => is(audience, wanted),
        None => false,
    };
    if is_meant { Ok(()) } else { fail("JWT audience mismatch") }
}
