//! What operators mean (language-core 3). The machine, the constant folder and `sum` share it.

use super::Text;
use super::Value;
use super::compare::equals;
use super::display::write_display;
use super::limit::MOST_BYTES;
use super::text::SHORT;
use crate::diag::Fault;
use crate::diag::Operation;
use crate::program::BinaryOp;
use std::cmp::Ordering;

impl BinaryOp {
    /// Its name in error texts.
    pub fn name(self) -> &'static str {
        match self {
            BinaryOp::Add => "Add",
            BinaryOp::Sub => "Sub",
            BinaryOp::Mul => "Mul",
            BinaryOp::Div => "Div",
            BinaryOp::Mod => "Mod",
            BinaryOp::Lt => "Lt",
            BinaryOp::Gt => "Gt",
            BinaryOp::LtEq => "LtEq",
            BinaryOp::GtEq => "GtEq",
            BinaryOp::Eq => "Eq",
            BinaryOp::NotEq => "NotEq",
        }
    }

    /// `left op right`. An error for operands the operator does not take.
    pub fn apply(self, left: &Value, right: &Value) -> Result<Value, Fault> {
        let (left, right) = (left.thawed(), right.thawed());
        match self {
            BinaryOp::Eq => return Ok(Value::Bool(equals(left, right))),
            BinaryOp::NotEq => return Ok(Value::Bool(!equals(left, right))),
            _ => {}
        }
        let result = match (left, right) {
            (Value::Int(a), Value::Int(b)) => return self.ints(*a, *b),
            (Value::Float(a), Value::Float(b)) => Some(self.floats(*a, *b)),
            (Value::Int(a), Value::Float(b)) => Some(self.floats(*a as f64, *b)),
            (Value::Float(a), Value::Int(b)) => Some(self.floats(*a, *b as f64)),
            (Value::Str(_), _) | (_, Value::Str(_)) if self == BinaryOp::Add => {
                return joined(left, right);
            }
            (Value::Str(a), Value::Str(b)) => self.texts(a, b),
            _ => None,
        };
        result.ok_or_else(|| self.fault(left, right))
    }

    /// The fault of `left op right`.
    fn fault(self, left: &Value, right: &Value) -> Fault {
        let operation = Operation { op: self.name(), left: left.kind(), right: right.kind() };
        Fault::Operator(Box::new(operation))
    }

    #[inline]
    fn ints(self, a: i64, b: i64) -> Result<Value, Fault> {
        let checked = match self {
            BinaryOp::Add => a.checked_add(b),
            BinaryOp::Sub => a.checked_sub(b),
            BinaryOp::Mul => a.checked_mul(b),
            BinaryOp::Div if b == 0 => return Err(Fault::DivisionByZero),
            BinaryOp::Mod if b == 0 => return Err(Fault::ModuloByZero),
            BinaryOp::Div => a.checked_div(b),
            BinaryOp::Mod => Some(a.wrapping_rem(b)),
            _ => return Ok(Value::Bool(self.holds(a.cmp(&b)))),
        };
        Ok(match checked {
            Some(value) => Value::Int(value),
            None => self.floats(a as f64, b as f64),
        })
    }

    fn floats(self, a: f64, b: f64) -> Value {
        match self {
            BinaryOp::Add => Value::Float(a + b),
            BinaryOp::Sub => Value::Float(a - b),
            BinaryOp::Mul => Value::Float(a * b),
            BinaryOp::Div => Value::Float(a / b),
            BinaryOp::Mod => Value::Float(a % b),
            _ => Value::Bool(a.partial_cmp(&b).is_some_and(|order| self.holds(order))),
        }
    }

    fn texts(self, a: &str, b: &str) -> Option<Value> {
        match self {
            BinaryOp::Lt | BinaryOp::Gt | BinaryOp::LtEq | BinaryOp::GtEq => {
                Some(Value::Bool(self.holds(a.cmp(b))))
            }
            _ => None,
        }
    }

    /// Whether an ordering operator holds for operands in this order.
    pub fn holds(self, order: Ordering) -> bool {
        match self {
            BinaryOp::Lt => order.is_lt(),
            BinaryOp::Gt => order.is_gt(),
            BinaryOp::LtEq => order.is_le(),
            BinaryOp::GtEq => order.is_ge(),
            BinaryOp::Eq => order.is_eq(),
            _ => order.is_ne(),
        }
    }

    /// The test of a `when` arm and of `where` (language-core 2.7): equality by display text, ordering of
    /// numbers and of texts, never an error about kinds.
    ///
    /// # Errors
    /// When a display text would be too long.
    pub fn matches(self, left: &Value, right: &Value) -> Result<bool, Fault> {
        Ok(match self {
            BinaryOp::Eq => left.to_text()? == right.to_text()?,
            BinaryOp::NotEq => left.to_text()? != right.to_text()?,
            _ => matches!(self.apply(left, right), Ok(Value::Bool(true))),
        })
    }
}

/// The display texts of two values in a row.
fn joined(left: &Value, right: &Value) -> Result<Value, Fault> {
    let bytes = |value: &Value| if let Value::Str(text) = value { text.len() } else { 0 };
    let known = bytes(left) + bytes(right);
    if known > MOST_BYTES {
        return Err(Fault::TextTooLong);
    }
    if known <= SHORT {
        return Text::of_all([left, right]).map(Value::Str);
    }
    let mut text = String::with_capacity(known);
    write_display(left, &mut text)?;
    write_display(right, &mut text)?;
    Ok(Value::Str(Text::growing(text)))
}

/// Operators on one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `-`
    Neg,
    /// `must`
    Must,
    /// `freeze`
    Freeze,
}

impl Unary {
    /// `op operand`
    pub fn apply(self, operand: Value) -> Result<Value, Fault> {
        match self {
            Unary::Neg => match operand.thawed() {
                Value::Int(value) => Ok(match value.checked_neg() {
                    Some(negated) => Value::Int(negated),
                    None => Value::Float(-(*value as f64)),
                }),
                Value::Float(value) => Ok(Value::Float(-value)),
                _ => Err(Fault::NegateNonNumber),
            },
            Unary::Must => match operand.thawed() {
                Value::Ok(inner) => Ok(inner.get().clone()),
                Value::Err(inner) => Err(Fault::message(format!("must failed: {}", inner.get()))),
                Value::Null => Err(Fault::message("must failed: got null")),
                _ => Ok(operand),
            },
            Unary::Freeze => Ok(match operand {
                Value::Frozen(_) => operand,
                other => Value::Frozen(super::Wrapped::new(other)),
            }),
        }
    }
}
