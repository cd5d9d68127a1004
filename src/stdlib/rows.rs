//! Results of queries and requests as objects.

use crate::value::Object;
use crate::value::Text;
use crate::value::Value;

/// An object with these fields.
pub(super) fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    let fields = fields.into_iter().map(|(name, value)| (Text::from(name), value));
    Value::Object(Object::from_pairs(fields))
}

/// The columns of a result: all rows share their names.
pub(super) struct Columns(Vec<Text>);

impl Columns {
    /// Columns with these names, which need not differ.
    pub(super) fn new(names: impl IntoIterator<Item = String>) -> Columns {
        Columns(names.into_iter().map(Text::from).collect())
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// A row; of columns of one name the last counts, in the place of the first.
    pub(super) fn row(&self, values: impl IntoIterator<Item = Value>) -> Value {
        Value::Object(Object::from_pairs(self.0.iter().cloned().zip(values)))
    }
}
