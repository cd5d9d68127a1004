//! The arguments of a builtin, already checked against its parameters.

use super::Builtin;
use super::Host;
use super::Served;
use crate::diag::Fault;
use crate::value::List;
use crate::value::Map;
use crate::value::Object;
use crate::value::Set;
use crate::value::Value;
use std::convert::Infallible;
use std::sync::Arc;

/// The arguments of one call. The typed readers look through frozen values; they panic if the builtin's row does not
/// promise their kind.
pub struct Args<'a> {
    values: &'a mut [Value],
    builtin: &'static Builtin,
    host: &'a dyn Host,
}

impl<'a> Args<'a> {
    /// Checks `values` against the parameters of `builtin`.
    ///
    /// # Errors
    /// What says that a permission is missing, then `NAME() requires ...` for a missing argument or one of another kind.
    pub fn bind(
        builtin: &'static Builtin,
        values: &'a mut [Value],
        host: &'a dyn Host,
    ) -> Result<Args<'a>, Fault> {
        if let Some(permission) = builtin.needs
            && !host.started().permits(permission)
        {
            return Err(permission.denied());
        }
        for (i, param) in builtin.params.iter().enumerate() {
            if param.is_required && !values.get(i).is_some_and(|value| param.kind.admits(value)) {
                return Err(Fault::message(format!(
                    "{}() requires {}",
                    builtin.name, builtin.requires
                )));
            }
        }
        Ok(Args { values, builtin, host })
    }

    /// The name of the builtin they are for.
    pub fn name(&self) -> &'static str {
        self.builtin.name
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// All of them, as they came.
    pub fn all(&self) -> &[Value] {
        self.values
    }

    /// Argument `i`, thawed; null when it is missing.
    pub fn get(&self, i: usize) -> &Value {
        self.values.get(i).map_or(&Value::Null, Value::thawed)
    }

    /// Argument `i`, thawed, if it is there and of the kind its parameter takes.
    pub fn given(&self, i: usize) -> Option<&Value> {
        let value = self.values.get(i)?;
        let fits = self.builtin.params.get(i).is_none_or(|param| param.kind.admits(value));
        fits.then(|| value.thawed())
    }

    /// Whether argument `i` is a frozen value.
    pub fn is_frozen(&self, i: usize) -> bool {
        matches!(self.values.get(i), Some(Value::Frozen(_)))
    }

    /// Takes argument `i` out, thawed: when the caller gave up its handle, it can be changed in place.
    pub fn take(&mut self, i: usize) -> Value {
        match self.values.get_mut(i).map(std::mem::take) {
            Some(Value::Frozen(inner)) => inner.get().clone(),
            Some(value) => value,
            None => Value::Null,
        }
    }

    /// Takes argument `i` out as it came: frozen if it was.
    pub fn take_as_is(&mut self, i: usize) -> Value {
        self.values.get_mut(i).map(std::mem::take).unwrap_or_default()
    }

    /// Takes argument `i`, an Array, out.
    pub fn take_list(&mut self, i: usize) -> List {
        match self.take(i) {
            Value::Array(list) => list,
            other => self.lied(i, &other),
        }
    }

    /// Takes argument `i`, an Object, out.
    pub fn take_object(&mut self, i: usize) -> Object {
        match self.take(i) {
            Value::Object(object) => object,
            other => self.lied(i, &other),
        }
    }

    /// Takes argument `i`, a Map, out.
    pub fn take_map(&mut self, i: usize) -> Map {
        match self.take(i) {
            Value::Map(map) => map,
            other => self.lied(i, &other),
        }
    }

    /// Takes argument `i`, a Set, out.
    pub fn take_set(&mut self, i: usize) -> Set {
        match self.take(i) {
            Value::Set(set) => set,
            other => self.lied(i, &other),
        }
    }

    /// Takes all arguments out.
    pub fn take_all(&mut self) -> Vec<Value> {
        self.values.iter_mut().map(std::mem::take).collect()
    }

    /// Argument `i`, an Int.
    pub fn int(&self, i: usize) -> i64 {
        match self.get(i) {
            Value::Int(value) => *value,
            other => self.lied(i, other),
        }
    }

    /// Argument `i`, a String.
    pub fn str(&self, i: usize) -> &str {
        match self.get(i) {
            Value::Str(text) => text,
            other => self.lied(i, other),
        }
    }

    /// Argument `i`, an Array.
    pub fn list(&self, i: usize) -> &List {
        match self.get(i) {
            Value::Array(list) => list,
            other => self.lied(i, other),
        }
    }

    /// Argument `i`, an Object.
    pub fn object(&self, i: usize) -> &Object {
        match self.get(i) {
            Value::Object(object) => object,
            other => self.lied(i, other),
        }
    }

    /// Argument `i`, a Map.
    pub fn map(&self, i: usize) -> &Map {
        match self.get(i) {
            Value::Map(map) => map,
            other => self.lied(i, other),
        }
    }

    /// Argument `i`, a Set.
    pub fn set(&self, i: usize) -> &Set {
        match self.get(i) {
            Value::Set(set) => set,
            other => self.lied(i, other),
        }
    }

    /// The handlers of the program, if it may ask them.
    pub fn served(&self) -> Option<Arc<dyn Served>> {
        self.host.served()
    }

    /// Writes program output.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, text: &str) -> Result<(), Fault> {
        self.host.write(text)
    }

    /// Makes sure that program output is seen.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn flush(&self) -> Result<(), Fault> {
        self.host.flush()
    }

    /// Ends the process.
    ///
    /// # Errors
    /// When this program may not.
    pub fn exit(&self, code: i32) -> Result<Infallible, Fault> {
        self.host.exit(code)
    }

    /// The program's file and the arguments that were given to it.
    pub fn program(&self) -> &[String] {
        &self.host.started().arguments
    }

    /// Writes a note for the person at the terminal, beside program output.
    pub fn note(&self, text: &str) {
        self.host.note(text);
    }

    /// The fault `NAME() requires ...` of this builtin.
    pub fn requires(&self) -> Fault {
        Fault::message(format!("{}() requires {}", self.builtin.name, self.builtin.requires))
    }

    fn lied(&self, i: usize, found: &Value) -> ! {
        panic!(
            "the row of {}() promises another kind than {} for argument {i}",
            self.builtin.name,
            found.kind()
        )
    }
}
