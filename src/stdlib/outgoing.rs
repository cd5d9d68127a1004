//! What a request under way tells the servers that it asks itself: its id, and the trace that it is part of.

use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;
use std::pin::Pin;
use std::sync::Arc;

/// Header fields that requests to others carry unless they are set: names in lower case, and values.
pub type Fields = Arc<[(&'static str, String)]>;

tokio::task_local! {
    static FIELDS: Fields;
}

/// Runs `work` so that what it asks of other servers carries these fields.
pub fn carrying<T>(fields: Fields, work: impl Future<Output = T>) -> impl Future<Output = T> {
    FIELDS.scope(fields, work)
}

/// Runs `work` so that it carries what the task under way does.
pub fn carry_on(
    work: impl Future<Output = ()> + Send + 'static,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    match FIELDS.try_with(Fields::clone) {
        Ok(fields) => Box::pin(carrying(fields, work)),
        Err(_) => Box::pin(work),
    }
}

/// Adds to a request what the task under way carries.
pub(super) fn add(headers: &mut HeaderMap) {
    let Ok(fields) = FIELDS.try_with(Fields::clone) else { return };
    for (name, value) in fields.iter() {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(HeaderName::from_static(name)).or_insert(value);
        }
    }
}
