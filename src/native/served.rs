//! A program that is asked without a network: what `test.get` and its kind reach.

use crate::diag::Fault;
use crate::world::Environment;
use crate::world::World;
use std::pin::Pin;

/// A request, as a client would send it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// `GET`
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Headers, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, if it has one.
    pub body: Option<Vec<u8>>,
    /// The most bytes that are taken of the answer's body.
    pub most: u64,
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Answered {
    /// Its status.
    pub status: u16,
    /// Its headers; several of one name stand beside one another.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Its body.
    pub body: Vec<u8>,
}

/// An answer that is awaited; dropping it is a client that leaves.
pub type Answering = Pin<Box<dyn Future<Output = Result<Answered, Fault>> + Send>>;

/// The handlers of a program, asked in its own process.
pub trait Served: Send + Sync {
    /// Answers a request in a fork of the program as it stands in `world` and `env`: a fork of the caller's.
    fn answer(&self, world: triomphe::Arc<World>, env: Environment, asked: Asked) -> Answering;
}
