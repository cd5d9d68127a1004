//! What the work for a request takes along wherever it goes on: header fields for the servers that it asks itself, and
//! the request's permit for calls that block a thread.

use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;
use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Weak;

/// What belongs to a request.
#[derive(Clone)]
pub struct Carried {
    /// Header fields that requests to others carry unless they are set: names in lower case, and values.
    pub fields: Arc<[(&'static str, String)]>,
    /// The permit. Who works for the request beside it does not keep it alive.
    pub permit: Weak<dyn Any + Send + Sync>,
}

tokio::task_local! {
    static CARRIED: Carried;
}

/// Runs `work` with what belongs to its request.
pub fn carrying<T>(carried: Carried, work: impl Future<Output = T>) -> impl Future<Output = T> {
    CARRIED.scope(carried, work)
}

/// Does `work` at once with what belongs to its request.
pub fn carrying_now<T>(carried: Carried, work: impl FnOnce() -> T) -> T {
    CARRIED.sync_scope(carried, work)
}

/// Runs `work` so that it carries what the task under way does.
pub fn carry_on(
    work: impl Future<Output = ()> + Send + 'static,
) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    match CARRIED.try_with(Carried::clone) {
        Ok(carried) => Box::pin(carrying(carried, work)),
        Err(_) => Box::pin(work),
    }
}

/// Adds to a request what the task under way carries.
pub(super) fn add(headers: &mut HeaderMap) {
    let Ok(fields) = CARRIED.try_with(|carried| carried.fields.clone()) else { return };
    for (name, value) in fields.iter() {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.entry(HeaderName::from_static(name)).or_insert(value);
        }
    }
}

/// `work`, for a thread that it blocks. It cannot be stopped there, so it keeps the permit of the request that it is
/// for, which may have ended long before: otherwise clients that leave could take all threads.
pub(super) fn holding<T>(work: impl FnOnce() -> T) -> impl FnOnce() -> T {
    let permit = CARRIED.try_with(|carried| carried.permit.upgrade()).ok().flatten();
    move || {
        let done = work();
        drop(permit);
        done
    }
}
