//! Values of SQLite and ours (stdlib 5.1 and 5.2).

use crate::value::Value;
use rusqlite::types::Value as Sql;
use rusqlite::types::ValueRef;

/// What a parameter is to SQLite.
///
/// # Errors
/// When its text would be too long.
pub(super) fn to_sql(value: &Value) -> Result<Sql, String> {
    Ok(match value.thawed() {
        Value::Null | Value::None => Sql::Null,
        Value::Int(int) => Sql::Integer(*int),
        Value::Bool(bool) => Sql::Integer((*bool).into()),
        Value::Float(float) => Sql::Real(*float),
        Value::Str(text) => Sql::Text(text.as_str().to_owned()),
        Value::Some(inner) => return to_sql(inner.get()),
        other => Sql::Text(other.to_text().map_err(|fault| fault.to_string())?),
    })
}

/// What a column holds.
pub(super) fn from_sql(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(int) => Value::Int(int),
        ValueRef::Real(float) => Value::Float(float),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned().into(),
        ValueRef::Blob(bytes) => format!("<blob {} bytes>", bytes.len()).into(),
    }
}
