//! Parameters: all go as text, which the server reads as what it expects there (stdlib 6).

use crate::value::Value;
use crate::value::write_json;
use bytes::BytesMut;
use std::error::Error;
use tokio_postgres::types::Format;
use tokio_postgres::types::IsNull;
use tokio_postgres::types::Kind;
use tokio_postgres::types::ToSql;
use tokio_postgres::types::Type;

/// A parameter.
#[derive(Debug)]
pub(super) struct Param(pub(super) Value);

impl ToSql for Param {
    fn to_sql(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match text(&self.0, ty)? {
            Some(text) => out.extend_from_slice(text.as_bytes()),
            None => return Ok(IsNull::Yes),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    fn encode_format(&self, _: &Type) -> Format {
        Format::Text
    }

    fn to_sql_checked(
        &self,
        ty: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        self.to_sql(ty, out)
    }
}

/// What the server reads as a `ty`; `None` for NULL.
fn text(value: &Value, ty: &Type) -> Result<Option<String>, String> {
    let mut value = value.thawed();
    while let Value::Some(inner) = value {
        value = inner.get().thawed();
    }
    let element = match ty.kind() {
        Kind::Domain(inner) => return text(value, inner),
        Kind::Array(element) => Some(element),
        _ => None,
    };
    let is_json = matches!(*ty, Type::JSON | Type::JSONB);
    let is_text =
        matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN);
    Ok(Some(match value {
        Value::Null | Value::None => return Ok(None),
        Value::Str(text) => text.as_str().to_owned(),
        Value::Array(_) | Value::Tuple(_) if element.is_some() => {
            array(value, element.unwrap_or(&Type::TEXT))?
        }
        value if is_json => {
            let mut json = Vec::new();
            write_json(value, &mut json).map_err(|fault| fault.to_string())?;
            String::from_utf8_lossy(&json).into_owned()
        }
        Value::Bool(bool) if !is_text && *ty != Type::BOOL => u8::from(*bool).to_string(),
        other => other.to_text().map_err(|fault| fault.to_string())?,
    }))
}

/// `{1,"two",NULL,{3}}`
fn array(value: &Value, element: &Type) -> Result<String, String> {
    let mut out = String::new();
    let mut open = Vec::new();
    let mut next = Some(value);
    while let Some(value) = next.take() {
        match value.thawed() {
            Value::Array(list) | Value::Tuple(list) => {
                out.push('{');
                open.push((list.iter(), true));
            }
            leaf => match text(leaf, element)? {
                None => out.push_str("NULL"),
                Some(text) => quoted(&text, &mut out),
            },
        }
        // What comes behind it: the next element, or the ends of the arrays that end here.
        while let Some((rest, is_first)) = open.last_mut() {
            next = rest.next();
            if next.is_none() {
                out.push('}');
                open.pop();
                continue;
            }
            if !std::mem::replace(is_first, false) {
                out.push(',');
            }
            break;
        }
    }
    Ok(out)
}

/// An element that can be anything.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    for char in text.chars() {
        if matches!(char, '"' | '\\') {
            out.push('\\');
        }
        out.push(char);
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: Value, ty: &Type) -> String {
        text(&value, ty).unwrap().unwrap_or_else(|| "NULL".to_owned())
    }

    #[test]
    fn arrays_quote_what_is_in_them() {
        let inner = Value::array(vec![Value::Int(1), Value::Null, "a\"b\\,{}".into()]);
        let outer = Value::array(vec![inner.clone(), inner, Value::array(Vec::new())]);
        let one = r#"{"1",NULL,"a\"b\\,{}"}"#;
        assert_eq!(shown(outer, &Type::TEXT_ARRAY), format!("{{{one},{one},{{}}}}"));
    }

    #[test]
    fn a_type_decides_how_a_value_is_written() {
        assert_eq!(shown(true.into(), &Type::BOOL), "true");
        assert_eq!(shown(true.into(), &Type::INT4), "1");
        assert_eq!(shown(true.into(), &Type::TEXT), "true");
        assert_eq!(shown(Value::array(vec![Value::Int(1)]), &Type::JSONB), "[1]");
        assert_eq!(shown(Value::array(vec![Value::Int(1)]), &Type::TEXT), "[1]");
        assert_eq!(shown(Value::None, &Type::INT4), "NULL");
    }
}
