//! How many connections a pool opens, and how long one of them is waited for.

use crate::native::to_float;
use crate::value::Object;
use crate::value::Value;
use std::time::Duration;

/// How long a connection is waited for, unless the options say otherwise.
const PATIENCE: Duration = Duration::from_secs(30);

/// Limits of a pool.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// How many connections it opens at most; if nothing is said, as many as is usual with its database.
    pub(super) size: Option<usize>,
    /// How long one is waited for.
    pub(super) patience: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { size: None, patience: PATIENCE }
    }
}

impl Limits {
    /// What options say.
    pub(super) fn of(options: &Object) -> Limits {
        let mut limits = Limits::default();
        if let Some(Value::Int(size @ 1..)) = options.get("pool").map(Value::thawed) {
            limits.size = usize::try_from(*size).ok();
        }
        let wait = options.get("wait").map_or(f64::NAN, to_float);
        if let Ok(patience) = Duration::try_from_secs_f64(wait) {
            limits.patience = patience;
        }
        limits
    }
}

/// What is said when all connections stay in use.
pub(super) fn exhausted(patience: Duration) -> String {
    format!("no connection became free within {} s", patience.as_secs_f64())
}
