//! Values as Redis takes them, and replies as values.

use crate::diag::Fault;
use crate::value::Object;
use crate::value::Text;
use crate::value::Value;
use crate::value::write_json;
use redis::RedisError;
use redis::Value as Reply;

/// The bytes of an argument: a text as it is, a collection as JSON, anything else as it shows.
///
/// # Errors
/// When they would be too many.
pub(super) fn bytes(value: &Value) -> Result<Vec<u8>, Fault> {
    Ok(match value.thawed() {
        Value::Str(text) => text.as_bytes().to_vec(),
        value @ (Value::Array(_)
        | Value::Object(_)
        | Value::Tuple(_)
        | Value::Set(_)
        | Value::Map(_)) => {
            let mut json = Vec::new();
            write_json(value, &mut json)?;
            json
        }
        other => other.to_text()?.into_bytes(),
    })
}

/// What a reply says.
///
/// # Errors
/// When it is an error.
pub(super) fn value(reply: Reply) -> Result<Value, String> {
    let all = |items: Vec<Reply>| items.into_iter().map(value).collect::<Result<Vec<_>, _>>();
    Ok(match reply {
        Reply::Nil => Value::Null,
        Reply::Int(int) => Value::Int(int),
        Reply::Double(float) => Value::Float(float),
        Reply::Boolean(bool) => bool.into(),
        Reply::Okay => "OK".into(),
        Reply::SimpleString(text) | Reply::VerbatimString { text, .. } => text.into(),
        Reply::BulkString(bytes) | Reply::BigNumber(bytes) => {
            String::from_utf8_lossy(&bytes).into_owned().into()
        }
        Reply::Array(items) | Reply::Set(items) => Value::array(all(items)?),
        Reply::Push { data, .. } => Value::array(all(data)?),
        Reply::Map(pairs) => {
            let mut object = Object::new();
            for (name, item) in pairs {
                object.set(&Text::from(value(name)?.to_string()), value(item)?);
            }
            Value::Object(object)
        }
        Reply::Attribute { data, .. } => value(*data)?,
        Reply::ServerError(error) => return Err(explained(error.into())),
        _ => Value::Null,
    })
}

/// What the server says, `CODE text`; the words of the library when it is not the server that says it.
pub(super) fn explained(error: RedisError) -> String {
    match (error.code(), error.detail()) {
        (Some(code), Some(text)) => format!("{code} {text}"),
        (Some(code), None) => code.to_owned(),
        (None, _) => error.to_string(),
    }
}

/// Names and values that come in turn, as an object.
pub(super) fn object(reply: Value) -> Value {
    let Value::Array(list) = reply else { return reply };
    let items = list.into_vec();
    let pairs = items.chunks_exact(2);
    Value::Object(pairs.map(|pair| (Text::from(pair[0].to_string()), pair[1].clone())).collect())
}
