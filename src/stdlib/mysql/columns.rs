//! Columns and parameters as values; the type of a column decides, not the protocol that brought it (stdlib 7).

use crate::value::Value;
use mysql_async::Column;
use mysql_async::Value as Sql;
use mysql_async::consts::ColumnType;

/// What a parameter is to the server.
///
/// # Errors
/// When its text would be too long.
pub(super) fn to_sql(value: &Value) -> Result<Sql, String> {
    Ok(match value.thawed() {
        Value::Null | Value::None => Sql::NULL,
        Value::Int(int) => Sql::Int(*int),
        Value::Bool(bool) => Sql::Int((*bool).into()),
        Value::Float(float) => Sql::Double(*float),
        Value::Str(text) => Sql::Bytes(text.as_bytes().to_vec()),
        Value::Some(inner) => return to_sql(inner.get()),
        other => Sql::Bytes(other.to_text().map_err(|fault| fault.to_string())?.into_bytes()),
    })
}

/// What a column holds.
pub(super) fn from_sql(value: Sql, column: &Column) -> Value {
    use ColumnType::*;
    let kind = column.column_type();
    match value {
        Sql::NULL => Value::Null,
        Sql::Int(int) => Value::Int(int),
        Sql::UInt(int) => unsigned(int),
        Sql::Float(float) => float.to_string().parse().map_or(Value::Null, Value::Float),
        Sql::Double(float) => Value::Float(float),
        Sql::Date(year, month, day, ..) if is_date(kind) => date(year, month, day).into(),
        Sql::Date(year, month, day, hour, minute, second, micros) => {
            let fraction = fraction(micros, column.decimals());
            let date = date(year, month, day);
            format!("{date} {hour:02}:{minute:02}:{second:02}{fraction}").into()
        }
        Sql::Time(is_negative, days, hours, minutes, seconds, micros) => {
            let sign = if is_negative { "-" } else { "" };
            let hours = u64::from(days) * 24 + u64::from(hours);
            let fraction = fraction(micros, column.decimals());
            format!("{sign}{hours:02}:{minutes:02}:{seconds:02}{fraction}").into()
        }
        Sql::Bytes(bytes) => match kind {
            MYSQL_TYPE_BIT => {
                unsigned(bytes.iter().fold(0, |bits, byte| bits << 8 | u64::from(*byte)))
            }
            MYSQL_TYPE_TINY | MYSQL_TYPE_SHORT | MYSQL_TYPE_INT24 | MYSQL_TYPE_LONG
            | MYSQL_TYPE_LONGLONG | MYSQL_TYPE_YEAR => integer(text(bytes)),
            MYSQL_TYPE_FLOAT | MYSQL_TYPE_DOUBLE => {
                let text = text(bytes);
                text.parse().map_or_else(|_| text.into(), Value::Float)
            }
            MYSQL_TYPE_DATETIME
            | MYSQL_TYPE_TIMESTAMP
            | MYSQL_TYPE_TIME
            | MYSQL_TYPE_DATETIME2
            | MYSQL_TYPE_TIMESTAMP2
            | MYSQL_TYPE_TIME2 => without_zeros(text(bytes)).into(),
            _ => text(bytes).into(),
        },
    }
}

fn is_date(kind: ColumnType) -> bool {
    matches!(kind, ColumnType::MYSQL_TYPE_DATE | ColumnType::MYSQL_TYPE_NEWDATE)
}

fn date(year: u16, month: u8, day: u8) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// Nothing for no fraction of a second, else as many digits as the column has.
fn fraction(micros: u32, decimals: u8) -> String {
    let digits = match decimals {
        1..=6 => usize::from(decimals),
        _ => 6,
    };
    match micros {
        0 => String::new(),
        micros => format!(".{}", &format!("{micros:06}")[..digits]),
    }
}

fn without_zeros(text: String) -> String {
    match text.split_once('.') {
        Some((seconds, fraction)) if fraction.bytes().all(|digit| digit == b'0') => {
            seconds.to_owned()
        }
        _ => text,
    }
}

/// An Int, or its digits when there is none so large.
fn unsigned(int: u64) -> Value {
    i64::try_from(int).map_or_else(|_| int.to_string().into(), Value::Int)
}

fn integer(text: String) -> Value {
    text.parse().map_or_else(|_| text.into(), Value::Int)
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
