//! Columns as values (stdlib 6). Numbers, texts, JSON, bytes, and arrays of them are read as they come; of all other
//! types the server itself is asked for the text.

use crate::value::Value;
use std::error::Error;
use std::net::IpAddr;
use tokio_postgres::types::FromSql;
use tokio_postgres::types::Kind;
use tokio_postgres::types::Type;

/// A column of a row.
pub(super) struct Column(pub(super) Value);

impl<'a> FromSql<'a> for Column {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Column, Box<dyn Error + Sync + Send>> {
        value(ty, raw).map(Column).ok_or_else(|| format!("malformed {ty}").into())
    }

    fn from_sql_null(_: &Type) -> Result<Column, Box<dyn Error + Sync + Send>> {
        Ok(Column(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// Whether a type is read as it comes.
pub(super) fn is_known(ty: &Type) -> bool {
    match ty.kind() {
        Kind::Enum(_) => true,
        Kind::Array(inner) | Kind::Domain(inner) => is_known(inner),
        _ => matches!(
            *ty,
            Type::BOOL
                | Type::INT2
                | Type::INT4
                | Type::INT8
                | Type::OID
                | Type::FLOAT4
                | Type::FLOAT8
                | Type::NUMERIC
                | Type::TEXT
                | Type::VARCHAR
                | Type::BPCHAR
                | Type::NAME
                | Type::UNKNOWN
                | Type::CHAR
                | Type::XML
                | Type::JSON
                | Type::JSONB
                | Type::BYTEA
                | Type::UUID
                | Type::INET
                | Type::CIDR
                | Type::VOID
        ),
    }
}

fn value(ty: &Type, raw: &[u8]) -> Option<Value> {
    match ty.kind() {
        Kind::Array(element) => return array(element, raw),
        Kind::Domain(inner) => return value(inner, raw),
        _ => {}
    }
    Some(match *ty {
        Type::BOOL => Value::Bool(raw.first()? != &0),
        Type::INT2 => Value::Int(i16::from_be_bytes(raw.try_into().ok()?).into()),
        Type::INT4 => Value::Int(i32::from_be_bytes(raw.try_into().ok()?).into()),
        Type::INT8 => Value::Int(i64::from_be_bytes(raw.try_into().ok()?)),
        Type::OID => Value::Int(u32::from_be_bytes(raw.try_into().ok()?).into()),
        // By its shortest text, so that 0.1 stays 0.1.
        Type::FLOAT4 => {
            let float = f32::from_be_bytes(raw.try_into().ok()?);
            Value::Float(float.to_string().parse().ok()?)
        }
        Type::FLOAT8 => Value::Float(f64::from_be_bytes(raw.try_into().ok()?)),
        Type::NUMERIC => Value::Float(numeric(raw)?),
        Type::JSONB => text(raw.get(1..)?),
        Type::BYTEA => format!("\\x{}", hex(raw)).into(),
        Type::UUID => uuid::Uuid::from_slice(raw).ok()?.to_string().into(),
        Type::INET | Type::CIDR => network(raw)?.into(),
        Type::VOID => "".into(),
        _ => text(raw),
    })
}

fn text(raw: &[u8]) -> Value {
    String::from_utf8_lossy(raw).into_owned().into()
}

fn hex(raw: &[u8]) -> String {
    raw.iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// An address, with the length of its network unless that is all of it.
fn network(raw: &[u8]) -> Option<String> {
    let [_, bits, is_network, _, address @ ..] = raw else { return None };
    let address: IpAddr = match <[u8; 4]>::try_from(address) {
        Ok(v4) => v4.into(),
        Err(_) => <[u8; 16]>::try_from(address).ok()?.into(),
    };
    let is_whole = *bits == if address.is_ipv4() { 32 } else { 128 };
    Some(match is_whole && *is_network == 0 {
        true => address.to_string(),
        false => format!("{address}/{bits}"),
    })
}

/// A decimal number as the nearest Float: through its text, so that it is rounded once.
fn numeric(raw: &[u8]) -> Option<f64> {
    let field = |i: usize| Some(i16::from_be_bytes(raw.get(2 * i..2 * i + 2)?.try_into().ok()?));
    let (count, weight) = (field(0)?, field(1)?);
    let sign = match field(2)? as u16 {
        0x0000 => "",
        0x4000 => "-",
        0xd000 => return Some(f64::INFINITY),
        0xf000 => return Some(f64::NEG_INFINITY),
        _ => return Some(f64::NAN),
    };
    let mut digits = String::from(sign);
    for i in 0..usize::try_from(count).ok()? {
        digits.push_str(&format!("{:04}", field(4 + i)?));
    }
    if count == 0 {
        digits.push('0');
    }
    let exponent = 4 * (i32::from(weight) + 1 - i32::from(count.max(1)));
    format!("{digits}e{exponent}").parse().ok()
}

/// An array of one or more dimensions.
fn array(element: &Type, raw: &[u8]) -> Option<Value> {
    let mut rest = raw;
    let mut next = || {
        let (int, behind) = rest.split_first_chunk::<4>()?;
        rest = behind;
        Some(i32::from_be_bytes(*int))
    };
    let dimensions = next()?;
    next()?;
    next()?;
    let mut sizes = Vec::new();
    for _ in 0..dimensions {
        sizes.push(usize::try_from(next()?).ok()?);
        next()?;
    }
    let mut values = Vec::new();
    while !rest.is_empty() {
        let (size, behind) = rest.split_first_chunk::<4>()?;
        let size = i32::from_be_bytes(*size);
        let size = if size < 0 { None } else { Some(size as usize) };
        let (raw, behind) = behind.split_at_checked(size.unwrap_or(0))?;
        rest = behind;
        values.push(match size {
            None => Value::Null,
            Some(_) => value(element, raw)?,
        });
    }
    // From the inside out: so many elements at a time become one.
    for size in sizes.iter().skip(1).rev() {
        let rows = values.chunks((*size).max(1)).map(|row| Value::array(row.to_vec()));
        values = rows.collect();
    }
    Some(Value::array(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(count: i16, weight: i16, sign: u16, digits: &[i16]) -> f64 {
        let head = [count, weight, sign as i16, 2];
        let raw: Vec<u8> = head.iter().chain(digits).flat_map(|it| it.to_be_bytes()).collect();
        numeric(&raw).unwrap()
    }

    #[test]
    fn decimal_numbers_are_the_nearest_floats() {
        assert_eq!(number(2, 0, 0, &[12, 3400]), 12.34);
        assert_eq!(number(1, 0, 0x4000, &[5]), -5.0);
        assert_eq!(number(0, 0, 0, &[]), 0.0);
        assert_eq!(number(1, 2, 0, &[1]), 1e8);
        assert_eq!(number(1, -1, 0, &[1000]), 0.1);
        assert!(number(0, 0, 0xc000, &[]).is_nan());
    }
}
