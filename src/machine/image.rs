//! What all machines of a program have in common.

use super::Spawner;
use crate::diag::Sources;
use crate::handles::Scope;
use crate::native::Host;
use crate::native::Registry;
use crate::value::Program;
use std::sync::Arc;

/// What every machine of a program shares and none changes.
#[derive(Clone)]
pub struct Image {
    /// The code.
    pub program: Arc<Program>,
    /// The builtins.
    pub registry: &'static Registry,
    /// The process around it.
    pub host: Arc<dyn Host>,
    /// Calls that may be active at once.
    pub max_depth: usize,
    /// What all tasks hang below.
    pub scope: Arc<Scope>,
    /// Tasks that one run of the program, or one request, may have at once.
    pub max_tasks: usize,
    /// Who runs them.
    pub spawner: Arc<dyn Spawner>,
    /// What `schedule` and `watch` blocks hang below, apart from other tasks; `None` for requests, which start none.
    pub blocks: Option<Arc<Scope>>,
    /// The texts that spans point into.
    pub sources: Arc<Sources>,
}

impl Image {
    /// At most `limit` tasks live at once, blocks included.
    pub fn limit_tasks(&mut self, limit: usize) {
        self.max_tasks = limit;
        self.scope = Scope::root(limit);
        self.blocks = Some(self.scope.limited(limit));
    }
}
