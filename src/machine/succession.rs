//! Machines that run functions of the prelude: parts of a call, and what goes on in a world whose machine has ended.

use super::Image;
use super::Machine;
use crate::value::Value;
use crate::world::Environment;
use crate::world::World;
use std::sync::Arc;

impl Machine {
    /// A machine that will run the prelude's function of the builtin `name`.
    pub(super) fn of_prelude<const N: usize>(
        image: &Arc<Image>,
        world: triomphe::Arc<World>,
        env: Environment,
        name: &str,
        args: [Value; N],
    ) -> Machine {
        let chunk = image.registry.any(name).and_then(|id| image.program.prelude[id]);
        let chunk = chunk.expect("the builtin goes on in the prelude");
        let mut machine = Machine::start(image.clone(), world, env, chunk);
        for (slot, value) in machine.stack[1..].iter_mut().zip(args) {
            *slot = value;
        }
        machine
    }

    /// A machine for the world and the names that this one has left at its end. It will give the next element of
    /// `source`, a stream or a channel, as `Some`, or `None`; what it starts belongs to what this one has started.
    pub fn to_pull(&mut self, source: &Value) -> Machine {
        let (world, env) = (self.state.world.clone(), self.state.env.clone());
        let args = [source.clone()];
        let mut machine = Machine::of_prelude(&self.image, world, env, "Stream.first", args);
        machine.planned = None;
        machine.belongs_to(&self.scope());
        machine.draw_on(self.state.budget.share());
        machine
    }
}
