//! The task that calls a builtin, as far as the builtin may see and change it.

use super::Outcome;
use crate::diag::Fault;
use crate::diag::Sources;
use crate::diag::Span;
use crate::value::Value;
use crate::world::Environment;
use crate::world::Surroundings;
use crate::world::World;

/// The part of a builtin that needs its caller: values leave the caller's world or come in, or it looks at the caller's
/// surroundings.
pub type InWorld = Box<dyn FnOnce(&mut Caller<'_>) -> Result<Outcome, Fault> + Send>;

/// The same for a builtin that has waited, with what it waited for.
pub type Then = Box<dyn FnOnce(Value, &mut Caller<'_>) -> Result<Outcome, Fault> + Send>;

/// The task that calls.
pub struct Caller<'a> {
    /// Its world.
    pub world: &'a triomphe::Arc<World>,
    env: &'a mut Environment,
    sources: &'a Sources,
    span: Span,
}

impl<'a> Caller<'a> {
    /// The task with this world and environment, which stands at `span` of `sources`.
    pub fn new(
        world: &'a triomphe::Arc<World>,
        env: &'a mut Environment,
        sources: &'a Sources,
        span: Span,
    ) -> Caller<'a> {
        Caller { world, env, sources, span }
    }

    /// A fork of its world, and the names that stand in it.
    pub fn fork(&self) -> (triomphe::Arc<World>, Environment) {
        (World::fork(self.world), self.env.clone())
    }

    /// The file and the line that the call is written in.
    pub fn line(&self) -> Option<(&'a str, u32)> {
        let source = self.sources.find(self.span.source)?;
        Some((&source.name, source.position(self.span.start).line))
    }

    /// Its working directory, environment variables and current connections.
    pub fn surroundings(&mut self) -> &mut Surroundings {
        &mut self.env.surroundings
    }
}
