//! The three parts of a token.

use super::algorithm::Algorithm;
use super::keys;
use crate::diag::Fault;
use crate::native::fail;
use crate::value::JsonStyle;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use crate::value::from_json;
use crate::value::json_text;
use base64::DecodeError;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// The token with these claims.
pub(super) fn signed(claims: Object, algorithm: Algorithm, key: &str) -> Result<String, Fault> {
    let header = format!(r#"{{"typ":"JWT","alg":"{}"}}"#, algorithm.name());
    let claims = json_text(&Value::Object(claims), JsonStyle::Plain)?;
    let encode = |part: &str| BASE64_URL_SAFE_NO_PAD.encode(part);
    let message = format!("{}.{}", encode(&header), encode(&claims));
    let signature = keys::sign(algorithm, key, message.as_bytes())?;
    Ok(format!("{message}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

/// The claims of a token whose signature is right.
pub(super) fn verified(token: &str, key: &str, pinned: Option<Algorithm>) -> Result<Object, Fault> {
    let header = token.split('.').next().unwrap_or_default();
    let header = bytes(header).or_else(wrong("JWT invalid header encoding"))?;
    let header = from_json(&header).or_else(wrong("JWT invalid header JSON"))?;
    let Some(Value::Str(name)) = field(&header, "alg") else {
        return fail("JWT header missing 'alg' field");
    };
    let algorithm = Algorithm::named(name)?;
    let [_, payload, signature] = token.split('.').collect::<Vec<_>>()[..] else {
        return fail("JWT decode error: InvalidToken");
    };
    if name.as_str() != algorithm.name() {
        return fail("JWT decode error: InvalidToken");
    }
    check(algorithm, pinned, key)?;
    let given = bytes(signature).or_else(wrong("JWT verification error: Base64 error"))?;
    let message = &token[..token.len() - signature.len() - 1];
    if !keys::verify(algorithm, key, message.as_bytes(), &given)? {
        return fail("JWT signature verification failed");
    }
    let claims = bytes(payload).or_else(wrong("JWT verification error: Base64 error"))?;
    match from_json(&claims).or_else(wrong("JWT verification error: JSON error"))? {
        Value::Object(claims) => Ok(claims),
        _ => fail("JWT invalid token format"),
    }
}

/// Whether a token of this algorithm may be verified with this key.
fn check(algorithm: Algorithm, pinned: Option<Algorithm>, key: &str) -> Result<(), Fault> {
    let name = algorithm.name();
    match pinned {
        Some(pinned) if pinned != algorithm => fail(format!(
            "JWT algorithm mismatch: token header says {name} but caller expects {}",
            pinned.name()
        )),
        // Whoever knows a public key could sign with its text.
        None if keys::is_pem(key) && name.starts_with("HS") => fail(format!(
            "JWT algorithm mismatch: token header says {name} but the key is a PEM key"
        )),
        _ => Ok(()),
    }
}

/// What a token says, whoever signed it.
pub(super) fn decoded(token: &str) -> Result<Value, Fault> {
    let [header, payload, _] = token.split('.').collect::<Vec<_>>()[..] else {
        return fail("jwt.decode() invalid token format (expected 3 parts)");
    };
    let part = |text: &str, name: &str| {
        let bytes = bytes(text).or_else(wrong(&format!("jwt.decode() invalid {name} encoding")))?;
        from_json(&bytes).or_else(wrong(&format!("jwt.decode() invalid {name} JSON")))
    };
    let parts = [("header", part(header, "header")?), ("payload", part(payload, "payload")?)];
    let parts = parts.into_iter().map(|(name, part)| (Text::from(name), part));
    Ok(Value::Object(Object::from_pairs(parts)))
}

fn bytes(text: &str) -> Result<Vec<u8>, DecodeError> {
    BASE64_URL_SAFE_NO_PAD.decode(text)
}

/// `WHAT: WHY`
fn wrong<T, E: std::fmt::Display>(what: &str) -> impl FnOnce(E) -> Result<T, Fault> {
    let what = what.to_owned();
    move |why| fail(format!("{what}: {why}"))
}

fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    match value {
        Value::Object(object) => object.get(name),
        _ => None,
    }
}
