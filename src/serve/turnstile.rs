//! New connections come in a few at a time, and those that are open have their turn in between.
//!
//! A worker of actix takes all connections that have been accepted, however many, and each becomes a task at the end of
//! one queue: beside a flood of clients that connect and leave, who asks on an open connection waits for hundreds of
//! others. It takes no more while the service is not ready; this one is not, until what was taken last has run.

use actix_web::Error;
use actix_web::dev::Service;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::dev::Transform;
use std::cell::Cell;
use std::future::Ready;
use std::future::ready;
use std::rc::Rc;
use std::task::Context;
use std::task::Poll;
use std::task::ready as when_ready;

/// So many connections are taken before those that are open have their turn. Each may run a short slice.
const AT_ONCE: u32 = 8;

/// A layer around an application on the network.
pub(super) struct Turnstile;

impl<S, B> Transform<S, ServiceRequest> for Turnstile
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Transform = Behind<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(Behind { service, taken: Rc::default() }))
    }
}

/// The service behind a turnstile: one for each worker.
pub(super) struct Behind<S> {
    service: S,
    /// How many were taken since the others had their turn.
    taken: Rc<Cell<u32>>,
}

impl<S, B> Service<ServiceRequest> for Behind<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    type Response = ServiceResponse<B>;
    type Error = Error;
    type Future = S::Future;

    /// The worker asks before it looks for a connection, and only then.
    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<Result<(), Error>> {
        when_ready!(self.service.poll_ready(context))?;
        let taken = self.taken.get();
        if taken < AT_ONCE {
            self.taken.set(taken + 1);
            return Poll::Ready(Ok(()));
        }
        // Once for each round: a worker that is not ready asks again at once.
        if taken == AT_ONCE {
            self.taken.set(taken + 1);
            let (taken, waker) = (self.taken.clone(), context.waker().clone());
            // At the end of the queue, behind those that were taken.
            actix_web::rt::spawn(async move {
                taken.set(0);
                waker.wake();
            });
        }
        Poll::Pending
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        self.service.call(request)
    }
}
